"""Any order, repetition and loss of a transaction's messages leads to the same transaction (SIM-02)."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from charging.tariff import Tariff
from csms.domain.flags import AFTER_END, CLOCK_BEHIND, CLOCK_UNSET, ENERGY_UNMEASURED, INCOMPLETE, unmeasured
from csms.domain.inbound import PricedResponse
from csms.domain.reviews import Review
from csms.rules.instants import Instant
from csms.rules.readings import POWER
from csms.rules.reviews import HELD
from csms.rules.rows import QuarantineRow, SampleRow, TransactionRow
from csms.rules.transaction_fold import (
    FLAGS_KEPT,
    flagged,
    settled,
    until_end,
    with_event,
    with_samples,
    with_state,
)
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import ChargingState, IdToken, MeterSample, TransactionEventKind
from tests.support.inbound import (
    ACCEPTED,
    ENDED,
    NOON,
    STARTED,
    UPDATED,
    Bench,
    event201,
    inbound,
    minutes,
    offline,
    start16,
    stop16,
    values16,
)

SAME = (
    "transaction_id",
    "evse_id",
    "connector_id",
    "id_token",
    "started_at",
    "ended_at",
    "meter_start_wh",
    "meter_stop_wh",
    "energy_wh",
    "power_w",
    "stopped_reason",
    "is_offline",
    "seq_nos",
    "flags",
)


def charge(updates: int) -> list[TransactionEvent]:
    """A whole transaction of 2.x, in order."""
    events = [event201(STARTED, 0, NOON, 1000, id_token=IdToken("A"))]
    for number in range(1, updates + 1):
        token = IdToken("B") if number == 2 else None
        events.append(event201(UPDATED, number, minutes(number), 1000 + 100 * number, id_token=token))
    end = updates + 1
    events.append(event201(ENDED, end, minutes(end), 1000 + 100 * end, stopped_reason="Local"))
    return events


def outcome(row: TransactionRow) -> dict[str, Any]:
    """What must not depend on the order."""
    return {name: getattr(row, name) for name in SAME}


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[TransactionEvent], list[tuple[int, str, bool]]]:
    """(a transaction, its messages in any order, each once or more: (number, message id, says offline))."""
    events = charge(draw(st.integers(0, 6)))
    numbers = list(range(len(events)))
    more = draw(st.lists(st.sampled_from(numbers), max_size=6))
    order = draw(st.permutations(numbers + more))
    sent: list[tuple[int, str, bool]] = []
    for place, number in enumerate(order):
        is_again = number in order[:place]
        message_id = draw(st.sampled_from([f"m{number}", f"again{place}"])) if is_again else f"m{number}"
        sent.append((number, message_id, is_again and draw(st.booleans())))
    return events, sent


@given(deliveries())
def test_order_and_repetition_do_not_matter(case: tuple[list[TransactionEvent], list[Any]]) -> None:
    """Stored once, the same answer to the same message, the same transaction in the end."""
    events, sent = case
    in_order, bench = Bench(), Bench()
    for number, event in enumerate(events):
        in_order.send(event, f"m{number}", info=ACCEPTED if event.id_token else None)
    answers: dict[int, Reply | None] = {}
    for number, message_id, says_offline in sent:
        event = offline(events[number]) if says_offline else events[number]
        reply = bench.send(event, message_id, info=ACCEPTED if event.id_token else None)
        assert answers.setdefault(number, reply) == reply
    assert outcome(bench.transaction("T1")) == outcome(in_order.transaction("T1"))
    assert len(bench.of_kind(SampleRow)) == len(events)
    assert bench.of_kind(QuarantineRow) == []
    assert bench.told().count("transaction.ended") == 1


@given(st.sets(st.integers(1, 6)), st.randoms(use_true_random=False))
def test_lost_updates_lose_no_energy(lost: set[int], random: Any) -> None:
    """E04.FR.07: the end alone counts, and the gap is flagged."""
    events = [event for event in charge(6) if event.seq_no not in lost]
    random.shuffle(events)
    bench = Bench()
    for event in events:
        bench.send(event)
    row = bench.transaction("T1")
    assert row.energy_wh == 700
    assert (INCOMPLETE in row.flags) is bool(lost)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=12))
def test_a_1_6_charge_survives_any_repetition(again: list[tuple[int, bool]]) -> None:
    """After each message any earlier one may come again, under its id or a new one."""
    events: list[StationMessage] = [start16(1000), *[values16("1", 1000 + n, minutes(n)) for n in (1, 2, 3)]]
    events.append(stop16("1", 1004, minutes(4)))
    bench, answers = Bench(), []
    for number, event in enumerate(events):
        answers.append(bench.send(event, f"m{number}", info=ACCEPTED))
        for other, is_new_id in again:
            if other <= number and not (other == 0 and is_new_id and number == 4):
                message_id = None if is_new_id else f"m{other}"
                assert bench.send(events[other], message_id, info=ACCEPTED) == answers[other]
    row = bench.transaction("1")
    assert (row.energy_wh, row.meter_stop_wh) == (4, 1004)
    assert len(bench.of_kind(SampleRow)) == 3
    assert bench.state.last_number == 1


INSTANTS = st.sampled_from(
    [None, NOON.replace(year=1970), NOON, minutes(1), minutes(99), NOON.replace(year=2060)]
)
NUMBERS = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(0.0))
EVENTS = st.builds(
    TransactionEvent,
    kind=st.sampled_from(TransactionEventKind),
    transaction_id=st.sampled_from([None, "", "1", "T1", "t1", "57"]),
    at=INSTANTS,
    evse_id=st.sampled_from([None, 0, 1, 2**40]),
    connector_id=st.sampled_from([None, 1]),
    seq_no=st.one_of(st.none(), st.integers(-1, 4)),
    charging_state=st.one_of(st.none(), st.sampled_from(ChargingState)),
    id_token=st.sampled_from([None, IdToken("A"), IdToken("a", "Made Up")]),
    meter_wh=NUMBERS,
    samples=st.lists(
        st.builds(
            MeterSample,
            measurand=st.sampled_from(["Energy.Active.Import.Register", "Power.Active.Import", "X"]),
            value=st.floats(-1e9, 1e9),
            unit=st.sampled_from(["Wh", "W", ""]),
            at=INSTANTS,
            phase=st.sampled_from([None, "L1", "L2", "Z"]),
        ),
        max_size=3,
    ).map(tuple),
    is_offline=st.booleans(),
)


@given(st.lists(st.tuples(EVENTS, st.sampled_from(["a", "b", "c"])), max_size=12))
def test_nothing_is_refused_whatever_it_says(sent: list[tuple[TransactionEvent, str]]) -> None:
    """DUR-09: answered, stored or in quarantine, the same again for the same message; energy is ≥ 0."""
    bench = Bench()
    answers: dict[tuple[str, str], Reply | None] = {}
    for event, message_id in sent:
        key, rows_before = (message_id, repr(event)), len(bench.rows)
        is_new = all(content != key[1] for _, content in answers)
        reply = bench.send(event, message_id)
        assert isinstance(reply, TransactionEventResponse)
        assert answers.setdefault(key, reply) == reply
        assert len(bench.rows) > rows_before or not is_new
    for row in bench.of_kind(TransactionRow):
        assert row.energy_wh is None or row.energy_wh >= 0
        assert row.idle_s >= 0


def test_flags_are_bounded() -> None:
    """A station cannot fill a row with findings."""
    row = Bench()
    row.send(event201(STARTED, 0, NOON))
    many = flagged(row.transaction("T1"), [f"f{number:03}" for number in range(100)])
    assert len(many.flags) == FLAGS_KEPT


def test_a_row_is_not_copied_for_nothing() -> None:
    """The hot path: no new flag, no new row."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON))
    row = bench.transaction("T1")
    assert flagged(row, (None,)) is row


