"""EVSEs and connectors."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorRow, EvseRow
from csms.storage.statements import Values, insert_new, insert_or_update, json_keys
from csms.storage.tables import connectors, evses
from ocppj.vocabulary import ConnectorStatus, StationId
from runtime.database import from_micros, to_micros

_COLUMNS = tuple(column.name for column in connectors.columns)
_SELECTED = ", ".join(f"c.{name}" for name in _COLUMNS)
_OF_STATIONS = (
    f"SELECT {_SELECTED} FROM json_each(?) AS wanted JOIN connectors AS c ON c.station_id = wanted.value"  # noqa: S608
)
_OF_ONE = (
    select(connectors)
    .where(connectors.c.station_id == bindparam("station_id"))
    .order_by(connectors.c.evse_id, connectors.c.connector_id)
)


def _values(row: ConnectorRow) -> Values:
    record = row.record
    return (
        record.station_id,
        record.evse_id,
        record.connector_id,
        record.status.value,
        record.reported,
        to_micros(record.at) if record.at is not None else None,
        record.error_code,
        record.info,
        row.vendor_error_code,
        to_micros(row.received_at),
    )


_write_connectors = insert_or_update(connectors, _COLUMNS, _values).write
_write_known_evses = insert_new(
    evses, ("station_id", "evse_id"), lambda row: (row.record.station_id, row.record.evse_id)
).write


def write_connectors(connection: Connection, rows: Sequence[ConnectorRow]) -> None:
    """The newest status of each, and that its EVSE exists."""
    _write_connectors(connection, rows)
    _write_known_evses(connection, rows)


def _evse_values(row: EvseRow) -> Values:
    return row.station_id, row.evse_id, row.register_wh, row.power_w, to_micros(row.received_at)


write_evses = insert_or_update(
    evses, ("station_id", "evse_id", "register_wh", "power_w", "metered_at"), _evse_values
).write


def load_connectors(connection: Connection, station_ids: Iterable[StationId]) -> list[ConnectorRecord]:
    """All connectors of these stations."""
    found = connection.exec_driver_sql(_OF_STATIONS, (json_keys(station_ids),))
    return [
        ConnectorRecord(
            station_id=v[0],
            evse_id=v[1],
            connector_id=v[2],
            status=ConnectorStatus(v[3]),
            reported=v[4],
            at=from_micros(v[5]) if v[5] is not None else None,
            error_code=v[6],
            info=v[7],
        )
        for v in found
    ]


def connectors_of(connection: Connection, station_id: StationId) -> list[ConnectorRecord]:
    """Of one station, by EVSE and connector."""
    return [_record(row) for row in connection.execute(_OF_ONE, {"station_id": station_id})]


def _record(row: Row[Any]) -> ConnectorRecord:
    return ConnectorRecord(
        station_id=StationId(row.station_id),
        evse_id=row.evse_id,
        connector_id=row.connector_id,
        status=ConnectorStatus(row.status),
        reported=row.reported,
        at=row.at,
        error_code=row.error_code,
        info=row.info,
    )
