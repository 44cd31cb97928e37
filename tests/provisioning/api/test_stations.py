"""One station over HTTP: how far it is, its activation step by step, suspension, and the ways out."""

from typing import Any

import pytest

from ocppj.vocabulary import StationId
from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_orders import problem
from tests.support.provisioning import ID, MAC
from tests.support.stations import HEARTBEAT, SECRET, ScriptedStation


async def _active(api: Api, station: ScriptedStation) -> None:
    await api.world.active(station)


async def test_a_station_is_named_in_any_spelling(api: Api) -> None:
    """As it stands on the label."""
    await api.order()
    for name in (MAC, MAC.lower(), "0024b10000029f81", "00-24-b1-00-00-02-9f-81"):
        found = (await api.owner.get(f"/stations/{name}/lifecycle")).json()
        assert found["station_id"] == ID
        assert found["history"][0]["state"] == "ordered"


async def test_an_unknown_station_is_said_so(api: Api) -> None:
    """With the known ones it may be meant to be; never an internal error."""
    await api.order()
    near = ["0024:B100:0002:9F81"]
    for name, code, nearest in (
        ("0024:B100:0002:9F82", "E_MAC_UNKNOWN", near),
        ("0024:B1OO:0002:9F81", "E_MAC_UNKNOWN", near),
        ("ffffffffffff", "E_STATION_UNKNOWN", None),
        ("cp-9", "E_STATION_UNKNOWN", None),
        ("a:b", "E_STATION_UNKNOWN", None),
    ):
        for path in ("lifecycle", "activation"):
            found = problem(await api.owner.get(f"/stations/{name}/{path}"))
            assert (found["code"], found["status"], found.get("nearest")) == (code, 404, nearest), name


