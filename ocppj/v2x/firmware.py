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
from ocppj.timestamps import deadline_from_wire, time_to_wire
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


def _update_to_v2x(c: UpdateFirmware) -> dict[str, Any]:
    firmware = {
        "location": c.location,
        "retrieveDateTime": time_to_wire(c.retrieve_at),
        "installDateTime": time_to_wire(c.install_at) if c.install_at is not None else None,
        "signingCertificate": c.signing_certificate,
        "signature": c.signature,
    }
    return present(
        {
            "requestId": c.request_id,
            "retries": c.retries,
            "retryInterval": c.retry_interval_s,
            "firmware": present(firmware),
        }
    )


def _update_from_v2x(m: Any) -> UpdateFirmware:
    firmware = m.firmware
    installs = firmware.install_date_time
    return UpdateFirmware(
        request_id=m.request_id,
        location=firmware.location,
        retrieve_at=deadline_from_wire(firmware.retrieve_date_time),
        install_at=deadline_from_wire(installs) if installs is not None else None,
        signing_certificate=firmware.signing_certificate,
        signature=firmware.signature,
        retries=m.retries,
        retry_interval_s=m.retry_interval,
    )


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
        request_to_wire=_update_to_v2x,
        request_from_wire=_update_from_v2x,
        fields={
            "retrieveDateTime": "retrieve_at",
            "installDateTime": "install_at",
            "retryInterval": "retry_interval_s",
        },
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
