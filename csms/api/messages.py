"""/stations/{id}/messages, its live stream, expect; and /events, the news of all stations."""

import json
from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Any, Literal

from fastapi import Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from access.actions import Permission
from access.principals import Principal
from csms.api.expect import Expectation, expect, is_pattern
from csms.api.frames import Kind, Reader
from csms.api.live_events import (
    STREAMS_EACH,
    STREAMS_MOST,
    WAITS_EACH,
    WAITS_MOST,
    Filter,
    LiveEvents,
    is_named,
)
from csms.api.ports import ApiParts
from csms.api.roles import FRAME_READER, FrameReader, Lister
from csms.api.sse import SSE, StreamEvent, sse_response, stream, stream_feed
from csms.api.stations import known_station, may_request, resolved
from csms.central.wire_log import WireFrame
from csms.domain.station_events import EVENTS
from ocppj.message_fields import strange_action, strange_field
from ocppj.vocabulary import StationId
from runtime.bodies import Body
from runtime.http import Problem
from runtime.near import guess
from runtime.open_limit import OpenLimit
from runtime.paging import json_response, row_number
from runtime.routers import ApiRouter
from runtime.views import View
from runtime.wording import Phrase, WayOut

LONGEST_WAIT_S = 600.0
CATCH_UP_LIMIT = 1000
"""Frames sent to a listener that comes back with Last-Event-ID, or asks for those since a number."""
CALLS_BEFORE = 200
"""Frames looked at before a page, for the CALLs that its answers belong to."""
JSON_LINES = "application/x-ndjson"
EXPORT_PAGE, EXPORT_MOST = 200, 200_000
"""Frames read at a time, and in all: a page is sent before the next is read."""
LONGEST_MARKER = 500
STREAMS = Phrase("flux en direct", "live streams")
WAITS = Phrase("demandes qui attendent une trame", "requests that wait for a frame")


class ExpectBody(Body):
    """A frame to wait for."""

    action: str | None = None
    direction: Literal["in", "out"] | None = None
    kind: Kind | None = "call"
    match: Any = None
    since: int | None = Field(default=None, ge=0)
    within_s: float = Field(default=30.0, gt=0, le=LONGEST_WAIT_S, allow_inf_nan=False)


class MarkerBody(Body):
    """What to note."""

    text: str = Field(min_length=1, max_length=LONGEST_MARKER)


class MarkerAnswer(View, frozen=True, kw_only=True):
    """A note beside the frames; `seq` is its place among them."""

    seq: int
    text: str
    by: str


def build_messages_router(parts: ApiParts) -> ApiRouter:
    """The routes of the wire log and the live streams."""
    router = ApiRouter()
    _add_log(router, parts)
    _add_streams(router, parts, OpenLimit(STREAMS, most=STREAMS_MOST, most_each=STREAMS_EACH))
    return router


