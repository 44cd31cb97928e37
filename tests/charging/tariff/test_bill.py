"""charging.tariff.bill against worked numbers: those that OCPI prints for its own tariffs (mod_tariffs,
mod_cdrs, examples/tariff_N), Québec's taxes, and what follows from the rules.
"""

from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from charging.tariff.bill import Bill, Cost, bill, cost, cost_micro
from charging.tariff.course import Activity, Course, CoursePart, ReservedTime
from charging.tariff.model import Component, PriceElement, Tariff, Tax
from charging.tariff.money import rounded
from charging.tariff.restrictions import Restrictions

MINUTE = 60_000
CHARGING, EV, EVSE = Activity.CHARGING, Activity.SUSPENDED_EV, Activity.SUSPENDED_EVSE
WEEKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 1, 5, 9, 30, tzinfo=AMSTERDAM)


def vat(percent: float) -> tuple[Tax, ...]:
    return (Tax("VAT", round(percent * 1000)),)


def priced(
    component: Component, price: float, percent: float | None = None, step: int = 0, **when: Any
) -> PriceElement:
    taxes = vat(percent) if percent is not None else ()
    return PriceElement(component, round(price * 1_000_000), Restrictions(**when), step, taxes)


def tariff(*elements: PriceElement, currency: str = "EUR", **more: Any) -> Tariff:
    return Tariff("t", currency, elements=elements, zone="Europe/Amsterdam", **more)


def session(
    charging_min: float = 0,
    parked_min: float = 0,
    kwh: float = 10,
    *,
    at: datetime = MONDAY,
    current_a: float | None = None,
    reserved: ReservedTime | None = None,
) -> Course:
    ma = round(current_a * 1000) if current_a is not None else None
    parts = [CoursePart(round(charging_min * MINUTE), CHARGING, round(kwh * 1_000_000), current_ma=ma)]
    if parked_min:
        parts.append(CoursePart(round(parked_min * MINUTE), EV))
    return Course(at, tuple(parts), reserved=reserved)


def shown(found: Bill) -> tuple[str, str]:
    """Before taxes and with them, at the coin."""
    return str(rounded(found.net_micro, found.currency)), str(rounded(found.total_micro, found.currency))


