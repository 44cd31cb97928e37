"""/stations/{id}/lifecycle, activation, suspension and assignment."""

from typing import Any

from fastapi import APIRouter

from provisioning.activation.runs import StepName, run_json
from provisioning.api.bodies import ActivationBody, SuspensionBody
from provisioning.api.orders import ANYONE, InstallerRole, Manager, known_station
from provisioning.api.problems import ProvisioningRoute
from provisioning.app import Provisioning


def build_stations_router(provisioning: Provisioning) -> APIRouter:
    """The routes of one station's way to active."""
    router = APIRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}")
    _add_lifecycle(router, provisioning)
    _add_activation(router, provisioning)
    return router


def _add_lifecycle(router: APIRouter, provisioning: Provisioning) -> None:
    operation, localization = provisioning.office.operation, provisioning.office.localization
    details = provisioning.details.details

    @router.get("/lifecycle", dependencies=[ANYONE])
    async def lifecycle(station_id: str) -> dict[str, Any]:
        """How far a station is, what blocks it, who clears that, and how it came here."""
        known = known_station(provisioning, station_id)
        history = await operation.history(known)
        return {"station_id": known, **details(known), "history": history}

    @router.post("/suspend")
    async def suspend(station_id: str, body: SuspensionBody, who: Manager) -> dict[str, Any]:
        """Take an active station out of service: inoperative, tokens blocked, telemetry goes on."""
        known = known_station(provisioning, station_id)
        await operation.suspend(known, body.reason, who.name)
        return {"station_id": known, **details(known)}

    @router.post("/resume")
    async def resume(station_id: str, who: Manager) -> dict[str, Any]:
        """Put a suspended station back into service."""
        known = known_station(provisioning, station_id)
        await operation.resume(known, who.name)
        return {"station_id": known, **details(known)}

    @router.delete("/assignment")
    async def take_away(station_id: str, who: InstallerRole) -> dict[str, Any]:
        """Take a station away from its place; another can then be claimed there."""
        known = known_station(provisioning, station_id)
        was_there = await localization.take_away(known, who.name)
        return {"station_id": known, "was_assigned": was_there, **details(known)}


def _add_activation(router: APIRouter, provisioning: Provisioning) -> None:
    operation, directory = provisioning.office.operation, provisioning.directory

    @router.get("/activation", dependencies=[ANYONE])
    async def activation(station_id: str) -> dict[str, Any]:
        """The last activation, step by step: what was sent, answered and read back."""
        known = known_station(provisioning, station_id)
        return {"station_id": known, "run": run_json(directory.runs.get(known))}

    @router.post("/activation", status_code=202)
    async def activate(station_id: str, who: Manager, body: ActivationBody | None = None) -> dict[str, Any]:
        """Ask for the activation, or for some of its steps again; it goes on by itself."""
        known = known_station(provisioning, station_id)
        names = tuple(body.steps) if body is not None else ()
        run = await operation.activate(known, who.name, names or tuple(StepName))
        return {"station_id": known, "run": run_json(run)}
