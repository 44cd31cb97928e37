"""What happened to one station, newest first: boots, links, faults, transactions, and what people did."""

from urllib.parse import urlencode

from access.actions import Permission
from console.page_routes import PageRoute
from console.rendering import Shown
from console.station_past import past_line
from console.station_values import place_name, station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from csms.api.stations import unknown

ROWS_SHOWN = 50


async def timeline(visit: PageVisit, views: ConsoleViews) -> Shown:
    """A part of the line."""
    text, words, after = visit.request.path_params["station_id"], visit.words, visit.given("after")
    found = await views.station(text, visit.who)
    if found is None:
        raise unknown(text)
    station_id = found.station_id
    entries, on = await views.past(station_id, visit.who, ROWS_SHOWN, after or None)
    here = f"{station_href(station_id)}/timeline"
    values = {
        "id": station_id,
        "name": place_name(found),
        "href": station_href(station_id),
        "may_see_frames": views.may(visit.who, station_id, Permission.READ_FRAMES),
        "rows": [past_line(each, station_id, words) for each in entries],
        "newest": here if after else "",
        "older": f"{here}?{urlencode({'after': on})}" if on else "",
    }
    heading = f"{words('station.past')} – {place_name(found)}"
    return Shown("timeline.html", "station.past", values, heading=heading)


ROUTES = (PageRoute("/stations/{station_id}/timeline", timeline),)
