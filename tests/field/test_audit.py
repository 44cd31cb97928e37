"""Who did what to a station, when and why, after an administrator, a manager and an installer were at it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.support.payloads import EVENT, START
from tests.support.server import LiveServer
from tests.support.waiting import patient_http, until
from tests.support.wire_station import VERSIONS, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSWORD, VENDOR_SECRET, CLAIM_CODE = "a-password-of-20-let", "hunter2-hunter2", "K7QM-4T2X"
ROLES = {"ann": "admin", "mia": "manager", "sam": "installer", "vic": "viewer"}
ANSWERS = {"Reset": {"status": "Rejected"}, "TriggerMessage": {"status": "Accepted"}}
ANSWERS |= {"DataTransfer": {"status": "UnknownVendorId"}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(server: LiveServer) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A client for each of them, by name."""
    clients: dict[str, httpx.AsyncClient] = {}
    for name, role in ROLES.items():
        made = await server.api.put(f"/access/programs/{name}", json={"role": role})
        headers = {"Authorization": f"Bearer {made.json()['token']}"}
        clients[name] = patient_http(base_url=server.api.base_url, headers=headers)
    yield clients
    for client in clients.values():
        await client.aclose()


async def does(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    """Somebody does something, and is let."""
    answer = await client.request(method, path, json=body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def charges(station: WireStation, version: str) -> str:
    """A transaction that goes on, and a message of it that cannot be read; the id."""
    is_old = version == "1.6"
    started = await station.ask("StartTransaction", START) if is_old else None
    if started is None:
        await station.ask("TransactionEvent", EVENT)
    broken = '"StopTransaction",{"meterStop":}' if is_old else '"TransactionEvent",{"seqNo":}'
    await station.send(f'[2,"broken",{broken}]')
    return str(started["transactionId"]) if started is not None else "t-1"


async def acts(client: httpx.AsyncClient, station_id: str) -> list[dict[str, Any]]:
    """What was done to the station, page by page, newest first."""
    found: list[dict[str, Any]] = []
    page = await client.get(f"/stations/{station_id}/audit", params={"limit": 4})
    while True:
        assert page.status_code == 200, page.text
        found += page.json()
        following = page.links.get("next")
        if following is None:
            return found
        page = await client.get(following["url"].removeprefix("/api/v1"))


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_list_tells_who_did_what_when_and_why(
    server: LiveServer, people: dict[str, httpx.AsyncClient], version: str
) -> None:
    """Orders, claims, choices, secrets, commands, raw calls and decisions, each with its name; no secret."""
    ann, mia, sam = (people[name] for name in ("ann", "mia", "sam"))
    mac = f"02:B0:77:00:00:{VERSIONS.index(version):02X}"
    name = mac.replace(":", "").lower()
    site = {"name": f"audit-{version}", "zone": "America/Montreal", "activates_on_claim": False}
    site_id = (await does(mia, "POST", "/sites", site))["site_id"]
    if version == VERSIONS[0]:
        await does(mia, "POST", "/installers", {"name": "Sam", "account": "sam"})
    async with server.station(name, version, answers=ANSWERS) as station:
        line = {"mac": mac, "claim_code": CLAIM_CODE}
        await does(mia, "POST", "/orders", {"reference": f"PO-{version}", "lines": [line]})
        where = {"site_id": site_id, "name": "P1", "latitude": 45.5, "longitude": -73.6}
        await does(sam, "POST", "/claims", {"mac": mac, "claim_code": CLAIM_CODE} | where)
        place_id = (await mia.get("/places", params={"site": site_id})).json()[0]["place_id"]
        path = f"/stations/{name}"
        await does(sam, "POST", f"{path}/commands/trigger-message", {"message": "Heartbeat"})
        await does(ann, "PUT", f"{path}/quiet", {"quiet": True})
        await does(ann, "PUT", f"{path}/credential", {"password": PASSWORD})
        await does(mia, "POST", f"{path}/commands/reset", {"kind": "OnIdle"})
        payload = {"vendorId": "x", "data": f'{{"password": "{VENDOR_SECRET}"}}'}
        await does(mia, "POST", f"{path}/calls", {"action": "DataTransfer", "payload": payload})
        transaction_id = await charges(station, version)
        ending = {"reason": "the box was swapped"}
        await does(mia, "POST", f"/transactions/{transaction_id}/end?station={name}", ending)
        await until(lambda: server.rows("SELECT 1 FROM quarantine WHERE station_id = ?", name))
        (kept,) = (await mia.get("/quarantine", params={"station": name})).json()
        await does(ann, "POST", f"/quarantine/{kept['quarantine_id']}/dismiss", {"reason": "noise"})
        ended = "SELECT 1 FROM commands WHERE station_id = ? AND origin LIKE 'api:%' AND outcome IS NOT NULL"
        await until(lambda: len(server.rows(ended, name)) == 3)
    await does(sam, "DELETE", f"{path}/assignment")
    told = await acts(mia, name)
    assert [(e["by"], e["kind"], e["what"], e["result"], e["reason"]) for e in reversed(told)] == [
        ("mia", "change", "ordered", None, None),
        ("sam", "change", "claimed", "P1", None),
        ("sam", "command", "trigger-message", "Accepted", None),
        ("ann", "change", "put-under-test", None, None),
        ("ann", "change", "password-told", None, None),
        ("mia", "command", "reset", "Rejected", None),
        ("mia", "command", "DataTransfer", "UnknownVendorId", None),
        ("mia", "review", "end", None, "the box was swapped"),
        ("ann", "quarantine", "dismissed", None, "noise"),
        ("sam", "change", "taken-away", None, None),
    ]
    times = [each["at"] for each in told]
    assert times == sorted(times, reverse=True)
    assert (told[-1]["reference"], told[-2]["reference"]) == (f"PO-{version}", place_id)
    assert (told[2]["reference"], told[1]["reference"]) == (transaction_id, str(kept["quarantine_id"]))
    log = await does(mia, "GET", f"/stations/{name}/command-log")
    assert {each["command_id"] for each in log} >= {e["reference"] for e in told if e["kind"] == "command"}
    for secret in (PASSWORD, PASSWORD.encode().hex(), VENDOR_SECRET, CLAIM_CODE, CLAIM_CODE.replace("-", "")):
        assert secret not in repr(told) + repr(log)


async def test_the_list_is_for_managers(server: LiveServer, people: dict[str, httpx.AsyncClient]) -> None:
    """Whoever acts at a station need not see who else did; nobody reads it without saying who they are."""
    async with server.station("whose"):
        for name in ("ann", "mia"):
            assert (await people[name].get("/stations/whose/audit")).json() == []
        for name in ("sam", "vic"):
            refused = await people[name].get("/stations/whose/audit")
            assert (refused.status_code, refused.json()["code"]) == (403, "role_required")
