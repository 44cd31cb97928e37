"""OCPP 2.x, availability: the wire and the model."""

from typing import Any

from ocppj.findings import UNKNOWN_STATUS, add_finding
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import StationMessage
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import MessageTranslator, present
from ocppj.v2x import convert
from ocppj.vocabulary import ConnectorStatus


def _status(m: Any, findings: list[str]) -> StationMessage:
    status = convert.status_from_v2x(m.connector_status)
    if status is None:
        add_finding(findings, UNKNOWN_STATUS)
        status = ConnectorStatus.UNAVAILABLE
    return StatusNotification(
        evse_id=m.evse_id,
        connector_id=m.connector_id,
        status=status,
        reported=m.connector_status,
        at=read_time(m.timestamp, findings),
    )


def _status_to_wire(m: StatusNotification) -> dict[str, Any]:
    return present(
        {
            "timestamp": time_to_wire(m.at) if m.at is not None else None,
            "connectorStatus": convert.status_to_v2x(m.status),
            "evseId": m.evse_id,
            "connectorId": m.connector_id,
        }
    )


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=StatusNotification,
        action="StatusNotification",
        tells=lambda m: m.evse_id != 0,  # 2.x has no status of the whole station
        request_from_wire=_status,
        request_to_wire=_status_to_wire,
    ),
)
