"""When a price holds: all restrictions of it at each instant (OCPI TariffRestrictions, OCPP 2.1
TariffConditionsType).

Times of day are the wall clock's, also where it is changed (OCPP 2.1 I12.FR.37): what comes twice holds
twice, what is skipped does not hold. Least values are included, most values are not.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Literal, NamedTuple

from charging.tariff.money import Exact

EvseKind = Literal["AC", "DC"]
HolidayRule = Literal["only", "never"]
ReservationUse = Literal["used", "expired"]


class RestrictionsInvalid(ValueError):  # noqa: N818 - named by what is wrong
    """No instant can meet all of them; the text names the field."""


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What must hold so that a price does; nothing set: always.

    `until_time` at or before `from_time` reaches into the next day, and 00:00 is the end of the day: a
    weekday or a date is asked at each instant, so Friday 22:00–06:00 ends with Friday. `weekdays`: 0 is
    Monday. `until_date` is the first day that it does not hold any more. Durations are from the start of the
    transaction; `charging` counts what it charged, `idle` the idle period that goes on. `reservation` is for
    prices of reservations. Raises RestrictionsInvalid.
    """

    from_time: time | None = None
    until_time: time | None = None
    weekdays: frozenset[int] = frozenset()
    from_date: date | None = None
    until_date: date | None = None
    holidays: HolidayRule | None = None
    evse_kind: EvseKind | None = None
    min_energy_wh: int | None = None
    max_energy_wh: int | None = None
    min_power_w: int | None = None
    max_power_w: int | None = None
    min_current_ma: int | None = None
    max_current_ma: int | None = None
    min_duration_s: int | None = None
    max_duration_s: int | None = None
    min_charging_s: int | None = None
    max_charging_s: int | None = None
    min_idle_s: int | None = None
    max_idle_s: int | None = None
    reservation: ReservationUse | None = None

    def __post_init__(self) -> None:
        if not self.weekdays <= WEEK:
            raise RestrictionsInvalid("weekdays must be numbers from 0 (Monday) to 6")
        for name in _MEASURED:
            least, most = getattr(self, f"min_{name}"), getattr(self, f"max_{name}")
            if (least is not None and least < 0) or (most is not None and most <= (least or 0)):
                raise RestrictionsInvalid(f"max_{name} must be above min_{name}, and both above zero")
        if self.from_date is not None and self.until_date is not None and self.until_date <= self.from_date:
            raise RestrictionsInvalid("until_date must be after from_date: it is the first day without")

    @property
    def has_clock(self) -> bool:
        """Whether the time of day matters."""
        return self.from_time is not None or self.until_time is not None

    @property
    def has_day(self) -> bool:
        """Whether it matters which day it is."""
        days = (self.from_date, self.until_date, self.holidays)
        return bool(self.weekdays) or any(each is not None for each in days)

    @property
    def has_course(self) -> bool:
        """Whether it matters what has happened since the start: such a fixed price may come due later."""
        names = (f"{end}_{name}" for name in _MEASURED for end in ("min", "max"))
        return any(getattr(self, name) is not None for name in names)


_MEASURED = ("energy_wh", "power_w", "current_ma", "duration_s", "charging_s", "idle_s")
WEEK = frozenset(range(7))
ALWAYS = Restrictions()
NAMES = tuple(each.name for each in fields(Restrictions))


class Circumstances(NamedTuple):
    """What an instant is like. Energies in mWh and times in ms, as of a course; None: not known."""

    local: datetime
    is_holiday: bool = False
    evse_kind: EvseKind | None = None
    energy: Exact = 0
    power_w: int | None = None
    current_ma: int | None = None
    duration: Exact = 0
    charging: Exact = 0
    idle: Exact = 0
    reservation: ReservationUse | None = None


def allows(restrictions: Restrictions, now: Circumstances) -> bool:
    """Whether all hold. What is not known does not."""
    if restrictions is ALWAYS:
        return True
    return _allows_calendar(restrictions, now) and _allows_course(restrictions, now)


def _allows_calendar(wanted: Restrictions, now: Circumstances) -> bool:
    if wanted.has_clock and not is_within(now.local.time(), wanted.from_time, wanted.until_time):
        return False
    if wanted.has_day and not _allows_day(wanted, now.local.date(), is_holiday=now.is_holiday):
        return False
    if wanted.evse_kind is not None and wanted.evse_kind != now.evse_kind:
        return False
    # A price for reservations that expired holds for no other; one for any holds for those too (OCPI
    # ReservationRestrictionType).
    return wanted.reservation is None or wanted.reservation == now.reservation


def _allows_day(wanted: Restrictions, today: date, *, is_holiday: bool) -> bool:
    if wanted.weekdays and today.weekday() not in wanted.weekdays:
        return False
    if wanted.from_date is not None and today < wanted.from_date:
        return False
    if wanted.until_date is not None and today >= wanted.until_date:
        return False
    return wanted.holidays is None or (wanted.holidays == "only") is is_holiday


def _allows_course(wanted: Restrictions, now: Circumstances) -> bool:
    return (
        _between(now.energy, wanted.min_energy_wh, wanted.max_energy_wh, 1000)
        and _between(now.power_w, wanted.min_power_w, wanted.max_power_w)
        and _between(now.current_ma, wanted.min_current_ma, wanted.max_current_ma)
        and _between(now.duration, wanted.min_duration_s, wanted.max_duration_s, 1000)
        and _between(now.charging, wanted.min_charging_s, wanted.max_charging_s, 1000)
        and _between(now.idle, wanted.min_idle_s, wanted.max_idle_s, 1000)
    )


def _between(value: Exact | None, least: int | None, most: int | None, unit: int = 1) -> bool:
    if least is None and most is None:
        return True
    if value is None or (least is not None and value < least * unit):
        return False
    return most is None or value < most * unit


def is_within(now: time, from_time: time | None, until_time: time | None) -> bool:
    """Whether the wall clock is in a part of the day, that may reach over midnight."""
    begins, ends = from_time or time(0), until_time or time(0)
    if begins < ends:
        return begins <= now < ends
    return now >= begins or now < ends
