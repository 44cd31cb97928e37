"""What stations did and earned in a time, summed up in whole days of their sites' own zones. Pure.

Sums are integers: the order in which sessions come, and how many pages they come in, changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

WATT_HOUR = 1000
"""In mWh, in which energy is summed."""
KILOWATT_HOUR = 1_000_000


class ReportBy(StrEnum):
    """What a line is about."""

    STATION = "station"
    PLACE = "place"
    SITE = "site"
    ORGANISATION = "organisation"


class ReportPeriod(StrEnum):
    """How long a line is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """Where a station is. `zone` None is UTC: it is at no place."""

    station_id: str
    organisation_id: str
    zone: ZoneInfo | None = None
    place_id: str = ""
    place: str = ""
    site_id: str = ""
    site: str = ""

    def key(self, by: ReportBy) -> tuple[str, str]:
        """The id and the name of what a line is about."""
        if by is ReportBy.STATION:
            return self.station_id, self.place or self.station_id
        if by is ReportBy.PLACE:
            return self.place_id, self.place
        if by is ReportBy.SITE:
            return self.site_id, self.site
        return self.organisation_id, self.organisation_id

    def day(self, at: datetime) -> date:
        """The day of an instant there."""
        return at.astimezone(self.zone or UTC).date()


@dataclass(frozen=True, slots=True)
class ReportedSession:
    """A session that is over. `cost_micro` is None without a price."""

    started_at: datetime
    ended_at: datetime
    energy_wh: float | None = None
    cost_micro: int | None = None
    currency: str | None = None
    is_provisional: bool = False
    """A person has still to decide about it."""


@dataclass(frozen=True, slots=True)
class ReportWanted:
    """Days `since` to `until`, both included, in lines of a period about something. The energy's price is in
    micro-units of the currency; the factor is what a kWh charged avoids, in grams of CO₂.
    """

    since: date
    until: date
    by: ReportBy = ReportBy.SITE
    period: ReportPeriod = ReportPeriod.WHOLE
    energy_price_micro: int | None = None
    avoided_g_per_kwh: Fraction | None = None

    def first_day(self, day: date) -> date:
        """With which its line begins; never before the report."""
        begins = {
            ReportPeriod.DAY: day,
            ReportPeriod.WEEK: day - timedelta(days=day.weekday()),
            ReportPeriod.MONTH: day.replace(day=1),
            ReportPeriod.WHOLE: self.since,
        }[self.period]
        return max(begins, self.since)


@dataclass(slots=True)
class ReportLine:
    """The sums of one line. `revenue` is in micro-units by currency; sessions without a price are in none."""

    about_id: str
    about: str
    begins: date
    sessions: int = 0
    provisional: int = 0
    energy_mwh: int = 0
    seconds: int = 0
    revenue: dict[str, int] = field(default_factory=dict)

    @property
    def energy_wh(self) -> int:
        """In whole Wh, half of one counted as one."""
        return _rounded(Fraction(self.energy_mwh, WATT_HOUR))

    def energy_cost_micro(self, wanted: ReportWanted) -> int | None:
        """What the energy cost who runs the stations; None where nobody said what a kWh costs."""
        if wanted.energy_price_micro is None:
            return None
        return _rounded(Fraction(self.energy_mwh * wanted.energy_price_micro, KILOWATT_HOUR))

    def avoided_g(self, wanted: ReportWanted) -> int | None:
        """How many grams of CO₂ it avoided; None without a factor."""
        if wanted.avoided_g_per_kwh is None:
            return None
        return _rounded(Fraction(self.energy_mwh, KILOWATT_HOUR) * wanted.avoided_g_per_kwh)


class UsageReport:
    """Takes sessions in, and tells its lines."""

    def __init__(self, wanted: ReportWanted) -> None:
        self.wanted = wanted
        self._lines: dict[tuple[str, date], ReportLine] = {}

    def add(self, place: ReportPlace, session: ReportedSession) -> bool:
        """Count a session that began in the time; False for any other."""
        day = place.day(session.started_at)
        if not self.wanted.since <= day <= self.wanted.until:
            return False
        about_id, about = place.key(self.wanted.by)
        begins = self.wanted.first_day(day)
        line = self._lines.setdefault((about_id, begins), ReportLine(about_id, about, begins))
        line.sessions += 1
        line.provisional += session.is_provisional
        line.energy_mwh += round((session.energy_wh or 0.0) * WATT_HOUR)
        line.seconds += max(0, round((session.ended_at - session.started_at).total_seconds()))
        if session.cost_micro is not None and session.currency is not None:
            line.revenue[session.currency] = line.revenue.get(session.currency, 0) + session.cost_micro
        return True

    def lines(self) -> list[ReportLine]:
        """By what they are about, then by period."""
        return sorted(self._lines.values(), key=lambda each: (each.about, each.about_id, each.begins))


def summed(wanted: ReportWanted, sessions: Iterable[tuple[ReportPlace, ReportedSession]]) -> list[ReportLine]:
    """The lines of all these sessions."""
    report = UsageReport(wanted)
    for place, session in sessions:
        report.add(place, session)
    return report.lines()


def _rounded(value: Fraction) -> int:
    """Half away from zero."""
    return int(value + Fraction(1, 2)) if value >= 0 else -int(-value + Fraction(1, 2))
