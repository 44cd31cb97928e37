"""What waits for a person, and that what was decided stays."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from charging.tariff import Tariff
from csms.domain.flags import (
    CLOCK_AHEAD,
    CLOCK_BEHIND,
    CLOCK_WENT_BACK,
    END_MISSING,
    ENDED_BY_HAND,
    ENERGY_UNMEASURED,
    TEST,
)
from csms.domain.inbound import PricedResponse
from csms.domain.reviews import Review
from csms.rules.register import POWER_MOST_W
from csms.rules.reviews import HELD, duration_s, is_decided, is_doubtful, kept_decision
from csms.rules.rows import TransactionRow
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import IdToken
from tests.support.inbound import (
    ACCEPTED,
    ENDED,
    NOON,
    STARTED,
    UPDATED,
    Bench,
    event201,
    minutes,
    start16,
    stop16,
    values16,
)

PER_HOUR = Tariff("t", "EUR", time_micro_per_h=2_000_000)
PER_KWH = Tariff("t", "EUR", energy_micro_per_kwh=500_000)
BOTH = Tariff("t", "EUR", energy_micro_per_kwh=500_000, time_micro_per_h=2_000_000)
PRICED = PricedResponse("", ACCEPTED, tariff=BOTH)


def charged(
    tariff: Tariff,
    start_at: Any,
    stop_at: Any,
    *,
    stop_wh: float = 9000,
    received: tuple[float, float] = (0, 60),
) -> TransactionRow:
    """A 1.6 charge whose two messages came at these minutes after noon."""
    bench = Bench()
    reply = PricedResponse("", ACCEPTED, tariff=tariff)
    bench.send(start16(1000, start_at), proposal=reply, received_at=minutes(received[0]))
    bench.send(stop16("1", stop_wh, stop_at), proposal=reply, received_at=minutes(received[1]))
    return bench.transaction("1")


@pytest.mark.parametrize(
    ("start_at", "stop_at", "flag"),
    [
        (NOON, NOON.replace(year=2037), CLOCK_AHEAD),
        (NOON.replace(year=2013), minutes(60), CLOCK_BEHIND),
        (NOON.replace(year=2036), minutes(60), CLOCK_AHEAD),
        (minutes(300), minutes(60), CLOCK_AHEAD),  # local time marked Z, and corrected on the way
        (NOON - timedelta(days=500), minutes(60), CLOCK_BEHIND),
    ],
)
def test_a_time_that_cannot_be_makes_no_bill(start_at: Any, stop_at: Any, flag: str) -> None:
    """P1: an hour passed between the messages, and an hour is priced; a person looks at it."""
    row = charged(PER_HOUR, start_at, stop_at)
    assert (row.cost_micro, row.review) == (2_000_000, HELD)
    assert flag in row.flags


def test_an_end_before_the_start_is_as_long_as_the_messages_were_apart() -> None:
    """Not free."""
    row = charged(PER_HOUR, minutes(-10), minutes(-40))
    assert (row.cost_micro, row.review) == (2_000_000, HELD)
    assert CLOCK_WENT_BACK in row.flags


def test_a_wrong_clock_is_nobodys_business_where_time_has_no_price() -> None:
    """The price by kWh is certain."""
    row = charged(PER_KWH, NOON, NOON.replace(year=2037))
    assert (row.cost_micro, row.review) == (4_000_000, None)


@pytest.mark.parametrize(
    ("start_at", "stop_at", "received"),
    [
        (NOON, minutes(60), (0, 60)),
        (NOON, minutes(60), (600, 600.1)),  # kept until it could connect
        (minutes(4), minutes(64), (0, 60)),  # a clock that is minutes off
        (minutes(-4), minutes(56), (0, 60)),
        (None, None, (0, 60)),  # no clock at all
        (NOON.replace(year=1970), NOON.replace(year=1970), (0, 60)),
    ],
)
def test_an_honest_clock_changes_nothing(start_at: Any, stop_at: Any, received: tuple[float, float]) -> None:
    """An hour is an hour, and nobody is asked."""
    row = charged(BOTH, start_at, stop_at, received=received)
    assert (row.cost_micro, row.review) == (6_000_000, None)


def test_three_days_at_the_plug_are_three_days() -> None:
    """And a month of them, where the messages were as far apart."""
    for days in (3, 40):
        row = charged(PER_HOUR, NOON, minutes(days * 1440), received=(0, days * 1440))
        assert (duration_s(row), row.review) == (days * 86_400, None)


def test_no_display_is_told_a_cost_that_waits_for_a_person() -> None:
    """2.0.1 I02.FR.01 and I03.FR.02 want one that is known: it comes back when it is."""
    bench = Bench()
    begun = bench.send(event201(STARTED, 0, NOON, 1000, id_token=IdToken("A")), proposal=PRICED)
    assert isinstance(begun, TransactionEventResponse)
    told = []
    for number, (kind, wh) in enumerate(
        [(UPDATED, 2000), (UPDATED, 16e9), (UPDATED, 3000), (ENDED, 4000)], 1
    ):
        reply = bench.send(event201(kind, number, minutes(number), wh), proposal=PRICED)
        assert isinstance(reply, TransactionEventResponse)
        told.append(reply.total_cost_micro)
    assert told == [533_333, None, 1_100_000, 1_633_333]
    assert bench.transaction("T1").review is None


# --- What was decided -------------------------------------------------------------------------------------


def test_what_was_decided_stays_whatever_comes_later() -> None:
    """Times, energy, cost and the decision; everything else moves on."""
    before = charged(BOTH, NOON, minutes(60))
    after = replace(before, energy_wh=1.0, cost_micro=1, ended_at=minutes(90), stopped_reason="Local")
    assert not is_decided(before)
    assert kept_decision(before, after) is after
    held = replace(before, review=HELD)
    assert kept_decision(held, after) is after
    accepted = replace(before, review=Review.ACCEPTED.value)
    assert is_decided(accepted)
    assert kept_decision(accepted, after) == replace(accepted, stopped_reason="Local")


@pytest.mark.parametrize(
    ("flags", "tariff", "expected"),
    [
        ((END_MISSING,), PER_KWH, True),
        ((END_MISSING,), None, False),
        ((ENDED_BY_HAND,), PER_KWH, False),
        ((ENERGY_UNMEASURED,), PER_KWH, True),
    ],
)
def test_an_end_that_is_assumed_is_doubtful_where_there_is_a_price(
    flags: tuple[str, ...], tariff: Tariff | None, expected: bool
) -> None:
    """Not where a person said so."""
    row = replace(charged(PER_KWH, NOON, minutes(60)), superseded_at=minutes(60), flags=flags)
    assert is_doubtful(row, tariff, is_energy_certain=True) is expected


def test_energy_that_is_not_certain_is_doubtful() -> None:
    """With or without a price."""
    assert is_doubtful(charged(PER_KWH, NOON, minutes(60)), None, is_energy_certain=False)


AT = st.one_of(
    st.none(), st.integers(-2_000_000, 2_000_000).map(minutes), st.sampled_from([NOON.replace(year=2037)])
)
WH = st.one_of(st.floats(-1e12, 1e12), st.sampled_from([-1.0, 0.0, 936_120.0, 16e9]))


@given(AT, AT, WH, WH, st.lists(st.tuples(AT, WH), max_size=4), st.floats(0, 10_000))
def test_no_bill_beyond_what_the_bounds_allow(
    start_at: Any, stop_at: Any, start_wh: float, stop_wh: float, samples: list[Any], apart: float
) -> None:
    """Whatever is sent: never negative, never more than the tariff times the longest time and the power."""
    bench = Bench()
    bench.send(start16(start_wh, start_at), proposal=PRICED, received_at=NOON)
    for at, wh in samples:
        bench.send(values16("1", wh, at), received_at=minutes(apart))
    bench.send(stop16("1", stop_wh, stop_at), proposal=PRICED, received_at=minutes(apart))
    row = bench.transaction("1")
    # A month, where the messages are not as far apart; a day at full power between two readings.
    hours = max(apart / 60 * 2, 30 * 24) + 0.1
    kwh = (len(samples) + 2) * POWER_MOST_W / 1000 * 24.1
    assert row.cost_micro is not None
    assert row.cost_micro >= 0
    assert row.cost_micro <= hours * 2_000_000 + kwh * 500_000
    assert duration_s(row) / 3600 <= hours
    assert (row.energy_wh or 0.0) <= kwh * 1000


def test_a_test_waits_for_nobody() -> None:
    """It has no price: whatever is odd in it, nobody has to look."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 0), proposal=PricedResponse("T1", ACCEPTED, is_test=True))
    row = bench.transaction("T1")
    assert is_doubtful(replace(row, flags=()), None, is_energy_certain=False)
    assert not is_doubtful(replace(row, flags=(TEST,)), None, is_energy_certain=False)
