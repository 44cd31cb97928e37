"""OCPP 2.0.1 and 2.1 in neutral words."""

from typing import Any

from ocppj.v2x import convert
from ocppj.vocabulary import IdTokenType, TransactionEventKind
from simulator.scenario.readers.tellings import ALIKE, Read, Telling, meter, readings

_NAMES = {
    TransactionEventKind.STARTED: "transaction started",
    TransactionEventKind.UPDATED: "transaction updated",
    TransactionEventKind.ENDED: "transaction ended",
}


def _booted(m: Any, answer: Any) -> list[Telling]:
    station = m.charging_station
    fields = {
        "vendor": station.vendor_name,
        "model": station.model,
        "serial": station.serial_number,
        "firmware": station.firmware_version,
        "iccid": station.modem.iccid if station.modem is not None else None,
        "imsi": station.modem.imsi if station.modem is not None else None,
        "reason": m.reason,
    }
    if answer is not None:
        fields |= {"registration": answer.status, "interval_s": answer.interval}
    return [Telling("boot", fields)]


def _status(m: Any, _answer: Any) -> list[Telling]:
    fields = {
        "evse": m.evse_id,
        "connector": m.connector_id,
        "status": m.connector_status,
        "reported": m.connector_status,
    }
    return [Telling("status", fields, m.timestamp)]


def _authorize(m: Any, answer: Any) -> list[Telling]:
    token = convert.id_token_from_v2x(m.id_token)
    kind = token.type.value if isinstance(token.type, IdTokenType) else token.type
    return [Telling("authorize", {"id_token": token.value, "id_token_type": kind} | _verdict(answer))]


def _transaction(m: Any, answer: Any) -> list[Telling]:
    kind = convert.transaction_event_from_v2x(m.event_type)
    if kind is None:
        return []
    content, evse = m.transaction_info, m.evse
    samples = convert.samples_from_v2x(m.meter_value or (), [])
    where = {"transaction_id": content.transaction_id, "evse": evse.id if evse is not None else None}
    fields = where | {
        "connector": evse.connector_id if evse is not None else None,
        "id_token": m.id_token.id_token if m.id_token is not None else None,
        "charging_state": content.charging_state,
        "trigger": m.trigger_reason,
        "seq_no": m.seq_no,
        "remote_start_id": content.remote_start_id,
        "is_offline": True if m.offline else None,
    }
    if kind is TransactionEventKind.ENDED:
        fields["reason"] = convert.stopped_reason_from_v2x(content.stopped_reason)
    told = Telling(_NAMES[kind], fields | readings(samples) | _verdict(answer), m.timestamp)
    return [told, *meter(samples, **where)]


def _meter_values(m: Any, _answer: Any) -> list[Telling]:
    return meter(convert.samples_from_v2x(m.meter_value, []), evse=m.evse_id)


def _data_transfer(m: Any, answer: Any) -> list[Telling]:
    status = answer.status if answer is not None else None
    text = m.data if isinstance(m.data, str) else None
    fields = {"vendor_id": m.vendor_id, "message_id": m.message_id, "text": text, "answer": status}
    return [Telling("data transfer", fields)]


def _report(m: Any, _answer: Any) -> list[Telling]:
    fields = {"request_id": m.request_id, "seq_no": m.seq_no, "is_last": not m.tbc}
    return [Telling("report", fields, m.generated_at)]


def _verdict(answer: Any) -> dict[str, Any]:
    info = answer.id_token_info if answer is not None else None
    return {"token_status": info.status} if info is not None else {}


READERS: dict[str, Read] = {
    **ALIKE,
    "BootNotification": _booted,
    "StatusNotification": _status,
    "Authorize": _authorize,
    "TransactionEvent": _transaction,
    "MeterValues": _meter_values,
    "DataTransfer": _data_transfer,
    "NotifyReport": _report,
}
