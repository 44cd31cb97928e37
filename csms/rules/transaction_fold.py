"""A transaction and one more message of it: what the row becomes, whatever the order of arrival."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from charging.tariff import Tariff, bill
from csms.domain.flags import (
    AFTER_END,
    CLOCK_BEHIND,
    CLOCK_WENT_BACK,
    ENERGY_UNMEASURED,
    IDLE_UNMEASURED,
    INCOMPLETE,
    METER_IMPLAUSIBLE,
    METER_WENT_BACK,
    START_MISSING,
)
from csms.domain.inbound import Inbound
from csms.rules.course import course_of, needs_registers, with_registers, with_state_at
from csms.rules.instants import CLOCK_TOLERANCE, Instant
from csms.rules.readings import CURRENT, POWER, MeterPoint, Moment, Reading, Readings, readings
from csms.rules.register import (
    OUTLET_POWER,
    Energy,
    Register,
    energy,
    plain_energy,
    usual_changes,
    usual_given,
)
from csms.rules.replies import tariff_from_text
from csms.rules.reviews import CLOCK_FLAGS, HELD, is_decided, is_doubtful, is_too_long
from csms.rules.rows import TransactionRow
from csms.rules.sequence import has_gap, with_number
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import ENERGY_REGISTER, ChargingState, MeterSample, TransactionEventKind

replace = msgspec.structs.replace


FLAGS_KEPT = 32
_KIND_RANK = {
    TransactionEventKind.STARTED: 0,
    TransactionEventKind.UPDATED: 1,
    TransactionEventKind.ENDED: 2,
}
_RANK = 1 << 40  # sequence numbers have 31 bits


def with_event(
    row: TransactionRow, event: TransactionEvent, at: datetime, received_at: datetime
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
    _fold_authorization(row, event, at, changes)
    _fold_state(row, event.charging_state, at, changes)
    _fold_course(row, event.charging_state, at, changes)
    if event.kind is TransactionEventKind.STARTED:
        _fold_start(event, at, changes)
    elif not row.has_start and at < row.started_at:
        changes["started_at"] = at
    if event.kind is TransactionEventKind.ENDED:
        _fold_end(event, at, changes)
    return replace(row, **changes) if changes else row


def _fold_token(row: TransactionRow, event: TransactionEvent, changes: dict[str, Any]) -> None:
    """The first token counts: the one that stops a transaction may be another one of its group."""
    if event.id_token is None:
        return
    rank = _KIND_RANK[event.kind] * _RANK + (event.seq_no or 0)
    if row.id_token is None or rank < row.token_rank:
        changes["id_token"], changes["token_rank"] = event.id_token, rank


def _fold_authorization(
    row: TransactionRow, event: TransactionEvent, at: datetime, changes: dict[str, Any]
) -> None:
    """From when on somebody may charge: the first token, or the first state that needs one (2.x
    ChargingStateEnumType: "authorization is required to proceed to state Charging").
    """
    if row.authorized_at is not None and row.authorized_at <= at:
        return
    if event.id_token is not None or event.charging_state in _AUTHORIZED:
        changes["authorized_at"] = at


_AUTHORIZED = (ChargingState.CHARGING, ChargingState.SUSPENDED_EV)


def with_state(
    row: TransactionRow, charging_state: ChargingState, at: datetime, received_at: datetime
) -> TransactionRow:
    """The row with what 1.6 tells of its transaction in a connector's status."""
    changes: dict[str, Any] = {}
    _fold_state(row, charging_state, max(at, row.started_at), changes)
    _fold_course(row, charging_state, at, changes)
    if at > row.last_event_at:
        changes["last_event_at"] = at
    if received_at > row.last_received_at:
        changes["last_received_at"] = received_at
    return replace(row, **changes) if changes else row


def _fold_state(
    row: TransactionRow, charging_state: ChargingState | None, at: datetime, changes: dict[str, Any]
) -> None:
    """The latest charging state, and the idle time before it."""
    since = row.state_since
    if charging_state is None or row.ended_at is not None or (since is not None and at < since):
        return
    is_waiting = charging_state is ChargingState.IDLE and since is None  # no car has come yet
    changes["charging_state"], changes["state_since"] = charging_state, None if is_waiting else at
    idle_s = _idle_since_s(row, at)
    if idle_s:
        changes["idle_s"] = row.idle_s + idle_s


def _fold_course(
    row: TransactionRow, charging_state: ChargingState | None, at: datetime, changes: dict[str, Any]
) -> None:
    """Each state, whenever it is told."""
    if row.course is not None and charging_state is not None:
        changes["course"] = with_state_at(row.course, charging_state, at)


