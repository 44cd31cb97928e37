"""What happened to a station, in one line."""

from typing import Literal

from fastapi import Request, Response

from csms.api.ports import ApiParts
from csms.api.roles import AUDITOR
from csms.api.stations import known_station
from csms.domain.timeline import NUMBERED, TimelineEntry, TimelineKind, TimelinePlace
from runtime.paging import PageWanted, bad_after, cut, list_response, moment_from, moment_text, row_number
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import View

Kind = Literal["boot", "change", "command", "connection", "fault", "quarantine", "review", "transaction"]


class TimelineAnswer(View, frozen=True, kw_only=True):
    """One thing that happened, from `at` to `until` where it lasts (null: it goes on, or is of an instant).

    `what` is a word of its kind, `by` who did it, `result` what it came to, `reason` why; `reference` is the
    id of the command, message or transaction, the firmware of a boot, the address of a connection or the
    maker's code of a fault.
    """

    at: str | None
    until: str | None
    kind: Kind
    what: str
    by: str | None
    result: str | None
    reason: str | None
    reference: str | None
    evse_id: int | None
    connector_id: int | None


def build_timeline_router(parts: ApiParts) -> ApiRouter:
    """The route of a station's past."""
    router = ApiRouter()

    @router.get(
        "/stations/{station_id}/timeline", dependencies=[AUDITOR], response_model=list[TimelineAnswer]
    )
    async def timeline(request: Request, station_id: str, page: PageWanted) -> Response:
        """What happened to a station, newest first: boots, connections, faults, transactions, and what people
        and programs did.

        Each from the history that keeps it, as far back as that goes.
        """
        known = await known_station(parts, station_id)
        after = timeline_place(page.after) if page.after is not None else None
        found = await parts.history.timeline(known, page.limit + 1, after)
        listed = cut(found, timeline_place_text, page, None)
        return list_response(request, listed.shown_as(timeline_view))

    return router


def timeline_view(entry: TimelineEntry) -> TimelineAnswer:
    """One entry, as pages and programs are told it."""
    return TimelineAnswer(
        at=instant_text(entry.at),
        until=instant_text(entry.until),
        kind=entry.kind.value,
        what=entry.what,
        by=entry.by,
        result=entry.result,
        reason=entry.reason,
        reference=entry.reference,
        evse_id=entry.evse_id,
        connector_id=entry.connector_id,
    )


def timeline_place(text: str) -> TimelinePlace:
    """Where the line goes on. Raises Problem 422."""
    at, name = moment_from(text)
    word, _, key = name.partition("-")
    if word not in list(TimelineKind) or not key:
        raise bad_after(text)
    if word not in NUMBERED:
        return TimelinePlace(at, TimelineKind(word), key)
    if (number := row_number(key)) is None:
        raise bad_after(text)
    return TimelinePlace(at, TimelineKind(word), number)


def timeline_place_text(entry: TimelineEntry) -> str:
    """What `timeline_place` reads: behind this entry."""
    return moment_text(entry.at, f"{entry.kind.value}-{entry.key}")
