"""OCPP 2.x, remote control: the wire and the model."""

from typing import Any

from ocppj.model.remote_control import (
    CUSTOM_TRIGGER,
    RemoteStart,
    RemoteStartAnswer,
    RemoteStop,
    TriggerMessage,
    UnlockConnector,
)
from ocppj.translator import CommandTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.profiles import profile_from_v2x, profile_to_v2x
from ocppj.v2x.status import answered_by_status, status_info_from_v2x, status_to_v2x
from ocppj.vocabulary import TriggeredMessage

# --- Transactions ----------------------------------------------------------------------------------------


def _start_to_v2x(c: RemoteStart) -> dict[str, Any]:
    return present(
        {
            "idToken": convert.id_token_to_v2x(c.id_token),
            "remoteStartId": c.remote_start_id,
            "evseId": c.evse_id,
            "chargingProfile": profile_to_v2x(c.charging_profile) if c.charging_profile is not None else None,
        }
    )


def _start_from_v2x(m: Any) -> RemoteStart:
    profile = profile_from_v2x(m.charging_profile) if m.charging_profile is not None else None
    return RemoteStart(convert.id_token_from_v2x(m.id_token), m.remote_start_id, m.evse_id, profile)


def _start_refusal(c: RemoteStart) -> str | None:
    return "OCPP 2.x needs a remote_start_id" if c.remote_start_id is None else c.profile_fault


def _started_to_v2x(answer: RemoteStartAnswer) -> dict[str, Any]:
    known = {"transactionId": answer.transaction_id} if answer.transaction_id is not None else {}
    return status_to_v2x(answer) | known


def _started_from_v2x(m: Any) -> RemoteStartAnswer:
    return RemoteStartAnswer(str(m.status), *status_info_from_v2x(m.status_info), m.transaction_id)


def _stop_to_v2x(c: RemoteStop) -> dict[str, Any]:
    return {"transactionId": c.transaction_id}


def _stop_from_v2x(m: Any) -> RemoteStop:
    return RemoteStop(m.transaction_id)


# --- Cable and messages ----------------------------------------------------------------------------------


def _unlock_to_v2x(c: UnlockConnector) -> dict[str, Any]:
    return {"evseId": c.evse_id, "connectorId": c.connector_id}


def _unlock_from_v2x(m: Any) -> UnlockConnector:
    return UnlockConnector(m.evse_id, m.connector_id)


def _trigger_to_v2x(c: TriggerMessage) -> dict[str, Any]:
    payload: dict[str, Any] = {"requestedMessage": convert.trigger_to_v2x(c.message)}
    if c.evse_id is not None:
        is_status = c.message is TriggeredMessage.STATUS_NOTIFICATION
        connector_id = 1 if is_status and c.connector_id is None else c.connector_id  # F06.FR.13
        payload["evse"] = convert.evse_to_v2x(c.evse_id, connector_id)
    return payload | ({"customTrigger": c.custom_trigger} if c.custom_trigger is not None else {})


def _trigger_from_v2x(m: Any) -> TriggerMessage:
    message = convert.trigger_from_v2x(m.requested_message) or m.requested_message
    evse_id, connector_id = (m.evse.id, m.evse.connector_id) if m.evse is not None else (None, None)
    return TriggerMessage(message, evse_id, connector_id, getattr(m, "custom_trigger", None))  # 2.1 has it


def _trigger_refusal(c: TriggerMessage) -> str | None:
    if c.message is TriggeredMessage.STATUS_NOTIFICATION and c.evse_id is None:
        return "OCPP 2.x asks for the status of one connector: say which EVSE (evse_id)"  # F06.FR.13
    if (c.message == CUSTOM_TRIGGER) != (c.custom_trigger is not None):  # F06.FR.20
        return f"custom_trigger and the message {CUSTOM_TRIGGER} go together"
    return convert.connector_refusal(c.evse_id, c.connector_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=RemoteStart,
        action="RequestStartTransaction",
        request_to_wire=_start_to_v2x,
        request_from_wire=_start_from_v2x,
        answer_to_wire=_started_to_v2x,
        answer_from_wire=_started_from_v2x,
        refusal=_start_refusal,
        fields={"type": "id_token_type"},
    ),
    answered_by_status(
        RemoteStop,
        "RequestStopTransaction",
        request_to_wire=_stop_to_v2x,
        request_from_wire=_stop_from_v2x,
    ),
    answered_by_status(
        UnlockConnector,
        "UnlockConnector",
        request_to_wire=_unlock_to_v2x,
        request_from_wire=_unlock_from_v2x,
    ),
    answered_by_status(
        TriggerMessage,
        "TriggerMessage",
        request_to_wire=_trigger_to_v2x,
        request_from_wire=_trigger_from_v2x,
        refusal=_trigger_refusal,
        fields={"requestedMessage": "message", "id": "evse_id", "customTrigger": "custom_trigger"},
    ),
)
