"""OCPP 1.6, transactions: StartTransaction, StopTransaction and the MeterValues in between, and the model.

The central system numbers transactions. For one whose start was never answered, stations send -1 (quirk 36).
"""

from typing import Any

from ocppj.model.messages import Reply, StationMessage
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.sampling import bounded_samples
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import MessageTranslator, present
from ocppj.v16 import convert
from ocppj.v16.metering import connector_of, meter_values_from_v16, samples_of
from ocppj.vocabulary import IdToken, TransactionEventKind

UNKNOWN_TRANSACTION = -1
_NUMBER = "transactionId"


def transaction_number(transaction_id: str | None) -> int:
    """The number; -1 for none yet, which is also what a station's own name for it means here."""
    is_number = transaction_id is not None and transaction_id.isascii() and transaction_id.isdigit()
    return convert.transaction_id_to_v16(transaction_id or "") if is_number else UNKNOWN_TRANSACTION


def with_number(payload: dict[str, Any], transaction_id: str | None) -> dict[str, Any]:
    """A request that was kept, with the number that came with the answer to StartTransaction."""
    return payload | {_NUMBER: transaction_number(transaction_id)} if _NUMBER in payload else payload


# --- Requests ---------------------------------------------------------------------------------------------


def _token(id_tag: str | None) -> IdToken | None:
    return convert.id_token_from_v16(id_tag) if id_tag else None


def _reading(wh: float | None) -> float | None:
    return float(wh) if wh is not None else None


def _started(m: Any, findings: list[str]) -> StationMessage:
    evse_id, connector_id = connector_of(m.connector_id)
    return TransactionEvent(
        kind=TransactionEventKind.STARTED,
        transaction_id=None,
        at=read_time(m.timestamp, findings),
        evse_id=evse_id,
        connector_id=connector_id,
        id_token=_token(m.id_tag),
        meter_wh=_reading(m.meter_start),
        reservation_id=m.reservation_id,
    )


def _stopped(m: Any, findings: list[str]) -> StationMessage:
    samples, signed_values = samples_of(bounded_samples(m.transaction_data or (), findings), findings)
    return TransactionEvent(
        kind=TransactionEventKind.ENDED,
        transaction_id=convert.transaction_id_from_v16(m.transaction_id),
        at=read_time(m.timestamp, findings),
        id_token=_token(m.id_tag),
        meter_wh=_reading(m.meter_stop),
        samples=samples,
        stopped_reason=convert.stopped_reason_from_v16(m.reason),
        signed_values=signed_values,
    )


def _start_to_wire(m: TransactionEvent) -> dict[str, Any]:
    return present(
        {
            "connectorId": convert.connector_to_v16(m.evse_id),
            "idTag": convert.id_token_to_v16(m.id_token) if m.id_token else "",
            "meterStart": round(m.meter_wh or 0),
            "timestamp": time_to_wire(m.at) if m.at is not None else None,
            "reservationId": m.reservation_id,
        }
    )


def _update_to_wire(m: TransactionEvent) -> dict[str, Any]:
    return {
        "connectorId": convert.connector_to_v16(m.evse_id),
        "meterValue": convert.samples_to_v16(m.samples),
        _NUMBER: transaction_number(m.transaction_id),
    }


def _stop_to_wire(m: TransactionEvent) -> dict[str, Any]:
    return present(
        {
            "meterStop": round(m.meter_wh or 0),
            "timestamp": time_to_wire(m.at) if m.at is not None else None,
            "reason": convert.stopped_reason_to_v16(m.stopped_reason or "Local"),
            "idTag": convert.id_token_to_v16(m.id_token) if m.id_token is not None else None,
            "transactionData": convert.samples_to_v16(m.samples) or None,
            _NUMBER: transaction_number(m.transaction_id),
        }
    )


# --- Responses --------------------------------------------------------------------------------------------


def _start_response(m: Any) -> Reply:
    info = convert.id_token_info_from_v16(m.id_tag_info)
    return TransactionEventResponse(str(m.transaction_id), info)


def _start_response_to_wire(reply: TransactionEventResponse) -> dict[str, Any]:
    # §6.46 wants a verdict; a start without a readable token has an Invalid one.
    info = convert.id_token_info_to_v16(reply.info) if reply.info else {"status": "Invalid"}
    return {_NUMBER: convert.transaction_id_to_v16(reply.transaction_id), "idTagInfo": info}


def _stop_response(m: Any) -> Reply:
    info = convert.id_token_info_from_v16(m.id_tag_info) if m.id_tag_info is not None else None
    return TransactionEventResponse("", info)


def _stop_response_to_wire(reply: TransactionEventResponse) -> dict[str, Any]:
    return {"idTagInfo": convert.id_token_info_to_v16(reply.info)} if reply.info else {}


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=TransactionEvent,
        action="StartTransaction",
        carries=lambda m: m.kind is TransactionEventKind.STARTED,
        request_from_wire=_started,
        request_to_wire=_start_to_wire,
        response_from_wire=_start_response,
        response_to_wire=_start_response_to_wire,
    ),
    MessageTranslator(
        message=TransactionEvent,
        action="StopTransaction",
        carries=lambda m: m.kind is TransactionEventKind.ENDED,
        request_from_wire=_stopped,
        request_to_wire=_stop_to_wire,
        with_transaction_id=with_number,
        response_from_wire=_stop_response,
        response_to_wire=_stop_response_to_wire,
    ),
    MessageTranslator(
        message=TransactionEvent,
        action="MeterValues",
        carries=lambda m: bool(m.samples),  # all other changes are told with StatusNotification (§4.9)
        request_from_wire=meter_values_from_v16,
        request_to_wire=_update_to_wire,
        with_transaction_id=with_number,
    ),
)
