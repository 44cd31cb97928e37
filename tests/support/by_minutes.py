"""A price counted minute by minute, and nothing else: slow, plain, and written without a look at the engine.

Sessions are lists of minutes; a tariff's thresholds fall between minutes. It shares with `charging.tariff`
only the classes that describe a tariff.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from charging.tariff import PriceElement, Restrictions, Tariff


@dataclass(frozen=True)
class OneMinute:
    """What went on for a minute: a word of `Activity`, the energy, the power."""

    activity: str
    wh: int
    power_w: int | None = None


@dataclass
class Known:
    """What is known when a minute begins."""

    local: datetime
    wh: int
    minutes: int
    charging: int
    idle: int
    power_w: int | None
    kind: str | None


def fits(when: Restrictions, known: Known, holidays: set[date]) -> bool:
    """Whether a price under these restrictions counts in the minute."""
    day, clock = known.local.date(), known.local.hour * 60 + known.local.minute
    if when.from_time is not None or when.until_time is not None:
        begins = when.from_time.hour * 60 + when.from_time.minute if when.from_time else 0
        ends = when.until_time.hour * 60 + when.until_time.minute if when.until_time else 0
        length = (ends - begins) % 1440 or 1440
        if (clock - begins) % 1440 >= length:
            return False
    checks = [
        not when.weekdays or known.local.isoweekday() - 1 in when.weekdays,
        when.from_date is None or day >= when.from_date,
        when.until_date is None or day < when.until_date,
        when.holidays is None or (day in holidays) == (when.holidays == "only"),
        when.evse_kind is None or when.evse_kind == known.kind,
    ]
    for value, least, most in (
        (known.wh, when.min_energy_wh, when.max_energy_wh),
        (known.power_w, when.min_power_w, when.max_power_w),
        (known.minutes * 60, when.min_duration_s, when.max_duration_s),
        (known.charging * 60, when.min_charging_s, when.max_charging_s),
        (known.idle * 60, when.min_idle_s, when.max_idle_s),
    ):
        if least is not None:
            checks.append(value is not None and value >= least)
        if most is not None:
            checks.append(value is not None and value < most)
    return all(checks)


def price_by_minutes(
    tariff: Tariff, starts_at: datetime, session: list[OneMinute], kind: str | None
) -> tuple[Fraction, Fraction]:
    """(before taxes, with them), before any rounding."""
    holidays, lists = set(tariff.holidays), price_lists(tariff)
    used: dict[int, int] = defaultdict(int)
    by_id = {id(each): each for many in lists.values() for each in many}
    last: dict[str, int] = {}
    wh = charging = idle = 0
    has_charged = any(each.wh for each in session) and all(each.activity != "charging" for each in session)
    is_vain = not any(each.wh for each in session) and not tariff.is_due_in_vain
    fees: list[PriceElement] = []
    for number, minute in enumerate(session):
        is_charging = minute.activity == "charging"
        if is_charging:
            has_charged, idle = True, 0
        is_parked = minute.activity in ("suspended-ev", "suspended-evse", "connected")
        is_idle = is_parked and (
            tariff.idle_policy == "not-charging"
            or (minute.activity != "suspended-evse" and (has_charged or tariff.idle_policy == "ev-side"))
        )
        known = Known(
            wall_clock(starts_at, number, tariff.zone or "UTC"),
            wh,
            number,
            charging,
            idle,
            minute.power_w,
            kind,
        )
        counted = [("energy", minute.wh)] if minute.wh else []
        counted.append(("time", 60))
        counted += [("charging", 60)] * is_charging + [("parking", 60)] * is_parked + [("idle", 60)] * is_idle
        for component, amount in counted:
            for element in lists[component]:
                if fits(element.when, known, holidays):
                    used[id(element)] += amount
                    last["stay" if component in ("charging", "parking") else component] = id(element)
                    break
        fees += due_once(lists["session"], known, holidays, fees, is_first=number == 0) if not is_vain else []
        wh, charging, idle = wh + minute.wh, charging + is_charging, idle + is_idle
    fill_blocks(used, by_id, last)
    amounts = [(fee, Fraction(fee.micro)) for fee in fees]
    for key, value in used.items():
        unit = 1000 if by_id[key].component == "energy" else 3600
        amounts.append((by_id[key], Fraction(by_id[key].micro * value, unit)))
    return with_taxes(tariff, amounts, is_vain=is_vain)


@cache
def wall_clock(starts_at: datetime, minutes: int, zone: str) -> datetime:
    """What the clock shows so long after the start."""
    return (starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))


def price_lists(tariff: Tariff) -> dict[str, list[PriceElement]]:
    """The prices of each component, the simple one last."""
    lists: dict[str, list[PriceElement]] = defaultdict(list)
    for element in tariff.elements:
        lists[element.component].append(element)
    for component, micro in (
        ("energy", tariff.energy_micro_per_kwh),
        ("time", tariff.time_micro_per_h),
        ("session", tariff.session_micro),
    ):
        if micro:
            lists[component].append(PriceElement(component, micro))  # type: ignore[arg-type]
    if tariff.idle_micro_per_h:
        grace = Restrictions(min_idle_s=tariff.idle_grace_s or None)
        lists["idle"].append(PriceElement("idle", tariff.idle_micro_per_h, grace))
    return lists


def fill_blocks(used: dict[int, int], by_id: dict[int, PriceElement], last: dict[str, int]) -> None:
    """Fill the last block of each step."""
    for group, key in last.items():
        if by_id[key].step:
            same = ("charging", "parking") if group == "stay" else (group,)
            total = sum(value for each, value in used.items() if by_id[each].component in same)
            while total % by_id[key].step:
                total, used[key] = total + 1, used[key] + 1


def due_once(
    fees: list[PriceElement], known: Known, holidays: set[date], had: list[PriceElement], *, is_first: bool
) -> list[PriceElement]:
    """Fees that come due in this minute: the first that depends on nothing later, and all that do."""
    found: list[PriceElement] = []
    for fee in fees:
        names = [name for name in fee.when.__slots__ if name[:3] in ("min", "max")]
        is_late = any(getattr(fee.when, name) is not None for name in names)
        if any(fee is each for each in had) or not fits(fee.when, known, holidays):
            continue
        if is_late or (is_first and not any(each.when == fee.when or not late(each) for each in found)):
            found.append(fee)
    return found


def late(fee: PriceElement) -> bool:
    """Whether it waits for something in the session."""
    names = [name for name in fee.when.__slots__ if name[:3] in ("min", "max")]
    return any(getattr(fee.when, name) is not None for name in names)


def with_taxes(
    tariff: Tariff, amounts: list[tuple[PriceElement, Fraction]], *, is_vain: bool
) -> tuple[Fraction, Fraction]:
    """Taxes on each amount, stack by stack, then the limits."""
    net = gross = Fraction(0)
    for element, amount in amounts:
        taxes = [tax for tax in tariff.taxes if element.component in tax.on]
        factor = Fraction(1)
        for stack in range(2):
            factor *= 1 + Fraction(sum(tax.rate_millipercent for tax in taxes if tax.stack == stack), 100_000)
        net += amount / factor if tariff.is_tax_included else amount
        gross += amount if tariff.is_tax_included else amount * factor
    least = None if is_vain else tariff.min_micro
    limited = net
    if least is not None and limited < least:
        limited = Fraction(least)
    if tariff.max_micro is not None and limited > tariff.max_micro:
        limited = Fraction(tariff.max_micro)
    if net:
        gross *= limited / net
    elif limited:
        factor = Fraction(1)
        for stack in range(2):
            on = [tax for tax in tariff.taxes if tax.stack == stack and "session" in tax.on]
            factor *= 1 + Fraction(sum(tax.rate_millipercent for tax in on), 100_000)
        gross = limited * factor
    if tariff.max_with_tax_micro is not None and gross > tariff.max_with_tax_micro:
        gross = Fraction(tariff.max_with_tax_micro)
    return limited, gross
