"""Boxes change places; what belongs to the place stays there."""

import pytest
from sqlalchemy import select

from access.principals import AccessScope
from ocppj.versions import OcppVersion
from ocppj.vocabulary import IdToken, StationId
from provisioning.blockers import Code
from provisioning.claimant import Claimant
from provisioning.errors import ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from provisioning.storage.tables import assignments
from tests.support.provisioning import CODE, ID, MAC, World
from tests.support.scopes import EVERYTHING
from tests.support.stations import ScriptedStation

OTHER_MAC, OTHER = "02:B0:16:00:00:01", StationId("02b016000001")
NEW_MAC, NEW = "02:B0:16:00:00:02", StationId("02b016000002")
THIRD_MAC, THIRD = "02:B0:16:00:00:03", StationId("02b016000003")


async def refused(work: object) -> Code:
    """The code that `work` is refused with."""
    with pytest.raises(ProvisioningProblem) as raised:
        await work  # type: ignore[misc] # a coroutine
    return raised.value.code


@pytest.fixture
async def two(world: World) -> World:
    """Two boxes at two places of a site, and a third one in its carton."""
    await world.site(activates_on_claim=False)
    await world.order(MAC, OTHER_MAC, NEW_MAC)
    await world.claim()
    await world.claim(OTHER_MAC, name="P2")
    return world


def places(world: World) -> dict[StationId, str | None]:
    """Who is where."""
    found = {each: world.provisioning.station_cache.place_of(each) for each in (ID, OTHER, NEW)}
    return {each: place.name if place else None for each, place in found.items()}


async def history(world: World, station_id: StationId) -> list[tuple[str, bool]]:
    """Its assignments: why each began, and whether it is open."""
    query = select(assignments).where(assignments.c.station_id == station_id).order_by(assignments.c.ends_at)
    return sorted(
        ((row.reason, row.ends_at is None) for row in await world.database.fetch_all(query)),
        key=lambda each: each[1],
    )


async def test_two_boxes_change_places(two: World) -> None:
    """Both assignments are dated, and who did it is kept with each; also after a restart."""
    await two.provisioning.use_cases.exchanging.exchange(ID, OTHER, "sam")
    for _ in range(2):
        assert places(two) == {ID: "P2", OTHER: "P1", NEW: None}
        await two.restart()
    for station_id, place in ((ID, "P2"), (OTHER, "P1")):
        assert await history(two, station_id) == [("localized", False), ("exchanged", True)]
        assert (await two.acts(station_id))[-1] == ("sam", "exchanged", place, None)
        assert two.provisioning.station_cache.station_at(two.device(station_id).place_id or "") == station_id


async def test_what_differs_at_the_other_site_is_sent(world: World) -> None:
    """Tariff, clock and list; nothing where the site is the same."""
    tariff = await world.tariff()
    quay = await world.site(name="Quay", zone="America/Vancouver", tariff_id=tariff.tariff.tariff_id)
    await world.provisioning.use_cases.sites.set_tokens(quay.site_id, (IdToken("TAG1"),), "ann")
    station = ScriptedStation(MAC, OcppVersion.V201)
    await world.active(station)
    await world.order(OTHER_MAC)
    await world.claim(OTHER_MAC, site_id=quay.site_id, name="Q1")
    before = world.run()
    await world.provisioning.use_cases.exchanging.exchange(ID, OTHER, "sam")
    asked = (await world.acts())[-1]
    assert asked[1] == "activation-asked-for"
    assert set((asked[2] or "").split()) == {"clock", "tariff", "access_list"}
    await world.passes(120)
    again = [
        new.step.value
        for old, new in zip(before.steps, world.run().steps, strict=True)
        if new.requests > old.requests
    ]
    assert {"clock", "tariff", "access_list"} <= set(again)
    assert "credential" not in again
    assert world.run().finished_at is not None
    assert world.state() is Lifecycle.ACTIVE


