"""A message out of quarantine: decided on like one that has just come, and never stored twice."""

from csms.domain.inbound import Inbound
from csms.domain.quarantine import QuarantineCause, QuarantineDecision
from csms.rules.decide import decide
from csms.rules.rows import QuarantineDecisionRow, QuarantineRow
from csms.rules.state import Facts, State
from ocppj.model.messages import Reply

IS_STORED = "it is stored already, with an answer: nothing of it is missing"


def taken_in(state: State, inbound: Inbound, proposal: Reply, decision: QuarantineDecision) -> Facts:
    """Its rows and the decision, together; or `objection`, and nothing is written."""
    facts = decide(state, inbound, proposal)
    if not facts.rows:
        return Facts(objection=IS_STORED)
    kept = [row for row in facts.rows if isinstance(row, QuarantineRow)]
    contradiction = next((row.reason for row in kept if row.cause is QuarantineCause.CONFLICT), None)
    if contradiction is not None:
        return Facts(objection=contradiction)
    rows = tuple(row for row in facts.rows if not isinstance(row, QuarantineRow))  # it is kept already
    return Facts(None, (*rows, QuarantineDecisionRow(decision)), facts.news)
