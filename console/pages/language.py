"""Choosing the language: kept in a cookie for a year, for the login page too."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from console.catalogue import FOLDERS
from console.page_routes import see_other
from console.visit import form_of
from console.words import LANGUAGE_COOKIE

KEPT_S = 31_536_000
LANGUAGE_PATH = "/language"


async def choose_language(request: Request) -> Response:
    """Back to the page where it was chosen."""
    typed = await form_of(request)
    answer = see_other(local_path(typed.get("next", "/")))
    return remember_language(answer, typed.get("language", ""))


def remember_language(answer: Response, language: str) -> Response:
    """The answer, which the browser takes the language from, where there is such a one."""
    if language in FOLDERS:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=KEPT_S, samesite="lax")
    return answer


def local_path(wanted: str) -> str:
    """A path on this host; anything else is the front page."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_local and not urlsplit(wanted).netloc else "/"
