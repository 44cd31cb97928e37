"""Letting a station in that nobody ordered: asked once more; its code is told once, by the answer itself."""

from access.actions import Permission
from console.page_routes import POST, PageRoute
from console.rendering import Shown
from console.station_values import place_name, station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from csms.api.stations import unknown
from csms.api.views import StationAnswer


async def adopt_question(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Whether it is meant: it cannot be taken back."""
    found = await _station(visit, views)
    return _shown(visit, found, is_done=False)


async def adopt(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Done; the page has the code for the installer, where it needs one."""
    found = await _station(visit, views)
    code = await views.adopt(found.station_id, visit.who)
    return _shown(visit, found, code, is_done=True)


async def _station(visit: PageVisit, views: ConsoleViews) -> StationAnswer:
    """Raises Problem: no such station, or it is not theirs to take in."""
    text = visit.request.path_params["station_id"]
    found = await views.station(text, visit.who)
    if found is None:
        raise unknown(text)
    views.at(visit.who, found.station_id, Permission.SET_UP)
    return found


def _shown(visit: PageVisit, station: StationAnswer, code: str | None = None, *, is_done: bool) -> Shown:
    name = place_name(station)
    values = {"name": name, "href": station_href(station.station_id), "is_done": is_done, "code": code}
    key = "adopt.done" if is_done else "adopt.title"
    return Shown("adopt.html", "stations.title", values, heading=visit.words(key, name=name))


PATH = "/stations/{station_id}/adopt"
ROUTES = (PageRoute(PATH, adopt_question), PageRoute(PATH, adopt, POST))