_NOT_IDLE = (None, ChargingState.CHARGING, ChargingState.SUSPENDED_EVSE)


def _idle_since_s(row: TransactionRow, until: datetime) -> float:
    """How long up to `until` no energy was taken that was offered (2.1 TotalUsageType.idleTime).

    Where the station offers none (SuspendedEVSE: smart charging, a fault), before somebody may charge, and
    before a car has come, nobody is idle: it is "staying connected without charging" (2.1 part 2 I 1.2.2).
    """
    if row.state_since is None or row.authorized_at is None or row.charging_state in _NOT_IDLE:
        return 0.0
    return max((until - max(row.state_since, row.authorized_at)).total_seconds(), 0.0)


def _fold_start(event: TransactionEvent, at: datetime, changes: dict[str, Any]) -> None:
    changes["has_start"], changes["started_at"], changes["is_offline"] = True, at, event.is_offline


def _fold_end(event: TransactionEvent, at: datetime, changes: dict[str, Any]) -> None:
    changes["ended_at"], changes["end_seq_no"] = at, event.seq_no
    changes["stopped_reason"] = event.stopped_reason


def with_meter(row: TransactionRow, event: TransactionEvent, when: Instant) -> TransactionRow:
    """The row with 1.6's meterStart or meterStop taken into account."""
    if event.meter_wh is None:
        return row
    moment = Moment.START if event.kind is TransactionEventKind.STARTED else Moment.END
    reading = Reading(moment, when.at, event.meter_wh, when.is_timed)
    changes = usual_given(row, reading)
    if changes is None:
        register = Register(row)
        register.add(reading, is_given=True)
        changes = register.changes()
    return replace(row, **changes)


def until_end(row: TransactionRow, end: Instant) -> tuple[TransactionRow, str | None]:
    """(the row for which the end has come, the flag where something was metered later than that): it was read
    after the end, and the register did not go back.
    """
    if not end.is_timed or row.meter_stop_at is None or row.meter_stop_at <= end.at:
        return row, None
    return replace(row, meter_peak_wh=None), AFTER_END


def with_samples(
    row: TransactionRow,
    samples: Sequence[MeterSample],
    at: datetime,
    inbound: Inbound,
    kind: TransactionEventKind | None = None,
) -> TransactionRow:
    """The row with samples taken into account; `at` is the time of those without one."""
    received_at = inbound.received_at
    changes: dict[str, Any] = {}
    if row.last_received_at < received_at:
        changes["last_received_at"] = received_at
    if samples:
        registers = readings(samples, ENERGY_REGISTER, "Wh", at, received_at)
        if registers.found:
            changes |= _metered(row, registers, kind)
            if row.course is not None and needs_registers(row):
                currents = readings(samples, CURRENT, "A", at, received_at)
                changes["course"] = with_registers(row.course, registers, currents)
        _fold_power(row, readings(samples, POWER, "W", at, received_at), changes)
    return replace(row, **changes) if changes else row


def _metered(row: TransactionRow, registers: Readings, kind: TransactionEventKind | None) -> dict[str, Any]:
    if kind is None or kind is TransactionEventKind.UPDATED:
        usual = usual_changes(row, registers)
        if usual is not None:
            return usual
    register = Register(row)
    register.add_all(registers, kind)
    return register.changes()


def _fold_power(row: TransactionRow, powers: Readings, changes: dict[str, Any]) -> None:
    """The latest power. That of the start counts until there is a later one, that at the inlet until there
    is one at the outlet.
    """
    if not powers.found:
        return
    marks = changes.get("meter_marks", row.meter_marks)
    is_known = row.power_at is not None
    if powers.point is MeterPoint.INLET and marks & OUTLET_POWER:
        return
    if powers.point is MeterPoint.OUTLET and not marks & OUTLET_POWER:
        changes["meter_marks"], is_known = marks | OUTLET_POWER, False
    latest = powers.found[0] if len(powers.found) == 1 else max(powers.found, key=_recency)
    at, value = latest.at, latest.value
    if latest.moment is Moment.START:
        at = min(at, row.started_at)
    if not is_known or row.power_at is None or (at, value) >= (row.power_at, row.power_w or 0.0):
        changes["power_at"], changes["power_w"] = at, value


def _recency(reading: Reading) -> tuple[bool, datetime, float]:
    return reading.moment is not Moment.START, reading.at, reading.value


