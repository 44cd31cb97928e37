"""Tariffs: what there is, in words; since when; which sites have it."""

from datetime import datetime
from typing import TypedDict
from urllib.parse import urlencode

from console.navigation import TARIFFS
from console.page_routes import PageRoute
from console.rendering import Shown
from console.site_values import price_of, site_href
from console.site_views import TariffRow
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from runtime.paging import Page

ROWS_SHOWN = 50
NEW = f"{TARIFFS}/new"


class TariffLine(TypedDict):
    """A tariff as a card. `remarks` tell where it prices what is not measured."""

    name: str
    price: str
    since: str
    sites: list[tuple[str, str]]
    remarks: list[str]


async def tariffs(visit: PageVisit, views: ConsoleViews) -> Shown:
    """By name."""
    after = visit.given("after")
    found = views.of_sites.tariff_rows(visit.who, Page(ROWS_SHOWN, after or None))
    values = {
        "rows": [tariff_line(each, visit.words) for each in found.rows],
        "may_make": views.of_sites.may_make(visit.who),
        "new": NEW,
        "first": TARIFFS if after else "",
        "next": f"{TARIFFS}?{urlencode({'after': found.after})}" if found.after else "",
        "is_done": bool(visit.given("done")),
    }
    return Shown("tariffs.html", "tariffs.title", values)


def tariff_line(row: TariffRow, words: Words) -> TariffLine:
    """A tariff as a card."""
    return {
        "name": row.tariff.name,
        "price": price_of(row.tariff, words),
        "since": words("tariffs.since", day=_day(row.since, words)) if row.since is not None else "",
        "sites": [(site_href(site_id), name) for site_id, name in row.sites],
        "remarks": [words.as_is(each.text_in(words.language)) for each in row.tariff.remarks],
    }


def _day(at: datetime, words: Words) -> str:
    """By the calendar, in UTC as elsewhere where no site is."""
    return words.as_is(words.instant(at.isoformat())[:10])


ROUTES = (PageRoute(TARIFFS, tariffs),)
