"""charging.tariff.ocpi: tariffs as roaming partners read them, held against OCPI's own examples."""

from datetime import UTC, date, datetime, time
from typing import Any, Literal

import pytest

from charging.tariff import PriceElement, Restrictions, Tariff, Tax
from charging.tariff.ocpi import tariff_to_ocpi
from charging.tariff.projecting import Projection
from tests.charging.tariff.test_bill import COMPLEX, ENERGY, EXPIRING, LEAST, LIMITS_10, priced, tariff

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def project(of: Tariff, release: Literal["2.2.1", "2.3.0"] = "2.3.0") -> Projection:
    return tariff_to_ocpi(of, country_code="CA", party_id="BRN", updated_at=AT, release=release)


def elements(of: Tariff) -> list[dict[str, Any]]:
    return list(project(of).document["elements"])


def features(found: Projection) -> list[str]:
    return [each.feature for each in found.losses]


def component(kind: str, price: float, vat: float | None = None, step: int = 1) -> dict[str, Any]:
    found = {"type": kind, "price": price, "step_size": step}
    return found | ({"vat": vat} if vat is not None else {})


def test_the_complex_example_of_ocpi() -> None:
    """Example 4, price by price; nothing is lost but the promise that who takes nothing pays nothing."""
    weekdays = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
    found = project(COMPLEX)
    assert found.document["elements"] == [
        {
            "price_components": [component("TIME", 1.0, 20.0, 900)],
            "restrictions": {"max_current": 32.0},
        },
        {
            "price_components": [component("TIME", 2.0, 20.0, 600)],
            "restrictions": {"min_current": 32.0, "day_of_week": weekdays},
        },
        {
            "price_components": [component("TIME", 1.25, 20.0, 600)],
            "restrictions": {"min_current": 32.0, "day_of_week": ["SATURDAY", "SUNDAY"]},
        },
        {
            "price_components": [component("PARKING_TIME", 5.0, 10.0, 300)],
            "restrictions": {"start_time": "09:00", "end_time": "18:00", "day_of_week": weekdays},
        },
        {
            "price_components": [component("PARKING_TIME", 6.0, 10.0, 300)],
            "restrictions": {"start_time": "10:00", "end_time": "17:00", "day_of_week": ["SATURDAY"]},
        },
        {"price_components": [component("FLAT", 2.5, 15.0)]},
    ]
    assert features(found) == ["in-vain"]
    assert found.document["tax_included"] == "NO"


def test_the_frame_of_the_object() -> None:
    """Who, what, when."""
    found = project(tariff(ENERGY)).document
    assert {key: value for key, value in found.items() if key != "elements"} == {
        "country_code": "CA",
        "party_id": "BRN",
        "id": "t",
        "currency": "EUR",
        "tax_included": "NO",
        "last_updated": "2026-01-05T12:00:00Z",
    }


def test_reservations_that_expire_come_first() -> None:
    """Example 17."""
    found = [each for each in elements(EXPIRING) if "reservation" in each.get("restrictions", {})]
    assert found == [
        {
            "price_components": [component("TIME", 2.0, 20.0, 600)],
            "restrictions": {"reservation": "RESERVATION"},
        },
        {
            "price_components": [component("FLAT", 4.0, 20.0)],
            "restrictions": {"reservation": "RESERVATION_EXPIRES"},
        },
    ]
    used = tariff(priced("reservation", 2, reservation="used"))
    assert [each["restrictions"]["reservation"] for each in elements(used)] == [
        "RESERVATION_EXPIRES",
        "RESERVATION",
    ]
    assert elements(used)[0]["price_components"][0]["price"] == 0.0


def test_an_hour_plugged_in_is_time_and_parking() -> None:
    """OCPI's TIME alone would be less; with another price for the same time it is their sum."""
    hourly = Tariff("t", "CAD", time_micro_per_h=1_000_000)
    assert elements(hourly) == [
        {"price_components": [component("TIME", 1.0)]},
        {"price_components": [component("PARKING_TIME", 1.0)]},
    ]
    both = Tariff("t", "CAD", time_micro_per_h=1_000_000, elements=(PriceElement("charging", 2_000_000),))
    assert [each["price_components"][0]["price"] for each in elements(both)] == [3.0, 1.0]


