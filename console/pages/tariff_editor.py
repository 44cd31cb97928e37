"""A new tariff: chosen among those that are ready, changed, looked at, and only then saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from starlette.responses import Response

from console.forms import WHOLE, FieldsWrong, refusals_at_fields
from console.navigation import TARIFFS
from console.page_routes import POST, PageRoute, see_other
from console.pages.tariffs import NEW
from console.rendering import Shown
from console.site_values import price_of
from console.tariff_form import (
    READY,
    begun,
    mark_of,
    preview_body,
    session_fields,
    tariff_body,
    tariff_fields,
)
from console.transaction_values import money
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from csms.domain.bill_views import BillLineAnswer
from provisioning.api.preview_views import LossAnswer, PreviewAnswer
from provisioning.api.site_views import TariffAnswer, tariff_view
from provisioning.api.tariff_bodies import TariffBody
from provisioning.records import NamedTariff
from runtime.paging import Page
from runtime.wording import FRENCH

SAVE = "save"
SITES_SHOWN = 200
MILLIPERCENT = 1000


class ReadyLine(TypedDict):
    """A ready tariff as a card."""

    href: str
    name: str
    about: str
    price: str


class Holder(TypedDict):
    """A version of OCPP or OCPI: what is lost in it, and the stations of the site that speak it."""

    name: str
    losses: list[str]
    stations: list[str]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A tariff with what a session costs by it."""

    tariff: TariffBody
    preview: PreviewAnswer


