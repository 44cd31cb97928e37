"""What has been can be read: in which states the connectors of a station were, and for how long."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import LiveServer, live_server
from tests.support.wire_station import VERSIONS, WireStation

AT = "2026-05-01T10:00:00Z"
PATH = "/stations/cp1/connector-states"


async def report(station: WireStation, word: str, connector: int = 1, at: str = AT) -> None:
    """A StatusNotification; of a 2.x station the word is the neutral one, of 1.6 one of its nine."""
    status: dict[str, Any] = {"timestamp": at, "evseId": connector, "connectorId": 1, "connectorStatus": word}
    if station.version == "1.6":
        named = {"Occupied": "Charging"}.get(word, word)
        error = "GroundFailure" if word == "Faulted" else "NoError"
        status = {"timestamp": at, "connectorId": connector, "status": named, "errorCode": error}
    await station.ask("StatusNotification", status)


def words(states: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Which EVSE was in which state."""
    return [(each["evse_id"], each["status"]) for each in states]


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_states_of_a_connector_are_told_over_a_restart(version: str, tmp_path: Path) -> None:
    """In every version: what says the same again adds nothing, also from another process; each lasts until
    the next one.
    """
    async with live_server(tmp_path) as server, server.station("cp1", version) as station:
        for word in ("Available", "Available", "Occupied", "Faulted"):
            await report(station, word)
        await report(station, "Available", 2)
    async with live_server(tmp_path) as server, server.station("cp1", version) as station:
        await report(station, "Faulted")
        await report(station, "Available")
        states = await server.get(PATH)
        assert words(states) == [
            (1, "Available"),
            (2, "Available"),
            (1, "Faulted"),
            (1, "Occupied"),
            (1, "Available"),
        ]
        of_one = await server.get(PATH, evse_id=1, connector_id=1)
        assert [each["until"] for each in of_one] == [None, *(each["received_at"] for each in of_one[:-1])]
        assert of_one[0]["seconds"] is None
        lasted = [datetime.fromisoformat(each["until"]) for each in of_one[1:]]
        began = [datetime.fromisoformat(each["received_at"]) for each in of_one[1:]]
        seconds = [(end - start).total_seconds() for end, start in zip(lasted, began, strict=True)]
        assert [each["seconds"] for each in of_one[1:]] == pytest.approx(seconds)
        assert all(each["at"] == AT for each in states)
        fault = of_one[1]
        assert fault["error_code"] == ("GroundFailure" if version == "1.6" else None)
        assert of_one[2]["reported"] == ("Charging" if version == "1.6" else "Occupied")
        (now,) = [each for each in await server.get("/stations/cp1/connectors") if each["evse_id"] == 1]
        assert (now["status"], now["since"]) == (of_one[0]["status"], of_one[0]["received_at"])


@pytest.fixture
async def flapping(tmp_path: Path) -> Any:
    """A server to which a connector told five states."""
    async with live_server(tmp_path) as server, server.station("cp1", "2.0.1") as station:
        for number in range(5):
            await report(station, ("Available", "Occupied")[number % 2])
        yield server


async def test_states_are_asked_for_by_page_and_by_time(flapping: LiveServer) -> None:
    """Newest first; what lasted into the time counts; a time without its zone is nobody's time."""
    every = await flapping.get(PATH)
    first = await flapping.api.get(PATH, params={"limit": 2})
    following = await flapping.api.get(first.links["next"]["url"].removeprefix("/api/v1"))
    assert [*first.json(), *following.json()] == every[:4]
    assert await flapping.get(PATH, since=every[1]["received_at"]) == every[:2]
    assert await flapping.get(PATH, until=every[1]["received_at"]) == every[2:]
    later = datetime.fromisoformat(every[0]["received_at"]) + timedelta(days=1)
    assert await flapping.get(PATH, since=later.isoformat()) == every[:1]
    assert await flapping.get(PATH, evse_id=2) == []
    for wrong in (
        {"since": "2026-05-01T10:00:00"},
        {"until": "noon"},
        {"evse_id": -1},
        {"evse_id": 2**63},
        {"evse": 1},
        {"after": "x"},
    ):
        answer = await flapping.api.get(PATH, params=wrong)
        assert answer.status_code == 422, wrong
    assert (await flapping.api.get("/stations/nobody/connector-states")).json()["code"] == "station_unknown"