def begun() -> TransactionRow:
    """A transaction of 2.x that has just begun."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000), received_at=NOON)
    return bench.transaction("T1")


def test_the_times_of_a_row_are_those_of_its_latest_messages() -> None:
    """The station's and ours, each the latest, whatever the order of arrival."""
    late = with_event(begun(), event201(UPDATED, 2, minutes(2)), minutes(2), minutes(9))
    assert (late.last_event_at, late.last_received_at) == (minutes(2), minutes(9))
    early = with_event(late, event201(UPDATED, 1, minutes(1)), minutes(1), minutes(3))
    assert (early.last_event_at, early.last_received_at) == (minutes(2), minutes(9))


def test_what_was_metered_after_the_end_proves_nothing() -> None:
    """The peak goes, which would say that the register went back; not where nobody knows the times."""
    row = replace(begun(), meter_stop_at=minutes(6), meter_stop_wh=2100.0, meter_peak_wh=2100.0)
    after, flag = until_end(row, Instant(minutes(5)))
    assert (after.meter_peak_wh, flag) == (None, AFTER_END)
    for end in (Instant(minutes(6)), Instant(minutes(5), CLOCK_UNSET)):
        assert until_end(row, end) == (row, None)


# --- What 1.6 tells in a connector's status ---------------------------------------------------------------


