"""Reservations as rows: what was asked is kept with its command, and time ends it, also over a restart."""

from datetime import timedelta
from pathlib import Path

from csms.domain.commands import CommandOutcome, Outcome
from csms.domain.reservations import ReservationState, ReservationsWanted
from csms.rules.reservations import EXPIRED_AFTER
from csms.storage.reservations import prune_reservations
from ocppj.model.availability import StatusNotification
from ocppj.model.command import CommandAnswer
from ocppj.model.messages import Acknowledged
from ocppj.model.reservations import ReservationEnd, ReservationStatusUpdate, ReserveNow
from ocppj.vocabulary import ConnectorStatus, IdToken, IdTokenType
from runtime.clock import ManualClock
from tests.support.inbound import CP1, CP2, TAG, start16
from tests.support.message_writer import Desk, copy_as_if_killed, desk


def ask(at: Desk, clock: ManualClock, command_id: str = "c1", number: int = 1, token: IdToken = TAG) -> None:
    """A reservation for an hour was asked for."""
    until = clock.now() + timedelta(hours=1)
    command = ReserveNow(number, token, until, 1, group_id_token=IdToken("FLEET", IdTokenType.CENTRAL))
    at.central.command_log.command_sent(command_id, CP1, command, "api:ann", clock.now())


def agree(at: Desk, clock: ManualClock, command_id: str = "c1") -> None:
    """The station has."""
    outcome = CommandOutcome(Outcome.RESULT, command_id, CommandAnswer())
    at.central.command_log.command_finished(command_id, CP1, outcome, clock.now())


async def states(at: Desk, **wanted: object) -> list[tuple[str, str]]:
    """(command, state) of what fits, latest first."""
    await at.central.records.settled()
    found = await at.central.records.reservations(ReservationsWanted(**wanted))  # type: ignore[arg-type]
    return [(each.command_id, each.state.value) for each in found]


async def test_what_was_asked_and_answered_is_kept(tmp_path: Path, clock: ManualClock) -> None:
    """Whole; found by station, state and token."""
    async with desk(tmp_path / "borne.db", clock=clock) as at:
        ask(at, clock)
        assert await states(at) == [("c1", "requested")]
        agree(at, clock)
        await clock.advance(1)
        ask(at, clock, "c2", 2, IdToken("OTHER", "Plate"))
        assert await states(at) == [("c2", "requested"), ("c1", "active")]
        assert await states(at, state=ReservationState.ACTIVE) == [("c1", "active")]
        assert await states(at, id_token="other") == [("c2", "requested")]
        assert await states(at, number=1, station_id=CP1, is_open=True) == [("c1", "active")]
        assert await states(at, station_id=CP2) == await states(at, is_open=False) == []
        second, first = await at.central.records.reservations(ReservationsWanted())
        assert (first.id_token, first.group_id_token) == (TAG, IdToken("FLEET", IdTokenType.CENTRAL))
        assert (first.asked_by, second.id_token.type, first.evse_id) == ("api:ann", "Plate", 1)
        after = (second.asked_at, second.command_id)
        assert await at.central.records.reservations(ReservationsWanted(), after=after) == [first]


async def test_time_ends_it_once(tmp_path: Path, clock: ManualClock) -> None:
    """By our clock; another process goes on from the rows."""
    path = tmp_path / "borne.db"
    async with desk(path, clock=clock) as at:
        ask(at, clock)
        agree(at, clock)
        assert await states(at) == [("c1", "active")]
        assert await at.central.reservation_ends.look() == 0
    await clock.advance(3600 + EXPIRED_AFTER.total_seconds())
    async with desk(path, clock=clock) as at:
        await at.central.reservation_ends.look()
        assert await states(at) == [("c1", "expired")]
        assert await at.central.reservation_ends.look() == 0


async def test_after_a_kill_nobody_knows_whether_it_is_held(tmp_path: Path, clock: ManualClock) -> None:
    """Until the station shows it."""
    path = tmp_path / "borne.db"
    async with desk(path, clock=clock) as at:
        ask(at, clock)
        assert await states(at) == [("c1", "requested")]
        copy_as_if_killed(path, tmp_path / "killed.db")
    async with desk(tmp_path / "killed.db", clock=clock) as at:
        assert await states(at) == [("c1", "unknown")]
        shown = StatusNotification(1, 1, ConnectorStatus.RESERVED, "Reserved", clock.now())
        await at.submit(shown, "s1", Acknowledged(), received_at=clock.now())
        assert await states(at) == [("c1", "active")]


async def test_messages_find_their_reservation(tmp_path: Path, clock: ManualClock) -> None:
    """A transaction, then an update that comes too late."""
    async with desk(tmp_path / "borne.db", clock=clock) as at:
        ask(at, clock)
        agree(at, clock)
        ask(at, clock, "c2", 2)
        agree(at, clock, "c2")
        await at.submit(start16(1000, clock.now(), reservation_id=1), "m1", received_at=clock.now())
        for number in (1, 2):
            ended = ReservationStatusUpdate(number, ReservationEnd.REMOVED)
            await at.submit(ended, f"u{number}", Acknowledged(), received_at=clock.now())
        assert sorted(await states(at)) == [("c1", "used"), ("c2", "removed")]
        (used,) = await at.central.records.reservations(ReservationsWanted(number=1))
        assert (used.transaction_no, used.transaction_id) == (1, "1")


async def test_numbers_are_the_databases(tmp_path: Path, clock: ManualClock) -> None:
    """They grow over a restart (rule 17)."""
    path = tmp_path / "borne.db"
    async with desk(path, clock=clock) as at:
        assert [await at.central.records.next_number("reservation") for _ in range(2)] == [1, 2]
    async with desk(path, clock=clock) as at:
        assert await at.central.records.next_number("reservation") == 3


async def test_old_ones_go_and_open_ones_stay(tmp_path: Path, clock: ManualClock) -> None:
    """Of each station so many (rule 10)."""
    async with desk(tmp_path / "borne.db", clock=clock) as at:
        for number in range(1, 5):
            ask(at, clock, f"c{number}", number)
            if number != 1:
                refused = CommandOutcome(Outcome.OFFLINE, f"c{number}")
                at.central.command_log.command_finished(f"c{number}", CP1, refused, clock.now())
            await clock.advance(1)
        await states(at)
        await at.disk.run_write(lambda connection: prune_reservations(connection, [CP1], kept=1))
        assert await states(at) == [("c4", "refused"), ("c1", "requested")]
