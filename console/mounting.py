"""Puts the pages onto an app, after all API routes: they take every other path."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from access.authentication import usual_length
from access.guard import principal
from access.principals import Principal
from console.assets import FOLDER, serve_asset
from console.changes import Changes
from console.label_photo import PHOTO_BYTES_LIMIT
from console.navigation import QUARANTINE, TRANSACTIONS
from console.page_routes import GET, POST, PageServer, no_such_page
from console.pages import PAGES
from console.pages.install import HOME
from console.pages.install_claim import LABEL
from console.pages.install_hand_over import VERIFY
from console.pages.language import LANGUAGE_PATH, choose_language
from console.rendering import Shown
from console.site_values import SITES
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.api.sse import sse_response
from runtime.http import SEE_WHAT_EXISTS, Problem
from runtime.wording import Phrase, WayOut

API = "/api/v1"
SEE_BELOW_API = WayOut(
    f"Les routes de l'API sont sous {API}; /api/docs les montre.",
    f"The routes of the API are below {API}; /api/docs shows them.",
    "/api/docs",
)
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CHANGES_PATH = "/changes"
VERIFIED_BYTES_LIMIT = 48 << 20
"""A certificate with the frames and all the photos of its run."""


def longest_body(path: str) -> int:
    """How many bytes may be sent to this path: photos are as long as cameras make them."""
    if path == VERIFY:
        return VERIFIED_BYTES_LIMIT
    if path.startswith(f"{SITES}/") and path.endswith("/plans/new"):
        return PHOTO_BYTES_LIMIT + (1 << 16)
    is_photo = path == LABEL or (path.startswith(f"{HOME}/stations/") and path.endswith("/photos"))
    return PHOTO_BYTES_LIMIT + (1 << 16) if is_photo else usual_length(path)


def mount(app: FastAPI, views: ConsoleViews, words: Words | None = None) -> None:
    """Add every page, what belongs to them, and an answer for paths that there are none of.

    `app` must stand behind `access.authentication`. `words`: texts for every reader, in tests.
    """

    async def waiting(who: Principal) -> Mapping[str, int]:
        return {
            TRANSACTIONS: await views.waiting_for_review(who),
            QUARANTINE: await views.waiting_in_quarantine(who),
        }

    async def no_such_route(request: Request) -> Response:
        return not_found(request.url.path).response()

    server = PageServer(views, waiting, words)
    app.add_route("/api/{path:path}", no_such_route, METHODS, include_in_schema=False)
    app.add_route(f"{FOLDER}{{version}}/{{path:path}}", serve_asset, [GET], include_in_schema=False)
    app.add_route(LANGUAGE_PATH, choose_language, [POST], include_in_schema=False)
    _add_changes(app, views)
    for page in PAGES:
        app.add_route(page.path, server.answer(page.show), [page.method], include_in_schema=False)
    app.add_route("/{path:path}", _nothing_there(server), METHODS, include_in_schema=False)


def _nothing_there(server: PageServer) -> Callable[[Request], Awaitable[Response]]:
    """A page for people; who takes none for an answer gets a problem document."""

    async def show(visit: PageVisit, _: ConsoleViews) -> Shown:
        raise no_such_page(visit.path)

    for_people = server.answer(show)

    async def answer(request: Request) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return await for_people(request)
        return not_found(request.url.path).response()

    return answer


def not_found(path: str) -> Problem:
    """No route and no page is there."""
    text = Phrase(f"Il n'y a pas de {path}", f"There is no {path}")
    is_below = path.startswith(f"{API}/")
    return Problem(404, "not_found", text, SEE_WHAT_EXISTS if is_below else SEE_BELOW_API)


def _add_changes(app: FastAPI, views: ConsoleViews) -> None:
    changes = Changes(views.parts)

    async def changes_stream(request: Request) -> Response:
        """What changed of the topics that are asked for: the one stream of a browser."""
        who = principal(request)
        try:
            changes.open.acquire(who.name)
        except Problem as problem:
            return problem.response()
        watcher = changes.watch(request.query_params.getlist("topic"), who)

        def over() -> None:
            watcher.close()
            changes.open.release(who.name)

        return sse_response(watcher.stream(views.parts.clock), over, views.parts.clock)

    app.add_route(CHANGES_PATH, changes_stream, [GET], include_in_schema=False)
