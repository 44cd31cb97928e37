"""What is stored, read at one moment."""

from provisioning.storage.snapshot import read_all
from tests.support.provisioning import ID, MAC, World


async def test_everything_is_what_the_memory_has(world: World) -> None:
    """Devices, runs, sites, places and tariffs."""
    tariff = (await world.tariff()).tariff.tariff_id
    site = (await world.site(activates_on_claim=False)).site_id
    await world.order(MAC, "02:B0:16:00:00:01")
    await world.claim(site_id=site)
    known = world.provisioning.station_cache
    everything = await world.database.run_read(read_all)
    assert ID in known.devices
    assert {each.station_id: each for each in everything.devices} == known.devices
    assert everything.runs == known.runs
    assert {each.site_id: each for each in everything.sites} == known.sites
    assert {each.place_id: each for each in everything.places} == known.places
    assert [each.tariff.tariff_id for each in everything.tariffs] == [tariff] == list(known.tariffs)
