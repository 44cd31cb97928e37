"""Devices survive storage exactly; the database itself keeps names and assignments unique."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.exc import IntegrityError

from ocppj.vocabulary import Availability, StationId
from provisioning.records import (
    Assignment,
    Credential,
    CredentialForm,
    CredentialState,
    Device,
    Order,
    Place,
    Site,
)
from provisioning.storage.devices import (
    delete_devices,
    device_at,
    load_boxes,
    load_device,
    load_devices,
    stations_with_past,
)
from provisioning.storage.orders import save_order
from provisioning.storage.sites import close_assignments, open_assignments, save_place, save_site
from provisioning.storage.tables import assignments, devices
from runtime.database import Database, metadata
from tests.support.examples import examples
from tests.support.provisioning import put_device

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
A, B = StationId("02b016000001"), StationId("02b016000002")
instants = st.none() | st.integers(0, 10**9).map(lambda seconds: AT + timedelta(seconds=seconds))
texts = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
stored_devices = st.builds(
    Device,
    station_id=st.just(A),
    serial=texts,
    vendor=texts,
    model=texts,
    firmware=texts,
    claim_hash=st.none() | st.binary(max_size=48),
    credential=st.builds(
        Credential,
        state=st.sampled_from(CredentialState),
        form=st.sampled_from(CredentialForm),
        current=st.none() | st.binary(max_size=48),
        offered=st.none() | st.binary(max_size=48),
    ),
    adopted_at=instants,
    first_seen_at=instants,
    requested_at=instants,
    released_at=instants,
    activated_at=instants,
    suspended_at=instants,
    suspend_reason=texts,
    asserted=st.none() | st.sampled_from(Availability),
    tariff_shown=texts,
)


@settings(max_examples=examples(30))
@given(device=stored_devices)
def test_a_device_comes_back_as_it_was_stored(device: Device) -> None:
    """Every fact, also when it replaces another."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(
            connection, [devices, metadata.tables["device_names"], assignments], checkfirst=True
        )
        put_device(connection, Device(A, vendor="before"))
        put_device(connection, device)
        assert load_device(connection, A) == device
    engine.dispose()


async def written(database: Database, work: Any) -> Any:
    """In one transaction."""
    return await database.run_write(work)


async def test_names_keep_their_order_and_are_one_boxes(database: Database) -> None:
    """Replaced as a whole; another box cannot have one of them."""
    first = Device(A, macs=(A, "0024b10000029f81"), aliases=("sn2", "sn1"))

    def store(connection: Connection) -> None:
        put_device(connection, first)
        put_device(connection, Device(B))

    await written(database, store)
    assert await database.run_read(lambda c: load_device(c, A)) == first
    changed = replace(first, macs=(A,), aliases=("sn1",))
    await written(database, lambda c: put_device(c, changed))
    assert await database.run_read(lambda c: load_devices(c, [A])) == [changed]
    with pytest.raises(IntegrityError):
        await written(database, lambda c: put_device(c, Device(B, aliases=("sn1",))))


async def test_devices_are_found_by_name(database: Database) -> None:
    """By MAC, alias or identity."""

    def store(connection: Connection) -> None:
        for device in (Device(A, macs=(A,), aliases=("sn1",)), Device(B)):
            put_device(connection, device)

    await written(database, store)
    boxes = await database.run_read(lambda c: load_boxes(c, ["sn1", B, "x"]))
    assert {each.station_id for each in boxes.namesakes(["sn1", B, "x"], StationId("x"))} == {A, B}
    assert not (await database.run_read(lambda c: load_boxes(c, ["x"]))).loaded
    assert len(await database.run_read(load_devices)) == 2


def _with_place(connection: Connection) -> None:
    save_site(connection, Site("s", "Port", "UTC"))
    save_place(connection, Place("p", "s", "P1"))
    put_device(connection, Device(A))
    put_device(connection, Device(B))


def _put(connection: Connection, station_id: StationId, assignment_id: str) -> None:
    open_assignments(connection, [Assignment(assignment_id, station_id, "p", AT, "localized", "sam")])


async def test_at_most_one_open_assignment_each_way(database: Database) -> None:
    """The database refuses a second one, whatever the code does."""
    await written(database, _with_place)
    await written(database, lambda c: _put(c, A, "a1"))
    assert await database.run_read(lambda c: device_at(c, "p")) == A
    assert (await database.run_read(lambda c: load_device(c, A))).place_id == "p"  # type: ignore[union-attr] # it is there
    for station_id in (A, B):
        with pytest.raises(IntegrityError):
            await written(database, lambda c, s=station_id: _put(c, s, "a2"))
    await written(database, lambda c: close_assignments(c, {A: AT}))
    assert await database.run_read(lambda c: device_at(c, "p")) is None
    await written(database, lambda c: close_assignments(c, {A: AT + timedelta(hours=1)}))
    assert [row.ends_at for row in await database.fetch_all(select(assignments.c.ends_at))] == [AT]
    await written(database, lambda c: _put(c, B, "a2"))
    assert await database.run_read(lambda c: device_at(c, "p")) == B


async def test_a_device_with_a_past_is_not_forgotten(database: Database) -> None:
    """Where it was is kept; one that was nowhere goes, with its names."""
    await written(database, _with_place)
    await written(database, lambda c: _put(c, A, "a1"))
    await written(database, lambda c: close_assignments(c, {A: AT}))
    assert await database.run_read(lambda c: stations_with_past(c, [A, B])) == {A}
    with pytest.raises(IntegrityError):
        await written(database, lambda c: delete_devices(c, [A]))
    await written(database, lambda c: put_device(c, Device(B, aliases=("sn1",))))
    await written(database, lambda c: delete_devices(c, [B]))
    assert not (await database.run_read(lambda c: load_boxes(c, ["sn1"]))).loaded


async def test_an_order_that_does_not_exist_is_refused(database: Database) -> None:
    """Foreign keys are enforced."""
    with pytest.raises(IntegrityError):
        await written(database, lambda c: put_device(c, Device(A, order_id="x")))
    await written(database, lambda c: save_order(c, Order("x", "PO", None, AT, "owner")))
    await written(database, lambda c: put_device(c, Device(A, order_id="x")))
