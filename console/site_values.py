"""Sites in words: whether they are open, until when, their week, their price."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_day_names

from console.site_views import SiteRow
from console.words import Words
from provisioning.api.site_views import HoursNowAnswer, PeriodAnswer, PlaceAnswer, TariffAnswer
from runtime.wording import FRENCH

SITES = "/sites"


class SiteLine(TypedDict):
    """A site as a card."""

    href: str
    name: str
    address: str
    is_open: bool
    open_text: str
    price: str
    places: str


class PlaceLine(TypedDict):
    """A place as a row; `station` is empty while it waits for one."""

    href: str
    name: str
    floor: str
    station: str
    pin: str


def site_href(site_id: str) -> str:
    """Its page."""
    return f"{SITES}/{quote(site_id, safe='')}"


def place_href(place_id: str) -> str:
    """Where a place is changed."""
    return f"/places/{quote(place_id, safe='')}"


def babel_locale(words: Words) -> str:
    """As Babel names it."""
    return words.locale.replace("-", "_")


def site_line(row: SiteRow, words: Words) -> SiteLine:
    """A site as a card."""
    return {
        "href": site_href(row.site.site_id),
        "name": row.site.name,
        "address": row.site.address or "",
        "is_open": row.hours.is_open,
        "open_text": open_text(row.hours, words),
        "price": price_of(row.tariff, words) if row.tariff is not None else words("site.no_price"),
        "places": words("site.places_count", places=row.places, stations=row.stations),
    }


def place_line(place: PlaceAnswer, words: Words) -> PlaceLine:
    """A place as a row."""
    is_pinned = place.latitude is not None and place.longitude is not None
    unpinned = words("place.no_pin" if place.plan_x is None else "place.on_plan")
    return {
        "href": place_href(place.place_id),
        "name": place.name,
        "floor": words("place.on_floor", floor=place.floor) if place.floor else "",
        "station": place.station_id or "",
        "pin": f"{place.latitude:.5f}, {place.longitude:.5f}" if is_pinned else unpinned,
    }


def price_of(tariff: TariffAnswer, words: Words) -> str:
    """As drivers read it."""
    return words.as_is(tariff.text_fr if words.language == FRENCH else tariff.text_en)


def open_text(hours: HoursNowAnswer, words: Words) -> str:
    """Whether it is open now, and what comes next, in the site's own time."""
    if hours.changes_at is None:
        return words("hours.always_open" if hours.is_open else "hours.always_closed")
    at = local_text(datetime.fromisoformat(hours.changes_at), hours.zone, words)
    return words("hours.open_until" if hours.is_open else "hours.closed_until", at=at)


def local_text(at: datetime, zone: str, words: Words) -> str:
    """An instant in a zone's own time, with its weekday."""
    locale = babel_locale(words)
    return words.as_is(format_datetime(at, "EEE d MMM, HH:mm", tzinfo=ZoneInfo(zone), locale=locale))


def day_names(words: Words) -> list[str]:
    """Monday first."""
    names = get_day_names("wide", "stand-alone", babel_locale(words))
    return [words.as_is(names[number].capitalize()) for number in range(7)]


def week_lines(hours: HoursNowAnswer, words: Words) -> list[tuple[str, str]]:
    """Each day with its periods; empty where it is always open."""
    if hours.weekly is None:
        return []
    return [(name, day_text(day, words)) for name, day in zip(day_names(words), hours.weekly, strict=True)]


def exception_lines(hours: HoursNowAnswer, words: Words) -> list[tuple[str, str]]:
    """The days that are different."""
    return [(date_text(day, words), day_text(each, words)) for day, each in hours.exceptions.items()]


def date_text(day: str, words: Words) -> str:
    """A date for people."""
    return words.as_is(format_date(datetime.fromisoformat(day), "EEE d MMM y", locale=babel_locale(words)))


def day_text(periods: Sequence[PeriodAnswer], words: Words) -> str:
    """When it is open on a day; what ends on the next one says so."""
    return ", ".join(_period_text(each, words) for each in periods) or words("hours.closed")


def _period_text(period: PeriodAnswer, words: Words) -> str:
    if period.opens == period.closes == "00:00":
        return words("hours.all_day")
    is_over_midnight = period.closes <= period.opens and period.closes != "00:00"
    key = "hours.period_overnight" if is_over_midnight else "hours.period"
    return words(key, opens=period.opens, closes=period.closes)
