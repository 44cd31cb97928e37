"""/invitations: links that let people in, for who makes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, Request, Response
from msgspec.structs import asdict
from pydantic import Field
from starlette.requests import HTTPConnection

from access.actions import Permission, scope_of
from access.api import GUARD, OrganisationName
from access.guard import Finder, checked
from access.invitations import Invitation, InvitationLink, InvitationOver, Invitations
from access.invited import invitation_over, invitation_unknown
from access.organisations import NotThere
from access.principals import DEFAULT, LONGEST_NAME, Membership, Principal, Resource, Role
from access.problems import organisation_unknown
from access.public_paths import INVITATION_PAGE
from runtime.bodies import Body
from runtime.http import Problem
from runtime.mail.letters import ADDRESS, ADDRESS_MOST
from runtime.paging import PageWanted, cut, json_response, list_response, moment_text
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View
from runtime.wording import Phrase, WayOut

Inviter = Annotated[Principal, Depends(GUARD.requires(Permission.INVITE))]
InviterAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.INVITE))]


class InvitationBody(Body):
    """Who is invited: `label` is what you call them. For an organisation, or for one site of it. The link is
    sent to `email`, if there is one.
    """

    label: str = Field(min_length=1, max_length=200)
    role: Literal[Role.INSTALLER, Role.VIEWER] = Role.INSTALLER
    organisation_id: OrganisationName = DEFAULT
    site_id: str | None = Field(default=None, min_length=1, max_length=LONGEST_NAME)
    valid_hours: int = Field(default=72, ge=1, le=336)
    email: str | None = Field(default=None, pattern=ADDRESS, max_length=ADDRESS_MOST)


class InvitationView(View, frozen=True):
    """An invitation. `state` is open, used, revoked or expired."""

    invitation_id: str
    label: str
    role: Role
    organisation_id: str
    site_id: str | None
    state: str
    made_by: str
    made_at: InstantText
    expires_at: InstantText
    used_by: str | None
    used_at: str | None
    email: str | None


class InvitationLinkView(InvitationView, frozen=True):
    """The same with its link, told this once; `link` is null where nobody said where the server is: then it
    is `path`, behind the address that people know.
    """

    secret: str
    path: str
    link: str | None


def invitation_finder(invitations: Invitations) -> Finder:
    """To whom belongs an invitation that a path names."""

    async def find(text: str, _: HTTPConnection) -> Resource | None:
        found = await invitations.one(text)
        return found.resource if found is not None else None

    return Finder(find, lambda _: invitation_unknown())


def build_invitations_router(
    invitations: Invitations, now: Callable[[], datetime], public_url: str
) -> ApiRouter:
    """The routes of who invites."""
    router = ApiRouter(prefix="/invitations", tags=["access"])

    @router.post("", status_code=201, response_model=InvitationLinkView)
    async def make(body: InvitationBody, who: InviterAnywhere) -> Response:
        """Invite somebody onto a site or into an organisation: the link is told this once, and works once."""
        made = await invite(invitations, body, who)
        return json_response(invitation_link_view(made, now(), public_url), status=201)

    @router.get("", response_model=list[InvitationView])
    async def every(request: Request, page: PageWanted, who: InviterAnywhere) -> Response:
        """Invitations, newest first; who came by them is told for 90 days."""
        scope = scope_of(who, Permission.INVITE)
        found = await invitations.every(scope, page.limit + 1, page.moment)
        listed = cut(found, lambda each: moment_text(each.made_at, each.invitation_id), page, None)
        return list_response(request, listed.shown_as(lambda each: invitation_view(each, now())))

    @router.post("/{invitation_id}/link", status_code=201, response_model=InvitationLinkView)
    async def remake(invitation_id: str, who: Inviter) -> Response:
        """Make another link for an invitation; the one before lets nobody in any more."""
        with refusing_invitations():
            made = await invitations.remake(invitation_id, who.name)
        return json_response(invitation_link_view(made, now(), public_url), status=201)

    @router.delete("/{invitation_id}", response_model=InvitationView)
    async def revoke(invitation_id: str, who: Inviter) -> Response:
        """Revoke an invitation that nobody used."""
        with refusing_invitations():
            revoked = await invitations.revoke(invitation_id, who.name)
        return json_response(invitation_view(revoked, now()))

    return router


async def invite(invitations: Invitations, body: InvitationBody, who: Principal) -> InvitationLink:
    """Raises Problem: no such place, or not theirs."""
    given = Membership(body.role, body.organisation_id, body.site_id)
    checked(who, Permission.INVITE, Resource(body.organisation_id, body.site_id), organisation_unknown)
    try:
        valid_for = timedelta(hours=body.valid_hours)
        return await invitations.make(given, body.label, who.name, valid_for, body.email)
    except NotThere as missing:
        raise _site_unknown() if missing.what == "site" else organisation_unknown() from None


@contextmanager
def refusing_invitations() -> Iterator[None]:
    """What cannot be done to an invitation, as a Problem."""
    try:
        yield
    except NotThere:
        raise invitation_unknown() from None
    except InvitationOver as over:
        raise invitation_over(over.why) from None


def _site_unknown() -> Problem:
    text = Phrase("L'organisation n'a pas ce site", "The organisation has no such site")
    see = WayOut("Voyez ses sites.", "Look at its sites.", "", "ctl get /sites", "GET /api/v1/sites")
    return Problem(404, "site_unknown", text, see)


def invitation_view(invitation: Invitation, at: datetime) -> InvitationView:
    """An invitation as it stands."""
    used_at = invitation.used_at
    return InvitationView(
        invitation_id=invitation.invitation_id,
        label=invitation.label,
        role=invitation.given.role,
        organisation_id=invitation.given.organisation_id,
        site_id=invitation.given.site_id,
        state=invitation.end(at) or "open",
        made_by=invitation.made_by,
        made_at=instant_text(invitation.made_at),
        expires_at=instant_text(invitation.expires_at),
        used_by=invitation.used_by,
        used_at=instant_text(used_at) if used_at is not None else None,
        email=invitation.email,
    )


def invitation_link_view(made: InvitationLink, at: datetime, public_url: str) -> InvitationLinkView:
    """The same with the link that was made just now."""
    path = f"{INVITATION_PAGE}#{made.secret}"
    link = f"{public_url}{path}" if public_url else None
    known = asdict(invitation_view(made.invitation, at))
    return InvitationLinkView(**known, secret=made.secret, path=path, link=link)
