"""/reservations: an EVSE kept free for a driver until a time, and what became of it."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from pydantic import Field, create_model

from access.actions import Permission, may_wherever, scope_of
from csms.api.bodies import BODIES
from csms.api.commands import request_command
from csms.api.ports import ApiParts
from csms.api.roles import Lister, Reader, Tester, TesterAnywhere, shown
from csms.api.stations import resolved
from csms.api.transaction_views import IdTokenAnswer, id_token_view
from csms.api.transactions import may_not_request
from csms.domain.reservations import ReservationState, ReservationsWanted
from csms.rules.rows import ReservationRow
from ocppj.model.reservations import CancelReservation, ReserveNow
from runtime.http import Problem
from runtime.paging import PageWanted, cut, list_response, moment_text
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View
from runtime.wording import Phrase, WayOut

SEE_THEM = WayOut(
    "Voyez celles qui existent.",
    "Look at those that exist.",
    command="ctl reservations",
    route="GET /api/v1/reservations",
)


class ReservationView(View, frozen=True, kw_only=True):
    """A reservation. `reason` is why it is over or was refused, where somebody said so."""

    number: int
    station_id: str
    evse_id: int | None
    connector_type: str | None
    id_token: IdTokenAnswer
    group_id_token: IdTokenAnswer | None
    expires_at: InstantText
    state: ReservationState
    is_open: bool
    reason: str | None
    asked_by: str
    asked_at: InstantText
    moved_at: InstantText
    command_id: str
    transaction_id: str | None
    transaction_no: int | None


_STATION: Any = (Annotated[str, Field(min_length=1, description="The station.")], ...)
ReservationBody: Any = create_model("ReservationBody", __base__=BODIES[ReserveNow.name], station=_STATION)
ReservationBody.made_of, ReservationBody.arguments = ReserveNow, BODIES[ReserveNow.name].arguments


def build_reservations_router(parts: ApiParts) -> ApiRouter:
    """The routes of reservations."""
    router = ApiRouter()

    @router.get("/reservations", response_model=list[ReservationView])
    async def reservations(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        state: ReservationState | None = None,
        id_token: str | None = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
    ) -> Response:
        """Reservations, latest first; of one station, in one state, of one id token, open or over."""
        if id_token is not None and not may_wherever(who, Permission.READ_ID_TOKENS):
            raise may_not_request(who)
        known = resolved(parts, station) if station is not None else None
        wanted = ReservationsWanted(
            known, state, id_token, is_open=is_open, scope=scope_of(who, Permission.READ)
        )
        found = await parts.records.reservations(wanted, page.limit + 1, page.moment)
        listed = cut(found, lambda each: moment_text(each.asked_at, each.command_id), page, None)
        return list_response(request, listed.shown_as(lambda each: shown(who, reservation_view(each))))

    async def reserve(body: Any, who: TesterAnywhere) -> ReservationView:
        """Ask a station to keep an EVSE, or any, free for an id token and its group; its answer is the state.

        `reservation_id` only to change one that it holds: the number comes from the server.
        """
        outcome = await request_command(parts, body.station, body, who)
        await parts.records.settled()
        known = resolved(parts, body.station)
        found = await parts.records.reservations(ReservationsWanted(known), limit=100)
        one = next(each for each in found if each.command_id == outcome.command_id)
        return shown(who, reservation_view(one))

    reserve.__annotations__["body"] = ReservationBody
    router.add_api_route(
        "/reservations", reserve, methods=["POST"], status_code=201, response_model=ReservationView
    )

    @router.get("/reservations/{number}", response_model=ReservationView)
    async def reservation(number: int, who: Reader) -> ReservationView:
        """One reservation; of one that was asked for again under its number the last."""
        return shown(who, reservation_view(await _one(parts, number)))

    @router.delete("/reservations/{number}", response_model=ReservationView)
    async def cancel(number: int, who: Tester) -> ReservationView:
        """Ask the station to give it up; what it answers is the state."""
        one = await _one(parts, number)
        if not one.is_open:
            raise _over(one)
        body = BODIES[CancelReservation.name].model_validate({"reservation_id": number})
        await request_command(parts, one.station_id, body, who)
        await parts.records.settled()
        return shown(who, reservation_view(await _one(parts, number)))

    return router


async def _one(parts: ApiParts, number: int) -> ReservationRow:
    found = await parts.records.reservations(ReservationsWanted(number=number), limit=1)
    if not found:
        raise reservation_unknown(number)
    return found[0]


def reservation_unknown(number: int | str) -> Problem:
    """There is none of this number."""
    text = Phrase(f"Il n'y a pas de réservation {number}", f"There is no reservation {number}")
    return Problem(404, "reservation_unknown", text, SEE_THEM)


def _over(one: ReservationRow) -> Problem:
    text = Phrase(
        f"La réservation {one.number} est terminée : {one.state}",
        f"Reservation {one.number} is over: {one.state}",
    )
    return Problem(409, "reservation_over", text, SEE_THEM)


def reservation_view(record: ReservationRow) -> ReservationView:
    """A reservation."""
    group = record.group_id_token
    return ReservationView(
        number=record.number,
        station_id=record.station_id,
        evse_id=record.evse_id,
        connector_type=record.connector_type,
        id_token=id_token_view(record.id_token),
        group_id_token=id_token_view(group) if group is not None else None,
        expires_at=instant_text(record.expires_at),
        state=record.state,
        is_open=record.is_open,
        reason=record.reason,
        asked_by=record.asked_by,
        asked_at=instant_text(record.asked_at),
        moved_at=instant_text(record.moved_at),
        command_id=record.command_id,
        transaction_id=record.transaction_id,
        transaction_no=record.transaction_no,
    )
