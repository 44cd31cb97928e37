"""OCPP 2.x, transactions: the wire and the model."""

from typing import Any

from ocppj.attached import bounded_signed_values, has_bounded_details
from ocppj.findings import UNKNOWN_EVENT_TYPE, add_finding
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.tariffs import MICRO
from ocppj.model.transactions import (
    GetTransactionStatus,
    TransactionEvent,
    TransactionEventResponse,
    TransactionStatusAnswer,
)
from ocppj.sampling import bounded_samples
from ocppj.timestamps import read_time, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.vocabulary import TransactionEventKind


def _event(m: Any, findings: list[str]) -> StationMessage:
    kind = convert.transaction_event_from_v2x(m.event_type)
    if kind is None:
        add_finding(findings, UNKNOWN_EVENT_TYPE)
        kind = TransactionEventKind.UPDATED
    info = m.transaction_info
    evse_id, connector_id = (m.evse.id, m.evse.connector_id) if m.evse is not None else (None, None)
    is_end = kind is TransactionEventKind.ENDED
    taken = bounded_samples(m.meter_value or (), findings)
    return TransactionEvent(
        kind=kind,
        transaction_id=info.transaction_id,
        at=read_time(m.timestamp, findings),
        evse_id=evse_id,
        connector_id=connector_id,
        seq_no=m.seq_no,
        is_sequenced=True,
        trigger_reason=m.trigger_reason,
        charging_state=convert.charging_state_from_v2x(info.charging_state),
        id_token=convert.id_token_from_v2x(m.id_token) if m.id_token is not None else None,
        samples=convert.samples_from_v2x(taken, findings),
        stopped_reason=convert.stopped_reason_from_v2x(info.stopped_reason) if is_end else None,
        is_offline=bool(m.offline),
        remote_start_id=info.remote_start_id,
        reservation_id=m.reservation_id,
        signed_values=bounded_signed_values(convert.signed_values_from_v2x(taken), findings),
        has_cost_details=has_bounded_details(getattr(m, "cost_details", None), findings),  # 2.1 only
        phases_used=m.number_of_phases_used,
    )


def _event_to_wire(m: TransactionEvent) -> dict[str, Any]:
    about = {
        "transactionId": m.transaction_id,
        "chargingState": convert.charging_state_to_v2x(m.charging_state),
        "stoppedReason": m.stopped_reason,
        "remoteStartId": m.remote_start_id,
    }
    evse = convert.evse_to_v2x(m.evse_id, m.connector_id) if m.evse_id is not None else None
    return present(
        {
            "eventType": m.kind.value,
            "timestamp": time_to_wire(m.at) if m.at is not None else None,
            "triggerReason": m.trigger_reason,
            "seqNo": m.seq_no,
            "transactionInfo": present(about),
            "evse": evse,
            "numberOfPhasesUsed": m.phases_used,
            "offline": True if m.is_offline else None,
            "idToken": convert.id_token_to_v2x(m.id_token) if m.id_token is not None else None,
            "reservationId": m.reservation_id,
            "meterValue": convert.samples_to_v2x(m.samples) or None,
        }
    )


def _response(m: Any) -> Reply:
    info = convert.id_token_info_from_v2x(m.id_token_info) if m.id_token_info is not None else None
    cost = round(m.total_cost * MICRO) if m.total_cost is not None else None
    return TransactionEventResponse("", info, cost)


def _response_to_wire(reply: TransactionEventResponse) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    if reply.total_cost_micro is not None:
        payload["totalCost"] = reply.total_cost_micro / MICRO
    if reply.info is not None:
        payload["idTokenInfo"] = convert.id_token_info_to_v2x(reply.info)
    return payload


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=TransactionEvent,
        action="TransactionEvent",
        request_from_wire=_event,
        request_to_wire=_event_to_wire,
        response_from_wire=_response,
        response_to_wire=_response_to_wire,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _status_to_v2x(c: GetTransactionStatus) -> dict[str, Any]:
    return present({"transactionId": c.transaction_id})


def _status_from_v2x(m: Any) -> GetTransactionStatus:
    return GetTransactionStatus(m.transaction_id)


def _ongoing_to_v2x(answer: TransactionStatusAnswer) -> dict[str, Any]:
    return present({"ongoingIndicator": answer.is_ongoing, "messagesInQueue": answer.has_messages_queued})


def _ongoing_from_v2x(m: Any) -> TransactionStatusAnswer:
    return TransactionStatusAnswer(is_ongoing=m.ongoing_indicator, has_messages_queued=m.messages_in_queue)


COMMANDS: tuple[CommandTranslator, ...] = (
    CommandTranslator(
        command=GetTransactionStatus,
        action="GetTransactionStatus",
        request_to_wire=_status_to_v2x,
        request_from_wire=_status_from_v2x,
        answer_to_wire=_ongoing_to_v2x,
        answer_from_wire=_ongoing_from_v2x,
    ),
)
