"""GET /reports/usage: what stations delivered, earned and avoided, as JSON or CSV."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Query, Response

from access.actions import Permission, scope_of
from charging.usage_report import (
    ReportBy,
    ReportedSession,
    ReportLine,
    ReportPeriod,
    ReportPlace,
    ReportWanted,
    UsageReport,
)
from csms.api.ports import ApiParts
from csms.api.roles import Lister
from csms.api.stations import resolved
from csms.domain.flags import TEST
from csms.domain.records import TransactionRecord, TransactionsWanted
from csms.domain.reviews import Review
from ocppj.vocabulary import StationId
from provisioning.known_facts import KnownFacts
from provisioning.owners import SiteOwners
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.views import View
from runtime.wording import Phrase, WayOut

READ_AT_ONCE = 1000
READS_MOST = 200
"""Transactions in one read, and reads for one report."""
ZONES_DIFFER = timedelta(days=1)
"""A day of any zone begins and ends at most so far from that of UTC."""
USUAL_DAYS = timedelta(days=29)
LAST_NUMBER = 2**62
HEADINGS = (
    "id",
    "name",
    "begins",
    "sessions",
    "provisional",
    "energy_wh",
    "seconds",
    "currency",
    "revenue_micro",
    "energy_cost_micro",
    "avoided_g",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for one at the beginning of a cell."""


class RevenueAnswer(View, frozen=True, kw_only=True):
    """What was earned in a currency, in millionths of it."""

    currency: str
    micro: int


class ReportLineAnswer(View, frozen=True, kw_only=True):
    """A line: about the station, place, site or organisation `id`, from the day `begins` on. `provisional` of
    its sessions may still change.
    """

    id: str
    name: str
    begins: str
    sessions: int
    provisional: int
    energy_wh: int
    seconds: int
    revenue: tuple[RevenueAnswer, ...]
    energy_cost_micro: int | None
    avoided_g: int | None


class UsageReportAnswer(View, frozen=True, kw_only=True):
    """The lines, and what they were made with: days are those of each site's own zone."""

    since: str
    until: str
    by: str
    period: str
    energy_price_micro: int | None
    avoided_g_per_kwh: float | None
    avoided_source: str | None
    lines: tuple[ReportLineAnswer, ...]


ANSWERS: dict[str, Any] = {"GET /api/v1/reports/usage": UsageReportAnswer}
"""By route."""
CSV = "text/csv"
Price = Annotated[int | None, Query(ge=0, le=10**9, description="Millionths of the currency for a kWh.")]
Factor = Annotated[float | None, Query(ge=0, le=10_000, description="Grams of CO2 that a kWh avoids.")]
Source = Annotated[str | None, Query(min_length=1, max_length=200, description="Where the factor is from.")]


def build_reports_router(parts: ApiParts, known: KnownFacts) -> ApiRouter:
    """The routes of reports."""
    router = ApiRouter()
    place_of = _places(known)

    @router.get("/reports/usage", responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}})
    async def usage(
        *,
        who: Lister,
        since: date | None = None,
        until: date | None = None,
        by: ReportBy = ReportBy.SITE,
        period: ReportPeriod = ReportPeriod.WHOLE,
        station: str | None = None,
        site: str | None = None,
        energy_price_micro: Price = None,
        avoided_g_per_kwh: Factor = None,
        avoided_source: Source = None,
        format: Literal["json", "csv"] = "json",  # noqa: A002 - the word of the URL
    ) -> Response:
        """Energy, revenue, energy cost and avoided CO₂ of the days from `since` to `until`.

        The last thirty days where none are given. Sessions that ended, by the day on which they began in the
        zone of their site; tests and what was declared void are in none. Where a factor is given, its source
        is, too.
        """
        last = until or parts.clock.now().date()
        first = since or last - USUAL_DAYS
        if (avoided_g_per_kwh is None) is not (avoided_source is None):
            raise _source_missing()
        factor = Fraction(str(avoided_g_per_kwh)) if avoided_g_per_kwh is not None else None
        report = UsageReport(ReportWanted(first, last, by, period, energy_price_micro, factor))
        wanted = TransactionsWanted(
            station_id=resolved(parts, station) if station is not None else None,
            is_open=False,
            scope=scope_of(who, Permission.READ),
        )
        await _sum_up(parts, report, wanted, lambda each: _of_site(place_of(each), site))
        if format == "csv":
            name = f"usage-{first.isoformat()}-{last.isoformat()}.csv"
            told = {"content-disposition": f'attachment; filename="{name}"'}
            return Response(csv_of(report), headers=told, media_type=f"{CSV}; charset=utf-8")
        return json_response(_view(report, avoided_source))

    return router