ENERGY = priced("energy", 0.25, 10, 1)
FLAT = priced("session", 0.50, 20)
PARKING = priced("parking", 2, 20, 900)
COMPLEX = tariff(
    priced("session", 2.50, 15),
    priced("charging", 1.00, 20, 900, max_current_ma=32_000),
    priced("charging", 2.00, 20, 600, min_current_ma=32_000, weekdays=WEEKDAYS),
    priced("charging", 1.25, 20, 600, min_current_ma=32_000, weekdays=WEEKEND),
    priced("parking", 5, 10, 300, from_time=time(9), until_time=time(18), weekdays=WEEKDAYS),
    priced("parking", 6, 10, 300, from_time=time(10), until_time=time(17), weekdays=frozenset({5})),
)
RESERVED = tariff(priced("reservation", 5, 20, 60), FLAT, ENERGY)
RESERVED_FEE = tariff(priced("reservation_fixed", 2, 20), priced("reservation", 5, 20, 300), FLAT, ENERGY)
EXPIRING = tariff(
    priced("reservation_fixed", 4, 20, reservation="expired"), priced("reservation", 2, 20, 600), FLAT, ENERGY
)
EXPIRING_TIME = tariff(
    priced("reservation", 6, 20, 600, reservation="expired"), priced("reservation", 3, 20, 600), FLAT, ENERGY
)
LIMITS_10: dict[str, Any] = {"max_micro": 10_000_000, "max_with_tax_micro": 11_000_000}
LEAST: dict[str, Any] = {"min_micro": 500_000, "min_with_tax_micro": 550_000}
SATURDAY = datetime(2026, 1, 10, 13, 30, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("name", "of", "course", "expected"),
    [
        ("T1 OCPI 8", tariff(ENERGY), session(kwh=20), ("5.00", "5.50")),
        ("T2 OCPI 9", tariff(ENERGY, FLAT), session(kwh=20), ("5.50", "6.10")),
        ("T3 OCPI 12", tariff(ENERGY, **LEAST), session(kwh=1), ("0.50", "0.55")),
        ("T3", tariff(ENERGY, **LEAST), session(kwh=20), ("5.00", "5.50")),
        ("T4 OCPI 10", tariff(ENERGY, FLAT, PARKING), session(120, 40, 20), ("7.00", "7.90")),
        ("T5 OCPI 6", tariff(ENERGY, FLAT, **LIMITS_10), session(kwh=50), ("10.00", "11.00")),
        ("T5", tariff(ENERGY, FLAT, **LIMITS_10), session(kwh=30), ("8.00", "8.85")),
        ("T6 OCPI 1", tariff(priced("charging", 2, 10, 60)), session(150, 60), ("5.00", "5.50")),
        (
            "T7 OCPI 20",
            tariff(priced("charging", 2.10, step=1), currency="CAD", is_tax_included=True),
            session(150),
            ("5.25", "5.25"),
        ),
        (
            "T8 OCPI 13",
            tariff(priced("charging", 3, 10, 60), priced("parking", 5, 20, 300)),
            session(150, 42),
            ("11.25", "12.75"),
        ),
        ("T9 OCPI 2", tariff(priced("charging", 1.90, 5.2, 300)), session(150), ("4.75", "5.00")),
        # The text of OCPI 3 bills 20.5 kWh; the table of 2.3 that says 5.61 and 6.22 forgets the step.
        (
            "T10 OCPI 3",
            tariff(FLAT, priced("energy", 0.25, 10, 100)),
            session(kwh=20.45),
            ("5.63", "6.24"),
        ),
        ("T11 OCPI 4", COMPLEX, session(165, 42, current_a=16), ("9.00", "10.30")),
        (
            "OCPI 4, Saturday",
            COMPLEX,
            session(120, 71, at=SATURDAY, current_a=43),
            ("12.50", "14.13"),
        ),
        (
            "T13 OCPI 15",
            RESERVED,
            session(kwh=20, reserved=ReservedTime(15 * MINUTE)),
            ("6.75", "7.60"),
        ),
        (
            "T14 OCPI 16",
            RESERVED_FEE,
            session(kwh=20, reserved=ReservedTime(13 * MINUTE)),
            ("8.75", "10.00"),
        ),
        (
            "T15 OCPI 17, expired",
            EXPIRING,
            Course(MONDAY, reserved=ReservedTime(60 * MINUTE, "expired")),
            ("6.00", "7.20"),
        ),
        (
            "OCPI 17, used",
            EXPIRING,
            session(kwh=20, reserved=ReservedTime(22 * MINUTE)),
            ("6.50", "7.30"),
        ),
        (
            "OCPI 18, used",
            EXPIRING_TIME,
            session(kwh=20, reserved=ReservedTime(22 * MINUTE)),
            ("7.00", "7.90"),
        ),
        (
            "OCPI 18, expired",
            EXPIRING_TIME,
            Course(MONDAY, reserved=ReservedTime(90 * MINUTE, "expired")),
            ("9.00", "10.80"),
        ),
    ],
)
def test_worked_numbers_of_ocpi(name: str, of: Tariff, course: Course, expected: tuple[str, str]) -> None:
    """What OCPI prints beside its examples, at the coin."""
    assert shown(bill(of, course)) == expected, name


def test_t19_the_energy_of_two_prices_has_one_last_block() -> None:
    """4.3 kWh before 17:00 and 1.1 after it are billed as 4.3 and 1.2 (blocks of 500 Wh)."""
    of = tariff(
        priced("energy", 0.20, step=500, until_time=time(17)),
        priced("energy", 0.27, step=500, from_time=time(17)),
    )
    parts = (CoursePart(60 * MINUTE, CHARGING, 4_300_000), CoursePart(20 * MINUTE, CHARGING, 1_100_000))
    found = bill(of, Course(datetime(2026, 1, 5, 16, tzinfo=AMSTERDAM), parts))
    assert [(line.quantity, line.added) for line in found.lines] == [(4_300_000, 0), (1_200_000, 100_000)]
    assert found.net_micro == 1_184_000


