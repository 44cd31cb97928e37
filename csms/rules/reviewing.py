"""A transaction is decided about without its station: what it comes to, that it is over, the trace of it."""

from typing import Any

import msgspec

from csms.domain.flags import END_MISSING, ENDED_BY_HAND
from csms.domain.reviews import EndRequest, ReviewDecision, ReviewRequest
from csms.domain.station_events import StationEvent
from csms.rules.charging_profiles import with_ended_profiles
from csms.rules.ends import ended_without_end
from csms.rules.rows import ReviewRow, TransactionRow
from csms.rules.state import Decision, State
from csms.rules.transaction_events import ended_event
from csms.rules.transaction_fold import cost_so_far
from runtime.texts import instant_text


def transaction_decided(state: State, request: ReviewRequest | EndRequest) -> Decision:
    """What follows from it."""
    if isinstance(request, EndRequest):
        decision = transaction_given_up(state, request)
        return with_ended_profiles(decision, state, request.station_id, request.at)
    return transaction_reviewed(state, request)


def transaction_reviewed(state: State, request: ReviewRequest) -> Decision:
    """What was decided, with who, when and why. The same decision again changes nothing.

    A transaction that goes on, or that is not there, is left alone.
    """
    row = state.numbered.get(request.transaction_no)
    if row is None or row.ended_at is None:
        return Decision()
    after = _decided(row, request)
    if after == row:
        return Decision()
    trace = ReviewRow(
        station_id=row.station_id,
        transaction_no=row.transaction_no,
        decision=request.decision,
        reason=request.reason,
        decided_by=request.decided_by,
        at=request.at,
        before=_values(row),
        after=_values(after),
    )
    return Decision(None, (after, trace), (_event(after, request),))


def transaction_given_up(state: State, request: EndRequest) -> Decision:
    """The transaction ends with what is known of it, unless it has ended or moved meanwhile. A person's
    decision leaves a trace.
    """
    row = state.numbered.get(request.transaction_no)
    if row is None or row.ended_at is not None:
        return Decision()
    if request.last_received_at not in (None, row.last_received_at):
        return Decision()
    flag = ENDED_BY_HAND if request.decided_by is not None else END_MISSING
    after = ended_without_end(row, request.since, flag, ended_at=request.ended_at)
    events = (ended_event(after, request.at),)
    if request.decided_by is None:
        return Decision(None, (after,), events)
    trace = ReviewRow(
        station_id=row.station_id,
        transaction_no=row.transaction_no,
        decision=ReviewDecision.END,
        reason=request.reason or "",
        decided_by=request.decided_by,
        at=request.at,
        before=_values(row),
        after=_values(after),
    )
    return Decision(None, (after, trace), events)


def _decided(row: TransactionRow, request: ReviewRequest) -> TransactionRow:
    changes: dict[str, Any] = {"review": request.decision.review.value}
    if request.decision is ReviewDecision.VOID:
        changes |= {"energy_wh": 0.0, "cost_micro": 0}
    elif request.decision is ReviewDecision.CORRECT:
        for name in ("started_at", "ended_at", "energy_wh"):
            if (value := getattr(request, name)) is not None:
                changes[name] = value
        corrected = msgspec.structs.replace(row, **changes)
        changes["cost_micro"] = (
            request.cost_micro if request.cost_micro is not None else cost_so_far(corrected)
        )
    return msgspec.structs.replace(row, **changes)


def _values(row: TransactionRow) -> dict[str, Any]:
    return {
        "started_at": instant_text(row.started_at),
        "ended_at": instant_text(row.ended_at),
        "energy_wh": row.energy_wh,
        "cost_micro": row.cost_micro,
        "review": row.review,
    }


def _event(row: TransactionRow, request: ReviewRequest) -> StationEvent:
    payload = {
        "transaction_id": row.transaction_id,
        "number": row.transaction_no,
        "decision": request.decision.value,
        "reason": request.reason,
        "decided_by": request.decided_by,
        "energy_wh": row.energy_wh,
        "cost_micro": row.cost_micro,
    }
    return StationEvent("transaction.reviewed", row.station_id, request.at, payload)
