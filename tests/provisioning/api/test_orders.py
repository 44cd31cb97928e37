"""Orders, installers, claims and adoptions over HTTP, as owner, installer and administrator meet them."""

from typing import Any

import httpx

from access.principals import Role
from runtime.http import PROBLEM_TYPE
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import CODE, ID, MAC
from tests.support.stations import ScriptedStation

LABEL = "0024:B100:0002:9F81"


def problem(answer: httpx.Response) -> dict[str, Any]:
    """A problem document, complete in both languages."""
    assert answer.headers["content-type"] == PROBLEM_TYPE
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    assert found["way_out"]
    if found["code"].startswith("E_"):
        assert found["text_en"] == found["detail"]
        assert found["text_fr"] != found["text_en"]
        assert found["way_out_fr"] != found["way_out"]
        assert found["who_clears"] in ("installer", "administrator", "owner", "station")
    return found


async def test_an_owner_orders_and_gets_the_codes_once(api: Api) -> None:
    """With the MAC as on the label, for printing."""
    made = await api.made(
        "/orders", {"reference": "PO-1", "contact": "Ann", "lines": [{"mac": MAC}, {"identity": "CP-42"}]}
    )
    assert [line["station_id"] for line in made["lines"]] == [ID, "cp-42"]
    assert made["lines"][0]["mac"] == LABEL
    assert all(len(line["claim_code"]) == 10 for line in made["lines"])
    listed = (await api.owner.get("/orders")).json()
    assert listed[0]["reference"] == "PO-1"
    assert listed[0]["created_by"] == "manager"
    assert all("claim_code" not in line for line in listed[0]["lines"])


async def test_an_owner_sees_what_blocks_each_station_and_who_clears_it(
    api: Api, v201: ScriptedStation
) -> None:
    """In the order itself, in both languages, at every stage."""
    await api.site(activates_on_claim=False)
    order = await api.order(MAC, "02:B0:16:00:00:01")
    await api.registered()

    async def lines() -> dict[str, Any]:
        found = (await api.owner.get(f"/orders/{order['order_id']}")).json()
        assert found == (await api.owner.get(f"/orders/{order['reference']}")).json()
        return {line["mac"]: line for line in found["lines"]}

    first = (await lines())[LABEL]
    assert (first["lifecycle"], first["who_clears"]) == ("ordered", "installer")
    assert [each["code"] for each in first["blocked_by"]] == ["E_NOT_SEEN", "E_NOT_LOCALIZED"]
    assert first["blocked_by"][0]["text_fr"].startswith("Borne jamais vue")
    assert first["blocked_by"][0]["way_out_fr"]
    await api.world.stations.connect(v201)
    assert (await lines())[LABEL]["lifecycle"] == "powered"
    assert (await api.claim()).status_code == 201
    localized = (await lines())[LABEL]
    assert (localized["lifecycle"], localized["who_clears"], localized["place"]) == (
        "localized",
        "owner",
        "P1",
    )
    await api.owner.post(f"/stations/{ID}/activation")
    await api.world.passes(60)
    assert (await lines())[LABEL]["lifecycle"] == "active"
    assert (await lines())["02:B0:16:00:00:01"]["lifecycle"] == "ordered"


async def test_an_unknown_order_is_said_so(api: Api) -> None:
    """With where to look."""
    found = problem(await api.owner.get("/orders/PO-9"))
    assert (found["code"], found["status"]) == ("E_ORDER_UNKNOWN", 404)


async def test_an_installer_claims_with_what_is_on_the_label(api: Api, v201: ScriptedStation) -> None:
    """The answer says how far the station is and what comes next."""
    await api.site()
    await api.order()
    await api.registered()
    answer = await api.claim(floor="P1")
    assert answer.status_code == 201
    claimed = answer.json()
    assert claimed["station_id"] == ID
    assert claimed["place"]["floor"] == "P1"
    assert [each["code"] for each in claimed["blocked_by"]] == ["E_NOT_SEEN"]
    await api.world.stations.connect(v201)
    await api.world.passes(60)
    assert (await api.installer.get(f"/stations/{LABEL}/lifecycle")).json()["lifecycle"] == "active"


async def test_a_phone_without_signal_sends_its_claim_again(api: Api) -> None:
    """The same answer, not an error."""
    await api.site()
    await api.order()
    await api.registered()
    first, second = await api.claim(), await api.claim()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["place"] == second.json()["place"]


async def test_a_mistyped_label_gets_help_in_both_languages(api: Api) -> None:
    """The nearest known MACs, the tries left, and then for how long it is locked."""
    await api.site()
    await api.order()
    await api.registered()
    bad = problem(await api.claim("0024:B1OO:OOO2:9F81"))
    assert (bad["code"], bad["status"], bad["nearest"]) == ("E_MAC_INVALID", 422, [LABEL])
    near = problem(await api.claim("0024:B100:0002:9F82"))
    assert (near["code"], near["status"], near["nearest"]) == ("E_CLAIM_REFUSED", 403, [LABEL])
    assert "essais restants\u00a0: 4" in near["text_fr"]
    for _ in range(4):
        wrong = problem(await api.claim(claim_code="WRONG"))
    assert wrong["code"] == "E_CLAIM_REFUSED"
    locked = problem(await api.claim())
    assert (locked["code"], locked["status"]) == ("E_CLAIM_LOCKED", 429)
    assert "24\N{NO-BREAK SPACE}h" in locked["text_fr"]
    assert locked["who_clears"] == "administrator"
    unlocked = await api.admin.delete(f"/claims/locks/{Role.INSTALLER.value}")
    assert unlocked.json() == {"forgotten": 5}
    assert (await api.claim()).status_code == 201
    tries = (await api.owner.get("/claims")).json()
    assert tries[0]["is_granted"] is True


