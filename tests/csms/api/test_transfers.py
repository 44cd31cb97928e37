"""Firmware and logs on a real server: put here, asked for, fetched and sent over HTTP, proven by a boot."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import LiveServer, live_server
from tests.support.signing import signed_by_rsa
from tests.support.waiting import PATIENCE_S, patient_http
from tests.support.wire_station import BOOTS, VERSIONS, WireStation

AGREES: dict[str, Any] = {"status": "Accepted"}
ANSWERS: dict[str, Any] = {
    "UpdateFirmware": AGREES,
    "SignedUpdateFirmware": AGREES,
    "GetLog": AGREES | {"filename": "a.log"},
    "GetDiagnostics": {"fileName": "a.log"},
}
IMAGE = b"firmware of Acme" * 5000


def answers(version: str) -> dict[str, Any]:
    """1.6 answers an unsigned update without a word."""
    return ANSWERS | ({"UpdateFirmware": {}} if version == "1.6" else {})


async def put_firmware(server: LiveServer, **query: str) -> dict[str, Any]:
    """A firmware that is here."""
    wanted = {"version": "2.0", "name": "acme.bin"} | query
    answer = await server.api.post("/firmware", params=wanted, content=IMAGE)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def until_equal(read: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Ask until it is so."""
    async with asyncio.timeout(PATIENCE_S):
        while await read() != wanted:
            pass


async def transfer(server: LiveServer) -> dict[str, Any]:
    """The last one of cp1."""
    found = await server.get("/stations/cp1/transfers")
    return dict(found[0])


async def until_state(server: LiveServer, state: str) -> dict[str, Any]:
    """The last transfer of cp1, once it is so."""

    async def now() -> str:
        return str((await transfer(server))["state"])

    await until_equal(now, state)
    return await transfer(server)


async def tell(station: WireStation, status: str, number: int, *, is_signed: bool = False) -> None:
    """A status of an update; unsigned ones of 1.6 have no number."""
    numbered = {"status": status} | (
        {} if station.version == "1.6" and not is_signed else {"requestId": number}
    )
    signed = "Signed" if station.version == "1.6" and is_signed else ""
    await station.ask(f"{signed}FirmwareStatusNotification", numbered)


async def boot_with(station: WireStation, firmware: str) -> None:
    """The next boot."""
    boot = dict(BOOTS[station.version])
    if station.version == "1.6":
        boot |= {"firmwareVersion": firmware}
    else:
        boot["chargingStation"] = boot["chargingStation"] | {"firmwareVersion": firmware}
    await station.ask("BootNotification", boot)


def location_in(payload: dict[str, Any]) -> str:
    """The URL of a command."""
    found = payload.get("firmware", payload.get("log", payload))
    return str(found.get("location") or found["remoteLocation"])


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_update_is_fetched_told_and_proven_by_the_next_boot(version: str, tmp_path: Path) -> None:
    """L02; every status is kept, and the URL is good as long as the update goes on."""
    async with (
        live_server(tmp_path) as server,
        server.station("cp1", version, answers=answers(version)) as cp,
    ):
        await boot_with(cp, "1.0")
        stored = await put_firmware(server)
        assert stored["sha256"] == hashlib.sha256(IMAGE).hexdigest()
        asked = await server.post("/stations/cp1/firmware-updates", {"file_id": stored["file_id"]}, 202)
        assert (asked["state"], asked["version_before"], asked["version_wanted"]) == ("waiting", "1.0", "2.0")
        [_, _, _, sent] = await cp.until_asked("UpdateFirmware")
        url = location_in(sent)
        await until_state(server, "under_way")
        await tell(cp, "Downloading", asked["number"])
        async with patient_http() as http:
            assert (await http.get(url)).content == IMAGE
            part = await http.get(url, headers={"range": "bytes=10-19"})
            assert (part.status_code, part.content) == (206, IMAGE[10:20])
            assert (await http.put(url, content=b"x")).status_code == 405
            in_use = await server.api.delete(f"/firmware/{stored['file_id']}")
            assert (in_use.status_code, in_use.json()["code"]) == (409, "firmware_in_use")
            for status in ("Downloaded", "Installing", "Installed"):
                await tell(cp, status, asked["number"])
            assert (await transfer(server))["state"] == "installed"
            await boot_with(cp, "2.0")
            done = await until_state(server, "proven")
            assert [each["status"] for each in done["statuses"]] == [
                "Downloading",
                "Downloaded",
                "Installing",
                "Installed",
            ]
            assert (done["version_after"], done["is_open"]) == ("2.0", False)

            async def status_of_url() -> int:
                return (await http.get(url)).status_code

            await until_equal(status_of_url, 404)
        [work] = await server.get("/work", station="cp1", state="done")
        assert work["evidence"][-1]["text"] == "1.0 → 2.0"
        log = await server.get("/stations/cp1/command-log")
        assert "token=***" in str(log)
        assert url.partition("token=")[2] not in str(log)
        assert (await server.api.delete(f"/firmware/{stored['file_id']}")).status_code == 204


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_signed_firmware_goes_out_with_its_signature(version: str, tmp_path: Path) -> None:
    """L01.FR.11, white paper L01; and a version that did not change is told."""
    signature, certificate = signed_by_rsa(IMAGE)
    async with (
        live_server(tmp_path) as server,
        server.station("cp1", version, answers=answers(version)) as cp,
    ):
        stored = await put_firmware(server)
        path = f"/firmware/{stored['file_id']}/signature"
        body = {"signature": signature, "signing_certificate": certificate}
        wrong = body | {"signature": base64.b64encode(b"no").decode()}
        refused = await server.api.put(path, json=wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "signature_invalid")
        assert (await server.api.put(path, json=body)).json()["is_signed"] is True
        asked = await server.post("/stations/cp1/firmware-updates", {"file_id": stored["file_id"]}, 202)
        action = "SignedUpdateFirmware" if version == "1.6" else "UpdateFirmware"
        [_, _, _, sent] = await cp.until_asked(action)
        assert sent["firmware"]["signature"] == signature
        assert sent["firmware"]["signingCertificate"] == certificate
        await until_state(server, "under_way")
        await tell(cp, "Installed", asked["number"], is_signed=True)
        await boot_with(cp, "1.9")
        done = await until_state(server, "unchanged")
        assert (done["version_after"], done["status"]) == ("1.9", "Installed")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("way", ["PUT", "POST", "form"])
