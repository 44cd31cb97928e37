"""Sites with hours and lists, places and tariffs over HTTP."""

from typing import Any

import pytest

from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_orders import problem
from tests.support.provisioning import ID
from tests.support.stations import PRICE, ScriptedStation

DAY = [{"opens": "08:00", "closes": "21:00"}]
TARIFF = {
    "name": "Day",
    "currency": "CAD",
    "energy_micro_per_kwh": 250_000,
    "taxes": [{"name": "TPS", "rate_millipercent": 5_000}, {"name": "TVQ", "rate_millipercent": 9_975}],
}


async def test_a_site_from_beginning_to_end(api: Api) -> None:
    """Made, listed, changed, looked at."""
    tariff = await api.made("/tariffs", TARIFF)
    site_id = await api.site(address="1 rue du Quai", tariff_id=tariff["tariff_id"])
    (listed,) = (await api.owner.get("/sites")).json()
    one = (await api.owner.get(f"/sites/{site_id}")).json()
    assert listed == one
    assert one["weekly"] is None
    assert one["tokens"] == 0
    changed = await api.owner.patch(f"/sites/{site_id}", json={"name": "Quai", "address": None})
    assert (changed.json()["name"], changed.json()["address"]) == ("Quai", None)
    assert changed.json()["tariff_id"] == tariff["tariff_id"]
    assert (await api.owner.patch(f"/sites/{site_id}", json={"tariff_id": None})).json()["tariff_id"] is None


async def test_a_tariff_with_taxes(api: Api) -> None:
    """As drivers read it, in both languages."""
    made = await api.made("/tariffs", TARIFF)
    assert made["text_fr"] == "0,25 $/kWh, taxes en sus"
    assert made["text_en"] == "$0.25/kWh, plus tax"
    assert made["taxes"][0]["on"] == ["energy", "idle", "session", "time"]
    assert (await api.owner.get("/tariffs")).json() == [made]


async def test_hours_say_whether_it_is_open_and_until_when(api: Api) -> None:
    """In the site's zone; exceptions replace their day."""
    site_id = await api.site()
    always = (await api.owner.get(f"/sites/{site_id}/hours")).json()
    assert (always["is_open"], always["changes_at"], always["weekly"]) == (True, None, None)
    body = {"weekly": [DAY] * 7, "exceptions": {"2026-01-06": []}}
    answer = await api.owner.put(f"/sites/{site_id}/hours", json=body)
    assert answer.json() == body | {
        "zone": "America/Montreal",
        "is_open": False,
        "changes_at": "2026-01-05T13:00:00Z",
    }
    assert (await api.owner.get(f"/sites/{site_id}")).json()["exceptions"] == {"2026-01-06": []}


@pytest.mark.parametrize("opens", ["08:00:30", "08:00:00.5", "08:00Z", "08:00:00-04:00", 28_800])
async def test_hours_finer_than_a_minute_or_of_a_foreign_zone_are_refused(api: Api, opens: str | int) -> None:
    """They would be kept otherwise than they were written."""
    site_id = await api.site()
    body = {"exceptions": {"2026-01-06": [{"opens": opens, "closes": "21:00"}]}}
    refused = problem(await api.owner.put(f"/sites/{site_id}/hours", json=body))
    assert refused["code"] == "invalid_request"
    assert refused["detail"].startswith("body.exceptions.2026-01-06.0.opens: ")
    assert "such as 08:00, without seconds or a zone" in refused["detail"]
    assert (await api.owner.get(f"/sites/{site_id}/hours")).json()["exceptions"] == {}


async def test_hours_reach_a_station_at_once(api: Api, v201: ScriptedStation) -> None:
    """And what it should be is shown beside what it agreed to."""
    await api.world.active(v201)
    site = api.world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await api.owner.put(f"/sites/{site.site_id}/hours", json={"weekly": [[]] * 7})
    await api.world.quiet()
    shown = (await api.owner.get(f"/stations/{ID}/lifecycle")).json()
    assert shown["availability"] == {"wanted": "Inoperative", "agreed": "Inoperative", "is_pending": False}


