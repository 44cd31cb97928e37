"""/stations/{id}/calls: any action of the station's version, as it goes over the wire."""

from typing import Any

from fastapi import Response
from pydantic import Field

from access.principals import Principal
from csms.api.lease_rules import assert_may_command
from csms.api.outcome_views import OutcomeAnswer, outcome_view
from csms.api.ports import ApiParts
from csms.api.roles import Operator
from csms.api.stations import known_station
from csms.domain.commands import CommandOutcome, Outcome
from ocppj.actions import Sender, actions_of
from ocppj.errors import MisuseError
from ocppj.vocabulary import StationId
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase, WayOut

LONGEST_TIMEOUT_S = 600.0
LET_IT_BE_MADE = WayOut(
    "Donnez 16 à 40 caractères (en 1.6, 32 à 40 chiffres hexadécimaux), ou laissez le serveur en faire un.",
    "Give 16 to 40 characters (1.6: 32 to 40 hexadecimal digits), or let the server make one.",
    command="""ctl post /stations/{id}/activation '{"steps": ["credential"]}'""",
    route="POST /api/v1/stations/{id}/activation",
)


class CallBody(Body):
    """A CALL to send."""

    action: str = Field(min_length=1, max_length=100)
    payload: dict[str, Any] = Field(default_factory=dict)
    timeout_s: float = Field(default=30.0, gt=0, le=LONGEST_TIMEOUT_S, allow_inf_nan=False)


def build_calls_router(parts: ApiParts) -> ApiRouter:
    """The raw call."""
    router = ApiRouter()

    @router.post("/stations/{station_id}/calls")
    async def call(station_id: str, body: CallBody, who: Operator) -> Response:
        """Send any CALL of the station's version, checked against its schema, and wait for the answer."""
        return json_response(await raw_call(parts, station_id, body, who))

    return router


async def callable_actions(parts: ApiParts, station_id: StationId) -> list[str]:
    """The actions that a raw call can ask for, in the version that the station speaks; none while offline."""
    link = await parts.presence.link(station_id)
    if link is None:
        return []
    return [each.name for each in actions_of(link.version).values() if each.sender is not Sender.STATION]


async def raw_call(parts: ApiParts, station_id: str, body: CallBody, who: Principal) -> OutcomeAnswer:
    """Send a CALL and tell how it ended. Raises Problem 404, 409 where somebody else
    has the station, and 422 where it breaks its schema."""
    known = await known_station(parts, station_id)
    await assert_may_command(parts, known, who.name)
    try:
        outcome = await parts.commands.call(
            known, body.action, body.payload, timeout_s=body.timeout_s, origin=f"api:{who.name}"
        )
    except MisuseError as error:
        text = Phrase(f"{body.action} n'a pas été envoyé : {error}", f"{body.action} was not sent: {error}")
        way_out = WayOut(
            "Corrigez-le : les schémas de chaque version d'OCPP disent les actions et les champs qu'il y a.",
            "Correct it: the schemas of each OCPP version tell which actions and fields there are.",
        )
        raise Problem(422, "call_invalid", text, way_out) from error
    assert_fit(known, outcome)
    return outcome_view(outcome)


def assert_fit(station_id: StationId, outcome: CommandOutcome) -> None:
    """Raises Problem 409 for a call that would have given the station a password it must not have."""
    if outcome.outcome is Outcome.UNFIT:
        why = outcome.error_description
        text = Phrase(f"Rien n'a été envoyé : {why}", f"It was not sent: {why}")
        raise Problem(409, "password_unfit", text, LET_IT_BE_MADE.at(station_id))
