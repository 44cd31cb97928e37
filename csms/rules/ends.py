"""Transactions whose end was never reported: they end all the same, with what was read last.

A new start on the EVSE, a connector that has been free for a while, a boot after which nothing more comes, or
a person ends them. Their end is then assumed: `ended_at` is the last that is known of them, `superseded_at`
the station's time from which on they cannot go on. A real end that comes later, out of a queue (1.6 §4.10,
2.x E13), counts and corrects.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from csms.domain.flags import AFTER_END, END_MISSING, ENDED_BY_HAND, ORPHAN, SUPERSEDED
from csms.rules.register import ROUNDING_WH
from csms.rules.rows import TransactionRow
from csms.rules.state import State
from csms.rules.transaction_fold import flagged, settled
from ocppj.vocabulary import MeterSample

replace = msgspec.structs.replace


def ended_without_end(
    row: TransactionRow, since: datetime, flag: str | None, *, ended_at: datetime | None = None
) -> TransactionRow:
    """The transaction as ended with its last reading, because it cannot go on `since` then."""
    if ended_at is None:
        ended_at = max(row.last_event_at, row.meter_stop_at or row.started_at, row.started_at)
        if flag == SUPERSEDED:
            ended_at = max(min(ended_at, since), row.started_at)
    row = replace(row, ended_at=ended_at, superseded_at=since)
    return settled(flagged(row, (flag,)))


def superseded(row: TransactionRow, later: TransactionRow) -> TransactionRow:
    """The transaction, ended by the start of a later one on its EVSE.

    It shares the register with that one: what was read beyond the later one's start is not its own.
    """
    begun, start = later.meter_start_wh, row.meter_start_wh
    if begun is not None and start is not None and start <= begun:
        stop, peak = row.meter_stop_wh, row.meter_peak_wh
        if stop is not None and stop > begun + ROUNDING_WH:
            row = replace(row, meter_stop_wh=begun, meter_stop_at=later.started_at)
        if peak is not None and peak > begun:
            row = replace(row, meter_peak_wh=begun)
    return ended_without_end(row, later.started_at, SUPERSEDED)


def with_superseded(state: State, row: TransactionRow, *, is_numbered: bool) -> tuple[TransactionRow, ...]:
    """The open transactions on the EVSE of one that starts there, ended; and that one, as it is then.

    A 1.6 station tells its starts in order (§4.10). Events of 2.x may come in any: of two that are open the
    one that started first is over, whichever is told first.
    """
    closed, later = [], None
    for other in state.open_transactions(row.station_id):
        if other.transaction_no == row.transaction_no or other.evse_id != row.evse_id:
            continue
        if is_numbered or other.started_at <= row.started_at:
            closed.append(superseded(other, row))
        elif later is None or other.started_at < later.started_at:
            later = other
    is_over = later is not None and row.ended_at is None
    return (*closed, superseded(row, later) if is_over and later is not None else row)


def as_open(row: TransactionRow) -> TransactionRow:
    """The transaction without its assumed end, for the message that comes after all."""
    if not row.is_end_assumed:
        return row
    flags = tuple(flag for flag in row.flags if flag != END_MISSING)
    return replace(row, ended_at=None, superseded_at=None, flags=flags)


def ended_again(before: TransactionRow, after: TransactionRow, at: datetime) -> TransactionRow:
    """The transaction after one more message that is not its end: still over, unless it goes on.

    A station that tells something newer of a transaction that nobody replaced knows better.
    """
    since = before.superseded_at
    if since is None or before.ended_at is None or after.ended_at is not None:
        return after
    is_settled = any(flag in before.flags for flag in (SUPERSEDED, ENDED_BY_HAND, ORPHAN))
    if at > since and not is_settled:
        return settled(after)
    if ORPHAN in before.flags:
        return ended_without_end(after, max(since, at), None)
    if ENDED_BY_HAND in before.flags:
        return ended_without_end(after, since, ENDED_BY_HAND, ended_at=before.ended_at)
    return ended_without_end(after, since, SUPERSEDED if SUPERSEDED in before.flags else END_MISSING)


def cannot_be_later_than(row: TransactionRow) -> datetime | None:
    """From when on what is read is not of this transaction; None where it goes on, or may."""
    if row.is_end_assumed:
        return row.superseded_at if SUPERSEDED in row.flags or ENDED_BY_HAND in row.flags else None
    return row.ended_at


def before_end(
    row: TransactionRow, samples: Iterable[MeterSample], at: datetime
) -> tuple[tuple[MeterSample, ...], str | None]:
    """(the samples that were taken until the end, the flag where others came); `at` is for those without."""
    last, samples = cannot_be_later_than(row), tuple(samples)
    if last is None:
        return samples, None
    counted = tuple(sample for sample in samples if (sample.at or at) <= last)
    return counted, AFTER_END if len(counted) < len(samples) else None
