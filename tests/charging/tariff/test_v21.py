"""charging.tariff.v21: tariffs as stations of OCPP 2.1 count them."""

import json
from datetime import date, time
from typing import Any

from hypothesis import given

from charging.tariff import PriceElement, Restrictions, Tariff, Tax
from charging.tariff.projecting import Projection
from charging.tariff.v21 import tariff_to_v21
from ocppj.codec import codec_for
from ocppj.versions import OcppVersion
from tests.charging.tariff.test_bill import ENERGY, FLAT, priced, tariff
from tests.charging.tariff.test_laws import limits, tariffs
from tests.charging.tariff.test_projecting import everything, policies


def document(of: Tariff) -> dict[str, Any]:
    found: dict[str, Any] = tariff_to_v21(of).document
    return found


def features(found: Projection) -> list[str]:
    return [each.feature for each in found.losses]


def test_a_simple_tariff() -> None:
    """Prices without tax, per kWh, per minute and once; texts in both languages."""
    simple = Tariff(
        "t-1",
        "CAD",
        energy_micro_per_kwh=250_000,
        time_micro_per_h=3_000_000,
        session_micro=1_000_000,
        idle_micro_per_h=6_000_000,
        idle_grace_s=300,
        min_micro=2_000_000,
        max_with_tax_micro=50_000_000,
        taxes=(Tax("TPS", 5_000), Tax("TVQ", 9_975, 1)),
        is_due_in_vain=True,
    )
    rates = [{"type": "TPS", "tax": 5.0}, {"type": "TVQ", "tax": 9.975, "stack": 1}]
    found = document(simple)
    assert found.pop("description")[1]["content"].startswith("$0.25/kWh")
    assert found == {
        "tariffId": "t-1",
        "currency": "CAD",
        "energy": {"prices": [{"priceKwh": 0.25}], "taxRates": rates},
        "chargingTime": {"prices": [{"priceMinute": 0.05}], "taxRates": rates},
        "idleTime": {
            "prices": [{"priceMinute": 0.15, "conditions": {"minIdleTime": 300}}, {"priceMinute": 0.05}],
            "taxRates": rates,
        },
        "fixedFee": {"prices": [{"priceFixed": 1.0}], "taxRates": rates},
        "minCost": {"exclTax": 2.0},
        "maxCost": {"inclTax": 50.0},
    }
    assert features(tariff_to_v21(simple)) == ["idle-policy"]


def test_conditions() -> None:
    """In 2.1's words and units."""
    when: dict[str, Any] = {
        "from_time": time(22),
        "until_time": time(6),
        "weekdays": frozenset({0, 6}),
        "from_date": date(2026, 6, 1),
        "until_date": date(2026, 9, 1),
        "evse_kind": "DC",
        "min_energy_wh": 1500,
        "max_current_ma": 32_000,
        "min_charging_s": 60,
    }
    found = document(tariff(priced("energy", 1, **when)))
    assert found["energy"]["prices"][0]["conditions"] == {
        "startTimeOfDay": "22:00",
        "endTimeOfDay": "06:00",
        "dayOfWeek": ["Monday", "Sunday"],
        "validFromDate": "2026-06-01",
        "validToDate": "2026-09-01",
        "evseKind": "DC",
        "minEnergy": 1500,
        "maxCurrent": 32.0,
        "minChargingTime": 60,
    }
    assert "taxRates" not in found["energy"]


def test_what_it_has_no_word_for() -> None:
    """Holidays, blocks, fees that wait, reservations that expire, parts of a micro-unit."""
    rich = tariff(
        priced("energy", 0.9, step=100, holidays="only"),
        priced("energy", 0.3, step=100),
        priced("session", 5, min_duration_s=3600),
        priced("reservation", 2, reservation="expired"),
        priced("reservation", 1),
        priced("reservation_fixed", 4, reservation="used"),
        PriceElement("charging", 100),
    )
    found = tariff_to_v21(rich)
    assert features(found) == ["holidays", "step", "rounding", "session", "reservation", "in-vain"]
    assert found.document["energy"]["prices"] == [{"priceKwh": 0.3}, {"priceKwh": 0.3}]
    assert "fixedFee" not in found.document
    assert found.document["reservationTime"]["prices"] == [{"priceMinute": 0.016666}]
    assert found.document["reservationFixed"]["prices"] == [{"priceFixed": 4.0}]


def test_two_prices_for_the_same_time() -> None:
    """Charging and plugged in are added; where both depend on something, the second is left out."""
    by_day = PriceElement("charging", 6_000_000, Restrictions(weekdays=frozenset({0})))
    added = Tariff("t", "CAD", time_micro_per_h=3_000_000, elements=(by_day,))
    assert [each["priceMinute"] for each in document(added)["chargingTime"]["prices"]] == [0.15, 0.05]
    night = PriceElement("time", 3_000_000, Restrictions(from_time=time(22)))
    left_out = tariff_to_v21(Tariff("t", "CAD", elements=(by_day, night)))
    assert features(left_out) == ["time", "idle-policy"]


def test_included_taxes_are_taken_out() -> None:
    """2.1 prices have none; rounded down."""
    included = Tariff("t", "CAD", 250_000, taxes=(Tax("x", 14_975),), is_tax_included=True)
    assert document(included)["energy"]["prices"] == [{"priceKwh": 0.217438}]
    assert document(tariff(ENERGY, FLAT))["energy"]["taxRates"] == [{"type": "VAT", "tax": 10.0}]


@given(tariffs(everything, **limits, idle_policy=policies))
def test_every_document_is_one_of_2_1(of: Tariff) -> None:
    """As the schema of SetDefaultTariff has it."""
    payload = {"evseId": 0, "tariff": document(of)}
    decoded = codec_for(OcppVersion.V21).decode_request("SetDefaultTariff", json.dumps(payload).encode())
    assert decoded.findings == ()
