"""POST /tariffs/preview: what a session would cost, why, and what each station can show of it."""

from typing import Any

import pytest

from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_orders import problem
from tests.support.stations import ScriptedStation

DAY_AND_NIGHT: dict[str, Any] = {
    "name": "Day and night",
    "currency": "CAD",
    "energy_micro_per_kwh": 300_000,
    "elements": [
        {"component": "energy", "micro": 200_000, "when": {"from_time": "22:00", "until_time": "06:00"}}
    ],
    "taxes": [{"name": "TPS", "rate_millipercent": 5_000}, {"name": "TVQ", "rate_millipercent": 9_975}],
}
SESSION: dict[str, Any] = {"starts_at": "2026-01-09T21:00", "kwh": 12, "minutes": 120}


async def preview(api: Api, **fields: Any) -> dict[str, Any]:
    answer = await api.owner.post("/tariffs/preview", json=SESSION | fields)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_what_it_costs_and_why(api: Api) -> None:
    """Friday at 21:00: an hour of each price, the taxes, a sentence, and each minute."""
    found = await preview(api, tariff=DAY_AND_NIGHT, zone="America/Montreal")
    assert (found["net_micro"], found["total_micro"]) == (3_000_000, 3_449_250)
    assert (found["total_fr"], found["total_en"]) == ("3,45 $", "$3.45")
    assert [(each["quantity"], each["unit"], each["net_micro"]) for each in found["lines"]] == [
        (6000, "Wh", 1_800_000),
        (6000, "Wh", 1_200_000),
    ]
    assert {each["name"]: each["micro"] for each in found["taxes"]} == {"TPS": 150_000, "TVQ": 299_250}
    assert found["why_en"] == (
        "12 kWh in 120 min on Friday at 21:00 costs $3.45, because: $0.30/kWh + $0.20/kWh (22:00–06:00)"
    )
    assert found["why_fr"].startswith(
        "12\N{NO-BREAK SPACE}kWh en 120\N{NO-BREAK SPACE}min le vendredi à 21:00"
    )
    assert [(each["begins_at"][11:16], each["prices_en"]) for each in found["spans"]] == [
        ("21:00", ["$0.30/kWh"]),
        ("22:00", ["$0.20/kWh (22:00–06:00)"]),
    ]
    assert len(found["minutes"]) == 120
    assert sum(each["micro"] for each in found["minutes"]) == 3_000_000
    assert (await api.owner.get("/tariffs")).json() == []


async def test_blocks_fees_limits_and_what_is_waived(api: Api) -> None:
    """Each is told by name."""
    blocks = {"component": "idle", "micro": 6_000_000, "step": 900}
    tariff = {
        "name": "A",
        "currency": "CAD",
        "session_micro": 500_000,
        "max_micro": 3_000_000,
        "elements": [blocks],
    }
    found = await preview(api, tariff=tariff, idle_minutes=40, reserved_minutes=5, evse_kind="AC")
    assert [(each["quantity"], each["unit"], each["added"]) for each in found["lines"]] == [
        (1, "once", 0),
        (2700, "s", 300),
    ]
    assert (found["total_micro"], found["limits"]) == (3_000_000, ["max"])
    vain = await preview(api, tariff=tariff | {"elements": []}, kwh=0, minutes=0)
    assert (vain["total_micro"], vain["waived"], vain["lines"]) == (0, ["session"], [])
    assert vain["why_en"].endswith("because: nothing has a price")


async def test_what_each_station_can_show(api: Api, v201: ScriptedStation) -> None:
    """Each form with what it loses, never dearer; the site's own zone; a station that is away."""
    station_id = await api.world.active(v201)
    site = api.world.provisioning.station_cache.site_of(station_id)
    assert site is not None
    made = await api.made("/tariffs", DAY_AND_NIGHT)
    found = await preview(api, tariff_id=made["tariff_id"], site_id=site.site_id)
    assert found["total_micro"] == 3_449_250
    forms = {each["target"]: each for each in found["projections"]}
    assert list(forms) == ["1.6", "2.0.1", "2.1", "ocpi-2.2.1", "ocpi-2.3.0"]
    assert forms["1.6"]["document"]["chargingPrice"]["kWhPrice"] == 0.2
    assert [each["feature"] for each in forms["1.6"]["losses"]] == ["restrictions"]
    assert forms["2.1"]["document"]["energy"]["prices"][0]["conditions"]["startTimeOfDay"] == "22:00"
    assert forms["ocpi-2.3.0"]["document"]["elements"][1]["price_components"][0]["price"] == 0.3
    assert found["stations"] == [{"station_id": station_id, "target": "2.0.1", "losses": []}]
    api.world.stations.drop(station_id)
    away = await preview(api, tariff_id=made["tariff_id"], site_id=site.site_id)
    assert away["stations"] == [{"station_id": station_id, "target": None, "losses": []}]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "invalid_request"),
        ({"tariff_id": "x", "tariff": DAY_AND_NIGHT}, "invalid_request"),
        ({"tariff_id": "x"}, "E_TARIFF_UNKNOWN"),
        ({"tariff": DAY_AND_NIGHT, "site_id": "x"}, "E_SITE_UNKNOWN"),
        ({"tariff": DAY_AND_NIGHT, "zone": "Montreal"}, "E_ZONE_UNKNOWN"),
        ({"tariff": DAY_AND_NIGHT, "starts_at": "2026-01-09T21:00:00Z"}, "invalid_request"),
        ({"tariff": DAY_AND_NIGHT, "kwh": -1}, "invalid_request"),
        ({"tariff": DAY_AND_NIGHT, "minuts": 1}, "invalid_request"),
    ],
)
async def test_a_slip_is_named(api: Api, fields: dict[str, Any], code: str) -> None:
    """Clear refusals."""
    refused = await api.owner.post("/tariffs/preview", json=SESSION | fields)
    assert problem(refused)["code"] == code
