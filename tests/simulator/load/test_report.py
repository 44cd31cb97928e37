"""A load report states rates and latencies that were measured."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from simulator.load.report import ActionFigures, LoadReport, report_table


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
        report.of("BootNotification").record(0.001)
    for _ in range(100):
        report.of("Heartbeat").record(0.002)
    figures = json.loads(report.as_json())
    assert figures["actions"]["BootNotification"]["per_s"] == 5.0
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


def test_table_shows_each_action() -> None:
    """People read the same figures as programs."""
    report = LoadReport("ws://x", "2.0.1", stations=1, booted=1, boot_seconds=1, seconds=2)
    report.of("Heartbeat").record(0.25)
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(report_table(report))
    assert "Heartbeat" in (text := console.export_text())
    assert "250." in text