async def test_a_list_goes_to_the_stations(api: Api, v201: ScriptedStation) -> None:
    """How many get it is told."""
    await api.world.active(v201)
    site = api.world.provisioning.station_cache.site_of(ID)
    assert site is not None
    body = {"tokens": [{"value": "04A1B2C3"}, {"value": "04a1b2c3"}, {"value": "AB", "type": "Central"}]}
    answer = (await api.owner.put(f"/sites/{site.site_id}/tokens", json=body)).json()
    assert answer["stations"] == 1
    assert len(answer["tokens"]) == 2
    await api.world.passes(30)
    assert len(v201.local_list) == 2
    assert (await api.owner.get(f"/sites/{site.site_id}/tokens")).json()["tokens"] == answer["tokens"]


async def test_a_new_tariff_goes_to_the_stations(api: Api, v201: ScriptedStation) -> None:
    """Pending until the station has read it back."""
    await api.world.active(v201)
    site = api.world.provisioning.station_cache.site_of(ID)
    assert site is not None
    api.world.stations.drop(ID)
    tariff = await api.made("/tariffs", TARIFF)
    await api.owner.patch(f"/sites/{site.site_id}", json={"tariff_id": tariff["tariff_id"]})
    shown = (await api.owner.get(f"/stations/{ID}/lifecycle")).json()
    assert [each["code"] for each in shown["remarks"]] == ["E_OFFLINE", "W_CHANGE_PENDING"]
    assert shown["remarks"][1]["text_fr"].startswith("Changement en attente\N{NO-BREAK SPACE}: tarif")
    assert shown["activation"]["pending"] == ["tariff", "restart"]
    await api.world.stations.connect(v201)
    await api.world.passes(30)
    assert (await api.owner.get(f"/stations/{ID}/lifecycle")).json()["remarks"] == []
    assert "taxes en sus" in (v201.variables[PRICE] or "")


async def test_places_with_their_stations(api: Api) -> None:
    """Made in advance, pinned by the installer, renamed by the owner."""
    site_id, other = await api.site(), await api.site(name="Baie")
    place = await api.made("/places", {"site_id": site_id, "name": "P1"})
    assert place["station_id"] is None
    await api.order()
    await api.registered()
    claimed = await api.claim(place_id=place["place_id"], latitude=51.4, longitude=-57.1)
    assert claimed.json()["place"]["latitude"] == 51.4
    (listed,) = (await api.owner.get("/places", params={"site": site_id})).json()
    assert (listed["station_id"], listed["latitude"]) == (ID, 51.4)
    assert (await api.owner.get("/places", params={"site": other})).json() == []
    renamed = await api.owner.patch(f"/places/{place['place_id']}", json={"name": "Quai nord"})
    assert (renamed.json()["name"], renamed.json()["station_id"]) == ("Quai nord", ID)
    shown = (await api.owner.get(f"/stations/{ID}/lifecycle")).json()
    assert shown["place"]["name"] == "Quai nord"


CONTRADICTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("/sites", {"name": "A", "zone": "Mars/Olympus"}, "E_ZONE_UNKNOWN"),
    ("/sites", {"name": "A", "tariff_id": "x"}, "E_TARIFF_UNKNOWN"),
    ("/sites", {"name": "PORT"}, "E_NAME_TAKEN"),
    ("/places", {"site_id": "x", "name": "P"}, "E_SITE_UNKNOWN"),
    ("/tariffs", {"name": "A", "currency": "CAD", "min_micro": 2, "max_micro": 1}, "E_TARIFF_INVALID"),
    ("/tariffs", {"name": "A", "currency": "dollar"}, "invalid_request"),
    ("/tariffs", {"name": "A", "currency": "CAD", "energy_micro_per_kwh": -1}, "invalid_request"),
    ("/sites", {"name": "A", "colour": "red"}, "invalid_request"),
]
MISSING: list[tuple[str, str, dict[str, Any] | None, str]] = [
    ("GET", "/sites/x", None, "E_SITE_UNKNOWN"),
    ("PATCH", "/sites/x", {"name": "B"}, "E_SITE_UNKNOWN"),
    ("PUT", "/sites/x/hours", {"weekly": None}, "E_SITE_UNKNOWN"),
    ("PUT", "/sites/x/tokens", {"tokens": []}, "E_SITE_UNKNOWN"),
    ("GET", "/sites/x/tokens", None, "E_SITE_UNKNOWN"),
    ("PATCH", "/places/x", {"name": "B"}, "E_PLACE_UNKNOWN"),
    ("PATCH", "/places/x", {"latitude": 1.0}, "invalid_request"),
    ("PUT", "/sites/x/hours", {"weekly": [[]] * 6}, "invalid_request"),
    ("PUT", "/sites/x/hours", {"weekly": [[{"opens": "8", "closes": "9"}]] * 7}, "invalid_request"),
    ("PUT", "/sites/x/hours", {"exceptions": {"tomorrow": []}}, "invalid_request"),
    ("PUT", "/sites/x/tokens", {"tokens": [{"value": ""}]}, "invalid_request"),
    ("PUT", "/sites/x/tokens", {"tokens": [{"value": "A", "type": "Nothing"}]}, "invalid_request"),
]


async def test_what_contradicts_itself_is_said(api: Api) -> None:
    """As a problem, never an internal error."""
    await api.site()
    for path, body, code in CONTRADICTIONS:
        assert problem(await api.owner.post(path, json=body))["code"] == code, (path, body)


async def test_what_does_not_exist_is_said(api: Api) -> None:
    """With where to look."""
    for method, path, body, code in MISSING:
        answer = await api.owner.request(method, path, json=body)
        assert problem(answer)["code"] == code, (method, path, body)


async def test_a_tariff_says_where_what_it_prices_is_not_measured(api: Api, v201: ScriptedStation) -> None:
    """At the tariff, in the list, in the answer that gives it to a site, and at the site; of one that is not
    there nothing is said.
    """
    await api.world.localized(v201)
    site = api.world.provisioning.station_cache.site_of(ID)
    assert site is not None
    api.world.provisioning.observed.note_untold(ID, {"energy": api.world.clock.now()})
    made = await api.made("/tariffs", TARIFF)
    assert (made["remarks"], made["remarks_count"]) == ([], 0)
    changed = (await api.owner.patch(f"/sites/{site.site_id}", json={"tariff_id": made["tariff_id"]})).json()
    (remark,) = changed["remarks"]
    assert (remark["code"], remark["station_id"], remark["component"]) == ("W_NOT_MEASURED", ID, "energy")
    one = (await api.owner.get(f"/tariffs/{made['tariff_id']}")).json()
    assert (one["remarks"], one["remarks_count"]) == ([remark], 1)
    assert (await api.owner.get("/tariffs")).json() == [one]
    assert (await api.owner.get("/sites")).json() == [changed]
    assert (await api.owner.get(f"/sites/{site.site_id}")).json() == changed
    assert problem(await api.owner.get("/tariffs/gone"))["code"] == "E_TARIFF_UNKNOWN"


async def test_the_remarks_of_one_tariff_are_bounded(
    api: Api, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ones are shown, and how many there are."""
    monkeypatch.setattr("provisioning.api.site_views.REMARKS_SHOWN", 1)
    tariff = await api.made("/tariffs", TARIFF | {"idle_micro_per_h": 1})
    await api.world.localized(v201, tariff_id=tariff["tariff_id"])
    at = api.world.clock.now()
    api.world.provisioning.observed.note_untold(ID, {"energy": at, "idle": at})
    one = (await api.owner.get(f"/tariffs/{tariff['tariff_id']}")).json()
    assert (len(one["remarks"]), one["remarks_count"]) == (1, 2)
