"""Claiming with MAC and code, adopting what nobody ordered, and taking a station away again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.claimant import Claimant
from provisioning.errors import ClaimRefused, ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from provisioning.rules.claim_limits import CLAIM_TRIES
from provisioning.rules.localization import Claim
from provisioning.rules.positions import Position
from provisioning.use_cases.purchasing import OrderLine
from tests.support.provisioning import CODE, ID, MAC, World
from tests.support.scopes import EVERYTHING
from tests.support.stations import ScriptedStation

OTHER = "02:B0:16:00:00:01"


async def refusal(work: object) -> ProvisioningProblem:
    """The problem that `work` ends with."""
    with pytest.raises(ProvisioningProblem) as raised:
        await work  # type: ignore[misc] # a coroutine
    return raised.value


@pytest.fixture
async def ordered(world: World) -> World:
    """One site, one ordered box."""
    await world.site()
    await world.order(MAC)
    return world


@pytest.mark.requirement("R31", "passes")
async def test_a_claim_puts_the_box_at_a_pinned_place(ordered: World) -> None:
    """With its name; who did it is kept."""
    assert await ordered.claim(floor="P1") == ID
    place = ordered.provisioning.station_cache.place_of(ID)
    assert place is not None
    assert (place.name, place.latitude, place.longitude, place.floor) == ("P1", 45.5, -73.6, "P1")
    (tried,) = await ordered.provisioning.use_cases.localization.claims(EVERYTHING)
    assert (tried.account, tried.is_granted, tried.place_id) == ("sam", True, place.place_id)


@pytest.mark.requirement("R35", "passes")
@pytest.mark.parametrize("mac", ["0024b10000029f81", "00-24-B1-00-00-02-9F-81", "0024.B100.0002.9F81"])
@pytest.mark.parametrize("code", ["k7qm4t2x", "K7QM 4T2X"])
async def test_any_spelling_is_the_same_claim(ordered: World, mac: str, code: str) -> None:
    """It is typed on a phone, in the dark."""
    assert await ordered.claim(mac, code) == ID


@pytest.mark.requirement("R28", "refuses")
@pytest.mark.requirement("R35", "refuses")
async def test_a_claim_needs_a_registered_installer(ordered: World) -> None:
    """R28; the try does not count, and the way out is told. The team needs none."""
    localization = ordered.provisioning.use_cases.localization
    claim = Claim(MAC, CODE, Position(name="P1", latitude=1.0, longitude=2.0))
    problem = await refusal(localization.claim(claim, Claimant("sam", EVERYTHING)))
    assert problem.code is Code.INSTALLER_ACCOUNT
    assert "sam is none" in problem.blocker.text.en
    assert "POST /api/v1/installers" in problem.blocker.way_out.route
    assert await localization.claims(EVERYTHING) == []
    installer = await ordered.provisioning.use_cases.purchasing.register_installer("Sam", "sam", None, None)
    assert await localization.claim(claim, Claimant("sam", EVERYTHING)) == ID
    assert (await localization.claims(EVERYTHING))[0].installer_id == installer.installer_id


@pytest.mark.requirement("R31", "refuses")
async def test_a_wrong_mac_and_a_wrong_code_look_the_same(ordered: World) -> None:
    """Neither answer tells which of the two was wrong; near MACs are for people."""
    unknown = await refusal(ordered.claim("0024:B100:0002:9F82", CODE))
    wrong = await refusal(ordered.claim(MAC, "AAAA-BBBB", by="kim"))
    assert type(unknown) is type(wrong) is ClaimRefused
    assert unknown.blocker == wrong.blocker
    assert unknown.near == ("0024:B100:0002:9F81",)
    assert wrong.near == ()


async def test_the_tries_left_are_told_and_then_it_is_locked(ordered: World) -> None:
    """Five wrong tries lock the station and the account for a day; the right code does not open it then."""
    for left in (4, 3, 2, 1, 0):
        problem = await refusal(ordered.claim(code="AAAA-BBBB"))
        assert f"tries left: {left}" in problem.blocker.text.en
    locked = await refusal(ordered.claim())
    assert locked.code is Code.CLAIM_LOCKED
    assert "unlocks in 24 h" in locked.blocker.text.en
    assert locked.status == 429
    await ordered.clock.advance(timedelta(hours=23, minutes=30).total_seconds())
    assert "unlocks in 1 h" in (await refusal(ordered.claim())).blocker.text.en
    await ordered.clock.advance(1801)
    assert await ordered.claim() == ID


async def test_the_account_is_locked_for_other_stations_and_the_station_for_other_accounts(
    ordered: World,
) -> None:
    """Guessing goes on nowhere."""
    await ordered.order(OTHER)
    for _ in range(CLAIM_TRIES):
        await refusal(ordered.claim(code="AAAA-BBBB"))
    assert (await refusal(ordered.claim(OTHER))).code is Code.CLAIM_LOCKED
    assert (await refusal(ordered.claim(by="kim"))).code is Code.CLAIM_LOCKED
    assert await ordered.claim(OTHER, by="kim") == "02b016000001"


async def test_parallel_guesses_count_too(ordered: World) -> None:
    """Fifty at once are five."""
    results = await asyncio.gather(
        *(ordered.claim(code=f"AAAA-{n:04}") for n in range(50)), return_exceptions=True
    )
    codes = [each.code for each in results if isinstance(each, ProvisioningProblem)]
    assert codes.count(Code.CLAIM_LOCKED) == 45


@pytest.mark.parametrize("target", [MAC, "0024b10000029f81", "sam"])
async def test_the_team_unlocks(ordered: World, target: str) -> None:
    """A station in any spelling, or an account; both were locked by the same tries."""
    for _ in range(CLAIM_TRIES):
        await refusal(ordered.claim(code="AAAA-BBBB"))
    assert await ordered.provisioning.use_cases.localization.unlock(target) == CLAIM_TRIES
    assert await ordered.claim() == ID


async def test_a_box_without_a_mac_is_unlocked_by_its_identity(world: World) -> None:
    """Whatever its case."""
    await world.site()
    line = OrderLine(identity="CP-42", claim_code=CODE)
    await world.provisioning.use_cases.purchasing.order("PO", [line], None, "owner")
    for _ in range(CLAIM_TRIES):
        await refusal(world.claim("CP-42", "AAAA-BBBB"))
    assert await world.provisioning.use_cases.localization.unlock("Cp-42") == CLAIM_TRIES
    assert await world.claim("cp-42") == "cp-42"


async def test_a_code_with_a_typing_error_is_called_so(world: World) -> None:
    """Codes made here end with a check character; the try counts all the same."""
    await world.site()
    purchasing = world.provisioning.use_cases.purchasing
    _, (box,) = await purchasing.order("PO", [OrderLine(mac=MAC)], None, "owner")
    wrong = ("0" if box.claim_code[0] != "0" else "1") + box.claim_code[1:]
    problem = await refusal(world.claim(code=wrong))
    assert problem.code is Code.CLAIM_MISTYPED
    assert "tries left: 4" in problem.blocker.text.en
    assert await world.claim(code=box.claim_code) == ID


async def test_a_claim_sent_twice_is_granted_twice(ordered: World) -> None:
    """The phone lost the answer: no error, no second place."""
    await ordered.claim()
    run = ordered.provisioning.station_cache.runs.get(ID)
    assert await ordered.claim() == ID
    assert len(ordered.provisioning.station_cache.places) == 1
    assert ordered.provisioning.station_cache.runs.get(ID) == run


async def test_a_station_at_one_place_is_not_claimed_at_another(ordered: World) -> None:
    """It has to be released first; the installer is told where it is and how."""
    await ordered.claim()
    problem = await refusal(ordered.claim(name="P2"))
    assert problem.code is Code.MAC_IN_USE
    assert problem.blocker.text.en == "This station is already at P1; swap?"
    assert problem.blocker.way_out.command == f"ctl delete /stations/{ID}/assignment"
    assert len(ordered.provisioning.station_cache.places) == 1


async def test_a_place_has_one_station(ordered: World) -> None:
    """Whether it is named by its id or by its name; the other station is named."""
    await ordered.order(OTHER)
    await ordered.claim()
    place = ordered.provisioning.station_cache.place_of(ID)
    assert place is not None
    positions: tuple[dict[str, Any], ...] = ({"name": "p1"}, {"place_id": place.place_id})
    for position in positions:
        problem = await refusal(ordered.claim(OTHER, **position))
        assert problem.code is Code.PLACE_TAKEN
        assert "0024:B100:0002:9F81" in problem.blocker.text.en


async def test_two_installers_at_one_place_at_once(ordered: World) -> None:
    """One gets it."""
    await ordered.order(OTHER)
    results = await asyncio.gather(ordered.claim(), ordered.claim(OTHER, by="kim"), return_exceptions=True)
    assert sum(isinstance(each, str) for each in results) == 1
    assert [each.code for each in results if isinstance(each, ProvisioningProblem)] == [Code.PLACE_TAKEN]


async def test_a_refused_claim_stores_no_place(ordered: World) -> None:
    """Only its try."""
    await refusal(ordered.claim(code="AAAA-BBBB"))
    assert ordered.provisioning.station_cache.places == {}
    (tried,) = await ordered.provisioning.use_cases.localization.claims(EVERYTHING)
    assert tried.is_granted is False


async def test_the_site_is_found_where_there_is_one(world: World) -> None:
    """With none or several, it has to be said which."""
    await world.order(MAC)
    assert (await refusal(world.claim())).code is Code.SITE_MISSING
    first = await world.site()
    await world.site(name="Baie")
    problem = await refusal(world.claim())
    assert (problem.code, problem.fields["count"]) == (Code.SITE_MISSING, 2)
    assert (await refusal(world.claim(site_id="nowhere"))).code is Code.SITE_UNKNOWN
    assert (await refusal(world.claim(place_id="nowhere"))).code is Code.PLACE_UNKNOWN
    assert await world.claim(site_id=first.site_id) == ID


async def test_what_is_no_mac_is_said_so(ordered: World) -> None:
    """In French too, with the near ones; it counts as no try."""
    problem = await refusal(ordered.claim("0024:B1OO:OOO2:9F81"))
    assert problem.code is Code.MAC_INVALID
    assert problem.near == ("0024:B100:0002:9F81",)
    assert "il faut 12 ou 16 chiffres hexadécimaux" in problem.blocker.text.fr
    assert await ordered.provisioning.use_cases.localization.claims(EVERYTHING) == []


async def test_a_claim_and_the_wish_to_activate_are_one_transaction(ordered: World) -> None:
    """A crash between the two would leave a station that nobody activates."""
    await ordered.claim()
    assert ordered.device().requested_at is not None
    assert ordered.run().requested_by == "sam"
    await ordered.restart()
    assert ordered.device().requested_at is not None
    assert ordered.run().current is not None


async def test_an_administrator_adopts_what_nobody_ordered(world: World, v201: ScriptedStation) -> None:
    """It leaves quarantine with a claim code for the installer, told once."""
    await world.site()
    await world.stations.connect(v201)
    localization = world.provisioning.use_cases.localization
    adopted = await localization.adopt(MAC, None, "found in the yard", "admin", EVERYTHING)
    assert adopted.station_id == ID
    assert adopted.claim_code is not None
    assert adopted.claim_code not in repr(adopted)
    assert world.state() is Lifecycle.POWERED
    (kept,) = await localization.adoptions(EVERYTHING)
    assert (kept.made_by, kept.note) == ("admin", "found in the yard")
    assert await world.claim(code=adopted.claim_code) == ID


async def test_an_adoption_at_a_place_needs_no_code(world: World, v201: ScriptedStation) -> None:
    """The administrator stands in for the installer; it is activated at once where that is approved."""
    site = await world.site()
    await world.stations.connect(v201)
    position = Position(site_id=site.site_id, name="P1", latitude=1.0, longitude=2.0)
    adopted = await world.provisioning.use_cases.localization.adopt(MAC, position, None, "admin", EVERYTHING)
    assert adopted.claim_code is None
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_an_ordered_station_needs_no_adoption(ordered: World) -> None:
    """Its label's code would be worth nothing any more; for a lost label the other way is told."""
    localization = ordered.provisioning.use_cases.localization
    problem = await refusal(localization.adopt(MAC, None, None, "admin", EVERYTHING))
    assert problem.code is Code.ALREADY_ORDERED
    assert f"/stations/{ID}/claim-code" in problem.blocker.way_out.route
    assert await ordered.claim() == ID


