"""Messages that are kept as they came: read, taken in again, or dismissed, with a reason that is kept."""

from urllib.parse import urlencode

from starlette.responses import Response

from console.page_routes import POST, PageRoute, see_other
from console.quarantine_values import quarantine_card
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from csms.domain.quarantine import QuarantineState
from runtime.http import Problem
from runtime.paging import row_number

ROWS_SHOWN = 50
ALL = "all"
STATES = (*(state.value for state in QuarantineState), ALL)
LIST = "/quarantine"


async def quarantine(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Newest first; those that wait for somebody first of all. An unknown station is said."""
    words, fault = visit.words, ""
    state, station = visit.given("state"), visit.given("station")
    state = state if state in STATES else QuarantineState.WAITING.value
    wanted, before = None if state == ALL else state, row_number(visit.given("before"))
    try:
        found = await views.quarantine(visit.who, wanted, station or None, before, ROWS_SHOWN + 1)
    except Problem as problem:
        if problem.status == 403:
            raise
        found, fault = [], words.problem(problem)
    kept = {"state": state, **({"station": station} if station else {})}
    last = found[ROWS_SHOWN - 1].quarantine_id if len(found) > ROWS_SHOWN else None
    values = {
        "rows": [quarantine_card(each, words) for each in found[:ROWS_SHOWN]],
        "state": state,
        "station": station,
        "states": [(each, words.of("quarantine_state", each)) for each in STATES],
        "fault": fault,
        "newest": f"{LIST}?{urlencode(kept)}" if before else "",
        "older": f"{LIST}?{urlencode({**kept, 'before': last})}" if last else "",
    }
    return Shown("quarantine.html", "quarantine.title", values)


async def message(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One message, as it came."""
    return await _shown(visit, views)


async def decide(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Take it in again, or dismiss it."""
    number, typed = _number(visit), await visit.form()
    act = views.readmit if typed.get("decision") == "take-in" else views.dismiss
    try:
        await act(visit.who, number, typed.get("reason", ""))
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return await _shown(
            visit, views, typed.get("reason", ""), visit.words.problem(problem), problem.status
        )
    return see_other(f"{LIST}/{number}?decided=1")


def _number(visit: PageVisit) -> int:
    return row_number(str(visit.request.path_params["number"])) or 0


async def _shown(
    visit: PageVisit, views: ConsoleViews, reason: str = "", fault: str = "", status: int = 200
) -> Shown:
    found = await views.quarantined(visit.who, _number(visit))
    row = quarantine_card(found, visit.words)
    values = {
        "row": row,
        "message": found,
        "reason": reason,
        "fault": fault,
        "was_decided": bool(visit.given("decided")),
    }
    heading = f"{row.station} · {row.when}"
    return Shown("quarantined.html", "quarantine.title", values, heading=heading, status=status)


PATH = f"{LIST}/{{number}}"
ROUTES = (PageRoute(LIST, quarantine), PageRoute(PATH, message), PageRoute(PATH, decide, POST))
