"""A transaction and one more message of it: what the row becomes, whatever the order of arrival."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from charging.tariff import cost_micro
from csms.domain.events import Inbound, TransactionReported
from csms.rules.flags import INCOMPLETE, METER_WENT_BACK, START_MISSING
from csms.rules.readings import energy, metered
from csms.rules.replies import tariff_from_text
from csms.rules.rows import TransactionRow
from csms.rules.sequence import has_gap, with_number
from ocppj.vocabulary import ChargingState, MeterSample, TransactionEventKind

replace = msgspec.structs.replace


FLAGS_KEPT = 32
_KIND_RANK = {
    TransactionEventKind.STARTED: 0,
    TransactionEventKind.UPDATED: 1,
    TransactionEventKind.ENDED: 2,
}
_RANK = 1 << 40  # sequence numbers have 31 bits


def with_event(
    row: TransactionRow, event: TransactionReported, at: datetime, received_at: datetime
) -> TransactionRow:
    """The row with everything but the samples of an event taken into account."""
    changes: dict[str, Any] = {}
    if at > row.last_event_at:
        changes["last_event_at"] = at
    if received_at > row.last_received_at:
        changes["last_received_at"] = received_at
    if event.seq_no is not None:
        changes["seq_nos"] = with_number(row.seq_nos, event.seq_no)
    for name in ("evse_id", "connector_id", "remote_start_id", "reservation_id"):
        if getattr(row, name) is None and (value := getattr(event, name)) is not None:
            changes[name] = value
    _fold_token(row, event, changes)
    _fold_state(row, event, at, changes)
    if event.kind is TransactionEventKind.STARTED:
        _fold_start(event, at, changes)
    elif not row.has_start and at < row.started_at:
        changes["started_at"] = at
    if event.kind is TransactionEventKind.ENDED:
        _fold_end(event, at, changes)
    return replace(row, **changes) if changes else row


def _fold_token(row: TransactionRow, event: TransactionReported, changes: dict[str, Any]) -> None:
    """The first token counts: the one that stops a transaction may be another one of its group."""
    if event.id_token is None:
        return
    rank = _KIND_RANK[event.kind] * _RANK + (event.seq_no or 0)
    if row.id_token is None or rank < row.token_rank:
        changes["id_token"], changes["token_rank"] = event.id_token, rank


def _fold_state(
    row: TransactionRow, event: TransactionReported, at: datetime, changes: dict[str, Any]
) -> None:
    """The latest charging state, and the time spent in those that do not charge."""
    since = row.state_since
    if event.charging_state is None or row.ended_at is not None or (since is not None and at < since):
        return
    changes["charging_state"], changes["state_since"] = event.charging_state, at
    if since is not None and _is_idle(row.charging_state):
        changes["idle_s"] = row.idle_s + (at - since).total_seconds()


def _is_idle(state: ChargingState | None) -> bool:
    return state is not None and state is not ChargingState.CHARGING


def _fold_start(event: TransactionReported, at: datetime, changes: dict[str, Any]) -> None:
    changes["has_start"], changes["started_at"], changes["is_offline"] = True, at, event.is_offline
    if event.meter_wh is not None:
        changes["is_start_given"], changes["meter_start_wh"], changes["meter_start_at"] = (
            True,
            event.meter_wh,
            at,
        )


def _fold_end(event: TransactionReported, at: datetime, changes: dict[str, Any]) -> None:
    changes["ended_at"], changes["end_seq_no"] = at, event.seq_no
    changes["stopped_reason"] = event.stopped_reason
    if event.meter_wh is not None:
        changes["is_stop_given"], changes["meter_stop_wh"], changes["meter_stop_at"] = (
            True,
            event.meter_wh,
            at,
        )


def with_samples(
    row: TransactionRow, samples: Sequence[MeterSample], at: datetime, inbound: Inbound
) -> TransactionRow:
    """The row with samples taken into account."""
    row = metered(row, samples, at, inbound.received_at)
    return (
        row
        if row.last_received_at >= inbound.received_at
        else replace(row, last_received_at=inbound.received_at)
    )


def flagged(row: TransactionRow, flags: Iterable[str | None]) -> TransactionRow:
    """The row with more flags."""
    more = {flag for flag in flags if flag is not None}.difference(row.flags)
    if not more:
        return row
    return replace(row, flags=tuple(sorted({*row.flags, *more})[:FLAGS_KEPT]))


def settled(row: TransactionRow) -> TransactionRow:
    """The row with everything that follows from the rest brought up to date."""
    wh, went_back = energy(row)
    is_over = row.ended_at is not None
    flags = row.flags
    flags = _with_flag(flags, METER_WENT_BACK, is_set=went_back)
    flags = _with_flag(flags, START_MISSING, is_set=not row.has_start and bool(row.seq_nos))
    flags = _with_flag(flags, INCOMPLETE, is_set=is_over and has_gap(row.seq_nos, row.end_seq_no))
    row = replace(row, energy_wh=wh, flags=flags, power_w=None if is_over else row.power_w)
    return replace(row, cost_micro=cost_so_far(row)) if is_over and row.tariff is not None else row


def _with_flag(flags: tuple[str, ...], flag: str, *, is_set: bool) -> tuple[str, ...]:
    if is_set is (flag in flags):
        return flags
    return tuple(sorted({*flags, flag})) if is_set else tuple(each for each in flags if each != flag)


def cost_so_far(row: TransactionRow) -> int | None:
    """What the transaction costs up to its end, or up to its last message; None without a price.

    The price is the one in force when it started.
    """
    tariff = tariff_from_text(row.tariff)
    if tariff is None:
        return None
    until = row.ended_at or row.last_event_at
    idle_s = row.idle_s
    if row.state_since is not None and _is_idle(row.charging_state):
        idle_s += max((until - row.state_since).total_seconds(), 0.0)
    duration_s = max((until - row.started_at).total_seconds(), 0.0)
    return cost_micro(tariff, energy_wh=row.energy_wh or 0.0, duration_s=duration_s, idle_s=idle_s)