async def test_an_ordered_station_can_be_put_at_a_place_by_the_team(ordered: World) -> None:
    """Appendix C: the activation team may bind."""
    position = Position(name="P1", latitude=1.0, longitude=2.0)
    await ordered.provisioning.use_cases.localization.adopt(MAC, position, None, "admin", EVERYTHING)
    assert ordered.device().place_id is not None


async def test_a_station_can_be_adopted_before_it_ever_connects(world: World) -> None:
    """By a name that it can connect with."""
    localization = world.provisioning.use_cases.localization
    await localization.adopt("02:B0:16:00:00:01", None, None, "admin", EVERYTHING)
    assert world.state(StationId("02b016000001")) is Lifecycle.ORDERED
    for name, code in (
        ("a b", Code.IDENTITY_INVALID),
        ("ff:ff:ff:ff:ff:ff", Code.MAC_INVALID),
        ("a:b", Code.MAC_INVALID),
    ):
        assert (await refusal(localization.adopt(name, None, None, "admin", EVERYTHING))).code is code


async def test_adopting_again_gives_another_code(world: World) -> None:
    """The first may be lost."""
    localization = world.provisioning.use_cases.localization
    await world.site()
    first = await localization.adopt(MAC, None, None, "admin", EVERYTHING)
    second = await localization.adopt(MAC, None, None, "admin", EVERYTHING)
    assert first.claim_code != second.claim_code
    await refusal(world.claim(code=first.claim_code or ""))
    assert await world.claim(code=second.claim_code or "") == ID


