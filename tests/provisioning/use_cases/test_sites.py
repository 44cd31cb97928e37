"""What a manager sets up: sites, places, tariffs, hours; names are taken once, and mistakes are said."""

import asyncio
from datetime import time

import pytest

from charging.calendar import Period
from charging.tariff import Tariff, Tax
from ocppj.vocabulary import IdToken
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Place, Site
from provisioning.use_cases.sites import opening_hours
from tests.support.provisioning import ID, MAC, World

DAY = (Period(time(8), time(21)),)


async def refusal(work: object) -> ProvisioningProblem:
    """The problem that `work` ends with."""
    with pytest.raises(ProvisioningProblem) as raised:
        await work  # type: ignore[misc] # a coroutine
    return raised.value


async def test_a_site_is_kept_as_it_was_given(world: World) -> None:
    """Under an id of its own; also after a restart."""
    tariff = await world.tariff()
    made = await world.site(
        address="1 rue du Quai", tariff_id=tariff.tariff.tariff_id, is_list_exclusive=True
    )
    await world.tokens(made, 2)
    await world.provisioning.use_cases.sites.set_hours(made.site_id, (DAY,) * 7, {"2026-07-01": ()}, "owner")
    known = world.provisioning.use_cases.sites.site(made.site_id)
    assert known.address == "1 rue du Quai"
    assert known.is_list_exclusive
    assert known.tokens == (IdToken("TAG00000"), IdToken("TAG00001"))
    await world.restart()
    assert world.provisioning.use_cases.sites.site(made.site_id) == known


@pytest.mark.requirement("R38", "refuses")
async def test_names_are_taken_once_whatever_their_case(world: World) -> None:
    """Of sites, of places on one site, of tariffs."""
    site, other = await world.site(), await world.site(name="Baie")
    sites = world.provisioning.use_cases.sites
    assert (await refusal(sites.add_site(Site("", "PORT", "UTC")))).code is Code.NAME_TAKEN
    assert (await refusal(sites.change_site(other.site_id, "o", name="port"))).code is Code.NAME_TAKEN
    await sites.change_site(other.site_id, "o", name="BAIE")
    await sites.add_place(Place("", site.site_id, "P1"))
    assert (await refusal(sites.add_place(Place("", site.site_id, "p1")))).code is Code.NAME_TAKEN
    await sites.add_place(Place("", other.site_id, "P1"))
    await world.tariff()
    assert (await refusal(world.tariff(name="DAY"))).code is Code.NAME_TAKEN


async def test_what_does_not_exist_is_said_so(world: World) -> None:
    """Zone, tariff, site, place."""
    sites = world.provisioning.use_cases.sites
    site = await world.site()
    assert (await refusal(sites.add_site(Site("", "A", "Mars/Olympus")))).code is Code.ZONE_UNKNOWN
    assert (await refusal(sites.add_site(Site("", "A", "../etc/passwd")))).code is Code.ZONE_UNKNOWN
    assert (await refusal(sites.add_site(Site("", "A", "UTC", tariff_id="x")))).code is Code.TARIFF_UNKNOWN
    for change, code in (
        ({"zone": "x"}, Code.ZONE_UNKNOWN),
        ({"tariff_id": "x"}, Code.TARIFF_UNKNOWN),
    ):
        assert (await refusal(sites.change_site(site.site_id, "o", **change))).code is code
    assert (await refusal(sites.change_site("x", "o", name="y"))).code is Code.SITE_UNKNOWN
    assert (await refusal(sites.add_place(Place("", "x", "P1")))).code is Code.SITE_UNKNOWN
    assert (await refusal(sites.change_place("x", "o", name="y"))).code is Code.PLACE_UNKNOWN
    assert (await refusal(sites.set_tokens("x", (), "o"))).code is Code.SITE_UNKNOWN
    assert (await refusal(sites.set_hours("x", None, {}, "o"))).code is Code.SITE_UNKNOWN
    assert len(world.provisioning.station_cache.sites) == 1


async def test_parallel_changes_of_one_site_all_count(world: World) -> None:
    """Each starts from what is stored at that moment."""
    site = await world.site()
    sites = world.provisioning.use_cases.sites
    await asyncio.gather(
        sites.change_site(site.site_id, "a", name="Quai"),
        sites.change_site(site.site_id, "b", address="1 rue du Quai"),
        sites.change_site(site.site_id, "c", activates_on_claim=False),
    )
    known = sites.site(site.site_id)
    assert (known.name, known.address, known.activates_on_claim) == ("Quai", "1 rue du Quai", False)


@pytest.mark.requirement("R38", "passes")
async def test_a_place_is_renamed_and_moved(world: World) -> None:
    """Its site stays; what is not given stays."""
    site = await world.site()
    sites = world.provisioning.use_cases.sites
    made = await sites.add_place(Place("", site.site_id, "P1", 1.0, 2.0, "1"))
    await sites.add_place(Place("", site.site_id, "P2"))
    changed = await sites.change_place(made.place_id, "owner", name="Quai nord", floor=None)
    assert changed == Place(made.place_id, site.site_id, "Quai nord", 1.0, 2.0, None)
    assert world.provisioning.station_cache.places[made.place_id] == changed
    assert (await refusal(sites.change_place(made.place_id, "o", name="p2"))).code is Code.NAME_TAKEN


async def test_a_tariff_with_taxes_is_kept_exactly(world: World) -> None:
    """Also after a restart."""
    taxes = (Tax("TPS", 5_000), Tax("TVQ", 9_975, on=frozenset({"energy", "time"})))
    named = await world.tariff(taxes=taxes, min_micro=500_000)
    assert named.tariff.taxes == taxes
    await world.restart()
    assert world.provisioning.station_cache.tariffs[named.tariff.tariff_id] == named
    assert isinstance(named.tariff, Tariff)


async def test_a_list_holds_each_token_once(world: World) -> None:
    """Upper and lower case are the same token."""
    site = await world.site()
    sites = world.provisioning.use_cases.sites
    await sites.set_tokens(site.site_id, (IdToken("04ab"), IdToken("04AB"), IdToken("04AC")), "owner")
    assert len(sites.site(site.site_id).tokens) == 2


def test_hours_that_contradict_themselves_are_said_so() -> None:
    """Six days make no week."""
    with pytest.raises(ProvisioningProblem) as raised:
        opening_hours("UTC", (DAY,) * 6, {})
    assert raised.value.code is Code.HOURS_INVALID
    with pytest.raises(ProvisioningProblem):
        opening_hours("UTC", None, {"tomorrow": DAY})
    assert opening_hours("UTC", None, {"2026-07-01": DAY}).exceptions[0][1] == DAY


async def test_who_changed_the_place_of_a_station_is_kept(world: World) -> None:
    """With the station that is there; an empty place, or a name that is taken, is nobody's."""
    sites = world.provisioning.use_cases.sites
    site = await world.site(activates_on_claim=False)
    empty = await sites.add_place(Place("", site.site_id, "P9", 1.0, 2.0))
    await world.order(MAC)
    await world.claim(site_id=site.site_id)
    place = world.provisioning.station_cache.place_of(ID)
    assert place is not None
    await refusal(sites.change_place(place.place_id, "mia", name="P9"))
    await sites.change_place(empty.place_id, "mia", name="P8")
    await sites.change_place(place.place_id, "mia", name="P2")
    assert (await world.acts())[2:] == [("mia", "place-changed", "P2", None)]
