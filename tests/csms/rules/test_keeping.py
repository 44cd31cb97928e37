"""Reports that nothing here decides."""

from datetime import timedelta
from typing import Any

import pytest

from csms.rules.keeping import PUBLISHED_MOST
from csms.rules.rows import AnnouncedReportRow, KeptMessageRow
from ocppj.model.messages import Acknowledged, Unanswered
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.reports import MessageKept, SendKept
from tests.support.inbound import CP1, NOON, Bench, minutes


def report(action: str = "NotifyEvent", payload: str | None = '{"a":1}', **more: Any) -> MessageKept:
    """A report."""
    return MessageKept(action=action, payload=payload, payload_bytes=len(payload or "x" * 300_000), **more)


def test_a_report_is_a_row_and_an_event() -> None:
    """With what ties it to the request that asked for it, and to its other parts."""
    bench = Bench()
    event = report(request_id=7, seq_no=1, is_last=False, at=NOON)
    assert bench.send(event, "m1", proposal=Acknowledged(), received_at=minutes(2)) == Acknowledged()
    (row,) = bench.of_kind(KeptMessageRow)
    assert (row.action, row.request_id, row.seq_no, row.is_last) == ("NotifyEvent", 7, 1, False)
    assert (row.at, row.received_at, row.message_id, row.payload) == (NOON, minutes(2), "m1", '{"a":1}')
    told = {"action": "NotifyEvent", "request_id": 7, "seq_no": 1, "is_last": False, "payload": {"a": 1}}
    assert [(each.event, each.payload) for each in bench.events] == [("message.kept", told)]


def test_a_report_that_comes_again_is_kept_once() -> None:
    """Under its own id always; under another one where a time of its own tells it from the next."""
    bench = Bench()
    for message_id in ("m1", "m1", "m2"):
        assert bench.send(report(), message_id, proposal=Acknowledged()) == Acknowledged()
        bench.send(report("NotifyMonitoringReport", at=NOON), message_id + "x", proposal=Acknowledged())
    kept = [(row.action, row.message_id) for row in bench.of_kind(KeptMessageRow)]
    assert kept == [("NotifyEvent", "m1"), ("NotifyMonitoringReport", "m1x"), ("NotifyEvent", "m2")]
    assert len(bench.events) == 3


def test_a_send_gets_nothing() -> None:
    """It does not come again either: its first answer need not be kept beside those of charges."""
    bench = Bench()
    event = SendKept(action="NotifyPeriodicEventStream", payload="{}", payload_bytes=2)
    assert bench.send(event, proposal=Unanswered()) == Unanswered()
    assert [type(row) for row in bench.rows] == [KeptMessageRow]


@pytest.mark.parametrize(
    "event",
    [
        report("NotifyCustomerInformation"),
        report(payload=None),
        report(payload=f'{{"a":"{"x" * PUBLISHED_MOST}"}}'),
    ],
    ids=["personal", "not kept", "long"],
)
def test_what_is_personal_or_long_is_not_told_to_everybody(event: MessageKept) -> None:
    """Only that it came; it is read where it is kept."""
    bench = Bench()
    bench.send(event, proposal=Acknowledged())
    assert bench.events[0].payload["payload"] is None
    assert bench.of_kind(KeptMessageRow)[0].payload == event.payload


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
