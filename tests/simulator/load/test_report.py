"""A load report states rates and latencies that were measured."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from simulator.load.report import ActionFigures, LoadReport, report_remarks, report_table


@given(st.lists(st.floats(0.000_01, 50.0), min_size=1, max_size=200))
def test_percentiles_are_within_three_digits_of_the_exact_ones(latencies: list[float]) -> None:
    """The histogram keeps three significant digits."""
    figures = ActionFigures()
    for latency in latencies:
        figures.record(latency)
    assert figures.answered == len(latencies)
    assert figures.max_ms == pytest.approx(max(latencies) * 1000, rel=2e-3, abs=2e-3)
    median = sorted(latencies)[(len(latencies) + 1) // 2 - 1]
    assert figures.milliseconds(50.0) == pytest.approx(median * 1000, rel=2e-3, abs=2e-3)


def test_rate_of_boots_is_over_the_boot_time_and_of_the_rest_over_the_measured_time() -> None:
    """A fast ramp must not inflate the rate of heartbeats."""
    report = LoadReport("ws://x", "1.6", stations=10, booted=10, boot_seconds=2.0, seconds=5.0)
    for _ in range(10):
        report.boots.record(0.001)
    for _ in range(100):
        report.of("Heartbeat").record(0.002)
    figures = json.loads(report.as_json())
    assert figures["boot"]["per_s"] == 5.0
    assert figures["actions"]["Heartbeat"]["per_s"] == 20.0
    assert figures["messages_per_s"] == 20.0
    assert report.is_clean


def test_failures_are_counted_by_reason_and_spoil_the_run() -> None:
    """Nothing is dropped silently."""
    report = LoadReport("ws://x", "1.6", stations=1, booted=1)
    report.failed("timeout")
    report.failed("timeout")
    assert report.failures == {"timeout": 2}
    assert not report.is_clean


def a_report(rate: float | None = None) -> LoadReport:
    report = LoadReport("ws://x", "1.6", stations=2, rate=rate, booted=2, boot_seconds=1.0, seconds=5.0)
    report.boots.record(0.5)
    report.of("Heartbeat").record(0.001)
    report.of("Heartbeat").errors = 2
    report.failed("Heartbeat: no answer", 2)
    report.send_lag.record(0.003)
    report.unsent, report.asked, report.lost_connections = 3, 4, 1
    return report


@given(st.lists(st.lists(st.floats(0.000_01, 50.0), max_size=50), min_size=1, max_size=4))
def test_parts_add_up_to_what_one_process_would_have_measured(parts: list[list[float]]) -> None:
    """Histograms are added, not averaged."""
    whole, total = ActionFigures(), LoadReport("ws://x", "1.6", stations=1)
    for latencies in parts:
        part = LoadReport("ws://x", "1.6", stations=1)
        for latency in latencies:
            whole.record(latency)
            part.of("Heartbeat").record(latency)
        total.add_packed(json.loads(json.dumps(part.packed())))
    assert total.answered == whole.answered
    if whole.answered:
        assert total.actions["Heartbeat"].latencies.figures() == whole.latencies.figures()


def test_parts_add_their_counts_and_share_their_time() -> None:
    """They ran at the same time."""
    total = LoadReport("ws://x", "1.6", stations=4)
    for seconds in (5.0, 6.0):
        part = a_report()
        part.seconds, part.is_stopped = seconds, seconds == 5.0
        total.add_packed(json.loads(json.dumps(part.packed())))
    assert (total.booted, total.unsent, total.asked, total.lost_connections) == (4, 6, 8, 2)
    assert (total.seconds, total.boot_seconds, total.is_stopped) == (6.0, 1.0, True)
    assert total.failures == {"Heartbeat: no answer": 4}
    assert total.of("Heartbeat").errors == 4
    assert total.boots.answered == total.send_lag.count == 2


@pytest.mark.parametrize("spoiler", ["unsent", "lost_connections"])
def test_what_was_not_sent_or_got_lost_spoils_the_run(spoiler: str) -> None:
    """A run that did not do what it was asked is no success."""
    report = LoadReport("ws://x", "1.6", stations=0)
    assert report.is_clean
    setattr(report, spoiler, 1)
    assert not report.is_clean


def test_remarks_say_what_the_table_cannot() -> None:
    """What failed and why; what makes the figures doubtful."""
    report = a_report(rate=100.0)
    report.is_stopped = True
    remarks = report_remarks(report).plain
    for words in (
        "1 answers in 5.0 s",
        "Stopped before its time",
        "sent late by 3.00 ms",
        "3 messages were due",
        "4 requests of the server",
        "1 connections were lost",
        "2 × Heartbeat: no answer",
    ):
        assert words in remarks


def test_table_shows_every_figure_whole_in_a_narrow_terminal() -> None:
    """People read the same figures as programs, to three digits."""
    report = LoadReport("ws://x", "2.0.1", stations=12_345, booted=12_345, boot_seconds=1, seconds=2)
    for latency in (0.00025, 0.0123, 1.67):
        report.of("StatusNotification").record(latency)
    report.of("Heartbeat").record(0.0005)
    for _ in range(123_456):
        report.boots.record(12.5)
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(report_table(report))
    text = console.export_text()
    for shown in ("StatusNotification", "Heartbeat", "123,456", "12,5", "0.50", "12.3", "1,67"):
        assert shown in text
    assert "…" not in text
