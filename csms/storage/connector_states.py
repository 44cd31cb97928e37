"""The states that connectors were in."""

from sqlalchemy import Connection, Select, and_, func, or_, select

from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted
from csms.rules.rows import ConnectorStateRow
from csms.storage.history_tables import connector_states
from ocppj.vocabulary import ConnectorStatus
from runtime.database import UtcDateTime, to_micros
from runtime.database.statements import Values, insert_new

_WRITTEN = (
    "station_id",
    "evse_id",
    "connector_id",
    "status",
    "reported",
    "error_code",
    "info",
    "vendor_error_code",
    "at",
    "received_at",
)


def _values(row: ConnectorStateRow) -> Values:
    record = row.record
    return (
        record.station_id,
        record.evse_id,
        record.connector_id,
        record.status.value,
        record.reported,
        record.error_code,
        record.info,
        record.vendor_error_code,
        to_micros(record.at) if record.at is not None else None,
        to_micros(row.received_at),
    )


write_connector_states = insert_new(connector_states, _WRITTEN, _values).write


def connector_states_of(
    connection: Connection, wanted: ConnectorStatesWanted, limit: int, before: int | None
) -> list[ConnectorStateRecord]:
    """Those that fit, newest first; those with a smaller number."""
    lasting = _lasting(wanted).subquery()
    query = select(lasting)
    if before is not None:
        query = query.where(lasting.c.number < before)
    if wanted.since is not None:
        query = query.where(or_(lasting.c.until.is_(None), lasting.c.until > wanted.since))
    if wanted.until is not None:
        query = query.where(lasting.c.received_at < wanted.until)
    rows = connection.execute(query.order_by(lasting.c.number.desc()).limit(limit))
    return [
        ConnectorStateRecord(
            number=row.number,
            evse_id=row.evse_id,
            connector_id=row.connector_id,
            status=ConnectorStatus(row.status),
            reported=row.reported,
            error_code=row.error_code,
            info=row.info,
            vendor_error_code=row.vendor_error_code,
            at=row.at,
            received_at=row.received_at,
            until=row.until,
        )
        for row in rows
    ]


def _lasting(wanted: ConnectorStatesWanted) -> Select[tuple[object, ...]]:
    """Each state of these connectors with when the next one was told: all of them, a station has so few."""
    table = connector_states.c
    following = func.lead(table.received_at, type_=UtcDateTime()).over(
        partition_by=(table.evse_id, table.connector_id), order_by=table.number
    )
    conditions = [table.station_id == wanted.station_id]
    if wanted.evse_id is not None:
        conditions.append(table.evse_id == wanted.evse_id)
    if wanted.connector_id is not None:
        conditions.append(table.connector_id == wanted.connector_id)
    return select(connector_states, following.label("until")).where(and_(*conditions))
