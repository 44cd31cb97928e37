"""Transactions whose end never came end by what their station says else, also over a restart."""

from datetime import timedelta

import pytest

from csms.central.lost_ends import BOOTED_FOR, FREE_FOR, LostEnds
from csms.domain.records import TransactionRecord, TransactionsWanted
from csms.domain.reviews import Review
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.messages import Acknowledged
from ocppj.model.variables import NotifyReport, ReportedVariable
from ocppj.vocabulary import BootReason, ChargingState, ConnectorStatus, RegistrationStatus, VariableRef
from runtime.clock import ManualClock
from tests.support.both_databases import Place
from tests.support.inbound import CP1, ENDED, STARTED, UPDATED, event201, start16, stop16
from tests.support.message_writer import Desk, desk

MINUTE = timedelta(minutes=1)


async def one(at: Desk) -> TransactionRecord:
    """The only transaction of the station."""
    (found,) = await at.central.records.transactions(TransactionsWanted(CP1))
    return found


async def status(at: Desk, clock: ManualClock, reported: str, name: str) -> None:
    """The connector's status, as of now."""
    is_free = reported == "Available"
    kind = ConnectorStatus.AVAILABLE if is_free else ConnectorStatus.OCCUPIED
    event = StatusNotification(1, 1, kind, reported, clock.now())
    await at.submit(event, name, Acknowledged(), received_at=clock.now())


async def boot(at: Desk, clock: ManualClock, name: str, reason: BootReason = BootReason.POWER_UP) -> None:
    """A boot, as of now."""
    reply = BootNotificationResponse(RegistrationStatus.ACCEPTED, 300, clock.now())
    await at.submit(BootNotification("V", "M", reason=reason), name, reply, received_at=clock.now())


async def test_a_connector_that_stays_free_ends_its_transaction(place: Place, clock: ManualClock) -> None:
    """Not at once: its stop may wait in the queue. A status repeated all along is as old as the first."""
    async with desk(place, clock=clock) as at:
        await at.submit(start16(1000, clock.now()), "s", received_at=clock.now())
        await clock.advance(60)
        await status(at, clock, "Available", "a1")
        await clock.advance(FREE_FOR.total_seconds() - 60)
        await status(at, clock, "Available", "a2")
        await at.central.lost_ends.look()
        assert (await one(at)).is_open
        await clock.advance(60)
    async with desk(place, clock=clock) as at:  # the timer of another process goes on from the rows
        assert await at.central.lost_ends.look() in (0, 1)
        ended = await one(at)
        assert (ended.is_open, ended.flags) == (False, ("end-missing",))
        assert await at.central.lost_ends.look() == 0
        stop = stop16("1", 3000, clock.now() - 10 * MINUTE)
        await at.submit(stop, "late", received_at=clock.now())
        late = await one(at)
        assert (late.energy_wh, late.flags, late.ended_at) == (2000, (), clock.now() - 10 * MINUTE)


