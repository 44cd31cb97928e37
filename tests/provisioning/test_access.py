"""Who may charge where and when, on top of the token's own verdict."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charging.calendar import OpeningHours, Period
from ocppj.vocabulary import (
    AuthorizationStatus,
    Availability,
    IdToken,
    IdTokenInfo,
    RegistrationStatus,
    StationId,
)
from provisioning.access import SiteAccess
from tests.support.provisioning import ID, World
from tests.support.stations import BOOT, ScriptedStation

NOON = datetime(2026, 1, 5, 17, 0, tzinfo=UTC)
EARLY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LATE = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
KNOWN = IdTokenInfo(AuthorizationStatus.ACCEPTED, group_id_token="STAFF")
UNKNOWN = IdTokenInfo(AuthorizationStatus.UNKNOWN)
DAY = OpeningHours(ZoneInfo("America/Montreal"), ((Period(time(8), time(21)),),) * 7)
LISTED, OTHER = IdToken("04a1b2c3"), IdToken("04FFFFFF")


async def ask(world: World, token: IdToken, info: IdTokenInfo, at: datetime = NOON) -> IdTokenInfo:
    """The verdict at the station."""
    return await world.provisioning.authorization.authorize(ID, 1, token, info, at)


async def _listed(world: World, *, is_exclusive: bool = False) -> None:
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    sites = world.provisioning.use_cases.sites
    await sites.set_tokens(site.site_id, (IdToken("04A1B2C3"),), "owner")
    await sites.change_site(site.site_id, "owner", is_list_exclusive=is_exclusive)


@pytest.mark.requirement("R36", "passes")
async def test_at_an_active_station_the_tokens_own_verdict_holds(world: World, v201: ScriptedStation) -> None:
    """With its group."""
    await world.active(v201)
    assert await ask(world, OTHER, KNOWN) == KNOWN
    assert await ask(world, OTHER, UNKNOWN) == UNKNOWN


async def test_a_listed_token_is_accepted_whatever_its_case(world: World, v201: ScriptedStation) -> None:
    """The list comes on top; what the central system blocked stays blocked."""
    await world.active(v201)
    await _listed(world)
    assert (await ask(world, LISTED, UNKNOWN)).status is AuthorizationStatus.ACCEPTED
    assert await ask(world, OTHER, UNKNOWN) == UNKNOWN
    blocked = IdTokenInfo(AuthorizationStatus.BLOCKED)
    assert await ask(world, LISTED, blocked) == blocked


async def test_a_listed_token_is_listed_with_its_type(world: World, v201: ScriptedStation) -> None:
    """Another type is another token; 1.6 tells none, and means the listed one."""
    await world.active(v201)
    await _listed(world)
    assert await ask(world, IdToken("04a1b2c3", "KeyCode"), UNKNOWN) == UNKNOWN
    plain = IdToken("04a1b2c3", "KeyCode", has_type=False)
    assert (await ask(world, plain, UNKNOWN)).status is AuthorizationStatus.ACCEPTED


async def test_an_exclusive_list_keeps_everybody_else_out(world: World, v201: ScriptedStation) -> None:
    """A valid token, but not at this location."""
    await world.active(v201)
    await _listed(world, is_exclusive=True)
    assert (await ask(world, OTHER, KNOWN)).status is AuthorizationStatus.NOT_AT_THIS_LOCATION
    assert await ask(world, LISTED, KNOWN) == KNOWN


@pytest.mark.requirement("R42", "refuses")
@pytest.mark.parametrize(
    ("at", "message"),
    [
        (EARLY, "Fermé, ouvre à 08:00 / Closed, opens at 08:00"),
        (LATE, "Fermé, ouvre à 2026-01-06 08:00 / Closed, opens at 2026-01-06 08:00"),
    ],
    ids=["this morning", "tomorrow"],
)
async def test_nobody_charges_while_it_is_closed(
    world: World, v201: ScriptedStation, at: datetime, message: str
) -> None:
    """The screen says when it opens, with the day if it is not today."""
    await world.active(v201, hours=DAY)
    verdict = await ask(world, OTHER, KNOWN, at)
    assert (verdict.status, verdict.message) == (AuthorizationStatus.NOT_AT_THIS_TIME, message)
    assert await ask(world, OTHER, KNOWN, NOON) == KNOWN


async def test_a_site_that_never_opens_says_just_closed(world: World, v201: ScriptedStation) -> None:
    """There is no time to name."""
    await world.active(v201, hours=OpeningHours(DAY.zone, ((),) * 7))
    assert (await ask(world, OTHER, KNOWN)).message == "Fermé / Closed"


@pytest.mark.requirement("R36", "refuses")
async def test_nobody_charges_before_the_activation(world: World, v201: ScriptedStation) -> None:
    """R7: also with a valid token, and the screen says what is missing."""
    await world.localized(v201, activates_on_claim=False)
    verdict = await ask(world, OTHER, KNOWN)
    assert verdict.status is AuthorizationStatus.INVALID
    assert verdict.message == "La borne attend son activation par le gestionnaire."


async def test_a_suspended_station_blocks_everybody(world: World, v201: ScriptedStation) -> None:
    """Until it is resumed."""
    await world.active(v201)
    await world.provisioning.use_cases.operation.suspend(ID, "forfait expiré", "owner")
    verdict = await ask(world, OTHER, KNOWN)
    assert verdict.status is AuthorizationStatus.BLOCKED
    assert "forfait expiré" in (verdict.message or "")
    await world.provisioning.use_cases.operation.resume(ID, "owner")
    assert await ask(world, OTHER, KNOWN) == KNOWN


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("accept", KNOWN), ("quarantine", IdTokenInfo(AuthorizationStatus.INVALID))],
)
@pytest.mark.parametrize("is_remembered", [True, False])
async def test_at_an_unordered_station_only_benches_charge(
    world: World, policy: Any, verdict: IdTokenInfo, *, is_remembered: bool
) -> None:
    """Nothing of the token is told to a stranger."""
    stranger = StationId("cp-9")
    if is_remembered:
        await world.provisioning.boot_policy.decide(stranger, BOOT)
    access = SiteAccess(world.provisioning.station_cache, lambda _: policy)
    assert await access.authorize(stranger, None, OTHER, KNOWN, NOON) == verdict


async def test_messages_never_reach_what_is_kept(world: World, v201: ScriptedStation) -> None:
    """The verdict of the token itself is not changed."""
    await world.active(v201, hours=DAY)
    before = replace(KNOWN)
    await ask(world, OTHER, KNOWN, EARLY)
    assert before == KNOWN


async def test_in_a_test_window_its_token_alone_charges(world: World, v201: ScriptedStation) -> None:
    """A station that keeps verdicts is told when this one ends; what is no start of the window is no test."""
    await world.localized(v201, activates_on_claim=False)
    authorization = world.provisioning.authorization
    assert not authorization.is_test(ID, LISTED, NOON, NOON)
    at = world.clock.now()
    window = await world.provisioning.use_cases.trying_out.open(ID, LISTED, "sam")
    verdict = await ask(world, IdToken("04A1B2C3"), UNKNOWN, at)
    assert verdict == IdTokenInfo(AuthorizationStatus.ACCEPTED, expires_at=window.until)
    assert (await ask(world, OTHER, KNOWN, at)).status is AuthorizationStatus.INVALID
    assert (await ask(world, LISTED, KNOWN, window.until)).status is AuthorizationStatus.INVALID
    before = at - timedelta(days=1)
    assert authorization.is_test(ID, OTHER, at, at)
    assert authorization.is_test(ID, None, None, at)
    assert authorization.is_test(ID, LISTED, before, at)
    assert not authorization.is_test(ID, OTHER, before, at)
    assert not authorization.is_test(StationId("nobody"), LISTED, at, at)


async def test_a_station_that_boots_in_its_window_is_accepted_and_not_active(
    world: World, v201: ScriptedStation
) -> None:
    """Its end makes it inoperative, once."""
    await world.localized(v201, activates_on_claim=False)
    await world.provisioning.use_cases.trying_out.open(ID, LISTED, "sam")
    await world.quiet()
    link = world.stations.link(ID)
    assert link is not None
    assert link.registration is RegistrationStatus.ACCEPTED
    assert world.provisioning.station_cache.devices[ID].activated_at is None
    await world.passes(15 * 60 + 120)
    device = world.provisioning.station_cache.devices[ID]
    assert device.test_window is not None
    assert not device.test_window.is_open
    assert device.asserted is Availability.INOPERATIVE
