"""Any order, repetition and loss of a transaction's messages leads to the same transaction (SIM-02)."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from csms.rules.flags import INCOMPLETE
from csms.rules.rows import QuarantineRow, SampleRow, TransactionRow
from csms.rules.transaction_fold import FLAGS_KEPT, flagged
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
