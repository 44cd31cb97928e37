"""What a station does with charging profiles (1.6 §5.5, §5.7, §5.16; 2.x K01, K08 to K10; 2.1 K21, K28)."""

from functools import partial

from charging.schedule.composite import CompositePlan
from charging.schedule.store import ProfileCriterion
from ocppj.errors import ErrorKind, ViolationError
from ocppj.model.smart_charging import (
    ChargingPeriod,
    ClearChargingProfile,
    CompositeSchedule,
    CompositeScheduleAnswer,
    GetChargingProfiles,
    GetCompositeSchedule,
    SetChargingProfile,
    UpdateDynamicSchedule,
    UsePriorityCharging,
)
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, accepted, answered
from simulator.station.smart_charging import SmartCharging


def _smart(station: CommandContext) -> SmartCharging:
    """Raises ViolationError where there is no smart charging (K01.FR.29)."""
    if not station.smart_charging.is_supported:
        raise ViolationError(ErrorKind.NOT_SUPPORTED, "this station has no smart charging")
    return station.smart_charging


def _set(station: CommandContext, c: SetChargingProfile) -> Handled:
    smart = _smart(station)
    refusal = smart.refusal(c.evse_id, c.profile)
    if refusal is not None:
        return Handled(c.answer("Rejected", refusal.code, f"{refusal.text} ({refusal.clause})"))
    return accepted(c, partial(smart.hold, c.evse_id, c.profile))


def _clear(station: CommandContext, c: ClearChargingProfile) -> Handled:
    smart = _smart(station)
    ids = frozenset({c.profile_id}) if c.profile_id is not None else frozenset()
    found = smart.matching(
        ProfileCriterion(profile_ids=ids, evse_id=c.evse_id, purpose=c.purpose, stack_level=c.stack_level)
    )
    if not found:
        return answered(c, "Unknown")  # K10.FR.01
    return accepted(c, partial(smart.give_up, found))


def _get(station: CommandContext, c: GetChargingProfiles) -> Handled:
    smart = _smart(station)
    found = smart.reported(
        ProfileCriterion(
            profile_ids=frozenset(c.profile_ids),
            evse_id=c.evse_id,
            purpose=c.purpose,
            stack_level=c.stack_level,
            sources=frozenset(c.sources),
        )
    )
    if not found:
        return answered(c, "NoProfiles")
    return accepted(c, partial(smart.report, c.request_id, found))


def _composite(station: CommandContext, c: GetCompositeSchedule) -> Handled:
    plan = _smart(station).composite(c.evse_id, c.duration_s, c.unit)
    if plan is None:
        return answered(c, "Rejected")  # K08.FR.05, .07
    return Handled(CompositeScheduleAnswer("Accepted", schedule=_as_schedule(plan)))


def _as_schedule(plan: CompositePlan) -> CompositeSchedule:
    return CompositeSchedule(
        evse_id=plan.evse_id,
        unit=plan.unit,
        periods=tuple(
            ChargingPeriod(start_s=each.start_s, limit=each.limit, phases=each.phases)
            for each in plan.periods
        ),
        starts_at=plan.starts_at,
        duration_s=plan.duration_s,
    )


def _use_priority(station: CommandContext, c: UsePriorityCharging) -> Handled:
    smart = _smart(station)
    status = smart.prioritize(c.transaction_id, is_on=c.activate)
    if status != "Accepted":
        return answered(c, status)
    return accepted(c, partial(smart.switch_priority, c.transaction_id, is_on=c.activate))


def _update(station: CommandContext, c: UpdateDynamicSchedule) -> Handled:
    smart = _smart(station)
    if not smart.dynamic(c.profile_id):
        return Handled(c.answer("Rejected", "InvalidProfile", "no dynamic profile of this id"))  # K28.FR.11
    return accepted(c, partial(smart.update, c.profile_id, c.update))


HANDLERS: dict[type, Handler] = {
    SetChargingProfile: _set,
    ClearChargingProfile: _clear,
    GetChargingProfiles: _get,
    GetCompositeSchedule: _composite,
    UsePriorityCharging: _use_priority,
    UpdateDynamicSchedule: _update,
}
