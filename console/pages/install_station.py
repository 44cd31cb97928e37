"""The box in front of somebody: its checklist, what to type into it, what was measured, and trying it out."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from console.checklist_values import STEPS, checklist_values
from console.forms import checked
from console.install_views import InstallViews
from console.page_routes import POST, PageRoute, see_other
from console.pages.install import HOME, ON_SITE, installing_of
from console.rendering import Shown
from console.station_values import place_name, remark_lines, station_row
from console.views import ConsoleViews
from console.visit import PageVisit
from provisioning.api.bodies import FinishBody, ReadingsBody, WindowBody
from runtime.http import Problem

STATION = f"{HOME}/stations/{{station_id}}"


async def find(visit: PageVisit, views: ConsoleViews) -> Response:
    """To the page of a station that was typed or read, by its MAC in any spelling. Raises Problem 404."""
    found = await installing_of(visit, views).station(visit.who, visit.given("station"))
    return see_other(station_path(found.station_id))


async def station(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Its checklist, which turns green by itself."""
    return await shown_station(visit, installing_of(visit, views), {})


async def power_up(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Begin a run of the checklist, or end it."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    try:
        if given.get("do") == "finish":
            body = checked(FinishBody, {"handed_to": given.get("handed_to", "").strip() or None})
            await installing.finish_power_up(visit.who, text, body.handed_to)
        else:
            await installing.begin_power_up(visit.who, text)
    except Problem as problem:
        return await shown_station(visit, installing, given, problem)
    return see_other(station_path(text))


async def readings(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """What was measured before power, in the language of the page; an empty field was not measured."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    try:
        typed = {name: value.replace(",", ".") for name, value in given.items() if value.strip()}
        body = checked(ReadingsBody, {"readings": typed})
        await installing.measure(visit.who, text, body.readings)
    except Problem as problem:
        return await shown_station(visit, installing, given, problem)
    return see_other(station_path(text))


async def test_window(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Let one token charge for some minutes, or end that."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    try:
        if given.get("do") == "close":
            await installing.close_window(visit.who, text)
        else:
            body = checked(WindowBody, {"id_token": given.get("id_token", "").strip()})
            await installing.open_window(visit.who, text, body)
    except Problem as problem:
        return await shown_station(visit, installing, given, problem)
    return see_other(station_path(text))


async def shown_station(
    visit: PageVisit, installing: InstallViews, given: Mapping[str, str], problem: Problem | None = None
) -> Shown:
    """The page, with what was typed and what is wrong with it."""
    words = visit.words
    found = await installing.station(visit.who, visit.request.path_params["station_id"])
    checklist = await installing.power_up(visit.who, found.station_id, visit.request.url.hostname)
    photos = await installing.photos(visit.who, found.station_id) if checklist is not None else []
    values = {
        "row": station_row(found, words, may_adopt=False),
        "href": station_path(found.station_id),
        "files": f"/api/v1/stations/{quote(found.station_id, safe='')}/power-up",
        "remarks": remark_lines(found, words),
        "given": given,
        "fault": words.problem(problem) if problem else "",
        "window": installing.window(found.station_id),
        "steps": STEPS,
        "box": await installing.box_check(visit.who, found.station_id) if checklist is not None else None,
        **checklist_values(checklist, photos, words),
    }
    status = problem.status if problem else 200
    heading = place_name(found)
    return Shown("install_station.html", "install.verify", values, heading, status=status, headers=ON_SITE)


def station_path(station_id: str) -> str:
    """Of its page."""
    return f"{HOME}/stations/{quote(station_id, safe='')}"


ROUTES = (
    PageRoute(f"{HOME}/stations", find),
    PageRoute(STATION, station),
    PageRoute(f"{STATION}/power-up", power_up, POST),
    PageRoute(f"{STATION}/readings", readings, POST),
    PageRoute(f"{STATION}/test-window", test_window, POST),
)
