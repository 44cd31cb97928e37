"""What the energy register proves over a transaction, and which readings cannot be."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csms.rules.readings import Moment, Reading
from csms.rules.register import (
    DOUBTS_KEPT,
    POWER_MOST_W,
    START_REPLACED,
    UNTIMED_MOST_WH,
    Energy,
    Register,
    doubts_of,
    energy,
    is_known,
    plain_energy,
    usual_given,
)
from csms.rules.rows import TransactionRow
from csms.rules.transaction_fold import replace, with_samples
from ocppj.vocabulary import MeterSample, TransactionEventKind
from tests.support.inbound import CP1, ENDED, NOON, STARTED, UPDATED, inbound, minutes, register, start16

RECEIVED = inbound(start16(), received_at=minutes(10_000))


def row(**more: Any) -> TransactionRow:
    """A transaction that began at noon."""
    return TransactionRow(
        transaction_no=1,
        station_id=CP1,
        transaction_id="1",
        started_at=NOON,
        first_received_at=NOON,
        last_event_at=minutes(600),
        last_received_at=NOON,
        **more,
    )


def metered(
    before: TransactionRow, samples: Sequence[MeterSample], kind: TransactionEventKind | None = None
) -> TransactionRow:
    """The transaction with a message's samples."""
    return with_samples(before, samples, NOON, RECEIVED, kind)


def given_at(before: TransactionRow, moment: Moment, wh: float, at: float) -> TransactionRow:
    """The transaction with 1.6's meterStart or meterStop."""
    fold = Register(before)
    fold.add(Reading(moment, minutes(at), wh), is_given=True)
    return replace(before, **fold.changes())


def charge16(start: float, values: Sequence[float], stop: float | None = None, **more: Any) -> TransactionRow:
    """A 1.6 charge with a reading every minute."""
    result = given_at(row(**more), Moment.START, start, 0)
    for number, value in enumerate(values, 1):
        result = metered(result, [register(value, minutes(number))])
    return result if stop is None else given_at(result, Moment.END, stop, len(values) + 1)


def test_start_is_the_earliest_stop_the_latest_peak_the_greatest() -> None:
    """In whatever order they come."""
    one = metered(row(), [register(150, minutes(2)), register(120, minutes(1))])
    other = metered(one, [register(100, NOON), register(140, minutes(3))])
    assert (other.meter_start_wh, other.meter_stop_wh, other.meter_peak_wh) == (100, 140, 150)


def test_given_readings_are_not_moved_by_samples() -> None:
    """1.6 names its start and stop."""
    given_ones = row(is_start_given=True, meter_start_wh=10.0, meter_start_at=NOON)
    given_ones = given_at(given_ones, Moment.END, 20, 5)
    after = metered(given_ones, [register(5, NOON), register(30, minutes(4)), register(40, minutes(9))])
    assert (after.meter_start_wh, after.meter_stop_wh, after.meter_peak_wh) == (10, 20, 30)


def test_what_repeats_the_start_is_never_the_current_register() -> None:
    """M1: some stations send the register of the start beside the current one, under the same time."""
    start = register(1000, minutes(5), context="Transaction.Begin")
    now = register(7190, minutes(5), context="Sample.Periodic")
    for samples in ([now, start], [start, now]):
        after = metered(charge16(1000, []), samples)
        assert (energy(after).wh, after.meter_stop_wh) == (6190, 7190)
        begun = metered(row(), [register(1000, NOON, context="Transaction.Begin")], STARTED)
        assert energy(metered(begun, samples, UPDATED)).wh == 6190


def test_the_reading_of_the_end_is_the_last_one_whatever_its_time() -> None:
    """2.0.1 Ended with both ends in one message, and a sample under a later time."""
    samples = [
        register(11_000, minutes(5), context="Transaction.End"),
        register(1000, minutes(5), context="Transaction.Begin"),
        register(10_900, minutes(6)),
    ]
    assert energy(metered(row(), samples, ENDED)).wh == 10_000
    assert energy(metered(row(), samples[::-1], ENDED)).wh == 10_000


def test_nothing_is_of_the_end_before_that_has_come() -> None:
    """Such a sample is kept, and counts when the transaction is over."""
    end = register(9000, minutes(5), context="Transaction.End")
    assert energy(metered(charge16(1000, [2000]), [end])).wh == 1000
    over = replace(metered(row(), [register(1000, NOON)], STARTED), ended_at=minutes(6))
    assert energy(metered(over, [end])).wh == 8000


def test_the_start_named_by_the_start_is_moved_by_nobody() -> None:
    """What comes with the start is of the start, and a later value that says so changes nothing."""
    begun = metered(row(), [register(1000, minutes(1))], STARTED)
    late = metered(begun, [register(900, minutes(2), context="Transaction.Begin")], UPDATED)
    assert late.meter_start_wh == 1000


