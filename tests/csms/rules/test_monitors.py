"""A report of monitors is kept as it came, and its command knows when all of it is there."""

from datetime import timedelta

from csms.rules.rows import AnnouncedReportRow, KeptMessageRow
from ocppj.model.messages import Acknowledged
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.reports import MessageKept
from tests.support.inbound import CP1, NOON, Bench

ACTION = "NotifyMonitoringReport"


def part(seq_no: int, *, is_last: bool) -> NotifyMonitoringReport:
    """One part, as the gateway hands it over."""
    report = MessageKept(
        action=ACTION, request_id=7, seq_no=seq_no, is_last=is_last, payload="{}", payload_bytes=2
    )
    return NotifyMonitoringReport(7, seq_no, is_last, (), NOON, report)


def test_all_parts_together_end_what_was_asked() -> None:
    """By request id and number, in whatever order they come (N02.FR.04, .09)."""
    bench = Bench()
    bench.state.add_announced(
        AnnouncedReportRow(
            command_id="c",
            station_id=CP1,
            action=ACTION,
            request_id=7,
            asked_at=NOON,
            moved_at=NOON,
            awaited_until=NOON + timedelta(minutes=10),
        )
    )
    for seq_no, is_last in ((2, True), (0, False), (1, False)):
        assert bench.send(part(seq_no, is_last=is_last), proposal=Acknowledged()) == Acknowledged()
    assert [row.seq_no for row in bench.of_kind(KeptMessageRow)] == [2, 0, 1]
    assert [row.is_complete for row in bench.of_kind(AnnouncedReportRow)] == [False, False, True]
    assert bench.told() == ["message.kept"] * 3 + ["command.reported"]


def test_without_the_text_nothing_is_kept() -> None:
    """Nobody made a report of it."""
    bench = Bench()
    assert bench.send(NotifyMonitoringReport(7, 0, True, ()), proposal=Acknowledged()) == Acknowledged()
    assert bench.of_kind(KeptMessageRow) == []