def test_t20_the_time_of_two_prices_has_one_last_block() -> None:
    """6 and 22 minutes across 17:00 are billed as 6 and 24."""
    of = tariff(
        priced("charging", 5, step=600, until_time=time(17)),
        priced("charging", 7, step=600, from_time=time(17)),
    )
    assert bill(of, session(28, at=datetime(2026, 1, 5, 16, 54, tzinfo=AMSTERDAM))).net_micro == 3_300_000


@pytest.mark.parametrize(("step", "micro"), [(0, 28_800), (1, 29_000), (25, 31_250), (500, 125_000)], ids=str)
def test_t23_blocks_of_energy(step: int, micro: int) -> None:
    """115.2 Wh at 0.25; without a step, exactly what was used."""
    assert bill(tariff(priced("energy", 0.25, step=step)), session(kwh=0.1152)).net_micro == micro


def test_t24_an_hour_plugged_in_is_time_and_parking() -> None:
    """Five hours of charging and three of standing there cost eight; with the charging time alone, five."""
    both = tariff(priced("charging", 1), priced("parking", 1))
    assert bill(both, session(300, 180)).net_micro == 8_000_000
    assert bill(tariff(priced("charging", 1)), session(300, 180)).net_micro == 5_000_000
    assert bill(Tariff("t", "CAD", time_micro_per_h=1_000_000), session(300, 180)).net_micro == 8_000_000


@pytest.mark.parametrize(
    ("stack", "exact", "at_the_coin"), [(0, 11_497_500, "11.50"), (1, 11_547_375, "11.55")]
)
def test_t26_taxes_of_quebec(stack: int, exact: int, at_the_coin: str) -> None:
    """GST 5 % and QST 9.975 % on 10.00 net, side by side or one on top of the other."""
    taxes = (Tax("GST", 5_000), Tax("QST", 9_975, stack))
    found = bill(Tariff("t", "CAD", session_micro=10_000_000, taxes=taxes), session())
    assert found.total_micro == exact
    assert str(rounded(exact, "CAD")) == at_the_coin
    assert [each.name for each in found.taxes] == ["GST", "QST"]
    assert sum(each.amount for each in found.taxes) == exact - 10_000_000


def test_t27_a_weekday_is_asked_at_each_instant() -> None:
    """Friday 22:00–06:00 ends with Friday: from midnight on the other price counts."""
    of = tariff(
        priced("energy", 0.20, from_time=time(22), until_time=time(6), weekdays=frozenset({4})),
        priced("energy", 0.30),
    )
    friday = datetime(2026, 1, 9, 23, tzinfo=AMSTERDAM)
    assert bill(of, session(120, kwh=20, at=friday)).net_micro == 5_000_000


@pytest.mark.parametrize(
    ("at", "micro"),
    [
        # 23:30 to 04:30 by the clock: in March four hours pass, in October six.
        (datetime(2026, 3, 28, 23, 30, tzinfo=AMSTERDAM), 2_000_000),
        (datetime(2026, 10, 24, 23, 30, tzinfo=AMSTERDAM), 4_000_000),
    ],
)
def test_the_price_follows_the_wall_clock(at: datetime, micro: int) -> None:
    """1.00 per hour from 01:00 to 04:00: the hour that is skipped costs nothing, that which comes twice
    twice (OCPP 2.1 I12.FR.37).
    """
    of = tariff(priced("charging", 1, from_time=time(1), until_time=time(4)))
    hours = 4 if at.month == 3 else 6
    assert bill(of, session(hours * 60, at=at)).net_micro == micro


