"""What happened to a station is one line, newest first, in pages that miss nothing."""

from pathlib import Path
from typing import Any

import pytest

from tests.csms.api.test_history import report
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import VERSIONS

PATH = "/stations/cp1/timeline"


async def whole(server: LiveServer, limit: int) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    answer = await server.api.get(PATH, params={"limit": limit})
    while True:
        found += answer.json()
        following = answer.links.get("next")
        if following is None:
            return found
        answer = await server.api.get(following["url"].removeprefix("/api/v1"))


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_s_past_is_one_line(version: str, tmp_path: Path) -> None:
    """Boots, connections, faults and acts of people, in every version, each in the order of its instant."""
    async with live_server(tmp_path) as server:
        async with server.station("cp1", version) as station:
            for word in ("Available", "Faulted", "Available"):
                await report(station, word)
            await server.api.put("/stations/cp1/quiet", json={"quiet": True})
        async with server.station("cp1", version):
            found = await whole(server, 100)
    kinds = [each["kind"] for each in found]
    assert {"boot", "connection", "change"} <= set(kinds)
    instants = [each["at"] for each in found]
    assert instants == sorted(instants, reverse=True)
    connections = [each for each in found if each["kind"] == "connection"]
    assert [each["what"] for each in connections] == ["open", "ended"]
    assert connections[1]["reason"]
    (change,) = [each for each in found if each["kind"] == "change"]
    assert (change["what"], change["by"]) == ("put-under-test", "first")
    (fault,) = [each for each in found if each["kind"] == "fault"]
    assert (fault["evse_id"], fault["result"]) == (1, "Faulted")
    assert fault["until"] is not None


async def test_pages_miss_nothing(tmp_path: Path) -> None:
    """However many are on one; a cursor of another list is refused."""
    async with live_server(tmp_path) as server:
        async with server.station("cp1", "1.6") as station:
            for word in ("Faulted", "Available", "Faulted", "Available"):
                await report(station, word)
        everything = await whole(server, 100)
        assert len(everything) > 3
        for limit in (1, 2, 3):
            assert await whole(server, limit) == everything
        for wrong in ("7", "nonsense-1", "2026-01-01T00:00:00Z-fault-x"):
            answer = await server.api.get(PATH, params={"after": wrong})
            assert answer.status_code == 422
        assert (await server.api.get("/stations/nobody/timeline")).json()["code"] == "station_unknown"
