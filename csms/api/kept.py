"""What is kept of a station besides its state: what was asked of it by whom, what it told of its security and
in reports that nothing here decides."""

import json
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from access.actions import Permission, may_wherever
from access.principals import Principal
from csms.api.ports import ApiParts
from csms.api.roles import AUDITOR, FRAME_READER, FrameReader
from csms.api.stations import known_station
from csms.domain.audit import AuditEntry, AuditKind, AuditPlace
from csms.domain.records import CommandRecord, KeptMessageRecord, KeptMessagesWanted, SecurityEventRecord
from csms.domain.secrets import PERSONAL_FIELDS
from ocppj.message_fields import strange_action
from runtime.http import Problem
from runtime.near import guess
from runtime.paging import (
    Listed,
    PageWanted,
    bad_after,
    cut,
    list_response,
    moment_from,
    moment_text,
    row_number,
)
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.wording import Phrase, WayOut

REPORTS_WITHIN = timedelta(minutes=10)
"""From one part of a report to the next; when nothing came for so long, it stays incomplete."""
SEE_MESSAGES = WayOut(
    "Corrigez-le : docs/reference/messages.md dit lesquelles il y a.",
    "Correct it: docs/reference/messages.md tells which there are.",
)


def _wanted(
    action: Annotated[str | None, Query(description="Of one action.")] = None,
    request_id: Annotated[int | None, Query(description="Of one request of ours.")] = None,
) -> KeptMessagesWanted:
    """A misspelt action was never sent. Raises Problem 422."""
    strange = strange_action(action) if action is not None else None
    if strange is not None:
        hint = guess(strange.word, strange.known)
        text = Phrase(
            f"aucune version d'OCPP n'a l'action {action!r}; {hint.fr}",
            f"no OCPP version has action {action!r}; {hint}",
        )
        raise Problem(422, "action_unknown", text, SEE_MESSAGES)
    return KeptMessagesWanted(action, request_id)


ReportsWanted = Annotated[KeptMessagesWanted, Depends(_wanted)]


def build_kept_router(parts: ApiParts) -> ApiRouter:
    """Lists, the newest first."""
    router = ApiRouter()
    records = parts.records

    @router.get(
        "/stations/{station_id}/command-log", dependencies=[FRAME_READER], response_model=list[dict[str, Any]]
    )
    async def command_log(request: Request, station_id: str, page: PageWanted) -> Response:
        """What was asked of a station, newest first: by whom (`origin`), with what, and how it ended."""
        known = await known_station(parts, station_id)
        before = moment_from(page.after)[0] if page.after is not None else None
        found = await records.commands(known, page.limit + 1, before)
        listed = cut(found, lambda each: moment_text(each.sent_at, each.command_id), page, None)
        now = parts.clock.now()
        return list_response(request, listed.shown_as(lambda each: command_json(each, now)))

    @router.get(
        "/stations/{station_id}/security-events",
        dependencies=[FRAME_READER],
        response_model=list[dict[str, Any]],
    )
    async def security_events(request: Request, station_id: str, page: PageWanted) -> Response:
        """What a station told of its security, newest first."""
        known = await known_station(parts, station_id)
        found = await records.security_events(known, page.limit + 1, page.number)
        listed = cut(found, lambda each: str(each.number), page, None)
        return list_response(request, listed.shown_as(security_event_json))

    _add_reports(router, parts)
    _add_audit(router, parts)
    return router


