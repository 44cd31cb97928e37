"""A site is made ready before its stations are activated; who prepares none needs no step more."""

from datetime import date

import pytest

from csms.domain.station_events import StationEvent
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from provisioning.preparation import InstallPath, SiteVerdict
from provisioning.products.product import GuideKind
from provisioning.shipping import Entitlement, EntitlementKind
from provisioning.use_cases.preparing import Preparing
from tests.support.provisioning import World
from tests.support.scopes import EVERYTHING
from tests.support.stations import ScriptedStation

PRODUCT = "rivebleue-rb22"


async def prepared(preparing: Preparing, site_id: str) -> None:
    """All items, in the worst order: the guide last."""
    for item in ("space", "earth", "wall"):
        await preparing.answer(site_id, PRODUCT, item, SiteVerdict.OK, None, "sam")
    await preparing.measure(site_id, PRODUCT, -80, "Bell", "4", "sam")
    await preparing.read(site_id, PRODUCT, GuideKind.DESIGN, 1, "sam")


async def come_far(world: World, station: ScriptedStation) -> Lifecycle:
    """How far the station comes by itself."""
    for _ in range(20):
        await world.passes(15)
    return world.state(world.provisioning.resolver.resolve(station.identity))


async def test_a_station_waits_for_its_site(world: World, v201: ScriptedStation) -> None:
    """Claimed and approved in advance, and yet pending; with the last item it goes on by itself."""
    preparing = world.provisioning.use_cases.preparing
    station_id = await world.localized(v201)
    (site_id,) = world.provisioning.station_cache.sites
    await preparing.choose(site_id, InstallPath.CERTIFIED, [PRODUCT], "ann")
    assert await come_far(world, v201) is Lifecycle.LOCALIZED
    assert world.codes(station_id) == ["E_SITE_UNPREPARED"]
    await preparing.answer(site_id, PRODUCT, "earth", SiteVerdict.FAILED, "no conductor", "sam")
    assert world.codes(station_id) == ["E_SITE_UNSAFE"]
    await prepared(preparing, site_id)
    assert await come_far(world, v201) is Lifecycle.ACTIVE


async def test_a_bought_service_arms_the_approval(world: World, v201: ScriptedStation) -> None:
    """From the moment at which it was bought, and also after a restart."""
    provisioning = world.provisioning
    station_id = await world.localized(v201, activates_on_claim=False)
    (site_id,) = provisioning.station_cache.sites
    assert "E_SITE_NOT_APPROVED" not in world.codes(station_id)
    order_id = provisioning.station_cache.devices[station_id].order_id
    assert order_id is not None
    bought = Entitlement(
        entitlement_id="",
        order_id="",
        kind=EntitlementKind.INSTALLATION,
        count=1,
        starts_on=date(2026, 1, 1),
    )
    await provisioning.use_cases.delivering.entitle(order_id, bought, "ann")
    assert "E_SITE_NOT_APPROVED" in world.codes(station_id)
    await world.restart()
    assert "E_SITE_NOT_APPROVED" in world.codes(station_id)
    preparing = world.provisioning.use_cases.preparing
    with pytest.raises(ProvisioningProblem) as raised:
        await preparing.decide(site_id, "team", is_approved=True, note=None, is_team=True)
    assert raised.value.code is Code.PREPARATION_UNKNOWN
    await preparing.choose(site_id, InstallPath.SERVICES, [PRODUCT], "ann")
    await prepared(preparing, site_id)
    assert "E_SITE_NOT_APPROVED" in world.codes(station_id)
    after = await preparing.decide(site_id, "team", is_approved=True, note=None, is_team=True)
    assert "E_SITE_NOT_APPROVED" not in world.codes(station_id)
    assert preparing.facts(after) is not None


async def test_an_active_station_stays_so(world: World, v201: ScriptedStation) -> None:
    """A preparation that begins later takes nothing out of service; what was said outlives a restart."""
    station_id = await world.active(v201)
    (site_id,) = world.provisioning.station_cache.sites
    preparing = world.provisioning.use_cases.preparing
    await preparing.choose(site_id, InstallPath.CONTRACTOR, [PRODUCT], "ann")
    await prepared(preparing, site_id)
    await preparing.answer(site_id, PRODUCT, "wall", SiteVerdict.FAILED, "cracked", "sam")
    assert world.state(station_id) is Lifecycle.ACTIVE
    before = preparing.one(site_id)
    await world.restart()
    assert world.state(station_id) is Lifecycle.ACTIVE
    (after,) = world.provisioning.use_cases.preparing.every(EVERYTHING)
    assert set(after.answers) == set(before.answers)
    assert (after.signals, after.receipts, after.products) == (
        before.signals,
        before.receipts,
        before.products,
    )


async def test_a_later_fault_names_what_the_site_lacked(world: World, v201: ScriptedStation) -> None:
    """Until it is mended, and answered again."""
    station_id = await world.active(v201)
    (site_id,) = world.provisioning.station_cache.sites
    preparing, details = world.provisioning.use_cases.preparing, world.provisioning.details.details
    await preparing.choose(site_id, InstallPath.CERTIFIED, [PRODUCT], "ann")
    at = world.clock.now()
    told = {"evse_id": 1, "connector_id": 1, "reported": "Faulted", "info": None, "error_code": None}
    faulted = StationEvent("connector.status", station_id, at, told | {"status": "Faulted"})
    world.provisioning.observed.status_reported(faulted)
    assert [each.code for each in details(station_id).remarks] == ["E_FAULTED"]
    await preparing.answer(site_id, PRODUCT, "earth", SiteVerdict.FAILED, None, "sam")
    assert [each.code for each in details(station_id).remarks] == ["E_FAULTED", "W_SITE_ITEM_FAILED"]
    await preparing.answer(site_id, PRODUCT, "earth", SiteVerdict.OK, None, "sam")
    assert [each.code for each in details(station_id).remarks] == ["E_FAULTED"]


async def test_one_that_was_begun_by_mistake_is_ended(world: World, v201: ScriptedStation) -> None:
    """The station goes on; nothing is asked for any more, also after a restart."""
    await world.localized(v201)
    (site_id,) = world.provisioning.station_cache.sites
    preparing = world.provisioning.use_cases.preparing
    await preparing.choose(site_id, InstallPath.CERTIFIED, [PRODUCT], "ann")
    await preparing.answer(site_id, PRODUCT, "wall", SiteVerdict.FAILED, None, "sam")
    await preparing.end(site_id, "team", is_team=True)
    assert await come_far(world, v201) is Lifecycle.ACTIVE
    await world.restart()
    with pytest.raises(ProvisioningProblem, match="E_PREPARATION_UNKNOWN"):
        world.provisioning.use_cases.preparing.one(site_id)


async def test_a_site_that_there_is_not_is_not_prepared(world: World) -> None:
    """Neither chosen nor read."""
    preparing = world.provisioning.use_cases.preparing
    with pytest.raises(ProvisioningProblem, match="E_SITE_UNKNOWN"):
        await preparing.choose("nowhere", InstallPath.PARTNER, [PRODUCT], "ann")
    with pytest.raises(ProvisioningProblem, match="E_SITE_UNKNOWN"):
        preparing.one("nowhere")
