"""The bench: which station can be used, who has the others until when, and what came of what was done."""

from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import quote, urlencode

from starlette.responses import Response

from console.bench_runner import SimulatedStation
from console.bench_views import BenchViews
from console.forms import WHOLE, FieldsWrong, TypedField, read_body, refusals_at_fields
from console.navigation import BENCH
from console.page_routes import POST, PageRoute, see_other
from console.pages.bench_runs import run_line
from console.pages.bench_stations import badge_of
from console.rendering import Shown
from console.station_values import station_href
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.api.bench import TagsBody
from csms.api.lease_views import BenchStationView, LeaseView
from csms.api.leases import LeaseBody
from csms.domain.leases import LeaseState
from runtime.http import Problem

FIELDS = ("station", "tags", "purpose", "minutes", "wait")
WAITS = ("0", "60", "300")
"""Seconds that a wish can wait for a free station: the page comes when one is, or nobody gave one back."""
USUAL_MINUTES = 30
DONE = ("begun", "renewed", "ended", "tagged")
"""What the page says that it did."""


class BenchCard(TypedDict):
    """A station as one of the list: `look` for its badge, what its reader may do with it."""

    station: str
    href: str
    tags: str
    state: str
    look: str
    about: str
    purpose: str
    lease: str
    is_free: bool
    is_mine: bool
    may_clear: bool


class SimulatedLine(TypedDict):
    """A simulated station that runs."""

    station: str
    look: str
    state: str
    about: str


class OverLine(TypedDict):
    """A lease that is over."""

    station: str
    href: str
    holder: str
    purpose: str
    when: str
    end: str
    came: str


