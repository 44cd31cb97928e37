"""Puts the pages onto an app, after all API routes: they take every other path."""

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from access.guard import principal
from access.principals import Principal
from console.assets import FOLDER, serve_asset
from console.changes import Changes
from console.navigation import QUARANTINE, TRANSACTIONS
from console.old_pages import mount_old, not_found
from console.page_routes import GET, POST, PageServer
from console.pages import PAGES
from console.pages.language import LANGUAGE_PATH, choose_language
from console.views import ConsoleViews
from console.words import Words
from csms.api.sse import sse_response
from runtime.http import Problem

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CHANGES_PATH = "/changes"


def mount(app: FastAPI, views: ConsoleViews) -> None:
    """Add every page, what belongs to them, and an answer for paths that there are none of.

    `app` must stand behind `access.authentication`.
    """
    mount_pages(app, views)
    mount_old(app, views)


def mount_pages(app: FastAPI, views: ConsoleViews, words: Words | None = None) -> None:
    """The pages from templates. `words`: texts for every reader, in tests."""

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


def _add_changes(app: FastAPI, views: ConsoleViews) -> None:
    changes = Changes(views.parts)

    async def told(request: Request) -> Response:
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

    app.add_route(CHANGES_PATH, told, [GET], include_in_schema=False)
