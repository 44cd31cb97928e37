"""When a monitor notices something: by hand from the clauses, and against a naive evaluator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ocppj.vocabulary import VariableRef
from simulator.model.monitors import StationMonitor, looked, next_due, next_instant, number_of

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
POWER = VariableRef("EVSE", "Power", evse_id=1)


def monitor(kind: str, value: float, **more: Any) -> StationMonitor:
    """One that watches a power."""
    values: dict[str, Any] = {
        "monitor_id": 1,
        "ref": POWER,
        "type": kind,
        "value": value,
        "severity": 5,
        "notification": "CustomMonitor",
    }
    return StationMonitor(**(values | more))


def seen(watching: StationMonitor, values: list[str], step_s: float = 1.0) -> list[tuple[int, str, bool]]:
    """At which look what was noticed: its trigger, and whether it was cleared."""
    found = []
    for number, value in enumerate(values):
        watching, noticed = looked(watching, value, NOON + timedelta(seconds=step_s * number))
        if noticed is not None:
            assert noticed.value == value
            found.append((number, noticed.trigger, noticed.is_cleared))
    return found


def test_a_threshold_is_told_beyond_it_and_cleared_back_within() -> None:
    """N07.FR.16, .17: not on it; N07.FR.02: on it is within again."""
    values = ["5", "10", "11", "12", "10", "9", "nonsense", "20"]
    assert seen(monitor("UpperThreshold", 10), values) == [
        (2, "Alerting", False),
        (4, "Alerting", True),
        (7, "Alerting", False),
    ]
    assert seen(monitor("LowerThreshold", 10), values) == [
        (0, "Alerting", False),
        (1, "Alerting", True),
        (5, "Alerting", False),
        (7, "Alerting", True),
    ]


def test_a_difference_counts_from_what_was_told_last() -> None:
    """N07.FR.18: more than the value, up or down."""
    begun = monitor("Delta", 2).begun("0", NOON)
    assert [each[0] for each in seen(begun, ["0", "2", "3", "4", "5", "1", "0.9"])] == [2, 6]


def test_of_other_values_every_change_counts() -> None:
    """N07.FR.19: whatever the value; also a number that became none."""
    begun = monitor("Delta", 50, is_numeric=False).begun("Available", NOON)
    assert [each[0] for each in seen(begun, ["Available", "Occupied", "Occupied", "Available"])] == [1, 3]
    assert [each[0] for each in seen(monitor("Delta", 50).begun("1", NOON), ["", "", "3"])] == [0, 2]


def test_a_period_counts_from_when_it_was_set_or_told() -> None:
    """N08.FR.06; N08.FR.07: at the multiples of the clock, however late it was set."""
    begun = monitor("Periodic", 10).begun("1", NOON)
    assert [each[:2] for each in seen(begun, ["1"] * 5, 5)] == [(2, "Periodic"), (4, "Periodic")]
    late = NOON + timedelta(minutes=7)
    assert next_due(monitor("PeriodicClockAligned", 900), late) == NOON + timedelta(minutes=15)
    assert next_due(monitor("PeriodicClockAligned", 900), NOON) == NOON + timedelta(minutes=15)


def test_periods_that_were_missed_are_told_once() -> None:
    """After a pause, one event; the next one comes a whole period, or a mark of the clock, later."""
    for kind in ("Periodic", "PeriodicClockAligned"):
        begun = monitor(kind, 60).begun("1", NOON)
        late = NOON + timedelta(seconds=600 + 30)
        moved, noticed = looked(begun, "1", late)
        assert noticed is not None
        assert moved.due_at is not None
        assert late < moved.due_at <= late + timedelta(seconds=60)
        assert looked(moved, "1", late)[1] is None


def test_the_next_instant_is_that_of_the_first_that_is_on() -> None:
    """None without a periodic one."""
    first, second = (monitor("Periodic", each).begun("1", NOON) for each in (5, 9))
    assert next_instant([second, first]) == first.due_at
    assert next_instant([second, replace(first, is_on=False)]) == second.due_at
    assert next_instant([monitor("Delta", 1)]) is None
    assert (number_of("1.5"), number_of(None), number_of("x")) == (1.5, None, None)


def naive_threshold(kind: str, limit: float, values: list[float]) -> list[tuple[int, bool]]:
    """Compares each value with the one before."""
    found, before = [], False
    for number, value in enumerate(values):
        beyond = value > limit if kind == "UpperThreshold" else value < limit
        if beyond and not before:
            found.append((number, False))
        if before and not beyond:
            found.append((number, True))
        before = beyond
    return found


@pytest.mark.parametrize("kind", ["UpperThreshold", "LowerThreshold"])
@given(limit=st.integers(-5, 5), values=st.lists(st.integers(-6, 6), max_size=30))
def test_thresholds_against_a_naive_evaluator(kind: str, limit: int, values: list[int]) -> None:
    """Raised and cleared take turns, whatever the values do."""
    found = seen(monitor(kind, limit), [str(each) for each in values])
    assert [(each[0], each[2]) for each in found] == naive_threshold(kind, limit, [float(v) for v in values])
    assert [each[2] for each in found] == [bool(number % 2) for number in range(len(found))]


@given(step=st.integers(0, 4), begin=st.integers(-6, 6), values=st.lists(st.integers(-6, 6), max_size=30))
def test_differences_against_a_naive_evaluator(step: int, begin: int, values: list[int]) -> None:
    """From the last value that was told."""
    found, base = [], begin
    for number, value in enumerate(values):
        if abs(value - base) > step:
            found.append(number)
            base = value
    begun = monitor("Delta", step).begun(str(begin), NOON)
    assert [each[0] for each in seen(begun, [str(each) for each in values])] == found


@given(period=st.integers(1, 50), offset=st.integers(0, 100), looks=st.integers(0, 200))
def test_periods_against_a_naive_evaluator(period: int, offset: int, looks: int) -> None:
    """A look each second tells exactly the multiples: of the period since it was set, and of the clock."""
    start = NOON + timedelta(seconds=offset)
    for kind, origin in (("Periodic", start), ("PeriodicClockAligned", datetime(1970, 1, 1, tzinfo=UTC))):
        watching, found = monitor(kind, period).begun("1", start), []
        for second in range(looks):
            now = start + timedelta(seconds=second)
            watching, noticed = looked(watching, "1", now)
            if noticed is not None:
                found.append(second)
        due = [
            second
            for second in range(1, looks)
            if int((start - origin).total_seconds() + second) % period == 0
        ]
        assert found == due
