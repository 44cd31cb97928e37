"""OCPP 2.x, display messages: the wire and the model."""

from typing import Any

from ocppj.model.display import (
    ClearDisplayMessage,
    DisplayMessage,
    GetDisplayMessages,
    NotifyDisplayMessages,
    SetDisplayMessage,
)
from ocppj.model.messages import StationMessage
from ocppj.timestamps import deadline_from_wire, read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x.status import answered_by_status


def _message_to_v2x(m: DisplayMessage) -> dict[str, Any]:
    return present(
        {
            "id": m.message_id,
            "priority": m.priority,
            "state": m.state,
            "startDateTime": time_to_wire(m.starts_at) if m.starts_at is not None else None,
            "endDateTime": time_to_wire(m.ends_at) if m.ends_at is not None else None,
            "transactionId": m.transaction_id,
            "message": present({"format": m.format, "language": m.language, "content": m.text}),
        }
    )


# --- What stations send ----------------------------------------------------------------------------------


def _notified(m: Any, findings: list[str]) -> StationMessage:
    found = tuple(_message_from_v2x(each, findings) for each in m.message_info or ())
    return NotifyDisplayMessages(m.request_id, found, not m.tbc)


def _message_from_v2x(m: Any, findings: list[str]) -> DisplayMessage:
    return DisplayMessage(
        message_id=m.id,
        text=m.message.content,
        format=m.message.format,
        language=m.message.language,
        priority=m.priority,
        state=m.state,
        starts_at=read_time(m.start_date_time, findings) if m.start_date_time is not None else None,
        ends_at=read_time(m.end_date_time, findings) if m.end_date_time is not None else None,
        transaction_id=m.transaction_id,
    )


def _notified_to_wire(m: NotifyDisplayMessages) -> dict[str, Any]:
    found = [_message_to_v2x(each) for each in m.messages]
    return {"requestId": m.request_id, "tbc": not m.is_last} | ({"messageInfo": found} if found else {})


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=NotifyDisplayMessages,
        action="NotifyDisplayMessages",
        request_from_wire=_notified,
        request_to_wire=_notified_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _set_to_v2x(c: SetDisplayMessage) -> dict[str, Any]:
    return {"message": _message_to_v2x(c.message)}


def _set_from_v2x(m: Any) -> SetDisplayMessage:
    one = m.message
    return SetDisplayMessage(
        message_id=one.id,
        text=one.message.content,
        priority=one.priority,
        state=one.state,
        starts_at=deadline_from_wire(one.start_date_time) if one.start_date_time is not None else None,
        ends_at=deadline_from_wire(one.end_date_time) if one.end_date_time is not None else None,
        transaction_id=one.transaction_id,
        format=one.message.format,
        language=one.message.language,
    )


def _get_to_v2x(c: GetDisplayMessages) -> dict[str, Any]:
    ids = list(c.message_ids) or None
    return present({"requestId": c.request_id, "id": ids, "priority": c.priority, "state": c.state})


def _get_from_v2x(m: Any) -> GetDisplayMessages:
    return GetDisplayMessages(m.request_id, tuple(m.id or ()), m.priority, m.state)


def _clear_to_v2x(c: ClearDisplayMessage) -> dict[str, Any]:
    return {"id": c.message_id}


def _clear_from_v2x(m: Any) -> ClearDisplayMessage:
    return ClearDisplayMessage(m.id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        SetDisplayMessage,
        "SetDisplayMessage",
        request_to_wire=_set_to_v2x,
        request_from_wire=_set_from_v2x,
        fields={
            "id": "message_id",
            "content": "text",
            "startDateTime": "starts_at",
            "endDateTime": "ends_at",
        },
    ),
    answered_by_status(
        GetDisplayMessages,
        "GetDisplayMessages",
        request_to_wire=_get_to_v2x,
        request_from_wire=_get_from_v2x,
        fields={"id": "message_ids"},
    ),
    answered_by_status(
        ClearDisplayMessage,
        "ClearDisplayMessage",
        request_to_wire=_clear_to_v2x,
        request_from_wire=_clear_from_v2x,
        fields={"id": "message_id"},
    ),
)
