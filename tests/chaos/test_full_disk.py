"""A disk without room: probes, API and stations are told the same, and all goes on afterwards."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest
import websockets

from tests.support.forked import ForkedServer
from tests.support.waiting import PATIENCE_S, patient_http
from tests.support.wire_station import connected

WITHIN_S = PATIENCE_S
NO_ROOM = 1024

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prlimit(2) takes another process's room")


async def until_ready(http: httpx.AsyncClient, status: int) -> dict[str, str]:
    """What /readyz says once its status is that."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            answer = await http.get("/readyz")
            if answer.status_code == status:
                return dict(answer.json())
            await asyncio.sleep(0.1)  # another process: only looking tells


async def test_a_full_disk_is_told_everywhere_and_survived(tmp_path: Path) -> None:
    """503 at /readyz with why, 503 at the API with what to do, 1013 and 503 for stations; then all works."""
    start = {"connectorId": 1, "idTag": "T1", "meterStart": 0, "timestamp": "2026-05-01T10:00:00Z"}
    async with ForkedServer(tmp_path / "var", "--unknown", "accept") as server:
        headers = {"Authorization": f"Bearer {server.token}"}
        async with patient_http(base_url=server.http_url, headers=headers) as http:
            assert (await http.put("/api/v1/tokens/T1", json={"status": "Accepted"})).is_success
            async with connected(f"{server.ocpp_url}/cp1") as station:
                server.limit_file_size(NO_ROOM)
                with pytest.raises(ConnectionError):
                    await station.call("StartTransaction", start)
                assert (await station.until_closed())[0] == 1013
            problem = await until_ready(http, 503)
            assert problem["code"] == "not_ready"
            assert "the disk is full" in problem["detail"]
            assert str(tmp_path) not in str(problem)
            refused = await http.put("/api/v1/tokens/T2", json={"status": "Accepted"})
            assert (refused.status_code, refused.json()["code"]) == (503, "storage_unavailable")
            assert "Free space" in refused.json()["way_out"]
            assert refused.headers["retry-after"]
            with pytest.raises(websockets.InvalidStatus, match="503"):
                async with connected(f"{server.ocpp_url}/cp2"):
                    pass
            server.limit_file_size(None)
            assert await until_ready(http, 200) == {"status": "ready"}
            assert (await http.put("/api/v1/tokens/T2", json={"status": "Accepted"})).is_success
            async with connected(f"{server.ocpp_url}/cp1") as station:
                assert (await station.ask("StartTransaction", start))["transactionId"] == 1