async def test_an_adopted_station_at_a_place_is_given_no_second_code(world: World) -> None:
    """Its code is spent."""
    localization = world.provisioning.use_cases.localization
    await world.site()
    first = await localization.adopt(MAC, None, None, "admin", EVERYTHING)
    await world.claim(code=first.claim_code or "")
    problem = await refusal(localization.adopt(MAC, None, None, "admin", EVERYTHING))
    assert problem.code is Code.STILL_ASSIGNED
    assert "/assignment" in problem.blocker.way_out.route


async def test_a_station_taken_away_can_be_claimed_elsewhere(world: World, v201: ScriptedStation) -> None:
    """It has to be activated anew; where it was is kept, and its place is free for another box."""
    await world.active(v201)
    localization = world.provisioning.use_cases.localization
    assert await localization.remove_from_place(ID, "sam")
    assert not await localization.remove_from_place(ID, "sam")
    assert world.state() is Lifecycle.POWERED
    assert world.provisioning.details.details(ID).activation is None
    await world.order(OTHER)
    assert await world.claim(OTHER, name="P1") == "02b016000001"
    await world.claim(name="P2")
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE
    rows = await world.database.run_read(
        lambda c: c.exec_driver_sql(
            "select station_id, ends_at is null from assignments order by starts_at, ends_at is null"
        ).all()
    )
    assert sorted(map(tuple, rows)) == [("0024b10000029f81", 0), ("0024b10000029f81", 1), ("02b016000001", 1)]
    assert (await refusal(localization.remove_from_place(StationId("x"), "sam"))).code is Code.STATION_UNKNOWN


