"""The box in front of somebody: its checklist, what to type into it, what was measured, and trying it out."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from console.install_views import InstallViews
from console.page_routes import POST, PageRoute, see_other
from console.pages.install import HOME, ON_SITE, installing_of
from console.rendering import Shown
from console.station_values import place_name, remark_lines, station_row
from console.views import ConsoleViews, checked
from console.visit import PageVisit
from console.words import Words
from provisioning.api.bodies import ReadingsBody, WindowBody
from provisioning.api.power_up_views import CheckItemView, PowerUpView, ToTypeView
from runtime.http import Problem

STATION = f"{HOME}/stations/{{station_id}}"
MARKS = {
    "passed": "available",
    "tester_only": "available",
    "failed": "faulted",
    "cannot_be_checked": "reserved",
    "waiting": "waiting",
}
"""How an item looks; its word says the same."""


async def find(visit: PageVisit, views: ConsoleViews) -> Response:
    """To the page of a station that was typed or read, by its MAC in any spelling. Raises Problem 404."""
    found = await installing_of(visit, views).station(visit.who, visit.given("station"))
    return see_other(_path(found.station_id))


async def station(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Its checklist, which turns green by itself."""
    return await _shown(visit, installing_of(visit, views), {})


async def power_up(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Begin a run of the checklist, or end it."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    doing = installing.finish_power_up if given.get("do") == "finish" else installing.begin_power_up
    try:
        await doing(visit.who, text)
    except Problem as problem:
        return await _shown(visit, installing, given, problem)
    return see_other(_path(text))


async def readings(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """What was measured before power, in the language of the page; an empty field was not measured."""
    installing, given = installing_of(visit, views), await visit.form()
    text = visit.request.path_params["station_id"]
    try:
        typed = {name: value.replace(",", ".") for name, value in given.items() if value.strip()}
        body = checked(ReadingsBody, {"readings": typed})
        await installing.measure(visit.who, text, body.readings)
    except Problem as problem:
        return await _shown(visit, installing, given, problem)
    return see_other(_path(text))


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
        return await _shown(visit, installing, given, problem)
    return see_other(_path(text))


async def _shown(
    visit: PageVisit, installing: InstallViews, given: Mapping[str, str], problem: Problem | None = None
) -> Shown:
    words = visit.words
    found = await installing.station(visit.who, visit.request.path_params["station_id"])
    checklist = await installing.power_up(visit.who, found.station_id, visit.request.url.hostname)
    values = {
        "row": station_row(found, words, may_adopt=False),
        "href": _path(found.station_id),
        "remarks": remark_lines(found, words),
        "given": given,
        "fault": words.problem(problem) if problem else "",
        "window": installing.window(found.station_id),
        **_checklist_values(checklist, words),
    }
    status = problem.status if problem else 200
    heading = place_name(found)
    return Shown("install_station.html", "install.verify", values, heading, status=status, headers=ON_SITE)


def _checklist_values(checklist: PowerUpView | None, words: Words) -> dict[str, object]:
    if checklist is None:
        return {"items": [], "run": None, "verdict": "", "to_type": [], "readings": [], "menu": ""}
    is_french = words.language == "fr"
    product = checklist.product
    return {
        "items": [_item_row(each, words) for each in checklist.items],
        "run": checklist.run if checklist.run is not None and checklist.run.finished_at is None else None,
        "verdict": words.of("check", checklist.verdict),
        "to_type": [_typed_row(each, words) for each in checklist.to_type],
        "readings": [
            {
                "name": each.reading,
                "title": words.as_is(each.name.fr if is_french else each.name.en),
                "unit": each.unit,
                "bounds": each.bounds_text,
            }
            for each in product.before_power
        ],
        "menu": words.as_is(product.menu.path.fr if is_french else product.menu.path.en),
    }


def _item_row(item: CheckItemView, words: Words) -> dict[str, str]:
    is_french = words.language == "fr"
    return {
        "title": words.as_is(item.title_fr if is_french else item.title_en),
        "mark": MARKS[item.verdict],
        "verdict": words.of("check", item.verdict),
        "evidence": item.evidence,
        "detail": words.as_is((item.detail_fr if is_french else item.detail_en) or ""),
        "who": words.of("clearer", item.who_clears) if item.who_clears else "",
    }


def _typed_row(field: ToTypeView, words: Words) -> tuple[str, str]:
    """What the station's menu calls it, and what goes in."""
    if words.language == "fr":
        return words.as_is(field.name_fr), words.as_is(field.value_fr)
    return words.as_is(field.name_en), words.as_is(field.value_en)


def _path(station_id: str) -> str:
    return f"{HOME}/stations/{quote(station_id, safe='')}"


ROUTES = (
    PageRoute(f"{HOME}/stations", find),
    PageRoute(STATION, station),
    PageRoute(f"{STATION}/power-up", power_up, POST),
    PageRoute(f"{STATION}/readings", readings, POST),
    PageRoute(f"{STATION}/test-window", test_window, POST),
)
