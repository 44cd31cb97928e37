"""OCPP 1.6 in neutral words."""

from typing import Any

from ocppj.v16 import convert
from simulator.scenario.readers.tellings import ALIKE, Read, Telling, firmware, log, meter

NO_ERROR = "NoError"


def _booted(m: Any, answer: Any) -> list[Telling]:
    fields = {
        "vendor": m.charge_point_vendor,
        "model": m.charge_point_model,
        "serial": m.charge_point_serial_number or m.charge_box_serial_number,
        "firmware": m.firmware_version,
        "iccid": m.iccid,
        "imsi": m.imsi,
    }
    if answer is not None:
        fields |= {"registration": answer.status, "interval_s": answer.interval}
    return [Telling("boot", fields)]


def _status(m: Any, _answer: Any) -> list[Telling]:
    evse_id, connector_id = convert.connector_from_v16(m.connector_id)
    status = convert.status_from_v16(m.status)
    charging_state = convert.charging_state_from_v16(m.status)
    fields = {
        "evse": evse_id,
        "connector": connector_id,
        "status": status.value if status is not None else m.status,
        "reported": m.status,
        "charging_state": charging_state.value if charging_state is not None else None,
        "error": m.error_code if m.error_code != NO_ERROR else None,
    }
    return [Telling("status", fields, m.timestamp)]


def _authorize(m: Any, answer: Any) -> list[Telling]:
    id_token = convert.id_token_from_v16(m.id_tag)
    return [Telling("authorize", {"id_token": id_token.value} | _verdict(answer))]


def _started(m: Any, answer: Any) -> list[Telling]:
    evse_id, connector_id = convert.connector_from_v16(m.connector_id)
    transaction_id = convert.transaction_id_from_v16(answer.transaction_id) if answer is not None else None
    fields = {
        "transaction_id": transaction_id,
        "evse": evse_id,
        "connector": connector_id,
        "id_token": m.id_tag,
        "register_wh": float(m.meter_start),
    }
    return [Telling("transaction started", fields | _verdict(answer), m.timestamp)]


def _stopped(m: Any, answer: Any) -> list[Telling]:
    transaction_id = convert.transaction_id_from_v16(m.transaction_id)
    fields = {
        "transaction_id": transaction_id,
        "id_token": m.id_tag,
        "register_wh": float(m.meter_stop),
        "reason": convert.stopped_reason_from_v16(m.reason),
    }
    values = meter(convert.samples_from_v16(m.transaction_data or (), []), transaction_id=transaction_id)
    return [*values, Telling("transaction ended", fields | _verdict(answer), m.timestamp)]


def _meter_values(m: Any, _answer: Any) -> list[Telling]:
    return meter(
        convert.samples_from_v16(m.meter_value, []),
        evse=convert.connector_from_v16(m.connector_id)[0],
        transaction_id=convert.transaction_id_from_v16(m.transaction_id),
    )


def _data_transfer(m: Any, answer: Any) -> list[Telling]:
    status = answer.status if answer is not None else None
    fields = {"vendor_id": m.vendor_id, "message_id": m.message_id, "text": m.data, "answer": status}
    return [Telling("data transfer", fields)]


def _verdict(answer: Any) -> dict[str, Any]:
    info = answer.id_tag_info if answer is not None else None
    return {"token_status": info.status} if info is not None else {}


READERS: dict[str, Read] = {
    **ALIKE,
    "BootNotification": _booted,
    "StatusNotification": _status,
    "Authorize": _authorize,
    "StartTransaction": _started,
    "StopTransaction": _stopped,
    "MeterValues": _meter_values,
    "DataTransfer": _data_transfer,
    "SignedFirmwareStatusNotification": firmware,
    "DiagnosticsStatusNotification": log,
}