async def bench(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Free stations first of all in one's sight: each with the way to have it."""
    typed = {"minutes": str(USUAL_MINUTES), "tags": visit.given("tag"), "station": visit.given("station")}
    return await _shown(visit, views, typed)


async def begin(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Have a station to oneself."""
    typed = await visit.form()
    try:
        with refusals_at_fields(visit.words):
            body = read_body(LeaseBody, _wish(typed, visit.words), visit.words)
            await views.of_bench.begin(visit.who, body)
    except FieldsWrong as wrong:
        return await _shown(visit, views, typed, wrong)
    return see_other(f"{BENCH}?done=begun")


async def change_lease(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Renewed, given back, or taken away; the button says which."""
    lease_id, typed = visit.request.path_params["lease_id"], await visit.form()
    is_renewal = typed.get("act") == "renew"
    try:
        if is_renewal:
            await views.of_bench.renew(visit.who, lease_id)
        else:
            await views.of_bench.end(visit.who, lease_id, typed.get("reason", "").strip())
    except Problem as problem:
        if problem.status in (403, 404):
            raise
        fault = FieldsWrong({WHOLE: visit.words.problem(problem)}, problem.status)
        return await _shown(visit, views, {"minutes": str(USUAL_MINUTES)}, fault)
    return see_other(f"{BENCH}?done={'renewed' if is_renewal else 'ended'}")


async def set_tags(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """What a station is."""
    typed = await visit.form()
    try:
        with refusals_at_fields(visit.words, "station"):
            body = read_body(TagsBody, {"tags": typed.get("tags", "").split()}, visit.words)
            await views.of_bench.set_tags(visit.who, typed.get("station", "").strip(), body)
    except FieldsWrong as wrong:
        kept = {
            "minutes": str(USUAL_MINUTES),
            "tagged": typed.get("station", ""),
            "its_tags": typed.get("tags", ""),
        }
        return await _shown(visit, views, kept, FieldsWrong({"tagging": _first(wrong)}, wrong.status))
    return see_other(f"{BENCH}?done=tagged")


def _first(wrong: FieldsWrong) -> str:
    return next(iter(wrong.faults.values()))


def _wish(typed: Mapping[str, str], words: Words) -> dict[str, object]:
    """As the API takes it. Raises FieldsWrong."""
    minutes, purpose = typed.get("minutes", "").strip(), typed.get("purpose", "").strip()
    if not purpose:
        raise FieldsWrong({"purpose": words("bench.purpose_missing")})
    if not minutes.isdecimal():
        raise FieldsWrong({"minutes": words("bench.minutes_wrong")})
    wait, station = typed.get("wait", "0"), typed.get("station", "").strip()
    if bool(station) == bool(typed.get("tags", "").split()):
        raise FieldsWrong({"station": words("bench.one_of_both")})
    wish: dict[str, object] = {
        "purpose": purpose,
        "lasts_s": int(minutes) * 60,
        "wait_s": float(wait) if wait in WAITS else 0.0,
        "tags": typed.get("tags", "").split(),
    }
    return wish | ({"station": station} if station else {})


async def _shown(
    visit: PageVisit, views: ConsoleViews, typed: Mapping[str, str], wrong: FieldsWrong | None = None
) -> Shown:
    words, of_bench, faults = visit.words, views.of_bench, wrong.faults if wrong is not None else {}
    tags, after = visit.given("tag").split(), visit.given("after")
    rows, on = await of_bench.stations(visit.who, tags, after or None)
    may_clear = of_bench.may_clear(visit.who)
    cards = [_card(each, visit, may_clear=may_clear) for each in rows]
    done = visit.given("done")
    kept = {"tag": " ".join(tags)} if tags else {}
    values = {
        "mine": [each for each in cards if each["is_mine"]],
        "rows": [each for each in cards if not each["is_mine"]],
        "tag": " ".join(tags),
        "fields": _fields(typed, faults, words),
        "tagged": typed.get("tagged", ""),
        "its_tags": typed.get("its_tags", ""),
        "fault": faults.get(WHOLE, ""),
        "tag_fault": faults.get("tagging", ""),
        "has_runner": of_bench.has_runner,
        "simulated": [_simulated_line(each, words) for each in of_bench.simulated_stations(visit.who)],
        "templates": [(name, f"{name} · {about}") for name, about in of_bench.templates],
        "scenarios": [(each.name, words.phrase(each.title)) for each in of_bench.scenarios],
        "players": _players(of_bench, cards, visit),
        "runs": [run_line(each, words) for each in await of_bench.runs(visit.who)],
        "over": [_over_line(each, words) for each in await of_bench.leases(visit.who)],
        "done": words.of("bench_done", done) if done in DONE else "",
        "first": f"{BENCH}?{urlencode(kept)}" if after else "",
        "next": f"{BENCH}?{urlencode({**kept, 'after': on})}" if on else "",
    }
    return Shown("bench.html", "bench.title", values, status=wrong.status if wrong is not None else 200)


def _simulated_line(station: SimulatedStation, words: Words) -> SimulatedLine:
    look, state = badge_of(station, words)
    about = words("bench.simulated_about", model=station.model, version=station.version)
    return {"station": station.station_id, "look": look, "state": state, "about": about}


def _players(of_bench: BenchViews, cards: list[BenchCard], visit: PageVisit) -> list[tuple[str, str]]:
    """On what a scenario can be played: what it is written for, what runs here, what is one's own."""
    words = visit.words
    running = [each.station_id for each in of_bench.simulated_stations(visit.who)]
    own = [each["station"] for each in cards if each["is_mine"] and each["station"] not in running]
    return [
        ("", words("bench.on_its_own")),
        *((f"wire:{each}", each) for each in (*own, *running)),
        *((f"sim:{name}", words("bench.on_template", name=name)) for name, _ in of_bench.templates),
    ]


def _fields(typed: Mapping[str, str], faults: Mapping[str, str], words: Words) -> list[TypedField]:
    named = {"minutes": "lasts_s", "wait": "wait_s"}
    return [
        TypedField(
            name,
            words.of("bench_field", name),
            typed.get(name, ""),
            faults.get(name, "") or faults.get(named.get(name, name), ""),
            hint=words.find("bench_hint", name) or "",
            kind="choice" if name == "wait" else "number" if name == "minutes" else "text",
            is_required=name in ("purpose", "minutes"),
            choices=[(each, words.of("bench_wait", each)) for each in WAITS] if name == "wait" else (),
        )
        for name in FIELDS
    ]


def _card(station: BenchStationView, visit: PageVisit, *, may_clear: bool) -> BenchCard:
    words, lease = visit.words, station.lease
    is_mine = lease is not None and lease.holder == visit.who.name and lease.state is LeaseState.HELD
    state, look = _state(station, is_mine=is_mine)
    fields = {} if lease is None else _fields_of(lease, words)
    about = words.of("bench_about", state).format(**fields) if lease is not None else ""
    return {
        "station": station.station_id,
        "href": station_href(station.station_id),
        "tags": " ".join(station.tags),
        "state": words.of("bench_state", state),
        "look": look,
        "about": about,
        "purpose": lease.purpose if lease is not None else "",
        "lease": quote(lease.lease_id, safe="") if lease is not None else "",
        "is_free": lease is None,
        "is_mine": is_mine,
        "may_clear": may_clear and lease is not None,
    }


def _state(station: BenchStationView, *, is_mine: bool) -> tuple[str, str]:
    """Its word, and how its badge looks."""
    if station.lease is None:
        return ("free", "ready") if station.is_online else ("away", "silent")
    if station.lease.state is LeaseState.RESTORING:
        return "restoring", "waiting"
    return ("mine", "online") if is_mine else ("held", "waiting")


def _fields_of(lease: LeaseView, words: Words) -> dict[str, str]:
    return {
        "holder": lease.holder,
        "since": words.instant(lease.since),
        "until": words.instant(lease.expires_at),
        "baseline": words.of("bench_baseline", lease.baseline.value),
    }


def _over_line(lease: LeaseView, words: Words) -> OverLine:
    restoration, came = lease.restoration, ""
    if restoration is not None and restoration.reason is not None:
        came = words.of("bench_reason", restoration.reason.value)
    elif restoration is not None:
        came = words("bench.came", count=len(restoration.set_back), left=len(restoration.left_alone))
    return {
        "station": lease.station_id,
        "href": station_href(lease.station_id),
        "holder": lease.holder,
        "purpose": lease.purpose,
        "when": words.instant(lease.ended_at),
        "end": words.of("bench_end", lease.end.value if lease.end is not None else None),
        "came": came,
    }


ROUTES = (
    PageRoute(BENCH, bench),
    PageRoute(BENCH, begin, POST),
    PageRoute(f"{BENCH}/tags", set_tags, POST),
    PageRoute(f"{BENCH}/leases/{{lease_id}}", change_lease, POST),
)
