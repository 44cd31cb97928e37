"""Is it this box? An act at it that the page asks for and sees; exchanged labels are put right."""

from starlette.responses import Response

from console.forms import checked
from console.page_routes import POST, PageRoute, see_other
from console.pages.install import installing_of
from console.pages.install_station import STATION, shown_station, station_path
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from provisioning.api.box_checks import BoxCheckBody
from runtime.http import Problem


async def box(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Begin to wait for the act that was chosen."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    try:
        body = checked(BoxCheckBody, {name: value.strip() for name, value in given.items() if value.strip()})
        await installing.begin_box_check(visit.who, text, body)
    except Problem as problem:
        return await shown_station(visit, installing, given, problem)
    return see_other(f"{station_path(text)}#box")


async def exchange(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Both boxes change places; on to the one in front of somebody."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    try:
        return see_other(station_path(await installing.exchange(visit.who, text, given.get("other", ""))))
    except Problem as problem:
        return await shown_station(visit, installing, given, problem)


ROUTES = (PageRoute(f"{STATION}/box", box, POST), PageRoute(f"{STATION}/exchange", exchange, POST))
