"""A report comes in parts, in any order; the command that asked for it knows when all are there."""

import pytest

from csms.domain.announced import REPORTS_WITHIN
from csms.rules.reports import OverdueReport, missing_numbers, reports_overdue
from csms.rules.rows import AnnouncedReportRow
from ocppj.model.messages import Acknowledged
from ocppj.model.reports import MessageKept
from ocppj.model.variables import NotifyReport
from tests.support.inbound import CP1, CP2, NOON, Bench, minutes

MONITORING = "NotifyMonitoringReport"


def asking(action: str = MONITORING, command_id: str = "c1") -> Bench:
    """A station that was asked for a report, with request id 7."""
    bench = Bench()
    ask(bench, action, command_id)
    return bench


def ask(bench: Bench, action: str, command_id: str) -> None:
    """Once more."""
    row = AnnouncedReportRow(
        command_id=command_id,
        station_id=CP1,
        action=action,
        request_id=7,
        asked_at=NOON,
        moved_at=NOON,
        awaited_until=NOON + REPORTS_WITHIN,
    )
    bench.state.apply((row,))


def part(seq_no: int | None, *, is_last: bool = False, request_id: int = 7) -> MessageKept:
    """A part of it."""
    return MessageKept(
        action=MONITORING,
        request_id=request_id,
        seq_no=seq_no,
        is_last=is_last,
        payload=f'{{"seqNo":{seq_no or 0}}}',
        payload_bytes=2,
    )


def progress(bench: Bench) -> list[tuple[int, bool]]:
    """After each part: how many have come, and whether these are all."""
    return [(row.parts, row.is_complete) for row in bench.of_kind(AnnouncedReportRow)]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([0], [(1, True)]),
        ([0, 1, 2], [(1, False), (2, False), (3, True)]),
        ([2, 0, 1], [(1, False), (2, False), (3, True)]),
        ([1, 2], [(1, False), (2, True)]),
        ([0, 2], [(1, False), (2, False)]),
        ([2], [(1, False)]),
        ([0, 0, 1], [(1, False), (1, False), (2, True)]),
    ],
    ids=str,
)
def test_it_is_complete_when_no_number_is_missing(
    numbers: list[int], expected: list[tuple[int, bool]]
) -> None:
    """Up to that of the last part; from 0 on, or from 1 as some stations count."""
    bench = asking()
    for at, number in enumerate(numbers):
        bench.send(
            part(number, is_last=number == max(numbers)), proposal=Acknowledged(), received_at=minutes(at)
        )
    assert progress(bench) == expected
    assert bench.of_kind(AnnouncedReportRow)[-1].moved_at == minutes(len(numbers) - 1)


def test_its_completeness_is_told_once() -> None:
    """With the command; what comes after is kept, and nobody waits for it."""
    bench = asking()
    for number, is_last in ((0, True), (1, False), (0, True)):
        bench.send(part(number, is_last=is_last), proposal=Acknowledged())
    told = [each.payload for each in bench.events if each.event == "command.reported"]
    assert told == [{"command_id": "c1", "action": MONITORING, "request_id": 7, "parts": 1}]


def test_a_report_without_numbers_ends_with_its_last_part() -> None:
    """ReportChargingProfiles, NotifyDisplayMessages."""
    bench = asking()
    for is_last in (False, False, True):
        bench.send(part(None, is_last=is_last), proposal=Acknowledged())
    assert progress(bench) == [(1, False), (2, False), (3, True)]


def test_variables_are_a_report_too() -> None:
    """They have a handler of their own."""
    bench = asking("NotifyReport")
    for number, is_last in ((0, False), (1, True)):
        bench.send(NotifyReport(7, number, is_last, ()), proposal=Acknowledged())
    assert progress(bench) == [(1, False), (2, True)]


