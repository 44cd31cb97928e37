"""A fault that a station tells by NotifyEvent, over real sockets: on the connector, in its history."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.payloads import AT
from tests.support.server import LiveServer, live_server
from tests.support.wire_station import WireStation

BOTH = pytest.mark.parametrize("version", ["2.0.1", "2.1"])
HERE = {"id": 1, "connectorId": 1}


def at(minute: int) -> str:
    """So long after `AT`."""
    return f"{AT[:14]}{minute:02}{AT[16:]}"


async def notify(station: WireStation, value: str, minute: int, variable: str, **place: Any) -> None:
    """One event, answered with nothing (N07.FR.03)."""
    event = {
        "eventId": minute,
        "timestamp": at(minute),
        "trigger": "Delta",
        "actualValue": value,
        "eventNotificationType": "HardWiredNotification",
        "techCode": "E7",
        "component": {"name": "Connector", **place},
        "variable": {"name": variable},
    }
    request = {"generatedAt": at(minute), "seqNo": 0, "eventData": [event]}
    assert await station.ask("NotifyEvent", request) == {}


async def connector(server: LiveServer) -> tuple[str, str, str | None]:
    """Status, word and code of the only connector, as the API shows them."""
    (found,) = await server.get("/stations/cp/connectors")
    return found["status"], found["reported"], found["error_code"]


@BOTH
async def test_a_fault_that_is_told_as_an_event_reaches_the_connector(version: str, tmp_path: Path) -> None:
    """G01 alternative scenario, N07: state, history, news and what is kept of it."""
    async with live_server(tmp_path) as server:
        assert server.running.parts is not None
        with closing(server.running.parts.bus.subscribe()) as events:
            async with server.station("cp", version) as station:
                status = {"timestamp": at(2), "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
                await station.ask("StatusNotification", status)
                await notify(station, "Faulted", 1, "AvailabilityState", evse=HERE)
                assert await connector(server) == ("Available", "Available", None)  # it is older
                await notify(station, "Faulted", 3, "AvailabilityState", evse=HERE)
                assert await connector(server) == ("Faulted", "Faulted", "E7")
                await notify(station, "available", 4, "AvailabilityState", evse=HERE)
                await notify(station, "true", 5, "Problem", evse=HERE)
                assert await connector(server) == ("Faulted", "Problem", "E7")
                await notify(station, "NaN", 6, "Problem", evse=HERE)
                await notify(station, "Faulted", 7, "AvailabilityState")
                await notify(station, "false", 8, "Problem", evse=HERE)
                assert await connector(server) == ("Available", "Available", None)
            told = [each.payload["status"] for each in events.pending() if each.event == "connector.status"]
        assert told == ["Available", "Faulted", "Available", "Faulted", "Available"]
        assert len(await server.get("/stations/cp/kept")) == 7
        states = server.rows("SELECT status FROM connector_states WHERE station_id = 'cp' ORDER BY number")
        assert [word for (word,) in states] == told
        metrics = (await server.api.get(f"{server.running.http_url}/metrics")).text
    for slug in ("unknown-value", "unknown-connector"):
        assert f'"{slug}"' in metrics
