"""Who is invited has no login yet: what they may ask with the secret of a link, over REST and on a page."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field, SecretStr

from access.api import ChosenPassword
from access.invitations import Invitation, InvitationOver, Invitations, NameTaken
from access.login_limit import LoginLimit
from access.organisations import NotThere
from access.principals import LONGEST_NAME, Role
from access.public_paths import ACCEPT_PATH, OPEN_PATH
from runtime.bodies import Body
from runtime.field_rules import NAME_PATTERN
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View
from runtime.wording import Phrase, WayOut

SHORTEST_SECRET, LONGEST_SECRET = 16, 128
Secret = Annotated[SecretStr, Field(min_length=SHORTEST_SECRET, max_length=LONGEST_SECRET)]
SiteNames = Callable[[str], str | None]
"""The name of a site, by its id."""
REQUEST_AGAIN = WayOut(
    "Demandez un nouveau lien à qui vous a invité.", "Ask who invited you for another link."
)


class OpenedInvitationBody(Body):
    """The secret of a link."""

    secret: Secret


class AcceptedInvitationBody(OpenedInvitationBody):
    """The same, and what the person chooses. Who has an account gives its name and its password."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME_PATTERN)
    password: ChosenPassword


class OpenedInvitationView(View, frozen=True):
    """What somebody is invited to. `site` is the name of the site."""

    label: str
    role: Role
    organisation_id: str
    site_id: str | None
    site: str | None
    made_by: str
    expires_at: InstantText


class AcceptedInvitationView(View, frozen=True):
    """The login that was made, or that got the role too."""

    name: str
    role: Role
    organisation_id: str
    site_id: str | None


class InvitedAccess:
    """Opens and accepts; whoever tries often waits, like at a login. Each raises Problem: 404, 410, 429."""

    def __init__(self, invitations: Invitations, limit: LoginLimit, site_names: SiteNames) -> None:
        self._invitations, self._limit, self._site_names = invitations, limit, site_names

    async def open(self, secret: str, address: str) -> OpenedInvitationView:
        """What a link invites to; it is not used up."""
        await self._wait("invitation", address)
        try:
            found = await self._invitations.of_secret(secret)
        except (NotThere, InvitationOver) as problem:
            raise _refused(problem) from None
        self._limit.succeeded("invitation", address)
        return self._opened_view(found)

    async def accept(self, body: AcceptedInvitationBody, address: str) -> AcceptedInvitationView:
        """Let the person in. Raises Problem 409 too, where the name has another password."""
        await self._wait(body.name, address)
        secret, password = body.secret.get_secret_value(), body.password.get_secret_value()
        try:
            found = await self._invitations.accept(secret, body.name, password)
        except (NotThere, InvitationOver) as problem:
            raise _refused(problem) from None
        except NameTaken:
            raise _name_taken(body.name) from None
        self._limit.succeeded(body.name, address)
        return _accepted_view(found)

    async def _wait(self, name: str, address: str) -> None:
        retry_s = await self._limit.wait(name, address)
        if retry_s > 0:
            text = Phrase("Trop d'essais", "Too many attempts")
            wait = WayOut("Réessayez dans une minute.", "Try again in a minute.")
            raise Problem(429, "too_many_attempts", text, wait)

    def _opened_view(self, invitation: Invitation) -> OpenedInvitationView:
        site_id = invitation.given.site_id
        return OpenedInvitationView(
            label=invitation.label,
            role=invitation.given.role,
            organisation_id=invitation.given.organisation_id,
            site_id=site_id,
            site=self._site_names(site_id) if site_id else None,
            made_by=invitation.made_by,
            expires_at=instant_text(invitation.expires_at),
        )


def build_invited_router(invited: InvitedAccess) -> ApiRouter:
    """The routes of who is invited."""
    router = ApiRouter(tags=["access"])

    @router.post(OPEN_PATH, response_model=OpenedInvitationView)
    async def opened(request: Request, body: OpenedInvitationBody) -> Response:
        """What a link invites to; it is not used up."""
        return json_response(await invited.open(body.secret.get_secret_value(), address_of(request)))

    @router.post(ACCEPT_PATH, status_code=201, response_model=AcceptedInvitationView)
    async def accept(request: Request, body: AcceptedInvitationBody) -> Response:
        """Choose a name and a password with a link; it works once."""
        return json_response(await invited.accept(body, address_of(request)), status=201)

    return router


def address_of(request: Request) -> str:
    """From where somebody asks."""
    return request.client.host if request.client else "?"


def invitation_unknown() -> Problem:
    """No invitation has this id or this secret."""
    text = Phrase("Cette invitation n'existe pas", "There is no such invitation")
    return Problem(404, "invitation_unknown", text, REQUEST_AGAIN)


def invitation_over(why: str) -> Problem:
    """It lets nobody in any more: it was used, revoked, or has expired."""
    return Problem(410, "invitation_over", _OVER[why], _USED if why == "used" else REQUEST_AGAIN)


_OVER = {
    "used": Phrase("Cette invitation a déjà servi", "This invitation was used"),
    "revoked": Phrase("Cette invitation a été retirée", "This invitation was revoked"),
    "expired": Phrase("Cette invitation n'est plus valable", "This invitation has expired"),
}
_USED = WayOut(
    "Si c'était vous, connectez-vous; sinon demandez un nouveau lien à qui vous a invité.",
    "If that was you, log in; else ask who invited you for another link.",
    "/login",
)


def _refused(problem: NotThere | InvitationOver) -> Problem:
    return invitation_over(problem.why) if isinstance(problem, InvitationOver) else invitation_unknown()


def _name_taken(name: str) -> Problem:
    text = Phrase(
        f"Le nom {name} existe déjà, avec un autre mot de passe",
        f"The name {name} exists already, with another password",
    )
    way_out = WayOut(
        "Choisissez un autre nom; si c'est le vôtre, donnez son mot de passe.",
        "Choose another name; if it is yours, give its password.",
    )
    return Problem(409, "name_taken", text, way_out)


def _accepted_view(invitation: Invitation) -> AcceptedInvitationView:
    given = invitation.given
    return AcceptedInvitationView(
        name=invitation.used_by or "",
        role=given.role,
        organisation_id=given.organisation_id,
        site_id=given.site_id,
    )
