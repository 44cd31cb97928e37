"""Transactions: 1.6 StartTransaction and StopTransaction, 2.x TransactionEvent.

Nothing is refused for its content (architecture §4.4). What is odd is stored, flagged and answered; what
contradicts something stored is kept raw in quarantine, and what was stored first counts.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from charging.tariff import Tariff
from csms.domain.flags import AFTER_END, CONFLICT, SEQUENCE_RESTARTED, TEST, TOKEN_REFUSED
from csms.domain.inbound import Inbound, is_test, tariff_of
from csms.domain.quarantine import QuarantineCause
from csms.domain.station_events import StationEvent
from csms.rules.attachments import attachment_rows
from csms.rules.availability import with_state_before
from csms.rules.charging_profiles import with_ended_profiles
from csms.rules.concurrency import with_limit
from csms.rules.course import kept_course
from csms.rules.ends import as_open, cannot_be_later_than, ended_again, superseded, with_superseded
from csms.rules.generations import of_generation
from csms.rules.history import with_history
from csms.rules.instants import Instant, believed
from csms.rules.orphans import new_transaction, stopped_transaction
from csms.rules.readings import sample_rows
from csms.rules.register import is_known
from csms.rules.replies import reply_from_text, reply_to_text, tariff_to_text
from csms.rules.reservations import with_use
from csms.rules.reviews import HELD, kept_decision
from csms.rules.rows import TransactionRow, kept_raw
from csms.rules.sequence import has_seen
from csms.rules.state import Decision, State, digest_number
from csms.rules.transaction_events import ended_event, started_event, updated_event
from csms.rules.transaction_fold import (
    cost_so_far,
    flagged,
    settled,
    until_end,
    with_event,
    with_meter,
    with_samples,
)
from ocppj.model.messages import Reply
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo, TransactionEventKind

replace = msgspec.structs.replace


def transaction_reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    """Store, flag, answer; a reservation that it names is used, a profile for it ends with it."""
    event: TransactionEvent = inbound.event  # type: ignore[assignment] # the table's key
    decision = with_ended_profiles(
        _reported(state, inbound, proposal), state, inbound.station_id, inbound.received_at
    )
    return decision if event.reservation_id is None else with_use(decision, state, inbound)


def _reported(state: State, inbound: Inbound, proposal: Reply) -> Decision:
    event: TransactionEvent = inbound.event  # type: ignore[assignment] # the table's key
    reply: TransactionEventResponse = proposal  # type: ignore[assignment] # what the handler of this event proposes
    when = believed(event.at, inbound.received_at, inbound.online_since)
    at = when.at
    flags: tuple[str | None, ...] = (when.flag, _token_flag(event, reply.info), *inbound.findings)
    if is_test(reply):
        flags = (*flags, TEST)
    if event.transaction_id is None and event.kind is TransactionEventKind.STARTED:
        return _numbered_start(state, inbound, event, reply, when=when, flags=flags)
    if event.has_number_of_ours:
        row, more = stopped_transaction(state, inbound, event, at)
        return _next_event(state, row, inbound, event, reply, when=when, flags=(*flags, *more))
    name = event.transaction_id or ""
    latest = state.transaction(inbound.station_id, name)
    known = of_generation(state, latest, event, at) if latest is not None else None
    if known is not None:
        return _next_event(state, known, inbound, event, reply, when=when, flags=flags)
    generation = latest.generation + 1 if latest is not None else 1
    row = new_transaction(state, inbound, name, at=at, evse_id=event.evse_id, generation=generation)
    decision = _next_event(state, row, inbound, event, reply, when=when, flags=flags)
    if latest is None or latest.ended_at is not None or latest.transaction_no in _numbers(decision):
        return decision
    over = superseded(latest, row)
    events = (ended_event(over, inbound.received_at), *decision.events)
    return Decision(decision.reply, (over, *decision.rows), events)


def _numbers(decision: Decision) -> list[int]:
    return [row.transaction_no for row in decision.rows if isinstance(row, TransactionRow)]


def _token_flag(event: TransactionEvent, info: IdTokenInfo | None) -> str | None:
    """A 1.6 start always has a token: one that could not be read is refused as well."""
    if event.kind is not TransactionEventKind.STARTED:
        return None
    is_unread = event.has_number_of_ours and event.id_token is None
    is_refused = info is not None and info.status is not AuthorizationStatus.ACCEPTED
    return TOKEN_REFUSED if is_unread or is_refused else None


# --- A start that we number -------------------------------------------------------------------------------


def start_key(event: TransactionEvent) -> int:
    """What makes two 1.6 starts the same, whatever their message ids (quirk 41)."""
    token = event.id_token.value_key if event.id_token is not None else None
    content = f"{event.evse_id}|{event.connector_id}|{token}|{event.meter_wh}|{event.at}"
    return digest_number(blake2b(content.encode("utf-8", "replace"), digest_size=8).digest())


def _numbered_start(
    state: State,
    inbound: Inbound,
    event: TransactionEvent,
    reply: TransactionEventResponse,
    *,
    when: Instant,
    flags: tuple[str | None, ...],
) -> Decision:
    """Give out the next number, unless this start is open already under one (reliability C-6)."""
    key, at = start_key(event), when.at
    for other in state.open_transactions(inbound.station_id):
        if other.start_key == key and other.start_reply is not None:
            return Decision(reply_from_text(other.start_reply))
    row = new_transaction(state, inbound, None, at=at, evse_id=event.evse_id)
    row = kept_course(row, event, tariff_of(reply))
    info, flag = with_limit(state, row, event, reply, reply.info)
    answer = TransactionEventResponse(row.transaction_id, info)
    row = with_meter(with_event(row, event, at, inbound.received_at), event, when)
    row = flagged(with_history(state, row), (*flags, flag))
    if prices_idle(reply):
        row = with_state_before(state, row)
    row = replace(
        row, start_key=key, start_reply=reply_to_text(answer), tariff=tariff_to_text(tariff_of(reply))
    )
    rows = with_superseded(state, settled(row), is_numbered=True)
    return Decision(answer, rows, (*_ends(rows[:-1], inbound), started_event(row, inbound.received_at)))


def prices_idle(reply: Reply) -> bool:
    """Whether it matters what the connector told before the start: only then its status is loaded."""
    tariff = tariff_of(reply)
    return tariff is not None and "idle" in tariff.metered


def _ends(rows: Sequence[TransactionRow], inbound: Inbound) -> list[StationEvent]:
    return [ended_event(row, inbound.received_at) for row in rows]


# --- Everything else --------------------------------------------------------------------------------------


def _next_event(
    state: State,
    row: TransactionRow,
    inbound: Inbound,
    event: TransactionEvent,
    reply: TransactionEventResponse,
    *,
    when: Instant,
    flags: tuple[str | None, ...],
) -> Decision:
    """Fold one more message into its transaction, unless it is there already or contradicts it."""
    tariff, at, proposal = tariff_of(reply), when.at, reply
    reply = TransactionEventResponse(row.transaction_id, reply.info)
    known, row = row, kept_course(as_open(row), event, tariff)
    if _is_repetition(row, event, when):
        return Decision(_first_reply(row, event) or reply)
    info, flag = with_limit(state, row, event, proposal, reply.info)
    reply, flags = replace(reply, info=info), (*flags, flag)
    objection = _objection(row, event, at)
    if objection is not None:
        return _conflict(known, inbound, reply, objection)
    was_over = known.ended_at is not None
    if event.seq_no is not None and has_seen(row.seq_nos, event.seq_no):
        flags = (*flags, SEQUENCE_RESTARTED)
    last = cannot_be_later_than(known)
    after = with_event(row, event, at, inbound.received_at)
    if last is not None and at > last and event.kind is not TransactionEventKind.ENDED:
        flags = (*flags, AFTER_END)
    else:
        if event.kind is TransactionEventKind.ENDED:
            after, more = until_end(after, when)
            flags = (*flags, more)
        after = with_samples(after, event.samples, at, inbound, event.kind)
        after = with_meter(after, event, when)
    if event.kind is TransactionEventKind.STARTED:
        after = with_history(state, after)
    after = ended_again(known, settled(flagged(_priced(after, event, tariff), flags)), at)
    after = kept_decision(known, after)
    closed: tuple[TransactionRow, ...] = ()
    if after.evse_id is not None and (event.kind is TransactionEventKind.STARTED or row.evse_id is None):
        *others, after = with_superseded(state, after, is_numbered=event.has_number_of_ours)
        closed = tuple(others)
    answer = _answer(after, event, reply)
    after = _with_reply(after, event, answer)
    samples = sample_rows(
        inbound.station_id, after.transaction_no, after.evse_id, event.samples, inbound.received_at
    )
    attachments = attachment_rows(inbound, event, after.transaction_no)
    events = (*_ends(closed, inbound), *_event(after, event, inbound.received_at, was_over=was_over))
    return Decision(answer, (*closed, after, *samples, *attachments), events)


def _is_repetition(row: TransactionRow, event: TransactionEvent, when: Instant) -> bool:
    """Whether it is stored already, although its wording differs or its first answer is forgotten."""
    at = when.at
    if event.has_number_of_ours:
        is_end = event.kind is TransactionEventKind.ENDED and row.ended_at is not None
        is_same_time = row.ended_at == at or not when.is_timed
        return is_end and is_same_time and is_known(row, event.meter_wh)
    # Sent again after an outage, an event says `offline`: that alone makes its content another one.
    return event.is_offline and _is_old(row, event, at)


def _is_old(row: TransactionRow, event: TransactionEvent, at: datetime) -> bool:
    """Whether its number was seen and its time is not that of something newer (quirk: numbers begin anew)."""
    is_seen = event.seq_no is not None and has_seen(row.seq_nos, event.seq_no)
    return is_seen and event.at is not None and at <= row.last_event_at


def _objection(row: TransactionRow, event: TransactionEvent, at: datetime) -> str | None:
    """How it contradicts what is stored."""
    if _is_old(row, event, at):
        return f"sequence number {event.seq_no} was used before"
    if event.kind is TransactionEventKind.ENDED and row.ended_at is not None:
        return "it has ended already"
    if event.kind is TransactionEventKind.STARTED and row.has_start:
        return "it has started already"
    return None


def _priced(row: TransactionRow, event: TransactionEvent, tariff: Tariff | None) -> TransactionRow:
    """The price is frozen at the start; a transaction without one gets what is in force at its end."""
    is_start = event.kind is TransactionEventKind.STARTED
    if tariff is None or TEST in row.flags or not (is_start or row.tariff is None):
        return row
    return replace(row, tariff=tariff_to_text(tariff))


def _answer(
    row: TransactionRow, event: TransactionEvent, reply: TransactionEventResponse
) -> TransactionEventResponse:
    """With the running cost (2.0.1 I02.FR.01) or the final one (I03.FR.02) where there is a price; with none
    where it waits for a person.
    """
    is_end = event.kind is TransactionEventKind.ENDED
    is_running = event.kind is TransactionEventKind.UPDATED and row.ended_at is None and bool(event.samples)
    if row.review == HELD:
        return TransactionEventResponse(row.transaction_id, reply.info)
    cost = row.cost_micro if is_end else cost_so_far(row) if is_running else None
    return TransactionEventResponse(row.transaction_id, reply.info, cost)


def _with_reply(
    row: TransactionRow, event: TransactionEvent, answer: TransactionEventResponse
) -> TransactionRow:
    changes: dict[str, Any] = {}
    if event.kind is TransactionEventKind.STARTED:
        changes["start_reply"] = reply_to_text(answer)
    elif event.kind is TransactionEventKind.ENDED:
        changes["end_reply"] = reply_to_text(answer)
    return replace(row, **changes) if changes else row


def _first_reply(row: TransactionRow, event: TransactionEvent) -> Reply | None:
    """The first answer to the start or the end of a transaction."""
    if event.kind is TransactionEventKind.STARTED and row.start_reply is not None:
        return reply_from_text(row.start_reply)
    if event.kind is TransactionEventKind.ENDED and row.end_reply is not None:
        return reply_from_text(row.end_reply)
    return None


def _conflict(
    row: TransactionRow, inbound: Inbound, reply: TransactionEventResponse, reason: str
) -> Decision:
    """What was stored first counts; this one is kept as it came, and answered (reliability C-7)."""
    why = f"{CONFLICT}: transaction {row.transaction_id}: {reason}"
    kept = kept_raw(inbound, QuarantineCause.CONFLICT, why)
    return Decision(reply, (flagged(row, (CONFLICT,)), kept))


def _event(
    row: TransactionRow, event: TransactionEvent, at: datetime, *, was_over: bool
) -> tuple[StationEvent, ...]:
    match event.kind:
        case TransactionEventKind.STARTED:
            return (started_event(row, at),)
        case TransactionEventKind.ENDED:
            return (ended_event(row, at, is_correction=was_over),)
        case _:
            return () if was_over else (updated_event(row, at),)
