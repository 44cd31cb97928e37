"""Devices: boxes, the names they go by, and the facts known of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, select
from sqlalchemy.dialects.sqlite import insert

from ocppj.vocabulary import Availability, StationId
from provisioning.records import Credential, CredentialForm, CredentialState, Device
from provisioning.storage.tables import adoptions, assignments, device_names, devices

_OPEN_PLACE = (
    select(assignments.c.place_id)
    .where(assignments.c.station_id == devices.c.station_id, assignments.c.ends_at.is_(None))
    .scalar_subquery()
)
_ALL = select(devices, _OPEN_PLACE.label("place_id"))
_NAMES = select(device_names.c.station_id, device_names.c.kind, device_names.c.name).order_by(
    device_names.c.station_id, device_names.c.position
)


def load_devices(connection: Connection, station_ids: Iterable[StationId] | None = None) -> list[Device]:
    """All devices, or those named, with their names and open places."""
    rows, names = _ALL, _NAMES
    if station_ids is not None:
        wanted = list(station_ids)
        rows = rows.where(devices.c.station_id.in_(wanted))
        names = names.where(device_names.c.station_id.in_(wanted))
    known: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(names):
        known.setdefault(row.station_id, []).append((row.kind, row.name))
    return [_device(row, known.get(row.station_id, [])) for row in connection.execute(rows)]


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


def named_devices(connection: Connection, names: Iterable[str]) -> set[StationId]:
    """The devices that go by one of these names, their own identity included."""
    wanted = list(names)
    by_name = select(device_names.c.station_id).where(device_names.c.name.in_(wanted))
    by_identity = select(devices.c.station_id).where(devices.c.station_id.in_(wanted))
    return {StationId(row.station_id) for row in connection.execute(by_name.union(by_identity))}


def save_device(connection: Connection, device: Device) -> None:
    """Insert the device, or bring its row up to date; its names have their own function."""
    values = _values(device)
    statement = insert(devices).values(**values)
    changed = {name: value for name, value in values.items() if name != "station_id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["station_id"], set_=changed))


def save_names(connection: Connection, device: Device) -> None:
    """Replace the names of a device. The database refuses one that another device has."""
    connection.execute(delete(device_names).where(device_names.c.station_id == device.station_id))
    names = dict.fromkeys([("mac", name) for name in device.macs] + [("alias", n) for n in device.aliases])
    rows = [
        {"name": name, "kind": kind, "station_id": device.station_id, "position": position}
        for position, (kind, name) in enumerate(names)
    ]
    if rows:
        connection.execute(insert(device_names), rows)


def forget_device(connection: Connection, station_id: StationId) -> bool:
    """Delete a device that never was anywhere; False where its past has to be kept."""
    has_past = exists().where(assignments.c.station_id == station_id) | exists().where(
        adoptions.c.station_id == station_id
    )
    statement = delete(devices).where(devices.c.station_id == station_id, ~has_past)
    return connection.execute(statement).rowcount > 0


def _values(device: Device) -> dict[str, Any]:
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
        "activated_at": device.activated_at,
        "suspended_at": device.suspended_at,
        "suspend_reason": device.suspend_reason,
        "asserted": device.asserted.value if device.asserted else None,
        "tariff_shown": device.tariff_shown,
    }


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
        activated_at=row.activated_at,
        suspended_at=row.suspended_at,
        suspend_reason=row.suspend_reason,
        asserted=Availability(row.asserted) if row.asserted else None,
        tariff_shown=row.tariff_shown,
        place_id=row.place_id,
    )
