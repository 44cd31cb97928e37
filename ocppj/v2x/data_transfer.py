"""OCPP 2.x, data transfer: the wire and the model. `data` is any JSON value there, and text here."""

from typing import Any

from ocppj.model.data_transfer import DataTransfer, DataTransferResponse, TransferAnswer, TransferData
from ocppj.model.messages import Reply, StationMessage
from ocppj.shared import data_transfer_response_to_wire, data_transfer_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator
from ocppj.v2x import convert
from ocppj.v2x.status import status_info_from_v2x, status_to_v2x

# --- What stations send ----------------------------------------------------------------------------------


def _transfer(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return DataTransfer(m.vendor_id, m.message_id, convert.text_from_v2x(m.data))


def _response(m: Any) -> Reply:
    return DataTransferResponse(m.status, convert.text_from_v2x(m.data))


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=DataTransfer,
        action="DataTransfer",
        request_from_wire=_transfer,
        request_to_wire=data_transfer_to_wire,
        response_from_wire=_response,
        response_to_wire=data_transfer_response_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _transfer_from_v2x(m: Any) -> TransferData:
    return TransferData(m.vendor_id, m.message_id, convert.text_from_v2x(m.data))


def _answer_to_v2x(answer: TransferAnswer) -> dict[str, Any]:
    return status_to_v2x(answer) | ({"data": answer.text} if answer.text is not None else {})


def _answer_from_v2x(m: Any) -> TransferAnswer:
    return TransferAnswer(str(m.status), *status_info_from_v2x(m.status_info), convert.text_from_v2x(m.data))


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=TransferData,
        action="DataTransfer",
        request_to_wire=data_transfer_to_wire,
        request_from_wire=_transfer_from_v2x,
        answer_to_wire=_answer_to_v2x,
        answer_from_wire=_answer_from_v2x,
        fields={"data": "text"},
    ),
)
