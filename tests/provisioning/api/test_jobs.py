"""Jobs over HTTP: a manager plans them, an installer takes one along."""

from dataclasses import replace
from typing import Any

from access.principals import Role
from provisioning.credentials import check_character
from provisioning.settings import ProvisioningSettings
from runtime.chance import CROCKFORD
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import ID, MAC

LABEL = "0024:B100:0002:9F81"


async def place(api: Api, site: str, name: str = "P1") -> str:
    """A place's id."""
    return str((await api.made("/places", {"site_id": site, "name": name}))["place_id"])


async def planned(api: Api, **fields: Any) -> dict[str, Any]:
    """A job on a new site with one place and an ordered box."""
    site = await api.site()
    await api.order(MAC)
    stop = {"place_id": await place(api, site), "station_id": MAC}
    body = {"site_id": site, "day": "2026-05-05", "installer": "installer", "places": [stop]}
    return await api.made("/jobs", body | fields)


async def test_a_manager_plans_and_sees_what_is_missing(api: Api) -> None:
    """Each with who clears it, in both languages; what is only worth knowing comes last."""
    job = await planned(api, note="keys at the desk")
    assert (job["day"], job["installer"], job["note"], job["site"]) == (
        "2026-05-05",
        "installer",
        "keys at the desk",
        "Port",
    )
    (stop,) = job["stops"]
    assert (stop["station_id"], stop["mac"], stop["replaces"], stop["is_done"]) == (ID, LABEL, None, False)
    assert not job["is_ready"]
    assert [each["code"] for each in job["missing"]][:3] == [
        "E_JOB_NO_ACCOUNT",
        "E_JOB_NO_URL",
        "E_JOB_NO_TARIFF",
    ]
    assert job["missing"][-1]["place_id"] == stop["place_id"]
    assert all(each["text_fr"] != each["text_en"] and each["who_clears"] for each in job["missing"])


async def test_a_pack_holds_the_whole_job(api: Api) -> None:
    """What to type as a whole and in fields; nothing of the code but how it is checked."""
    api.world.provisioning.use_cases.jobs.settings = _told(api)
    job = await planned(api)
    pack = (await api.installer.get(f"/jobs/{job['job_id']}/pack")).json()
    assert pack["job"]["job_id"] == job["job_id"]
    assert pack["team"] == {"name": "Ann", "phone": "+1 514 555 0100"}
    (station,) = pack["stations"]
    assert station["macs"] == [LABEL]
    assert station["ocpp"] == {
        "url": f"wss://borne.example/ocpp/{LABEL}",
        "base": "wss://borne.example/ocpp",
        "scheme": "wss",
        "host": "borne.example",
        "port": 443,
        "path": f"/ocpp/{LABEL}",
        "identity": LABEL,
    }
    assert pack["places"][0]["station_id"] == ID
    form = pack["claim_code"]
    assert (form["alphabet"], form["characters"], form["modulus"]) == (CROCKFORD, 8, 37)
    number = 0
    for character in "7K3MQ9XA":
        number = number * 32 + form["alphabet"].index(character)
    assert form["check_alphabet"][number % form["modulus"]] == check_character("7K3MQ9XA")


def _told(api: Api) -> ProvisioningSettings:
    return replace(
        api.world.settings,
        ocpp_url="wss://borne.example/ocpp",
        team_name="Ann",
        team_phone="+1 514 555 0100",
    )


async def test_installers_see_their_own_jobs_only(api: Api) -> None:
    """Another's is not there; whoever plans sees all, and `mine` for themselves."""
    job = await planned(api)
    assert [each["job_id"] for each in (await api.installer.get("/jobs")).json()] == [job["job_id"]]
    assert (await api.owner.get("/jobs?mine=true")).json() == []
    assert (await api.owner.patch(f"/jobs/{job['job_id']}", json={"installer": "kim"})).status_code == 200
    assert (await api.installer.get("/jobs")).json() == []
    answer = await api.installer.get(f"/jobs/{job['job_id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "E_JOB_UNKNOWN")
    assert (await api.installer.patch(f"/jobs/{job['job_id']}", json={})).status_code == 403
    assert (await api.by(Role.VIEWER).get("/jobs")).status_code == 403


async def test_a_job_is_done_when_its_box_is_at_its_place(api: Api) -> None:
    """Nothing is missing at that place then."""
    job = await planned(api)
    await api.registered()
    stop = job["stops"][0]
    assert (await api.claim(place_id=stop["place_id"])).status_code == 201
    after = (await api.owner.get(f"/jobs/{job['job_id']}")).json()
    assert after["is_done"]
    assert all(each["place_id"] is None for each in after["missing"])


async def test_a_list_of_jobs_goes_on(api: Api) -> None:
    """By day, with a cursor."""
    job = await planned(api)
    stops = [{"place_id": job["stops"][0]["place_id"]}]
    await api.made("/jobs", {"site_id": job["site_id"], "day": "2026-05-01", "places": stops})
    first = await api.owner.get("/jobs?limit=1")
    assert [each["day"] for each in first.json()] == ["2026-05-01"]
    second = await api.owner.get(first.links["next"]["url"].removeprefix("/api/v1"))
    assert [each["day"] for each in second.json()] == ["2026-05-05"]
    assert "next" not in second.links
    assert (await api.owner.get("/jobs?after=nonsense")).json()["code"] == "after_invalid"
    assert (await api.owner.get("/jobs?site=none")).json() == []


async def test_what_is_typed_wrongly_is_refused(api: Api) -> None:
    """Sites, places, boxes, and a place that stands twice."""
    job = await planned(api)
    site, place_id = job["site_id"], job["stops"][0]["place_id"]
    body = {"site_id": site, "day": "2026-05-05", "places": [{"place_id": place_id}]}
    for fields, code in (
        ({"site_id": "none"}, "E_SITE_UNKNOWN"),
        ({"places": [{"place_id": "none"}]}, "E_PLACE_UNKNOWN"),
        ({"places": [{"place_id": place_id, "station_id": "00:00:00:00:00:00"}]}, "E_STATION_UNKNOWN"),
    ):
        assert (await api.owner.post("/jobs", json=body | fields)).json()["code"] == code
    twice = await api.owner.post("/jobs", json=body | {"places": [{"place_id": place_id}] * 2})
    assert twice.status_code == 422
    assert (await api.owner.get("/jobs/none")).json()["code"] == "E_JOB_UNKNOWN"


async def test_a_cancelled_job_stays_readable(api: Api) -> None:
    """It is in no list unless one asks for those too, and is changed no more."""
    job = await planned(api)
    path = f"/jobs/{job['job_id']}"
    assert (await api.owner.delete(path)).json()["cancelled_at"]
    assert (await api.owner.get("/jobs")).json() == []
    assert len((await api.owner.get("/jobs?cancelled=true")).json()) == 1
    assert (await api.owner.patch(path, json={"day": "2026-06-01"})).json()["code"] == "E_JOB_CANCELLED"
