"""Authentication as ASGI middleware: in front of the API, the console and their sockets, nothing passes
unseen.

Programs send a Bearer token, browsers a session cookie. With a cookie, whatever changes something, and every
WebSocket, must come from a page of this very host (Origin), so that other sites cannot act through somebody's
browser.
"""

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import cast
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.control import AccessControl
from access.guard import unauthenticated
from access.login import LOGIN_PATH, LOGOUT_PATH, PLAIN_PAGE, LoginPage, LoginPages
from access.principals import Principal
from access.public_paths import PUBLIC_INVITATION_PATHS, PUBLIC_PATHS
from runtime.errors import DatabaseProblem
from runtime.http import Problem, not_stored
from runtime.logins import SESSION_COOKIE
from runtime.logs import get_logger
from runtime.security_headers import secured
from runtime.wording import Phrase, WayOut

PAGE_FILES = "/static/"
"""Style and scripts of the pages, of the login page too; they tell nothing of stations."""
CHOOSE_LANGUAGE = "/language"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_BODY = 1 << 20
LOOK_AGAIN_S = 1.0
"""A socket that is open is asked again who it is, with what it sends, so often at most."""

log = get_logger("access.authentication")


def usual_length(path: str) -> int:  # noqa: ARG001 - the same everywhere
    """How many bytes a body may have that is sent to this path."""
    return LONGEST_BODY


class Authentication:
    """Wraps an ASGI app. The principal is put into `scope["principal"]`; `access.guard` reads it there. What
    lasts asks `await scope["access_kept"]()` now and then whether it may go on. `longest` tells how long a
    body may be that is sent to a path: photos are larger than what anybody types.
    """

    def __init__(
        self,
        app: ASGIApp,
        access: AccessControl,
        *,
        public: frozenset[str] = PUBLIC_PATHS,
        login_page: LoginPage = PLAIN_PAGE,
        longest: Callable[[str], int] = usual_length,
    ) -> None:
        self._longest = longest
        self._app = app
        self._access = access
        self._public = public
        self._login = LoginPages(access, login_page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            receive = _limited(receive, self._longest(scope["path"]))
            await self._http(scope, receive, secured(scope, send))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            _check_length(headers, self._longest(scope["path"]))
            if scope["path"] in (LOGIN_PATH, LOGOUT_PATH):
                _check_origin(scope, headers)
                await self._login(scope, receive, send)
                return
            if scope["path"] == CHOOSE_LANGUAGE or scope["path"] in PUBLIC_INVITATION_PATHS:
                _check_origin(scope, headers)
            elif scope["path"] not in self._public and not scope["path"].startswith(PAGE_FILES):
                scope["principal"] = await self._who(scope, headers)
                scope["access_kept"] = lambda: self._is_kept(scope, headers)
        except Problem as problem:
            await _refusal(scope, headers, problem)(scope, receive, send)
            return
        except DatabaseProblem as problem:
            await (await not_stored(Request(scope), problem))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            scope["principal"] = await self._who(scope, headers)
        except (Problem, DatabaseProblem):
            await send({"type": "websocket.close", "code": 1008})  # before accepting: the peer sees HTTP 403
            return
        looked_at = self._access.clock.monotonic()

        async def receive_while_let_in() -> Message:
            """Whoever was removed or has logged out does nothing more with a page that is still open."""
            nonlocal looked_at
            message = await receive()
            now = self._access.clock.monotonic()
            if message["type"] == "websocket.receive" and now - looked_at >= LOOK_AGAIN_S:
                looked_at = now
                if not await self._is_in(scope, headers):
                    log.info("socket_ended_without_access", name=scope["principal"].name)
                    await send({"type": "websocket.close", "code": 1008})
                    return {"type": "websocket.disconnect", "code": 1008}
            return message

        await self._app(scope, receive_while_let_in, send)

    async def _is_in(self, scope: Scope, headers: Headers) -> bool:
        """Whether whoever asked is still let in."""
        return await self._now(scope, headers) is not None

    async def _is_kept(self, scope: Scope, headers: Headers) -> bool:
        """Whether they are, and may do what they might when they asked."""
        return bool(await self._now(scope, headers) == scope["principal"])

    async def _now(self, scope: Scope, headers: Headers) -> Principal | None:
        """Who it is by now. While nothing can be read, who it was."""
        try:
            return await self._who(scope, headers)
        except Problem:
            return None
        except DatabaseProblem:
            return cast("Principal", scope["principal"])

    async def _by_bearer(self, token: str) -> Principal | None:
        """A program's token, or a person's session from a terminal (`borne ctl login`).

        A browser sends no Authorization header by itself: the Origin need not be looked at.
        """
        return await self._access.by_token(token) or await self._access.by_session(token)

    async def _who(self, scope: Scope, headers: Headers) -> Principal:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and (who := await self._by_bearer(token.strip())):
            return who
        if who := await self._access.by_session(session_secret(headers)):
            if scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS:
                _check_origin(scope, headers, is_required=True)
            return who
        raise unauthenticated()


def session_secret(headers: Headers) -> str:
    """The session cookie's value; empty without one."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(SESSION_COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _check_origin(scope: Scope, headers: Headers, *, is_required: bool = False) -> None:
    origin = headers.get("origin")
    if origin is None and (not is_required or headers.get("sec-fetch-site") in ("same-origin", "none")):
        return
    if origin is not None and _is_same_host(origin, headers.get("host")):
        return
    text = Phrase(
        f"{scope['path']} a été demandé par une page d'une autre origine ({origin or 'inconnue'})",
        f"{scope['path']} was asked for by a page of another origin ({origin or 'unknown'})",
    )
    way_out = WayOut(
        "Passez par les pages de la console; un programme envoie un jeton (Bearer).",
        "Use the console's own pages; a program sends a Bearer token.",
        "/",
    )
    raise Problem(403, "foreign_origin", text, way_out)


def _is_same_host(origin: str, host: str | None) -> bool:
    try:
        return urlsplit(origin).netloc == host
    except ValueError:  # a broken IPv6 address
        return False


def _check_length(headers: Headers, longest: int) -> None:
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > longest:
        raise Problem(
            413,
            "body_too_long",
            Phrase(f"Le corps a {length} octets", f"The body has {length} bytes"),
            WayOut(f"Envoyez au plus {longest} octets.", f"Send at most {longest} bytes."),
        )


def _refusal(scope: Scope, headers: Headers, problem: Problem) -> Response:
    is_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
    is_page = is_page and "hx-request" not in headers  # a script would put the login page into a page's part
    if problem.status == 401 and is_page:
        wanted = scope["path"] + (
            f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        )
        return RedirectResponse(f"{LOGIN_PATH}?next={quote(wanted, safe='')}", 303)
    return problem.response({"www-authenticate": "Bearer"} if problem.status == 401 else None)


def _limited(receive: Receive, longest: int) -> Receive:
    """Bodies without a length are counted as they come; one that grows too long ends as if the
    client had gone.
    """
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return message if received <= longest else {"type": "http.disconnect"}

    return limited