def flagged(row: TransactionRow, flags: Iterable[str | None]) -> TransactionRow:
    """The row with more flags."""
    more = {flag for flag in flags if flag is not None}.difference(row.flags)
    if not more:
        return row
    return replace(row, flags=tuple(sorted({*row.flags, *more})[:FLAGS_KEPT]))


_FOLLOWING = CLOCK_FLAGS | {
    METER_WENT_BACK,
    METER_IMPLAUSIBLE,
    START_MISSING,
    INCOMPLETE,
    ENERGY_UNMEASURED,
    IDLE_UNMEASURED,
}
"""Flags that follow from the rest of a row, or that a doubt may follow from."""


def settled(row: TransactionRow) -> TransactionRow:
    """The row with everything that follows from the rest brought up to date."""
    is_plain = row.ended_at is None and row.review is None and _FOLLOWING.isdisjoint(row.flags)
    if is_plain and (row.has_start or not row.seq_nos) and not is_too_long(row):  # the usual case
        wh = plain_energy(row)
        if wh is not None:
            return replace(row, energy_wh=wh)
    found = energy(row)
    is_over = row.ended_at is not None
    tariff = tariff_from_text(row.tariff) if row.tariff is not None and (is_over or row.flags) else None
    flags = _settled_flags(row, found, tariff)
    changes: dict[str, Any] = {"power_w": None} if is_over else {}
    if flags != row.flags:
        changes["flags"] = flags
    if is_decided(row):
        return replace(row, **changes) if changes else row
    changes["energy_wh"] = found.wh
    row = replace(row, **changes)
    changes = {}
    review = None
    if not found.is_certain or flags:
        tariff = tariff or tariff_from_text(row.tariff)
        review = HELD if is_doubtful(row, tariff, is_energy_certain=found.is_certain) else None
    if review != row.review:
        changes["review"] = review
    if is_over and tariff is not None:
        changes["cost_micro"] = _cost(row, tariff)
    return replace(row, **changes) if changes else row


def _settled_flags(row: TransactionRow, found: Energy, tariff: Tariff | None) -> tuple[str, ...]:
    flags = row.flags
    is_missing = not row.has_start and bool(row.seq_nos)
    is_long = is_too_long(row)
    if row.ended_at is None and not (flags or found.is_odd or is_missing or is_long):
        return flags  # the usual case
    flags = _with_flag(flags, METER_WENT_BACK, is_set=found.went_back)
    flags = _with_flag(flags, METER_IMPLAUSIBLE, is_set=found.is_implausible)
    flags = _with_flag(flags, START_MISSING, is_set=is_missing)
    if is_long:
        flags = _with_flag(flags, CLOCK_BEHIND, is_set=True)
    if row.ended_at is None:
        return flags
    flags = _with_flag(flags, INCOMPLETE, is_set=has_gap(row.seq_nos, row.end_seq_no))
    ends_early = row.started_at - row.ended_at > CLOCK_TOLERANCE
    flags = _with_flag(flags, CLOCK_WENT_BACK, is_set=ends_early)
    return _with_unmeasured(row, flags, found, tariff)


def _with_unmeasured(
    row: TransactionRow, flags: tuple[str, ...], found: Energy, tariff: Tariff | None
) -> tuple[str, ...]:
    """The flags, with those of the priced components that the station did not tell."""
    needed = tariff.metered if tariff is not None else ()
    flags = _with_flag(flags, ENERGY_UNMEASURED, is_set="energy" in needed and found.wh is None)
    return _with_flag(flags, IDLE_UNMEASURED, is_set="idle" in needed and row.charging_state is None)


def _with_flag(flags: tuple[str, ...], flag: str, *, is_set: bool) -> tuple[str, ...]:
    if is_set is (flag in flags):
        return flags
    return tuple(sorted({*flags, flag})) if is_set else tuple(each for each in flags if each != flag)


def cost_so_far(row: TransactionRow) -> int | None:
    """What the transaction costs up to its end, or up to its last message; None without a price.

    The price is the one in force when it started.
    """
    tariff = tariff_from_text(row.tariff)
    return _cost(row, tariff) if tariff is not None else None


def _cost(row: TransactionRow, tariff: Tariff) -> int:
    return bill(tariff, course_of(row, tariff, idle_so_far_s(row))).total_micro


def idle_so_far_s(row: TransactionRow) -> float:
    """How long it did not charge, up to its end or its last message."""
    return row.idle_s + _idle_since_s(row, row.ended_at or row.last_event_at)