async def test_the_secret_stays_with_the_box(world: World, station: ScriptedStation) -> None:
    """A box that moves keeps its credential: nobody can come under its name meanwhile."""
    await world.active(station)
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    world.stations.drop(ID)
    station.password = None
    assert await world.stations.connect(station) is None


async def test_claim_codes_stay_out_of_reprs() -> None:
    """A traceback must not show them."""
    assert CODE not in repr(Claim(MAC, CODE, Position()))


async def test_who_put_a_station_where_is_kept(ordered: World) -> None:
    """A refused claim did nothing, nor did taking away what is nowhere."""
    localization = ordered.provisioning.use_cases.localization
    await refusal(ordered.claim(code="AAAA-BBBB"))
    await ordered.claim(by="sam")
    for _ in range(2):
        await localization.remove_from_place(ID, "kim")
    where = Position(name="P2", latitude=1.0, longitude=2.0)
    await localization.adopt(MAC, where, "the label is gone", "ann", EVERYTHING)
    assert await ordered.acts() == [
        ("owner", "ordered", None, None),
        ("sam", "claimed", "P1", None),
        ("kim", "taken-away", None, None),
        ("ann", "adopted", "P2", "the label is gone"),
    ]
    await localization.adopt(OTHER, None, None, "ann", EVERYTHING)
    assert await ordered.acts(StationId("02b016000001")) == [("ann", "adopted", None, None)]