def test_idle_time_is_less_than_parking() -> None:
    """Its grace and its policy have no word in OCPI: the fee is left out."""
    usual = Tariff("t", "CAD", 250_000, idle_micro_per_h=6_000_000, idle_grace_s=600)
    assert features(project(usual)) == ["idle", "exact-step"]
    assert [each["price_components"][0]["type"] for each in elements(usual)] == ["ENERGY"]
    whole = Tariff("t", "CAD", idle_micro_per_h=6_000_000, idle_policy="not-charging")
    assert [each["price_components"][0] for each in elements(whole)] == [component("PARKING_TIME", 6.0)]
    both = Tariff(
        "t",
        "CAD",
        idle_micro_per_h=6_000_000,
        idle_policy="not-charging",
        elements=(
            PriceElement("parking", 5, Restrictions(weekdays=frozenset({0}))),
            PriceElement("idle", 1, Restrictions(from_time=time(9))),
        ),
    )
    assert "idle" in features(project(both))


def test_what_it_has_no_word_for_falls() -> None:
    """Holidays and the kind of the EVSE."""
    special = tariff(
        priced("energy", 0.9, holidays="only"), priced("energy", 0.5, evse_kind="DC"), priced("energy", 0.3)
    )
    found = project(special)
    assert [each["price_components"][0]["price"] for each in found.document["elements"]] == [0.3, 0.3, 0.3]
    assert features(found) == ["holidays", "evse-kind", "exact-step"]


def test_dates_and_measures() -> None:
    """In kWh, kW and A; seconds as they are."""
    when: dict[str, Any] = {
        "from_date": date(2026, 6, 1),
        "until_date": date(2026, 9, 1),
        "min_energy_wh": 1500,
        "max_power_w": 16_000,
        "min_duration_s": 3600,
    }
    (found,) = elements(tariff(priced("energy", 1, **when)))
    assert found["restrictions"] == {
        "start_date": "2026-06-01",
        "end_date": "2026-09-01",
        "min_kwh": 1.5,
        "max_power": 16.0,
        "min_duration": 3600,
    }


@pytest.mark.parametrize(
    ("release", "names"), [("2.2.1", ("excl_vat", "incl_vat")), ("2.3.0", ("before_taxes", "after_taxes"))]
)
def test_limits(release: Literal["2.2.1", "2.3.0"], names: tuple[str, str]) -> None:
    """Both; one with tax alone has one before taxes that never binds."""
    both = project(tariff(ENERGY, **LEAST, **LIMITS_10), release).document
    assert both["min_price"] == dict(zip(names, (0.5, 0.55), strict=True))
    assert both["max_price"] == dict(zip(names, (10.0, 11.0), strict=True))
    alone = project(
        Tariff("t", "CAD", 1, min_with_tax_micro=1_000_000, max_with_tax_micro=9_000_000), release
    )
    assert alone.document["min_price"] == dict(zip(names, (0.0, 1.0), strict=True))
    assert alone.document["max_price"] == dict(zip(names, (9.0, 9.0), strict=True))
    net = project(Tariff("t", "CAD", 1, min_micro=1_000_000), release).document
    assert net["min_price"] == {names[0]: 1.0}
    assert "tax_included" not in net or release == "2.3.0"


def test_taxes() -> None:
    """One percentage; included ones stay so in 2.3 and are taken out for 2.2.1."""
    quebec = (Tax("TPS", 5_000), Tax("TVQ", 9_975))
    included = Tariff("t", "CAD", 1_149_750, taxes=quebec, is_tax_included=True)
    newer, older = project(included), project(included, "2.2.1")
    assert newer.document["elements"][0]["price_components"] == [component("ENERGY", 1.14975, 14.975)]
    assert newer.document["tax_included"] == "YES"
    assert older.document["elements"][0]["price_components"] == [component("ENERGY", 1.0, 14.975)]
    assert features(newer) == ["tax-names", "exact-step"]


def test_free_of_charge() -> None:
    """Example 5: a FLAT of nothing; without taxes none are said."""
    found = project(Tariff("t", "CAD")).document
    assert found["elements"] == [{"price_components": [component("FLAT", 0.0)]}]
    assert found["tax_included"] == "N/A"