async def test_a_log_is_sent_here(version: str, way: str, tmp_path: Path) -> None:
    """N01.FR.18, .19; the file is linked to what asked for it."""
    async with (
        live_server(tmp_path) as server,
        server.station("cp1", version, answers=answers(version)) as cp,
    ):
        asked = await server.post("/stations/cp1/log-requests", {}, 202)
        action = "GetDiagnostics" if version == "1.6" else "GetLog"
        [_, _, _, sent] = await cp.until_asked(action)
        await until_state(server, "under_way")
        url, content = location_in(sent), b"what happened\n" * 1000
        async with patient_http() as http:
            if way == "form":
                answer = await http.post(url, files={"uploadfile": ("../../a.log", content)})
            else:
                named = {"content-disposition": 'form-data; name="uploadfile"; filename="../../a.log"'}
                answer = await http.request(way, url, content=content, headers=named)
            assert answer.status_code == 201, answer.text
        told = {"status": "Uploaded"} | ({} if version == "1.6" else {"requestId": asked["number"]})
        await cp.ask("DiagnosticsStatusNotification" if version == "1.6" else "LogStatusNotification", told)
        done = await until_state(server, "received")
        assert (done["upload"]["name"], done["upload"]["size"]) == ("a.log", len(content))
        got = await server.api.get(f"/stations/cp1/uploads/{done['upload']['file_id']}")
        assert got.content == content
        files = [path.name for path in (server.var / "files").iterdir()]
        assert files == [done["upload"]["file_id"]]


async def test_a_station_that_is_away_is_asked_when_it_boots(tmp_path: Path) -> None:
    """And GET /work tells what it waits for."""
    async with live_server(tmp_path) as server:
        async with server.station("cp1"):
            pass
        await server.until_offline("cp1")
        await server.post("/stations/cp1/log-requests", {"log_type": "SecurityLog"}, 202)

        async def reason() -> str | None:
            [work] = await server.get("/work", station="cp1")
            return None if work["reason_en"] is None else str(work["reason_en"])

        await until_equal(reason, "the station is not connected")
        async with server.station("cp1", answers={"GetLog": {"status": "Rejected"}}) as cp:
            await cp.until_asked("GetLog")
            refused = await until_state(server, "failed")
            assert refused["reason"] == "Rejected"


async def test_a_station_that_sends_nothing_is_told_of(tmp_path: Path) -> None:
    """It says Uploaded; no file came."""
    async with live_server(tmp_path) as server, server.station("cp1", answers=ANSWERS) as cp:
        await server.post("/stations/cp1/log-requests", {}, 202)
        await cp.until_asked("GetDiagnostics")
        await until_state(server, "under_way")
        await cp.ask("DiagnosticsStatusNotification", {"status": "Uploaded"})
        failed = await until_state(server, "failed")
        assert "none came" in failed["reason"]


async def test_what_cannot_be(tmp_path: Path) -> None:
    """No such file, another maker's, one without the signature that was asked for; a URL of nobody."""
    async with live_server(tmp_path) as server, server.station("cp1", answers=ANSWERS):
        stored = await put_firmware(server, vendor="Other")
        path = "/stations/cp1/firmware-updates"
        for body, code in (
            ({"file_id": "none"}, "firmware_unknown"),
            ({"file_id": stored["file_id"]}, "firmware_unfit"),
            ({"file_id": stored["file_id"], "signed": True}, "firmware_unsigned"),
        ):
            assert (await server.api.post(path, json=body)).json()["code"] == code
        assert (await server.api.get("/stations/cp1/uploads/none")).json()["code"] == "upload_unknown"
        async with patient_http(base_url=server.running.http_url) as http:
            for query in ("", "?token=", "?token=x", "?token=" + "y" * 999):
                assert (await http.get(f"/files/pepper{query}")).status_code == 404
