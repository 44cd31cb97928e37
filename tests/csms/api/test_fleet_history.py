"""The fleet in numbers can be read, over restarts and in every version."""

from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from access.principals import Role
from runtime.clock import ManualClock
from tests.support.central import ServedCentral
from tests.support.payloads import START
from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import VERSIONS

PATH = "/fleet/history"


async def next_count(server: LiveServer, clock: ManualClock) -> dict[str, Any]:
    """A minute passes, and it is counted."""
    counted = "SELECT minute FROM fleet_counts"
    before = len(server.rows(counted))
    await clock.advance(60)
    await until(lambda: len(server.rows(counted)) > before)
    point: dict[str, Any] = (await server.get(PATH))["points"][-1]
    return point


async def test_the_fleet_is_counted_while_stations_come_charge_and_fail(
    tmp_path: Path, clock: ManualClock
) -> None:
    """Real stations of three versions; a fault that nobody cleared is there after a restart, and so is the
    energy that was counted before.
    """
    await clock.advance(1)
    fault = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}
    async with live_server(tmp_path, clock=clock) as server, AsyncExitStack() as stack:
        await server.add_token("A")
        await server.post("/stations", {"station_id": "never-seen", "admission": "accept"}, 201)
        stations = {
            version: await stack.enter_async_context(server.station(f"cp-{version}", version))
            for version in VERSIONS
        }
        await stations["1.6"].ask("StatusNotification", fault)
        started = await stations["1.6"].ask("StartTransaction", START | {"timestamp": "2026-01-05T12:00:00Z"})
        first = await next_count(server, clock)
        stop = {"transactionId": started["transactionId"], "meterStop": 1505}
        await stations["1.6"].ask("StopTransaction", stop | {"timestamp": "2026-01-05T12:00:30Z"})
        second = await next_count(server, clock)
    names = ("stations_known", "stations_online", "stations_faulted", "connectors_faulted", "charging")
    assert [first[name] for name in names] == [4, 3, 1, 1, 1]
    assert [second[name] for name in names] == [4, 3, 1, 1, 0]
    assert second["energy_wh"] - first["energy_wh"] == 1500
    await clock.advance(600)
    async with live_server(tmp_path, clock=clock) as server:
        third = await next_count(server, clock)
        assert [third[name] for name in names] == [4, 0, 1, 1, 0]
        assert (third["energy_wh"], third["minutes"]) == (second["energy_wh"], 1)
        told = await server.get(PATH)
        assert told["points"] == [first, second, third]
        assert (told["step_s"], told["until"]) == (60, clock.now().isoformat().replace("+00:00", "Z"))
        (hour,) = (await server.get(PATH, step=3600))["points"]
        assert (hour["minutes"], hour["stations_online"], hour["charging"]) == (3, 0, 1)
        assert (await server.get(PATH, since=third["at"]))["points"] == [third]
        assert (await server.get(PATH, until=third["at"]))["points"] == [first, second]


async def test_an_answer_has_a_bounded_number_of_points(api: ServedCentral) -> None:
    """The step is chosen so; one that is too fine is refused with one that fits. A year is all there is."""
    client, now = api.client(Role.VIEWER), api.central.clock.now()

    async def asked(**query: Any) -> Any:
        return await client.get(f"/api/v1{PATH}", params=query)

    for days, step in ((1, 60), (5, 300), (15, 900), (60, 3600), (366, 21_600), (4000, 21_600)):
        told = (await asked(since=(now - timedelta(days=days)).isoformat())).json()
        assert told["step_s"] == step, days
    assert told["since"] == (now - timedelta(days=366)).isoformat().replace("+00:00", "Z")
    refused = await asked(since=(now - timedelta(days=5)).isoformat(), step=60)
    assert (refused.status_code, refused.json()["code"]) == (422, "step_too_fine")
    assert "take 300 or more" in refused.json()["way_out"]
    future = (now + timedelta(days=1)).isoformat()
    assert (await asked(since=future)).json()["points"] == []
    assert (await asked(until=future)).json()["until"] == now.isoformat().replace("+00:00", "Z")
    assert (await asked(until="2001-01-01T00:00:00Z")).json()["points"] == []


@pytest.mark.parametrize(
    "wrong", [{"step": 59}, {"step": 90}, {"step": 100_000}, {"since": "2026-01-05T12:00:00"}, {"until": "x"}]
)
async def test_a_step_is_whole_minutes_and_a_time_has_its_zone(
    api: ServedCentral, wrong: dict[str, Any]
) -> None:
    """Refused, and never taken for something else."""
    answer = await api.client(Role.VIEWER).get(f"/api/v1{PATH}", params=wrong)
    assert answer.status_code == 422
