"""EVSEs and connectors."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorRow, EvseRow
from csms.storage.tables import connectors, evses
from ocppj.vocabulary import ConnectorStatus, StationId
from runtime.database import from_micros, to_micros
from runtime.database.statements import TEXT, Keyed, Values, insert_new, insert_or_update

_COLUMNS = tuple(column.name for column in connectors.columns)
_SELECTED = ", ".join(f"c.{name}" for name in _COLUMNS)
_OF_STATIONS = Keyed(
    f"SELECT {_SELECTED} FROM wanted JOIN connectors AS c ON c.station_id = wanted.station_id",  # noqa: S608
    station_id=TEXT,
)
_METERED = Keyed(
    f"""
SELECT {_SELECTED}, e.register_wh, e.power_w, e.metered_at FROM wanted
JOIN connectors AS c ON c.station_id = wanted.station_id
LEFT JOIN evses AS e ON e.station_id = c.station_id AND e.evse_id = c.evse_id
""",  # noqa: S608 - column names
    station_id=TEXT,
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
        record.vendor_error_code,
        to_micros(row.received_at),
        to_micros(record.since) if record.since is not None else None,
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
    evses,
    ("station_id", "evse_id", "register_wh", "power_w", "metered_at"),
    _evse_values,
    kept=("register_wh", "power_w"),  # a message may tell only one of them
).write


def load_connectors(connection: Connection, station_ids: Iterable[StationId]) -> list[ConnectorRecord]:
    """All connectors of these stations."""
    return [_loaded(v) for v in _OF_STATIONS.rows(connection, station_ids)]


def load_metered_connectors(
    connection: Connection, station_ids: Iterable[StationId]
) -> list[ConnectorRecord]:
    """The same, with what their EVSEs metered outside of transactions."""
    found = _METERED.rows(connection, station_ids)
    size = len(_COLUMNS)
    return [_loaded(v, v[size], v[size + 1], _instant(v[size + 2])) for v in found]


def _loaded(
    v: Any, register_wh: float | None = None, power_w: float | None = None, metered_at: datetime | None = None
) -> ConnectorRecord:
    return ConnectorRecord(
        station_id=v[0],
        evse_id=v[1],
        connector_id=v[2],
        status=ConnectorStatus(v[3]),
        reported=v[4],
        at=_instant(v[5]),
        error_code=v[6],
        info=v[7],
        vendor_error_code=v[8],
        received_at=_instant(v[9]),
        since=_instant(v[10]),
        register_wh=register_wh,
        power_w=power_w,
        metered_at=metered_at,
    )


def _instant(micros: int | None) -> datetime | None:
    return from_micros(micros) if micros is not None else None


def connectors_of(connection: Connection, station_id: StationId) -> list[ConnectorRecord]:
    """Of one station, by EVSE and connector, with what was metered outside of transactions."""
    found = load_metered_connectors(connection, (station_id,))
    return sorted(found, key=lambda each: (each.evse_id, each.connector_id))
