"""OCPP 2.1, smart charging: priority and dynamic charging, which 2.0.1 has not."""

from typing import Any

from ocppj.model.messages import Reply, StationMessage
from ocppj.model.smart_charging import (
    DynamicScheduleReply,
    NotifyPriorityCharging,
    PullDynamicScheduleUpdate,
    ScheduleUpdate,
    UpdateDynamicSchedule,
    UsePriorityCharging,
)
from ocppj.translator import CommandTranslator, MessageTranslator
from ocppj.v2x.profiles import rates_from_v2x, rates_to_v2x
from ocppj.v2x.status import answered_by_status, status_info_from_v2x, status_info_to_v2x


def _priority_notified(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return NotifyPriorityCharging(m.transaction_id, m.activated)


def _priority_notified_to_wire(m: NotifyPriorityCharging) -> dict[str, Any]:
    return {"transactionId": m.transaction_id, "activated": m.is_activated}


def _update_pulled(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return PullDynamicScheduleUpdate(m.charging_profile_id)


def _update_pulled_to_wire(m: PullDynamicScheduleUpdate) -> dict[str, Any]:
    return {"chargingProfileId": m.profile_id}


def _pull_reply_to_wire(reply: DynamicScheduleReply) -> dict[str, Any]:
    update = {"scheduleUpdate": rates_to_v2x(reply.update)} if reply.update is not None else {}
    return {"status": reply.status} | update | status_info_to_v2x(reply.reason_code, None)


def _pull_reply(m: Any) -> Reply:
    said = m.schedule_update
    update = ScheduleUpdate(**rates_from_v2x(said)) if said is not None else None
    return DynamicScheduleReply(str(m.status), update, status_info_from_v2x(m.status_info)[0])


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=NotifyPriorityCharging,
        action="NotifyPriorityCharging",
        request_from_wire=_priority_notified,
        request_to_wire=_priority_notified_to_wire,
    ),
    MessageTranslator(
        message=PullDynamicScheduleUpdate,
        action="PullDynamicScheduleUpdate",
        request_from_wire=_update_pulled,
        request_to_wire=_update_pulled_to_wire,
        response_from_wire=_pull_reply,
        response_to_wire=_pull_reply_to_wire,
    ),
)


def _priority_to_v21(c: UsePriorityCharging) -> dict[str, Any]:
    return {"transactionId": c.transaction_id, "activate": c.activate}


def _priority_from_v21(m: Any) -> UsePriorityCharging:
    return UsePriorityCharging(m.transaction_id, m.activate)


def _update_to_v21(c: UpdateDynamicSchedule) -> dict[str, Any]:
    return {"chargingProfileId": c.profile_id, "scheduleUpdate": rates_to_v2x(c.update)}


def _update_from_v21(m: Any) -> UpdateDynamicSchedule:
    return UpdateDynamicSchedule(m.charging_profile_id, ScheduleUpdate(**rates_from_v2x(m.schedule_update)))


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        UsePriorityCharging,
        "UsePriorityCharging",
        request_to_wire=_priority_to_v21,
        request_from_wire=_priority_from_v21,
    ),
    answered_by_status(
        UpdateDynamicSchedule,
        "UpdateDynamicSchedule",
        request_to_wire=_update_to_v21,
        request_from_wire=_update_from_v21,
        fields={"chargingProfileId": "profile_id"},
    ),
)
