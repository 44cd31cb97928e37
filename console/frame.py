"""What surrounds every page: who looks, in which language, header, navigation."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from importlib.resources import files

from fastapi import Request
from nicegui import ui

from access.actions import Permission, may, scope_of
from access.guard import principal
from access.principals import SERVER
from console.visit import Visit
from console.words import LANGUAGE_COOKIE, Words, words_for

PRIMARY = "#0b6b5c"  # as on the login page
POSITIVE = "#1b7a33"  # white text on it can be read, also in the sun
CHOOSE_LANGUAGE = "document.cookie='{name}={language};path=/;max-age=31536000;samesite=lax';location.reload()"
QUARANTINE = "/quarantine"
TRANSACTIONS = "/transactions"
NAVIGATION = {
    "/": "nav.stations",
    TRANSACTIONS: "nav.transactions",
    "/attempts": "nav.attempts",
    QUARANTINE: "nav.quarantine",
    "/api/docs": "nav.api",
}
COUNTED = {TRANSACTIONS: "nav.transactions_some", QUARANTINE: "nav.quarantine_some"}
"""Pages where people decide, with how much waits there."""
BELOW = {"/": "/stations/", TRANSACTIONS: "/transaction"}
"""Pages that belong to one of the navigation."""


def add_page_files() -> None:
    """Put the style and the script into the head of every page."""
    here = files("console")
    style, script = (here.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    ui.add_head_html(f"<style>{style}</style><script>{script}</script>", shared=True)


@contextmanager
def page_frame(
    request: Request, title: str, subject: str | None = None, *, waiting: Mapping[str, int]
) -> Iterator[Visit]:
    """Header and navigation around the page's own content. Raises Problem 401 without authentication.

    `waiting`: how much waits for a decision, by the page where it is made.
    """
    visit = Visit(
        principal(request),
        words_for(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", "")),
    )
    words = visit.words
    _speak(words)
    ui.page_title(f"{subject or words(title)} – {words('app.name')}")
    ui.colors(primary=PRIMARY, positive=POSITIVE)
    with ui.header().classes("items-center gap-4 py-2 px-4 no-wrap"):
        ui.link(words("app.name"), "/").classes("text-white text-lg font-bold no-underline max-sm:hidden")
        _place_navigation(request.url.path, visit, waiting)
        ui.space()
        _place_account(visit)
    with ui.column().classes("w-full max-w-screen-xl mx-auto gap-4"):
        yield visit


def heading(text: str, level: int = 2) -> ui.label:
    """A title that screen readers can jump to."""
    return (
        ui.label(text)
        .props(f"role=heading aria-level={level}")
        .classes("text-2xl" if level == 1 else "text-xl")
    )


def new_dialog(*, is_persistent: bool = False) -> ui.dialog:
    """An open dialog that is forgotten once it was closed.

    It belongs to the page and not to what opened it: a button may be drawn anew under an open dialog.
    """
    with ui.context.client:
        dialog = ui.dialog(value=True).props("persistent" if is_persistent else "")
    dialog.on("hide", dialog.delete)
    return dialog


def copy_button(text: str, words: Words) -> None:
    """A button that copies a text and says so."""
    button = ui.button(words("dialog.copy"), icon="content_copy").props("flat dense no-caps")
    button.on(
        "click", js_handler=f"() => borne.copy({json.dumps(text)}, {json.dumps(words('dialog.copied'))})"
    )


def _speak(words: Words) -> None:
    """Set the page's language, for screen readers and for what the framework itself says."""
    client = ui.context.client
    client.page = copy(client.page)  # the page's settings are one object for all of its readers
    client.page.language = "fr" if words.language == "fr" else "en-US"
    ui.run_javascript(f"document.documentElement.lang = '{words.locale}'")  # the framework has no Canada


def _place_navigation(path: str, visit: Visit, waiting: Mapping[str, int]) -> None:
    words = visit.words
    with ui.element("nav").classes("flex gap-4 items-center").props(f'aria-label="{words("nav.title")}"'):
        for target, text in NAVIGATION.items():
            if target == "/attempts" and not may(visit.who, Permission.READ_ATTEMPTS, SERVER):
                continue
            if target == QUARANTINE and not scope_of(visit.who, Permission.DECIDE_QUARANTINE):
                continue
            is_below = path.startswith(BELOW.get(target, "//"))
            is_here = path == target or is_below
            count = waiting.get(target, 0)
            label = words(COUNTED[target], count=count) if count else words(text)
            link = ui.link(label, target).classes("text-white")
            link.classes("underline underline-offset-8 decoration-2" if is_here else "no-underline")
            if path == target:
                link.props("aria-current=page")
            if target == "/api/docs":
                link.classes("max-sm:hidden")  # nobody programs on a phone


def _place_account(visit: Visit) -> None:
    words = visit.words
    other = "en" if words.language == "fr" else "fr"
    script = CHOOSE_LANGUAGE.format(name=LANGUAGE_COOKIE, language=other)
    ui.button(other.upper(), on_click=lambda: ui.run_javascript(script)).props(
        f'flat dense color=white lang={other} aria-label="{words("app.language")}"'
    )
    account = ui.button(icon="account_circle").props(
        f'flat dense round color=white aria-label="{words("app.account")}"'
    )
    with account, ui.menu():
        ui.item(f"{visit.who.name} ({words.of('role', visit.who.role)})").classes("opacity-80")
        ui.separator()
        ui.menu_item(words("app.logout"), on_click=_log_out)


def _log_out() -> None:
    """A POST of the page itself, so that no other site can do it."""
    ui.run_javascript("fetch('/logout', {method: 'POST'}).then(() => location.assign('/login'))")
