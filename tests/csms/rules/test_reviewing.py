"""What a person decides about a transaction, and what ends one without its station."""

from typing import Any

import pytest

from charging.tariff import Tariff
from csms.domain.flags import END_MISSING, ENDED_BY_HAND
from csms.domain.inbound import PricedResponse
from csms.domain.reviews import EndRequest, ReviewDecision, ReviewRequest
from csms.rules.reviewing import transaction_decided
from csms.rules.reviews import HELD
from csms.rules.rows import ReviewRow
from csms.rules.state import Decision
from tests.support.inbound import ACCEPTED, CP1, NOON, Bench, minutes, start16, stop16, values16

BOTH = Tariff("t", "EUR", energy_micro_per_kwh=500_000, time_micro_per_h=2_000_000)
PRICED = PricedResponse("", ACCEPTED, tariff=BOTH)


def spiked() -> Bench:
    """A charge that ended with a spike."""
    bench = Bench()
    bench.send(start16(1000, NOON), proposal=PRICED)
    bench.send(values16("1", 3000, minutes(30)))
    bench.send(stop16("1", 16e9, minutes(60)), proposal=PRICED)
    assert bench.transaction("1").review == HELD
    return bench


def decide(bench: Bench, verdict: ReviewDecision, **more: Any) -> list[ReviewRow]:
    """What is kept of a decision."""
    request = ReviewRequest(
        station_id=CP1,
        transaction_id=more.pop("transaction_id", "1"),
        transaction_no=more.pop("transaction_no", 1),
        decision=verdict,
        reason="because",
        decided_by="ann",
        at=minutes(2000),
        **more,
    )
    decision = transaction_decided(bench.state, request)
    bench.state.apply(decision.rows)
    bench.events += decision.events
    return [row for row in decision.rows if isinstance(row, ReviewRow)]


@pytest.mark.parametrize(
    ("decision", "values", "expected"),
    [
        (ReviewDecision.ACCEPT, {}, ("accepted", 2000, 3_000_000)),
        (ReviewDecision.VOID, {}, ("void", 0, 0)),
        (ReviewDecision.CORRECT, {"energy_wh": 8000.0}, ("corrected", 8000, 6_000_000)),
        (ReviewDecision.CORRECT, {"ended_at": minutes(30)}, ("corrected", 2000, 2_000_000)),
        (ReviewDecision.CORRECT, {"started_at": minutes(30)}, ("corrected", 2000, 2_000_000)),
        (ReviewDecision.CORRECT, {"cost_micro": 77}, ("corrected", 2000, 77)),
    ],
)
def test_what_a_person_decides_is_what_it_comes_to(
    decision: ReviewDecision, values: dict[str, Any], expected: tuple[str, float, int]
) -> None:
    """Whatever comes later; and the trace says what it was."""
    bench = spiked()
    (trace,) = decide(bench, decision, **values)
    row = bench.transaction("1")
    assert (row.review, row.energy_wh, row.cost_micro) == expected
    assert (trace.reason, trace.decided_by, trace.before["review"], trace.before["energy_wh"]) == (
        "because",
        "ann",
        HELD,
        2000,
    )
    assert bench.told()[-1] == "transaction.reviewed"
    bench.send(values16("1", 2500, minutes(20)))
    bench.send(start16(5000, minutes(90)), proposal=PRICED)
    after = bench.transaction("1")
    assert (after.review, after.energy_wh, after.cost_micro, after.ended_at) == (*expected, row.ended_at)


def test_the_same_decision_again_changes_nothing() -> None:
    """No second trace; another one is kept beside the first."""
    bench = spiked()
    assert len(decide(bench, ReviewDecision.ACCEPT)) == 1
    assert decide(bench, ReviewDecision.ACCEPT) == []
    assert len(decide(bench, ReviewDecision.VOID)) == 1


def test_what_goes_on_or_is_not_there_is_left_alone() -> None:
    """The route has said so before."""
    bench = Bench()
    bench.send(start16(1000, NOON), proposal=PRICED)
    assert decide(bench, ReviewDecision.VOID) == []
    assert decide(bench, ReviewDecision.VOID, transaction_no=7) == []


# --- Ending without an end --------------------------------------------------------------------------------


def unended() -> Bench:
    """A charge that was last heard of at 12:30."""
    bench = Bench()
    bench.send(start16(1000, NOON), proposal=PRICED, received_at=NOON)
    bench.send(values16("1", 3000, minutes(30)), received_at=minutes(30))
    return bench


def end(bench: Bench, **more: Any) -> Decision:
    """As of 13:00, said at 13:05."""
    request = EndRequest(
        station_id=CP1,
        transaction_id="1",
        transaction_no=more.pop("transaction_no", 1),
        at=minutes(65),
        since=minutes(60),
        **more,
    )
    return transaction_decided(bench.state, request)


def test_what_nothing_has_come_of_for_long_ends_without_a_trace() -> None:
    """Nobody decided: it ends with the last that is known, and waits for a person where it has a price."""
    decision = end(unended(), last_received_at=minutes(30))
    (row,), (events,) = decision.rows, decision.events
    assert (row.ended_at, row.superseded_at, row.flags) == (minutes(30), minutes(60), (END_MISSING,))  # type: ignore[attr-defined] # the only row
    assert (events.event, events.at, events.payload["is_end_assumed"]) == (
        "transaction.ended",
        minutes(65),
        True,
    )
    assert (row.energy_wh, row.review) == (2000, HELD)  # type: ignore[attr-defined] # the only row


def test_a_person_ends_it_with_a_trace() -> None:
    """Who, why, when, and what it was before; the cost is told, since somebody stands for it."""
    decision = end(unended(), decided_by="ann", reason="the car has gone", ended_at=minutes(45))
    row, trace = decision.rows
    assert (row.ended_at, row.flags, row.review) == (minutes(45), (ENDED_BY_HAND,), None)  # type: ignore[attr-defined] # the first row
    assert isinstance(trace, ReviewRow)
    assert (trace.decision, trace.reason, trace.decided_by, trace.at) == (
        ReviewDecision.END,
        "the car has gone",
        "ann",
        minutes(65),
    )
    assert trace.before == {
        "started_at": "2026-05-01T12:00:00Z",
        "ended_at": None,
        "energy_wh": 2000,
        "cost_micro": None,
        "review": None,
    }
    assert (trace.after["ended_at"], trace.after["cost_micro"]) == ("2026-05-01T12:45:00Z", 2_500_000)
    assert end(unended(), decided_by="ann").rows[1].reason == ""  # type: ignore[attr-defined] # the trace


def test_what_moved_meanwhile_or_is_over_or_is_not_there_is_left_alone() -> None:
    """The request was made over an older row."""
    bench = unended()
    assert end(bench, last_received_at=minutes(29)) == Decision()
    assert end(bench, transaction_no=7) == Decision()
    bench.send(stop16("1", 4000, minutes(40)))
    assert end(bench, decided_by="ann") == Decision()
