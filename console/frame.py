"""What surrounds every page: who looks, in which language, header, navigation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import Request
from nicegui import ui

from console.words import LANGUAGE_COOKIE, Words, words_for
from runtime.http import Principal, principal

PRIMARY = "#0b6b5c"  # as on the login page
TABLE_PROPS = (
    "flat bordered wrap-cells :rows-per-page-options=[50] "
    ":pagination-label=\"(first,last,all)=>first+'–'+last+' / '+all\""  # Quasar's own is English
)
CHOOSE_LANGUAGE = "document.cookie='{name}={language};path=/;max-age=31536000;samesite=lax';location.reload()"


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page."""

    who: Principal
    words: Words


@contextmanager
def page_frame(request: Request, title: str, subject: str | None = None) -> Iterator[Visit]:
    """Header and navigation around the page's own content. Raises Problem 401 without authentication."""
    visit = Visit(
        principal(request),
        words_for(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")),
    )
    words = visit.words
    ui.page_title(f"{subject or words(title)} – {words('app.name')}")
    ui.colors(primary=PRIMARY)
    ui.run_javascript(f"document.documentElement.lang = '{words.locale}'")
    with ui.header().classes("items-center gap-4 py-2"):
        ui.link(words("app.name"), "/").classes("text-white text-lg font-bold no-underline")
        ui.link(words("nav.stations"), "/").classes("text-white no-underline")
        ui.link(words("nav.attempts"), "/attempts").classes("text-white no-underline")
        ui.link(words("nav.api"), "/api/docs").classes("text-white no-underline")
        ui.space()
        ui.label(f"{visit.who.name} ({visit.who.role.value})").classes("text-sm opacity-80")
        other = "en" if words.language == "fr" else "fr"
        script = CHOOSE_LANGUAGE.format(name=LANGUAGE_COOKIE, language=other)
        ui.button(words("app.language"), on_click=lambda: ui.run_javascript(script)).props(
            "flat dense color=white no-caps"
        )
        ui.button(words("app.logout"), on_click=_log_out).props("flat dense color=white no-caps")
    with ui.column().classes("w-full max-w-screen-xl mx-auto gap-4"):
        yield visit


def _log_out() -> None:
    """A POST of the page itself, so that no other site can do it."""
    ui.run_javascript("fetch('/logout', {method: 'POST'}).then(() => location.assign('/login'))")
