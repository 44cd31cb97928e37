"""Stations: what they said of themselves, and what they were told."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from csms.domain.records import ChosenStation, StationRecord, UnknownPolicy
from csms.rules.rows import BootRow, FirmwareStatusRow, LinkClosedRow, LinkOpenedRow, LogStatusRow
from csms.storage.tables import stations
from ocppj.vocabulary import BootReason, RegistrationStatus, StationId
from runtime.audit import Act, record_acts
from runtime.database import to_micros
from runtime.database.rows import add_row, save_row, texts_of
from runtime.database.statements import Values, insert_or_update, json_keys

_IS_CHOSEN = stations.c.admission.is_not(None) | stations.c.is_quiet
NEVER_HERE = stations.c.first_seen_at.is_(None) & ~_IS_CHOSEN
"""It never connected, and nobody chose anything for it: whoever leads it has made the row."""
_IDS = (
    select(stations.c.station_id)
    .where(stations.c.station_id > bindparam("after"))
    .order_by(stations.c.station_id)
    .limit(bindparam("most"))
)
_THESE = select(stations).where(stations.c.station_id.in_(texts_of(bindparam("ids"))))
_ONE = select(stations).where(stations.c.station_id == bindparam("station_id"))
_CHOSEN = select(stations.c.station_id, stations.c.admission, stations.c.is_quiet)
_ALL_CHOSEN = _CHOSEN.where(_IS_CHOSEN)
_ONE_CHOSEN = _CHOSEN.where(stations.c.station_id == bindparam("station_id"))

_BOOT_COLUMNS = (
    "station_id",
    "first_seen_at",
    "last_seen_at",
    "booted_at",
    "vendor",
    "model",
    "serial_number",
    "firmware_version",
    "iccid",
    "imsi",
    "meter_type",
    "meter_serial_number",
    "boot_reason",
    "registration",
    "said",
)


def _boot_values(row: BootRow) -> Values:
    boot, at = row.boot, to_micros(row.at)
    return (
        row.station_id,
        at,
        at,
        at,
        boot.vendor,
        boot.model,
        boot.serial_number,
        boot.firmware_version,
        boot.iccid,
        boot.imsi,
        boot.meter_type,
        boot.meter_serial_number,
        (boot.reason or BootReason.UNKNOWN).value,
        row.registration.value,
        f"{boot.vendor} {boot.model}\n{boot.serial_number or ''}".casefold(),
    )


write_boots = insert_or_update(
    stations,
    _BOOT_COLUMNS,
    _boot_values,
    updated=[name for name in _BOOT_COLUMNS if name not in ("station_id", "first_seen_at")],
    first=["first_seen_at"],
).write


def _opened_values(row: LinkOpenedRow) -> Values:
    at = to_micros(row.link.connected_at)
    return row.link.station_id, at, at, row.link.version.label


write_arrivals = insert_or_update(
    stations,
    ("station_id", "first_seen_at", "last_seen_at", "version"),
    _opened_values,
    updated=["last_seen_at", "version"],
    first=["first_seen_at"],
).write


def _closed_values(row: LinkClosedRow) -> Values:
    at = to_micros(row.at)
    return row.station_id, at, at


write_departures = insert_or_update(
    stations,
    ("station_id", "first_seen_at", "last_seen_at"),
    _closed_values,
    updated=["last_seen_at"],
    first=["first_seen_at"],
).write


def _status_values(row: FirmwareStatusRow | LogStatusRow) -> Values:
    return row.station_id, row.status, to_micros(row.at)


write_firmware_statuses = insert_or_update(
    stations, ("station_id", "firmware_status", "firmware_status_at"), _status_values
).write
write_log_statuses = insert_or_update(
    stations, ("station_id", "log_status", "log_status_at"), _status_values
).write


def add_station(connection: Connection, record: StationRecord, act: Act) -> bool:
    """Store a station that never connected, and who added it; False if it is there."""
    values = {
        "station_id": record.station_id,
        "first_seen_at": record.first_seen_at,
        "last_seen_at": record.last_seen_at,
        "booted_at": record.booted_at,
        "vendor": record.vendor,
        "model": record.model,
        "serial_number": record.serial_number,
        "firmware_version": record.firmware_version,
        "version": record.version,
        "registration": record.registration.value if record.registration is not None else None,
        "admission": record.admission,
        "is_quiet": record.is_quiet,
    }
    is_new = add_row(connection, stations, values) or _add_to_led(connection, values)
    if is_new:
        record_acts(connection, [act])
    return is_new


def _add_to_led(connection: Connection, values: dict[str, Any]) -> bool:
    """One that was ordered, but never here and that nobody chose anything for, has a row all the same."""
    is_it = stations.c.station_id == values["station_id"]
    one = update(stations).where(is_it, stations.c.lifecycle.is_not(None), NEVER_HERE)
    done = connection.execute(one.values(values), execution_options={"preserve_rowcount": True})
    return done.rowcount == 1


def station_ids(connection: Connection, after: StationId | None, limit: int) -> list[StationId]:
    """The first ones after this id, in order."""
    found = connection.execute(_IDS, {"after": after or "", "most": limit})
    return [StationId(row.station_id) for row in found]


def these_stations(connection: Connection, wanted: Iterable[StationId]) -> list[StationRecord]:
    """Those of these that are stored, in no order."""
    return [_record(row) for row in connection.execute(_THESE, {"ids": json_keys(wanted)})]


def one_station(connection: Connection, station_id: StationId) -> StationRecord | None:
    """One."""
    row = connection.execute(_ONE, {"station_id": station_id}).first()
    return _record(row) if row is not None else None


def choose(
    connection: Connection,
    station_id: StationId,
    act: Act,
    *,
    admission: UnknownPolicy | None = None,
    is_quiet: bool | None = None,
) -> ChosenStation:
    """Change what was chosen for a station, known or not, and keep who did; what is None stays. What is
    chosen now.
    """
    chosen = {"admission": admission, "is_quiet": is_quiet}
    values = {name: value for name, value in chosen.items() if value is not None}
    save_row(connection, stations, {"station_id": station_id, **values})
    record_acts(connection, [act])
    row = connection.execute(_ONE_CHOSEN, {"station_id": station_id}).one()
    return ChosenStation(station_id, row.admission, row.is_quiet)


def all_chosen(connection: Connection) -> list[ChosenStation]:
    """The stations for which something was chosen."""
    rows = connection.execute(_ALL_CHOSEN)
    return [ChosenStation(StationId(row.station_id), row.admission, row.is_quiet) for row in rows]


def _registration(text: str | None) -> RegistrationStatus | None:
    return RegistrationStatus(text) if text is not None else None


def _record(row: Row[Any]) -> StationRecord:
    return StationRecord(
        station_id=StationId(row.station_id),
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        booted_at=row.booted_at,
        vendor=row.vendor,
        model=row.model,
        serial_number=row.serial_number,
        firmware_version=row.firmware_version,
        version=row.version,
        registration=_registration(row.registration),
        admission=row.admission,
        is_quiet=row.is_quiet,
        iccid=row.iccid,
        imsi=row.imsi,
        meter_type=row.meter_type,
        meter_serial_number=row.meter_serial_number,
        boot_reason=row.boot_reason,
        firmware_status=row.firmware_status,
        firmware_status_at=row.firmware_status_at,
        log_status=row.log_status,
        log_status_at=row.log_status_at,
    )
