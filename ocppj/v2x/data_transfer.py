"""OCPP 2.x, data transfer: the wire and the model."""

from typing import Any

from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from ocppj.model.messages import Reply, StationMessage
from ocppj.shared import data_transfer_response_to_wire, data_transfer_to_wire
from ocppj.translator import MessageTranslator
from ocppj.v2x import convert


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
