"""Reports whose answer decides nothing, as they came."""

from collections.abc import Iterable

from sqlalchemy import Connection, Select, delete, func, or_, select

from csms.domain.records import KeptMessageRecord, KeptMessagesWanted
from csms.domain.secrets import PERSONAL_FIELDS
from csms.rules.rows import KeptMessageRow
from csms.storage.report_tables import kept_messages
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_new

KEPT_PER_ACTION = 1000
"""Of each station and action; a setting."""
KEPT_BYTES_PER_ACTION = 4 << 20
KEPT_IN_ALL = 500_000
PAGE_BYTES = 2 << 20
"""A page ends with the message that makes it longer."""

Kind = tuple[StationId, str]
"""A station, and an action."""

_COLUMNS = (
    "station_id",
    "action",
    "version",
    "message_id",
    "request_id",
    "seq_no",
    "is_last",
    "at",
    "received_at",
    "payload",
    "payload_bytes",
)


def _values(row: KeptMessageRow) -> Values:
    return (
        row.station_id,
        row.action,
        row.version,
        row.message_id,
        row.request_id,
        row.seq_no,
        row.is_last,
        to_micros(row.at) if row.at is not None else None,
        to_micros(row.received_at),
        row.payload,
        row.payload_bytes,
    )


write_kept_messages = insert_new(kept_messages, _COLUMNS, _values).write


def kept_messages_of(
    connection: Connection,
    station_id: StationId,
    wanted: KeptMessagesWanted,
    limit: int,
    before: int | None,
) -> tuple[list[KeptMessageRecord], bool]:
    """The newest that fit, with a smaller number; and whether there are more."""
    found: list[KeptMessageRecord] = []
    size = 0
    with connection.execute(_query(station_id, wanted, before).limit(limit + 1)) as rows:
        for row in rows:
            if len(found) == limit or size > PAGE_BYTES:
                return found, True
            size += len(row.payload or "")
            found.append(
                KeptMessageRecord(
                    number=row.kept_id,
                    action=row.action,
                    version=row.version,
                    request_id=row.request_id,
                    seq_no=row.seq_no,
                    is_last=row.is_last,
                    at=row.at,
                    received_at=row.received_at,
                    payload=row.payload,
                    payload_bytes=row.payload_bytes,
                )
            )
    return found, False


def _query(
    station_id: StationId, wanted: KeptMessagesWanted, before: int | None
) -> Select[tuple[object, ...]]:
    query = select(kept_messages).where(kept_messages.c.station_id == station_id)
    if wanted.action is not None:
        query = query.where(kept_messages.c.action == wanted.action)
    if wanted.request_id is not None:
        query = query.where(kept_messages.c.request_id == wanted.request_id)
    if before is not None:
        query = query.where(kept_messages.c.kept_id < before)
    return query.order_by(kept_messages.c.kept_id.desc())


def remove_personal_messages(connection: Connection, station_id: StationId) -> None:
    """What a station told of customers is gone."""
    personal = kept_messages.c.action.in_(PERSONAL_FIELDS)
    connection.execute(delete(kept_messages).where(kept_messages.c.station_id == station_id, personal))


def prune_kept_messages_of(
    connection: Connection,
    kinds: Iterable[Kind],
    kept: int = KEPT_PER_ACTION,
    most_bytes: int = KEPT_BYTES_PER_ACTION,
) -> None:
    """The newest of each of these stations and actions stay: so many, and of so many bytes together."""
    for station_id, action in kinds:
        newest = kept_messages.c.kept_id.desc()
        each = (
            select(
                kept_messages.c.kept_id,
                func.row_number().over(order_by=newest).label("number"),
                func.sum(kept_messages.c.payload_bytes).over(order_by=newest).label("total"),
            )
            .where(kept_messages.c.station_id == station_id, kept_messages.c.action == action)
            .subquery()
        )
        beyond = select(each.c.kept_id).where(or_(each.c.number > kept, each.c.total > most_bytes))
        connection.execute(delete(kept_messages).where(kept_messages.c.kept_id.in_(beyond)))


def prune_kept_messages(connection: Connection, kept: int = KEPT_IN_ALL) -> None:
    """The newest of all stations together stay."""
    last = select(func.max(kept_messages.c.kept_id)).scalar_subquery()
    connection.execute(delete(kept_messages).where(kept_messages.c.kept_id <= last - kept))
