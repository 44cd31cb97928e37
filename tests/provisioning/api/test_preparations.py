"""The preparation of a site over HTTP, and what an installer is told before the journey."""

from access.memberships import save_membership
from access.principals import Account, AccountKind, Membership, Role
from tests.provisioning.api.conftest import Api
from tests.support.provisioning import MAC

CHOSEN = {"path": "certified-installer", "products": ["rivebleue-rb22"]}


async def test_a_site_is_prepared(api: Api) -> None:
    """The manager chooses, the contractor answers, the team approves; each is told what is left."""
    site_id = await api.site()
    where = f"/sites/{site_id}/preparation"
    assert (await api.owner.get(where)).json()["code"] == "E_PREPARATION_UNKNOWN"
    assert (await api.installer.put(where, json=CHOSEN)).status_code == 403
    chosen = (await api.owner.put(where, json=CHOSEN)).json()
    (product,) = chosen["products"]
    assert [each["item"] for each in product["items"]] == ["wall", "earth", "space"]
    assert (product["version"], product["signal"], chosen["is_ready"]) == (2, None, False)
    assert [each["code"] for each in chosen["blocked_by"]] == ["E_SITE_UNPREPARED"]
    assert chosen["blocked_by"][0]["who_clears"] == "installer"
    for item in ("wall", "earth", "space"):
        body = {"product": "rivebleue-rb22", "item": item, "verdict": "ok", "note": "seen"}
        assert (await api.installer.put(f"{where}/items", json=body)).status_code == 200
    signal = {"product": "rivebleue-rb22", "dbm": -88, "carrier": "Bell", "band": "4"}
    assert (await api.installer.put(f"{where}/signals", json=signal)).status_code == 200
    guide = {"product": "rivebleue-rb22", "guide": "design", "version": 1}
    after = (await api.installer.post(f"{where}/guides", json=guide)).json()
    assert (after["is_ready"], after["blocked_by"]) == (True, [])
    assert after["products"][0]["signal"]["dbm"] == -88
    assert after["products"][0]["guides_read"][0]["done_by"] == "installer"
    assert after["products"][0]["items"][0]["note"] == "seen"
    assert (await api.owner.put(f"{where}/approval", json={"is_approved": True})).status_code == 403
    approved = (await api.admin.put(f"{where}/approval", json={"is_approved": True})).json()
    assert (approved["is_approved"], approved["decided_by"]) == (True, "admin")
    (listed,) = (await api.installer.get("/preparations")).json()
    assert listed == approved
    assert (await api.owner.delete(where)).status_code == 403
    assert (await api.admin.delete(where)).status_code == 204
    assert (await api.owner.get("/preparations")).json() == []


async def test_what_cannot_be_is_refused(api: Api) -> None:
    """Products, items and guides that there are not; the nearest product is named."""
    where = f"/sites/{await api.site()}/preparation"
    wrong = {"path": "partner", "products": ["rivebleue-rb2"]}
    refused = await api.owner.put(where, json=wrong)
    assert (refused.status_code, refused.json()["nearest"]) == (404, ["rivebleue-rb22"])
    assert (await api.owner.put(where, json={"path": "partner", "products": []})).status_code == 422
    await api.owner.put(where, json=CHOSEN)
    roof = {"product": "rivebleue-rb22", "item": "roof", "verdict": "ok"}
    assert (await api.owner.put(f"{where}/items", json=roof)).json()["code"] == "E_SITE_ITEM_UNKNOWN"
    old = {"product": "rivebleue-rb22", "guide": "install", "version": 9}
    assert (await api.owner.post(f"{where}/guides", json=old)).json()["code"] == "E_GUIDE_UNKNOWN"
    strong = {"product": "rivebleue-rb22", "dbm": 5}
    assert (await api.owner.put(f"{where}/signals", json=strong)).status_code == 422
    unready = await api.admin.put(f"{where}/approval", json={"is_approved": True})
    assert (unready.status_code, unready.json()["code"]) == (409, "E_SITE_UNPREPARED")
    assert (await api.owner.put("/sites/nowhere/preparation", json=CHOSEN)).status_code == 404


async def test_who_travels_is_told_what_the_site_lacks(api: Api) -> None:
    """With the guide that they have not read; a site that nobody prepares lacks nothing of that."""
    site_id = await api.site()
    sam, installs = Account(AccountKind.PERSON, "installer"), Membership(Role.INSTALLER)
    await api.world.database.run_write(lambda connection: save_membership(connection, sam, installs))
    lines = [{"mac": MAC, "model": "RB-22"}]
    await api.made("/orders", {"reference": "PO", "contact": "Ann", "lines": lines})
    place = await api.made(
        "/places", {"site_id": site_id, "name": "P1", "latitude": 45.5, "longitude": -73.6}
    )
    stop = {"place_id": place["place_id"], "station_id": MAC}
    planned = {"site_id": site_id, "day": "2026-05-05", "installer": "installer", "places": [stop]}
    job = await api.made("/jobs", planned)
    assert not {"E_SITE_UNPREPARED", "E_GUIDE_UNREAD"} & {each["code"] for each in job["missing"]}
    where = f"/sites/{site_id}/preparation"
    await api.owner.put(where, json=CHOSEN)
    job = (await api.owner.get(f"/jobs/{job['job_id']}")).json()
    assert {"E_SITE_UNPREPARED"} <= {each["code"] for each in job["missing"]}
