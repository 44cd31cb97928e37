"""GET /work: what must happen later or again, how it stands, and why it waits or was given up."""

from typing import Any

from fastapi import Request, Response
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
from runtime.views import InstantText, View
from runtime.work.pieces import EvidenceLine, Piece
from runtime.work.request import Lane, WorkState
from runtime.work.storage import find_work
from runtime.work.table import work as work_table


class EvidenceView(View, frozen=True, kw_only=True):
    """A line of what a run did; `text` is English."""

    at: InstantText
    text: str
    text_en: str
    text_fr: str


class WorkView(View, frozen=True, kw_only=True):
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
    due_at: InstantText | None
    node: str | None
    lease_until: InstantText | None
    asked_at: InstantText
    moved_at: InstantText
    reason_en: str | None
    reason_fr: str | None
    evidence: tuple[EvidenceView, ...]


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
        return list_response(request, listed.shown_as(work_view))

    return router


def about(scope: AccessScope) -> ColumnElement[bool]:
    """Whether a piece is about a station or a site of these."""
    subject = work_table.c.subject
    is_theirs = in_scope(scope, sites.c.organisation_id, sites.c.site_id)
    of_their_site = subject.in_(select(sites.c.site_id).where(is_theirs))
    of_another_site = subject.in_(select(sites.c.site_id).where(~is_theirs))
    return or_(of_their_site, and_(of_scope(subject, scope), ~of_another_site))


def work_view(piece: Piece) -> WorkView:
    """A piece of work."""
    reason = piece.reason
    return WorkView(
        work_id=piece.work_id,
        kind=piece.kind,
        subject=piece.subject,
        lane=piece.lane,
        key=piece.key,
        cause=piece.cause,
        arguments=piece.argument,
        state=piece.state,
        attempt=piece.attempt,
        due_at=instant_text(piece.due_at),
        node=piece.leased_by,
        lease_until=instant_text(piece.lease_until),
        asked_at=instant_text(piece.asked_at),
        moved_at=instant_text(piece.moved_at),
        reason_en=reason.en if reason is not None else None,
        reason_fr=reason.fr if reason is not None else None,
        evidence=tuple(map(_evidence_view, piece.evidence)),
    )


def _evidence_view(line: EvidenceLine) -> EvidenceView:
    text = line.text
    return EvidenceView(at=instant_text(line.at), text=text.en, text_en=text.en, text_fr=text.fr)
