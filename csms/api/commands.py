"""/stations/{id}/commands/…: what to ask of a station, in words that suit every OCPP version."""

from typing import Any

from fastapi import APIRouter

from csms.api import bodies
from csms.api.calls import assert_fit, outcome_json
from csms.api.needs import ApiParts
from csms.api.roles import ANYONE, Installer, Manager
from csms.api.stations import known_station
from csms.domain.commands import (
    ChangeAvailability,
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
    VariableAssignment,
)
from ocppj.model.authorization import ClearCache
from ocppj.vocabulary import (
    Availability,
    IdToken,
    LocalListUpdate,
    StationId,
    TriggeredMessage,
    VariableRef,
)
from runtime.http import Principal, Problem, Role
from runtime.wording import Phrase, WayOut

GREATEST_ID = 2**31 - 1  # integers of OCPP are 32 bits wide
SOME_VARIABLE = VariableRef("x", "x")

EXAMPLES: dict[str, Command] = {
    "reset": Reset(),
    "change-availability": ChangeAvailability(Availability.OPERATIVE),
    "unlock-connector": UnlockConnector(1),
    "trigger-message": TriggerMessage(TriggeredMessage.HEARTBEAT),
    "get-variables": GetVariables((SOME_VARIABLE,)),  # 2.x reads named variables only
    "set-variables": SetVariables((VariableAssignment(SOME_VARIABLE, "x"),)),
    "get-base-report": GetBaseReport(1),
    "remote-start": RemoteStart(IdToken("x"), 1),
    "remote-stop": RemoteStop("1"),
    "send-local-list": SendLocalList(1, LocalListUpdate.FULL),
    "get-local-list-version": GetLocalListVersion(),
    "clear-cache": ClearCache(),
    "data-transfer": TransferData("x"),
}
"""One command of each kind, to ask whether a station has it."""

BODIES: dict[str, type[bodies.Body]] = {
    "reset": bodies.ResetBody,
    "change-availability": bodies.AvailabilityBody,
    "unlock-connector": bodies.UnlockBody,
    "trigger-message": bodies.TriggerBody,
    "get-variables": bodies.GetVariablesBody,
    "set-variables": bodies.SetVariablesBody,
    "get-base-report": bodies.ReportBody,
    "remote-start": bodies.StartBody,
    "remote-stop": bodies.StopBody,
    "send-local-list": bodies.LocalListBody,
    "get-local-list-version": bodies.ListVersionBody,
    "clear-cache": bodies.ClearCacheBody,
    "data-transfer": bodies.DataTransferBody,
}
INSTALLER_COMMANDS = frozenset({"trigger-message", "remote-start", "remote-stop"})
"""What an installer needs to try a station out; the rest takes a manager."""


def may_command(role: Role, name: str) -> bool:
    """Whether this role may send this command."""
    return role in (Role.ADMIN, Role.MANAGER) or (role is Role.INSTALLER and name in INSTALLER_COMMANDS)


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


async def ask(parts: ApiParts, station_id: str, body: bodies.Body, who: Principal) -> dict[str, Any]:
    """Send a command and tell how it ended. Raises Problem 404, and 409 where the version lacks it."""
    known = await known_station(parts, station_id)
    command = body.command(lambda: parts.chance.integer(1, GREATEST_ID))
    reason = parts.commands.unsupported_reason(known, command)
    if reason is None:
        outcome = await parts.commands.send(
            known,
            command,
            timeout_s=body.timeout_s,
            origin=f"api:{who.name}",
            # 1.6 §4.2, 2.0.1 B02.FR.01, .05: a station that waits may be asked and set, but starts nothing.
            before_accepted=not isinstance(command, RemoteStart | RemoteStop),
        )
        assert_fit(known, outcome)
        if outcome.outcome is not Outcome.UNSUPPORTED:
            return outcome_json(outcome)
        reason = outcome.error_description or "the station's OCPP version has no such command"
    text = Phrase(
        f"On ne peut pas le demander à {known} : {reason}", f"{known} cannot be asked that: {reason}"
    )
    way_out = WayOut(
        "Toute action de la version de la borne peut s'envoyer en appel brut.",
        "Any action of the station's own version can be sent as a raw call.",
        "/stations/{id}",
        "ctl call {id} ACTION",
        "POST /api/v1/stations/{id}/calls",
    )
    raise Problem(409, "command_unsupported", text, way_out.at(known))


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
        return await ask(parts, station_id, body, who)

    @router.post("/change-availability")
    async def availability(station_id: str, body: bodies.AvailabilityBody, who: Manager) -> dict[str, Any]:
        """Make a station, an EVSE or a connector operative or inoperative."""
        return await ask(parts, station_id, body, who)

    @router.post("/unlock-connector")
    async def unlock(station_id: str, body: bodies.UnlockBody, who: Manager) -> dict[str, Any]:
        """Release a cable."""
        return await ask(parts, station_id, body, who)

    @router.post("/trigger-message")
    async def trigger(station_id: str, body: bodies.TriggerBody, who: Installer) -> dict[str, Any]:
        """Ask a station for a message now; installers too."""
        return await ask(parts, station_id, body, who)

    @router.post("/data-transfer")
    async def transfer(station_id: str, body: bodies.DataTransferBody, who: Manager) -> dict[str, Any]:
        """Send a vendor's own message."""
        return await ask(parts, station_id, body, who)


def _add_variables(router: APIRouter, parts: ApiParts) -> None:
    @router.post("/get-variables")
    async def get_variables(station_id: str, body: bodies.GetVariablesBody, who: Manager) -> dict[str, Any]:
        """Read variables; of a 1.6 station configuration keys, all of them where none is named."""
        return await ask(parts, station_id, body, who)

    @router.post("/set-variables")
    async def set_variables(station_id: str, body: bodies.SetVariablesBody, who: Manager) -> dict[str, Any]:
        """Set variables, in order; of a 1.6 station configuration keys."""
        return await ask(parts, station_id, body, who)

    @router.post("/get-base-report")
    async def report(station_id: str, body: bodies.ReportBody, who: Manager) -> dict[str, Any]:
        """Ask a 2.x station for its full inventory; it arrives as `variables.reported` events."""
        return await ask(parts, station_id, body, who)


def _add_charging(router: APIRouter, parts: ApiParts) -> None:
    @router.post("/remote-start")
    async def start(station_id: str, body: bodies.StartBody, who: Installer) -> dict[str, Any]:
        """Start a transaction for an id token; installers too, to try a station out."""
        return await ask(parts, station_id, body, who)

    @router.post("/remote-stop")
    async def stop(station_id: str, body: bodies.StopBody, who: Installer) -> dict[str, Any]:
        """End a transaction; installers too, to try a station out."""
        return await ask(parts, station_id, body, who)


def _add_lists(router: APIRouter, parts: ApiParts) -> None:
    @router.post("/send-local-list")
    async def send_list(station_id: str, body: bodies.LocalListBody, who: Manager) -> dict[str, Any]:
        """Replace or change a station's local list."""
        return await ask(parts, station_id, body, who)

    @router.post("/get-local-list-version")
    async def list_version(station_id: str, body: bodies.ListVersionBody, who: Manager) -> dict[str, Any]:
        """Ask which version of the local list a station has."""
        return await ask(parts, station_id, body, who)

    @router.post("/clear-cache")
    async def clear(station_id: str, body: bodies.ClearCacheBody, who: Manager) -> dict[str, Any]:
        """Empty a station's authorization cache."""
        return await ask(parts, station_id, body, who)
