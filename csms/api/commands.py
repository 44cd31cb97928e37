"""/stations/{id}/commands/…: what to ask of a station, in words that suit every OCPP version.

One route for each command of the model: its body is made of its arguments (`csms.api.bodies`), who may send
it stands in the table of `csms.rules.command_rules`.
"""

from typing import Any

from fastapi import Response

from access.actions import Permission
from access.principals import Principal
from csms.api.bodies import BODIES, CommandBody
from csms.api.calls import assert_fit
from csms.api.lease_rules import assert_may_command
from csms.api.outcome_views import OfferedCommandAnswer, OutcomeAnswer, outcome_view
from csms.api.ports import ApiParts
from csms.api.roles import READER, Operator, Tester
from csms.api.stations import known_station, may_request
from csms.domain.commands import Outcome
from csms.domain.reservations import ReservationsWanted
from csms.rules.command_rules import COMMAND_RULES, rule_of
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import GREATEST_NUMBER, Command
from ocppj.vocabulary import StationId
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

_WHO: dict[Permission, Any] = {Permission.OPERATE: Operator, Permission.TRY_OUT: Tester}
LEAVE_IT_AWAY = WayOut(
    "Enlevez le numéro de votre demande, ou prenez celui d'une réservation qui existe.",
    "Leave the number away, or take that of a reservation that exists.",
    command="ctl reservations",
    route="GET /api/v1/reservations",
)
_INSTALLERS_TOO = "installers too, to try a station out"


async def offered_commands(parts: ApiParts, station_id: StationId) -> list[OfferedCommandAnswer]:
    """Every command, and why this station cannot be asked it; None where it can."""
    link = await parts.presence.link(station_id)
    found = []
    for name, command in COMMANDS.items():
        reason = command.lacking_reason(link.version) if link is not None else "the station is not connected"
        is_supported = link is None or reason is None
        found.append(OfferedCommandAnswer(command=name, is_supported=is_supported, reason=reason))
    return found


async def request_command(
    parts: ApiParts, station_id: str, body: CommandBody, who: Principal
) -> OutcomeAnswer:
    """Send a command and tell how it ended. Raises Problem 403, 404, and 409 where
    the version lacks it, or somebody else has the station."""
    may_request(parts, station_id, who, COMMAND_RULES[body.made_of].action)
    known = await known_station(parts, station_id)
    await assert_may_command(parts, known, who.name)
    command = await _numbered(parts, known, body)
    reason = parts.commands.unsupported_reason(known, command)
    if reason is None:
        outcome = await parts.commands.send(
            known,
            command,
            timeout_s=body.timeout_s,
            origin=f"api:{who.name}",
            before_accepted=not COMMAND_RULES[type(command)].starts_something,
        )
        assert_fit(known, outcome)
        if outcome.outcome is not Outcome.UNSUPPORTED:
            return outcome_view(outcome)
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


async def _is_of_station(parts: ApiParts, station_id: StationId, number: int) -> bool:
    """Whether the number was given out for this station: another's would be hidden by it."""
    wanted = ReservationsWanted(station_id=station_id, number=number)
    return bool(await parts.records.reservations(wanted, 1))


async def _numbered(parts: ApiParts, station_id: StationId, body: CommandBody) -> Command:
    """The command; what was left out and is counted gets the counter's next number, anything else any."""
    counter = COMMAND_RULES[body.made_of].counter
    if counter is None:
        return body.command(lambda: parts.chance.integer(1, GREATEST_NUMBER))
    number = await parts.records.next_number(counter)
    command = body.command(lambda: number)
    given = getattr(command, f"{counter}_id")
    is_theirs = given == number or await _is_of_station(parts, station_id, given)
    if not is_theirs:
        text = Phrase(
            f"Le numéro {given} n'a pas encore été donné : laissez-le, le serveur en donne un",
            f"Number {given} was not given out yet: leave it away, the server gives one",
        )
        raise Problem(422, "number_not_given", text, LEAVE_IT_AWAY)
    return command


def build_commands_router(parts: ApiParts) -> ApiRouter:
    """One route per command; each waits for the station's answer."""
    router = ApiRouter(prefix="/stations/{station_id}/commands")

    @router.get("", dependencies=[READER])
    async def commands(station_id: str) -> Response:
        """The commands, and why this station cannot be asked some of them."""
        return json_response(await offered_commands(parts, await known_station(parts, station_id)))

    for name in COMMANDS:
        _add_command(router, parts, name)
    return router


def _add_command(router: ApiRouter, parts: ApiParts, name: str) -> None:
    async def send(station_id: str, body: Any, who: Any) -> Response:
        return json_response(await request_command(parts, station_id, body, who))

    send.__annotations__ |= {"body": BODIES[name], "who": _WHO[rule_of(name).action]}
    router.add_api_route(
        f"/{name}", send, methods=["POST"], name=name.replace("-", "_"), description=described(name)
    )


def described(name: str) -> str:
    """What a command does, in a sentence."""
    said = (COMMANDS[name].__doc__ or "").strip().partition("\n")[0]
    if rule_of(name).action is Permission.OPERATE:
        return said
    return f"{said.removesuffix('.')}; {_INSTALLERS_TOO}."
