"""/stations/{id}/lifecycle, activation, suspension, assignment, and what belongs to its order."""

import structlog
from fastapi import Request, Response

from access.actions import Permission
from access.guard import checked, principal
from access.principals import SERVER
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.activation.runs import StepName
from provisioning.api.bodies import ActivationBody, NameBody, PasswordBody, SuspensionBody
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import READER, Claimer, Founder, Operator, Orderer
from provisioning.api.station_views import (
    ClaimCodeAnswer,
    activation_view,
    history_view,
    led_station_view,
    unassigned_view,
)
from provisioning.app import Provisioning
from provisioning.errors import not_led, unknown_station
from runtime.paging import json_response
from runtime.routers import ApiRouter

log = structlog.get_logger(__name__)


def build_stations_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of one station's way to active."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}")
    _add_lifecycle(router, provisioning)
    _add_activation(router, provisioning)
    _add_order(router, provisioning)
    return router


def _add_lifecycle(router: ApiRouter, provisioning: Provisioning) -> None:
    operation, localization = provisioning.use_cases.operation, provisioning.use_cases.localization

    @router.get("/lifecycle", dependencies=[READER])
    async def lifecycle(station_id: str) -> Response:
        """How far a station is, gate by gate, what blocks it, who clears that, and how it came here."""
        known = await known_station(provisioning, station_id)
        gates, past = provisioning.station_cache.checklist(known), await operation.history(known)
        return json_response(history_view(led_station_view(provisioning, known), gates, past))

    @router.post("/suspend")
    async def suspend(station_id: str, body: SuspensionBody, who: Operator) -> Response:
        """Take an active station out of service: inoperative, tokens blocked, telemetry goes on."""
        known = await known_station(provisioning, station_id)
        await operation.suspend(known, body.reason, who.name)
        return json_response(led_station_view(provisioning, known))

    @router.post("/resume")
    async def resume(station_id: str, who: Operator) -> Response:
        """Put a suspended station back into service."""
        known = await known_station(provisioning, station_id)
        await operation.resume(known, who.name)
        return json_response(led_station_view(provisioning, known))

    @router.delete("/boxes")
    async def only_one_box(station_id: str, who: Claimer) -> Response:
        """Say that only one box is left under this id; another one that comes is told of again."""
        known = await seen_station(provisioning, station_id)
        log.info("boxes_forgotten", station_id=known, by=who.name)
        await operation.only_one_box(known, who.name)
        provisioning.observed.only_one(known)
        return json_response(led_station_view(provisioning, known))

    @router.delete("/assignment")
    async def take_away(station_id: str, who: Claimer) -> Response:
        """Take a station away from its place; another can then be claimed there."""
        known = await known_station(provisioning, station_id)
        was_there = await localization.remove_from_place(known, who.name)
        told = led_station_view(provisioning, known)
        return json_response(unassigned_view(told, was_assigned=was_there))


def _add_activation(router: ApiRouter, provisioning: Provisioning) -> None:
    operation, station_cache = provisioning.use_cases.operation, provisioning.station_cache

    @router.get("/activation", dependencies=[READER])
    async def activation(station_id: str) -> Response:
        """The last activation, step by step: what was sent, answered and read back."""
        known = await known_station(provisioning, station_id)
        return json_response(activation_view(known, station_cache.runs.get(known)))

    @router.post("/activation", status_code=202)
    async def activate(station_id: str, who: Operator, body: ActivationBody | None = None) -> Response:
        """Ask for the activation, or for some of its steps again; it goes on by itself."""
        known = await known_station(provisioning, station_id)
        names = tuple(body.steps) if body is not None else ()
        run = await operation.activate(known, who.name, names or tuple(StepName))
        return json_response(activation_view(known, run), status=202)

    @router.put("/credential")
    async def tell_secret(station_id: str, body: PasswordBody, who: Founder) -> Response:
        """Tell the password that a station has already (typed into its menu, a bench); it is never shown.

        The one before stays valid until the station has come with this one.
        """
        known = await seen_station(provisioning, station_id)
        await provisioning.use_cases.passwords.enter(known, body.password.get_secret_value(), who.name)
        return json_response(led_station_view(provisioning, known))

    @router.delete("/credential")
    async def forget_secret(station_id: str, who: Founder) -> Response:
        """Let a station in that lost its secret (reset, new board), as Pending, until it has a new one.

        The old secret stays valid until then, and is demanded again where the station refuses a new one.
        """
        known = await known_station(provisioning, station_id)
        await operation.forget_secret(known, who.name)
        return json_response(led_station_view(provisioning, known))


def _add_order(router: ApiRouter, provisioning: Provisioning) -> None:
    purchasing = provisioning.use_cases.purchasing

    @router.post("/macs", status_code=201)
    async def add_mac(request: Request, station_id: str, body: NameBody, who: Orderer) -> Response:
        """Add a MAC that a station goes by: it connects with another one than its label's."""
        # A name may be that of anybody's station, or become it: names are the server's.
        checked(principal(request), Permission.ORDER, SERVER)
        known = await known_station(provisioning, station_id)
        await purchasing.add_mac(known, body.mac, who.name)
        return json_response(led_station_view(provisioning, known), status=201)

    @router.post("/claim-code", status_code=201)
    async def new_claim_code(station_id: str, who: Founder) -> Response:
        """Make another claim code for a station whose label is lost; it is told this once."""
        known = await known_station(provisioning, station_id)
        code = await purchasing.new_claim_code(known, who.name)
        return json_response(ClaimCodeAnswer(station_id=known, claim_code=code), status=201)

    @router.delete("/order", status_code=204)
    async def cancel(station_id: str, who: Orderer) -> None:
        """Take a station out of its order, for one that was ordered by mistake; it must be at no place."""
        await purchasing.cancel(await known_station(provisioning, station_id), who.name)


async def known_station(provisioning: Provisioning, text: str) -> StationId:
    """The station that `text` names in any spelling, and that is led here. Raises ProvisioningProblem."""
    station_id = await seen_station(provisioning, text)
    if station_id not in provisioning.station_cache.devices:
        raise not_led(station_id)
    return station_id


async def seen_station(provisioning: Provisioning, text: str) -> StationId:
    """The same; or one that connected or was announced, on a bench where nobody ordered anything."""
    try:
        station_id = provisioning.resolver.resolve(text)
    except IdentityRefused as refused:
        raise unknown_station(text, refused.nearest) from refused
    is_known = station_id in provisioning.station_cache.devices
    if not is_known and not await provisioning.has_seen(station_id):
        raise unknown_station(text, provisioning.resolver.near(text))
    return station_id
