"""A form of a week: opening hours as they are typed, day by day, and the days that are different.

Fields: `open` (`always` or `weekly`); `w0-0-opens` and `w0-0-closes` (day from Monday, period);
`x0-date`, `x0-0-opens` … (a day that is different). An empty period counts for nothing; a date without one is
a day on which it is closed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from console.words import Words
from provisioning.api.site_views import HoursAnswer, PeriodAnswer

DAYS = 7
MOST_PERIODS = 12
"""Of a day."""
MOST_EXCEPTIONS = 400
WEEKLY = "weekly"
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hH]\s*(\d{2})?)?")


@dataclass(frozen=True, slots=True)
class TypedPeriod:
    """A period as it was typed."""

    opens: str = ""
    closes: str = ""
    fault: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nobody typed anything."""
        return not self.opens and not self.closes


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day: of the week, or a date that is different."""

    periods: tuple[TypedPeriod, ...] = ()
    date: str = ""
    fault: str = ""

    @property
    def shown(self) -> tuple[TypedPeriod, ...]:
        """With one to fill in where there is none."""
        return self.periods or (TypedPeriod(),)

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be corrected."""
        return bool(self.fault) or any(each.fault for each in self.periods)


@dataclass(frozen=True, slots=True)
class TypedHours:
    """What a form says."""

    is_always: bool
    week: tuple[TypedDay, ...]
    exceptions: tuple[TypedDay, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether something has to be corrected; a week that does not count is not looked at."""
        return any(each.is_wrong for each in (*self.exceptions, *(() if self.is_always else self.week)))

    @property
    def shown_exceptions(self) -> tuple[TypedDay, ...]:
        """With one more to fill in."""
        return (*self.exceptions, TypedDay())

    def same_on_all_days(self) -> "TypedHours":
        """Every day as Monday."""
        return replace(self, week=(self.week[0],) * DAYS)

    def with_one_more(self, day: str) -> "TypedHours":
        """Another period to fill in on this day, `w0` or `x0`."""
        kind, number = day[:1], day[1:]
        days = self.week if kind == "w" else self.shown_exceptions
        if not number.isdecimal() or int(number) >= len(days):
            return self
        old = days[int(number)]
        more = replace(old, periods=(*old.shown, TypedPeriod()))
        changed = tuple(more if place == int(number) else each for place, each in enumerate(days))
        return replace(self, week=changed) if kind == "w" else replace(self, exceptions=changed)

    def as_body(self) -> Mapping[str, object]:
        """What PUT /sites/{id}/hours takes."""
        weekly = None if self.is_always else [_as_json(each) for each in self.week]
        return {"weekly": weekly, "exceptions": {each.date: _as_json(each) for each in self.exceptions}}


def typed_from(hours: HoursAnswer) -> TypedHours:
    """The form of what holds."""
    week = hours.weekly if hours.weekly is not None else ((),) * DAYS
    exceptions = (TypedDay(_periods(each), day) for day, each in hours.exceptions.items())
    return TypedHours(
        hours.weekly is None, tuple(TypedDay(_periods(each)) for each in week), tuple(exceptions)
    )


def typed_in(form: Mapping[str, str], words: Words) -> TypedHours:
    """What somebody typed, with what is wrong with it."""
    week = tuple(_checked_day(_day(form, f"w{number}"), words) for number in range(DAYS))
    typed = [_day(form, f"x{number}") for number in range(MOST_EXCEPTIONS)]
    days = [each for each in typed if each.date or each.periods]
    dates = [each.date for each in days]
    exceptions = (_checked_exception(each, dates, words) for each in days)
    return TypedHours(form.get("open") != WEEKLY, week, tuple(exceptions))


def _day(form: Mapping[str, str], name: str) -> TypedDay:
    def typed_at(field: str) -> str:
        return form.get(f"{name}-{field}", "").strip()

    ends = ((typed_at(f"{number}-opens"), typed_at(f"{number}-closes")) for number in range(MOST_PERIODS))
    typed = (TypedPeriod(opens, closes) for opens, closes in ends)
    return TypedDay(tuple(each for each in typed if not each.is_empty), typed_at("date"))


def _checked_day(day: TypedDay, words: Words) -> TypedDay:
    return replace(day, periods=tuple(_checked_period(each, words) for each in day.periods))


def _checked_exception(day: TypedDay, dates: list[str], words: Words) -> TypedDay:
    fault = ""
    try:
        date.fromisoformat(day.date)
    except ValueError:
        fault = words("hours.no_date")
    if not fault and dates.count(day.date) > 1:
        fault = words("hours.date_twice")
    return replace(_checked_day(day, words), fault=fault)


def _checked_period(period: TypedPeriod, words: Words) -> TypedPeriod:
    """Both ends, by the minute; `8h`, `8:00` and `08:00` are the same."""
    if not period.opens or not period.closes:
        return replace(period, fault=words("hours.both_ends"))
    opens, closes = minute_text(period.opens), minute_text(period.closes)
    if opens is None or closes is None:
        return replace(period, fault=words("hours.no_time"))
    return TypedPeriod(opens, closes)


def minute_text(text: str) -> str | None:
    """`HH:MM`; 24:00 is midnight. None for what is no time."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if (hour, minute) == (24, 0):
        return "00:00"
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _periods(periods: tuple[PeriodAnswer, ...]) -> tuple[TypedPeriod, ...]:
    return tuple(TypedPeriod(each.opens, each.closes) for each in periods)


def _as_json(day: TypedDay) -> list[dict[str, str]]:
    return [{"opens": each.opens, "closes": each.closes} for each in day.periods]