async def test_an_installer_without_an_account_is_told_who_registers_one(api: Api) -> None:
    """R28; owners may be installers too, if they are registered."""
    await api.site()
    await api.order()
    found = problem(await api.claim())
    assert (found["code"], found["status"], found["who_clears"]) == ("E_INSTALLER_ACCOUNT", 403, "owner")
    body = {"mac": MAC, "claim_code": CODE, "name": "P1", "latitude": 1, "longitude": 2}
    assert problem(await api.owner.post("/claims", json=body))["code"] == "E_INSTALLER_ACCOUNT"
    await api.made("/installers", {"name": "Ann", "account": Role.MANAGER.value})
    assert (await api.owner.post("/claims", json=body)).status_code == 201
    assert len((await api.owner.get("/installers")).json()) == 1


async def test_the_team_claims_without_an_account(api: Api) -> None:
    """Appendix C."""
    await api.site()
    await api.order()
    body = {"mac": MAC, "claim_code": CODE, "name": "P1", "latitude": 1, "longitude": 2}
    assert (await api.admin.post("/claims", json=body)).status_code == 201


async def test_an_administrator_adopts(api: Api, v201: ScriptedStation) -> None:
    """The code comes back once; a station in quarantine says which ordered one it may be."""
    await api.site()
    await api.order("0024:B100:0002:9F82")
    await api.world.stations.connect(v201)
    shown = (await api.owner.get(f"/stations/{LABEL}/lifecycle")).json()
    assert (shown["lifecycle"], shown["nearest"]) == ("quarantine", ["0024:B100:0002:9F82"])
    answer = await api.admin.post("/adoptions", json={"station_id": LABEL, "note": "found"})
    adopted = answer.json()
    assert answer.status_code == 201
    assert adopted["lifecycle"] == "powered"
    await api.registered()
    assert (await api.claim(claim_code=adopted["claim_code"])).status_code == 201
    assert (await api.owner.get("/adoptions")).json()[0]["note"] == "found"
    again = problem(await api.admin.post("/adoptions", json={"station_id": "0024:B100:0002:9F82"}))
    assert again["code"] == "E_ALREADY_ORDERED"


async def test_an_adoption_at_a_place(api: Api) -> None:
    """Without a code: there is nothing to claim."""
    site_id = await api.site()
    place = await api.made("/places", {"site_id": site_id, "name": "P1"})
    body = {"station_id": "02:B0:99:00:00:03", "position": {"place_id": place["place_id"]}}
    answer = await api.made("/adoptions", body, by=Role.ADMIN)
    assert answer["claim_code"] is None
    assert answer["place"]["name"] == "P1"


WRONG_BODIES: list[tuple[str, dict[str, Any]]] = [
    ("/orders", {"reference": "PO", "lines": []}),
    ("/orders", {"reference": "PO", "lines": [{}]}),
    ("/orders", {"reference": "PO", "lines": [{"mac": MAC, "claim_code": "short"}]}),
    ("/orders", {"reference": "PO", "lines": [{"mac": MAC, "colour": "red"}]}),
    ("/orders", {"reference": "", "lines": [{"mac": MAC}]}),
    ("/claims", {"mac": MAC, "claim_code": CODE}),
    ("/claims", {"mac": MAC, "claim_code": CODE, "name": "P1", "latitude": 91, "longitude": 0}),
    ("/claims", {"mac": MAC, "claim_code": CODE, "name": "P1", "latitude": "NaN", "longitude": 0}),
    ("/adoptions", {"station_id": ""}),
    ("/installers", {"name": "Sam"}),
]


async def test_a_body_that_is_wrong_names_its_field(api: Api) -> None:
    """422, and never the claim code in the answer."""
    for path, body in WRONG_BODIES:
        answer = await api.admin.post(path, json=body)
        found = problem(answer)
        assert (found["code"], found["status"]) == ("invalid_request", 422), (path, body)
        assert found["errors"]
        assert CODE not in answer.text


async def test_refusals_of_the_office_are_problems(api: Api) -> None:
    """Each with its code and status."""
    await api.order()
    again = {"reference": "PO-9", "lines": [{"mac": MAC}]}
    assert problem(await api.owner.post("/orders", json=again))["code"] == "E_ALREADY_ORDERED"
    bad = {"reference": "PO-9", "lines": [{"mac": "nonsense"}]}
    found = problem(await api.owner.post("/orders", json=bad))
    assert (found["code"], found["status"]) == ("E_MAC_INVALID", 422)
    same = {"reference": "PO-0", "lines": [{"identity": "a b"}]}
    assert problem(await api.owner.post("/orders", json=same))["code"] == "E_IDENTITY_INVALID"
    await api.registered()
    twice = {"name": "Sam", "account": Role.INSTALLER.value}
    assert problem(await api.owner.post("/installers", json=twice))["code"] == "E_NAME_TAKEN"
