"""One change, one transaction: whichever of its statements fails, nothing of it has happened anywhere.

On both databases.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from charging.calendar import Period
from charging.tariff import Tariff
from csms.central.outbox import Outbox, StoredEvents
from csms.central.records import StoredRecords
from csms.central.stations import KnownStations
from csms.central.tokens import KnownTokens
from csms.domain.records import TokenRecord
from csms.ports import ConnectionRequest
from csms.storage.tables import outbox
from ocppj.versions import OcppVersion
from ocppj.vocabulary import AuthorizationStatus, IdToken, StationId
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from provisioning.change_set import NoteTopic
from provisioning.claimant import Claimant
from provisioning.errors import ClaimRefused
from provisioning.lifecycle import Lifecycle
from provisioning.records import Place, Site
from provisioning.rules.localization import Claim
from provisioning.rules.positions import Position
from provisioning.use_cases.purchasing import OrderLine
from runtime.audit import Act
from tests.support.both_databases import BOTH
from tests.support.faults import FailingStatements, StatementFailed
from tests.support.postgres import PostgresServer
from tests.support.provisioning import CODE, ID, MAC, WatchedDatabase, World
from tests.support.scopes import EVERYTHING
from tests.support.stations import BOOT, ScriptedStation
from tests.support.tables import put_tables

PASSWORD = "correct-horse-battery"
STRANGER, OTHER = StationId("02b016000009"), "02:B0:16:00:00:09"
WEEKLY = ((Period(time(8), time(21)),),) * 7
PIN = Position(name="P1", latitude=45.5, longitude=-73.6)

Request = Callable[[], Awaitable[object]]
UseCase = Callable[[World], Awaitable[Request]]
"""Sets the stage, and gives what is to be asked for then."""
USE_CASES: list[UseCase] = []


def use_case(case: UseCase) -> UseCase:
    """One of those that are tried."""
    USE_CASES.append(case)
    return case


async def _ordered(world: World) -> None:
    await world.site()
    await world.order(MAC)


async def _requested(world: World) -> Site:
    """At its place and asked for its activation, not connected."""
    site = await world.site()
    await world.order(MAC)
    await world.claim()
    return site


@use_case
async def order(world: World) -> Request:
    """Three boxes: one is new, one showed up before, one under its second name."""
    await world.provisioning.boot_policy.decide(STRANGER, BOOT)
    await world.provisioning.boot_policy.decide(StationId("sn-7"), BOOT)
    lines = [OrderLine(mac=MAC), OrderLine(mac=OTHER), OrderLine(mac="02:B0:16:00:00:07", serial="sn-7")]
    return lambda: world.provisioning.use_cases.purchasing.order("PO", lines, None, "ann")


@use_case
async def cancellation(world: World) -> Request:
    """Nobody ordered it any more: its record goes."""
    await _ordered(world)
    return lambda: world.provisioning.use_cases.purchasing.cancel(ID, "ann")


@use_case
async def another_name(world: World) -> Request:
    """Which is that of a box in quarantine."""
    await _ordered(world)
    await world.provisioning.boot_policy.decide(STRANGER, BOOT)
    return lambda: world.provisioning.use_cases.purchasing.add_mac(ID, OTHER, "ann")


@use_case
async def claim_code(world: World) -> Request:
    """The label is lost."""
    await _ordered(world)
    return lambda: world.provisioning.use_cases.purchasing.new_claim_code(ID, "ann")


@use_case
async def installer(world: World) -> Request:
    """A person is registered."""
    return lambda: world.provisioning.use_cases.purchasing.register_installer("Sam", "sam", None, None)


@use_case
async def claim(world: World) -> Request:
    """At a new place, approved in advance."""
    await _ordered(world)
    return world.claim


@use_case
async def wrong_claim(world: World) -> Request:
    """The try is kept, and whoever made it is refused."""
    await _ordered(world)

    async def refused() -> None:
        with pytest.raises(ClaimRefused):
            await world.claim(code="AAAA-BBBB")

    return refused


@use_case
async def unlocking(world: World) -> Request:
    """The tries are forgotten."""
    await (await wrong_claim(world))()
    return lambda: world.provisioning.use_cases.localization.unlock("sam")


@use_case
async def adoption(world: World) -> Request:
    """Put at a place at once."""
    await world.site()
    await world.provisioning.boot_policy.decide(STRANGER, BOOT)
    return lambda: world.provisioning.use_cases.localization.adopt(STRANGER, PIN, "found", "ann", EVERYTHING)


@use_case
async def adoption_by_code(world: World) -> Request:
    """Put at a place later."""
    return lambda: world.provisioning.use_cases.localization.adopt("cp-9", None, None, "ann", EVERYTHING)


@use_case
async def taking_away(world: World) -> Request:
    """Its place, its run and what it was asked for."""
    await _requested(world)
    return lambda: world.provisioning.use_cases.localization.remove_from_place(ID, "ann")


@use_case
async def activation(world: World) -> Request:
    """Asked for anew."""
    await _requested(world)
    return lambda: world.provisioning.use_cases.operation.activate(ID, "ann")


@use_case
async def lost_secret(world: World) -> Request:
    """It is let in without, told so, and asked to take another one."""
    await _requested(world)
    await world.provisioning.use_cases.passwords.enter(ID, PASSWORD, "ann")
    await world.provisioning.station_cache.note(ID, NoteTopic.DOOR, blocker(Code.SECRET_MISSING))
    return lambda: world.provisioning.use_cases.operation.forget_secret(ID, "ann")


@use_case
async def known_password(world: World) -> Request:
    """A device of a bench, which had no record."""
    return lambda: world.provisioning.use_cases.passwords.enter(STRANGER, PASSWORD, "ann")


@use_case
async def one_box_left(world: World) -> Request:
    """Only that somebody said it."""
    return lambda: world.provisioning.use_cases.operation.only_one_box(ID, "ann")


@use_case
async def site(world: World) -> Request:
    """A new one."""
    return lambda: world.provisioning.use_cases.sites.add_site(Site("", "Port", "America/Montreal"))


@use_case
async def price(world: World) -> Request:
    """Another tariff and another zone of a site, with the steps that send them to its stations."""
    made, tariff = await _requested(world), await world.tariff()
    changes = {"tariff_id": tariff.tariff.tariff_id, "zone": "America/Vancouver"}
    return lambda: world.provisioning.use_cases.sites.change_site(made.site_id, "ann", **changes)


@use_case
async def new_tariff(world: World) -> Request:
    """It holds nowhere yet."""
    return lambda: world.provisioning.use_cases.sites.add_tariff("Night", Tariff("", "CAD"))


@use_case
async def hours(world: World) -> Request:
    """Of a site with a station."""
    made = await _requested(world)
    return lambda: world.provisioning.use_cases.sites.set_hours(made.site_id, WEEKLY, {}, "ann")


@use_case
async def tokens(world: World) -> Request:
    """A list of three, in the place of two."""
    made = await _requested(world)
    await world.tokens(made, 2)
    wanted = tuple(IdToken(value) for value in ("C", "A", "B"))
    return lambda: world.provisioning.use_cases.sites.set_tokens(made.site_id, wanted, "ann")


@use_case
async def verdict(world: World) -> Request:
    """Of a token on the list of a site: it is stored, and its stations get the list anew."""
    await world.tokens(await _requested(world), 2)
    known = await KnownTokens.open(world.database, world.clock)
    known.store = world.provisioning.token_changed
    token = IdToken("tag00001")

    async def blocked() -> None:
        before = known.one(token)
        try:
            await known.save(TokenRecord(token, AuthorizationStatus.BLOCKED), "ann")
        except StatementFailed:
            assert known.one(token) is before
            raise
        assert known.one(token) is not None

    return blocked


@use_case
async def under_test(world: World) -> Request:
    """Its activation waits from now on, and says so."""
    await _requested(world)
    await world.provisioning.boot_policy.decide(ID, BOOT)
    known = KnownStations([])
    world.provisioning.is_quiet = known.is_quiet
    world.provisioning.station_cache.is_online = lambda _: True
    await world.provisioning.station_cache.settle((ID,), "link.connected")
    await world.provisioning.station_cache.change_run(
        ID, lambda run: replace(run, is_requested_here=False), cause="test"
    )
    records = StoredRecords(world.database, None, known, None)  # type: ignore[arg-type] # of no use here
    records.store_choice = world.provisioning.choice_made
    act = Act(ID, world.clock.now(), "ann", "put-under-test")

    async def chosen() -> None:
        await records.choose(ID, act, is_quiet=True)
        assert world.codes() == ["W_UNDER_TEST"]

    return chosen


@use_case
async def place(world: World) -> Request:
    """Named before anybody is there."""
    made = await world.site()
    return lambda: world.provisioning.use_cases.sites.add_place(Place("", made.site_id, "Quai"))


@use_case
async def moved_pin(world: World) -> Request:
    """Of the place where a station is."""
    await _requested(world)
    place_id = world.device().place_id
    assert place_id is not None
    return lambda: world.provisioning.use_cases.sites.change_place(place_id, "ann", name="Quai", latitude=1.0)


@use_case
async def first_boot(world: World) -> Request:
    """Of a station that was claimed before it was powered."""
    await _requested(world)
    return lambda: world.provisioning.boot_policy.decide(ID, BOOT)


@use_case
async def boot_of_a_stranger(world: World) -> Request:
    """It is remembered."""
    return lambda: world.provisioning.boot_policy.decide(STRANGER, BOOT)


@use_case
async def offered_secret(world: World) -> Request:
    """Before the station hears of it."""
    await _ordered(world)
    return lambda: world.provisioning.credentials.offered(ID, OcppVersion.V201, PASSWORD)


@use_case
async def refused_secret(world: World) -> Request:
    """What was valid before is."""
    await (await offered_secret(world))()
    return lambda: world.provisioning.credentials.refused(ID)


@use_case
async def proved_secret(world: World) -> Request:
    """With it goes what people were told."""
    await (await offered_secret(world))()
    await world.provisioning.station_cache.note(ID, NoteTopic.DOOR, blocker(Code.SECRET_MISSING))
    coming = ConnectionRequest(ID, ID, ID, PASSWORD.encode(), is_secure=False, peer="10.0.0.9")
    return lambda: world.provisioning.admission.admit(coming)


@use_case
async def remark(world: World) -> Request:
    """Nothing stored but what the history and the broker are told."""
    await _ordered(world)
    return lambda: world.provisioning.station_cache.note(ID, NoteTopic.DOOR, blocker(Code.SECRET_MISSING))


@pytest.fixture(params=BOTH)
async def watched(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WatchedDatabase]:
    """A fresh database of this kind with all tables."""
    if request.param == "sqlite":
        async with WatchedDatabase.opened(put_tables(tmp_path / "borne.db")) as opened:
            yield opened
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as url:
        async with WatchedDatabase.opened(url) as opened:
            yield opened


@pytest.fixture
def stored(world: World) -> World:
    """With a broker to tell: events go through the outbox."""
    events = StoredEvents(Outbox(world.database), world.bus, has_outbox=True)
    world.provisioning.station_cache.events = events
    return world


async def _told_as_stored(world: World, faults: FailingStatements) -> None:
    """What the broker gets is what the bus was told, in its order."""
    rows = await world.database.fetch_all(
        select(outbox.c.station_id, outbox.c.event).order_by(outbox.c.outbox_id)
    )
    told = [(each.station_id, each.event) for each in faults.told if each.event == "station.lifecycle"]
    assert [tuple(row) for row in rows][len(rows) - len(told) :] == told


@pytest.mark.parametrize("case", USE_CASES, ids=lambda case: case.__name__)
async def test_whichever_statement_fails_nothing_has_happened(stored: World, case: UseCase) -> None:
    """In no table, in no memory, on no bus; asked again it is granted, in one transaction."""
    request = await case(stored)
    with FailingStatements(stored) as faults:
        await faults.through(request)
    assert faults.committed == 1
    assert faults.failed >= 2
    await _told_as_stored(stored, faults)
    known = stored.provisioning.station_cache
    read = type(known)(stored.database, stored.clock, stored.chance, stored.bus)
    await read.load()
    for name in ("devices", "sites", "places", "tariffs", "runs", "_names", "_at", "quarantined"):
        assert getattr(read, name) == getattr(known, name), name


async def test_suspending_and_resuming_likewise(stored: World, v201: ScriptedStation) -> None:
    """Of a station in service."""
    await stored.active(v201)
    stored.stations.drop_all()
    await stored.quiet()
    operation = stored.provisioning.use_cases.operation
    for request in (lambda: operation.suspend(ID, "broken", "ann"), lambda: operation.resume(ID, "ann")):
        with FailingStatements(stored) as faults:
            await faults.through(request)
        assert faults.committed == 1
        assert faults.failed >= 4


async def test_a_step_of_an_activation_leaves_all_of_what_came_of_it_or_nothing(
    stored: World, station: ScriptedStation
) -> None:
    """Every transaction of a whole activation fails at each statement, and it is active in the end."""
    tariff = await stored.tariff()
    await stored.localized(station, activates_on_claim=False, tariff_id=tariff.tariff.tariff_id)
    site = stored.provisioning.station_cache.site_of(ID)
    assert site is not None
    await stored.provisioning.use_cases.sites.set_hours(site.site_id, WEEKLY, {}, "owner")
    await stored.tokens(site, 3)
    with FailingStatements(stored) as faults, capture_logs():
        ports = stored.provisioning
        stored.stations.serve(
            ports.resolver,
            faults.spare(ports.admission),
            faults.spare(ports.boot_policy),
            faults.spare(ports.credentials),
        )
        await faults.through(lambda: stored.provisioning.use_cases.operation.activate(ID, "owner"))
        for _ in range(600):
            if stored.state() is Lifecycle.ACTIVE and stored.run().finished_at:
                break
            await stored.passes(61)
    assert stored.state() is Lifecycle.ACTIVE
    assert faults.failed >= 25
    assert stored.device().asserted is not None
    await _told_as_stored(stored, faults)


async def test_a_claim_that_was_not_stored_can_be_made_again(stored: World) -> None:
    """Whoever got an error was not granted it; the same claim is then."""
    await _ordered(stored)
    wanted = Claim(MAC, CODE, PIN)
    localization = stored.provisioning.use_cases.localization
    team = Claimant("sam", EVERYTHING, needs_installer=False)
    with FailingStatements(stored) as faults:
        await faults.through(lambda: localization.claim(wanted, team))
    assert len(await localization.claims(EVERYTHING)) == 1
    assert await localization.claim(wanted, team) == ID
