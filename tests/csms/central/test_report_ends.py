"""A report that stays incomplete is told of when its time has passed, on both databases."""

from csms.central.report_ends import ReportEnds
from csms.domain.announced import REPORTS_WITHIN
from csms.domain.commands import CommandOutcome, Outcome
from ocppj.model.command import CommandAnswer
from ocppj.model.messages import Acknowledged
from ocppj.model.variables import GetBaseReport, NotifyReport
from runtime.clock import ManualClock
from tests.support.both_databases import Place
from tests.support.inbound import CP1
from tests.support.message_writer import Desk, desk

WITHIN_S = REPORTS_WITHIN.total_seconds()


async def ask(at: Desk, clock: ManualClock, number: int, status: str = "Accepted") -> None:
    """A report was asked for, and the station has answered."""
    name = f"c{number}"
    at.central.command_log.command_sent(name, CP1, GetBaseReport(number), "api:ann", clock.now())
    outcome = CommandOutcome(Outcome.RESULT, name, CommandAnswer(status))
    at.central.command_log.command_finished(name, CP1, outcome, clock.now())
    await at.central.records.settled()


def unreported(at: Desk) -> list[tuple[str, int]]:
    """Which commands were told of since the last look, and how many parts they got."""
    events = [each.payload for each in at.events.pending() if each.event == "command.unreported"]
    return [(each["command_id"], each["parts"]) for each in events]


async def test_nobody_has_to_read_to_be_told(place: Place, clock: ManualClock) -> None:
    """Two parts of three, none at all, all, and one that was refused: once each, also over a restart."""
    async with desk(place, clock=clock) as at:
        await ask(at, clock, 1)
        await ask(at, clock, 2)
        await ask(at, clock, 3)
        await ask(at, clock, 4, "NotSupported")
        await at.submit(NotifyReport(1, 0, False, ()), "m1", Acknowledged(), received_at=clock.now())
        await at.submit(NotifyReport(3, 0, True, ()), "m2", Acknowledged(), received_at=clock.now())
        await clock.advance(WITHIN_S - 1)
        await at.central.report_ends.look()
        assert unreported(at) == []
    async with desk(place, clock=clock) as at:
        await clock.advance(1 + ReportEnds.every_s)
        await at.central.report_ends.look()
        assert sorted(unreported(at)) == [("c1", 1), ("c2", 0)]
        assert await at.central.report_ends.look() == 0
        assert await at.column("SELECT count(*) FROM announced_reports WHERE awaited_until IS NOT NULL") == [
            0
        ]
