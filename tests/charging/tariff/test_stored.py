"""charging.tariff.stored: what a database keeps of a tariff."""

import json
from datetime import date, time

from hypothesis import given

from charging.tariff import PriceElement, Restrictions, Tariff, Tax
from charging.tariff.stored import tariff_from_json, tariff_json
from tests.charging.tariff.test_laws import limits, restricted, tariffs

FULL = Tariff(
    "x",
    "CAD",
    energy_micro_per_kwh=300_000,
    taxes=(Tax("TPS", 5000, on=frozenset({"time", "energy"})),),
    elements=(
        PriceElement(
            "energy",
            200_000,
            Restrictions(from_time=time(22), weekdays=frozenset({4, 0}), until_date=date(2027, 1, 1)),
            step=100,
            taxes=(),
        ),
        PriceElement("idle", 0),
    ),
    holidays=(date(2026, 6, 24),),
    is_tax_included=True,
)


def test_what_is_usual_is_left_out() -> None:
    """And what is a set is in order."""
    told = tariff_json(FULL)
    assert json.loads(json.dumps(told)) == {
        "tariff_id": "x",
        "currency": "CAD",
        "energy_micro_per_kwh": 300_000,
        "taxes": [{"name": "TPS", "rate_millipercent": 5000, "stack": 0, "on": ["energy", "time"]}],
        "elements": [
            {
                "component": "energy",
                "micro": 200_000,
                "when": {"from_time": "22:00:00", "weekdays": [0, 4], "until_date": "2027-01-01"},
                "step": 100,
                "taxes": [],
            },
            {"component": "idle", "micro": 0},
        ],
        "holidays": ["2026-06-24"],
        "is_tax_included": True,
    }
    assert tariff_from_json(json.loads(json.dumps(told))) == FULL


@given(tariffs(restricted, **limits))
def test_it_comes_back_as_it_was(tariff: Tariff) -> None:
    """Whatever it says."""
    assert tariff_from_json(json.loads(json.dumps(tariff_json(tariff)))) == tariff


def test_what_was_stored_before_has_no_elements() -> None:
    """Old rows name every simple field."""
    old = {
        "tariff_id": "x",
        "currency": "CAD",
        "energy_micro_per_kwh": 1,
        "time_micro_per_h": 0,
        "session_micro": 0,
        "idle_micro_per_h": 0,
        "idle_grace_s": 0,
        "min_micro": None,
        "min_with_tax_micro": None,
        "max_micro": None,
        "max_with_tax_micro": None,
        "taxes": [{"name": "GST", "rate_millipercent": 5000, "stack": 0, "on": ["energy", "session"]}],
    }
    taxes = (Tax("GST", 5000, on=frozenset({"energy", "session"})),)
    assert tariff_from_json(old) == Tariff("x", "CAD", energy_micro_per_kwh=1, taxes=taxes)
