"""`borne up` as a process: what it leaves on the disk, and what it shows without the internet."""

import json
import re
import stat
from pathlib import Path

import pytest

from tests.support.process import ServerProcess
from tests.support.waiting import patient_http
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