async def new_tariff(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Which one to begin with; then its form."""
    views.of_sites.check_may_make(visit.who)
    ready = visit.given("ready")
    if ready not in READY:
        values = {"back": TARIFFS, "rows": [_ready_line(each, views, visit.words) for each in READY]}
        return Shown("tariff_ready.html", "tariffs.title", values, heading=visit.words("tariff.new"))
    typed = begun(ready, views.of_sites.now.date(), visit.words)
    sites = _sites(visit, views)
    return _form(visit, views, {**typed, "ready": ready, "site_id": sites[0][0] if sites else ""})


async def make_tariff(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Looked at first: what is saved is what the preview was of."""
    views.of_sites.check_may_make(visit.who)
    typed, words, looked = await visit.form(), visit.words, None
    ready = typed.get("ready", "")
    if ready not in READY:
        return see_other(NEW)
    try:
        looked = _looked_at(visit, views, ready, typed)
        if typed.get("act") != SAVE:
            return _form(visit, views, typed, looked=looked)
        if typed.get("mark") != mark_of(looked.tariff):
            changed = FieldsWrong({WHOLE: words("tariff.look_first")})
            return _form(visit, views, typed, changed, looked)
        with refusals_at_fields(words, "name"):
            await views.of_sites.add_tariff(visit.who, looked.tariff)
    except FieldsWrong as wrong:
        return _form(visit, views, typed, wrong, looked)
    return see_other(f"{TARIFFS}?done=1")


def _looked_at(visit: PageVisit, views: ConsoleViews, ready: str, typed: Mapping[str, str]) -> LookedAt:
    """Raises FieldsWrong, and Problem for a site that is not theirs."""
    tariff = tariff_body(ready, typed, visit.words)
    wanted = preview_body(typed, tariff, visit.words)
    with refusals_at_fields(visit.words):
        return LookedAt(tariff, views.of_sites.previewed(visit.who, wanted))


def _form(
    visit: PageVisit,
    views: ConsoleViews,
    typed: Mapping[str, str],
    refused: FieldsWrong | None = None,
    looked: LookedAt | None = None,
) -> Shown:
    words, ready = visit.words, typed["ready"]
    wrong, status = (refused.faults, refused.status) if refused is not None else ({}, 200)
    values = {
        "back": NEW,
        "ready": ready,
        "about": words(f"tariff_about.{ready}"),
        "fields": tariff_fields(ready, typed, wrong, words),
        "session": session_fields(typed, wrong, _sites(visit, views), words),
        "fault": wrong.get(WHOLE, "") or (words("hours.correct_first") if wrong else ""),
        "looked": _preview_values(looked, words) if looked is not None else None,
        "mark": mark_of(looked.tariff) if looked is not None else "",
    }
    heading = words("tariff.new_of", name=words(f"tariff_ready.{ready}"))
    return Shown("tariff_editor.html", "tariffs.title", values, heading=heading, status=status)


def _sites(visit: PageVisit, views: ConsoleViews) -> list[tuple[str, str]]:
    found = views.of_sites.sites(visit.who, Page(SITES_SHOWN)).rows
    return [(each.site.site_id, each.site.name) for each in found]


def _ready_line(ready: str, views: ConsoleViews, words: Words) -> ReadyLine:
    name = words(f"tariff_ready.{ready}")
    typed = begun(ready, views.of_sites.now.date(), words)
    body = tariff_body(ready, {**typed, "name": name}, words)
    return {
        "href": f"{NEW}?ready={ready}",
        "name": name,
        "about": words(f"tariff_about.{ready}"),
        "price": price_of(_view_of(body), words) if READY[ready] else "",
    }


def _view_of(tariff: TariffBody) -> TariffAnswer:
    return tariff_view(NamedTariff(tariff.name, tariff.tariff()), [])


def _preview_values(looked: LookedAt, words: Words) -> dict[str, object]:
    found, told, is_french = looked.preview, _view_of(looked.tariff), words.language == FRENCH

    def amount(micro: int) -> str:
        return words.as_is(money(micro, found.currency, words))

    return {
        "total": words.as_is(found.total_fr if is_french else found.total_en),
        "why": words.as_is(found.why_fr if is_french else found.why_en),
        "lines": [
            (
                words.as_is(each.text_fr if is_french else each.text_en),
                _quantity(each, words),
                amount(each.net_micro),
            )
            for each in found.lines
        ],
        "taxes": [
            (each.name, _rate(each.rate_millipercent, words), amount(each.micro)) for each in found.taxes
        ],
        "texts": [("fr-CA", told.text_fr), ("en", told.text_en)],
        "holders": _holders(found, words),
        "unknown": [each.station_id for each in found.stations if each.target is None],
    }


def _rate(millipercent: int, words: Words) -> str:
    """With its decimals, if it has any."""
    digits = 3 if millipercent % MILLIPERCENT else 0
    return words("tariff.rate", rate=words.number(millipercent / MILLIPERCENT, digits))


def _quantity(line: BillLineAnswer, words: Words) -> str:
    """How much of it; nothing of what is paid once."""
    if line.unit == "Wh":
        kwh = line.quantity / 1000
        return words("tariff.kwh", count=words.number(kwh, 0 if kwh.is_integer() else 3))
    if line.unit == "s":
        minutes = line.quantity / 60
        return words("tariff.minutes", count=words.number(minutes, 0 if minutes.is_integer() else 1))
    return ""


def _holders(found: PreviewAnswer, words: Words) -> list[Holder]:
    """Each form of the tariff, those first that stations of the site speak."""
    stations: dict[str | None, list[str]] = {}
    for each in found.stations:
        stations.setdefault(each.target, []).append(each.station_id)
    rows: list[Holder] = [
        {
            "name": _holder_name(each.target, words),
            "losses": [_loss(one, words) for one in each.losses],
            "stations": stations.get(each.target, []),
        }
        for each in found.projections
    ]
    return sorted(rows, key=lambda each: not each["stations"])


def _holder_name(target: str, words: Words) -> str:
    protocol, _, release = target.rpartition("-")
    return words.as_is(f"{protocol.upper() or 'OCPP'} {release}")


def _loss(loss: LossAnswer, words: Words) -> str:
    return words.as_is(loss.fr if words.language == FRENCH else loss.en)


ROUTES = (PageRoute(NEW, new_tariff), PageRoute(NEW, make_tariff, POST))
