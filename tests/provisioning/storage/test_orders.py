"""Orders, tariffs, installers, claims and adoptions survive storage; old failures go."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from access.principals import AccessScope
from charging.tariff import ALL_COMPONENTS, Tariff, Tax
from charging.tariff.stored import tariff_from_json, tariff_json
from ocppj.vocabulary import StationId
from provisioning.change_set import ChangeSet
from provisioning.records import AdoptionRecord, Assignment, Device, Installer, NamedTariff, Order
from provisioning.storage import tables
from provisioning.storage.changes import write_change
from provisioning.storage.orders import (
    count_orders,
    failed_claims,
    find_order,
    forget_failures,
    installer_of,
    is_reference_taken,
    is_tariff_name_taken,
    load_adoptions,
    load_claims,
    load_installers,
    load_orders,
    load_tariffs,
    record_adoption,
    record_claim,
    save_installer,
    save_order,
    save_tariff,
)
from runtime.database import Database
from tests.support.provisioning import put_device
from tests.support.scopes import EVERYTHING

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
amounts = st.integers(0, 10**12)
taxes = st.builds(
    Tax,
    name=st.text(max_size=10),
    rate_millipercent=st.integers(0, 100_000),
    stack=st.sampled_from([0, 1]),
    on=st.sets(st.sampled_from(sorted(ALL_COMPONENTS))).map(frozenset),
)
tariffs = st.builds(
    Tariff,
    tariff_id=st.just("t"),
    currency=st.just("CAD"),
    energy_micro_per_kwh=amounts,
    time_micro_per_h=amounts,
    session_micro=amounts,
    idle_micro_per_h=amounts,
    idle_grace_s=st.integers(0, 86_400),
    min_micro=st.none() | st.just(0),
    max_with_tax_micro=st.none() | amounts,
    taxes=st.lists(taxes, max_size=3).map(tuple),
)


@given(tariff=tariffs)
def test_a_tariff_comes_back_exactly(tariff: Tariff) -> None:
    """To the micro-unit, with its taxes and what they are on."""
    content = tariff_json(tariff)
    tariff_id = content.pop("tariff_id")
    assert tariff_from_json(json.loads(json.dumps(content)) | {"tariff_id": tariff_id}) == tariff


async def test_orders_tariffs_and_installers(database: Database) -> None:
    """As they were stored."""
    order = Order("o", "PO", "Ann", AT, "owner")
    named = NamedTariff("Day", Tariff("t", "CAD", 250_000), since=AT)
    installer = Installer("i", "Sam", "sam", None, "Sam inc.")
    await database.run_write(lambda c: save_order(c, order))
    await database.run_write(lambda c: save_tariff(c, named, AT))
    await database.run_write(lambda c: save_installer(c, installer, AT))
    assert await database.run_read(lambda c: load_orders(c, 9)) == [order]
    assert await database.run_read(lambda c: load_orders(c, 9, (order.created_at, order.order_id))) == []
    assert await database.run_read(lambda c: find_order(c, order.reference)) == order
    assert await database.run_read(count_orders) == 1
    assert await database.run_read(load_tariffs) == [named]
    assert await database.run_read(lambda c: load_tariffs(c, ["x"])) == []
    assert await database.run_read(load_installers) == [installer]
    assert await database.run_read(lambda c: installer_of(c, "sam")) == "i"
    assert await database.run_read(lambda c: installer_of(c, "Sam")) is None
    assert await database.run_read(lambda c: is_reference_taken(c, "PO"))
    assert not await database.run_read(lambda c: is_reference_taken(c, "PO-2"))
    assert await database.run_read(lambda c: is_tariff_name_taken(c, "DAY"))
    assert not await database.run_read(lambda c: is_tariff_name_taken(c, "Night"))


def _claim(
    number: int, at: datetime, *, target: str = "a", account: str = "sam", is_granted: bool = False
) -> Any:
    return {
        "claim_id": str(number),
        "target": target,
        "station_id": None,
        "account": account,
        "installer_id": None,
        "at": at,
        "is_granted": is_granted,
    }


async def _try(database: Database, *claims: Any) -> None:
    for claim in claims:
        await database.run_write(lambda c, row=claim: record_claim(c, row))  # type: ignore[misc] # bound now


@pytest.mark.parametrize(("since_h", "counts"), [(24, [3, 2]), (1, [1, 1])])
async def test_failures_are_counted_for_the_station_and_for_the_account(
    database: Database, since_h: int, counts: list[int]
) -> None:
    """Within the time that counts; what was granted does not."""
    await _try(
        database,
        _claim(1, AT - timedelta(hours=3)),
        _claim(2, AT - timedelta(minutes=30)),
        _claim(3, AT - timedelta(hours=2), account="kim"),
        _claim(4, AT, is_granted=True),
        _claim(5, AT, target="b", account="lee"),
    )
    found = await database.run_read(
        lambda c: failed_claims(c, target="a", account="sam", since=AT - timedelta(hours=since_h))
    )
    assert [count for count, _ in found] == counts
    assert found[0][1] == AT - timedelta(minutes=30)


async def test_old_failures_go_and_grants_stay(database: Database) -> None:
    """A week is more than any lock."""
    await _try(database, _claim(1, AT), _claim(2, AT, is_granted=True), _claim(3, AT + timedelta(days=8)))
    assert [each.claim_id for each in await database.run_read(lambda c: load_claims(c, EVERYTHING, 9))] == [
        "3",
        "2",
    ]


async def test_failures_are_forgotten_by_station_or_account(database: Database) -> None:
    """What was granted stays."""
    await _try(
        database,
        _claim(1, AT),
        _claim(2, AT, account="kim"),
        _claim(3, AT, target="b"),
        _claim(4, AT, is_granted=True),
    )
    assert await database.run_write(lambda c: forget_failures(c, target="a", account="a")) == 2
    assert await database.run_write(lambda c: forget_failures(c, target="sam", account="sam")) == 1
    assert len(await database.run_read(lambda c: load_claims(c, EVERYTHING, 9))) == 1


async def test_adoptions_are_kept(database: Database) -> None:
    """Who, when, why."""
    await database.run_write(lambda c: put_device(c, Device(StationId("a"))))
    row: dict[str, Any] = {"adoption_id": "1", "station_id": "a", "at": AT, "made_by": "admin", "note": None}
    await database.run_write(lambda c: record_adoption(c, row))
    assert await database.run_read(lambda c: load_adoptions(c, EVERYTHING, 9)) == [AdoptionRecord(**row)]


async def test_what_is_at_a_place_is_told_to_its_people(database: Database) -> None:
    """Adoptions go with their station, claims with their place; what is nowhere is the server's."""
    stations = ("a", "b", "c")
    put = [
        insert(tables.sites).values(site_id="port", name="Port", zone="UTC", organisation_id="autre"),
        insert(tables.sites).values(site_id="quai", name="Quai", zone="UTC"),
        insert(tables.places).values(place_id="p", site_id="port", name="P"),
        insert(tables.places).values(place_id="q", site_id="quai", name="Q"),
    ]

    def fill(connection: Connection) -> None:
        for each in stations:
            put_device(connection, Device(StationId(each)))
        for statement in put:
            connection.execute(statement)
        for number, (each, place) in enumerate((("a", "p"), ("b", "q")), 1):
            change = ChangeSet("test")
            change.opened.append(Assignment(each, StationId(each), place, AT, "localized", "sam"))
            write_change(connection, change)
            record_claim(connection, _claim(number, AT, is_granted=True) | {"place_id": place})
        record_claim(connection, _claim(3, AT))
        for each in stations:
            row = {"adoption_id": each, "station_id": each, "at": AT, "made_by": "admin", "note": None}
            record_adoption(connection, row)

    await database.run_write(fill)
    for scope, expected in (
        (EVERYTHING, "bc"),
        (AccessScope(frozenset({"autre"})), "a"),
        (AccessScope(sites=frozenset({"port"})), "a"),
        (AccessScope(sites=frozenset({"quai"})), "b"),
        (AccessScope(), ""),
    ):
        rows = await database.run_read(lambda c, of=scope: load_adoptions(c, of, 9))  # type: ignore[misc] # bound now
        assert "".join(sorted(each.adoption_id for each in rows)) == expected
        tries = await database.run_read(lambda c, of=scope: load_claims(c, of, 9))  # type: ignore[misc] # bound now
        assert "".join(sorted("abc"[int(each.claim_id) - 1] for each in tries)) == expected
