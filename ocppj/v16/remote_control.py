"""OCPP 1.6, remote control: the wire and the model."""

from typing import Any

from ocppj.model.remote_control import RemoteStart, RemoteStop, TriggerMessage, UnlockConnector
from ocppj.translator import CommandTranslator, present
from ocppj.v16 import convert
from ocppj.v16.profiles import profile_from_v16, profile_refusal, profile_to_v16
from ocppj.v16.status import answered_by_status


def _evse_from_v16(connector_id: int | None) -> int | None:
    return convert.connector_from_v16(connector_id)[0] if connector_id is not None else None


def _connector(evse_id: int | None) -> dict[str, Any]:
    return {"connectorId": convert.connector_to_v16(evse_id)} if evse_id is not None else {}


# --- Transactions ----------------------------------------------------------------------------------------


def _start_to_v16(c: RemoteStart) -> dict[str, Any]:
    profile = profile_to_v16(c.charging_profile) if c.charging_profile is not None else None
    payload = {"idTag": convert.id_token_to_v16(c.id_token), "chargingProfile": profile}
    return present(payload) | _connector(c.evse_id)


def _start_from_v16(m: Any) -> RemoteStart:
    profile = profile_from_v16(m.charging_profile) if m.charging_profile is not None else None
    return RemoteStart(convert.id_token_from_v16(m.id_tag), None, _evse_from_v16(m.connector_id), profile)


def _start_refusal(c: RemoteStart) -> str | None:
    if c.charging_profile is None:
        return None
    return c.profile_fault or profile_refusal(c.charging_profile)


def _stop_to_v16(c: RemoteStop) -> dict[str, Any]:
    return {"transactionId": convert.transaction_id_to_v16(c.transaction_id)}


def _stop_from_v16(m: Any) -> RemoteStop:
    return RemoteStop(str(m.transaction_id))


def _stop_refusal(c: RemoteStop) -> str | None:
    if c.transaction_id.isascii() and c.transaction_id.removeprefix("-").isdigit():
        return None
    return f"OCPP 1.6 numbers transactions; transaction_id {c.transaction_id[:36]!r} is no number"


# --- Cable and messages ----------------------------------------------------------------------------------


def _unlock_to_v16(c: UnlockConnector) -> dict[str, Any]:
    return {"connectorId": convert.connector_to_v16(c.evse_id)}


def _unlock_from_v16(m: Any) -> UnlockConnector:
    return UnlockConnector(*convert.connector_from_v16(m.connector_id))


def _unlock_refusal(c: UnlockConnector) -> str | None:
    return convert.connector_refusal(c.evse_id, c.connector_id)


def _trigger_to_v16(c: TriggerMessage) -> dict[str, Any]:
    return {"requestedMessage": convert.trigger_to_v16(c.message)} | _connector(c.evse_id)


def _trigger_from_v16(m: Any) -> TriggerMessage:
    message = convert.trigger_from_v16(m.requested_message) or m.requested_message
    return TriggerMessage(message, _evse_from_v16(m.connector_id))


def _trigger_refusal(c: TriggerMessage) -> str | None:
    if convert.trigger_to_v16(c.message) is None:
        return f"OCPP 1.6 has no {getattr(c.message, 'value', c.message)} to trigger: message"
    if c.custom_trigger is not None:
        return "OCPP 1.6 has no triggers of a station's own: custom_trigger"
    return convert.connector_refusal(c.evse_id, c.connector_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        RemoteStart,
        "RemoteStartTransaction",
        request_to_wire=_start_to_v16,
        request_from_wire=_start_from_v16,
        refusal=_start_refusal,
        fields={"idTag": "id_token", "connectorId": "evse_id"},
    ),
    answered_by_status(
        RemoteStop,
        "RemoteStopTransaction",
        request_to_wire=_stop_to_v16,
        request_from_wire=_stop_from_v16,
        refusal=_stop_refusal,
    ),
    answered_by_status(
        UnlockConnector,
        "UnlockConnector",
        request_to_wire=_unlock_to_v16,
        request_from_wire=_unlock_from_v16,
        refusal=_unlock_refusal,
        words={"UnknownConnector": "NotSupported", "OngoingAuthorizedTransaction": "UnlockFailed"},
        fields={"connectorId": "evse_id"},
    ),
    answered_by_status(
        TriggerMessage,
        "TriggerMessage",
        request_to_wire=_trigger_to_v16,
        request_from_wire=_trigger_from_v16,
        refusal=_trigger_refusal,
        fields={"requestedMessage": "message", "connectorId": "evse_id"},
    ),
)