def test_the_inlet_counts_until_the_outlet_is_metered() -> None:
    """Never both: they are two registers."""
    inlet = [register(50_000 + n, minutes(n), location="Inlet") for n in (1, 2)]
    outlet = [register(1000 + n, minutes(n)) for n in (3, 4)]
    one = metered(metered(row(), inlet), outlet)
    other = metered(metered(row(), outlet), inlet)
    assert energy(metered(row(), inlet)).wh == 1
    assert energy(one) == energy(other)
    assert (one.meter_start_wh, other.meter_start_wh, energy(one).wh) == (1003, 1003, 1)


@pytest.mark.parametrize(
    ("start", "stop", "peak", "expected"),
    [
        (None, 5.0, 5.0, (None, False)),
        (5.0, None, None, (None, False)),
        (1000.0, 8000.0, 8000.4, (7000.0, False)),  # a fraction above the whole Wh of the stop
        (1000.0, 8000.0, None, (7000.0, False)),
        (1000.0, 300.0, None, (0.0, True)),  # quirk 45
        (1000.0, 300.0, 6000.0, (5000.0, True)),  # quirk 46: reset on the way, the peak is proven
        (1000.0, 3000.0, 6000.0, (2000.0, True)),  # a peak that the stop disproves
    ],
)
def test_energy_is_never_negative_and_only_what_is_proven(
    start: float | None, stop: float | None, peak: float | None, expected: tuple[float | None, bool]
) -> None:
    """A meter that went back is flagged, and a person looks at it."""
    found = energy(row(meter_start_wh=start, meter_stop_wh=stop, meter_peak_wh=peak))
    assert (found.wh, found.went_back) == expected
    assert found.is_certain is not found.went_back


def test_a_sample_of_later_does_not_move_the_end_that_was_named() -> None:
    """It comes in a message of its own, after the end; the stop stays where the station said."""
    end = register(9000, minutes(5), context="Transaction.End")
    over = replace(metered(row(), [register(1000, NOON)], STARTED), ended_at=minutes(5))
    after = metered(metered(over, [end]), [register(9500, minutes(6))])
    assert (after.meter_stop_at, after.meter_stop_wh, after.meter_peak_wh) == (minutes(5), 9000, 9500)


@pytest.mark.parametrize(
    ("start", "stop", "more", "expected"),
    [
        (1000.0, 8000.0, {"meter_peak_wh": 8000.0}, 7000.0),
        (1000.0, 8000.0, {}, 7000.0),
        (1000.0, 1000.0, {}, 0.0),
        (None, 8000.0, {}, None),
        (1000.0, None, {}, None),
        (1000.0, 300.0, {}, None),
        (1000.0, 8000.0, {"meter_peak_wh": 9000.0}, None),
        (1000.0, 8000.0, {"meter_doubts": "[]"}, None),
        (1000.0, 8000.0, {"meter_before_wh": 936_120.0}, None),
    ],
)
def test_energy_is_plain_where_no_reading_is_odd(
    start: float | None, stop: float | None, more: dict[str, Any], expected: float | None
) -> None:
    """Then it is what `energy` comes to, sooner; else `energy` is to be asked."""
    found = row(meter_start_wh=start, meter_stop_wh=stop, **more)
    assert plain_energy(found) == expected
    assert expected is None or energy(found) == Energy(expected)


def test_what_is_odd_is_noted() -> None:
    """A register that went back, a reading that cannot be; not that a person has to look at it."""
    assert Energy(1.0, went_back=True).is_odd
    assert Energy(1.0, is_implausible=True).is_odd
    assert not Energy(1.0, is_certain=False).is_odd


# --- What cannot be ---------------------------------------------------------------------------------------


def test_a_register_below_nothing_is_not_read() -> None:
    """M9: meterStart -1; the reading of the start that a sample names stands in."""
    begun = given_at(row(), Moment.START, -1, 0)
    after = metered(begun, [register(936_120, minutes(1), context="Transaction.Begin")])
    found = energy(given_at(after, Moment.END, 937_000, 10))
    assert (found.wh, found.is_implausible, found.is_certain) == (880, True, False)


def test_a_first_reading_that_all_others_contradict_is_the_wrong_one() -> None:
    """M9: 0, then the register of a lifetime."""
    begun = metered(row(), [register(0, NOON, context="Transaction.Begin")], STARTED)
    once = metered(begun, [register(936_120, minutes(1))], UPDATED)
    assert (energy(once).wh, energy(once).is_certain) == (0, False)
    ended = metered(once, [register(937_000, minutes(10), context="Transaction.End")], ENDED)
    assert (energy(ended).wh, energy(ended).is_implausible, energy(ended).is_certain) == (880, True, False)


