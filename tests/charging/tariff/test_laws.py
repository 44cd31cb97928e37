"""What holds of every price, whatever the tariff and the session."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.tariff import (
    Activity,
    Course,
    CoursePart,
    PriceElement,
    Restrictions,
    Tariff,
    Tax,
    bill,
    cost_micro,
)
from charging.tariff.model import ALL_COMPONENTS, FIXED, Component

AT = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)
BY_USE = tuple(sorted(ALL_COMPONENTS - FIXED - {"reservation"}))
TAXES = (Tax("TPS", 5000), Tax("TVQ", 9975))
clocks = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
calendars = st.builds(
    Restrictions,
    from_time=st.none() | clocks,
    until_time=st.none() | clocks,
    weekdays=st.frozensets(st.integers(0, 6), max_size=5),
)
micros = st.integers(0, 10_000_000)
steps = st.sampled_from((0, 0, 60, 900))
parts = st.lists(
    st.builds(
        CoursePart,
        st.integers(1, 10_000_000),
        st.sampled_from(Activity),
        st.integers(0, 50_000_000),
        st.none() | st.integers(0, 22_000),
    ),
    min_size=1,
    max_size=6,
)


def measured(name: str) -> Any:
    return st.tuples(st.integers(0, 3000), st.integers(1, 3000)).map(
        lambda pair: {f"min_{name}": pair[0], f"max_{name}": pair[0] + pair[1]}
    )


restricted = st.one_of(
    calendars,
    *(
        measured(name).map(lambda fields: Restrictions(**fields))
        for name in ("energy_wh", "power_w", "duration_s", "charging_s", "idle_s")
    ),
)


def tariffs(when: Any = restricted, **more: Any) -> Any:
    element = st.one_of(
        st.builds(PriceElement, st.sampled_from(BY_USE), micros, when, steps),
        st.builds(PriceElement, st.just("session"), micros, when),
    )
    fields: dict[str, Any] = {
        "energy_micro_per_kwh": micros,
        "time_micro_per_h": micros,
        "session_micro": micros,
        "elements": st.lists(element, max_size=5).map(tuple),
        "taxes": st.sampled_from(((), TAXES)),
        "zone": st.just("America/Montreal"),
    }
    return st.builds(Tariff, st.just("t"), st.just("CAD"), **fields | more)


def split(course: Course, share: int) -> Course:
    """The same session told in twice as many parts."""
    found = []
    for part in course.parts:
        first, energy = part.ms * share // 100, part.energy_mwh * share // 100
        if part.energy_mwh * first != energy * part.ms:  # a cut that is no whole number is another session
            found.append(part)
            continue
        found += [
            replace(part, ms=first, energy_mwh=energy),
            replace(part, ms=part.ms - first, energy_mwh=part.energy_mwh - energy),
        ]
    return replace(course, parts=tuple(found))


even = st.lists(
    st.builds(
        lambda minutes, activity, wh, power: CoursePart(
            minutes * 60_000, activity, minutes * wh * 1000, power
        ),
        st.integers(1, 400),
        st.sampled_from(Activity),
        st.integers(0, 200),
        st.none() | st.integers(0, 3000),
    ),
    min_size=1,
    max_size=5,
)


@given(tariffs(), even, st.sampled_from((1, 10, 25, 50, 99)))
def test_splitting_a_session_never_changes_its_price(of: Tariff, whole: list[CoursePart], share: int) -> None:
    """Whether a station reports often or seldom."""
    course = Course(AT, tuple(whole))
    once, twice = bill(of, course), bill(of, split(course, share))
    assert (once.net, once.total, once.lines) == (twice.net, twice.total, twice.lines)


@given(tariffs(), parts, st.randoms(use_true_random=False))
def test_only_the_order_within_a_component_matters(of: Tariff, session: list[CoursePart], dice: Any) -> None:
    """Elements of different components may stand in any order."""
    names = list(get_args(Component))
    dice.shuffle(names)
    mixed = tuple(each for name in names for each in of.elements if each.component == name)
    course = Course(AT, tuple(session))
    assert bill(of, course).total == bill(replace(of, elements=mixed), course).total


@given(tariffs(), parts, st.integers(2, 9))
def test_prices_scale(of: Tariff, session: list[CoursePart], factor: int) -> None:
    """Every price times n costs n times as much."""
    fields = ("energy_micro_per_kwh", "time_micro_per_h", "session_micro")
    dearer = replace(
        of,
        elements=tuple(replace(each, micro=each.micro * factor) for each in of.elements),
        **{name: getattr(of, name) * factor for name in fields},
    )
    course = Course(AT, tuple(session))
    assert bill(dearer, course).total == bill(of, course).total * factor


limits: dict[str, Any] = {
    "min_micro": st.none() | st.integers(0, 1_000_000),
    "max_micro": st.none() | st.integers(1_000_000, 20_000_000),
}


@given(tariffs(calendars, **limits), parts, parts)
def test_no_free_lunch_by_plugging_twice(
    of: Tariff, first: list[CoursePart], second: list[CoursePart]
) -> None:
    """Two sessions cost at least what one costs, where no price is for what was used before."""
    of = replace(of, idle_policy="ev-side")
    whole = bill(of, Course(AT, (*first, *second)))
    later = AT + timedelta(milliseconds=sum(part.ms for part in first))
    twice = bill(of, Course(AT, tuple(first))).total + bill(of, Course(later, tuple(second))).total
    fees = list(of.priced("session"))
    if len({each.micro for each in fees}) < 2:  # a fee that depends on when it began may be less later
        assert twice >= whole.total


@given(micros, micros, micros, st.floats(0.001, 1e6), st.floats(0, 1e6))
def test_more_never_costs_less(kwh: int, hour: int, flat: int, wh: float, seconds: float) -> None:
    """The cost grows with energy and with time, and never falls below the fee for the session."""
    of = Tariff("g", "CAD", energy_micro_per_kwh=kwh, time_micro_per_h=hour, session_micro=flat)
    price = cost_micro(of, energy_wh=wh, duration_s=seconds)
    assert flat <= price <= cost_micro(of, energy_wh=wh + 1, duration_s=seconds)
    assert price <= cost_micro(of, energy_wh=wh, duration_s=seconds + 1)


@given(tariffs(**limits), parts)
def test_taxes_are_what_is_between(of: Tariff, session: list[CoursePart]) -> None:
    """The taxes add up to the difference of the totals; the lines to the price, where no limit is."""
    found = bill(of, Course(AT, tuple(session)))
    assert sum(each.amount for each in found.taxes) == found.total - found.net
    if not found.limits:
        assert sum(line.net for line in found.lines) == found.net


@pytest.mark.parametrize("name", sorted(BY_USE))
def test_each_component_can_cost_something(name: Component) -> None:
    """None of them is left out of the laws above."""
    of = Tariff("t", "CAD", elements=(PriceElement(name, 1_000_000),))
    session = (CoursePart(3_600_000, Activity.CHARGING, 1_000_000), CoursePart(3_600_000, Activity.CONNECTED))
    assert bill(of, Course(AT, session)).net_micro in (1_000_000, 2_000_000)