def test_who_asked_last_under_an_id_gets_the_report() -> None:
    """People ask with the same id again and again."""
    bench = asking()
    bench.send(part(0), proposal=Acknowledged())
    ask(bench, MONITORING, "c2")
    bench.send(part(0, is_last=True), proposal=Acknowledged())
    rows = bench.of_kind(AnnouncedReportRow)
    assert [(row.command_id, row.parts, row.is_complete) for row in rows] == [
        ("c1", 1, False),
        ("c2", 1, True),
    ]


def test_what_nobody_asked_for_moves_nothing() -> None:
    """Another id, another action, another station, none at all."""
    bench = asking("NotifyDisplayMessages")
    bench.send(part(0), proposal=Acknowledged())
    bench = asking()
    bench.send(part(0, request_id=8), proposal=Acknowledged())
    bench.send(part(0), proposal=Acknowledged(), station_id=CP2)
    bench.send(MessageKept(action=MONITORING, payload="{}", payload_bytes=2), proposal=Acknowledged())
    assert progress(bench) == []


def overdue(bench: Bench, at: int, *, was_agreed: bool = True) -> list[tuple[str, int]]:
    """What is told of all reports that a look finds, so many minutes later: event, parts."""
    found = [OverdueReport(row, was_agreed) for row in bench.state.announced.values()]
    decision = reports_overdue(bench.state, found, minutes(at))
    bench.state.apply(decision.rows)
    return [(each.event, each.payload["parts"]) for each in decision.events]


def test_a_report_that_stays_incomplete_is_told_once() -> None:
    """Ten minutes after its last part; a part that comes later makes it awaited again."""
    bench = asking()
    bench.send(part(0), proposal=Acknowledged(), received_at=minutes(5))
    assert overdue(bench, 14) == []
    assert overdue(bench, 15) == [("command.unreported", 1)]
    assert overdue(bench, 30) == []
    bench.send(part(1), proposal=Acknowledged(), received_at=minutes(40))
    assert overdue(bench, 50) == [("command.unreported", 2)]
    bench.send(part(2, is_last=True), proposal=Acknowledged(), received_at=minutes(60))
    assert overdue(bench, 90) == []
    assert [each.event for each in bench.events if each.event.startswith("command.")] == ["command.reported"]


def test_of_a_report_without_numbers_too() -> None:
    """ReportChargingProfiles."""
    bench = asking()
    bench.send(part(None), proposal=Acknowledged(), received_at=minutes(1))
    assert overdue(bench, 11) == [("command.unreported", 1)]


def test_a_report_that_the_station_refused_is_not_missed() -> None:
    """It never said that it would send one, and nobody looks at it again."""
    bench = asking()
    assert overdue(bench, 10, was_agreed=False) == []
    assert overdue(bench, 20) == []


def test_one_that_was_asked_for_anew_under_its_id_is_over_too() -> None:
    """What comes goes to the later one."""
    bench = asking()
    first = bench.state.announced[CP1, MONITORING, 7]
    ask(bench, MONITORING, "c2")
    decision = reports_overdue(bench.state, [OverdueReport(first, was_agreed=True)], minutes(10))
    assert [each.payload["command_id"] for each in decision.events] == ["c1"]
    assert bench.state.announced[CP1, MONITORING, 7].command_id == "c2"


@pytest.mark.parametrize(
    ("seq_nos", "last", "missing"),
    [
        ("", None, []),
        ("0..1", None, []),
        ("0,3", None, [1, 2]),
        ("1,3", 5, [2, 4]),
        ("2", 2, [0, 1]),
        ("0", 99, list(range(1, 51))),
        ("0,99", 200, list(range(1, 51))),
    ],
)
def test_which_parts_lack(seq_nos: str, last: int | None, missing: list[int]) -> None:
    """2.0.1 B07.FR.10: numbered from 0; some begin at 1. It is told with `command.unreported`."""
    row = AnnouncedReportRow(
        command_id="c1",
        station_id=CP1,
        action=MONITORING,
        request_id=7,
        asked_at=NOON,
        moved_at=NOON,
        seq_nos=seq_nos,
        last_seq_no=last,
    )
    assert missing_numbers(row) == missing