def test_a_first_reading_far_above_all_others_is_the_wrong_one() -> None:
    """A spike at the start."""
    assert energy(charge16(16e9, [1000, 1100, 1200])).wh == 200


@pytest.mark.parametrize("spike", [16e9, 4_294_967_295.0, -16e9, 900_000.0])
def test_a_spike_among_the_samples_counts_for_nothing(spike: float) -> None:
    """While it is the last word nobody is told a price; once the others go on it is disproved."""
    spiked = charge16(1000, [2000, spike])
    assert (energy(spiked).wh, energy(spiked).is_certain) == (1000, False)
    found = energy(charge16(1000, [2000, spike, 3000], 3500))
    assert (found.wh, found.is_implausible, found.is_certain) == (2500, True, True)


def test_a_stop_that_cannot_be_leaves_what_the_samples_proved() -> None:
    """And is known when it comes again."""
    spiked = charge16(1000, [2000, 3000], 16e9)
    assert (energy(spiked).wh, energy(spiked).is_certain, spiked.is_stop_given) == (2000, False, False)
    assert is_known(spiked, 16e9)
    assert energy(charge16(1000, [], 16e9)).wh == 0


def test_the_limit_of_the_evse_counts_where_it_is_known() -> None:
    """60 kWh within 10 minutes: no AC socket, many DC ones."""
    assert energy(charge16(0, [6_000 * n for n in range(1, 11)])).wh == 60_000
    limited = energy(charge16(0, [10 * n for n in range(1, 10)], 60_000, power_limit_w=22_000.0))
    assert (limited.wh, limited.is_certain) == (90, False)


def test_a_start_below_the_transaction_before_is_not_believed_where_the_readings_go_on_from_there() -> None:
    """meterStart 0 over eight hours: the power bound alone would take 937 kWh for a charge."""
    long_one = given_at(
        given_at(row(meter_before_wh=936_120.0), Moment.START, 0, 0), Moment.END, 937_000, 480
    )
    assert (energy(long_one).wh, energy(long_one).is_certain) == (880, False)
    unread = given_at(given_at(row(meter_before_wh=936_120.0), Moment.START, -1, 0), Moment.END, 937_000, 480)
    assert energy(unread).wh == 880


def test_a_meter_that_was_replaced_begins_anew() -> None:
    """It stays below what it was: nothing is odd."""
    new = given_at(given_at(row(meter_before_wh=936_120.0), Moment.START, 0, 0), Moment.END, 20_000, 60)
    assert (energy(new).wh, energy(new).is_implausible, energy(new).is_certain) == (20_000, False, True)


def test_doubts_are_bounded_and_kept_as_they_came() -> None:
    """The newest ones."""
    many = charge16(1000, [1010, *[1e9 * (n + 1) for n in range(40)]])
    assert len(doubts_of(many)) == DOUBTS_KEPT
    assert doubts_of(many)[-1].value == 40e9
    assert doubts_of(row()) == []


def test_doubts_of_the_end_stay_when_those_of_the_inlet_go() -> None:
    """The inlet's start is forgotten with the outlet's first reading, although that one cannot be either: two
    ends that agree stand alone then, and a person looks at it.
    """
    fold = Register(metered(row(), [register(1000, NOON, location="Inlet")], STARTED))
    for moment, minute, wh in ((Moment.INSTANT, 3, 20e9), (Moment.END, 5, 16e9), (Moment.END, 6, 16e9 + 1)):
        fold.add(Reading(moment, minutes(minute), wh))
    doubted = replace(row(), **fold.changes())
    assert (energy(doubted).wh, len(doubts_of(doubted))) == (0, 3)
    after = metered(doubted, [register(-1, minutes(7))])
    assert [each.value for each in doubts_of(after)] == [-1]
    assert after.meter_marks & START_REPLACED
    assert (energy(after).wh, energy(after).is_certain) == (1, False)


def test_a_doubt_that_is_told_again_is_one_doubt() -> None:
    """Stations send what was not answered again: that makes it no likelier."""
    once = charge16(1000, [2000, 16e9])
    again = metered(once, [register(16e9, minutes(2))])
    assert [each.value for each in doubts_of(again)] == [16e9]


def test_nothing_is_proven_where_no_start_was_read() -> None:
    """A meterStart of -1 and nothing else; or not even that, where the transaction before is known."""
    unread = given_at(row(), Moment.START, -1, 0)
    assert energy(unread) == Energy(None, is_implausible=True, is_certain=False)
    assert energy(row(meter_before_wh=936_120.0)) == Energy(None)


