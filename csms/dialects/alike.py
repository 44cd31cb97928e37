"""What all versions say alike: requests, replies and commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from csms.dialects.dialect import ReadRequest, WriteResponse
from csms.domain.commands import GetLocalListVersion, TransferData
from ocppj.findings import add_finding
from ocppj.model.boot import BootNotificationResponse, Heartbeat, HeartbeatResponse
from ocppj.model.data_transfer import DataTransferResponse
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.model.security import SecurityEventNotification
from ocppj.timestamps import time_from_wire, time_to_wire
from ocppj.translator import WireCall

UNKNOWN_STATUS = "unknown-connector-status"

# --- Requests ---------------------------------------------------------------------------------------------


def read_time(text: Any, findings: list[str]) -> datetime | None:
    """A time of a request; what is odd about it is found once."""
    at, finding = time_from_wire(text)
    if finding is not None:
        add_finding(findings, finding)  # once: the codec may have said so
    return at


_HEARTBEAT = Heartbeat()


def _heartbeat(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return _HEARTBEAT


def _security_event(m: Any, findings: list[str]) -> StationMessage:
    return SecurityEventNotification(m.type, read_time(m.timestamp, findings), m.tech_info)


def _log_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return LogStatusNotification(m.status, m.request_id)


EVENTS: Mapping[str, ReadRequest] = {
    "Heartbeat": _heartbeat,
    "SecurityEventNotification": _security_event,
    "LogStatusNotification": _log_status,
}

# --- Responses --------------------------------------------------------------------------------------------


def current_time(reply: BootNotificationResponse) -> dict[str, str]:
    """The field of that name."""
    return {"currentTime": time_to_wire(reply.current_time)} if reply.current_time is not None else {}


def _heartbeat_response(reply: HeartbeatResponse) -> dict[str, Any]:
    return {"currentTime": time_to_wire(reply.current_time)}


def _data_transfer_response(reply: DataTransferResponse) -> dict[str, Any]:
    return {"status": reply.status} | ({"data": reply.text} if reply.text is not None else {})


RESPONSES: Mapping[str, WriteResponse] = {
    "Heartbeat": _heartbeat_response,
    "DataTransfer": _data_transfer_response,
}

# --- Commands → CALLs -------------------------------------------------------------------------------------


def list_version(c: GetLocalListVersion) -> list[WireCall]:  # noqa: ARG001 - table
    """Which local list the station has."""
    return [WireCall("GetLocalListVersion", {})]


def transfer(c: TransferData) -> list[WireCall]:
    """A vendor's own words."""
    payload = {"vendorId": c.vendor_id, "messageId": c.message_id, "data": c.text}
    return [WireCall("DataTransfer", {key: value for key, value in payload.items() if value is not None})]
