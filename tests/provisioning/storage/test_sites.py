"""Sites with hours and lists, and places, survive storage exactly."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from access.principals import DEFAULT, Resource
from charging.calendar import OpeningHours, Period
from ocppj.vocabulary import IdToken, IdTokenType, StationId
from provisioning.records import Assignment, Device, Place, Site
from provisioning.storage import tables
from provisioning.storage.sites import (
    is_site_name_taken,
    load_place,
    load_places,
    load_site,
    load_site_owners,
    load_sites,
    open_assignments,
    place_named,
    save_hours,
    save_place,
    save_site,
    save_tokens,
)
from provisioning.storage.tables import assignments
from runtime.database import Database, metadata
from tests.support.examples import examples
from tests.support.provisioning import put_device

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.lists(st.builds(Period, minutes, minutes), max_size=3).map(tuple)
hours = st.builds(
    OpeningHours,
    zone=st.just(ZoneInfo("America/Montreal")),
    weekly=st.none() | st.lists(days, min_size=7, max_size=7).map(tuple),
    exceptions=st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 1, 1)), days, max_size=3).map(
        lambda found: tuple(sorted(found.items()))
    ),
)
tokens = st.lists(
    st.builds(
        IdToken,
        st.text("0123456789ABCDEF", min_size=1, max_size=20),
        st.sampled_from(IdTokenType) | st.just("VendorsOwn"),
    ),
    max_size=4,
    unique_by=lambda token: token.key,
)


@settings(max_examples=examples(30))
@given(hours=hours, tokens=tokens)
def test_hours_and_lists_come_back_as_they_were_stored(hours: OpeningHours, tokens: list[IdToken]) -> None:
    """Also a type of token that no version of ours knows."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection, [tables.sites, tables.site_hours, tables.site_tokens])
        save_site(connection, Site("s", "Port", "America/Montreal"))
        save_hours(connection, "s", hours, AT, "owner")
        save_tokens(connection, "s", tuple(tokens))
        found = load_site(connection, "s")
        assert found is not None
        assert found.hours == hours
        assert sorted(found.tokens, key=lambda each: each.key) == sorted(tokens, key=lambda each: each.key)
    engine.dispose()


async def test_a_site_changes_its_own_columns_only(database: Database) -> None:
    """Hours and list stay."""

    def store(connection: object) -> None:
        save_site(connection, Site("s", "Port", "UTC"))  # type: ignore[arg-type] # a Connection
        save_tokens(connection, "s", (IdToken("A"),))  # type: ignore[arg-type] # a Connection
        save_site(connection, Site("s", "Quai", "UTC", is_list_exclusive=True))  # type: ignore[arg-type] # a Connection

    await database.run_write(store)
    (site,) = await database.run_read(load_sites)
    assert (site.name, site.tokens, site.is_list_exclusive) == ("Quai", (IdToken("A"),), True)
    await database.run_write(lambda c: save_tokens(c, "s", ()))
    assert (await database.run_read(lambda c: load_sites(c, ["s"])))[0].tokens == ()
    assert await database.run_read(lambda c: load_sites(c, ["x"])) == []
    assert await database.run_read(load_site_owners) == [Resource(DEFAULT, "s")]


async def test_names_are_compared_without_case(database: Database) -> None:
    """Also outside of ASCII."""
    await database.run_write(lambda c: save_site(c, Site("s", "Église", "UTC")))
    await database.run_write(lambda c: save_place(c, Place("p", "s", "Étage 1")))
    assert await database.run_read(lambda c: is_site_name_taken(c, "ÉGLISE"))
    assert not await database.run_read(lambda c: is_site_name_taken(c, "ÉGLISE", but="s"))
    assert await database.run_read(lambda c: place_named(c, "s", "étage 1")) == "p"
    assert await database.run_read(lambda c: place_named(c, "s", "étage 2")) is None
    assert await database.run_read(lambda c: place_named(c, "x", "étage 1")) is None


async def test_places_are_found_by_id(database: Database) -> None:
    """With or without a pin."""
    place = Place("p", "s", "P1", 45.5, -73.6, "2")
    await database.run_write(lambda c: save_site(c, Site("s", "Port", "UTC")))
    await database.run_write(lambda c: save_place(c, Place("p", "s", "P1")))
    await database.run_write(lambda c: save_place(c, place))
    assert await database.run_read(load_places) == [place]
    assert await database.run_read(lambda c: load_place(c, "p")) == place
    assert await database.run_read(lambda c: load_place(c, "x")) is None


async def test_an_assignment_says_since_when_and_by_whom(database: Database) -> None:
    """It is open until the station is taken away."""

    def store(connection: object) -> None:
        save_site(connection, Site("s", "Port", "UTC"))  # type: ignore[arg-type] # a Connection
        save_place(connection, Place("p", "s", "P1"))  # type: ignore[arg-type] # a Connection
        put_device(connection, Device(StationId("a")))  # type: ignore[arg-type] # a Connection
        opened = Assignment("a1", StationId("a"), "p", AT, "localized", "sam")
        open_assignments(connection, [opened])  # type: ignore[arg-type] # a Connection

    await database.run_write(store)
    (row,) = await database.run_read(lambda c: c.execute(select(assignments)).all())
    assert (row.place_id, row.starts_at, row.ends_at, row.made_by) == ("p", AT, None, "sam")
