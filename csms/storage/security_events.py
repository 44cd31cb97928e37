"""What stations told of their security, read back."""

from sqlalchemy import Connection, select

from csms.domain.records import SecurityEventRecord
from csms.storage.tables import security_events
from ocppj.vocabulary import StationId


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
