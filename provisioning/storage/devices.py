"""Devices: boxes, the names they go by, and the facts known of them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from ocppj.vocabulary import Availability, IdToken, StationId
from provisioning.boxes import KnownBoxes
from provisioning.records import Credential, CredentialForm, CredentialState, Device, TestWindow
from provisioning.storage.sites import token_type, token_type_word
from provisioning.storage.tables import adoptions, assignments, device_names, devices, places
from runtime.rows import Values, execute_many, rows_with

_OPEN_PLACE = (
    select(assignments.c.place_id)
    .where(assignments.c.station_id == devices.c.station_id, assignments.c.ends_at.is_(None))
    .scalar_subquery()
)
_ALL = select(devices, _OPEN_PLACE.label("place_id"))
_NAMES = select(device_names.c.station_id, device_names.c.kind, device_names.c.name).order_by(
    device_names.c.station_id, device_names.c.position
)
_INSERT, _INSERT_NAME = insert(devices), insert(device_names)
_UPDATE = update(devices).where(devices.c.station_id == bindparam("key"))
_DELETE = delete(devices).where(devices.c.station_id == bindparam("key"))
_DELETE_NAMES = delete(device_names).where(device_names.c.station_id == bindparam("key"))


def load_devices(connection: Connection, station_ids: Collection[StationId] | None = None) -> list[Device]:
    """All devices, or those named, with their names and open places."""
    if station_ids is None:
        rows: Iterable[Row[Any]] = connection.execute(_ALL)
        names: Iterable[Row[Any]] = connection.execute(_NAMES)
    else:
        rows = rows_with(connection, _ALL, devices.c.station_id, station_ids)
        names = rows_with(connection, _NAMES, device_names.c.station_id, station_ids)
    known: dict[str, list[tuple[str, str]]] = {}
    for row in names:
        known.setdefault(row.station_id, []).append((row.kind, row.name))
    return [_device(row, known.get(row.station_id, [])) for row in rows]


def load_device(connection: Connection, station_id: StationId) -> Device | None:
    """One device."""
    return next(iter(load_devices(connection, [station_id])), None)


def device_at(connection: Connection, place_id: str) -> StationId | None:
    """The station that is at a place now."""
    found = connection.execute(
        select(assignments.c.station_id).where(
            assignments.c.place_id == place_id, assignments.c.ends_at.is_(None)
        )
    ).scalar()
    return StationId(found) if found is not None else None


def station_ids_on(connection: Connection, site_id: str) -> list[StationId]:
    """The stations on a site, in the order of their ids."""
    on_site = select(places.c.place_id).where(places.c.site_id == site_id)
    open_there = assignments.c.place_id.in_(on_site) & assignments.c.ends_at.is_(None)
    found = select(assignments.c.station_id).where(open_there).order_by(assignments.c.station_id)
    return [StationId(row.station_id) for row in connection.execute(found)]


def load_boxes(connection: Connection, names: Collection[str]) -> KnownBoxes:
    """The boxes that go by one of these names, their own identity included."""
    by_name = rows_with(connection, select(device_names.c.station_id), device_names.c.name, names)
    by_identity = rows_with(connection, select(devices.c.station_id), devices.c.station_id, names)
    found = sorted({StationId(row.station_id) for row in (*by_name, *by_identity)})
    return KnownBoxes(load_devices(connection, found), stations_with_past(connection, found))


def stations_with_past(connection: Connection, station_ids: Collection[StationId]) -> set[StationId]:
    """Those that were at a place or were adopted: their records have to be kept."""
    found: set[StationId] = set()
    for table in (assignments, adoptions):
        rows = rows_with(connection, select(table.c.station_id), table.c.station_id, station_ids)
        found |= {StationId(row.station_id) for row in rows}
    return found


def insert_devices(connection: Connection, new: Sequence[Device]) -> None:
    """Devices that were not there; their names have their own function."""
    execute_many(connection, _INSERT, [_values(each) for each in new])


def update_devices(connection: Connection, known: Sequence[Device]) -> None:
    """Devices that were there, as they are now; their names have their own function."""
    rows = [_values(each) for each in known]
    execute_many(connection, _UPDATE, [row | {"key": row.pop("station_id")} for row in rows])


def delete_devices(connection: Connection, station_ids: Sequence[StationId]) -> None:
    """Devices without a past."""
    execute_many(connection, _DELETE, [{"key": each} for each in station_ids])


def delete_names(connection: Connection, station_ids: Sequence[StationId]) -> None:
    """The names of these devices are free."""
    execute_many(connection, _DELETE_NAMES, [{"key": each} for each in station_ids])


def insert_names(connection: Connection, named: Sequence[Device]) -> None:
    """The names of devices. The database refuses one that another device has."""
    rows = [row for device in named for row in _name_rows(device)]
    execute_many(connection, _INSERT_NAME, rows)


def _name_rows(device: Device) -> list[Values]:
    names = dict.fromkeys([("mac", name) for name in device.macs] + [("alias", n) for n in device.aliases])
    return [
        {"name": name, "kind": kind, "station_id": device.station_id, "position": position}
        for position, (kind, name) in enumerate(names)
    ]


def _values(device: Device) -> Values:
    return {
        "station_id": device.station_id,
        "serial": device.serial,
        "vendor": device.vendor,
        "model": device.model,
        "firmware": device.firmware,
        "order_id": device.order_id,
        "claim_hash": device.claim_hash,
        "credential_state": device.credential.state.value,
        "credential_form": device.credential.form.value,
        "credential_current": device.credential.current,
        "credential_offered": device.credential.offered,
        "secret_forgotten_at": device.credential.forgotten_at,
        "adopted_at": device.adopted_at,
        "first_seen_at": device.first_seen_at,
        "requested_at": device.requested_at,
        "released_at": device.released_at,
        "commissioned_at": device.commissioned_at,
        "activated_at": device.activated_at,
        "suspended_at": device.suspended_at,
        "suspend_reason": device.suspend_reason,
        "asserted": device.asserted.value if device.asserted else None,
        "tariff_shown": device.tariff_shown,
        **_window_values(device.test_window),
    }


def _window_values(window: TestWindow | None) -> Values:
    return {
        "test_token": window.id_token.value if window else None,
        "test_token_type": token_type_word(window.id_token) if window else None,
        "test_opened_at": window.opened_at if window else None,
        "test_until": window.until if window else None,
        "test_opened_by": window.opened_by if window else None,
        "test_ended_at": window.ended_at if window else None,
    }


def _window(row: Row[Any]) -> TestWindow | None:
    if row.test_opened_at is None:
        return None
    return TestWindow(
        IdToken(row.test_token, token_type(row.test_token_type)),
        row.test_opened_at,
        row.test_until,
        row.test_opened_by,
        row.test_ended_at,
    )


def _device(row: Row[Any], names: list[tuple[str, str]]) -> Device:
    return Device(
        station_id=StationId(row.station_id),
        macs=tuple(name for kind, name in names if kind == "mac"),
        aliases=tuple(name for kind, name in names if kind == "alias"),
        serial=row.serial,
        vendor=row.vendor,
        model=row.model,
        firmware=row.firmware,
        order_id=row.order_id,
        claim_hash=row.claim_hash,
        credential=Credential(
            CredentialState(row.credential_state),
            CredentialForm(row.credential_form),
            row.credential_current,
            row.credential_offered,
            row.secret_forgotten_at,
        ),
        adopted_at=row.adopted_at,
        first_seen_at=row.first_seen_at,
        requested_at=row.requested_at,
        released_at=row.released_at,
        commissioned_at=row.commissioned_at,
        activated_at=row.activated_at,
        suspended_at=row.suspended_at,
        suspend_reason=row.suspend_reason,
        asserted=Availability(row.asserted) if row.asserted else None,
        tariff_shown=row.tariff_shown,
        test_window=_window(row),
        place_id=row.place_id,
    )
