"""Transactions whose end was never reported end all the same, and never with another one's energy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.tariff import Tariff
from csms.domain.inbound import PricedResponse
from csms.rules.flags import AFTER_END, METER_WENT_BACK, SUPERSEDED
from csms.rules.reviews import HELD
from ocppj.model.messages import Acknowledged, StationMessage
from tests.support.inbound import (
    ACCEPTED,
    CP1,
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

PRICE = Tariff("t", "CAD", energy_micro_per_kwh=250_000)


def test_a_start_of_2_x_ends_the_one_before_on_its_evse() -> None:
    """A client that crashed left `is_open: true, flags: []`; on another EVSE it goes on."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(UPDATED, 1, minutes(3), 1600, transaction_id="A"))
    bench.send(event201(STARTED, 0, NOON, 10, transaction_id="B", evse_id=2))
    bench.send(event201(STARTED, 0, minutes(9), 1600, transaction_id="C"))
    first = bench.transaction("A")
    assert (first.ended_at, first.energy_wh, first.flags) == (minutes(3), 600, (SUPERSEDED,))
    assert {row.transaction_id for row in bench.state.open_transactions(CP1)} == {"B", "C"}


def test_an_evse_told_later_supersedes_then() -> None:
    """2.x may send `evse` once, as soon as it is known."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(STARTED, 0, minutes(5), transaction_id="B", evse_id=None, connector_id=None))
    assert bench.transaction("A").is_open
    bench.send(event201(UPDATED, 1, minutes(6), 1000, transaction_id="B"))
    assert not bench.transaction("A").is_open


def test_a_start_told_late_is_over_already() -> None:
    """2.x events may come in any order: the one that began first has ended."""
    bench = Bench()
    bench.send(event201(STARTED, 0, minutes(9), 1600, transaction_id="B"))
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    assert bench.transaction("B").is_open
    assert (bench.transaction("A").is_open, bench.transaction("A").flags) == (False, (SUPERSEDED,))
    bench.send(event201(UPDATED, 1, minutes(3), 1500, transaction_id="A"))
    assert (bench.transaction("A").energy_wh, bench.transaction("A").ended_at) == (500, minutes(3))


def test_a_real_end_that_comes_late_counts() -> None:
    """Out of the station's queue, after the next start."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000, transaction_id="A"))
    bench.send(event201(STARTED, 0, minutes(9), 1600, transaction_id="B"))
    end = event201(ENDED, 1, minutes(5), 1600, transaction_id="A", stopped_reason="EVDisconnected")
    bench.send(end)
    row = bench.transaction("A")
    assert (row.ended_at, row.energy_wh, row.stopped_reason) == (minutes(5), 600, "EVDisconnected")
    assert not row.is_end_assumed


def test_an_assumed_end_is_held_where_it_has_a_price() -> None:
    """Nobody is told a cost; the real end sets it free."""
    bench = Bench()
    reply = PricedResponse("", ACCEPTED, tariff=PRICE)
    bench.send(start16(1000), proposal=reply)
    bench.send(start16(2000, minutes(9)), proposal=reply)
    assert bench.transaction("1").review == HELD
    bench.send(stop16("1", 2000, minutes(5)))
    assert (bench.transaction("1").review, bench.transaction("1").cost_micro) == (None, 250_000)


def test_what_is_metered_after_the_end_does_not_count() -> None:
    """1.6 values sampled later are `after-end`; the meter did not go back."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(stop16("1", 2000, minutes(5)))
    bench.send(values16("1", 9000, minutes(6)), proposal=Acknowledged())
    row = bench.transaction("1")
    assert (row.energy_wh, row.flags) == (1000, (AFTER_END,))


@pytest.mark.parametrize("number", ["1", None])
def test_values_sampled_after_the_end_may_come_before_it(number: str | None) -> None:
    """A stop dated earlier than what was metered: that is no meter that went back either."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(values16(number, 2100, minutes(6)), proposal=Acknowledged())
    bench.send(stop16("1", 2000, minutes(5)))
    row = bench.transaction("1")
    assert (row.energy_wh, row.review) == (1000, None)
    assert AFTER_END in row.flags
    assert METER_WENT_BACK not in row.flags


def test_values_that_name_a_superseded_transaction_are_not_its_own() -> None:
    """A station that goes on naming the old number does not charge its driver."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(values16("1", 1500, minutes(2)), proposal=Acknowledged())
    bench.send(start16(1500, minutes(5)), info=ACCEPTED)
    bench.send(values16("1", 4000, minutes(8)), proposal=Acknowledged())
    assert bench.transaction("1").energy_wh == 500
    assert AFTER_END in bench.transaction("1").flags


def messages_2x() -> list[StationMessage]:
    """Two transactions on one EVSE; the first takes 1000 to 1600 Wh, the second 1600 to 1900 Wh."""
    return [
        event201(STARTED, 0, NOON, 1000, transaction_id="A"),
        event201(UPDATED, 1, minutes(2), 1300, transaction_id="A"),
        event201(UPDATED, 2, minutes(4), 1600, transaction_id="A"),
        event201(STARTED, 0, minutes(10), 1600, transaction_id="B"),
        event201(UPDATED, 1, minutes(12), 1800, transaction_id="B"),
        event201(UPDATED, 2, minutes(14), 1900, transaction_id="B"),
    ]


@given(st.permutations(messages_2x()), st.sets(st.sampled_from(range(6))))
def test_energies_of_two_transactions_never_mix(order: list[Any], lost: set[int]) -> None:
    """Whatever the order and whatever is lost, of two 2.x transactions without ends: to each its own."""
    known = messages_2x()
    bench = Bench()
    for message in order:
        if known.index(message) not in lost:
            bench.send(message)
    rows = bench.state.transactions.get(CP1, {})
    assert (rows["a"].energy_wh or 0) <= 600 if "a" in rows else True
    assert (rows["b"].energy_wh or 0) <= 300 if "b" in rows else True
    if not lost:
        assert (rows["a"].energy_wh, rows["b"].energy_wh) == (600, 300)
        assert (rows["a"].is_open, rows["b"].is_open) == (False, True)


@given(
    st.lists(st.sampled_from(["values", "named", "nameless", "late"]), max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_energies_of_two_numbered_transactions_never_mix(
    kinds: list[str], is_ended: bool, is_early: bool
) -> None:
    """1.6 without a stop of the first: values without a number, with an unknown one, and out of the queue."""
    bench = Bench()
    bench.send(start16(1000), info=ACCEPTED)
    bench.send(values16("1", 1600, minutes(4)), proposal=Acknowledged())
    if is_early:  # sampled after the second start, told before it
        bench.send(values16(None, 1700, minutes(11)), proposal=Acknowledged())
    bench.send(start16(1600, minutes(10)), info=ACCEPTED)
    for number, kind in enumerate(kinds, 1):
        name = {"values": "2", "named": "99", "nameless": None, "late": "1"}[kind]
        at, wh = (minutes(5), 1600) if kind == "late" else (minutes(11 + number), 1700 + 10 * number)
        bench.send(values16(name, wh, at), proposal=Acknowledged())
    if is_ended:
        bench.send(stop16("2", 1900, minutes(30)))
        assert bench.transaction("2").energy_wh == 300
    assert bench.transaction("1").energy_wh == 600
    assert (bench.transaction("2").energy_wh or 0) <= 300
    assert not bench.transaction("1").is_open