async def test_a_timer_looks_by_itself(
    place: Place, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every minute, as long as the central system runs."""
    looks: list[int] = []

    async def look(_: LostEnds) -> int:
        looks.append(1)
        raise RuntimeError("one look fails")

    monkeypatch.setattr(LostEnds, "look", look)
    async with desk(place, clock=clock):
        for _ in range(3):
            await clock.advance(LostEnds.every_s)
        assert len(looks) >= 3


async def test_a_connector_in_use_or_silent_ends_nothing(place: Place, clock: ManualClock) -> None:
    """Available before the start, or charging since: it goes on."""
    async with desk(place, clock=clock) as at:
        await status(at, clock, "Available", "a1")
        await clock.advance(60)
        await at.submit(start16(1000, clock.now()), "s", received_at=clock.now())
        await clock.advance(2 * FREE_FOR.total_seconds())
        assert await at.central.lost_ends.look() == 0
        await status(at, clock, "Available", "a2")
        await status(at, clock, "Charging", "a3")
        await clock.advance(2 * FREE_FOR.total_seconds())
        assert await at.central.lost_ends.look() == 0
        assert (await one(at)).is_open


@pytest.mark.parametrize("reason", [BootReason.POWER_UP, BootReason.TRIGGERED])
async def test_a_boot_without_a_word_of_the_transaction_ends_it(
    place: Place, clock: ManualClock, reason: BootReason
) -> None:
    """2.x, after a while; a boot that we asked for is none. What comes of it later shows that it goes on."""
    async with desk(place, clock=clock) as at:
        await at.submit(event201(STARTED, 0, clock.now(), 1000), "s", received_at=clock.now())
        await clock.advance(60)
        await boot(at, clock, "b", reason)
        await clock.advance(60)
        await status(at, clock, "Occupied", "o")
        assert await at.central.lost_ends.look() == 0
        await clock.advance(BOOTED_FOR.total_seconds())
        await at.central.lost_ends.look()
        assert (await one(at)).is_open is (reason is BootReason.TRIGGERED)
        await at.submit(event201(UPDATED, 1, clock.now(), 1500), "u", received_at=clock.now())
        again = await one(at)
        assert (again.is_open, again.flags, again.energy_wh) == (True, (), 500)
        await at.submit(event201(ENDED, 2, clock.now(), 1600), "e", received_at=clock.now())
        assert (await one(at)).review is not Review.HELD


@pytest.mark.parametrize(("state", "is_open"), [(ChargingState.IDLE, True), (ChargingState.CHARGING, False)])
async def test_a_2_x_transaction_without_a_car_goes_on_at_a_free_connector(
    place: Place, clock: ManualClock, state: ChargingState, *, is_open: bool
) -> None:
    """TxStopPoint ParkingBayOccupancy: the car is unplugged, and still there."""
    async with desk(place, clock=clock) as at:
        started = event201(STARTED, 0, clock.now(), 1000, charging_state=ChargingState.CHARGING)
        await at.submit(started, "s", received_at=clock.now())
        await clock.advance(60)
        updated = event201(UPDATED, 1, clock.now(), 1500, charging_state=state)
        await at.submit(updated, "u", received_at=clock.now())
        await clock.advance(1)
        await status(at, clock, "Available", "a")
        await clock.advance(2 * FREE_FOR.total_seconds())
        await at.central.lost_ends.look()
        assert (await one(at)).is_open is is_open


@pytest.mark.parametrize(
    ("interval", "reported", "is_open"),
    [("0", "Occupied", True), ("60", "Occupied", False), ("0", "Reserved", False)],
)
async def test_a_2_x_station_that_tells_nothing_meanwhile_is_not_silent(
    place: Place, clock: ManualClock, interval: str, reported: str, *, is_open: bool
) -> None:
    """TxUpdatedInterval 0: a transaction that it took with it over a boot has nothing to tell."""
    async with desk(place, clock=clock) as at:
        await at.submit(event201(STARTED, 0, clock.now(), 1000), "s", received_at=clock.now())
        ref = VariableRef("SampledDataCtrlr", "TxUpdatedInterval")
        report = NotifyReport(1, 0, is_last=True, variables=(ReportedVariable(ref, interval),))
        await at.submit(report, "v", Acknowledged(), received_at=clock.now())
        await clock.advance(60)
        await boot(at, clock, "b")
        await clock.advance(60)
        await status(at, clock, reported, "o")
        await clock.advance(2 * BOOTED_FOR.total_seconds())
        await at.central.lost_ends.look()
        assert (await one(at)).is_open is is_open


async def test_a_1_6_connector_that_charges_after_a_boot_goes_on(place: Place, clock: ManualClock) -> None:
    """It has no reason in its boot, and finer words in its status."""
    async with desk(place, clock=clock) as at:
        await at.submit(start16(1000, clock.now()), "s", received_at=clock.now())
        await clock.advance(60)
        await boot(at, clock, "b")
        await clock.advance(60)
        await status(at, clock, "Charging", "c")
        await clock.advance(2 * BOOTED_FOR.total_seconds())
        assert await at.central.lost_ends.look() == 0
        await status(at, clock, "Preparing", "p")
        assert await at.central.lost_ends.look() == 1
