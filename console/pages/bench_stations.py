"""A simulated station, and what a person in front of it can do: plug in, present a token, break it."""

from typing import TypedDict, cast, get_args

from starlette.responses import Response

from console.bench_runner import BOX_HANDS, EVSE_HANDS, Hand, SimulatedEvse, SimulatedStation
from console.navigation import BENCH
from console.page_routes import POST, PageRoute, no_such_page, see_other
from console.rendering import Shown
from console.station_values import station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from runtime.http import Problem

HANDS: frozenset[str] = frozenset(get_args(Hand))
STATIONS = f"{BENCH}/stations"
LONGEST_TOKEN = 36


class HandButton(TypedDict):
    """Something to do with a click; `evse` None for the whole box."""

    hand: str
    text: str


class EvseCard(TypedDict):
    """An EVSE as it is, and what can be done there now."""

    evse_id: int
    name: str
    state: str
    look: str
    facts: list[tuple[str, str]]
    hands: list[HandButton]


async def start(visit: PageVisit, views: ConsoleViews) -> Response:
    """Switch one on."""
    typed = await visit.form()
    station_id = await views.of_bench.start(visit.who, typed.get("template", ""))
    return see_other(f"{STATIONS}/{station_id}")


async def station(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One, with its hands."""
    return _shown(visit, views)


async def act(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """A hand, or the end of it."""
    typed, station_id = await visit.form(), visit.request.path_params["station_id"]
    hand, evse = typed.get("hand", ""), typed.get("evse", "1")
    try:
        if hand == "stop":
            await views.of_bench.stop(visit.who, station_id)
            return see_other(BENCH)
        if hand not in HANDS or not evse.isdecimal():
            raise no_such_page(visit.path)
        token = typed.get("id_token", "").strip()[:LONGEST_TOKEN]
        await views.of_bench.use_hand(visit.who, station_id, cast("Hand", hand), int(evse[:4]), token)
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        return _shown(visit, views, visit.words.problem(problem), typed.get("id_token", ""), problem.status)
    return see_other(visit.path)


def _shown(
    visit: PageVisit, views: ConsoleViews, fault: str = "", id_token: str = "", status: int = 200
) -> Shown:
    words, station_id = visit.words, visit.request.path_params["station_id"]
    found = views.of_bench.simulated(visit.who, station_id)
    values = {
        "station": station_id,
        "href": station_href(station_id),
        "is_there": found is not None,
        "about": _about(found, words) if found is not None else "",
        "badge": badge_of(found, words) if found is not None else ("silent", words("bench.starting")),
        "evses": [_evse_card(each, words) for each in found.evses] if found is not None else [],
        "box_hands": [{"hand": each, "text": words.of("bench_hand", each)} for each in _box_hands(found)],
        "fault": fault,
        "id_token": id_token,
    }
    return Shown("bench_station.html", "bench.simulated", values, heading=station_id, status=status)


def _about(station: SimulatedStation, words: Words) -> str:
    return words("bench.simulated_about", model=station.model, version=station.version)


def badge_of(station: SimulatedStation, words: Words) -> tuple[str, str]:
    """How its badge looks, and what it says."""
    if not station.is_powered:
        return "silent", words("bench.no_power")
    if not station.is_connected:
        return "silent", words("bench.not_connected")
    return (
        ("online", words("bench.accepted"))
        if station.is_accepted
        else ("waiting", words("bench.not_accepted"))
    )


def _box_hands(station: SimulatedStation | None) -> list[Hand]:
    """Those that make sense now."""
    if station is None:
        return []
    needless = "power-on" if station.is_powered else "power-off"
    needless_too = "network-on" if station.is_connected else "network-off"
    return [each for each in BOX_HANDS if each not in (needless, needless_too)]


def _evse_card(evse: SimulatedEvse, words: Words) -> EvseCard:
    facts = [
        (words("bench.power"), words.power(evse.power_w)),
        (words("bench.energy"), words.energy(evse.energy_wh)),
    ]
    if evse.transaction_id is not None:
        facts.append((words("bench.transaction"), evse.transaction_id))
    if evse.id_token is not None:
        facts.append((words("bench.token"), evse.id_token))
    needless = {"unplug" if not evse.is_plugged else "plug", "repair" if evse.error is None else "fault"}
    hands = [each for each in EVSE_HANDS if each not in needless]
    return {
        "evse_id": evse.evse_id,
        "name": words("bench.evse", number=evse.evse_id),
        "state": words.of("bench_socket", evse.state),
        "look": "faulted" if evse.error is not None else "occupied" if evse.is_plugged else "available",
        "facts": facts,
        "hands": [{"hand": each, "text": words.of("bench_hand", each)} for each in hands],
    }


ROUTES = (
    PageRoute(STATIONS, start, POST),
    PageRoute(f"{STATIONS}/{{station_id}}", station),
    PageRoute(f"{STATIONS}/{{station_id}}", act, POST),
)