def test_holidays() -> None:
    """Sunday's price on the tariff's dates."""
    of = tariff(priced("energy", 0.10, holidays="only"), priced("energy", 0.30), holidays=(date(2026, 1, 5),))
    assert bill(of, session(kwh=1)).net_micro == 100_000
    assert bill(of, session(kwh=1, at=SATURDAY)).net_micro == 300_000


def test_ocpi_example_of_steps_over_time_and_parking() -> None:
    """Charging from 16:55 for ten minutes and parked for two: the last block is one of parking."""
    of = tariff(
        priced("charging", 1.20, step=1800, until_time=time(17)),
        priced("charging", 2.40, step=900, from_time=time(17)),
        priced("parking", 1.00, step=900, until_time=time(20)),
    )
    found = bill(of, session(10, 2, at=datetime(2026, 1, 5, 16, 55, tzinfo=AMSTERDAM)))
    assert [line.quantity for line in found.lines] == [5 * MINUTE, 5 * MINUTE, 5 * MINUTE]
    evening = bill(of, session(10, 2, at=datetime(2026, 1, 5, 19, 55, tzinfo=AMSTERDAM)))
    assert [line.quantity for line in evening.lines] == [15 * MINUTE]


def test_ocpi_example_of_power() -> None:
    """1 kWh at 6 kW, 40 at 48 kW, half a kWh at 4 kW: 0.20 + 20.00 + 0.10."""
    of = tariff(
        priced("energy", 0.20, max_power_w=16_000),
        priced("energy", 0.35, max_power_w=32_000),
        priced("energy", 0.50),
    )
    parts = tuple(
        CoursePart(10 * MINUTE, CHARGING, wh * 1000, power_w=w)
        for wh, w in ((1000, 6000), (40_000, 48_000), (500, 4000))
    )
    assert bill(of, Course(MONDAY, parts)).net_micro == 20_300_000


def test_idle_grace_is_per_period() -> None:
    """Three pauses of eight minutes are free under ten; one of 24 costs 14."""
    of = Tariff("i", "CAD", idle_micro_per_h=6_000_000, idle_grace_s=600)
    pauses = (CoursePart(MINUTE, CHARGING, 1000), CoursePart(8 * MINUTE, EV)) * 3
    assert bill(of, Course(MONDAY, pauses)).net_micro == 0
    one = (CoursePart(MINUTE, CHARGING, 1000), CoursePart(24 * MINUTE, EV))
    assert bill(of, Course(MONDAY, one)).net_micro == 1_400_000


def test_who_started_in_vain_pays_nothing() -> None:
    """Neither minimum nor session; the time taken is a price of its own, and a tariff may say otherwise."""
    of = Tariff("v", "CAD", 250_000, session_micro=1_000_000, min_micro=2_000_000, taxes=vat(10))
    nothing = Course(MONDAY, (CoursePart(MINUTE, CHARGING),))
    assert bill(of, nothing).total_micro == 0
    assert bill(of, nothing).waived == ("session", "min")
    assert bill(replace(of, time_micro_per_h=600_000), nothing).net_micro == 10_000
    assert bill(replace(of, is_due_in_vain=True), nothing).net_micro == 2_000_000
    assert bill(of, replace(nothing, is_measured=False)).net_micro == 2_000_000
    assert bill(Tariff("v", "CAD", 250_000), nothing).waived == ()


def test_a_minimum_alone_is_taxed_as_a_session() -> None:
    """Where nothing else is due."""
    of = Tariff("m", "CAD", min_micro=1_000_000, taxes=(Tax("GST", 5_000),), is_due_in_vain=True)
    found = bill(of, Course(MONDAY, (CoursePart(MINUTE, CHARGING),)))
    assert (found.net_micro, found.total_micro, found.limits) == (1_000_000, 1_050_000, ("min",))
    assert [each.amount for each in found.taxes] == [50_000]


