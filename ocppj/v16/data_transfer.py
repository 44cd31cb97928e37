"""OCPP 1.6, data transfer: the wire and the model."""

from typing import Any

from ocppj.model.data_transfer import DataTransfer, DataTransferResponse, TransferAnswer, TransferData
from ocppj.model.messages import Reply, StationMessage
from ocppj.shared import data_transfer_response_to_wire, data_transfer_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator

# --- What stations send ----------------------------------------------------------------------------------


def _transfer(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    return DataTransfer(m.vendor_id, m.message_id, m.data)


def _response(m: Any) -> Reply:
    return DataTransferResponse(m.status, m.data)


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


def _transfer_from_v16(m: Any) -> TransferData:
    return TransferData(m.vendor_id, m.message_id, m.data)


def _answer_from_v16(m: Any) -> TransferAnswer:
    return TransferAnswer(str(m.status), text=m.data)


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=TransferData,
        action="DataTransfer",
        request_to_wire=data_transfer_to_wire,
        request_from_wire=_transfer_from_v16,
        answer_to_wire=data_transfer_response_to_wire,
        answer_from_wire=_answer_from_v16,
        fields={"data": "text"},
    ),
)
