"""/stations/{id}/commands/…: what to ask of a station, in words that suit every OCPP version."""

from typing import Any

from fastapi import APIRouter

from csms.api import bodies
from csms.api.calls import outcome_json
from csms.api.needs import ApiParts
from csms.api.roles import ANYONE, Installer, Manager
from csms.api.stations import known_station
from csms.domain.commands import (
    ChangeAvailability,
    ClearCache,
    Command,
    GetBaseReport,
    GetLocalListVersion,
    GetVariables,
    Outcome,
    RemoteStart,
    RemoteStop,
    Reset,
    SendLocalList,
    SetVariables,
    TransferData,
    TriggerMessage,
    UnlockConnector,
)
from ocppj.vocabulary import (
    Availability,
    IdToken,
    LocalListUpdate,
    StationId,
    TriggeredMessage,
)
from runtime.http import Principal, Problem

GREATEST_ID = 2**31 - 1  # integers of OCPP are 32 bits wide

EXAMPLES: dict[str, Command] = {
    "reset": Reset(),
    "change-availability": ChangeAvailability(Availability.OPERATIVE),
    "unlock-connector": UnlockConnector(1),
    "trigger-message": TriggerMessage(TriggeredMessage.HEARTBEAT),
    "get-variables": GetVariables(),
    "set-variables": SetVariables(()),
    "get-base-report": GetBaseReport(1),
    "remote-start": RemoteStart(IdToken("x"), 1),
    "remote-stop": RemoteStop("1"),
    "send-local-list": SendLocalList(1, LocalListUpdate.FULL),
    "get-local-list-version": GetLocalListVersion(),
    "clear-cache": ClearCache(),
    "data-transfer": TransferData("x"),
}
"""One command of each kind, to ask whether a station has it."""


def offered_commands(parts: ApiParts, station_id: StationId) -> list[dict[str, Any]]:
    """Every command, and why this station cannot be asked it; None where it can."""
    is_online = parts.commands.link(station_id) is not None
    return [
        {
            "command": name,
            "is_supported": (reason := parts.commands.unsupported_reason(station_id, example)) is None,
            "reason": reason if reason is not None or is_online else "the station is not connected",
        }
        for name, example in EXAMPLES.items()
    ]


async def ask(
    parts: ApiParts, station_id: str, command: Command, who: Principal, timeout_s: float
) -> dict[str, Any]:
    """Send a command and tell how it ended. Raises Problem 404, and 409 where the version lacks it."""
    known = await known_station(parts, station_id)
    reason = parts.commands.unsupported_reason(known, command)
    if reason is None:
        outcome = await parts.commands.send(known, command, timeout_s=timeout_s, origin=f"api:{who.name}")
        if outcome.outcome is not Outcome.UNSUPPORTED:
            return outcome_json(outcome)
        reason = outcome.error_description or "the station's OCPP version has no such command"
    way_out = "Any action of the station's own version can be sent with POST /api/v1/stations/{id}/calls."
    raise Problem(409, "command_unsupported", f"{known} cannot be asked that: {reason}", way_out)


def build_commands_router(parts: ApiParts) -> APIRouter:
    """One route per command; each waits for the station's answer."""
    router = APIRouter(prefix="/stations/{station_id}/commands")
    _add_operation(router, parts)
    _add_variables(router, parts)
    _add_charging(router, parts)
    _add_lists(router, parts)
    return router


