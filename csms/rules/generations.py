"""A transaction id that comes again after the station's counter began anew: whose an event of it is.

An id is its station's (2.0.1 wants it unique there, and stations lose their memory). Nothing of a second
transaction may land on the first one, or be kept away as its contradiction.
"""

from datetime import datetime

from csms.rules.readings import Moment, readings
from csms.rules.register import is_known
from csms.rules.rows import TransactionRow
from csms.rules.sequence import has_seen
from csms.rules.state import State
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import ENERGY_REGISTER, TransactionEventKind


def of_generation(
    state: State, latest: TransactionRow, event: TransactionEvent, at: datetime
) -> TransactionRow | None:
    """The transaction of this id that the event belongs to; None: it is of a new one.

    Later than the end of one it is of the next one.
    """
    if _is_of_another(latest, event, at):
        return None
    if latest.generation == 1 or event.at is None:
        return latest
    later, *earlier = state.generations(latest)
    for row in earlier:
        is_next = at >= row.superseded_at if row.superseded_at is not None else at > _end(row)
        if is_next:
            return later
        later = row
    return later


def _end(row: TransactionRow) -> datetime:
    return row.ended_at or row.last_event_at


def _is_of_another(row: TransactionRow, event: TransactionEvent, at: datetime) -> bool:
    """Whether it cannot be of this one: a start after all that is known of it, or, once it has ended, a
    number that it has used already, an end at another register, anything at another EVSE.
    """
    latest = max(row.last_event_at, row.ended_at or row.started_at)
    if event.at is None or event.seq_no is None or at <= latest:
        return False
    is_over = row.ended_at is not None and not row.is_end_assumed
    if event.kind is TransactionEventKind.STARTED:
        return is_over or (row.has_start and event.seq_no == 0)
    if not is_over:
        return False
    if event.evse_id is not None and row.evse_id is not None and event.evse_id != row.evse_id:
        return True
    is_used = has_seen(row.seq_nos, event.seq_no)
    if event.kind is TransactionEventKind.ENDED and (not is_used or event.seq_no == row.end_seq_no):
        # A transaction ends once (2.0.1 part 2 §2.6.5): at the same register it is the same end, told again.
        return _is_another_register(row, event, at)
    return is_used


def _is_another_register(row: TransactionRow, event: TransactionEvent, at: datetime) -> bool:
    found = readings(event.samples, ENERGY_REGISTER, "Wh", at, at).found
    last = [each.value for each in found if each.moment is not Moment.START]
    return bool(last) and not any(is_known(row, value) for value in last)
