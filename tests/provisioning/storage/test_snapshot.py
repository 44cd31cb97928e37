"""What is stored, read at one moment: all of it, or what is named."""

from ocppj.vocabulary import StationId
from provisioning.storage.snapshot import Snapshot, read_all, read_some
from tests.support.provisioning import ID, MAC, World


async def test_some_of_what_is_stored_is_what_is_named(world: World) -> None:
    """Nothing else, and nothing for what is not there; everything is what the memory has."""
    tariff = (await world.tariff()).tariff.tariff_id
    site = (await world.site(activates_on_claim=False)).site_id
    await world.order(MAC, "02:B0:16:00:00:01")
    await world.claim(site_id=site)
    known = world.provisioning.station_cache
    everything = await world.database.run_read(read_all)
    assert {each.station_id: each for each in everything.devices} == known.devices
    assert {each.place_id for each in everything.places} == set(known.places)
    place = everything.places[0].place_id
    ids = ([ID, StationId("nobody")], [site], [place], [tariff])
    some = await world.database.run_read(lambda connection: read_some(connection, *ids))
    assert some.devices == [known.devices[ID]]
    assert (some.sites, some.places) == ([known.sites[site]], [known.places[place]])
    assert some.tariffs == [known.tariffs[tariff]]
    nothing = await world.database.run_read(lambda connection: read_some(connection, [], [], [], []))
    assert nothing == Snapshot([], {}, [], [], [])
