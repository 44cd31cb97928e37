"""OCPP 2.x, availability: the wire and the model."""

from typing import Any

from ocppj.findings import UNKNOWN_CONNECTOR_STATUS, add_finding
from ocppj.model.availability import ChangeAvailability, StatusNotification
from ocppj.model.messages import StationMessage
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.status import answered_by_status
from ocppj.vocabulary import Availability, ConnectorStatus

# --- What stations send ----------------------------------------------------------------------------------


def _status(m: Any, findings: list[str]) -> StationMessage:
    status = convert.status_from_v2x(m.connector_status)
    if status is None:
        add_finding(findings, UNKNOWN_CONNECTOR_STATUS)
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
        carries=lambda m: m.evse_id != 0,  # 2.x has no status of the whole station
        request_from_wire=_status,
        request_to_wire=_status_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _change_to_v2x(c: ChangeAvailability) -> dict[str, Any]:
    payload: dict[str, Any] = {"operationalStatus": c.availability.value}
    if c.evse_id:  # 2.0.1 G04: the whole station is addressed by leaving the EVSE out
        payload["evse"] = convert.evse_to_v2x(c.evse_id, c.connector_id)
    return payload


def _change_from_v2x(m: Any) -> ChangeAvailability:
    evse_id, connector_id = (m.evse.id, m.evse.connector_id) if m.evse is not None else (0, None)
    return ChangeAvailability(Availability(m.operational_status), evse_id, connector_id)


def _change_refusal(c: ChangeAvailability) -> str | None:
    return convert.connector_refusal(c.evse_id, c.connector_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ChangeAvailability,
        "ChangeAvailability",
        request_to_wire=_change_to_v2x,
        request_from_wire=_change_from_v2x,
        refusal=_change_refusal,
        fields={"operationalStatus": "availability", "id": "evse_id"},
    ),
)
