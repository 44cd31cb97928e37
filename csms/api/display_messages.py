"""/stations/{id}/display-messages: what a station shows, or showed. Commands set and clear it."""

from fastapi import Request, Response

from csms.api.ports import ApiParts
from csms.api.roles import READER
from csms.api.stations import known_station
from csms.domain.display_messages import DisplayMessageState
from csms.rules.display_rows import DisplayMessageRow
from runtime.paging import PageWanted, list_response, part_of
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View


class DisplayMessageView(View, frozen=True, kw_only=True):
    """A message on a display. `shown_while` is the state of the station in which it is shown, null in any;
    `reason` is why it is gone. `asked_by` is null where only a report told of it.
    """

    message_id: int
    text: str
    format: str
    language: str | None
    priority: str
    shown_while: str | None
    starts_at: InstantText | None
    ends_at: InstantText | None
    transaction_id: str | None
    state: DisplayMessageState
    reason: str | None
    asked_by: str | None
    moved_at: InstantText


def build_display_messages_router(parts: ApiParts) -> ApiRouter:
    """The route of messages on displays."""
    router = ApiRouter()

    @router.get(
        "/stations/{station_id}/display-messages",
        dependencies=[READER],
        response_model=list[DisplayMessageView],
    )
    async def display_messages(request: Request, station_id: str, page: PageWanted) -> Response:
        """What a station holds for its display, as far as it said so, and what is gone; by number."""
        known = await known_station(parts, station_id)
        found = await parts.records.display_messages(known)
        listed = part_of(found, _message_key, page)
        return list_response(request, listed.shown_as(display_message_view))

    return router


def _message_key(row: DisplayMessageRow) -> str:
    return f"{row.message.message_id:020}"


def display_message_view(row: DisplayMessageRow) -> DisplayMessageView:
    """A message."""
    message = row.message
    return DisplayMessageView(
        message_id=message.message_id,
        text=message.text,
        format=message.format,
        language=message.language,
        priority=message.priority,
        shown_while=message.state,
        starts_at=instant_text(message.starts_at) if message.starts_at is not None else None,
        ends_at=instant_text(message.ends_at) if message.ends_at is not None else None,
        transaction_id=message.transaction_id,
        state=row.state,
        reason=row.reason,
        asked_by=row.asked_by,
        moved_at=instant_text(row.moved_at),
    )
