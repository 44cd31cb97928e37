"""A message out of quarantine: decided on like one that has just come, and never stored twice."""

from csms.domain.inbound import Inbound
from csms.domain.quarantine import QuarantineCause, QuarantineDecision
from csms.rules.decide import decide
from csms.rules.rows import QuarantineDecisionRow, QuarantineRow
from csms.rules.state import Decision, State
from ocppj.model.messages import Reply

IS_STORED = "it is stored already, with an answer: nothing of it is missing"


def readmitted(state: State, inbound: Inbound, proposal: Reply, chosen: QuarantineDecision) -> Decision:
    """Its rows and the decision, together; or `objection`, and nothing is written."""
    decision = decide(state, inbound, proposal)
    if not decision.rows:
        return Decision(objection=IS_STORED)
    kept = [row for row in decision.rows if isinstance(row, QuarantineRow)]
    contradiction = next((row.reason for row in kept if row.cause is QuarantineCause.CONFLICT), None)
    if contradiction is not None:
        return Decision(objection=contradiction)
    rows = tuple(row for row in decision.rows if not isinstance(row, QuarantineRow))  # it is kept already
    return Decision(None, (*rows, QuarantineDecisionRow(chosen)), decision.events)
