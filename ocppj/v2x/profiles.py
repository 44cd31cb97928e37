"""OCPP 2.x's charging profiles and schedules, from the wire and back.

What only 2.1 has is written where it is given: the schema of 2.0.1 refuses it.
"""

import re
from datetime import datetime
from typing import Any

from ocppj.model.smart_charging import (
    RATE_FIELDS,
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    LimitAtSoc,
)
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.translator import present

_ON_WIRE = {
    name: re.sub(r"_l([23])$", r"_L\1", re.sub(r"_([a-z])(?!\d)", lambda found: found[1].upper(), name))
    for name in RATE_FIELDS
}
"""`discharge_limit_l2` is `dischargeLimit_L2`."""
_ZONE = re.compile(r"([zZ]|[+-]\d\d:?\d\d)$")


def rates_from_v2x(m: Any) -> dict[str, float]:
    """The limits and setpoints that a struct has."""
    said = {name: getattr(m, name, None) for name in RATE_FIELDS}
    return {name: value for name, value in said.items() if value is not None}


def rates_to_v2x(values: Any) -> dict[str, float]:
    """Those of a period or an update."""
    return present({wire: getattr(values, name) for name, wire in _ON_WIRE.items()})


def period_from_v2x(m: Any) -> ChargingPeriod:
    """A `chargingSchedulePeriod` struct."""
    return ChargingPeriod(
        start_s=m.start_period,
        phases=m.number_phases,
        phase_to_use=m.phase_to_use,
        operation_mode=getattr(m, "operation_mode", None),
        **rates_from_v2x(m),
    )


def period_to_v2x(period: ChargingPeriod) -> dict[str, Any]:
    """A `chargingSchedulePeriod` object."""
    return present(
        {
            "startPeriod": period.start_s,
            **rates_to_v2x(period),
            "numberPhases": period.phases,
            "phaseToUse": period.phase_to_use,
            "operationMode": period.operation_mode,
        }
    )


def schedule_from_v2x(m: Any) -> ChargingSchedule:
    """A `chargingSchedule` struct."""
    is_local = bool(getattr(m, "use_local_time", None))
    at_soc = getattr(m, "limit_at_soc", None)
    return ChargingSchedule(
        unit=m.charging_rate_unit,
        periods=tuple(period_from_v2x(each) for each in m.charging_schedule_period),
        starts_at=_start(m.start_schedule, is_local=is_local),
        duration_s=m.duration,
        min_rate=m.min_charging_rate,
        schedule_id=m.id,
        use_local_time=is_local,
        randomized_delay_s=getattr(m, "randomized_delay", None),
        limit_at_soc=LimitAtSoc(at_soc.soc, at_soc.limit) if at_soc is not None else None,
    )


def _start(text: Any, *, is_local: bool) -> datetime | None:
    """In local time, the zone is disregarded (2.1 useLocalTime)."""
    if is_local and isinstance(text, str):
        text = _ZONE.sub("", text.strip())
    return time_from_wire(text)[0]


def schedule_to_v2x(schedule: ChargingSchedule) -> dict[str, Any]:
    """A `chargingSchedule` object."""
    at_soc = schedule.limit_at_soc
    return present(
        {
            "id": schedule.schedule_id,
            "startSchedule": _time(schedule.starts_at),
            "duration": schedule.duration_s,
            "chargingRateUnit": schedule.unit,
            "minChargingRate": schedule.min_rate,
            "chargingSchedulePeriod": [period_to_v2x(each) for each in schedule.periods],
            "useLocalTime": schedule.use_local_time or None,
            "randomizedDelay": schedule.randomized_delay_s,
            "limitAtSoC": {"soc": at_soc.soc, "limit": at_soc.limit} if at_soc is not None else None,
        }
    )


def profile_from_v2x(m: Any) -> ChargingProfile:
    """A `chargingProfile` struct."""
    return ChargingProfile(
        profile_id=m.id,
        purpose=m.charging_profile_purpose,
        schedules=tuple(schedule_from_v2x(each) for each in m.charging_schedule),
        kind=m.charging_profile_kind,
        stack_level=m.stack_level,
        recurrence=m.recurrency_kind,
        valid_from=time_from_wire(m.valid_from)[0],
        valid_to=time_from_wire(m.valid_to)[0],
        transaction_id=m.transaction_id,
        max_offline_s=getattr(m, "max_offline_duration", None),
        invalid_after_offline=bool(getattr(m, "invalid_after_offline_duration", None)),
        update_interval_s=getattr(m, "dyn_update_interval", None),
        updated_at=time_from_wire(getattr(m, "dyn_update_time", None))[0],
    )


def profile_to_v2x(profile: ChargingProfile) -> dict[str, Any]:
    """A `chargingProfile` object."""
    return present(
        {
            "id": profile.profile_id,
            "stackLevel": profile.stack_level,
            "chargingProfilePurpose": profile.purpose,
            "chargingProfileKind": profile.kind,
            "recurrencyKind": profile.recurrence,
            "validFrom": _time(profile.valid_from),
            "validTo": _time(profile.valid_to),
            "transactionId": profile.transaction_id,
            "chargingSchedule": [schedule_to_v2x(each) for each in profile.schedules],
            "maxOfflineDuration": profile.max_offline_s,
            "invalidAfterOfflineDuration": profile.invalid_after_offline or None,
            "dynUpdateInterval": profile.update_interval_s,
            "dynUpdateTime": _time(profile.updated_at),
        }
    )


def _time(at: datetime | None) -> str | None:
    return time_to_wire(at) if at is not None else None