def test_a_status_moves_the_state_of_a_transaction() -> None:
    """From the start on: a status from before is of the connector (§4.9)."""
    row = with_state(begun(), ChargingState.CHARGING, minutes(5), minutes(6))
    assert (row.charging_state, row.state_since) == (ChargingState.CHARGING, minutes(5))
    assert (row.last_event_at, row.last_received_at) == (minutes(5), minutes(6))
    before = with_state(begun(), ChargingState.CHARGING, minutes(-5), NOON)
    assert (before.state_since, before.last_event_at) == (NOON, NOON)


def test_a_status_that_comes_late_changes_nothing() -> None:
    """What the connector told after it counts; the row is not copied."""
    row = with_state(begun(), ChargingState.CHARGING, minutes(5), minutes(6))
    assert with_state(row, ChargingState.SUSPENDED_EV, minutes(4), minutes(6)) is row


# --- Power ------------------------------------------------------------------------------------------------


def power(value: float, at: datetime, **more: Any) -> MeterSample:
    """A sample of the power."""
    return MeterSample(POWER, value, "W", at, **more)


def powered(*messages: list[MeterSample]) -> float | None:
    """The power of a transaction after some messages."""
    row = begun()
    for number, samples in enumerate(messages, 1):
        row = with_samples(
            row, samples, minutes(number), inbound(start16(), received_at=minutes(100 + number))
        )
        assert row.last_received_at == minutes(100 + number)
    return row.power_w


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([[power(7200, minutes(1))], [power(3600, minutes(2))]], 3600),
        ([[power(7200, minutes(2))], [power(3600, minutes(1))]], 7200),  # out of the queue
        ([[power(7200, minutes(1)), power(3600, minutes(2))]], 3600),
        ([[power(3600, minutes(2)), power(7200, minutes(1))]], 3600),
        # that of the start counts until there is a later one, whenever it is sent
        ([[power(100, minutes(9), context="Transaction.Begin")]], 100),
        ([[power(100, minutes(9), context="Transaction.Begin")], [power(3600, minutes(2))]], 3600),
        ([[power(3600, minutes(2)), power(100, minutes(9), context="Transaction.Begin")]], 3600),
        # that at the inlet until there is one at the outlet
        ([[power(9000, minutes(2), location="Inlet")]], 9000),
        ([[power(9000, minutes(2), location="Inlet")], [power(7200, minutes(1))]], 7200),
        ([[power(7200, minutes(1))], [power(9000, minutes(2), location="Inlet")]], 7200),
    ],
)
def test_the_power_is_the_latest_at_the_outlet(messages: list[list[MeterSample]], expected: float) -> None:
    """In whatever order and message it is told."""
    assert powered(*messages) == expected


# --- What follows -----------------------------------------------------------------------------------------


def test_what_a_person_decided_is_not_counted_again() -> None:
    """Energy and cost stay; what is noted beside them may change."""
    tariff = PricedResponse("T1", ACCEPTED, tariff=Tariff("t", "EUR", energy_micro_per_kwh=1_000_000))
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, 1000), proposal=tariff)
    bench.send(event201(ENDED, 2, minutes(9), 3000), proposal=tariff)
    decided = replace(bench.transaction("T1"), review=Review.VOID.value, energy_wh=0.0, cost_micro=0)
    again = settled(replace(decided, seq_nos="0..2"))
    assert (again.energy_wh, again.cost_micro, again.review) == (0.0, 0, Review.VOID.value)
    assert (decided.flags, again.flags) == ((INCOMPLETE,), ())


def test_weeks_that_did_not_pass_are_a_clock_that_was_behind() -> None:
    """Its messages came within a minute of each other: the start was dated by a wrong clock."""
    bench = Bench()
    bench.send(event201(STARTED, 0, minutes(-60 * 24 * 40), 1000), received_at=NOON)
    bench.send(event201(UPDATED, 1, minutes(1), 1100), received_at=minutes(1))
    assert CLOCK_BEHIND in bench.transaction("T1").flags