def test_a_limit_with_tax_binds_too() -> None:
    """The taxes are what is left between both."""
    of = Tariff("m", "CAD", 1_000_000, max_with_tax_micro=10_500_000, taxes=vat(10))
    found = bill(of, session(kwh=10))
    assert (found.net_micro, found.total_micro, found.limits) == (10_000_000, 10_500_000, ("max_with_tax",))
    assert [each.amount for each in found.taxes] == [500_000]
    least = bill(replace(of, max_with_tax_micro=None, min_with_tax_micro=20_000_000), session(kwh=10))
    assert (least.total_micro, least.limits) == (20_000_000, ("min_with_tax",))


def test_what_is_paid_once() -> None:
    """The first price that holds at the start, and each that waits for something, when it comes; once."""
    of = tariff(
        priced("session", 2, from_time=time(8), until_time=time(10)),
        priced("session", 1),
        priced("session", 5, min_duration_s=3600),
    )
    assert bill(of, session(45)).net_micro == 2_000_000
    assert bill(of, session(60)).net_micro == 2_000_000
    assert bill(of, session(61, 20)).net_micro == 7_000_000
    assert bill(of, session(45, at=SATURDAY)).net_micro == 1_000_000


def test_taxes_of_a_price_come_before_those_of_the_tariff() -> None:
    """An element without taxes of its own has those of the tariff that are on its component."""
    of = Tariff(
        "t",
        "EUR",
        elements=(
            PriceElement("energy", 1_000_000, taxes=vat(20)),
            PriceElement("time", 60_000_000),
        ),
        taxes=(Tax("VAT", 10_000, on=frozenset({"time"})), Tax("other", 50_000, on=frozenset({"energy"}))),
    )
    assert [line.total for line in bill(of, session(1, kwh=1)).lines] == [1_200_000, 1_100_000]


def test_included_taxes_are_taken_out() -> None:
    """The price is what the driver pays; the net price is what is left."""
    of = Tariff("t", "CAD", 1_149_750, taxes=(Tax("TPS", 5_000), Tax("TVQ", 9_975)), is_tax_included=True)
    found = bill(of, session(kwh=1))
    assert (found.net_micro, found.total_micro) == (1_000_000, 1_149_750)
    assert [each.amount for each in found.taxes] == [50_000, 99_750]


def test_what_is_not_priced_costs_nothing() -> None:
    """No element holds; reservations without a price."""
    of = tariff(priced("energy", 1, evse_kind="DC"))
    assert bill(of, session(reserved=ReservedTime(MINUTE))) == replace(
        bill(of, session()), lines=(), net=Fraction(0)
    )


def test_a_reservation_that_no_fee_is_for() -> None:
    """Its fee is for those that expired."""
    assert bill(EXPIRING, session(kwh=0.001, reserved=ReservedTime(0))).lines[0].component == "session"


def test_a_standing_station_is_parking_and_not_idle() -> None:
    """SuspendedEVSE: OCPI's PARKING_TIME is all that is not charging; idle is the vehicle's."""
    of = tariff(priced("parking", 1), priced("idle", 7))
    course = Course(MONDAY, (CoursePart(MINUTE, CHARGING, 1000), CoursePart(60 * MINUTE, EVSE)))
    assert bill(of, course).net_micro == 1_000_000


def test_time_before_somebody_may_charge_is_time_plugged_in_alone() -> None:
    """And time of which the station tells nothing."""
    of = tariff(*(priced(name, 60) for name in ("time", "charging", "parking", "idle")), is_due_in_vain=True)
    course = Course(MONDAY, (CoursePart(MINUTE, Activity.WAITING), CoursePart(MINUTE, Activity.UNKNOWN)))
    assert bill(of, course).net_micro == 2_000_000


def test_totals_only() -> None:
    """Where nothing else is known of a session."""
    of = Tariff("t", "EUR", 250_000, 60_000_000, idle_micro_per_h=60_000_000, taxes=vat(10))
    assert cost(of, energy_wh=2000, duration_s=120, idle_s=60) == Cost(3_500_000, 3_850_000)
    assert cost_micro(of, energy_wh=2000, duration_s=120) == 2_750_000
