"""`borne up` as a process: what it leaves on the disk, and what it shows without the internet."""

import asyncio
import json
import re
import stat
from pathlib import Path

import pytest

from tests.support.process import ServerProcess
from tests.support.waiting import patient_http
from tests.support.websocket import RawStation
from tests.support.wire_station import connected


async def test_nobody_else_reads_what_the_server_keeps(tmp_path: Path) -> None:
    """The database tells who charged where, the wire log too; the pepper and the token open doors."""
    async with ServerProcess(tmp_path / "kept" / "var") as server:
        await server.stop()
    kept = [path for path in (tmp_path / "kept" / "var").rglob("*") if path.name != "server.log"]
    assert {"borne.db", "wirelog.db", "pepper", "token"} <= {path.name for path in kept}
    open_to_others = [path.name for path in kept if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []


async def test_the_page_on_the_api_needs_no_internet(tmp_path: Path) -> None:
    """Everything that it loads comes from this server, for whoever is logged in."""
    async with ServerProcess(tmp_path / "var") as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with patient_http(base_url=server.http_url, headers=headers) as http:
            page = await http.get("/api/docs")
            assert page.status_code == 200
            loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
            assert len(loaded) >= 3
            for path in (*loaded, "/api/openapi.json"):
                assert path.startswith("/api/"), path
                assert (await http.get(path)).status_code == 200, path


async def test_a_log_for_machines_is_json_from_the_first_line(tmp_path: Path) -> None:
    """What the process prints on either stream, from its start through a station to its end."""
    async with ServerProcess(tmp_path / "var", "--log-format", "json", "--unknown", "accept") as server:
        async with connected(f"{server.ocpp_url}/cp1") as station:
            await station.ask("Heartbeat")
        await server.stop()
    lines = [json.loads(line) for line in server.log.splitlines()]
    assert lines[0]["event"] == "started"
    assert {"station_connected", "station_booted"} <= {line["event"] for line in lines}
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)


async def test_why_it_cannot_start_is_json_too(tmp_path: Path) -> None:
    """A port that is taken, a folder that is none."""
    (tmp_path / "file").write_text("")
    with pytest.raises(AssertionError):
        async with ServerProcess(
            tmp_path / "var", "--log-format", "json", "--var", str(tmp_path / "file" / "x")
        ):
            pass
    (line,) = [json.loads(each) for each in (tmp_path / "var" / "server.log").read_text().splitlines()]
    assert line["event"] == "cannot_run"
    assert "Cannot write the database" in line["error"]


async def test_stations_hear_1012_when_the_server_is_stopped(tmp_path: Path) -> None:
    """SIGTERM, as a service manager sends it: the server comes back, so the stations should."""
    async with ServerProcess(tmp_path / "var", "--unknown", "accept") as server:
        url = server.ocpp_url
        async with (
            connected(f"{url}/CP1", "1.6") as booted,
            connected(f"{url}/CP2", "2.1", boots=False) as new,
        ):
            await server.stop()
            assert [(await each.until_closed())[0] for each in (booted, new)] == [1012, 1012]


async def test_people_get_in_when_stations_have_taken_all_they_may(tmp_path: Path) -> None:
    """Half of 200 descriptors are theirs: one more gets 503, the API answers, the log says it once."""
    async with ServerProcess(tmp_path / "var", "--unknown", "accept", descriptors=200) as server:
        held = []
        for number in range(100):
            held.append(RawStation(*await asyncio.open_connection("127.0.0.1", server.ocpp_port)))
            await held[-1].open(f"/ocpp/CP{number}")
        for _ in range(3):
            late = RawStation(*await asyncio.open_connection("127.0.0.1", server.ocpp_port))
            late.send_upgrade("/ocpp/LATE")
            assert (await late.read_head()).startswith(b"HTTP/1.1 503")
            late.abort()
        headers = {"Authorization": f"Bearer {server.token}"}
        async with patient_http(base_url=server.http_url, headers=headers) as http:
            attempts = (await http.get("/api/v1/connection-attempts")).json()
            assert {each["reason"] for each in attempts} == {"too_many_connections"}
            metrics = (await http.get("/metrics")).text
        assert "borne_connections_most 100.0" in metrics
        assert server.log.count("too_many_connections") == 1
        for station in held:
            station.abort()
