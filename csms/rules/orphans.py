"""1.6 messages that name a transaction number: whose they are, and what becomes of those that are nobody's.

A number that we never gave out gets a transaction of its own, flagged and under a name of its own, so that a
number given out later can never meet it (quirks 36, 39, 40; reliability C-19).
"""

from datetime import datetime
from hashlib import blake2b

from csms.domain.events import Inbound, TransactionReported
from csms.rules.flags import MATCHED, ORPHAN
from csms.rules.rows import TransactionRow
from csms.rules.state import State

PREFIX = "orphan-"
LONGEST_NUMBER = 20


def orphan_name(number: str) -> str:
    """The name of the transaction for a number that we never gave out."""
    return PREFIX + number[:LONGEST_NUMBER]


def numbered_transaction(
    state: State, inbound: Inbound, number: str, evse_id: int | None, at: datetime
) -> tuple[TransactionRow, bool]:
    """(the transaction of a number, whether it is new): ours, or an orphan."""
    station_id = inbound.station_id
    known = state.transaction(station_id, number) or state.transaction(station_id, orphan_name(number))
    if known is not None:
        return known, False
    return new_transaction(state, inbound, orphan_name(number), at=at, evse_id=evse_id, flags=(ORPHAN,)), True


def stopped_transaction(
    state: State, inbound: Inbound, event: TransactionReported, at: datetime
) -> tuple[TransactionRow, tuple[str, ...]]:
    """(the transaction of a 1.6 stop, flags): the one it names, the only open one, or an orphan."""
    if event.transaction_id is not None:
        return numbered_transaction(state, inbound, event.transaction_id, event.evse_id, at)[0], ()
    fitting = [row for row in state.open_transactions(inbound.station_id) if _could_stop(row, event, at)]
    if len(fitting) == 1:
        return fitting[0], (MATCHED,)
    content = blake2b(f"{event.at}|{event.meter_wh}".encode(), digest_size=6).hexdigest()
    name = PREFIX + content
    known = state.transaction(inbound.station_id, name)
    if known is not None:
        return known, ()
    return new_transaction(state, inbound, name, at=at, evse_id=event.evse_id, flags=(ORPHAN,)), ()


def _could_stop(row: TransactionRow, event: TransactionReported, at: datetime) -> bool:
    is_after = at >= row.started_at
    start, stop = row.meter_start_wh, event.meter_wh
    return is_after and (start is None or stop is None or stop >= start)


def new_transaction(
    state: State,
    inbound: Inbound,
    transaction_id: str | None,
    *,
    at: datetime,
    evse_id: int | None,
    flags: tuple[str, ...] = (),
) -> TransactionRow:
    """A transaction of which nothing else is known yet; without an id it goes by its number."""
    number = state.last_number + 1
    return TransactionRow(
        transaction_no=number,
        station_id=inbound.station_id,
        transaction_id=transaction_id if transaction_id is not None else str(number),
        evse_id=evse_id,
        started_at=at,
        first_received_at=inbound.received_at,
        last_event_at=at,
        last_received_at=inbound.received_at,
        flags=flags,
    )
