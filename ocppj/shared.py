"""What all versions say alike: the wire and the model."""

from typing import Any

from ocppj.model.boot import BootNotificationResponse, Heartbeat, HeartbeatResponse
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse, TransferAnswer, TransferData
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.security import SecurityEventNotification
from ocppj.timestamps import deadline_from_wire, read_time, time_from_wire, time_to_wire
from ocppj.translator import ACKNOWLEDGED, MessageTranslator, present

_HEARTBEAT = Heartbeat()


def _heartbeat(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - it says nothing
    return _HEARTBEAT


def _heartbeat_to_wire(m: Heartbeat) -> dict[str, Any]:  # noqa: ARG001 - it says nothing
    return {}


def _heartbeat_response(m: Any) -> Reply:
    """A time that cannot be read says nothing."""
    at, _ = time_from_wire(m.current_time)
    return HeartbeatResponse(at) if at is not None else ACKNOWLEDGED


def _heartbeat_response_to_wire(reply: HeartbeatResponse) -> dict[str, Any]:
    return {"currentTime": time_to_wire(reply.current_time)}


def current_time(reply: BootNotificationResponse) -> dict[str, Any]:
    """The field of a boot's response."""
    return {"currentTime": time_to_wire(reply.current_time)} if reply.current_time is not None else {}


def _security_event(m: Any, findings: list[str]) -> StationMessage:
    return SecurityEventNotification(m.type, read_time(m.timestamp, findings), m.tech_info)


def _security_event_to_wire(m: SecurityEventNotification) -> dict[str, Any]:
    at = time_to_wire(m.at) if m.at is not None else None
    return present({"type": m.type, "timestamp": at, "techInfo": m.tech_info})


def _log_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return LogStatusNotification(m.status, m.request_id)


def _log_status_to_wire(m: LogStatusNotification) -> dict[str, Any]:
    return present({"status": m.status, "requestId": m.request_id})


def data_transfer_to_wire(m: DataTransfer | TransferData) -> dict[str, Any]:
    """A text goes as it is: 2.x could say more, and nobody needs it."""
    return present({"vendorId": m.vendor_id, "messageId": m.message_id, "data": m.text})


def data_transfer_response_to_wire(reply: DataTransferResponse | TransferAnswer) -> dict[str, Any]:
    """The answer, likewise."""
    return present({"status": reply.status, "data": reply.text})


UPDATE_FIELDS = {
    "retrieveDateTime": "retrieve_at",
    "installDateTime": "install_at",
    "retryInterval": "retry_interval_s",
}
"""The wire's names of what the command calls otherwise."""


def update_to_wire(command: Any) -> dict[str, Any]:
    """The request to update firmware as 2.x writes it; 1.6 has it from the security white paper."""
    firmware = {
        "location": command.location,
        "retrieveDateTime": time_to_wire(command.retrieve_at),
        "installDateTime": time_to_wire(command.install_at) if command.install_at is not None else None,
        "signingCertificate": command.signing_certificate,
        "signature": command.signature,
    }
    return present(
        {
            "requestId": command.request_id,
            "retries": command.retries,
            "retryInterval": command.retry_interval_s,
            "firmware": present(firmware),
        }
    )


def update_arguments(request: Any) -> dict[str, Any]:
    """The arguments of the command that a decoded request is."""
    firmware = request.firmware
    installs = firmware.install_date_time
    return {
        "request_id": request.request_id,
        "location": firmware.location,
        "retrieve_at": deadline_from_wire(firmware.retrieve_date_time),
        "install_at": deadline_from_wire(installs) if installs is not None else None,
        "signing_certificate": firmware.signing_certificate,
        "signature": firmware.signature,
        "retries": request.retries,
        "retry_interval_s": request.retry_interval,
    }


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=Heartbeat,
        action="Heartbeat",
        request_from_wire=_heartbeat,
        request_to_wire=_heartbeat_to_wire,
        response_from_wire=_heartbeat_response,
        response_to_wire=_heartbeat_response_to_wire,
    ),
    MessageTranslator(
        message=SecurityEventNotification,  # 2.0.1 A04; 1.6 has it from the security white paper
        action="SecurityEventNotification",
        request_from_wire=_security_event,
        request_to_wire=_security_event_to_wire,
    ),
    MessageTranslator(
        message=LogStatusNotification,
        action="LogStatusNotification",
        request_from_wire=_log_status,
        request_to_wire=_log_status_to_wire,
    ),
)
