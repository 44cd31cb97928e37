"""Boxes change places over HTTP; and a person's phone sends a claim twice."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import insert

from access.control import AccessControl
from access.principals import AccessScope, Role
from access.tables import organisations
from provisioning.api.finding import build_finders
from provisioning.storage.tables import claims
from runtime.chance import SeededChance
from tests.provisioning.api.conftest import Api
from tests.provisioning.api.test_orders import problem
from tests.support.provisioning import CODE, MAC
from tests.support.waiting import patient_http

OTHER_MAC, NEW_MAC = "02:B0:16:00:00:01", "02:B0:16:00:00:02"
OTHER = "autre"
PASSWORD = "a dark garage"


@pytest.fixture
async def two(api: Api) -> Api:
    """Two boxes at two places, and a third one in its carton."""
    api.app.state.finders = {"provisioning": build_finders(api.world.provisioning)}
    await api.site()
    await api.order(MAC, OTHER_MAC, NEW_MAC)
    await api.registered()
    for mac, name in ((MAC, "P1"), (OTHER_MAC, "P2")):
        assert (await api.claim(mac, name=name)).status_code == 201
    return api


@pytest.fixture
async def phone(two: Api) -> AsyncIterator[httpx.AsyncClient]:
    """Of a person who is an installer."""
    async with patient_http(base_url=two.installer.base_url) as client:
        access = AccessControl(two.world.database, two.world.clock, SeededChance(9))
        await access.add_person("sam", PASSWORD, Role.INSTALLER)
        begun = await access.log_in("sam", PASSWORD)
        assert begun is not None
        client.headers["Authorization"] = f"Bearer {begun[1]}"
        yield client


async def elsewhere(api: Api) -> None:
    """Another organisation has a site, with a box on it."""
    row = {"organisation_id": OTHER, "name": "Autre inc.", "created_at": api.world.clock.now()}
    await api.world.database.execute(insert(organisations), row)
    site = await api.world.site(name="Quai", organisation_id=OTHER)
    scope = AccessScope(frozenset({OTHER}))
    await api.world.claim(NEW_MAC, scope=scope, site_id=site.site_id, name="Q1")


async def place_of(api: Api, mac: str) -> str | None:
    """The name of the place where a box is."""
    place = (await api.owner.get(f"/stations/{mac}/lifecycle")).json()["place"]
    return place["name"] if place else None


async def test_an_installer_exchanges_two_boxes(two: Api) -> None:
    """Named in any spelling; the answer is where the first one is now."""
    answer = await two.installer.post(f"/stations/{MAC}/exchange", json={"station_id": OTHER_MAC.lower()})
    assert (answer.status_code, answer.json()["place"]["name"]) == (200, "P2")
    assert await place_of(two, OTHER_MAC) == "P1"


async def test_what_is_no_exchange_is_refused(two: Api) -> None:
    """A box with itself, with one that is nowhere, with one that nobody knows; by who only looks on."""
    for other, status, code in (
        (MAC, 422, "E_SAME_STATION"),
        (NEW_MAC, 409, "E_NOT_LOCALIZED"),
        ("cp-9", 404, "E_STATION_UNKNOWN"),
    ):
        found = problem(await two.installer.post(f"/stations/{MAC}/exchange", json={"station_id": other}))
        assert (found["status"], found["code"]) == (status, code)
    body = {"station_id": OTHER_MAC}
    assert (await two.by(Role.VIEWER).post(f"/stations/{MAC}/exchange", json=body)).status_code == 403
    assert await place_of(two, MAC) == "P1"


async def test_boxes_of_two_organisations_are_not_exchanged(two: Api) -> None:
    """Whichever is named first: the other organisation's is unknown."""
    await elsewhere(two)
    for one, other in ((MAC, NEW_MAC), (NEW_MAC, MAC)):
        answer = await two.installer.post(f"/stations/{one}/exchange", json={"station_id": other})
        assert answer.status_code == 404, answer.text
    assert await place_of(two, MAC) == "P1"


async def test_a_defective_box_is_swapped(two: Api) -> None:
    """The same again is answered the same; a wrong code changes nothing."""
    path, body = f"/stations/{MAC}/swap", {"mac": NEW_MAC, "claim_code": CODE}
    wrong = await two.installer.post(path, json=body | {"claim_code": "AAAA-BBBB"})
    assert problem(wrong)["code"] == "E_CLAIM_REFUSED"
    for _ in range(2):
        answer = await two.installer.post(path, json=body)
        assert (answer.status_code, answer.json()["place"]["name"]) == (201, "P1")
    assert await place_of(two, MAC) is None


async def test_the_box_of_another_organisation_takes_nobodys_place(two: Api) -> None:
    """It is refused like one that nobody ordered."""
    await elsewhere(two)
    answer = await two.installer.post(f"/stations/{MAC}/swap", json={"mac": NEW_MAC, "claim_code": CODE})
    assert (answer.status_code, await place_of(two, MAC)) == (403, "P1"), answer.text
    assert problem(answer)["code"] == "E_CLAIM_REFUSED"


async def test_a_box_that_was_taken_away_is_not_swapped(two: Api) -> None:
    """The place where it was last is named."""
    assert (await two.owner.delete(f"/stations/{MAC}/assignment")).status_code in (200, 204)
    answer = await two.installer.post(f"/stations/{MAC}/swap", json={"mac": NEW_MAC, "claim_code": CODE})
    found = problem(answer)
    assert (found["status"], found["code"], "P1" in found["detail"]) == (409, "E_PLACE_LEFT", True)


async def test_a_person_who_claims_twice_with_a_key_claims_once(two: Api, phone: httpx.AsyncClient) -> None:
    """The answer was lost; with another claim, the key is refused, and without one it is another claim."""
    await two.made("/installers", {"name": "Sam of Volta", "account": "sam"})
    body = {"mac": NEW_MAC, "claim_code": CODE, "name": "P3", "latitude": 45.5, "longitude": -73.6}
    key = {"Idempotency-Key": "a-key-of-mine"}
    answers = [await phone.post("/claims", json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201], answers[0].text
    assert answers[0].json()["station_id"] == answers[1].json()["station_id"]
    kept = await two.world.database.fetch_all(claims.select().where(claims.c.account == "sam"))
    assert len(kept) == 1
    reused = await phone.post("/claims", json=body | {"name": "P4"}, headers=key)
    assert (reused.status_code, problem(reused)["code"]) == (422, "E_KEY_REUSED")
    short = await phone.post("/claims", json=body, headers={"Idempotency-Key": "short"})
    assert short.status_code == 422
