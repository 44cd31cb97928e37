"""Messages on displays: what each station holds, and what it held."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, Row, delete, func, select, update

from csms.domain.display_messages import DisplayMessageState
from csms.rules.display_rows import DisplayMessageRow, DisplayReportWantedRow
from csms.storage.display_tables import display_messages
from ocppj.model.display import DisplayMessage
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

DISPLAY_MESSAGES_KEPT = 200
"""Of each station."""
_table = display_messages.c
_COLUMNS = (
    "station_id",
    "message_id",
    "text",
    "format",
    "language",
    "priority",
    "shown_while",
    "starts_at",
    "ends_at",
    "transaction_id",
    "state",
    "reason",
    "asked_by",
    "moved_at",
    "awaited_by",
)


def _values(row: DisplayMessageRow) -> Values:
    message = row.message
    return (
        row.station_id,
        message.message_id,
        message.text,
        message.format,
        message.language,
        message.priority,
        message.state,
        to_micros(message.starts_at) if message.starts_at is not None else None,
        to_micros(message.ends_at) if message.ends_at is not None else None,
        message.transaction_id,
        row.state.value,
        row.reason,
        row.asked_by,
        to_micros(row.moved_at),
        row.awaited_by,
    )


write_display_messages = insert_or_update(display_messages, _COLUMNS, _values, updated=_COLUMNS[2:]).write


def await_display_reports(connection: Connection, rows: Sequence[DisplayReportWantedRow]) -> None:
    """What these stations may hold now is to be named by their reports."""
    for row in rows:
        there = update(display_messages).where(
            _table.station_id == row.station_id, _table.state != DisplayMessageState.GONE.value
        )
        connection.execute(there.values(awaited_by=row.request_id))


def load_display_messages(
    connection: Connection, station_ids: Collection[StationId]
) -> list[DisplayMessageRow]:
    """All of these stations."""
    query = select(display_messages).where(_table.station_id.in_(list(station_ids)))
    return [_row(each) for each in connection.execute(query)]


def display_messages_of(connection: Connection, station_id: StationId) -> list[DisplayMessageRow]:
    """Of one station, those that it holds first, then the latest."""
    query = select(display_messages).where(_table.station_id == station_id)
    is_gone = _table.state == DisplayMessageState.GONE.value
    ordered = query.order_by(is_gone, _table.moved_at.desc(), _table.message_id)
    return [_row(each) for each in connection.execute(ordered)]


def prune_display_messages(
    connection: Connection, station_ids: Iterable[StationId], kept: int = DISPLAY_MESSAGES_KEPT
) -> None:
    """Those that moved last stay."""
    for station_id in station_ids:
        newest = func.row_number().over(order_by=(_table.moved_at.desc(), _table.message_id))
        each = (
            select(_table.message_id, newest.label("place")).where(_table.station_id == station_id).subquery()
        )
        beyond = select(each.c.message_id).where(each.c.place > kept)
        connection.execute(
            delete(display_messages).where(_table.station_id == station_id, _table.message_id.in_(beyond))
        )


def _row(found: Row[tuple[object, ...]]) -> DisplayMessageRow:
    v = found._mapping  # noqa: SLF001 - SQLAlchemy's own name
    message = DisplayMessage(
        message_id=v["message_id"],
        text=v["text"],
        format=v["format"],
        language=v["language"],
        priority=v["priority"],
        state=v["shown_while"],
        starts_at=v["starts_at"],
        ends_at=v["ends_at"],
        transaction_id=v["transaction_id"],
    )
    return DisplayMessageRow(
        station_id=v["station_id"],
        message=message,
        state=DisplayMessageState(v["state"]),
        reason=v["reason"],
        asked_by=v["asked_by"],
        moved_at=v["moved_at"],
        awaited_by=v["awaited_by"],
    )
