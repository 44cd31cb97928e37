"""Today, everybody's home: what waits for its reader, the longest first, and the fleet in a few numbers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict
from urllib.parse import urlencode

from access.actions import Permission, scope_of
from console.navigation import ATTEMPTS, NAVIGATION, QUARANTINE, SITES, STATIONS, TODAY, TRANSACTIONS
from console.page_routes import PageRoute
from console.rendering import Shown
from console.station_values import model_name, place_name, station_href
from console.today_views import WaitingRow
from console.views import ConsoleViews
from console.visit import PageVisit, Visit
from csms.domain.waiting import Undecided
from provisioning.api.job_views import JobView

ROWS_SHOWN = 20
OTHERS_SHOWN = 10
FIRST = datetime.min.replace(tzinfo=UTC)
"""What waits since nobody knows when has waited the longest."""


class WaitingLine(TypedDict):
    """Something that waits: what, since when, whose turn it is, and what is to be done next."""

    name: str
    href: str
    about: str
    what: str
    way_out: str
    since: str
    turn: str
    action: str
    action_href: str


class FleetNumber(TypedDict):
    """A number with its meaning, and where those that are counted are listed."""

    number: str
    text: str
    href: str
    look: str


async def today(visit: PageVisit, views: ConsoleViews) -> Shown:
    """What waits for its reader, and for others."""
    who, words, of_today = visit.who, visit.words, views.today
    begin = int(visit.given("from")) if visit.given("from").isdecimal() else 0
    own = await of_today.waiting(who, ROWS_SHOWN, begin, is_for_others=False)
    others = await of_today.waiting(who, OTHERS_SHOWN, 0, is_for_others=True)
    lines = [(each.since or FIRST, _station_line(each, visit, views)) for each in own.rows]
    more = [] if begin else await _decisions(visit, views)
    lines = sorted(lines + more, key=lambda each: each[0])
    on = begin + ROWS_SHOWN
    values = {
        "numbers": await _numbers(visit, views),
        "jobs": [_job_line(each, visit) for each in await _jobs(visit, views)],
        "rows": [line for _, line in lines],
        "count": own.total + len(more),
        "first": TODAY if begin else "",
        "next": f"{TODAY}?{urlencode({'from': on})}" if on < own.total else "",
        "others": [_station_line(each, visit, views) for each in others.rows],
        "others_count": others.total,
        "can_wait": bool(scope_of(who, Permission.TRY_OUT)),
        "begin": [] if lines or others.total else await _beginnings(visit, views),
    }
    return Shown("today.html", "today.title", values, heading=words("today.title"))


async def _numbers(visit: Visit, views: ConsoleViews) -> list[FleetNumber]:
    words, fleet = visit.words, await views.today.fleet(visit.who)
    needs = f"{STATIONS}?{urlencode({'needs': 1})}"
    shown = [
        (fleet.stations, "stations", STATIONS, ""),
        (fleet.online, "online", STATIONS, "online"),
        (fleet.charging, "charging", STATIONS, "charging"),
        (fleet.faulted, "faulted", needs, "faulted" if fleet.faulted else ""),
        (fleet.silent, "silent", needs, "silent" if fleet.silent else ""),
    ]
    found: list[FleetNumber] = [
        {"number": words.number(count), "text": words.of("fleet_number", name), "href": href, "look": look}
        for count, name, href, look in shown
    ]
    power = words.power(fleet.power_w)
    return [*found, {"number": power, "text": words.of("fleet_number", "power"), "href": "", "look": ""}]


async def _decisions(visit: Visit, views: ConsoleViews) -> list[tuple[datetime, WaitingLine]]:
    """What is no station, one line a kind."""
    held, kept = await views.today.undecided(visit.who)
    kinds = (
        ("held", held, TRANSACTIONS),
        ("quarantined", kept, QUARANTINE),
        ("failed", views.today.failed(visit.who), ATTEMPTS),
    )
    return [_decision(name, each, href, visit, views) for name, each, href in kinds if each.count]


def _decision(
    name: str, undecided: Undecided, href: str, visit: Visit, views: ConsoleViews
) -> tuple[datetime, WaitingLine]:
    words, since = visit.words, undecided.since
    line: WaitingLine = {
        "name": words(f"undecided.{name}", count=undecided.count),
        "href": href,
        "about": "",
        "what": "",
        "way_out": words.of("undecided_way_out", name),
        "since": words.ago(since, views.today.now),
        "turn": "",
        "action": words.of("undecided_action", name),
        "action_href": href,
    }
    return since or FIRST, line


def _station_line(row: WaitingRow, visit: Visit, views: ConsoleViews) -> WaitingLine:
    words, station = visit.words, row.station
    first = station.in_the_way[0] if station.in_the_way else None
    page = (first.ways_out.page or "") if first is not None else ""
    here = station_href(station.station_id)
    action, action_href = "", ""
    if station.lifecycle == "quarantine" and views.may_adopt(visit.who):
        action, action_href = words("stations.adopt"), f"{here}/adopt"
    elif page not in ("", here) and _may_open(page, visit):
        action, action_href = words.page_of(page), page
    site, name = station.site.name if station.site is not None else "", place_name(station)
    about = (site, station.mac or station.station_id, model_name(station))
    return {
        "name": name,
        "href": here,
        "about": " · ".join(each for each in about if each not in ("", "–", name)),
        "what": first.text_in(words.language) if first is not None else "",
        "way_out": first.way_out_in(words.language) if first is not None else "",
        "since": words.ago(row.since, views.today.now),
        "turn": words.of("clearer", first.who_clears) if first is not None else "",
        "action": action,
        "action_href": action_href,
    }


def _may_open(page: str, visit: Visit) -> bool:
    entry = next((each for each in NAVIGATION if each.path == page), None)
    return entry is None or entry.is_for(visit.who)


async def _jobs(visit: Visit, views: ConsoleViews) -> Sequence[JobView]:
    """Their own, of whoever installs."""
    installing = views.installing
    if installing is None or not scope_of(visit.who, Permission.READ_JOBS):
        return ()
    return [each for each in await installing.jobs(visit.who) if not each.is_done]


def _job_line(job: JobView, visit: Visit) -> dict[str, str]:
    left = sum(not each.is_done for each in job.stops)
    return {
        "href": f"/install/jobs/{job.job_id}",
        "name": job.site,
        "day": visit.words.day(job.day),
        "state": visit.words("install.left", count=left)
        if job.is_ready
        else visit.words("install.not_ready"),
        "look": "" if job.is_ready else "waiting",
    }


async def _beginnings(visit: Visit, views: ConsoleViews) -> list[dict[str, str]]:
    """Where nothing is there yet: how one begins, as far as the reader may."""
    words, fleet = visit.words, await views.today.fleet(visit.who)
    if fleet.stations:
        return []
    steps = []
    if scope_of(visit.who, Permission.MANAGE_SITES).organisations:
        steps.append(("site", f"{SITES}/new"))
    if scope_of(visit.who, Permission.ORDER).organisations:
        steps.append(("order", "/orders/new"))
    if _may_open(ATTEMPTS, visit):
        steps.append(("connect", ATTEMPTS))
    return [
        {"text": words.of("begin", each), "action": words.of("begin_action", each), "href": href}
        for each, href in steps
    ]


ROUTES = (PageRoute(TODAY, today),)
