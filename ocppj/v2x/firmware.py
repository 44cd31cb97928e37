"""OCPP 2.x, firmware: the wire and the model."""

from typing import Any

from ocppj.model.firmware import (
    FirmwareStatusNotification,
    PublishFirmware,
    UnpublishAnswer,
    UnpublishFirmware,
    UpdateFirmware,
)
from ocppj.model.messages import StationMessage
from ocppj.shared import UPDATE_FIELDS, update_arguments, update_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x.status import answered_by_status

# --- What stations send ----------------------------------------------------------------------------------


def _status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status, m.request_id)


def _status_to_wire(m: FirmwareStatusNotification) -> dict[str, Any]:
    return present({"status": m.status, "requestId": m.request_id})


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=FirmwareStatusNotification,
        action="FirmwareStatusNotification",
        request_from_wire=_status,
        request_to_wire=_status_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _update_from_v2x(m: Any) -> UpdateFirmware:
    return UpdateFirmware(**update_arguments(m))


def _publish_to_v2x(c: PublishFirmware) -> dict[str, Any]:
    return present(
        {
            "requestId": c.request_id,
            "location": c.location,
            "checksum": c.checksum,
            "retries": c.retries,
            "retryInterval": c.retry_interval_s,
        }
    )


def _publish_from_v2x(m: Any) -> PublishFirmware:
    return PublishFirmware(
        request_id=m.request_id,
        location=m.location,
        checksum=m.checksum,
        retries=m.retries,
        retry_interval_s=m.retry_interval,
    )


def _unpublish_to_v2x(c: UnpublishFirmware) -> dict[str, Any]:
    return {"checksum": c.checksum}


def _unpublish_from_v2x(m: Any) -> UnpublishFirmware:
    return UnpublishFirmware(checksum=m.checksum)


def _unpublish_answer_to_v2x(answer: UnpublishAnswer) -> dict[str, Any]:
    """Without a statusInfo: this one has none."""
    return {"status": answer.status}


def _unpublish_answer_from_v2x(m: Any) -> UnpublishAnswer:
    return UnpublishAnswer(str(m.status))


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        UpdateFirmware,
        "UpdateFirmware",
        request_to_wire=update_to_wire,
        request_from_wire=_update_from_v2x,
        fields=UPDATE_FIELDS,
    ),
    answered_by_status(
        PublishFirmware,
        "PublishFirmware",
        request_to_wire=_publish_to_v2x,
        request_from_wire=_publish_from_v2x,
        fields={"retryInterval": "retry_interval_s"},
    ),
    CommandTranslator(
        command=UnpublishFirmware,
        action="UnpublishFirmware",
        request_to_wire=_unpublish_to_v2x,
        request_from_wire=_unpublish_from_v2x,
        answer_to_wire=_unpublish_answer_to_v2x,
        answer_from_wire=_unpublish_answer_from_v2x,
    ),
)
