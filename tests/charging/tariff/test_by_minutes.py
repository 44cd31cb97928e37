"""The engine against a price counted minute by minute, in 10,000 sessions under tariffs made by chance."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any

import pytest

from charging.tariff import Activity, Course, CoursePart, PriceElement, Restrictions, Tariff, Tax, bill
from tests.support.by_minutes import OneMinute, price_by_minutes

CASES, SEEDS = 2_000, range(5)
ZONE = "America/Montreal"
STARTS = (
    datetime(2026, 3, 8, 6, 40, tzinfo=UTC),  # 01:40, twenty minutes before the clocks go forward
    datetime(2026, 11, 1, 5, 35, tzinfo=UTC),  # 01:35, before they go back
    datetime(2026, 1, 10, 4, 45, tzinfo=UTC),  # Friday, 23:45
    datetime(2026, 6, 24, 3, 50, tzinfo=UTC),  # ten minutes before a holiday
    datetime(2026, 6, 16, 15, 0, tzinfo=UTC),
)
CLOCKS = (time(0), time(1, 45), time(2, 10), time(3, 5), time(11, 10), time(23, 50))
HOLIDAY = date(2026, 6, 24)
ACTIVITIES = tuple(each.value for each in Activity)
COMPONENTS = ("energy", "time", "charging", "parking", "idle", "session")
UNIT_WH = 50


def restrictions(dice: random.Random) -> Restrictions:
    """None to two of them, on edges that fall between minutes."""
    found: dict[str, Any] = {}
    for name in dice.sample(range(9), dice.choice((0, 1, 1, 2))):
        least = dice.randrange(0, 8)
        most = least + dice.randrange(1, 12)
        match name:
            case 0 | 1:
                found |= {"from_time": dice.choice(CLOCKS), "until_time": dice.choice(CLOCKS)}
            case 2:
                found["weekdays"] = frozenset(dice.sample(range(7), 4))
            case 3:
                found["holidays"] = dice.choice(("only", "never"))
            case 4:
                found |= {"min_energy_wh": least * UNIT_WH, "max_energy_wh": most * UNIT_WH}
            case 5:
                found |= {"min_power_w": least * 1000, "max_power_w": most * 1000}
            case 6:
                found |= {"min_duration_s": least * 60, "max_duration_s": most * 60}
            case 7:
                found |= {"min_charging_s": least * 60, "max_charging_s": most * 60}
            case _:
                found |= {"min_idle_s": least * 60, "evse_kind": dice.choice(("AC", "DC"))}
    return Restrictions(**found)


def tariff(dice: random.Random) -> Tariff:
    """Some of everything."""
    elements = tuple(
        PriceElement(
            component,  # type: ignore[arg-type]
            dice.randrange(0, 5_000_000),
            restrictions(dice),
            0 if component == "session" else dice.choice((0, 0, 60, 300, 900)),
        )
        for component in dice.choices(COMPONENTS, k=dice.randrange(0, 6))
    )
    return Tariff(
        "t",
        "CAD",
        energy_micro_per_kwh=dice.choice((0, 250_000)),
        time_micro_per_h=dice.choice((0, 2_000_000)),
        session_micro=dice.choice((0, 500_000)),
        idle_micro_per_h=dice.choice((0, 6_000_000)),
        idle_grace_s=dice.choice((0, 180)),
        min_micro=dice.choice((None, 300_000)),
        max_micro=dice.choice((None, 2_000_000)),
        max_with_tax_micro=dice.choice((None, None, 1_500_000)),
        taxes=dice.choice(((), (Tax("TPS", 5000), Tax("TVQ", 9975)), (Tax("a", 5000), Tax("b", 9975, 1)))),
        elements=elements,
        idle_policy=dice.choice(("ev-after-charging", "ev-side", "not-charging")),
        holidays=(HOLIDAY,),
        is_tax_included=dice.random() < 0.2,
        is_due_in_vain=dice.random() < 0.3,
        zone=ZONE,
    )


def session(dice: random.Random) -> Iterator[OneMinute]:
    """A few things that went on, one after the other."""
    for activity in dice.choices(ACTIVITIES, weights=(1, 4, 2, 1, 1, 1), k=dice.randrange(1, 5)):
        is_taking = activity == "charging" and dice.random() < 0.8
        one = OneMinute(activity, UNIT_WH * is_taking, dice.choice((None, 3000, 7000)))
        yield from [one] * dice.randrange(1, 9)


def course(starts_at: datetime, minutes: list[OneMinute], kind: Any) -> Course:
    """The same as the engine takes it: one part for minutes that are alike."""
    parts = []
    for one, some in groupby(minutes):
        count = len(list(some))
        parts.append(CoursePart(count * 60_000, Activity(one.activity), count * one.wh * 1000, one.power_w))
    return Course(starts_at, tuple(parts), kind)


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_thousand_sessions_cost_what_their_minutes_cost(seed: int) -> None:
    """Exactly, before any rounding: on the clock changes, over midnight, with steps, taxes and limits."""
    dice, differing, paid = random.Random(seed), [], 0
    for number in range(CASES):
        of, minutes, kind = tariff(dice), list(session(dice)), dice.choice((None, "AC", "DC"))
        starts_at = dice.choice(STARTS)
        found = bill(of, course(starts_at, minutes, kind))
        expected = price_by_minutes(of, starts_at, minutes, kind)
        paid += bool(expected[1])
        if (found.net, found.total) != expected:
            differing.append((number, of, starts_at, minutes, kind, found.net, expected))
    assert differing[:1] == []
    assert paid > CASES / 2