def _add_operation(router: APIRouter, parts: ApiParts) -> None:
    @router.get("", dependencies=[ANYONE])
    async def commands(station_id: str) -> list[dict[str, Any]]:
        """The commands, and why this station cannot be asked some of them."""
        return offered_commands(parts, await known_station(parts, station_id))

    @router.post("/reset")
    async def reset(station_id: str, body: bodies.ResetBody, who: Manager) -> dict[str, Any]:
        """Restart a station: when idle, or at once."""
        return await ask(parts, station_id, body.command(), who, body.timeout_s)

    @router.post("/change-availability")
    async def availability(station_id: str, body: bodies.AvailabilityBody, who: Manager) -> dict[str, Any]:
        """Make a station, an EVSE or a connector operative or inoperative."""
        return await ask(parts, station_id, body.command(), who, body.timeout_s)

    @router.post("/unlock-connector")
    async def unlock(station_id: str, body: bodies.UnlockBody, who: Manager) -> dict[str, Any]:
        """Release a cable."""
        return await ask(parts, station_id, body.command(), who, body.timeout_s)

    @router.post("/trigger-message")
    async def trigger(station_id: str, body: bodies.TriggerBody, who: Installer) -> dict[str, Any]:
        """Ask a station for a message now; installers too."""
        return await ask(parts, station_id, body.command(), who, body.timeout_s)

    @router.post("/data-transfer")
    async def transfer(station_id: str, body: bodies.DataTransferBody, who: Manager) -> dict[str, Any]:
        """Send a vendor's own message."""
        return await ask(parts, station_id, body.command(), who, body.timeout_s)


def _add_variables(router: APIRouter, parts: ApiParts) -> None:
    @router.post("/get-variables")
    async def get_variables(station_id: str, body: bodies.GetVariablesBody, who: Manager) -> dict[str, Any]:
        """Read variables; of a 1.6 station configuration keys, all of them where none is named."""
        refs = tuple(each.ref() for each in body.variables)
        return await ask(parts, station_id, GetVariables(refs), who, body.timeout_s)

    @router.post("/set-variables")
    async def set_variables(station_id: str, body: bodies.SetVariablesBody, who: Manager) -> dict[str, Any]:
        """Set variables, in order; of a 1.6 station configuration keys."""
        assignments = tuple(each.assignment() for each in body.variables)
        return await ask(parts, station_id, SetVariables(assignments), who, body.timeout_s)

    @router.post("/get-base-report")
    async def report(station_id: str, body: bodies.ReportBody, who: Manager) -> dict[str, Any]:
        """Ask a 2.x station for its full inventory; it arrives as `variables.reported` events."""
        command = GetBaseReport(_or_made_up(parts, body.request_id))
        return await ask(parts, station_id, command, who, body.timeout_s)


def _add_charging(router: APIRouter, parts: ApiParts) -> None:
    @router.post("/remote-start")
    async def start(station_id: str, body: bodies.StartBody, who: Installer) -> dict[str, Any]:
        """Start a transaction for an id token; installers too, to try a station out."""
        id_token = IdToken(body.id_token, body.id_token_type)
        command = RemoteStart(id_token, _or_made_up(parts, body.remote_start_id), body.evse_id)
        return await ask(parts, station_id, command, who, body.timeout_s)

    @router.post("/remote-stop")
    async def stop(station_id: str, body: bodies.StopBody, who: Installer) -> dict[str, Any]:
        """End a transaction; installers too, to try a station out."""
        return await ask(parts, station_id, RemoteStop(body.transaction_id), who, body.timeout_s)


def _add_lists(router: APIRouter, parts: ApiParts) -> None:
    @router.post("/send-local-list")
    async def send_list(station_id: str, body: bodies.LocalListBody, who: Manager) -> dict[str, Any]:
        """Replace or change a station's local list."""
        entries = tuple(each.entry() for each in body.entries)
        command = SendLocalList(body.version, body.update, entries)
        return await ask(parts, station_id, command, who, body.timeout_s)

    @router.post("/get-local-list-version")
    async def list_version(station_id: str, body: bodies.Body, who: Manager) -> dict[str, Any]:
        """Ask which version of the local list a station has."""
        return await ask(parts, station_id, GetLocalListVersion(), who, body.timeout_s)

    @router.post("/clear-cache")
    async def clear(station_id: str, body: bodies.Body, who: Manager) -> dict[str, Any]:
        """Empty a station's authorization cache."""
        return await ask(parts, station_id, ClearCache(), who, body.timeout_s)


def _or_made_up(parts: ApiParts, number: int | None) -> int:
    return number if number is not None else parts.chance.integer(1, GREATEST_ID)