def test_without_a_clock_only_what_no_vehicle_takes_is_doubted() -> None:
    """Two readings of which nobody knows when they were taken."""
    fold = Register(row())
    fold.add(Reading(Moment.START, NOON, 0, is_timed=False), is_given=True)
    fold.add(Reading(Moment.END, NOON, UNTIMED_MOST_WH - 1, is_timed=False), is_given=True)
    assert fold.changes()["meter_doubts"] is None


# --- Honest stations --------------------------------------------------------------------------------------


@st.composite
def honest(draw: st.DrawFn) -> tuple[float, list[tuple[float, float]]]:
    """(start, (minute, Wh) of each reading): monotone, never faster than the largest EVSE, up to a day."""
    start = draw(st.floats(0, 5e9))
    at, wh, found = 0.0, start, []
    for _ in range(draw(st.integers(1, 12))):
        pause = draw(st.floats(0.1, 120))
        wh += pause / 60 * draw(st.floats(0, POWER_MOST_W))
        at += pause
        found.append((at, wh))
    return start, found


@given(honest(), st.randoms(use_true_random=False))
def test_an_honest_station_is_never_doubted(
    case: tuple[float, list[tuple[float, float]]], random: Any
) -> None:
    """Whatever its power, the length of the charge, the pauses, and the order in which messages arrive."""
    start, values = case
    messages = [register(wh, minutes(at)) for at, wh in values]
    random.shuffle(messages)
    folded = given_at(row(), Moment.START, start, 0)
    for message in messages:
        folded = metered(folded, [message])
    folded = given_at(folded, Moment.END, values[-1][1], values[-1][0])
    found = energy(folded)
    assert found.wh == pytest.approx(values[-1][1] - start, abs=1e-6)
    assert not found.is_implausible
    assert found.is_certain
    assert folded.meter_doubts is None


@given(
    st.floats(-1e12, 1e12),
    st.lists(st.tuples(st.integers(0, 600), st.floats(-1e12, 1e12)), max_size=8),
    st.floats(-1e12, 1e12),
    st.sampled_from([None, 22_000.0]),
)
def test_no_energy_beyond_what_the_evse_can_deliver(
    start: float, values: list[tuple[int, float]], stop: float, limit: float | None
) -> None:
    """Never negative, and never more than its power over the time, whatever is sent."""
    folded = given_at(row(power_limit_w=limit), Moment.START, start, 0)
    for at, wh in values:
        folded = metered(folded, [register(wh, minutes(at))])
    found = energy(given_at(folded, Moment.END, stop, 600))
    steps = len(values) + 1
    most_w = POWER_MOST_W if limit is None else limit * 1.2
    assert found.wh is None or 0 <= found.wh <= most_w * (10 + steps * 120 / 3600) * 1.001 + 1


WATTHOURS = st.sampled_from([-1.0, 0.0, 1.0, 1000.0, 1500.0, 2000.0, 49_000.0, 52_000.0, 9_000_000.0])


@given(
    st.lists(st.tuples(WATTHOURS, st.integers(-2, 5)), max_size=3),
    st.sampled_from([None, 5.0, 11_000.0]),
    st.sampled_from([Moment.START, Moment.END]),
    WATTHOURS,
    st.integers(-2, 6),
    st.booleans(),
    st.booleans(),
)
def test_the_short_way_of_what_is_named_comes_to_the_same(
    readings: list[tuple[float, int]],
    limit_w: float | None,
    moment: Moment,
    wh: float,
    at: int,
    is_timed: bool,
    has_start: bool,
) -> None:
    """1.6's meterStart and meterStop, whatever was read before: the usual case is only sooner."""
    before = row(power_limit_w=limit_w)
    if has_start:
        before = given_at(before, Moment.START, 1000.0, 0)
    for value, minute in readings:
        before = metered(before, [register(value, minutes(minute))])
    reading = Reading(moment, minutes(at), wh, is_timed)
    fold = Register(before)
    fold.add(reading, is_given=True)
    changes = usual_given(before, reading)
    if changes is not None:
        assert replace(before, **changes) == replace(before, **fold.changes())


def test_a_plain_start_and_stop_go_the_short_way() -> None:
    """Each charge has one of each."""
    begun = given_at(row(), Moment.START, 1000.0, 0)
    assert usual_given(row(), Reading(Moment.START, NOON, 1000.0)) is not None
    read = metered(begun, [register(1500.0, minutes(1))])
    assert usual_given(read, Reading(Moment.END, minutes(2), 1600.0)) is not None


def test_a_start_that_comes_after_readings_takes_the_long_way() -> None:
    """They are held against it; so is an end that comes before any start."""
    assert usual_given(row(meter_stop_wh=1200.0), Reading(Moment.START, NOON, 1000.0)) is None
    assert usual_given(row(), Reading(Moment.END, NOON, 1000.0)) is None
