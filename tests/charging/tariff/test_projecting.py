"""charging.tariff.projecting: what others can hold of a tariff, and never dearer than it is."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from charging.tariff import Activity, Course, CoursePart, PriceElement, Restrictions, Tariff, Tax, bill
from charging.tariff.displays import tariff_to_v16
from charging.tariff.ocpi import tariff_to_ocpi
from charging.tariff.projecting import (
    Lost,
    least_price,
    net_micro,
    note_waiver,
    shared_taxes,
    standing_for,
    summed,
    weakened,
)
from charging.tariff.restrictions import ALWAYS
from charging.tariff.v21 import tariff_to_v21
from tests.charging.tariff.test_laws import calendars, limits, measured, tariffs

AT = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)
AC = Restrictions(evse_kind="AC")
NIGHT = Restrictions(from_time=time(22), until_time=time(6))


def energy(micro: int, when: Restrictions = ALWAYS, step: int = 0) -> PriceElement:
    return PriceElement("energy", micro, when, step)


@pytest.mark.parametrize(
    ("given_prices", "expected"),
    [
        ([energy(3, AC, 5), energy(2)], [energy(2), energy(2)]),  # the dearer exception falls to the rule
        ([energy(1, AC), energy(2)], [energy(1), energy(2)]),  # the cheaper one becomes it
        ([energy(3, AC), energy(2, NIGHT)], [energy(0), energy(2, NIGHT)]),  # nothing always holds
        ([energy(3, NIGHT), energy(2)], [energy(3, NIGHT), energy(2)]),
        ([energy(3, AC), energy(1, NIGHT), energy(2)], [energy(1), energy(1, NIGHT), energy(2)]),
    ],
)
def test_what_loses_a_restriction_falls(
    given_prices: list[PriceElement], expected: list[PriceElement]
) -> None:
    """To the least of what would hold instead."""
    lost = Lost()
    found = weakened(given_prices, frozenset({"from_time", "until_time"}), lost)
    assert list(found) == expected
    assert [each.feature for each in lost.found()] == ["evse-kind"] * (given_prices[0].when == AC)


def test_two_prices_for_the_same_time() -> None:
    """One that always holds is added to the other; two that depend on something are not one price."""
    night, always = PriceElement("time", 5, NIGHT), PriceElement("idle", 2)
    assert summed((night,), (always,)) == (replace(night, micro=7), replace(always, component="time"))
    assert summed((always,), (PriceElement("time", 1),)) == (PriceElement("time", 3),)
    assert summed((), (night,)) == (night,)
    assert summed((night,), (replace(always, when=AC),)) is None
    assert summed((replace(night, step=5),), (always,)) is None


def test_the_least_of_a_price() -> None:
    """Nothing where it may not hold."""
    tariff = Tariff("t", "CAD", 300_000, elements=(energy(200_000, NIGHT),))
    assert least_price(tariff, "energy") == 200_000
    assert least_price(replace(tariff, energy_micro_per_kwh=0), "energy") == 0
    assert least_price(tariff, "time") == 0


def test_taxes_that_differ() -> None:
    """Those that come to the least; a price with them is told without, rounded down."""
    high, low = (Tax("a", 20_000),), (Tax("a", 10_000),)
    tariff = Tariff("t", "CAD", taxes=low, is_tax_included=True)
    lost = Lost()
    prices = (replace(energy(110), taxes=high), energy(111))
    assert shared_taxes(tariff, prices, lost) == low
    assert [each.feature for each in lost.found()] == ["taxes"]
    assert [net_micro(tariff, each) for each in prices] == [91, 100]
    assert shared_taxes(tariff, (), Lost()) == ()
    assert net_micro(replace(tariff, is_tax_included=False), energy(110)) == 110


def test_the_waiver_is_told() -> None:
    """Where something is due that it waives."""
    for tariff, features in (
        (Tariff("t", "CAD", session_micro=1), ["in-vain"]),
        (Tariff("t", "CAD", min_micro=1), ["in-vain"]),
        (Tariff("t", "CAD", session_micro=1, is_due_in_vain=True), []),
        (Tariff("t", "CAD", 1), []),
    ):
        lost = Lost()
        note_waiver(tariff, lost)
        assert [each.feature for each in lost.found()] == features
    assert standing_for(Tariff("t", "CAD", min_micro=1), ()).min_micro == 1


whole = st.lists(
    st.builds(
        lambda minutes, activity, wh, power: CoursePart(
            minutes * 60_000, activity, minutes * wh * 1000, power
        ),
        st.integers(1, 200),
        st.sampled_from(Activity),
        st.integers(0, 200),
        st.none() | st.integers(0, 3000),
    ),
    min_size=1,
    max_size=5,
)
everything = st.one_of(
    calendars,
    st.sampled_from((AC, Restrictions(holidays="never"), Restrictions(evse_kind="DC", from_time=time(7)))),
    *(
        measured(name).map(lambda given_fields: Restrictions(**given_fields))
        for name in ("energy_wh", "power_w", "duration_s", "charging_s", "idle_s")
    ),
)
policies = st.sampled_from(("ev-after-charging", "ev-side", "not-charging"))
any_tariff = tariffs(everything, **limits, idle_policy=policies, is_tax_included=st.booleans())


@given(any_tariff, whole, st.sampled_from((None, "AC", "DC")))
def test_no_projection_is_dearer(tariff: Tariff, session: list[CoursePart], kind: str | None) -> None:
    """Of a session in which something was taken, in whole Wh and seconds."""
    course = Course(AT, tuple(session), kind)  # type: ignore[arg-type] # one of the two
    assume(course.energy_mwh > 0)
    whole_price = bill(tariff, course)
    for release in ("2.2.1", "2.3.0"):
        ocpi = tariff_to_ocpi(
            tariff,
            country_code="CA",
            party_id="BRN",
            updated_at=AT,
            release=release,  # type: ignore[arg-type] # one of the two
        )
        assert bill(ocpi.stands_for, course).total <= whole_price.total
    assert bill(tariff_to_v21(tariff).stands_for, course).total <= whole_price.total
    if tariff.max_micro is None:  # numbers on a display have no limit, and say so
        assert bill(tariff_to_v16(tariff).stands_for, course).total <= whole_price.total
