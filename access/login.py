"""The login page for people, in French (Canada) and English. It needs nothing from the network and
no script.
"""

import html
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from access.control import AccessControl
from access.principals import LONGEST_NAME
from access.sessions import SESSION_LIFE_S
from runtime.logins import SESSION_COOKIE
from runtime.logs import get_logger

LOGIN_PATH = "/login"
LOGOUT_PATH = "/logout"
FORM_WITHIN_S = 10.0
"""How long a form may take to arrive: whoever sends it has not logged in yet."""
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"

log = get_logger("access.login")

_WORDS = {
    "fr": {
        "lang": "fr-CA",
        "title": "Connexion",
        "name": "Nom",
        "password": "Mot de passe ou jeton",
        "button": "Se connecter",
        "hint": "Première fois? Laissez le nom vide et collez le jeton du fichier <code>var/token</code>.",
        "wrong": "Nom, mot de passe ou jeton inconnu.",
        "blocked": "Trop d'essais. Réessayez dans une minute.",
    },
    "en": {
        "lang": "en",
        "title": "Log in",
        "name": "Name",
        "password": "Password or token",
        "button": "Log in",
        "hint": "First time? Leave the name empty and paste the token from the file <code>var/token</code>.",
        "wrong": "Unknown name, password or token.",
        "blocked": "Too many attempts. Try again in a minute.",
    },
}

_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>borne – {title}</title> <meta
name="viewport" content="width=device-width, initial-scale=1"><style> body{{font:16px/1.5
system-ui,sans-serif;background:#eef2f1;color:#17302c;display:grid;place-items:center;
min-height:100vh;margin:0}}
form{{background:#fff;padding:2rem;border-radius:12px;width:min(22rem,90vw);box-sizing:border-box;
box-shadow:0 4px 24px #0002}} h1{{margin:0 0 1rem;font-size:1.4rem}}label{{display:block;margin-top:.8rem}}
input{{width:100%;box-sizing:border-box;padding:.6rem;font:inherit;border:1px solid
#9bb5b0;border-radius:6px}}
button{{margin-top:1.2rem;width:100%;padding:.7rem;font:inherit;font-weight:600;color:#fff;background:#0b6b5c;
border:0;border-radius:6px}}.error{{color:#a11}}.hint{{font-size:.85rem;color:#48615c}}</style></head><body>
<form method="post"><h1>borne – {title}</h1>{error} <label>{name}<input name="name" autocomplete="username"
autofocus></label> <label>{password}<input name="password" type="password" autocomplete="current-password"
required></label> <button>{button}</button><p class="hint">{hint}</p></form></body></html>
"""


class LoginFault(StrEnum):
    """Why somebody was not let in."""

    WRONG = "wrong"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class LoginPage:
    """How the page looks: its text for a request, and what browsers forbid themselves on it."""

    text: Callable[[Request, LoginFault | None], str]
    policy: str


class LoginPages:
    """ASGI app for /login and /logout."""

    def __init__(self, access: AccessControl, page: LoginPage) -> None:
        self._access = access
        self._page_shown = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope, receive)
        if request.url.path == LOGOUT_PATH:
            response = await self._log_out(request)
        elif request.method == "POST":
            response = await self._log_in(request)
        else:
            response = self._page(request)
        await response(scope, receive, send)

    async def _log_in(self, request: Request) -> Response:
        address = request.client.host if request.client else "?"
        try:
            async with self._access.clock.timeout(FORM_WITHIN_S):
                form = parse_qs((await request.body()).decode("utf-8", "replace"))
        except ClientDisconnect:
            return Response(status_code=413)
        except TimeoutError:
            return Response(status_code=408, headers={"connection": "close"})
        name = form.get("name", [""])[0].strip()[:LONGEST_NAME]
        retry_s = await self._access.limit.wait(name, address)
        if retry_s > 0:
            log.warning("login_slowed", name=name, address=address)
            return self._page(request, LoginFault.BLOCKED, 429, {"retry-after": str(math.ceil(retry_s))})
        begun = await self._access.log_in(name, form.get("password", [""])[0])
        if begun is None:
            log.warning("login_failed", name=name, address=address)
            return self._page(request, LoginFault.WRONG, 401)
        self._access.limit.succeeded(name, address)
        who, secret = begun
        log.info("logged_in", name=who.name, role=who.role, address=address)
        return session_begun(request, _safe_next(request.query_params.get("next", "/")), secret)

    def _page(
        self,
        request: Request,
        fault: LoginFault | None = None,
        status: int = 200,
        more: dict[str, str] | None = None,
    ) -> Response:
        shown = self._page_shown
        headers = {"content-security-policy": shown.policy, "cache-control": "no-store", **(more or {})}
        return HTMLResponse(shown.text(request, fault), status, headers)

    async def _log_out(self, request: Request) -> Response:
        if request.method == "POST":  # a link on another site must not log anybody out
            await self._access.end_session(request.cookies.get(SESSION_COOKIE, ""))
        response = RedirectResponse(LOGIN_PATH, 303)
        response.delete_cookie(SESSION_COOKIE)
        return response


def session_begun(request: Request, path: str, secret: str) -> Response:
    """On to `path`, logged in."""
    response = RedirectResponse(path, 303)
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION_LIFE_S),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def plain_text(request: Request, fault: LoginFault | None) -> str:
    """The page of a server without a console."""
    words = _WORDS["fr" if _prefers_french(request.headers.get("accept-language", "")) else "en"]
    shown = f'<p class="error" role="alert">{html.escape(words[fault])}</p>' if fault else ""
    return _PAGE.format(error=shown, **words)


PLAIN_PAGE = LoginPage(plain_text, CONTENT_POLICY)


def _prefers_french(accepted: str) -> bool:
    """The first of French and English in Accept-Language, which browsers send in order of preference."""
    for language in accepted.lower().split(","):
        if language.strip().startswith(("fr", "en")):
            return language.strip().startswith("fr")
    return False


def _safe_next(wanted: str) -> str:
    """A path on this host; anything else (//elsewhere, /\\elsewhere, https:…) is the front page."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_local else "/"
