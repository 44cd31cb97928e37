"""Transactions that wait for a person (architecture, rule 19), and what a person decides about them.

Where energy or time cannot be what the station said, the price is counted from what is plausible and held: no
display is told a cost (2.0.1 I03.FR.02 wants it only when it is known; I03.FR.04: its absence means nothing).
What was decided stays, whatever comes later.
"""

from datetime import timedelta
from typing import Any

import msgspec

from charging.tariff import Tariff
from csms.domain.flags import (
    CLOCK_AHEAD,
    CLOCK_BEHIND,
    CLOCK_WENT_BACK,
    ENDED_BY_HAND,
    ENERGY_UNMEASURED,
    TEST,
)
from csms.domain.reviews import Review
from csms.rules.rows import TransactionRow

HELD = Review.HELD.value
DECIDED = frozenset(review.value for review in Review if review is not Review.HELD)

DURATION_MOST = timedelta(days=30)
"""A vehicle may stand for weeks; beyond this, the times of reception must agree."""

CLOCK_FLAGS = frozenset({CLOCK_AHEAD, CLOCK_BEHIND, CLOCK_WENT_BACK})
_DECIDED_FIELDS = ("started_at", "ended_at", "energy_wh", "cost_micro", "review")


def is_decided(row: TransactionRow) -> bool:
    """Whether a person has said what it comes to."""
    return row.review in DECIDED


def kept_decision(before: TransactionRow, after: TransactionRow) -> TransactionRow:
    """What was decided stays, whatever a late message says."""
    if not is_decided(before):
        return after
    decided: dict[str, Any] = {name: getattr(before, name) for name in _DECIDED_FIELDS}
    return msgspec.structs.replace(after, **decided)


def is_doubtful(row: TransactionRow, tariff: Tariff | None, *, is_energy_certain: bool) -> bool:
    """Whether a person should look at it before anybody is told a price.

    A wrong clock matters only where time is priced, an end that is assumed wherever there is a price. Of a
    test nothing matters.
    """
    if TEST in row.flags:
        return False
    if not is_energy_certain or ENERGY_UNMEASURED in row.flags:
        return True
    if row.is_end_assumed and tariff is not None and ENDED_BY_HAND not in row.flags:
        return True
    if tariff is None or not tariff.has_time_price:
        return False
    return not CLOCK_FLAGS.isdisjoint(row.flags)


def duration_s(row: TransactionRow) -> float:
    """From plug-in to plug-out, or to the last message: never longer than it can have been."""
    until = row.ended_at or row.last_event_at
    told, received = until - row.started_at, row.last_received_at - row.first_received_at
    if told < timedelta(0) or (told > DURATION_MOST and received < told / 2):
        return received.total_seconds()
    return told.total_seconds()


def is_too_long(row: TransactionRow) -> bool:
    """Whether its clock tells of weeks that did not pass between its messages."""
    told = (row.ended_at or row.last_event_at) - row.started_at
    return told > DURATION_MOST and row.last_received_at - row.first_received_at < told / 2
