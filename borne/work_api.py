"""GET /work: what must happen later or again, how it stands, and why it waits or was given up."""

from datetime import datetime
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_, select

from access.actions import Permission, scope_of
from access.principals import AccessScope
from access.scopes import in_scope
from csms.api.ports import ApiParts
from csms.api.roles import Lister
from csms.api.stations import resolved
from csms.storage.scopes import of_scope
from provisioning.storage.tables import sites
from runtime.database import Database
from runtime.paging import PageWanted, cut, list_response
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.work.pieces import Piece
from runtime.work.request import Lane, WorkState
from runtime.work.storage import find_work
from runtime.work.table import work as work_table


class EvidenceView(BaseModel):
    """A line of what a run did."""

    at: datetime
    text: str


class WorkView(BaseModel):
    """A piece of work. `subject` is a station, or a site; `due_at` null: it waits for news of that.

    `node` is the process that runs it, which has it until `lease_until`. `reason_en` and `reason_fr` say why
    it waits, failed, or was superseded.
    """

    work_id: int
    kind: str
    subject: str
    lane: Lane
    key: str
    cause: str
    arguments: dict[str, Any]
    state: WorkState
    attempt: int
    due_at: datetime | None
    node: str | None
    lease_until: datetime | None
    asked_at: datetime
    moved_at: datetime
    reason_en: str | None
    reason_fr: str | None
    evidence: list[EvidenceView]


def build_work_router(parts: ApiParts, database: Database) -> ApiRouter:
    """The routes of durable work."""
    router = ApiRouter()

    @router.get("/work", response_model=list[WorkView])
    async def work(
        *,
        who: Lister,
        request: Request,
        page: PageWanted,
        station: str | None = None,
        state: WorkState | None = None,
    ) -> Response:
        """Durable work, the newest first; of one station, in one state: waiting, running, done, failed, …"""
        subjects = (resolved(parts, station),) if station is not None else ()
        before, limit, only = page.number, page.limit + 1, about(scope_of(who, Permission.READ))
        found = await database.run_read(
            lambda connection: find_work(
                connection, subjects=subjects, state=state, before=before, limit=limit, only=only
            )
        )
        listed = cut(found, lambda each: str(each.work_id), page, None)
        return list_response(request, listed.shown_as(work_json))

    return router


def about(scope: AccessScope) -> ColumnElement[bool]:
    """Whether a piece is about a station or a site of these."""
    subject = work_table.c.subject
    is_theirs = in_scope(scope, sites.c.organisation_id, sites.c.site_id)
    of_their_site = subject.in_(select(sites.c.site_id).where(is_theirs))
    of_another_site = subject.in_(select(sites.c.site_id).where(~is_theirs))
    return or_(of_their_site, and_(of_scope(subject, scope), ~of_another_site))


def work_json(piece: Piece) -> dict[str, Any]:
    """A piece of work."""
    return {
        "work_id": piece.work_id,
        "kind": piece.kind,
        "subject": piece.subject,
        "lane": piece.lane.value,
        "key": piece.key,
        "cause": piece.cause,
        "arguments": piece.argument,
        "state": piece.state.value,
        "attempt": piece.attempt,
        "due_at": instant_text(piece.due_at),
        "node": piece.leased_by,
        "lease_until": instant_text(piece.lease_until),
        "asked_at": instant_text(piece.asked_at),
        "moved_at": instant_text(piece.moved_at),
        "reason_en": piece.reason.en if piece.reason is not None else None,
        "reason_fr": piece.reason.fr if piece.reason is not None else None,
        "evidence": [{"at": instant_text(each.at), "text": each.text} for each in piece.evidence],
    }
