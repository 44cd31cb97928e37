"""What lists of stations know of those that provisioning leads, written with the change it follows from."""

from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlalchemy import Connection

from csms.central.ownership import StoredOwnership
from csms.domain.station_lists import OwnedStation
from csms.storage.station_lists import load_owned_stations
from ocppj.vocabulary import StationId
from provisioning.change_set import ChangeSet
from provisioning.owned import owned_stations
from provisioning.station_cache import StationCache
from tests.support.inbound import NOON
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import ScriptedStation


@pytest.fixture
def owning(world: World) -> World:
    """A server whose provisioning keeps what lists need."""
    world.provisioning.station_cache.ownership = StoredOwnership()
    return world


async def owned(world: World) -> Mapping[StationId, OwnedStation]:
    """What is stored, which memory knows too."""
    found = {each.station_id: each for each in await world.database.run_read(load_owned_stations)}
    known = {each.station_id: each for each in owned_stations(world.provisioning.station_cache)}
    assert known == found
    return found


async def test_an_ordered_station_is_in_the_lists_before_it_was_here(owning: World) -> None:
    """By its MAC; with what is in its way."""
    await owning.order(MAC)
    (found,) = (await owned(owning)).values()
    assert (found.station_id, found.lifecycle, found.label) == (ID, "ordered", "0024:B100:0002:9F81")
    assert (found.in_the_way, found.who_clears, found.is_due_online) == (2, "installer", False)
    assert "0024:b100:0002:9f81" in found.words
    assert found.site_id is found.place_name is None


async def test_a_station_at_a_place_is_found_by_its_site(owning: World, v201: ScriptedStation) -> None:
    """Also by a name that place or site get later."""
    await owning.active(v201)
    station_cache, sites = owning.provisioning.station_cache, owning.provisioning.use_cases.sites
    site, place = station_cache.site_of(ID), station_cache.place_of(ID)
    assert site is not None
    assert place is not None
    found = (await owned(owning))[ID]
    assert (found.lifecycle, found.site_id, found.place_name) == ("active", site.site_id, place.name)
    assert found.is_due_online
    await sites.change_site(site.site_id, "ann", name="Élysée")
    assert "élysée" in (await owned(owning))[ID].words
    await sites.change_place(place.place_id, "ann", name="Niveau 3")
    assert (await owned(owning))[ID].place_name == "Niveau 3"


async def test_a_cancelled_order_leaves_the_lists(owning: World) -> None:
    """With its record."""
    await owning.order(MAC)
    await owning.provisioning.use_cases.purchasing.cancel(ID, "ann")
    assert await owned(owning) == {}


async def test_a_change_that_fails_changes_no_list(owning: World) -> None:
    """It is the same transaction."""
    await owning.order(MAC)
    before = await owned(owning)

    class Failing(StoredOwnership):
        def write(self, connection: Connection, owned: object, at: datetime) -> None:
            super().write(connection, owned, at)  # type: ignore[arg-type] # handed on
            raise RuntimeError("no")

    owning.provisioning.station_cache.ownership = Failing()
    with pytest.raises(RuntimeError, match="no"):
        await owning.order("02b016000001")
    assert await owned(owning) == before


async def test_only_what_changed_is_written(owning: World) -> None:
    """Most changes of a station are nothing that lists show."""
    await owning.order(MAC)
    station_cache = owning.provisioning.station_cache
    change = await station_cache.change(lambda _: None, lambda _: ChangeSet("test", about={ID}))
    assert change.stations == (ID,)
    written: list[OwnedStation] = []

    class Noting(StoredOwnership):
        def write(self, connection: Connection, owned: object, at: datetime) -> None:
            written.extend(owned)  # type: ignore[arg-type] # handed on

    station_cache.ownership = Noting()
    await station_cache.change(lambda _: None, lambda _: ChangeSet("test", about={ID}))
    assert written == []


async def test_a_start_makes_up_for_what_lists_lack(owning: World) -> None:
    """After an upgrade nothing is there; what nobody knows any more goes."""
    await owning.order(MAC)
    expected = await owned(owning)
    ownership = StoredOwnership()
    other = OwnedStation(StationId("other"), "ordered")

    def spoil(connection: Connection) -> None:
        ownership.forget(connection, [ID])
        ownership.write(connection, [other], NOON)

    await owning.database.run_write(spoil)
    station_cache = StationCache(owning.database, owning.clock, owning.chance, owning.bus)
    await station_cache.load()
    await station_cache.own_all()  # nobody keeps anything
    assert await owning.database.run_read(load_owned_stations) == [other]
    station_cache.ownership = ownership
    await station_cache.own_all()
    assert {each.station_id: each for each in await owning.database.run_read(load_owned_stations)} == expected
    await station_cache.own_all()  # as it is
