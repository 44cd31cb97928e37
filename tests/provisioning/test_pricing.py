"""The price at a station is that of its place's site, now."""

from ocppj.vocabulary import StationId
from tests.support.provisioning import ID, World
from tests.support.stations import ScriptedStation


async def test_the_price_belongs_to_the_place(world: World, v201: ScriptedStation) -> None:
    """A swapped box changes nothing for the owner; a box taken away has no price."""
    tariff = await world.tariff()
    await world.localized(v201, tariff_id=tariff.tariff.tariff_id)
    prices = world.provisioning.tariffs
    assert await prices.tariff_for(ID) == tariff.tariff
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    assert await prices.tariff_for(ID) is None
    await world.order("02:B0:16:00:00:01")
    other = await world.claim("02:B0:16:00:00:01", name="P1")
    assert await prices.tariff_for(other) == tariff.tariff


async def test_no_site_or_no_tariff_is_no_price(world: World, v201: ScriptedStation) -> None:
    """Charging is free of charge, and known to be."""
    assert await world.provisioning.tariffs.tariff_for(StationId("cp-9")) is None
    await world.localized(v201)
    assert await world.provisioning.tariffs.tariff_for(ID) is None
    assert world.provisioning.tariffs.named("gone") is None
    assert world.provisioning.tariffs.named(None) is None


async def test_a_changed_tariff_holds_for_the_next_transaction(world: World, v201: ScriptedStation) -> None:
    """At once, whatever the display still shows."""
    await world.localized(v201)
    tariff = await world.tariff()
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.provisioning.use_cases.sites.change_site(
        site.site_id, "owner", tariff_id=tariff.tariff.tariff_id
    )
    assert await world.provisioning.tariffs.tariff_for(ID) == tariff.tariff


async def test_a_price_for_what_is_not_told_is_remarked_on(world: World, v201: ScriptedStation) -> None:
    """As soon as it is set, at the station, its site and the tariff; it goes with the price, or a measure."""
    await world.localized(v201)
    provisioning, at = world.provisioning, world.clock.now()
    remarks, site = provisioning.price_remarks, provisioning.station_cache.site_of(ID)
    assert site is not None
    provisioning.observed.note_untold(ID, {"energy": at, "idle": at})
    provisioning.observed.note_untold(StationId("cp-9"), {"energy": at})
    assert remarks.at_station(ID) == ()
    energy, by_time = (
        await world.tariff(),
        await world.tariff(name="T", energy_micro_per_kwh=0, session_micro=1),
    )
    for named, expected in ((energy, [("energy", at)]), (by_time, [])):
        tariff_id = named.tariff.tariff_id
        await provisioning.use_cases.sites.change_site(site.site_id, "owner", tariff_id=tariff_id)
        found = remarks.at_station(ID)
        assert [(each.component, each.since) for each in found] == expected
        assert remarks.by_tariff() == ({tariff_id: list(found)} if found else {})
        assert remarks.by_site() == ({site.site_id: list(found)} if found else {})
    await provisioning.use_cases.sites.change_site(site.site_id, "owner", tariff_id=energy.tariff.tariff_id)
    details = provisioning.details.details(ID)
    assert "W_NOT_MEASURED" in [each.code for each in details.remarks]
    provisioning.observed.note_untold(ID, {"idle": at})
    assert remarks.by_tariff() == {}
    assert remarks.at_station(StationId("cp-9")) == ()
