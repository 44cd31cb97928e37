"""The field's cases about the API."""

import pytest

from tests.field.cases import CASES
from tests.support.server import LiveServer, server

__all__ = ["server"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a1_unknown_members_in_a_body(server: LiveServer) -> None:
    """422 for each, nothing changed, and no other frame passes for the one that was expected."""
    assert CASES["A1"]["right"].startswith("422")
    token = await server.api.put("/tokens/A1", json={"expire_at": "2026-01-01T00:00:00Z"})
    station = await server.api.post("/stations", json={"station_id": "a1", "admision": "refuse"})
    async with server.station("a1-expects") as live:
        await live.ask("Heartbeat")
        frame = await server.api.post(
            "/stations/a1-expects/expect", json={"acton": "StopTransaction", "since": 0}
        )
    assert [each.status_code for each in (token, station, frame)] == [422, 422, 422]
    assert (await server.api.get("/tokens/A1")).status_code == 404
    assert (await server.api.get("/stations/a1")).status_code == 404
