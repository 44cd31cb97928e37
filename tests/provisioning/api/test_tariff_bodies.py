"""Tariffs under restrictions over HTTP: the full form, and what is refused by name."""

from typing import Any

import pytest

from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_orders import problem

FULL: dict[str, Any] = {
    "name": "Full",
    "currency": "CAD",
    "energy_micro_per_kwh": 300_000,
    "min_with_tax_micro": 1_000_000,
    "max_with_tax_micro": 40_000_000,
    "taxes": [{"name": "TPS", "rate_millipercent": 5_000, "on": ["energy"]}],
    "elements": [
        {
            "component": "energy",
            "micro": 200_000,
            "when": {
                "from_time": "22:00",
                "until_time": "06:00",
                "weekdays": ["friday", "monday"],
                "from_date": "2026-01-01",
                "until_date": "2027-01-01",
                "holidays": "never",
                "evse_kind": "AC",
                "min_power_w": 1000,
            },
            "step": 100,
            "taxes": [{"name": "x", "rate_millipercent": 1}],
        },
        {"component": "idle", "micro": 6_000_000, "when": {"min_idle_s": 600}},
    ],
    "idle_policy": "not-charging",
    "holidays": ["2026-12-25", "2026-06-24", "2026-06-24"],
    "is_tax_included": True,
    "is_due_in_vain": True,
}


async def test_the_full_form_comes_back(api: Api) -> None:
    """Every part of it, from the database as well as from the answer."""
    made = await api.made("/tariffs", FULL)
    night, idle = made["elements"]
    assert {name: value for name, value in night["when"].items() if value} == {
        **FULL["elements"][0]["when"],
        "weekdays": ["monday", "friday"],
    }
    assert (night["step"], night["taxes"][0]["name"], idle["taxes"]) == (100, "x", None)
    assert idle["text_fr"] == "6,00 $/h sans recharger après 10 min"
    assert made["taxes"][0]["on"] == ["energy"]
    assert made["holidays"] == ["2026-06-24", "2026-12-25"]
    assert (made["idle_policy"], made["is_tax_included"], made["is_due_in_vain"]) == (
        "not-charging",
        True,
        True,
    )
    assert (made["min_with_tax_micro"], made["max_with_tax_micro"]) == (1_000_000, 40_000_000)
    assert (await api.owner.get("/tariffs")).json() == [made]


def element(**fields: Any) -> dict[str, Any]:
    return {"elements": [{"component": "energy", "micro": 1} | fields]}


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        (
            element(when={"min_power_w": 2, "max_power_w": 2}),
            "E_TARIFF_INVALID",
            "elements[0].when: max_power_w",
        ),
        (element(when={"reservation": "used"}), "E_TARIFF_INVALID", "elements[0].when.reservation"),
        (element(component="session", step=5), "E_TARIFF_INVALID", "elements[0].step"),
        ({"currency": "XXZ"}, "E_TARIFF_INVALID", "ISO 4217"),
        ({"currency": "XAU"}, "E_TARIFF_INVALID", "ISO 4217"),
        (element(component="beer"), "invalid_request", "component"),
        (element(when={"min_powr_w": 2}), "invalid_request", "min_powr_w"),
        (element(when={"from_time": "22:00:30"}), "invalid_request", "from_time"),
        (element(when={"weekdays": ["freitag"]}), "invalid_request", "weekdays"),
        ({"idle_policy": "sometimes"}, "invalid_request", "idle_policy"),
        ({"elements": element()["elements"] * 61}, "invalid_request", "elements"),
        ({"taxes": [{"name": "x", "rate_millipercent": 1, "stack": 5}]}, "invalid_request", "stack"),
    ],
)
async def test_a_slip_is_named(api: Api, fields: dict[str, Any], code: str, words: str) -> None:
    """Nothing is stored, and the field is told."""
    refused = await api.owner.post("/tariffs", json={"name": "A", "currency": "CAD"} | fields)
    assert refused.status_code == 422
    assert problem(refused)["code"] == code
    assert words in refused.text
    assert (await api.owner.get("/tariffs")).json() == []
