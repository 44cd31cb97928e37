"""From an order to two boxes at their places: a manager plans, an invited installer claims by phone."""

import asyncio
import json
from http import HTTPStatus

import httpx
import pytest

from runtime.logins import SESSION_COOKIE
from tests.support.server import LiveServer
from tests.support.waiting import patient_http, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
PASSWORD = "a dark garage"
BOXES = ("02:B0:16:00:0A:01", "02:B0:16:00:0A:02")


async def phone_of(server: LiveServer, secret: str) -> httpx.AsyncClient:
    """Sam opens the link, chooses a name, logs in."""
    base = str(server.api.base_url).removesuffix("/api/v1/").removesuffix("/api/v1")
    async with patient_http(base_url=base) as browser:
        body = {"secret": secret, "name": "sam", "password": PASSWORD}
        assert (await browser.post("/invitation/accept", json=body)).status_code == HTTPStatus.CREATED
        answer = await browser.post("/login", data={"name": "sam", "password": PASSWORD})
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        session = answer.cookies[SESSION_COOKIE]
    return patient_http(base_url=server.api.base_url, headers={"Authorization": f"Bearer {session}"})


async def send_and_vanish(server: LiveServer, phone: httpx.AsyncClient, body: object, key: str) -> None:
    """The claim is stored; the phone has no network when the answer comes."""
    url = phone.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    content = json.dumps(body).encode()
    head = (
        f"POST {url.path.rstrip('/')}/claims HTTP/1.1\r\nHost: {url.host}\r\nIdempotency-Key: {key}\r\n"
        f"Authorization: {phone.headers['authorization']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    writer.write(head.encode() + content)
    await writer.drain()
    await until(lambda: server.rows("SELECT 1 FROM claim_keys WHERE key = ?", key))
    writer.close()
    del reader


async def test_an_installation_from_order_to_exchange(server: LiveServer) -> None:
    """Nothing is claimed twice, and two labels that were mixed up are put right."""
    site = await server.post("/sites", {"name": "Garage"}, 201)
    order = await server.post(
        "/orders", {"reference": "G-1", "lines": [{"mac": each} for each in BOXES]}, 201
    )
    codes = {line["mac"]: line["claim_code"] for line in order["lines"]}
    places = [
        (await server.post("/places", {"site_id": site["site_id"], "name": name}, 201))["place_id"]
        for name in ("G1", "G2")
    ]
    stops = [{"place_id": place, "station_id": mac} for place, mac in zip(places, BOXES, strict=True)]
    job = await server.post(
        "/jobs", {"site_id": site["site_id"], "day": "2026-05-05", "installer": "sam", "places": stops}, 201
    )
    assert "E_JOB_NO_ACCOUNT" in [each["code"] for each in job["missing"]]
    invited = await server.post("/invitations", {"label": "Sam", "site_id": site["site_id"]}, 201)
    async with await phone_of(server, invited["secret"]) as phone:
        pack = (await phone.get(f"/jobs/{job['job_id']}/pack")).json()
        assert "E_JOB_NO_ACCOUNT" not in [each["code"] for each in pack["job"]["missing"]]
        assert [each["mac"] for each in pack["stations"]] == list(BOXES)
        first = {"mac": BOXES[0], "claim_code": codes[BOXES[0]], "place_id": places[1]}
        await send_and_vanish(server, phone, first, "first-claim")
        again = await phone.post("/claims", json=first, headers={"Idempotency-Key": "first-claim"})
        assert again.status_code == HTTPStatus.CREATED, again.text
        second = {"mac": BOXES[1], "claim_code": codes[BOXES[1]], "place_id": places[0]}
        claimed = await phone.post("/claims", json=second, headers={"Idempotency-Key": "second-claim"})
        assert claimed.status_code == HTTPStatus.CREATED, claimed.text
        assert len(await server.get("/claims")) == 2
        station_id = again.json()["station_id"]
        other = {"station_id": claimed.json()["station_id"]}
        exchanged = await phone.post(f"/stations/{station_id}/exchange", json=other)
        assert exchanged.json()["place"]["name"] == "G1"
        assert (await phone.get(f"/jobs/{job['job_id']}")).json()["is_done"]
