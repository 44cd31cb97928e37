"""What a station's messages, with their answers, are as events of a scenario: one reader for each."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ocppj.findings import UNKNOWN_CONNECTOR_STATUS, UNKNOWN_EVENT_TYPE
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse, Heartbeat
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from ocppj.model.diagnostics import LogStatusNotification, NotifyEvent, status_in_event
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.reservations import ReservationStatusUpdate
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.model.variables import NotifyReport
from ocppj.vocabulary import ENERGY_REGISTER, IdToken, IdTokenType, MeterSample, TransactionEventKind

POWER = "Power.Active.Import"
NO_ERROR = "NoError"
"""1.6's code for a connector without a fault."""


class NeutralEvent(NamedTuple):
    """An event: fields that are None were not told. `at` is the station's own time."""

    event: str
    fields: dict[str, Any]
    at: datetime | None = None


Read = Callable[[Any, Reply | None, list[str]], list[NeutralEvent]]
"""From the message, the reply (None where it was refused) and what was odd in the message."""


def events_of(message: StationMessage, reply: Reply | None, findings: list[str]) -> list[NeutralEvent]:
    """The events that a message tells; none for one that only the central system has a use for."""
    read = READERS.get(type(message))
    return read(message, reply, findings) if read is not None else []


def _boot(m: BootNotification, reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    fields: dict[str, Any] = {
        "vendor": m.vendor,
        "model": m.model,
        "serial": m.serial_number,
        "firmware": m.firmware_version,
        "iccid": m.iccid,
        "imsi": m.imsi,
        "reason": m.reason.value if m.reason is not None else None,
    }
    if isinstance(reply, BootNotificationResponse):
        fields |= {"registration": reply.status.value, "interval_s": reply.interval_s}
    return [NeutralEvent("boot", fields)]


def _heartbeat(_m: Heartbeat, _reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    return [NeutralEvent("heartbeat", {})]


def _status(m: StatusNotification, _reply: Reply | None, findings: list[str]) -> list[NeutralEvent]:
    fields = {
        "evse": m.evse_id,
        "connector": m.connector_id,
        "status": m.reported if UNKNOWN_CONNECTOR_STATUS in findings else m.status.value,
        "reported": m.reported,
        "charging_state": m.charging_state.value if m.charging_state is not None else None,
        "error": m.error_code if m.error_code != NO_ERROR else None,
    }
    return [NeutralEvent("status", fields, m.at)]


def _events(m: NotifyEvent, _reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    """Each status of a connector in it; that a problem is over says nothing of what comes then."""
    found = []
    for each in m.events:
        told, _ = status_in_event(each)
        if told is not None and told.status is not None:
            where = {"evse": told.evse_id, "connector": told.connector_id}
            fields = where | {"status": told.status.value, "reported": told.word, "error": each.tech_code}
            found.append(NeutralEvent("status", fields, each.at))
    return found


def _authorize(m: Authorize, reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    fields: dict[str, Any] = {"id_token": m.id_token.value, "id_token_type": _type_of(m.id_token)}
    if isinstance(reply, AuthorizeResponse) and reply.certificate_status is not None:
        fields["certificate_status"] = reply.certificate_status.value
    return [NeutralEvent("authorize", fields | _verdict(reply))]


def _type_of(token: IdToken) -> str | None:
    """Not of a token of 1.6, which has none."""
    if not token.has_type:
        return None
    return token.type.value if isinstance(token.type, IdTokenType) else token.type


_TRANSACTION_EVENTS = {
    TransactionEventKind.STARTED: "transaction started",
    TransactionEventKind.UPDATED: "transaction updated",
    TransactionEventKind.ENDED: "transaction ended",
}


def _transaction(m: TransactionEvent, reply: Reply | None, findings: list[str]) -> list[NeutralEvent]:
    """The register is 1.6's own field, or a sample; what 1.6 kept for the end comes before it."""
    if UNKNOWN_EVENT_TYPE in findings:
        return []
    is_start = m.kind is TransactionEventKind.STARTED
    given = reply.transaction_id or None if isinstance(reply, TransactionEventResponse) else None
    where = {"transaction_id": given if m.has_number_of_ours and is_start else m.transaction_id}
    place = {} if m.has_number_of_ours and not is_start else {"evse": m.evse_id}
    fields: dict[str, Any] = {
        **where,
        **place,
        "connector": m.connector_id,
        "id_token": m.id_token.value if m.id_token is not None else None,
        "charging_state": m.charging_state.value if m.charging_state is not None else None,
        "trigger": m.trigger_reason,
        "seq_no": m.seq_no,
        "remote_start_id": m.remote_start_id,
        "reservation_id": m.reservation_id,
        "is_offline": True if m.is_offline else None,
        "reason": m.stopped_reason,
    }
    if isinstance(reply, TransactionEventResponse):
        fields["cost_micro"] = reply.total_cost_micro
    read = {"register_wh": m.meter_wh} if m.has_number_of_ours else readings(m.samples)
    event = NeutralEvent(_TRANSACTION_EVENTS[m.kind], fields | read | _verdict(reply), m.at)
    metered = _meter(m.samples, **where, **place)
    return [*metered, event] if m.has_number_of_ours else [event, *metered]


def _meter_values(m: MeterValues, _reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    return _meter(m.samples, evse=m.evse_id, transaction_id=m.transaction_id)


def _meter(samples: tuple[MeterSample, ...], **fields: Any) -> list[NeutralEvent]:
    """The event `meter`, where there are samples."""
    if not samples:
        return []
    content = fields | readings(samples) | {"samples": [_sample_fields(each) for each in samples]}
    return [NeutralEvent("meter", content, samples[-1].at)]


def readings(samples: Iterable[MeterSample]) -> dict[str, Any]:
    """Energy register and power of the last moment in `samples`; a total outranks the sum of the phases."""
    found: dict[str, Any] = {}
    totals: dict[str, float] = {}
    phases: dict[str, dict[str, float]] = {}
    for sample in samples:
        if sample.location not in (None, "Outlet"):
            continue
        if sample.phase is None:
            totals[sample.measurand] = sample.value
        else:
            phases.setdefault(sample.measurand, {})[sample.phase] = sample.value
    for field, measurand in (("register_wh", ENERGY_REGISTER), ("power_w", POWER)):
        if measurand in totals:
            found[field] = totals[measurand]
        elif measurand in phases:
            found[field] = sum(phases[measurand].values())
    return found


def _sample_fields(sample: MeterSample) -> dict[str, Any]:
    """A sample as an object."""
    fields = {
        "measurand": sample.measurand,
        "value": sample.value,
        "unit": sample.unit,
        "phase": sample.phase,
        "location": sample.location,
        "context": sample.context,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _data_transfer(m: DataTransfer, reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    status = reply.status if isinstance(reply, DataTransferResponse) else None
    fields = {"vendor_id": m.vendor_id, "message_id": m.message_id, "text": m.text, "answer": status}
    return [NeutralEvent("data transfer", fields)]


def _report(m: NotifyReport, _reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    fields = {"request_id": m.request_id, "seq_no": m.seq_no, "is_last": m.is_last}
    return [NeutralEvent("report", fields, m.generated_at)]


def _security(m: SecurityEventNotification, _reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    return [NeutralEvent("security event", {"type": m.type, "tech_info": m.tech_info}, m.at)]


def _firmware(
    m: FirmwareStatusNotification, _reply: Reply | None, _findings: list[str]
) -> list[NeutralEvent]:
    return [NeutralEvent("firmware status", {"state": m.status})]


def _log(m: LogStatusNotification, _reply: Reply | None, _findings: list[str]) -> list[NeutralEvent]:
    return [NeutralEvent("log status", {"state": m.status})]


def _reservation(
    m: ReservationStatusUpdate, _reply: Reply | None, _findings: list[str]
) -> list[NeutralEvent]:
    return [NeutralEvent("reservation ended", {"reservation_id": m.reservation_id, "end": m.end.value})]


def _verdict(reply: Reply | None) -> dict[str, Any]:
    info = reply.info if isinstance(reply, AuthorizeResponse | TransactionEventResponse) else None
    return {"token_status": info.status.value} if info is not None else {}


READERS: Mapping[type[Any], Read] = {
    BootNotification: _boot,
    Heartbeat: _heartbeat,
    StatusNotification: _status,
    Authorize: _authorize,
    TransactionEvent: _transaction,
    MeterValues: _meter_values,
    DataTransfer: _data_transfer,
    NotifyReport: _report,
    SecurityEventNotification: _security,
    FirmwareStatusNotification: _firmware,
    LogStatusNotification: _log,
    ReservationStatusUpdate: _reservation,
    NotifyEvent: _events,
}