async def test_only_placed_boxes_are_exchanged(two: World) -> None:
    """And no box with itself."""
    exchange = two.provisioning.use_cases.exchanging.exchange
    assert await refused(exchange(ID, ID, "sam")) is Code.SAME_STATION
    assert await refused(exchange(ID, NEW, "sam")) is Code.NOT_LOCALIZED
    assert await refused(exchange(NEW, ID, "sam")) is Code.NOT_LOCALIZED
    assert await refused(exchange(ID, StationId("nobody"), "sam")) is Code.STATION_UNKNOWN
    assert places(two) == {ID: "P1", OTHER: "P2", NEW: None}


BOTH = AccessScope(frozenset({"default", "autre"}))


async def test_boxes_of_two_organisations_are_not_exchanged(world: World) -> None:
    """Whoever asks may claim in both: theirs were not claimed the wrong way round."""
    for number, (mac, organisation) in enumerate(((MAC, "default"), (OTHER_MAC, "autre"))):
        site = await world.site(name=f"S{number}", organisation_id=organisation)
        await world.order(mac)
        await world.claim(mac, site_id=site.site_id, name=f"P{number}", scope=BOTH)
    exchange = world.provisioning.use_cases.exchanging.exchange
    assert await refused(exchange(ID, OTHER, "sam")) is Code.STATION_UNKNOWN


async def swap(
    world: World, code: str = CODE, mac: str = NEW_MAC, scope: AccessScope = EVERYTHING
) -> StationId:
    """A new box takes the first one's place."""
    swapped = world.provisioning.use_cases.exchanging.swap
    return await swapped(ID, mac, code, Claimant("sam", scope, needs_installer=False))


async def test_a_new_box_takes_the_place_of_a_defective_one(two: World) -> None:
    """Sent twice it is the same; the old one can be claimed elsewhere."""
    place = two.provisioning.station_cache.place_of(ID)
    for _ in range(2):
        assert await swap(two) == NEW
        assert places(two) == {ID: None, OTHER: "P2", NEW: "P1"}
    assert two.provisioning.station_cache.place_of(NEW) == place
    assert (await two.acts())[-1] == ("sam", "swapped", NEW, None)
    assert await two.claim(name="P3") == ID


async def test_a_swap_is_a_claim(two: World) -> None:
    """A wrong code changes nothing, and counts."""
    assert await refused(swap(two, "AAAA-BBBB")) is Code.CLAIM_REFUSED
    assert await refused(swap(two, mac=OTHER_MAC)) is Code.MAC_IN_USE
    assert await refused(swap(two, mac=MAC)) is Code.SAME_STATION
    assert await refused(swap(two, scope=AccessScope(frozenset({"autre"})))) is Code.PLACE_UNKNOWN
    assert places(two) == {ID: "P1", OTHER: "P2", NEW: None}
    never = two.provisioning.use_cases.exchanging.swap(NEW, OTHER_MAC, CODE, Claimant("sam", EVERYTHING))
    assert await refused(never) is Code.NOT_LOCALIZED


async def test_a_box_that_was_taken_away_is_not_swapped(two: World) -> None:
    """Its last place is named: the new box is claimed for it, or not. Whoever is there by now keeps it."""
    here = two.provisioning.station_cache.place_of(ID)
    assert here is not None
    await two.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    with pytest.raises(ProvisioningProblem) as raised:
        await swap(two)
    assert (raised.value.code, raised.value.fields["place"]) == (Code.PLACE_LEFT, "P1")
    assert places(two) == {ID: None, OTHER: "P2", NEW: None}
    await two.order(THIRD_MAC)
    await two.claim(THIRD_MAC, place_id=here.place_id)
    assert await refused(swap(two)) is Code.PLACE_TAKEN
    assert two.provisioning.station_cache.station_at(here.place_id) == THIRD


async def test_who_wanted_the_old_box_active_wants_the_new_one_so(two: World) -> None:
    """Also where the manager did not approve in advance."""
    await two.provisioning.use_cases.operation.activate(ID, "ann")
    await swap(two)
    assert two.device(NEW).requested_at is not None
    assert two.device(ID).requested_at is None
