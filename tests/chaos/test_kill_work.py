"""A real server is killed between a change and the work that follows from it: the station is told once."""

import contextlib
from pathlib import Path
from typing import Any

import httpx

from tests.support.field_station import FieldStation, living
from tests.support.process import ServerProcess
from tests.support.sources import ROOT
from tests.support.waiting import patient_http, until

MAC = "0024:B100:0002:9F81"
ID = "0024b10000029f81"
CODE = "K7QM-4T2X"
BOUNDS = ("--pending-interval-s", "1", "--secret-patience-s", "0.5", "--obey-within-s", "0.5")
DIES = '''
"""Ends the process where a piece of the work was claimed and is about to run."""
import os
import signal
from pathlib import Path

from runtime.work.engine import WorkEngine

run = WorkEngine._run
mark = Path(os.environ["DIES_WHILE"])

async def dies(self, piece):
    if piece.kind == "availability" and mark.exists():
        os.kill(os.getpid(), signal.SIGKILL)
    await run(self, piece)

WorkEngine._run = dies
'''
ALWAYS_CLOSED: dict[str, Any] = {"weekly": [[]] * 7}


class Api:
    """What people do."""

    def __init__(self, server: ServerProcess, http: httpx.AsyncClient) -> None:
        self._server, self._http = server, http

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The answer as JSON."""
        headers = {"Authorization": f"Bearer {self._server.token}"}
        url = f"{self._server.http_url}/api/v1{path}"
        answer = await self._http.request(method, url, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()


async def _activate(api: Api, station: FieldStation) -> str:
    """Ordered, claimed, led to active; its site."""
    site = await api("POST", "/sites", {"name": "Port", "zone": "America/Montreal"})
    await api("POST", "/orders", {"reference": "PO-1", "lines": [{"mac": MAC, "claim_code": CODE}]})
    await until(lambda: station.boots)
    where = {"name": "P1", "latitude": 45.5, "longitude": -73.6, "site_id": site["site_id"]}
    await api("POST", "/claims", {"mac": MAC, "claim_code": CODE, **where})
    while (await api("GET", f"/stations/{ID}/activation"))["run"]["finished_at"] is None:
        await until(lambda: True)
    return str(site["site_id"])


def _told(station: FieldStation) -> list[str]:
    """What it was told to be."""
    return [payload["type"] for action, payload in station.asked if action == "ChangeAvailability"]


async def test_a_kill_between_a_change_and_its_work_loses_nothing_and_says_nothing_twice(
    tmp_path: Path,
) -> None:
    """The site's hours are stored, with what the station must be told; the process dies before it is told."""
    (tmp_path / "sitecustomize.py").write_text(DIES)
    mark = tmp_path / "dies"
    env = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "DIES_WHILE": str(mark)}
    server = ServerProcess(tmp_path / "var", *BOUNDS, "--unknown", "quarantine", env=env)
    async with server, patient_http() as http, living(FieldStation(server.ocpp_url, ID, "1.6")) as station:
        api = Api(server, http)
        site_id = await _activate(api, station)
        before = len(_told(station))
        mark.touch()
        with contextlib.suppress(httpx.TransportError):  # it may die before it has answered
            await api("PUT", f"/sites/{site_id}/hours", ALWAYS_CLOSED)
        await server.ended()
        assert _told(station)[before:] == []
        mark.unlink()
        await server.start()
        await until(lambda: _told(station)[before:])
        while any(map(_is_open, await api("GET", f"/work?station={ID}"))):
            pass  # the question itself waits for the server
        assert _told(station)[before:] == ["Inoperative"]
        pieces = await api("GET", f"/work?station={ID}")
        assert "failed" not in {each["state"] for each in pieces}
        changed = next(each for each in reversed(pieces) if each["cause"] == "changed")
        assert changed["evidence"], "what was asked for before the kill was not begun again"


def _is_open(piece: dict[str, Any]) -> bool:
    return piece["state"] in ("waiting", "running")


async def test_a_kill_in_a_test_window_leaves_the_station_inoperative(tmp_path: Path) -> None:
    """Neither the process that opened it nor its time is needed: it is over, and no token charges."""
    server = ServerProcess(tmp_path / "var", *BOUNDS, "--unknown", "quarantine")
    async with server, patient_http() as http, living(FieldStation(server.ocpp_url, ID, "1.6")) as station:
        api = Api(server, http)
        await api("POST", "/orders", {"reference": "PO-1", "lines": [{"mac": MAC, "claim_code": CODE}]})
        await until(lambda: station.boots)
        await api("POST", f"/stations/{ID}/test-window", {"id_token": "TEST-1"})
        await until(lambda: _told(station)[-1:] == ["Operative"])
        assert station.registration == "Accepted"
        await server.kill()
        await server.start()
        await until(lambda: _told(station)[-1:] == ["Inoperative"])
        assert (await api("GET", f"/stations/{ID}/test-window"))["is_open"] is False
        assert (await api("GET", f"/stations/{ID}/lifecycle"))["lifecycle"] == "powered"