def _add_log(router: ApiRouter, parts: ApiParts) -> None:
    wire_log = parts.wire_log
    waits = OpenLimit(WAITS, most=WAITS_MOST, most_each=WAITS_EACH)

    @router.get(
        "/stations/{station_id}/messages",
        dependencies=[FRAME_READER],
        response_model=dict[str, Any],
        responses={200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}},
    )
    async def messages(
        station_id: str,
        since: Annotated[int | None, Query(ge=0)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        format: Annotated[Literal["json", "jsonl"] | None, Query()] = None,  # noqa: A002 - what people type
        accept: Annotated[str, Header()] = "",
    ) -> Any:
        """Frames of the wire log, oldest first: the first ones after `since`; without it, the latest ones.

        Fewer than `limit` where they come to more than 2 MiB: go on from `last_seq`.
        `format=jsonl`, or Accept: application/x-ndjson, gives all after `since` (0: from the oldest kept),
        one JSON object a line, for files and `jq`.
        """
        known = await known_station(parts, station_id)
        if format == "jsonl" or (format is None and JSON_LINES in accept):
            return StreamingResponse(exported(parts, known, since or 0), media_type=JSON_LINES)
        frames = await wire_log.since(known, since, limit)
        last = frames[-1].seq if frames else since if since is not None else wire_log.last_seq
        reader = await reader_before(parts, known, frames)
        return {"messages": [reader.read(each) for each in frames], "last_seq": last}

    @router.post("/stations/{station_id}/markers", status_code=201)
    async def mark(station_id: str, body: MarkerBody, who: FrameReader) -> Response:
        """Note something beside a station's frames, at this very moment: what is done to it, or measured."""
        seq = wire_log.mark(await known_station(parts, station_id), body.text, who.name)
        return json_response(MarkerAnswer(seq=seq, text=body.text, by=who.name), status=201)

    @router.post("/stations/{station_id}/expect")
    async def wait_for(station_id: str, body: ExpectBody, who: FrameReader) -> dict[str, Any]:
        """Wait for a frame that fits; the station need not be connected yet. 408 when the time is up."""
        _check_words(body)
        wanted = Expectation(action=body.action, direction=body.direction, kind=body.kind, match=body.match)
        with waits.held_by(who.name):
            return await expect(parts, resolved(parts, station_id), wanted, body.since, body.within_s)


SEE_EVENTS = WayOut(
    "Voyez dans docs/reference/events.md lesquels il y a.",
    "See docs/reference/events.md for those there are.",
)
SPELL_IT = WayOut(
    "Corrigez le mot : les schémas disent ce qu'il y a, docs/reference/scenarios.md les motifs possibles.",
    "Correct the word: the schemas tell which there are, docs/reference/scenarios.md what a pattern can be.",
)


def _check_names(names: Iterable[str]) -> None:
    """A misspelt event would never come. Raises Problem 422."""
    for name in names:
        if not any(is_named(event, (name,)) for event in EVENTS):
            hint = guess(name, EVENTS)
            text = Phrase(
                f"{name} : cet événement n'existe pas; {hint.fr}", f"{name}: there is no such event; {hint}"
            )
            raise Problem(422, "event_unknown", text, SEE_EVENTS)


def _check_words(body: ExpectBody) -> None:
    """A misspelt action or field would be waited for in vain. Raises Problem 422."""
    strange = strange_action(body.action) if body.action is not None else None
    if strange is None and is_pattern(body.match):
        strange = strange_field(body.match, action=body.action, kind=body.kind)
    if strange is not None:
        place = ".".join(str(part) for part in ("match", *strange.path)) if strange.path else "action"
        hint = guess(strange.word, strange.known)
        text = Phrase(
            f"{place} : aucune version d'OCPP n'a {strange.word!r}; {hint.fr}",
            f"{place}: no OCPP version has {strange.what} {strange.word!r}; {hint}",
        )
        raise Problem(422, "expectation_misspelt", text, SPELL_IT)


def _add_streams(router: ApiRouter, parts: ApiParts, open_streams: OpenLimit) -> None:
    live = LiveEvents(parts.bus, parts.clock, parts.owners)

    @router.get("/stations/{station_id}/messages/stream", **SSE)
    async def live_messages(
        who: FrameReader,
        station_id: str,
        since: Annotated[int | None, Query(ge=0)] = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """Frames as they come (SSE, event `frame`), after those since `since` or Last-Event-ID."""
        known = await known_station(parts, station_id)
        open_streams.acquire(who.name)
        frames = frame_stream(parts, known, _from(last_event_id, since))
        return sse_response(frames, lambda: open_streams.release(who.name), parts.clock)

    @router.get("/events", **SSE)
    async def stream_events(
        who: Lister, station: str | None = None, event: Annotated[list[str] | None, Query()] = None
    ) -> StreamingResponse:
        """News of the stations as it happens (SSE); of one station, or of some events (`connector.*`)."""
        if station is not None:
            may_request(parts, station, who, Permission.READ)
        wanted = resolved(parts, station) if station is not None else None
        _check_names(event or ())
        open_streams.acquire(who.name)
        events = event_stream(live, (wanted, tuple(event or ())), who)
        return sse_response(events, lambda: open_streams.release(who.name), parts.clock)


async def reader_before(parts: ApiParts, station_id: StationId, frames: list[WireFrame]) -> Reader:
    """A reader that knows the CALLs before these frames: their answers may be on a later page than they."""
    reader = Reader()
    if frames:
        for frame in await parts.wire_log.before(station_id, frames[0].seq, CALLS_BEFORE):
            reader.read(frame)
    return reader


async def exported(parts: ApiParts, station_id: StationId, since: int) -> AsyncIterator[bytes]:
    """A station's frames, one JSON object a line."""
    frames = await parts.wire_log.since(station_id, since, EXPORT_PAGE)
    reader, sent = await reader_before(parts, station_id, frames), 0
    while frames and sent < EXPORT_MOST:
        for frame in frames:
            yield (
                json.dumps(reader.read(frame), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
            )
        sent += len(frames)
        frames = await parts.wire_log.since(station_id, frames[-1].seq, EXPORT_PAGE)


def _from(last_event_id: str | None, since: int | None) -> int | None:
    """Where a listener wants to go on; browsers send Last-Event-ID when they come back."""
    came_until = row_number((last_event_id or "").strip())
    return came_until if came_until is not None else since


async def frame_stream(parts: ApiParts, station_id: StationId, since: int | None) -> AsyncIterator[bytes]:
    """A station's frames as server-sent events."""
    reader, last_seq = await reader_before(parts, station_id, parts.wire_log.recent(station_id)[:1]), -1

    def shown(frame: WireFrame) -> StreamEvent | None:
        nonlocal last_seq
        if frame.seq <= last_seq:
            return None
        last_seq = frame.seq
        return StreamEvent("frame", reader.read(frame), frame.seq)

    with parts.wire_log.tap(station_id) as live:
        if since is not None:
            for frame in await parts.wire_log.since(station_id, since, CATCH_UP_LIMIT):
                if (event := shown(frame)) is not None:
                    yield event.encode()
        async for part in stream(live, shown, parts.clock):
            yield part


async def event_stream(live: LiveEvents, wanted: Filter, who: Principal) -> AsyncIterator[bytes]:
    """News as server-sent events, as `who` may see them."""
    with live.listen() as listener:
        async for part in stream_feed(listener, live.writer(wanted, who), live.clock):
            yield part