async def test_a_station_that_nobody_ordered_is_told_from_one_that_nobody_knows(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is connected: to compare its label would lead nowhere."""

    async def has_seen(station_id: StationId) -> bool:
        return station_id == "bench-1"

    monkeypatch.setattr(api.world.provisioning, "has_seen", has_seen)
    found = problem(await api.owner.get("/stations/BENCH-1/lifecycle"))
    assert (found["code"], found["status"]) == ("E_NO_LIFECYCLE", 404)
    assert "bench-1" in found["detail"]
    assert found["ways_out"]["command"] == "ctl adopt bench-1"


async def test_the_activation_step_by_step(api: Api, v201: ScriptedStation) -> None:
    """What was sent, answered and read back; secrets are stars."""
    v201.refused[HEARTBEAT] = "Rejected"
    await _active(api, v201)
    run = (await api.owner.get(f"/stations/{ID}/activation")).json()["run"]
    assert [step["step"] for step in run["steps"]] == [
        "clock",
        "credential",
        "access_list",
        "hours",
        "tariff",
        "restart",
        "release",
    ]
    clock, credential = run["steps"][:2]
    assert clock["state"] == "refused"
    assert clock["remarks"][0]["text_fr"].startswith("La borne a refusé")
    assert credential["evidence"][0]["sent"] == f"set {SECRET}=***"
    assert run["current"] is None


async def test_an_owner_repeats_an_activation_or_a_step(api: Api, v201: ScriptedStation) -> None:
    """The way out of most remarks."""
    v201.refused[HEARTBEAT] = "Rejected"
    await _active(api, v201)
    v201.refused.clear()
    answer = await api.owner.post(f"/stations/{ID}/activation", json={"steps": ["clock"]})
    assert answer.status_code == 202
    assert answer.json()["run"]["current"] == "clock"
    await api.world.passes(30)
    shown = (await api.owner.get(f"/stations/{ID}/lifecycle")).json()
    assert shown["remarks"] == []
    wrong = await api.owner.post(f"/stations/{ID}/activation", json={"steps": ["coffee"]})
    assert problem(wrong)["status"] == 422
    assert (await api.owner.post(f"/stations/{ID}/activation")).status_code == 202


async def test_a_station_at_no_place_cannot_be_activated(api: Api) -> None:
    """It is said who comes first."""
    await api.order()
    found = problem(await api.owner.post(f"/stations/{ID}/activation"))
    assert (found["code"], found["status"], found["who_clears"]) == ("E_NOT_LOCALIZED", 409, "installer")


async def test_suspend_and_resume(api: Api, v201: ScriptedStation) -> None:
    """With the owner's reason."""
    await _active(api, v201)
    answer = await api.owner.post(f"/stations/{ID}/suspend", json={"reason": "forfait expiré"})
    assert (answer.status_code, answer.json()["lifecycle"]) == (200, "suspended")
    assert "forfait expiré" in answer.json()["blocked_by"][0]["text_fr"]
    answer = await api.owner.post(f"/stations/{ID}/resume")
    assert answer.json()["lifecycle"] == "active"
    assert problem(await api.owner.post(f"/stations/{ID}/suspend", json={}))["status"] == 422


async def test_only_active_stations_are_suspended(api: Api) -> None:
    """409, with where to look."""
    await api.order()
    found = problem(await api.owner.post(f"/stations/{ID}/suspend", json={"reason": "x"}))
    assert (found["code"], found["status"]) == ("E_NOT_ACTIVE", 409)


async def test_installer_and_owner_take_a_station_away(api: Api, v201: ScriptedStation) -> None:
    """It has to be claimed anew."""
    await _active(api, v201)
    answer = await api.installer.delete(f"/stations/{ID}/assignment")
    assert (answer.json()["was_assigned"], answer.json()["lifecycle"]) == (True, "powered")
    assert (await api.owner.delete(f"/stations/{ID}/assignment")).json()["was_assigned"] is False
    assert (await api.owner.get(f"/stations/{ID}/activation")).json()["run"] is None


async def test_a_station_that_was_reset_gets_back_in(api: Api, v201: ScriptedStation) -> None:
    """Refused at the door, shown to its owner, let in by the team."""
    await _active(api, v201)
    api.world.stations.drop(ID)
    v201.password = None
    assert await api.world.stations.connect(v201) is None
    shown = (await api.owner.get(f"/stations/{ID}/lifecycle")).json()
    assert [each["code"] for each in shown["remarks"]] == ["E_OFFLINE", "E_SECRET_MISSING"]
    assert shown["remarks"][1]["ways_out"]["route"] == f"DELETE /api/v1/stations/{ID}/credential"
    answer = await api.admin.delete(f"/stations/{ID}/credential")
    assert (answer.status_code, answer.json()["credential"]) == (200, "forgotten")
    assert await api.world.stations.connect(v201) == ID
    await api.world.passes(60)
    assert (await api.owner.get(f"/stations/{ID}/lifecycle")).json()["credential"] == "verified"


async def test_an_installer_says_that_one_box_is_left(api: Api, v201: ScriptedStation) -> None:
    """The duplicate is solved at the place, where nobody sees its second id."""
    await _active(api, v201)
    api.world.provisioning.turned_away(v201.identity, "198.51.100.7", is_certain=True)
    shown = (await api.installer.get(f"/stations/{ID}/lifecycle")).json()
    assert [each["code"] for each in shown["remarks"]] == ["E_DUPLICATE_IDENTITY"]
    answer = await api.installer.delete(f"/stations/{ID}/boxes")
    assert (answer.status_code, answer.json()["remarks"], answer.json()["boxes"]) == (200, [], [])
    assert (await api.world.acts())[-1] == ("installer", "one-box-left", None, None)
    assert problem(await api.installer.delete("/stations/cp-9/boxes"))["code"] == "E_STATION_UNKNOWN"


async def test_names_codes_and_orders_can_be_put_right(api: Api) -> None:
    """A second MAC, a lost label, a box ordered by mistake."""
    await api.order()
    added = await api.made(f"/stations/{ID}/macs", {"mac": "02:B0:16:00:00:09"})
    assert added["macs"] == ["0024:B100:0002:9F81", "02:B0:16:00:00:09"]
    shown = (await api.owner.get("/stations/02-b0-16-00-00-09/lifecycle")).json()
    assert shown["station_id"] == ID
    code = (await api.admin.post(f"/stations/{ID}/claim-code")).json()
    assert len(code["claim_code"]) == 10
    assert (await api.owner.delete(f"/stations/{ID}/order")).status_code == 204
    assert problem(await api.owner.get(f"/stations/{ID}/lifecycle"))["code"] == "E_STATION_UNKNOWN"


async def test_a_box_in_use_is_not_taken_out_of_its_order(api: Api, v201: ScriptedStation) -> None:
    """It is at its place."""
    await _active(api, v201)
    found = problem(await api.owner.delete(f"/stations/{ID}/order"))
    assert (found["code"], found["status"]) == ("E_STILL_ASSIGNED", 409)


async def test_strange_names_in_the_path_do_no_harm(api: Api) -> None:
    """Whatever is typed there."""
    names: list[Any] = ["%2e%2e", "%00", "é", "'; --", "x" * 500, StationId("<script>")]
    for name in names:
        answer = await api.owner.get(f"/stations/{name}/lifecycle")
        assert answer.status_code == 404
