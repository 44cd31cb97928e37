"""How many transactions a token, or a group of tokens, may have at once: ConcurrentTx beyond (1.6 §7.2,
2.x AuthorizationStatusEnumType: of a start only).

It is decided where the transaction is stored: two starts that arrive together see each other. What is sent
again is answered as at first and never comes here, so nobody is refused for their own retry.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.flags import TOKEN_REFUSED
from csms.domain.inbound import concurrency_of
from csms.rules.rows import TransactionRow
from csms.rules.state import State
from ocppj.model.messages import Reply
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import AuthorizationStatus, IdTokenInfo, TransactionEventKind

OPEN_FOR = timedelta(days=7)
"""One that is older counts no more: nobody is locked out for good by an end that never came."""


def with_limit(
    state: State, row: TransactionRow, event: TransactionEvent, proposal: Reply, info: IdTokenInfo | None
) -> tuple[IdTokenInfo | None, str | None]:
    """The verdict on the token with which a transaction begins, and what is to be noted on it.

    `row` is the transaction before this message. One that has its token was judged with it. A token that
    comes later than the start (2.x, where a cable starts it) is judged when it comes.
    """
    limits = concurrency_of(proposal)
    if info is None or info.status is not AuthorizationStatus.ACCEPTED or not limits:
        return info, None
    is_first = event.kind is TransactionEventKind.STARTED or row.id_token is None
    if not is_first or all(_has_room(state, row, each, row.first_received_at) for each in limits):
        return info, None
    return replace(info, status=AuthorizationStatus.CONCURRENT_TX), TOKEN_REFUSED


def _has_room(state: State, row: TransactionRow, limit: ConcurrencyLimit, now: datetime) -> bool:
    taken = sum(_counts(other, row, limit, now) for other in state.numbered.values())
    return taken < limit.most


def _counts(other: TransactionRow, row: TransactionRow, limit: ConcurrencyLimit, now: datetime) -> bool:
    """Whether another transaction takes one of these places.

    One on the same EVSE does not, for this one ends it; nor does one that was refused itself.
    """
    token = other.id_token
    if token is None or other.ended_at is not None or TOKEN_REFUSED in other.flags:
        return False
    if other.transaction_no == row.transaction_no or now - other.first_received_at > OPEN_FOR:
        return False
    is_same_place = other.station_id == row.station_id and other.evse_id == row.evse_id
    return not (is_same_place and row.evse_id is not None) and limit.counts(token)
