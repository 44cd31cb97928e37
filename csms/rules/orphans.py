"""1.6 messages that name a transaction number: whose they are, and what becomes of those that are nobody's.

What can only belong to the transaction that is open goes there. Another number that we never gave out gets a
transaction of its own, flagged, never open, and under a name of its own, so that a number given out later can
never meet it (quirks 36, 39, 40; reliability C-19).
"""

from datetime import datetime
from hashlib import blake2b

import msgspec

from csms.domain.flags import MATCHED, ORPHAN
from csms.domain.inbound import Inbound
from csms.rules.rows import TransactionRow
from csms.rules.state import State
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import StationId

replace = msgspec.structs.replace
PREFIX = "orphan-"
LONGEST_NUMBER = 20


def orphan_name(number: str) -> str:
    """The name of the transaction for a number that we never gave out."""
    return PREFIX + number[:LONGEST_NUMBER]


def numbered_transaction(state: State, station_id: StationId, number: str) -> TransactionRow | None:
    """The transaction of a number: ours, or the orphan that goes by it."""
    return state.transaction(station_id, number) or state.transaction(station_id, orphan_name(number))


def metered_transaction(
    state: State, inbound: Inbound, event: MeterValues, at: datetime
) -> tuple[TransactionRow | None, tuple[str, ...]]:
    """(the transaction that was metered, flags): the one it names, the only one open on the EVSE, or an
    orphan for a number that we never gave out. Values of nobody have none.

    2.x MeterValues name none (J01): while a transaction goes on, what its EVSE meters is its own.
    """
    named = event.transaction_id
    if named is not None:
        known = numbered_transaction(state, inbound.station_id, named)
        if known is not None:
            return known, ()
    fitting = [] if not event.evse_id else _open_on(state, inbound.station_id, event.evse_id, at)
    if len(fitting) == 1:
        return fitting[0], () if named is None else (MATCHED,)
    if named is None:
        return None, ()
    orphan = new_transaction(
        state, inbound, orphan_name(named), at=at, evse_id=event.evse_id, flags=(ORPHAN,)
    )
    return replace(orphan, ended_at=at, superseded_at=at), ()


def _open_on(state: State, station_id: StationId, evse_id: int, at: datetime) -> list[TransactionRow]:
    """The transactions that go on there, and did then."""
    return [
        row for row in state.open_transactions(station_id) if row.evse_id == evse_id and at >= row.started_at
    ]


def stopped_transaction(
    state: State, inbound: Inbound, event: TransactionEvent, at: datetime
) -> tuple[TransactionRow, tuple[str, ...]]:
    """(the transaction of a 1.6 stop, flags): the one it names, the only one open that fits, or an orphan."""
    named = event.transaction_id
    if named is not None:
        known = numbered_transaction(state, inbound.station_id, named)
        if known is not None:
            return known, ()
    fitting = [row for row in state.open_transactions(inbound.station_id) if _could_stop(row, event, at)]
    if len(fitting) > 1 and event.id_token is not None:  # who stops is who started, as a rule
        fitting = [row for row in fitting if row.id_token and event.id_token.means(row.id_token)]
    if len(fitting) == 1:
        return fitting[0], (MATCHED,)
    content = blake2b(f"{event.at}|{event.meter_wh}".encode(), digest_size=6).hexdigest()
    name = orphan_name(named) if named is not None else PREFIX + content
    known = state.transaction(inbound.station_id, name)
    if known is not None:
        return known, ()
    return new_transaction(state, inbound, name, at=at, evse_id=event.evse_id, flags=(ORPHAN,)), ()


def _could_stop(row: TransactionRow, event: TransactionEvent, at: datetime) -> bool:
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
    generation: int = 1,
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
        generation=generation,
    )
