"""What is kept of a station besides its state: what was asked of it by whom, what it told of its security and
in reports that nothing here decides."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from csms.api.kept_views import (
    AuditAnswer,
    CommandLogAnswer,
    KeptMessageAnswer,
    SecurityEventAnswer,
    audit_view,
    command_view,
    kept_message_view,
    security_event_view,
)
from csms.api.ports import ApiParts
from csms.api.roles import AUDITOR, FRAME_READER, PERSONAL_KEEPER, FrameReader
from csms.api.stations import known_station
from csms.domain.audit import AuditEntry, AuditKind, AuditPlace
from csms.domain.records import KeptMessagesWanted
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
from runtime.wording import Phrase, WayOut

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
        "/stations/{station_id}/command-log",
        dependencies=[FRAME_READER],
        response_model=list[CommandLogAnswer],
    )
    async def command_log(request: Request, station_id: str, page: PageWanted) -> Response:
        """What was asked of a station, newest first: by whom (`origin`), with what, and how it ended."""
        known = await known_station(parts, station_id)
        before = moment_from(page.after)[0] if page.after is not None else None
        found = await records.commands(known, page.limit + 1, before)
        listed = cut(found, lambda each: moment_text(each.sent_at, each.command_id), page, None)
        now = parts.clock.now()
        return list_response(request, listed.shown_as(lambda each: command_view(each, now)))

    @router.get(
        "/stations/{station_id}/security-events",
        dependencies=[FRAME_READER],
        response_model=list[SecurityEventAnswer],
    )
    async def security_events(request: Request, station_id: str, page: PageWanted) -> Response:
        """What a station told of its security, newest first."""
        known = await known_station(parts, station_id)
        found = await records.security_events(known, page.limit + 1, page.number)
        listed = cut(found, lambda each: str(each.number), page, None)
        return list_response(request, listed.shown_as(security_event_view))

    _add_reports(router, parts)
    _add_audit(router, parts)
    return router


def _add_reports(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/stations/{station_id}/kept", response_model=list[KeptMessageAnswer])
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
        return list_response(request, listed.shown_as(lambda each: kept_message_view(each, who)))

    @router.delete(
        "/stations/{station_id}/customer-information", dependencies=[PERSONAL_KEEPER], status_code=204
    )
    async def forget(station_id: str) -> None:
        """Forget what a station told of customers (NotifyCustomerInformation), of all of them."""
        known = await known_station(parts, station_id)
        await parts.records.settled()
        await parts.records.remove_personal_messages(known)


def _add_audit(router: ApiRouter, parts: ApiParts) -> None:
    @router.get("/stations/{station_id}/audit", dependencies=[AUDITOR], response_model=list[AuditAnswer])
    async def audit(request: Request, station_id: str, page: PageWanted) -> Response:
        """What people and programs did to a station, newest first: by whom, when, and why.

        Commands and raw calls, decisions about its transactions and its messages in quarantine, and changes
        of its admission, lifecycle, place and secret.
        """
        known = await known_station(parts, station_id)
        after = place_from(page.after) if page.after is not None else None
        found = await parts.records.audit(known, page.limit + 1, after)
        listed = cut(found, _place_text, page, None)
        return list_response(request, listed.shown_as(audit_view))


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
