"""What is known of an EVSE when a transaction starts: its limit, and where the register was left."""

import msgspec

from csms.rules.register import POWER_MOST_W, ROUNDING_WH
from csms.rules.rows import TransactionRow
from csms.rules.state import EvseHistory, State

LIFETIME_WH = 1000.0
"""A register that a transaction found above this was not set to nothing for it."""
LEAST_LIMIT_W = 1000.0
"""No EVSE delivers less: a limit below is in another unit, or not set. So is one above POWER_MOST_W."""


def with_history(state: State, row: TransactionRow) -> TransactionRow:
    """The row of a transaction that starts. A start below all of the transaction before is remembered with
    where that one left the register: a meter that was replaced, or one that was not read.
    """
    if row.evse_id is None:
        return row
    known = state.histories.get((row.station_id, row.evse_id))
    if known is None:
        return row
    limit_w = known.power_limit_w
    if limit_w is not None and not LEAST_LIMIT_W <= limit_w <= POWER_MOST_W:
        limit_w = None
    return msgspec.structs.replace(row, power_limit_w=limit_w, meter_before_wh=_left_above(known, row))


def _left_above(known: EvseHistory, row: TransactionRow) -> float | None:
    begun, left, start = known.register_start_wh, known.register_stop_wh, row.meter_start_wh
    if begun is None or left is None or begun < LIFETIME_WH or left < begun:
        return None
    is_unread = start is None and row.meter_doubts is not None
    return left if is_unread or (start is not None and start < begun - ROUNDING_WH) else None
