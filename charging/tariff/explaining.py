"""Why a session costs what it costs: minute by minute, and in the stretches that had one price.

Amounts are before taxes (with them where the tariff's prices have them), before steps and limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from charging.tariff.bill import Bill, Use
from charging.tariff.course import Activity, Course
from charging.tariff.model import FIXED, PriceElement
from charging.tariff.money import Exact

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class PricedSpan:
    """Some time of a session with one activity and the same prices. `amount` in micro-units, exact."""

    begins_at: datetime
    ends_at: datetime
    activity: Activity
    energy_mwh: Exact
    prices: tuple[PriceElement, ...]
    amount: Fraction


def minutes(found: Bill, course: Course, zone: ZoneInfo) -> Iterator[PricedSpan]:
    """Each minute of the session, counted from its start, or the parts of it that differ."""
    for use in found.uses:
        begins, left = use.stretch.begins, use.stretch.ms
        if not left:
            yield _span(use, course, zone, begins, Fraction(1))
        while left:
            ms = min(left, MINUTE_MS - begins % MINUTE_MS)
            share = Fraction(ms) / Fraction(use.stretch.ms)
            yield _span(use, course, zone, begins, share)
            begins, left = begins + ms, left - ms


def spans(found: Bill, course: Course, zone: ZoneInfo) -> tuple[PricedSpan, ...]:
    """The session in as few spans as tell its prices apart."""
    merged: list[PricedSpan] = []
    for use in found.uses:
        span = _span(use, course, zone, use.stretch.begins, Fraction(1))
        before = merged[-1] if merged else None
        if before is not None and (before.activity, before.prices) == (span.activity, span.prices):
            merged[-1] = PricedSpan(
                before.begins_at,
                span.ends_at,
                span.activity,
                before.energy_mwh + span.energy_mwh,
                span.prices,
                before.amount + span.amount,
            )
        else:
            merged.append(span)
    return tuple(merged)


def _span(use: Use, course: Course, zone: ZoneInfo, begins: Exact, share: Fraction) -> PricedSpan:
    ms, energy = use.stretch.ms * share, use.stretch.energy * share
    is_first = begins == use.stretch.begins
    return PricedSpan(
        _at(course, begins, zone),
        _at(course, begins + ms, zone),
        use.stretch.activity,
        energy,
        tuple(each for each in use.prices if is_first or each.component not in FIXED),
        sum((_amount(each, ms, energy, is_first=is_first) for each in use.prices), Fraction(0)),
    )


def _at(course: Course, ms: Exact, zone: ZoneInfo) -> datetime:
    return (course.starts_at + timedelta(microseconds=int(ms * 1000))).astimezone(zone)


def _amount(element: PriceElement, ms: Exact, energy: Exact, *, is_first: bool) -> Fraction:
    if element.component in FIXED:
        return Fraction(element.micro if is_first else 0)
    if element.component == "energy":
        return Fraction(element.micro * energy) / 1_000_000
    return Fraction(element.micro * ms) / 3_600_000
