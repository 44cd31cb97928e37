"""The page that the link of an invitation opens: public like the login page.

The secret stands behind the hash of the address, which no server gets: a script puts it into the page's form
and sends that. Without a script the link is pasted. What is shown beside the secret is never compressed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from access.api import LONGEST_PASSWORD, SHORTEST_PASSWORD
from access.control import AccessControl
from access.invited import (
    LONGEST_SECRET,
    SHORTEST_SECRET,
    AcceptedInvitationBody,
    InvitedAccess,
    OpenedInvitationView,
    address_of,
)
from access.login import FORM_WITHIN_S, LOGIN_PATH, session_begun
from access.principals import DEFAULT, LONGEST_NAME, Role
from access.public_paths import INVITATION_PAGE
from console.catalogue import FOLDERS
from console.page_routes import GET, POST, see_other
from console.pages.language import remember_language
from console.rendering import page_text
from console.visit import form_of, words_of
from console.words import Words
from runtime.http import Problem
from runtime.security_headers import PAGE_POLICY

FIRST_PAGES = {Role.INSTALLER: "/install"}
"""Where one goes on, by what one is now; all others begin with the stations."""
FRONT = "/"
OVER, TOO_OFTEN = 410, 429


@dataclass(frozen=True, slots=True)
class TypedInvitation:
    """What the form sends. `language`: the reader wants the page in another one, and nothing else yet."""

    secret: str = field(repr=False)
    name: str = ""
    password: str = field(default="", repr=False)
    is_accepted: bool = False
    language: str = ""


class InvitationPage:
    """Shows who invites to what, and lets in. `words`: texts for every reader, in tests."""

    def __init__(self, invited: InvitedAccess, access: AccessControl, words: Words | None = None) -> None:
        self._invited, self._access, self._words = invited, access, words

    def serve_in(self, app: FastAPI) -> None:
        """Before what takes every other path."""
        app.add_route(INVITATION_PAGE, self.show, [GET], include_in_schema=False)
        app.add_route(INVITATION_PAGE, self.send, [POST], include_in_schema=False)

    async def show(self, request: Request) -> Response:
        """Before the script, or somebody by hand, has put the link in."""
        return _page(self._words or words_of(request))

    async def send(self, request: Request) -> Response:
        """A link that is opened, or accepted with a name and a password."""
        try:
            async with self._access.clock.timeout(FORM_WITHIN_S):
                typed = _typed(await form_of(request))
        except ClientDisconnect:
            return Response(status_code=413)
        except TimeoutError:
            return Response(status_code=408, headers={"connection": "close"})
        words = self._words or (Words(typed.language) if typed.language else words_of(request))
        answer = await self._answer(request, typed, words)
        return remember_language(answer, typed.language)

    async def _answer(self, request: Request, typed: TypedInvitation, words: Words) -> Response:
        if not SHORTEST_SECRET <= len(typed.secret) <= LONGEST_SECRET:
            fault = "" if typed.language else words("invitation.no_link")
            return _page(words, fault=fault, status=200 if typed.language else 422)
        try:
            if typed.is_accepted:
                return await self._accept(request, typed, words)
            opened = await self._invited.open(typed.secret, address_of(request))
        except Problem as problem:
            return _refused(words, problem, typed.secret)
        return _page(words, opened=opened, typed=typed)

    async def _accept(self, request: Request, typed: TypedInvitation, words: Words) -> Response:
        """Raises Problem where the link opens no more."""
        address = address_of(request)
        try:
            body = AcceptedInvitationBody.model_validate(
                {"secret": typed.secret, "name": typed.name, "password": typed.password}
            )
        except ValidationError as problem:
            wrong = {str(each["loc"][0]) for each in problem.errors(include_input=False)}
            fault = words("invitation.wrong_name" if "name" in wrong else "invitation.wrong_password")
            opened = await self._invited.open(typed.secret, address)
            return _page(words, opened=opened, typed=typed, fault=fault, status=422)
        try:
            accepted = await self._invited.accept(body, address)
        except Problem as problem:
            if problem.status in (OVER, TOO_OFTEN):
                raise
            opened = await self._invited.open(typed.secret, address)
            return _page(
                words, opened=opened, typed=typed, fault=words.problem(problem), status=problem.status
            )
        path = FIRST_PAGES.get(accepted.role, FRONT)
        begun = await self._access.log_in(body.name, body.password.get_secret_value())
        return session_begun(request, path, begun[1]) if begun else see_other(f"{LOGIN_PATH}?next={path}")


def _typed(form: Mapping[str, str]) -> TypedInvitation:
    """The link as it was pasted, whole or its secret alone."""
    language, secret = form.get("language", ""), form.get("link", "").rpartition("#")[2].strip()
    return TypedInvitation(
        secret="" if "/" in secret else secret,  # a link that was cut off before its secret
        name=form.get("name", "").strip(),
        password=form.get("password", ""),
        is_accepted="name" in form and not language,
        language=language if language in FOLDERS else "",
    )


def _refused(words: Words, problem: Problem, secret: str) -> Response:
    """Why the link opens nothing, and what to do: another link, or one's login, or once more later."""
    return _page(
        words,
        fault=words.problem(problem),
        login=problem.ways_out.page or "",
        again=secret if problem.status == TOO_OFTEN else "",
        status=problem.status,
    )


def _page(
    words: Words,
    *,
    opened: OpenedInvitationView | None = None,
    typed: TypedInvitation | None = None,
    fault: str = "",
    login: str = "",
    again: str = "",
    status: int = 200,
) -> Response:
    values = {
        "words": words,
        "opened": opened,
        "where": _where(opened, words) if opened is not None else "",
        "secret": typed.secret if typed is not None else again,
        "name": typed.name if typed is not None else "",
        "fault": fault,
        "login": login,
        "is_again": bool(again),
        "longest_name": LONGEST_NAME,
        "password_length": (SHORTEST_PASSWORD, LONGEST_PASSWORD),
    }
    headers = {"content-security-policy": PAGE_POLICY, "cache-control": "no-store"}
    return HTMLResponse(page_text("invitation.html", values), status, headers)


def _where(opened: OpenedInvitationView, words: Words) -> str:
    if opened.site_id is not None:
        return opened.site or opened.site_id
    if opened.organisation_id == DEFAULT:
        return words("invitation.everywhere")
    return words("invitation.organisation", name=opened.organisation_id)
