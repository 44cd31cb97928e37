"""An id that comes again after the station's counter began anew is another transaction."""

import pytest
from msgspec.structs import replace

from csms.domain.flags import SEQUENCE_RESTARTED, START_MISSING, SUPERSEDED
from csms.rules.rows import QuarantineRow, TransactionRow
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import TransactionEventKind
from tests.support.inbound import CP1, ENDED, STARTED, UPDATED, Bench, event201, minutes

FIRST = (
    event201(STARTED, 0, minutes(0), 1000),
    event201(UPDATED, 1, minutes(5), 1300),
    event201(ENDED, 2, minutes(9), 1600, stopped_reason="Local"),
)
SECOND = (
    event201(STARTED, 0, minutes(60), 1600),
    event201(UPDATED, 1, minutes(65), 1700),
    event201(ENDED, 2, minutes(69), 1900),
)


def sent(bench: Bench, *events: TransactionEvent) -> None:
    """One after the other."""
    for event in events:
        bench.send(event)


def generations(bench: Bench) -> list[TransactionRow]:
    """The transactions of T1, first to last."""
    return sorted(bench.state.numbered.values(), key=lambda row: row.generation)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 0, 1), (2, 1, 0)])
def test_a_second_transaction_of_an_id_is_its_own(order: tuple[int, ...]) -> None:
    """Whatever the order of its messages, once the first one has ended."""
    bench = Bench()
    sent(bench, *FIRST, *(SECOND[number] for number in order))
    first, second = generations(bench)
    assert (first.energy_wh, first.ended_at, first.flags) == (600, minutes(9), ())
    assert (second.energy_wh, second.started_at, second.ended_at) == (300, minutes(60), minutes(69))
    assert (second.generation, second.flags) == (2, ())
    assert bench.of_kind(QuarantineRow) == []


def test_a_second_start_ends_a_first_one_whose_end_is_lost() -> None:
    """On the EVSE of the first one, on another, or on none that is known yet."""
    for evse_id in (1, 2, None):
        bench = Bench()
        sent(bench, *FIRST[:2], *(replace(event, evse_id=evse_id) for event in SECOND[:2]))
        first, second = generations(bench)
        assert (first.energy_wh, first.flags, first.is_open) == (300, (SUPERSEDED,), False)
        assert (second.energy_wh, second.is_open) == (100, True)
        assert [row.transaction_no for row in bench.state.open_transactions(CP1)] == [second.transaction_no]


def test_what_comes_late_of_the_first_one_is_its_own() -> None:
    """Out of the queue, after the second one began: the number and the time tell."""
    bench = Bench()
    sent(bench, FIRST[0], SECOND[0], FIRST[1], FIRST[2], SECOND[1])
    first, second = generations(bench)
    assert (first.energy_wh, first.ended_at, first.is_end_assumed) == (600, minutes(9), False)
    assert (second.energy_wh, second.is_open) == (100, True)


def test_messages_of_the_first_one_sent_again_get_their_first_answers() -> None:
    """Also with another wording, when the first answer is forgotten."""
    bench = Bench()
    sent(bench, *FIRST, *SECOND)
    before = generations(bench)
    for event in (*FIRST, *SECOND):
        bench.send(event)
        bench.send(replace(event, is_offline=True))
    assert [row.energy_wh for row in generations(bench)] == [row.energy_wh for row in before]
    assert len(generations(bench)) == 2
    assert bench.of_kind(QuarantineRow) == []


def test_a_station_that_counts_anew_within_a_transaction_goes_on_with_it() -> None:
    """Numbers used before, no second start: the same transaction (flagged)."""
    bench = Bench()
    sent(bench, *FIRST[:2], event201(UPDATED, 0, minutes(7), 1500))
    (only,) = generations(bench)
    assert (only.energy_wh, SEQUENCE_RESTARTED in only.flags) == (500, True)


@pytest.mark.parametrize(
    ("seq_no", "is_start_late"), [(0, False), (2, False), (7, False), (2, True), (7, True)]
)
def test_an_end_whose_start_is_not_there_is_not_hidden(seq_no: int, *, is_start_late: bool) -> None:
    """Whatever its number, its register is not where the first one ended."""
    bench = Bench()
    sent(bench, *FIRST, event201(ENDED, seq_no, minutes(69), 1900))
    if is_start_late:
        bench.send(SECOND[0])
    first, second = generations(bench)
    assert (first.energy_wh, first.ended_at, first.flags) == (600, minutes(9), ())
    assert (second.energy_wh, second.ended_at) == (300 if is_start_late else 0, minutes(69))
    assert (START_MISSING in second.flags) is not is_start_late
    assert bench.of_kind(QuarantineRow) == []


@pytest.mark.parametrize("kind", [UPDATED, ENDED])
def test_what_is_told_of_another_evse_is_of_another_transaction(kind: TransactionEventKind) -> None:
    """Also without a register, and with a number that the first one did not use."""
    bench = Bench()
    sent(bench, *FIRST, event201(kind, 7, minutes(69), evse_id=2))
    first, second = generations(bench)
    assert (first.evse_id, second.evse_id, first.flags) == (1, 2, ())
    assert bench.of_kind(QuarantineRow) == []


def test_an_end_under_a_new_time_is_the_same_end() -> None:
    """The same number and register: a repetition that contradicts, not another transaction."""
    bench = Bench()
    sent(bench, *FIRST, event201(ENDED, 2, minutes(12), 1600, stopped_reason="Local"))
    assert len(generations(bench)) == 1
    assert len(bench.of_kind(QuarantineRow)) == 1
