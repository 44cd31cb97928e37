"""What is kept of a station besides its state: what was asked of it by whom, what it told of its security."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from csms.api.needs import ApiParts
from csms.api.roles import INSTALLER, MANAGER
from csms.api.stations import known_station
from csms.domain.audit import AuditEntry, AuditKind, AuditPlace
from csms.domain.records import CommandRecord, SecurityEventRecord
from runtime.paging import PageWanted, bad_after, cut, list_response, moment_from, moment_text
from runtime.texts import instant_text

LONGEST_NUMBER = 18
"""Digits of a row's number: what a database can count to has more."""


def build_kept_router(parts: ApiParts) -> APIRouter:
    """Lists, the newest first."""
    router = APIRouter()
    records = parts.records

    @router.get(
        "/stations/{station_id}/command-log", dependencies=[INSTALLER], response_model=list[dict[str, Any]]
    )
    async def command_log(request: Request, station_id: str, page: PageWanted) -> Response:
        """What was asked of a station, newest first: by whom (`origin`), with what, and how it ended."""
        known = await known_station(parts, station_id)
        before = moment_from(page.after)[0] if page.after is not None else None
        found = await records.commands(known, page.limit + 1, before)
        listed = cut(found, lambda each: moment_text(each.sent_at, each.command_id), page, None)
        return list_response(request, listed.shown_as(command_json))

    @router.get(
        "/stations/{station_id}/security-events",
        dependencies=[INSTALLER],
        response_model=list[dict[str, Any]],
    )
    async def security_events(request: Request, station_id: str, page: PageWanted) -> Response:
        """What a station told of its security, newest first."""
        known = await known_station(parts, station_id)
        if page.after is not None and not (page.after.isdecimal() and len(page.after) <= LONGEST_NUMBER):
            raise bad_after(page.after)
        before = int(page.after) if page.after is not None else None
        found = await records.security_events(known, page.limit + 1, before)
        listed = cut(found, lambda each: str(each.number), page, None)
        return list_response(request, listed.shown_as(security_event_json))

    _add_audit(router, parts)
    return router


def _add_audit(router: APIRouter, parts: ApiParts) -> None:
    @router.get("/stations/{station_id}/audit", dependencies=[MANAGER], response_model=list[dict[str, Any]])
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
    if not (key.isdecimal() and len(key) <= LONGEST_NUMBER):
        raise bad_after(text)
    return AuditPlace(at, kind, int(key))


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


def command_json(record: CommandRecord) -> dict[str, Any]:
    """A command."""
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
