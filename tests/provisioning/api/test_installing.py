"""Certified crews and commissioned stations, over HTTP."""

from typing import Any

import pytest

from access.principals import Role
from provisioning.gates.facts import Commissioning
from provisioning.install_policy import InstallPolicy
from provisioning.lifecycle import Lifecycle
from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_jobs import place
from tests.support.provisioning import ID, MAC
from tests.support.stations import ScriptedStation

FAMILY = "acme-dc"
CERTIFIED = {"account": "installer", "family": FAMILY, "valid_from": "2020-01-01"}


def asks(api: Api, commissioning: Commissioning = Commissioning.NONE, family: str | None = FAMILY) -> None:
    """Every product asks for this."""
    api.world.provisioning.station_cache.policy_of = lambda _: InstallPolicy(family, commissioning)


async def job(api: Api, **fields: Any) -> tuple[int, dict[str, Any]]:
    """What planning a job for the ordered box is answered."""
    site = await api.site(name=f"Port {len((await api.owner.get('/sites')).json())}")
    stop = {"place_id": await place(api, site), "station_id": MAC}
    body = {"site_id": site, "day": "2026-05-05", "installer": "installer", "places": [stop]} | fields
    answer = await api.owner.post("/jobs", json=body)
    return answer.status_code, answer.json()


@pytest.mark.requirement("R25", "refuses")
@pytest.mark.requirement("R27", "refuses")
async def test_a_crew_that_is_not_certified_is_not_sent(api: Api) -> None:
    """Nor one whose certification ends before the day; nor does it localize the station."""
    asks(api)
    await api.order(MAC)
    status, refused = await job(api)
    assert (status, refused["code"]) == (403, "E_NOT_CERTIFIED")
    await api.made("/certifications", CERTIFIED | {"valid_to": "2026-05-04"}, by=Role.ADMIN)
    status, refused = await job(api)
    assert refused["text_en"] == "installer has no certification for acme-dc that is valid on 2026-05-05."
    status, made = await job(api, installer=None)
    assert status == 201
    answer = await api.owner.patch(f"/jobs/{made['job_id']}", json={"installer": "installer"})
    assert answer.json()["code"] == "E_NOT_CERTIFIED"
    await api.made("/certifications", CERTIFIED | {"valid_to": "2020-01-02"}, by=Role.ADMIN)
    await api.registered()
    claimed = await api.claim(place_id=made["stops"][0]["place_id"])
    assert (claimed.status_code, claimed.json()["code"]) == (403, "E_NOT_CERTIFIED")


@pytest.mark.requirement("R25", "passes")
async def test_a_certified_crew_is_sent_and_localizes(api: Api) -> None:
    """Its certification is listed with whether it counts."""
    asks(api)
    await api.order(MAC)
    made = await api.made("/certifications", CERTIFIED, by=Role.ADMIN)
    assert made == CERTIFIED | {"valid_to": None, "is_valid": True}
    assert (await api.owner.get("/certifications")).json() == [made]
    status, planned = await job(api)
    assert status == 201
    await api.registered()
    assert (await api.claim(place_id=planned["stops"][0]["place_id"])).status_code == 201


@pytest.mark.requirement("R27", "passes")
async def test_an_owner_may_be_certified_too(api: Api) -> None:
    """Whatever their role; a certification that ends before it begins is refused."""
    asks(api)
    await api.order(MAC)
    await api.made("/certifications", CERTIFIED | {"account": "manager"}, by=Role.ADMIN)
    status, _ = await job(api, installer="manager")
    assert status == 201
    wrong = await api.admin.post("/certifications", json=CERTIFIED | {"valid_to": "2019-01-01"})
    assert wrong.status_code == 422


async def test_who_asks_for_no_certification_gets_none(api: Api) -> None:
    """As before."""
    await api.order(MAC)
    status, _ = await job(api)
    assert status == 201


@pytest.mark.requirement("R33", "refuses")
async def test_a_commissioning_asked_for_late_is_put_off(api: Api) -> None:
    """A note with the day that is proposed: the installation may go on."""
    asks(api, Commissioning.MANAGED, None)
    await api.order(MAC)
    today = api.world.clock.now().date().isoformat()
    _, made = await job(api, day=today)
    (note,) = [each for each in made["missing"] if each["code"] == "W_DC_LATE_NOTICE"]
    assert note["severity"] == "note"
    assert "less than two weeks before" in note["text_en"]


@pytest.mark.requirement("R33", "passes")
async def test_a_commissioning_asked_for_in_time_comes_with_the_installation(api: Api) -> None:
    """Two weeks before; and a product that needs none is asked for nothing."""
    asks(api, Commissioning.MANAGED, None)
    await api.order(MAC)
    _, made = await job(api, day="2099-01-01")
    assert "W_DC_LATE_NOTICE" not in [each["code"] for each in made["missing"]]


@pytest.mark.requirement("R32", "refuses")
async def test_a_dc_station_waits_for_the_team(api: Api, v201: ScriptedStation) -> None:
    """No manager and no installer can say that it is commissioned."""
    asks(api, Commissioning.MANAGED, None)
    await api.world.localized(v201)
    for _ in range(5):
        await api.world.passes(15)
    assert api.world.codes() == ["E_DC_MANAGED_COMMISSIONING"]
    assert api.world.state() is Lifecycle.LOCALIZED
    for client in (api.owner, api.installer):
        answer = await client.post(f"/stations/{ID}/commissioning", json={})
        assert answer.json()["code"] == "role_required"


@pytest.mark.requirement("R32", "passes")
async def test_the_team_commissions_it(api: Api, v201: ScriptedStation) -> None:
    """And it goes on by itself; who did it is kept, also over a restart."""
    asks(api, Commissioning.MANAGED, None)
    await api.world.localized(v201)
    answer = await api.admin.post(f"/stations/{ID}/commissioning", json={"note": "insulation 12 MΩ"})
    assert answer.status_code == 200, answer.text
    for _ in range(20):
        await api.world.passes(15)
    assert api.world.state() is Lifecycle.ACTIVE
    assert ("admin", "commissioned", None, "insulation 12 MΩ") in await api.world.acts()
    await api.world.restart()
    assert api.world.device().commissioned_at is not None


async def test_only_a_station_at_a_place_is_commissioned(api: Api) -> None:
    """It is installed first."""
    await api.order(MAC)
    answer = await api.admin.post(f"/stations/{ID}/commissioning", json={})
    assert answer.json()["code"] == "E_NOT_LOCALIZED"
