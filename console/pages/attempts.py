"""Connections that failed: why, how often, and what to do about it."""

from console.attempt_values import attempt_rows
from console.page_routes import PageRoute
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit


async def attempts(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The newest first; for who may not see them, a sentence."""
    is_theirs = views.may_see_attempts(visit.who)
    rows = attempt_rows(views.attempts(visit.who), visit.words) if is_theirs else []
    return Shown("attempts.html", "attempts.title", {"is_theirs": is_theirs, "rows": rows})


ROUTES = (PageRoute("/attempts", attempts),)