def _add_reports(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/stations/{station_id}/kept", response_model=list[dict[str, Any]])
    async def kept(
        request: Request, station_id: str, page: PageWanted, who: FrameReader, wanted: ReportsWanted
    ) -> Response:
        """Reports of a station that no answer decides, newest first: NotifyEvent, NotifyMonitoringReport, …

        Of one action, or those that a request of ours asked for. What may say who charges
        (NotifyCustomerInformation) only managers read. Fewer than `limit` where they come to more than 2 MiB.
        """
        known = await known_station(parts, station_id)
        found, is_more = await parts.records.kept_messages(known, wanted, page.limit, page.number)
        listed = Listed(found, None, str(found[-1].number) if is_more else None)
        return list_response(request, listed.shown_as(lambda each: kept_message_json(each, who)))


def _add_audit(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/stations/{station_id}/audit", dependencies=[AUDITOR], response_model=list[dict[str, Any]])
    async def audit(request: Request, station_id: str, page: PageWanted) -> Response:
        """What people and programs did to a station, newest first: by whom, when, and why.

        Commands and raw calls, decisions about its transactions and its messages in quarantine, and changes
        of its admission, lifecycle, place and secret.
        """
        known = await known_station(parts, station_id)
        after = place_from(page.after) if page.after is not None else None
        found = await parts.records.audit(known, page.limit + 1, after)
        listed = cut(found, _place_text, page, None)
        return list_response(request, listed.shown_as(audit_json))


def place_from(text: str) -> AuditPlace:
    """Where a list of acts goes on. Raises Problem 422."""
    at, name = moment_from(text)
    word, _, key = name.partition("-")
    if word not in list(AuditKind) or not key:
        raise bad_after(text)
    kind = AuditKind(word)
    if kind is AuditKind.COMMAND:
        return AuditPlace(at, kind, key)
    if (number := row_number(key)) is None:
        raise bad_after(text)
    return AuditPlace(at, kind, number)


def _place_text(entry: AuditEntry) -> str:
    return moment_text(entry.at, f"{entry.kind.value}-{entry.key}")


def audit_json(entry: AuditEntry) -> dict[str, Any]:
    """An act."""
    return {
        "at": instant_text(entry.at),
        "by": entry.by,
        "kind": entry.kind.value,
        "what": entry.what,
        "result": entry.result,
        "reason": entry.reason,
        "reference": entry.reference,
    }


def command_json(record: CommandRecord, now: datetime) -> dict[str, Any]:
    """A command, with what became of the reports that it asks for."""
    return {
        "command_id": record.command_id,
        "command": record.command,
        "arguments": json.loads(record.arguments),
        "origin": record.origin,
        "sent_at": instant_text(record.sent_at),
        "finished_at": instant_text(record.finished_at),
        "outcome": record.outcome,
        "status": record.status,
        "error_code": record.error_code,
        "error_description": record.error_description,
        "reports": _reports_json(record, now),
    }


def _reports_json(record: CommandRecord, now: datetime) -> dict[str, Any] | None:
    """None where it asks for none, or the station did not agree to send any."""
    reports = record.reports
    if reports is None or (record.status != "Accepted" and not reports.parts):
        return None
    is_late = now - max(reports.moved_at, record.finished_at or record.sent_at) > REPORTS_WITHIN
    state = "complete" if reports.is_complete else "incomplete" if is_late else "awaited"
    return {
        "action": reports.action,
        "request_id": reports.request_id,
        "state": state,
        "parts": reports.parts,
    }


def kept_message_json(record: KeptMessageRecord, who: Principal) -> dict[str, Any]:
    """A kept report, as `who` may read it; `withheld` says why it has no payload."""
    is_personal = record.action in PERSONAL_FIELDS and not may_wherever(who, Permission.READ_PERSONAL)
    is_shown = record.payload is not None and not is_personal
    return {
        "number": record.number,
        "action": record.action,
        "version": record.version,
        "request_id": record.request_id,
        "seq_no": record.seq_no,
        "is_last": record.is_last,
        "at": instant_text(record.at),
        "received_at": instant_text(record.received_at),
        "payload": json.loads(record.payload or "null") if is_shown else None,
        "payload_bytes": record.payload_bytes,
        "withheld": "personal" if is_personal else None if is_shown else "too-long",
    }


def security_event_json(record: SecurityEventRecord) -> dict[str, Any]:
    """A security event."""
    return {
        "number": record.number,
        "type": record.type,
        "tech_info": record.tech_info,
        "at": instant_text(record.at),
        "received_at": instant_text(record.received_at),
    }
