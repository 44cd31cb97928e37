"""The pages that NiceGUI still makes, once in a process; after all other routes, as it takes every path."""

from typing import Any

from fastapi import FastAPI, Request, Response
from nicegui import app as pages
from nicegui import ui

from access.guard import principal
from console.attempts_page import attempts_page
from console.frame import QUARANTINE, TRANSACTIONS, add_page_files, page_frame
from console.quarantine_page import quarantine_page
from console.transactions_page import transaction_page, transactions_page
from console.views import ConsoleViews
from runtime.http import SEE_WHAT_EXISTS, Problem
from runtime.wording import Phrase, WayOut

RECONNECT_WITHIN_S = 30.0
"""For so long a page that lost its connection goes on where it was: phones lose the radio for a moment, and a
claim code on the screen is told only once. Then it is made anew."""
API = "/api/v1"
SEE_BELOW_API = WayOut(
    f"Les routes de l'API sont sous {API}; /api/docs les montre.",
    f"The routes of the API are below {API}; /api/docs shows them.",
    "/api/docs",
)
NOT_FOUND = 404


def mount_old(app: FastAPI, views: ConsoleViews) -> None:
    """Add `/transactions`, `/transaction`, `/attempts` and `/quarantine`.

    `app` must stand behind `access.authentication`.
    """

    async def waiting(request: Request) -> dict[str, int]:
        who = principal(request)
        return {
            TRANSACTIONS: await views.waiting_for_review(who),
            QUARANTINE: await views.waiting_in_quarantine(who),
        }

    @ui.page(TRANSACTIONS)
    async def transactions(request: Request) -> Any:
        with page_frame(request, "transactions.title", waiting=await waiting(request)) as visit:
            await transactions_page(visit, views)

    @ui.page("/transaction")
    async def transaction(request: Request, station: str, id: str, number: int | None = None) -> Any:  # noqa: A002 - as it stands in the URL
        with page_frame(request, "transactions.title", id, waiting=await waiting(request)) as visit:
            await transaction_page(visit, views, station, id, number)

    @ui.page("/attempts")
    async def attempts(request: Request) -> Any:
        with page_frame(request, "attempts.title", waiting=await waiting(request)) as visit:
            attempts_page(visit, views)

    @ui.page(QUARANTINE)
    async def quarantine(request: Request) -> Any:
        with page_frame(request, "quarantine.title", waiting=await waiting(request)) as visit:
            await quarantine_page(visit, views)

    _answer_programs()
    add_page_files()
    ui.run_with(
        app,
        title="borne",
        favicon="⚡",
        show_welcome_message=False,
        gzip_middleware_factory=None,
        reconnect_timeout=RECONNECT_WITHIN_S,
    )


def _answer_programs() -> None:
    """Who takes no page for an answer gets a problem document, where there is neither a page nor a route."""
    for_people = pages.exception_handlers[NOT_FOUND]

    async def answer(request: Request, error: Exception) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return not_found(request.url.path).response()
        found: Response = await for_people(request, error)  # type: ignore[misc] # NiceGUI's own is async
        return found

    pages.add_exception_handler(NOT_FOUND, answer)


def not_found(path: str) -> Problem:
    text = Phrase(f"Il n'y a pas de {path}", f"There is no {path}")
    is_below = path.startswith(f"{API}/")
    return Problem(404, "not_found", text, SEE_WHAT_EXISTS if is_below else SEE_BELOW_API)
