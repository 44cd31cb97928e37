"""A report whose answer decides nothing, made into the one event that all of them are."""

from typing import Any, TypeGuard

import msgspec
from msgspec.structs import replace

from csms.domain.secrets import mask_payload
from csms.gateway.redaction import READ_MOST
from ocppj.errors import PayloadError
from ocppj.findings import add_finding
from ocppj.json_text import read_json, storable
from ocppj.model.customers import NotifyCustomerInformation
from ocppj.model.diagnostics import NotifyEvent
from ocppj.model.display import NotifyDisplayMessages
from ocppj.model.messages import StationMessage
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.reports import MessageKept, SendKept
from ocppj.model.smart_charging import ReportedLimits
from ocppj.session import Request
from ocppj.timestamps import time_from_wire

CONTENT_NOT_KEPT = "content-not-kept"
"""Finding: a report that is too long, or has no one meaning; it is noted without its content."""
KEPT_BYTES_MOST = READ_MOST
"""Of a report's payload; nobody can make us walk through more."""
TIMES = ("generated_at", "timestamp", "basetime")
"""What the messages call their own time."""

_encode = msgspec.json.Encoder().encode


def kept_event(request: Request, findings: list[str], known_secrets: tuple[str, ...]) -> MessageKept:
    """The event of a request that `Reception.keeps`. Adds slugs of what was odd."""
    message = request.message
    said = next((text for name in TIMES if (text := getattr(message, name, None)) is not None), None)
    at, odd = time_from_wire(said) if said is not None else (None, None)
    if odd is not None:
        add_finding(findings, odd)  # once: the codec may have said so
    payload = _content(request.payload, known_secrets)
    if payload is None:
        add_finding(findings, CONTENT_NOT_KEPT)
    kind = SendKept if request.is_send else MessageKept
    return kind(
        action=request.action,
        request_id=getattr(message, "request_id", None),
        seq_no=getattr(message, "seq_no", None),
        is_last=not message.tbc if hasattr(message, "tbc") else None,
        at=at,
        payload=payload,
        payload_bytes=len(request.payload),
    )


ReadReport = (
    NotifyEvent | NotifyMonitoringReport | NotifyCustomerInformation | NotifyDisplayMessages | ReportedLimits
)
"""Reports that are read, and kept as they came for what is not."""


def is_kept(event: StationMessage | None) -> TypeGuard[ReadReport | None]:
    """Whether a message is kept as it came: what nobody reads, and what is read in part."""
    return event is None or isinstance(event, ReadReport)


def with_report(
    event: ReadReport | None, request: Request, findings: list[str], known_secrets: tuple[str, ...]
) -> StationMessage:
    """The report alone; or the event that is read here, and kept as it came for what is not."""
    report = kept_event(request, findings, known_secrets)
    if event is None:
        return report
    if not isinstance(event, NotifyEvent):
        return replace(event, report=report)
    masked = tuple(
        replace(each, tech_info=mask_payload(each.tech_info, known_secrets)) for each in event.events
    )
    return replace(event, events=masked, report=report)


def _content(payload: bytes, known_secrets: tuple[str, ...]) -> str | None:
    """The payload as JSON text that every database takes, without secrets; None if there is none."""
    if len(payload) > KEPT_BYTES_MOST:
        return None
    try:
        value: Any = mask_payload(storable(read_json(payload, is_lenient=True)), known_secrets)
        return _encode(value).decode()
    except PayloadError:
        return None
