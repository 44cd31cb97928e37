"""Puts the pages onto an app, once in a process, after all API routes: they take every other path."""

from typing import Any

from fastapi import FastAPI, Request
from nicegui import ui

from access.guard import principal
from console.attempts_page import attempts_page
from console.frame import QUARANTINE, TRANSACTIONS, add_page_files, page_frame
from console.quarantine_page import quarantine_page
from console.station_page import station_page
from console.stations_page import stations_page
from console.transactions_page import transaction_page, transactions_page
from console.views import ConsoleViews
from runtime.http import SEE_WHAT_EXISTS, Problem
from runtime.wording import Phrase

RECONNECT_WITHIN_S = 30.0
"""For so long a page that lost its connection goes on where it was: phones lose the radio for a moment, and a
claim code on the screen is told only once. Then it is made anew."""
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def mount(app: FastAPI, views: ConsoleViews) -> None:
    """Add `/`, `/stations/{id}`, `/transactions`, `/transaction`, `/attempts` and `/quarantine`.

    `app` must stand behind `access.authentication`.
    """

    @app.api_route("/api/{path:path}", methods=METHODS, include_in_schema=False)
    async def no_such_route(path: str) -> None:
        text = Phrase(f"Il n'y a pas de /api/{path}", f"There is no /api/{path}")
        raise Problem(404, "not_found", text, SEE_WHAT_EXISTS)

    async def waiting(request: Request) -> dict[str, int]:
        who = principal(request)
        return {
            TRANSACTIONS: await views.waiting_for_review(who),
            QUARANTINE: await views.waiting_in_quarantine(who),
        }

    @ui.page("/")
    async def stations(request: Request) -> Any:
        with page_frame(request, "stations.title", waiting=await waiting(request)) as visit:
            await stations_page(visit, views)

    @ui.page("/stations/{station_id}")
    async def station(request: Request, station_id: str) -> Any:
        with page_frame(request, "stations.title", station_id, waiting=await waiting(request)) as visit:
            await station_page(visit, views, station_id)

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

    add_page_files()
    ui.run_with(
        app,
        title="borne",
        favicon="⚡",
        show_welcome_message=False,
        gzip_middleware_factory=None,
        reconnect_timeout=RECONNECT_WITHIN_S,
    )
