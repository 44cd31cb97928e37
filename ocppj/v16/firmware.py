"""OCPP 1.6, firmware: the wire and the model. Only the signed update of the white paper has a request id."""

from typing import Any

from ocppj.model.firmware import FirmwareStatusNotification, SignedUpdateFirmware, UpdateFirmware
from ocppj.model.messages import StationMessage
from ocppj.shared import UPDATE_FIELDS, update_arguments, update_to_wire
from ocppj.timestamps import deadline_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v16.status import answered_by_status

# --- What stations send ----------------------------------------------------------------------------------


def _status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status)


def _signed_status(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return FirmwareStatusNotification(m.status, m.request_id)


def _to_wire(m: FirmwareStatusNotification) -> dict[str, Any]:
    return present({"status": m.status, "requestId": m.request_id})


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=FirmwareStatusNotification,
        action="FirmwareStatusNotification",
        carries=lambda m: m.request_id is None,
        request_from_wire=_status,
        request_to_wire=_to_wire,
    ),
    MessageTranslator(
        message=FirmwareStatusNotification,
        action="SignedFirmwareStatusNotification",
        request_from_wire=_signed_status,
        request_to_wire=_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _update_to_v16(c: UpdateFirmware) -> dict[str, Any]:
    """The request id stays with us: neither this CALL nor the statuses of it have one (§6.57)."""
    return present(
        {
            "location": c.location,
            "retrieveDate": time_to_wire(c.retrieve_at),
            "retries": c.retries,
            "retryInterval": c.retry_interval_s,
        }
    )


def _update_from_v16(m: Any) -> UpdateFirmware:
    return UpdateFirmware(
        location=m.location,
        retrieve_at=deadline_from_wire(m.retrieve_date),
        retries=m.retries,
        retry_interval_s=m.retry_interval,
    )


def _update_refusal(c: UpdateFirmware) -> str | None:
    if c.signing_certificate is not None or c.signature is not None:
        return "OCPP 1.6 has another command for a signed firmware: signed-update-firmware"
    if c.install_at is not None:
        return "OCPP 1.6 installs as soon as it can: leave install_at away, or use signed-update-firmware"
    return None


def _no_answer_to_v16(answer: Any) -> dict[str, Any]:  # noqa: ARG001 - §6.58: it has no fields
    return {}


def _no_answer_from_v16(m: Any) -> Any:  # noqa: ARG001 - as above
    return UpdateFirmware.answer()


def _signed_from_v16(m: Any) -> SignedUpdateFirmware:
    return SignedUpdateFirmware(**update_arguments(m))


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=UpdateFirmware,
        action="UpdateFirmware",
        request_to_wire=_update_to_v16,
        request_from_wire=_update_from_v16,
        answer_to_wire=_no_answer_to_v16,
        answer_from_wire=_no_answer_from_v16,
        refusal=_update_refusal,
        fields={"retrieveDate": "retrieve_at", "retryInterval": "retry_interval_s"},
    ),
    answered_by_status(
        SignedUpdateFirmware,
        "SignedUpdateFirmware",
        request_to_wire=update_to_wire,
        request_from_wire=_signed_from_v16,
        fields=UPDATE_FIELDS,
    ),
)
