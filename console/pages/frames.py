"""The wire log of a station: what was said, a CALL and its answer as one row."""

from access.actions import Permission
from console.exchanges import Exchange, exchanges_of
from console.page_routes import PageRoute
from console.rendering import Shown
from console.station_values import place_name, station_href, station_row
from console.views import ConsoleViews
from console.visit import PageVisit
from csms.api.stations import unknown

LONGEST_FILTER = 100


async def frames(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The last ones, newest first, of which each holds what is looked for."""
    text = visit.request.path_params["station_id"]
    found = await views.station(text, visit.who)
    if found is None:
        raise unknown(text)
    wanted = visit.given("q")[:LONGEST_FILTER]
    reader = views.reader()
    read = [reader.read(each) for each in await views.frames(found.station_id, visit.who)]
    rows = [each for each in exchanges_of(read) if _holds(each, wanted)]
    values = {
        "name": place_name(found),
        "id": found.station_id,
        "href": station_href(found.station_id),
        "q": wanted,
        "may_see_past": views.may(visit.who, found.station_id, Permission.READ_AUDIT),
        "row": station_row(found, visit.words, may_adopt=False),
        "rows": rows[::-1],
        "is_paused": bool(visit.given("paused")),
    }
    heading = f"{visit.words('station.wire')} – {place_name(found)}"
    return Shown("frames.html", "station.wire", values, heading=heading)


def _holds(exchange: Exchange, wanted: str) -> bool:
    texts = [exchange["title"], *(each["raw"] for each in exchange["frames"])]
    return any(wanted.casefold() in each.casefold() for each in texts)


ROUTES = (PageRoute("/stations/{station_id}/messages", frames),)
