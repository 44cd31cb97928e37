"""OCPP 2.x, smart charging: the wire and the model."""

from typing import Any

from ocppj.model.messages import Reply, StationMessage
from ocppj.model.smart_charging import (
    SOURCES,
    ChargingNeeds,
    ChargingNeedsReply,
    ClearChargingProfile,
    ClearedChargingLimit,
    CompositeSchedule,
    CompositeScheduleAnswer,
    EVChargingScheduleReply,
    GetChargingProfiles,
    GetCompositeSchedule,
    NotifyChargingLimit,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    ReportChargingProfiles,
    SetChargingProfile,
)
from ocppj.timestamps import read_time, time_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x.profiles import (
    period_from_v2x,
    period_to_v2x,
    profile_from_v2x,
    profile_to_v2x,
    schedule_from_v2x,
    schedule_to_v2x,
)
from ocppj.v2x.status import (
    answered_by_status,
    status_info_from_v2x,
    status_info_to_v2x,
    status_to_v2x,
)

# --- What stations send ----------------------------------------------------------------------------------


def _profiles_reported(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    profiles = tuple(profile_from_v2x(each) for each in m.charging_profile)
    return ReportChargingProfiles(m.request_id, m.evse_id, m.charging_limit_source, profiles, not m.tbc)


def _profiles_reported_to_wire(m: ReportChargingProfiles) -> dict[str, Any]:
    return {
        "requestId": m.request_id,
        "chargingLimitSource": m.source,
        "evseId": m.evse_id,
        "chargingProfile": [profile_to_v2x(each) for each in m.profiles],
        "tbc": not m.is_last,
    }


def _limit_notified(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    limit = m.charging_limit
    return NotifyChargingLimit(
        limit.charging_limit_source,
        m.evse_id,
        limit.is_grid_critical,
        getattr(limit, "is_local_generation", None),
        tuple(schedule_from_v2x(each) for each in m.charging_schedule or ()),
    )


def _limit_notified_to_wire(m: NotifyChargingLimit) -> dict[str, Any]:
    limit = {
        "chargingLimitSource": m.source,
        "isGridCritical": m.is_grid_critical,
        "isLocalGeneration": m.is_local_generation,
    }
    schedules = [schedule_to_v2x(each) for each in m.schedules]
    return present(
        {"evseId": m.evse_id, "chargingLimit": present(limit), "chargingSchedule": schedules or None}
    )


def _limit_cleared(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return ClearedChargingLimit(m.charging_limit_source, m.evse_id)


def _limit_cleared_to_wire(m: ClearedChargingLimit) -> dict[str, Any]:
    return present({"chargingLimitSource": m.source, "evseId": m.evse_id})


def _needs_notified(m: Any, findings: list[str]) -> StationMessage:
    of_car = m.charging_needs
    needs = ChargingNeeds(
        energy_transfer=of_car.requested_energy_transfer,
        departure_at=read_time(of_car.departure_time, findings),
        control_mode=_control_mode(of_car),
        **_parameters(of_car),
    )
    at = read_time(getattr(m, "timestamp", None), findings)
    return NotifyEVChargingNeeds(m.evse_id, needs, m.max_schedule_tuples, at)


def _control_mode(needs: Any) -> str | None:
    """Without a word, V2X parameters say that it is ISO 15118-20 (K18.FR.06); Scheduled is assumed."""
    mode = getattr(needs, "control_mode", None)
    if mode is None and getattr(needs, "v2x_charging_parameters", None) is not None:
        return "ScheduledControl"
    return str(mode) if mode is not None else None


_AC = {
    "energy_wh": "energy_amount",
    "min_current_a": "ev_min_current",
    "max_current_a": "ev_max_current",
    "max_voltage_v": "ev_max_voltage",
}
_DC = {
    "energy_wh": "energy_amount",
    "max_current_a": "ev_max_current",
    "max_voltage_v": "ev_max_voltage",
    "max_power_w": "ev_max_power",
    "capacity_wh": "ev_energy_capacity",
    "soc": "state_of_charge",
}
_V2X = {
    "energy_wh": "ev_target_energy_request",
    "min_current_a": "min_charge_current",
    "max_current_a": "max_charge_current",
    "max_voltage_v": "max_voltage",
    "max_power_w": "max_charge_power",
}
_PARAMETERS = {
    "ac_charging_parameters": _AC,
    "dc_charging_parameters": _DC,
    "v2x_charging_parameters": _V2X,
}


def _parameters(needs: Any) -> dict[str, Any]:
    for name, fields in _PARAMETERS.items():
        found = getattr(needs, name, None)
        if found is not None:
            return {ours: getattr(found, wire) for ours, wire in fields.items()}
    return {}


def _needs_notified_to_wire(m: NotifyEVChargingNeeds) -> dict[str, Any]:
    needs = m.needs
    name, fields = "acChargingParameters", _AC
    if needs.is_of_15118_20:
        name, fields = "v2xChargingParameters", _V2X
    elif needs.energy_transfer.startswith("DC"):
        name, fields = "dcChargingParameters", _DC
    parameters = present({_camel(wire): getattr(needs, ours) for ours, wire in fields.items()})
    charging_needs = {
        "requestedEnergyTransfer": needs.energy_transfer,
        "departureTime": time_to_wire(needs.departure_at) if needs.departure_at is not None else None,
        "controlMode": needs.control_mode,
        name: parameters,
    }
    return present(
        {
            "evseId": m.evse_id,
            "maxScheduleTuples": m.max_schedule_tuples,
            "chargingNeeds": present(charging_needs),
            "timestamp": time_to_wire(m.at) if m.at is not None else None,
        }
    )


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def _needs_reply_to_wire(reply: ChargingNeedsReply) -> dict[str, Any]:
    return {"status": reply.status} | status_info_to_v2x(reply.reason_code, None)


def _needs_reply(m: Any) -> Reply:
    return ChargingNeedsReply(str(m.status), status_info_from_v2x(m.status_info)[0])


def _car_schedule(m: Any, findings: list[str]) -> StationMessage:
    return NotifyEVChargingSchedule(
        m.evse_id,
        schedule_from_v2x(m.charging_schedule),
        read_time(m.time_base, findings),
        getattr(m, "selected_charging_schedule_id", None),
    )


def _car_schedule_to_wire(m: NotifyEVChargingSchedule) -> dict[str, Any]:
    return present(
        {
            "timeBase": time_to_wire(m.time_base) if m.time_base is not None else None,
            "evseId": m.evse_id,
            "chargingSchedule": schedule_to_v2x(m.schedule),
            "selectedChargingScheduleId": m.selected_schedule_id,
        }
    )


def _car_schedule_reply_to_wire(reply: EVChargingScheduleReply) -> dict[str, Any]:
    return {"status": reply.status} | status_info_to_v2x(reply.reason_code, None)


def _car_schedule_reply(m: Any) -> Reply:
    return EVChargingScheduleReply(str(m.status), status_info_from_v2x(m.status_info)[0])


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=ReportChargingProfiles,
        action="ReportChargingProfiles",
        request_from_wire=_profiles_reported,
        request_to_wire=_profiles_reported_to_wire,
    ),
    MessageTranslator(
        message=NotifyChargingLimit,
        action="NotifyChargingLimit",
        request_from_wire=_limit_notified,
        request_to_wire=_limit_notified_to_wire,
    ),
    MessageTranslator(
        message=ClearedChargingLimit,
        action="ClearedChargingLimit",
        request_from_wire=_limit_cleared,
        request_to_wire=_limit_cleared_to_wire,
    ),
    MessageTranslator(
        message=NotifyEVChargingNeeds,
        action="NotifyEVChargingNeeds",
        request_from_wire=_needs_notified,
        request_to_wire=_needs_notified_to_wire,
        response_from_wire=_needs_reply,
        response_to_wire=_needs_reply_to_wire,
    ),
    MessageTranslator(
        message=NotifyEVChargingSchedule,
        action="NotifyEVChargingSchedule",
        request_from_wire=_car_schedule,
        request_to_wire=_car_schedule_to_wire,
        response_from_wire=_car_schedule_reply,
        response_to_wire=_car_schedule_reply_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _set_to_v2x(c: SetChargingProfile) -> dict[str, Any]:
    return {"evseId": c.evse_id, "chargingProfile": profile_to_v2x(c.profile)}


def _set_from_v2x(m: Any) -> SetChargingProfile:
    return SetChargingProfile(m.evse_id, profile_from_v2x(m.charging_profile))


def _set_refusal(c: SetChargingProfile) -> str | None:
    return c.never_sent


def _clear_to_v2x(c: ClearChargingProfile) -> dict[str, Any]:
    criteria = {
        "evseId": c.evse_id,
        "chargingProfilePurpose": c.purpose,
        "stackLevel": c.stack_level,
    }
    return present({"chargingProfileId": c.profile_id, "chargingProfileCriteria": present(criteria) or None})


def _clear_from_v2x(m: Any) -> ClearChargingProfile:
    by = m.charging_profile_criteria
    if by is None:
        return ClearChargingProfile(m.charging_profile_id)
    return ClearChargingProfile(
        m.charging_profile_id, by.evse_id, by.charging_profile_purpose, by.stack_level
    )


def _clear_refusal(c: ClearChargingProfile) -> str | None:
    if c == ClearChargingProfile():
        return "OCPP 2.x clears by profile_id, or by evse_id, purpose and stack_level"  # K10.FR.02
    return c.never_sent


def _get_to_v2x(c: GetChargingProfiles) -> dict[str, Any]:
    """Some condition there must be (K09.FR.03): to name every source is to ask for all."""
    by = present(
        {
            "chargingProfilePurpose": c.purpose,
            "stackLevel": c.stack_level,
            "chargingProfileId": list(c.profile_ids) or None,
            "chargingLimitSource": list(c.sources) or None,
        }
    )
    criterion = by or {"chargingLimitSource": list(SOURCES)}
    return present({"requestId": c.request_id, "evseId": c.evse_id, "chargingProfile": criterion})


def _get_from_v2x(m: Any) -> GetChargingProfiles:
    by = m.charging_profile
    sources = tuple(by.charging_limit_source or ())
    return GetChargingProfiles(
        m.request_id,
        m.evse_id,
        tuple(by.charging_profile_id or ()),
        by.charging_profile_purpose,
        by.stack_level,
        () if sources == SOURCES else sources,
    )


def _composite_to_v2x(c: GetCompositeSchedule) -> dict[str, Any]:
    return present({"evseId": c.evse_id, "duration": c.duration_s, "chargingRateUnit": c.unit})


def _composite_from_v2x(m: Any) -> GetCompositeSchedule:
    return GetCompositeSchedule(m.evse_id, m.duration, m.charging_rate_unit)


def _composite_answer_to_v2x(answer: CompositeScheduleAnswer) -> dict[str, Any]:
    has = answer.schedule
    if has is None:
        return status_to_v2x(answer)
    schedule = {
        "evseId": has.evse_id,
        "duration": has.duration_s or 0,
        "scheduleStart": time_to_wire(has.starts_at) if has.starts_at is not None else None,
        "chargingRateUnit": has.unit,
        "chargingSchedulePeriod": [period_to_v2x(each) for each in has.periods],
    }
    return status_to_v2x(answer) | {"schedule": present(schedule)}


def _composite_answer_from_v2x(m: Any) -> CompositeScheduleAnswer:
    has = m.schedule
    schedule = None
    if has is not None:
        schedule = CompositeSchedule(
            evse_id=has.evse_id,
            unit=has.charging_rate_unit,
            periods=tuple(period_from_v2x(each) for each in has.charging_schedule_period),
            starts_at=time_from_wire(has.schedule_start)[0],
            duration_s=has.duration,
        )
    return CompositeScheduleAnswer(str(m.status), *status_info_from_v2x(m.status_info), schedule)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        SetChargingProfile,
        "SetChargingProfile",
        request_to_wire=_set_to_v2x,
        request_from_wire=_set_from_v2x,
        refusal=_set_refusal,
    ),
    answered_by_status(
        ClearChargingProfile,
        "ClearChargingProfile",
        request_to_wire=_clear_to_v2x,
        request_from_wire=_clear_from_v2x,
        refusal=_clear_refusal,
        fields={"chargingProfileId": "profile_id", "chargingProfilePurpose": "purpose"},
    ),
    answered_by_status(
        GetChargingProfiles,
        "GetChargingProfiles",
        request_to_wire=_get_to_v2x,
        request_from_wire=_get_from_v2x,
        fields={
            "chargingProfileId": "profile_ids",
            "chargingProfilePurpose": "purpose",
            "chargingLimitSource": "sources",
        },
    ),
    CommandTranslator(
        command=GetCompositeSchedule,
        action="GetCompositeSchedule",
        request_to_wire=_composite_to_v2x,
        request_from_wire=_composite_from_v2x,
        answer_to_wire=_composite_answer_to_v2x,
        answer_from_wire=_composite_answer_from_v2x,
        fields={"duration": "duration_s", "chargingRateUnit": "unit"},
    ),
)