# --- Idle time, and priced components that were not measured ----------------------------------------------

IDLE = Tariff("t", "EUR", energy_micro_per_kwh=1_000_000, idle_micro_per_h=6_000_000)
PRICED = PricedResponse("", ACCEPTED, tariff=IDLE)
CHARGING, SUSPENDED_EV, SUSPENDED_EVSE, EV_CONNECTED, NO_CAR = (
    ChargingState.CHARGING,
    ChargingState.SUSPENDED_EV,
    ChargingState.SUSPENDED_EVSE,
    ChargingState.EV_CONNECTED,
    ChargingState.IDLE,
)


def charge2x(*events: tuple[float, ChargingState | None, bool]) -> int | None:
    """The cost of a 2.x charge of 10 kWh in two hours; (minute, state, has a token) of each event."""
    bench = Bench()
    for number, (at, state, has_token) in enumerate(events):
        more: dict[str, Any] = {"charging_state": state}
        if has_token:
            more["id_token"] = IdToken("A")
        kind = STARTED if number == 0 else UPDATED
        bench.send(event201(kind, number, minutes(at), 0 if number == 0 else None, **more), proposal=PRICED)
    bench.send(event201(ENDED, len(events), minutes(120), 10_000), proposal=PRICED)
    return bench.transaction("T1").cost_micro


@pytest.mark.parametrize(
    ("events", "idle_min"),
    [
        ([(0, EV_CONNECTED, False), (30, CHARGING, True)], 0),  # P9: before the token
        ([(0, CHARGING, True), (30, SUSPENDED_EVSE, False), (60, CHARGING, False)], 0),  # P9
        ([(0, CHARGING, True), (60, SUSPENDED_EV, False)], 60),
        ([(0, CHARGING, True), (60, EV_CONNECTED, False)], 60),  # charged, and still plugged in
        ([(0, EV_CONNECTED, False), (30, None, True), (60, CHARGING, False)], 0),  # before it charges
        ([(0, EV_CONNECTED, False), (30, None, True)], 90),
        ([(0, CHARGING, True), (60, SUSPENDED_EV, False), (90, SUSPENDED_EVSE, False)], 30),
        ([(0, EV_CONNECTED, False)], 0),  # nobody ever was authorized
        ([(0, NO_CAR, True), (30, CHARGING, False)], 0),  # TxStartPoint Authorized: the car comes later
        ([(0, NO_CAR, True), (15, NO_CAR, False), (30, EV_CONNECTED, False), (60, CHARGING, False)], 0),
        ([(0, NO_CAR, True)], 0),
    ],
)
def test_idle_time_of_2x(events: list[tuple[float, ChargingState | None, bool]], idle_min: float) -> None:
    """2.1 TotalUsageType.idleTime once it has charged, but for what the station holds back."""
    assert charge2x(*events) == 10_000_000 + idle_min * 100_000


def test_idle_time_that_nobody_told_is_said() -> None:
    """The price is without it, and the component is named."""
    bench = Bench()
    bench.send(start16(0, NOON), proposal=PRICED)
    bench.send(stop16("1", 10_000, minutes(120)), proposal=PRICED)
    row = bench.transaction("1")
    assert (row.cost_micro, row.review) == (10_000_000, None)
    assert unmeasured(row.flags) == ["idle"]


def test_energy_that_nobody_told_is_said_and_held() -> None:
    """No display is told 0.00: that would mean free (2.0.1 I03.FR.04)."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, charging_state=CHARGING), proposal=PRICED)
    reply = bench.send(event201(ENDED, 1, minutes(60)), proposal=PRICED)
    assert isinstance(reply, TransactionEventResponse)
    assert reply.total_cost_micro is None
    row = bench.transaction("T1")
    assert (row.review, unmeasured(row.flags)) == (HELD, ["energy"])
    assert ENERGY_UNMEASURED in row.flags


def test_a_price_per_hour_needs_no_energy() -> None:
    """Time is always measured."""
    hourly = PricedResponse("", ACCEPTED, tariff=Tariff("t", "EUR", time_micro_per_h=2_000_000))
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON), proposal=hourly)
    reply = bench.send(event201(ENDED, 1, minutes(60)), proposal=hourly)
    assert isinstance(reply, TransactionEventResponse)
    assert reply.total_cost_micro == 2_000_000
    assert unmeasured(bench.transaction("T1").flags) == []
