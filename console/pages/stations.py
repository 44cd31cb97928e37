"""Stations: which are there, how they are, and which of them needs somebody."""

from urllib.parse import urlencode

from console.navigation import STATIONS
from console.page_routes import PageRoute
from console.rendering import Shown
from console.station_values import station_row
from console.views import ConsoleViews
from console.visit import PageVisit
from csms.domain.station_lists import StationsWanted

ROWS_SHOWN = 50
LONGEST_SEARCH = 100
FILTERS = ("q", "needs", "state", "site")


async def stations(visit: PageVisit, views: ConsoleViews) -> Shown:
    """A part of the list."""
    words, who = visit.words, visit.who
    given = {name: visit.given(name)[:LONGEST_SEARCH] for name in FILTERS}
    after = visit.given("after")
    found = await views.stations(_wanted(given), after or None, ROWS_SHOWN, who)
    may_adopt = views.may_adopt(who)
    rows = [station_row(each, words, may_adopt=may_adopt) for each in found.rows]
    kept = {name: text for name, text in given.items() if text}
    values = {
        "rows": rows,
        "given": given,
        "is_filtered": bool(kept),
        "total": found.total,
        "online": found.online,
        "states": [(each, words.of("lifecycle", each)) for each in views.lifecycles],
        "sites": views.sites(who),
        "first": f"{STATIONS}?{urlencode(kept)}" if after else "",
        "next": f"{STATIONS}?{urlencode({**kept, 'after': rows[-1]['id']})}" if found.is_more else "",
    }
    return Shown("stations.html", "stations.title", values)


def _wanted(given: dict[str, str]) -> StationsWanted:
    return StationsWanted(
        text=given["q"],
        is_blocked=True if given["needs"] else None,
        lifecycle=given["state"] or None,
        site_id=given["site"] or None,
    )


ROUTES = (PageRoute(STATIONS, stations),)
