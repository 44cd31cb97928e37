"""What is kept of a station besides its state, as the API tells it: commands, acts, security events,
reports."""

import json
from datetime import datetime
from typing import Any, Literal

from access.actions import Permission, may_wherever
from access.principals import Principal
from csms.domain.announced import REPORTS_WITHIN
from csms.domain.audit import AuditEntry
from csms.domain.records import CommandRecord, KeptMessageRecord, SecurityEventRecord
from csms.domain.secrets import PERSONAL_FIELDS
from runtime.texts import instant_text
from runtime.views import View


class ReportsAnswer(View, frozen=True, kw_only=True):
    """Reports that a command asks for: `awaited`, until all has come or nothing came for ten minutes."""

    action: str
    request_id: int
    state: Literal["awaited", "complete", "incomplete"]
    parts: int


class CommandLogAnswer(View, frozen=True, kw_only=True):
    """A command that a station was sent: by whom (`origin`), with what, and how it ended."""

    command_id: str
    command: str
    arguments: Any
    origin: str
    sent_at: str
    finished_at: str | None
    outcome: str | None
    status: str | None
    error_code: str | None
    error_description: str | None
    reports: ReportsAnswer | None


class AuditAnswer(View, frozen=True, kw_only=True):
    """What somebody did to a station. `what` is a word of its `kind`, `result` what it came to, `reference`
    the id of the command, the message in quarantine, the transaction, the activation, the place.
    """

    at: str
    by: str
    kind: Literal["change", "command", "quarantine", "review"]
    what: str
    result: str | None
    reason: str | None
    reference: str | None


class SecurityEventAnswer(View, frozen=True, kw_only=True):
    """What a station told of its security."""

    number: int
    type: str
    tech_info: str | None
    at: str | None
    received_at: str


class KeptMessageAnswer(View, frozen=True, kw_only=True):
    """A report that no answer decides, as it came but for its secrets; in the words of its OCPP version.

    `request_id` is of the request that asked for it, `is_last` says whether no more follows. `withheld` says
    why there is no payload: it is longer than what is kept, or only managers read it.
    """

    number: int
    action: str
    version: str | None
    request_id: int | None
    seq_no: int | None
    is_last: bool | None
    at: str | None
    received_at: str
    payload: dict[str, Any] | None
    payload_bytes: int
    withheld: Literal["personal", "too-long"] | None


def audit_view(entry: AuditEntry) -> AuditAnswer:
    """An act."""
    return AuditAnswer(
        at=instant_text(entry.at),
        by=entry.by,
        kind=entry.kind.value,
        what=entry.what,
        result=entry.result,
        reason=entry.reason,
        reference=entry.reference,
    )


def command_view(record: CommandRecord, now: datetime) -> CommandLogAnswer:
    """A command, with what became of the reports that it asks for."""
    return CommandLogAnswer(
        command_id=record.command_id,
        command=record.command,
        arguments=json.loads(record.arguments),
        origin=record.origin,
        sent_at=instant_text(record.sent_at),
        finished_at=instant_text(record.finished_at),
        outcome=record.outcome,
        status=record.status,
        error_code=record.error_code,
        error_description=record.error_description,
        reports=_reports_view(record, now),
    )


def _reports_view(record: CommandRecord, now: datetime) -> ReportsAnswer | None:
    """None where it asks for none, or the station did not agree to send any."""
    reports = record.reports
    if reports is None or (record.status != "Accepted" and not reports.parts):
        return None
    is_late = now - max(reports.moved_at, record.finished_at or record.sent_at) > REPORTS_WITHIN
    return ReportsAnswer(
        action=reports.action,
        request_id=reports.request_id,
        state="complete" if reports.is_complete else "incomplete" if is_late else "awaited",
        parts=reports.parts,
    )


def kept_message_view(record: KeptMessageRecord, who: Principal) -> KeptMessageAnswer:
    """A kept report, as `who` may read it; `withheld` says why it has no payload."""
    is_personal = record.action in PERSONAL_FIELDS and not may_wherever(who, Permission.READ_PERSONAL)
    is_shown = record.payload is not None and not is_personal
    return KeptMessageAnswer(
        number=record.number,
        action=record.action,
        version=record.version,
        request_id=record.request_id,
        seq_no=record.seq_no,
        is_last=record.is_last,
        at=instant_text(record.at),
        received_at=instant_text(record.received_at),
        payload=json.loads(record.payload or "null") if is_shown else None,
        payload_bytes=record.payload_bytes,
        withheld="personal" if is_personal else None if is_shown else "too-long",
    )


def security_event_view(record: SecurityEventRecord) -> SecurityEventAnswer:
    """A security event."""
    return SecurityEventAnswer(
        number=record.number,
        type=record.type,
        tech_info=record.tech_info,
        at=instant_text(record.at),
        received_at=instant_text(record.received_at),
    )
