"""OCPP 1.6's charging profiles (§7.8 to §7.14), from the wire and back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ocppj.model.smart_charging import (
    RATE_FIELDS,
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ProfilePurpose,
)
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.translator import present
from ocppj.v16.words import transaction_id_from_v16, transaction_id_to_v16

_PURPOSES: dict[str, ProfilePurpose] = {
    "ChargePointMaxProfile": "ChargingStationMaxProfile",
    "TxDefaultProfile": "TxDefaultProfile",
    "TxProfile": "TxProfile",
}
_ON_WIRE = {ours: wire for wire, ours in _PURPOSES.items()}


def purpose_from_v16(word: str | None) -> ProfilePurpose | None:
    """§7.10; None for none."""
    return _PURPOSES.get(word, word) if word is not None else None  # type: ignore[arg-type] # as it came


def purpose_to_v16(purpose: ProfilePurpose | None) -> str | None:
    """One that 1.6 has not goes as it is: its schema refuses it."""
    return _ON_WIRE.get(purpose, purpose) if purpose is not None else None


def period_to_v16(period: ChargingPeriod) -> dict[str, Any]:
    """A `chargingSchedulePeriod` object."""
    return present({"startPeriod": period.start_s, "limit": period.limit, "numberPhases": period.phases})


def schedule_from_v16(m: Any) -> ChargingSchedule:
    """A `chargingSchedule` struct."""
    return ChargingSchedule(
        unit=m.charging_rate_unit,
        periods=tuple(
            ChargingPeriod(start_s=each.start_period, limit=float(each.limit), phases=each.number_phases)
            for each in m.charging_schedule_period
        ),
        starts_at=time_from_wire(m.start_schedule)[0],
        duration_s=m.duration,
        min_rate=float(m.min_charging_rate) if m.min_charging_rate is not None else None,
    )


def schedule_to_v16(schedule: ChargingSchedule) -> dict[str, Any]:
    """A `chargingSchedule` object."""
    return present(
        {
            "duration": schedule.duration_s,
            "startSchedule": _time(schedule.starts_at),
            "chargingRateUnit": schedule.unit,
            "chargingSchedulePeriod": [period_to_v16(each) for each in schedule.periods],
            "minChargingRate": schedule.min_rate,
        }
    )


def profile_from_v16(m: Any) -> ChargingProfile:
    """A `csChargingProfiles` or `chargingProfile` struct."""
    return ChargingProfile(
        profile_id=m.charging_profile_id,
        purpose=_PURPOSES.get(m.charging_profile_purpose, m.charging_profile_purpose),
        schedules=(schedule_from_v16(m.charging_schedule),),
        kind=m.charging_profile_kind,
        stack_level=m.stack_level,
        recurrence=m.recurrency_kind,
        valid_from=time_from_wire(m.valid_from)[0],
        valid_to=time_from_wire(m.valid_to)[0],
        transaction_id=transaction_id_from_v16(m.transaction_id),
    )


def profile_to_v16(profile: ChargingProfile) -> dict[str, Any]:
    """A `csChargingProfiles` or `chargingProfile` object."""
    named = profile.transaction_id
    return present(
        {
            "chargingProfileId": profile.profile_id,
            "transactionId": transaction_id_to_v16(named) if named is not None else None,
            "stackLevel": profile.stack_level,
            "chargingProfilePurpose": purpose_to_v16(profile.purpose),
            "chargingProfileKind": profile.kind,
            "recurrencyKind": profile.recurrence,
            "validFrom": _time(profile.valid_from),
            "validTo": _time(profile.valid_to),
            "chargingSchedule": schedule_to_v16(profile.schedules[0]),
        }
    )


def profile_refusal(profile: ChargingProfile) -> str | None:
    """What 1.6 has no words for; None: it has for all. Words and bounds are its schema's."""
    lacking = next(_lacking(profile), None)
    if lacking is not None:
        return f"OCPP 1.6 has no {lacking} in a charging profile"
    if len(profile.schedules) > 1:
        return "OCPP 1.6 has one schedule in a charging profile: schedules"
    named = profile.transaction_id
    if named is not None and not (named.isascii() and named.removeprefix("-").isdigit()):
        return f"OCPP 1.6 numbers transactions; transaction_id {named[:36]!r} is no number"
    return None


_OF_PROFILE = ("max_offline_s", "invalid_after_offline", "update_interval_s", "updated_at")
_OF_SCHEDULE = ("use_local_time", "randomized_delay_s", "limit_at_soc")
_OF_PERIOD = ("phase_to_use", "operation_mode", *(name for name in RATE_FIELDS if name != "limit"))


def _lacking(profile: ChargingProfile) -> Iterator[str]:
    """The fields that are given, and that it lacks."""
    for of, names in (
        (profile, _OF_PROFILE),
        *((each, _OF_SCHEDULE) for each in profile.schedules),
        *((each, _OF_PERIOD) for schedule in profile.schedules for each in schedule.periods),
    ):
        yield from (name for name in names if getattr(of, name) not in (None, False))


def _time(at: datetime | None) -> str | None:
    return time_to_wire(at) if at is not None else None
