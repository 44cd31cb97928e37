"""OCPP 1.6, smart charging: the wire and the model. A connector is an EVSE, connector 0 the charge point."""

from typing import Any

from ocppj.model.smart_charging import (
    ChargingSchedule,
    ClearChargingProfile,
    CompositeSchedule,
    CompositeScheduleAnswer,
    GetCompositeSchedule,
    SetChargingProfile,
)
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, present
from ocppj.v16.profiles import (
    profile_from_v16,
    profile_refusal,
    profile_to_v16,
    purpose_from_v16,
    purpose_to_v16,
    schedule_from_v16,
    schedule_to_v16,
)
from ocppj.v16.status import answered_by_status


def _set_to_v16(c: SetChargingProfile) -> dict[str, Any]:
    return {"connectorId": c.evse_id, "csChargingProfiles": profile_to_v16(c.profile)}


def _set_from_v16(m: Any) -> SetChargingProfile:
    return SetChargingProfile(m.connector_id, profile_from_v16(m.cs_charging_profiles))


def _set_refusal(c: SetChargingProfile) -> str | None:
    return c.never_sent or profile_refusal(c.profile)


def _clear_to_v16(c: ClearChargingProfile) -> dict[str, Any]:
    return present(
        {
            "id": c.profile_id,
            "connectorId": c.evse_id,
            "chargingProfilePurpose": purpose_to_v16(c.purpose),
            "stackLevel": c.stack_level,
        }
    )


def _clear_from_v16(m: Any) -> ClearChargingProfile:
    """Without any field it is all of them (errata 3.25)."""
    purpose = purpose_from_v16(m.charging_profile_purpose)
    return ClearChargingProfile(m.id, m.connector_id, purpose, m.stack_level)


def _clear_refusal(c: ClearChargingProfile) -> str | None:
    return c.never_sent


def _composite_to_v16(c: GetCompositeSchedule) -> dict[str, Any]:
    return present({"connectorId": c.evse_id, "duration": c.duration_s, "chargingRateUnit": c.unit})


def _composite_from_v16(m: Any) -> GetCompositeSchedule:
    return GetCompositeSchedule(m.connector_id, m.duration, m.charging_rate_unit)


def _composite_answer_to_v16(answer: CompositeScheduleAnswer) -> dict[str, Any]:
    """§6.22; the start is beside the schedule, never in it (errata 3.57)."""
    has = answer.schedule
    if has is None:
        return {"status": answer.status}
    schedule = ChargingSchedule(unit=has.unit, periods=has.periods, duration_s=has.duration_s)  # type: ignore[arg-type] # as it came
    return present(
        {
            "status": answer.status,
            "connectorId": has.evse_id,
            "scheduleStart": time_to_wire(has.starts_at) if has.starts_at is not None else None,
            "chargingSchedule": schedule_to_v16(schedule),
        }
    )


def _composite_answer_from_v16(m: Any) -> CompositeScheduleAnswer:
    """Some stations say the start in the schedule."""
    if m.charging_schedule is None:
        return CompositeScheduleAnswer(str(m.status))
    said = schedule_from_v16(m.charging_schedule)
    starts_at, _ = time_from_wire(m.schedule_start)
    schedule = CompositeSchedule(
        evse_id=m.connector_id or 0,
        unit=said.unit,
        periods=said.periods,
        starts_at=starts_at if starts_at is not None else said.starts_at,
        duration_s=said.duration_s,
    )
    return CompositeScheduleAnswer(str(m.status), schedule=schedule)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        SetChargingProfile,
        "SetChargingProfile",
        request_to_wire=_set_to_v16,
        request_from_wire=_set_from_v16,
        refusal=_set_refusal,
        fields={"connectorId": "evse_id", "chargingProfilePurpose": "purpose", "limit": "limit"},
    ),
    answered_by_status(
        ClearChargingProfile,
        "ClearChargingProfile",
        request_to_wire=_clear_to_v16,
        request_from_wire=_clear_from_v16,
        refusal=_clear_refusal,
        fields={"id": "profile_id", "connectorId": "evse_id", "chargingProfilePurpose": "purpose"},
    ),
    CommandTranslator(
        command=GetCompositeSchedule,
        action="GetCompositeSchedule",
        request_to_wire=_composite_to_v16,
        request_from_wire=_composite_from_v16,
        answer_to_wire=_composite_answer_to_v16,
        answer_from_wire=_composite_answer_from_v16,
        fields={"connectorId": "evse_id", "duration": "duration_s", "chargingRateUnit": "unit"},
    ),
)
