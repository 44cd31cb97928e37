"""What stations told of their security."""

from sqlalchemy import Connection, select

from csms.domain.records import SecurityEventRecord
from csms.rules.rows import SecurityEventRow
from csms.storage.tables import security_events
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_new


def _event_values(row: SecurityEventRow) -> Values:
    at = to_micros(row.at) if row.at is not None else None
    return row.station_id, row.type, row.tech_info, at, to_micros(row.received_at)


write_security_events = insert_new(
    security_events, ("station_id", "type", "tech_info", "at", "received_at"), _event_values
).write


def security_events_of(
    connection: Connection, station_id: StationId, limit: int, before: int | None
) -> list[SecurityEventRecord]:
    """The newest first; those with a smaller number."""
    query = select(security_events).where(security_events.c.station_id == station_id)
    if before is not None:
        query = query.where(security_events.c.event_id < before)
    rows = connection.execute(query.order_by(security_events.c.event_id.desc()).limit(limit))
    return [
        SecurityEventRecord(row.event_id, row.type, row.tech_info, row.at, row.received_at) for row in rows
    ]