async def _sum_up(
    parts: ApiParts,
    report: UsageReport,
    wanted: TransactionsWanted,
    place_of: Callable[[StationId], ReportPlace | None],
) -> None:
    """Read newest first, from the end of the time to its beginning. Raises Problem 422."""
    begins = datetime.combine(report.wanted.since, time(), UTC) - ZONES_DIFFER
    after = datetime.combine(report.wanted.until, time(), UTC) + 2 * ZONES_DIFFER, LAST_NUMBER
    for _ in range(READS_MOST):
        found = await parts.records.transactions(wanted, READ_AT_ONCE, after)
        for each in found:
            place = place_of(each.station_id)
            if place is not None and (session := _session(each)) is not None:
                report.add(place, session)
        if len(found) < READ_AT_ONCE or found[-1].started_at < begins:
            return
        after = found[-1].started_at, found[-1].transaction_no
    raise _too_many()


def _session(record: TransactionRecord) -> ReportedSession | None:
    if record.ended_at is None or TEST in record.flags or record.review is Review.VOID:
        return None
    return ReportedSession(
        record.started_at,
        record.ended_at,
        record.energy_wh,
        record.cost_micro,
        record.currency,
        record.is_provisional,
    )


def _places(known: KnownFacts) -> Callable[[StationId], ReportPlace]:
    owners = SiteOwners(known)

    def place_of(station_id: StationId) -> ReportPlace:
        """Where it is now: what it did before it came there is told there too."""
        place, site = known.place_of(station_id), known.site_of(station_id)
        organisation_id = owners.of_station(station_id).organisation_id
        if place is None or site is None:
            return ReportPlace(station_id, organisation_id)
        zone = ZoneInfo(site.zone)
        return ReportPlace(
            station_id, organisation_id, zone, place.place_id, place.name, site.site_id, site.name
        )

    return place_of


def _of_site(place: ReportPlace, site_id: str | None) -> ReportPlace | None:
    return place if site_id in (None, place.site_id) else None


def _view(report: UsageReport, source: str | None) -> UsageReportAnswer:
    wanted = report.wanted
    return UsageReportAnswer(
        since=wanted.since.isoformat(),
        until=wanted.until.isoformat(),
        by=wanted.by.value,
        period=wanted.period.value,
        energy_price_micro=wanted.energy_price_micro,
        avoided_g_per_kwh=float(wanted.avoided_g_per_kwh) if wanted.avoided_g_per_kwh is not None else None,
        avoided_source=source,
        lines=tuple(_line(wanted, each) for each in report.lines()),
    )


def _line(wanted: ReportWanted, line: ReportLine) -> ReportLineAnswer:
    return ReportLineAnswer(
        id=line.about_id,
        name=line.about,
        begins=line.begins.isoformat(),
        sessions=line.sessions,
        provisional=line.provisional,
        energy_wh=line.energy_wh,
        seconds=line.seconds,
        revenue=tuple(
            RevenueAnswer(currency=each, micro=line.revenue[each]) for each in sorted(line.revenue)
        ),
        energy_cost_micro=line.energy_cost_micro(wanted),
        avoided_g=line.avoided_g(wanted),
    )


def csv_of(report: UsageReport) -> str:
    """The lines for a spreadsheet; one of several currencies has a row for each, the first with the rest."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADINGS)
    for line in report.lines():
        rows.writerows(_rows(report.wanted, line))
    return text.getvalue()


def _rows(wanted: ReportWanted, line: ReportLine) -> Iterable[list[object]]:
    cells = _cell(line.about_id), _cell(line.about), line.begins.isoformat()
    counts = line.sessions, line.provisional, line.energy_wh, line.seconds
    costs = line.energy_cost_micro(wanted), line.avoided_g(wanted)
    first, *others = sorted(line.revenue.items()) or [("", 0)]
    yield [*cells, *counts, *first, *costs]
    for currency, micro in others:
        yield [*cells, *[""] * len(counts), currency, micro, *[""] * len(costs)]


def _cell(text: str) -> str:
    """A name that begins like a formula is none."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _source_missing() -> Problem:
    return Problem(
        422,
        "avoided_source_missing",
        Phrase(
            "Un facteur de CO₂ évité et sa source vont ensemble",
            "A factor of avoided CO₂ and its source belong together",
        ),
        WayOut(
            "Donnez avoided_g_per_kwh et avoided_source, ou aucun des deux.",
            "Give avoided_g_per_kwh and avoided_source, or neither.",
        ),
    )


def _too_many() -> Problem:
    most = READ_AT_ONCE * READS_MOST
    return Problem(
        422,
        "report_too_long",
        Phrase(f"Plus de {most} recharges dans ces jours", f"More than {most} transactions in these days"),
        WayOut("Demandez moins de jours, ou une seule borne.", "Ask for fewer days, or for one station."),
    )
