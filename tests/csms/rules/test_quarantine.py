"""A message out of quarantine is decided on like one that has just come, and never stored twice."""

from msgspec.structs import replace

from csms.domain.inbound import Inbound
from csms.domain.quarantine import QuarantineCause, QuarantineDecision, QuarantineState
from csms.rules.decide import decide
from csms.rules.quarantine import IS_STORED, readmitted
from csms.rules.rows import AnswerRow, QuarantineDecisionRow, QuarantineRow, TransactionRow
from csms.rules.state import Decision, State
from ocppj.model.transactions import TransactionEventResponse
from tests.support.inbound import ACCEPTED, NOON, inbound, minutes, start16, stop16

PROPOSAL = TransactionEventResponse("", ACCEPTED)
DECISION = QuarantineDecision(7, QuarantineState.TAKEN_IN, minutes(60), "ann", "because")


def taken(state: State, message: Inbound) -> Decision:
    """What comes of it; the state goes on."""
    decision = readmitted(state, message, PROPOSAL, DECISION)
    state.apply(decision.rows)
    return decision


def test_it_is_stored_together_with_the_decision() -> None:
    """What follows is told as of a message that has just come; the station waits for no answer."""
    message = inbound(start16(), received_at=NOON)
    decision = taken(State(), message)
    fresh = decide(State(), message, PROPOSAL)
    assert decision == Decision(None, (*fresh.rows, QuarantineDecisionRow(DECISION)), fresh.events)
    assert {type(row) for row in decision.rows} == {TransactionRow, AnswerRow, QuarantineDecisionRow}


def test_what_is_stored_already_is_not_taken_in() -> None:
    """The station sent it again meanwhile: nothing is written, not even the decision."""
    state = State()
    taken(state, inbound(start16()))
    assert taken(state, inbound(start16())) == Decision(objection=IS_STORED)


def test_what_contradicts_something_stored_is_not_taken_in() -> None:
    """The objection says how."""
    state = State()
    taken(state, inbound(start16(1000), "m1"))
    taken(state, inbound(stop16("1", 2000, minutes(5)), "m2"))
    decision = taken(state, inbound(stop16("1", 9000, minutes(50)), "m3"))
    assert decision == Decision(objection="conflict: transaction 1: it has ended already")


def test_what_is_left_out_again_is_not_kept_a_second_time() -> None:
    """It lies in quarantine already, as it came."""
    message = replace(inbound(start16()), left_out=("meterValue[0]: no number",))
    kept = [row for row in decide(State(), message, PROPOSAL).rows if isinstance(row, QuarantineRow)]
    assert [row.cause for row in kept] == [QuarantineCause.PARTLY_READ]
    decision = taken(State(), message)
    assert not any(isinstance(row, QuarantineRow) for row in decision.rows)
    assert decision.rows[-1] == QuarantineDecisionRow(DECISION)
