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
    await world.provisioning.office.localization.take_away(ID, "sam")
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
    site = world.provisioning.directory.site_of(ID)
    assert site is not None
    await world.provisioning.office.sites.change_site(
        site.site_id, "owner", tariff_id=tariff.tariff.tariff_id
    )
    assert await world.provisioning.tariffs.tariff_for(ID) == tariff.tariff
