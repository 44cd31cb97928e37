"""Sites: which there are, whether they are open, what they cost; one with its places; its own fields."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from access.actions import Permission
from console.forms import WHOLE, FieldsWrong, TypedField, filled, read_body, refusals_at_fields
from console.page_routes import POST, PageRoute, see_other
from console.rendering import Shown
from console.site_values import (
    SITES,
    exception_lines,
    open_text,
    place_line,
    price_of,
    site_href,
    site_line,
    week_lines,
)
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from provisioning.api.bodies import SiteBody, SiteChanges
from provisioning.api.site_views import TariffAnswer
from runtime.paging import Page

ROWS_SHOWN = 50
NEW, ONE = f"{SITES}/new", f"{SITES}/{{site_id}}"
CHANGE = f"{ONE}/change"
USUAL_ZONE = "America/Toronto"
ZONES = (
    "America/St_Johns",
    "America/Halifax",
    "America/Toronto",
    "America/Winnipeg",
    "America/Regina",
    "America/Edmonton",
    "America/Vancouver",
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Zurich",
)
"""Proposed; every other IANA zone may be typed."""
TEXTS, TICKS = ("name", "address", "zone", "tariff_id"), ("is_list_exclusive", "activates_on_claim")


async def sites(visit: PageVisit, views: ConsoleViews) -> Shown:
    """By name."""
    after = visit.given("after")
    found = views.of_sites.sites(visit.who, Page(ROWS_SHOWN, after or None))
    values = {
        "rows": [site_line(each, visit.words) for each in found.rows],
        "may_make": views.of_sites.may_make(visit.who),
        "new": NEW,
        "first": SITES if after else "",
        "next": f"{SITES}?{urlencode({'after': found.after})}" if found.after else "",
    }
    return Shown("sites.html", "sites.title", values)


async def site(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One: open or not, its places, what it costs."""
    words, site_id = visit.words, _site_id(visit)
    row = views.of_sites.site(visit.who, site_id)
    may_change = views.of_sites.may(visit.who, Permission.MANAGE_SITES, site_id)
    places = views.of_sites.places(visit.who, site_id)
    values = {
        "site": row.site,
        "href": site_href(site_id),
        "is_open": row.hours.is_open,
        "open_text": open_text(row.hours, words),
        "week": week_lines(row.hours, words),
        "exceptions": exception_lines(row.hours, words),
        "price": price_of(row.tariff, words) if row.tariff is not None else "",
        "remarks": [words.as_is(each.text_in(words.language)) for each in row.site.remarks],
        "places": [place_line(each, words) for each in places],
        "plans": await views.of_plans.figures(visit.who, site_id, places, words),
        "may_change": may_change,
        "may_list": views.of_sites.may(visit.who, Permission.LIST_SITE_TOKENS, site_id),
        "is_done": bool(visit.given("done")),
    }
    return Shown("site.html", "sites.title", values, heading=row.site.name)


async def new_site(visit: PageVisit, views: ConsoleViews) -> Shown:
    """An empty form."""
    views.of_sites.check_may_make(visit.who)
    return _form(visit, views, {"zone": USUAL_ZONE, "activates_on_claim": "1"})


async def make_site(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Made; its page says what comes next."""
    typed = await visit.form()
    views.of_sites.check_may_make(visit.who)
    try:
        body = read_body(SiteBody, _fields(typed), visit.words)
        with refusals_at_fields(visit.words, "zone", "name"):
            made = await views.of_sites.add_site(visit.who, body)
    except FieldsWrong as wrong:
        return _form(visit, views, typed, wrong.faults, wrong.status)
    return see_other(f"{site_href(made)}?done=1")


async def site_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """What it is now."""
    found = views.of_sites.site(visit.who, _site_id(visit), Permission.MANAGE_SITES).site
    typed = {
        "name": found.name,
        "address": found.address or "",
        "zone": found.zone,
        "tariff_id": found.tariff_id or "",
        "is_list_exclusive": "1" if found.is_list_exclusive else "",
        "activates_on_claim": "1" if found.activates_on_claim else "",
    }
    return _form(visit, views, typed)


async def change_site(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Changed; a new tariff or time zone goes to its stations."""
    typed, site_id = await visit.form(), _site_id(visit)
    views.of_sites.site(visit.who, site_id, Permission.MANAGE_SITES)
    try:
        body = read_body(SiteChanges, _fields(typed), visit.words)
        with refusals_at_fields(visit.words, "zone", "name"):
            await views.of_sites.change_site(visit.who, site_id, body)
    except FieldsWrong as wrong:
        return _form(visit, views, typed, wrong.faults, wrong.status)
    return see_other(f"{site_href(site_id)}?done=1")


def _site_id(visit: PageVisit) -> str:
    """Empty where it is to be made."""
    return str(visit.request.path_params.get("site_id", ""))


def _fields(typed: Mapping[str, str]) -> dict[str, object]:
    """As the API takes it. An empty name or zone is one that is missing, not one that stays."""
    given = filled({name: typed.get(name, "") for name in TEXTS})
    texts = {name: given[name] or "" for name in ("name", "zone")}
    return {**given, **texts, **{name: bool(typed.get(name)) for name in TICKS}}


def _form(
    visit: PageVisit,
    views: ConsoleViews,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> Shown:
    words, wrong, site_id = visit.words, faults or {}, _site_id(visit)
    tariffs = views.of_sites.tariffs_for(visit.who, site_id)
    values = {
        "back": site_href(site_id) if site_id else SITES,
        "fields": [_field(each, typed, wrong, tariffs, words) for each in (*TEXTS, *TICKS)],
        "fault": wrong.get(WHOLE, ""),
        "is_new": not site_id,
    }
    heading = words("site.change") if site_id else words("site.new")
    return Shown("site_form.html", "sites.title", values, heading=heading, status=status)


def _field(
    name: str,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    tariffs: list[TariffAnswer],
    words: Words,
) -> TypedField:
    none = ("", words("site.no_price"))
    prices = ((each.tariff_id, f"{each.name} · {price_of(each, words)}") for each in tariffs)
    return TypedField(
        name,
        words(f"site_field.{name}"),
        typed.get(name, ""),
        faults.get(name, ""),
        hint=words.find("site_hint", name) or "",
        kind="tick" if name in TICKS else "choice" if name == "tariff_id" else "text",
        is_required=name in ("name", "zone"),
        choices=(none, *prices) if name == "tariff_id" else (),
        proposals=ZONES if name == "zone" else (),
    )


ROUTES = (
    PageRoute(SITES, sites),
    PageRoute(NEW, new_site),
    PageRoute(NEW, make_site, POST),
    PageRoute(ONE, site),
    PageRoute(CHANGE, site_form),
    PageRoute(CHANGE, change_site, POST),
)
