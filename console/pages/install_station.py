"""The box in front of somebody: whether it speaks, what is missing, what to type, and trying it out."""

from urllib.parse import quote

from starlette.responses import Response

from console.page_routes import PageRoute, see_other
from console.pages.install import HOME, ON_SITE, installing_of
from console.rendering import Shown
from console.station_values import blocker_lines, connector_row, place_name, remark_lines, station_row
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from provisioning.gates.table import CheckedGate, GateStatus

MARKS = {GateStatus.PASSED: "available", GateStatus.BLOCKED: "faulted", GateStatus.WAITING: "waiting"}


async def find(visit: PageVisit, views: ConsoleViews) -> Response:
    """To the page of a station that was typed or read, by its MAC in any spelling. Raises Problem 404."""
    found = await installing_of(visit, views).station(visit.who, visit.given("station"))
    return see_other(f"{HOME}/stations/{quote(found.station_id, safe='')}")


async def station(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Its checklist, which turns green by itself."""
    installing, words = installing_of(visit, views), visit.words
    found = await installing.station(visit.who, visit.request.path_params["station_id"])
    values = {
        "row": station_row(found, words, may_adopt=False),
        "station": found,
        "gates": [_gate_row(each, words) for each in installing.gates(found.station_id)],
        "blockers": blocker_lines(found, words),
        "remarks": remark_lines(found, words),
        "connectors": [connector_row(each, words) for each in found.connectors],
    }
    return Shown("install_station.html", "install.verify", values, heading=place_name(found), headers=ON_SITE)


def _gate_row(gate: CheckedGate, words: Words) -> dict[str, str]:
    blocker = gate.blocker
    return {
        "title": words.phrase(gate.gate.title),
        "mark": MARKS[gate.status],
        "status": words.of("gate", gate.status.value),
        "why": words.phrase(blocker.text) if blocker else "",
        "way_out": words.phrase(blocker.way_out.words) if blocker else "",
        "who": words.of("clearer", blocker.who_clears.value) if blocker else "",
    }


ROUTES = (PageRoute(f"{HOME}/stations", find), PageRoute(f"{HOME}/stations/{{station_id}}", station))
