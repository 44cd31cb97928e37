"""What happens to stations is one line each in the operator's log, and a quiet server says how it goes."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
import websockets
from structlog.testing import capture_logs

from csms.central.operator_log import OperatorLog
from csms.central.tallies import Tallies
from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from runtime.clock import ManualClock
from runtime.events import EventBus
from tests.support.both_databases import Place
from tests.support.inbound import NOON
from tests.support.message_writer import desk
from tests.support.server import live_server
from tests.support.waiting import until
from tests.support.wire_station import basic

CP1 = StationId("cp1")


def found(logs: list[MutableMapping[str, Any]], event: str) -> list[MutableMapping[str, Any]]:
    """The lines of one kind."""
    return [line for line in logs if line["event"] == event]


async def test_each_thing_that_happens_to_a_station_is_one_line(tmp_path: Path) -> None:
    """Connected, booted, refused and why, superseded, faulted, a command and by whom."""
    secret = b"0123456789abcdefghij"
    async with live_server(tmp_path, secrets={"cp1": secret}) as server:
        known: dict[str, Any] = {"additional_headers": basic("cp1", secret)}
        with pytest.raises(websockets.InvalidStatus):
            async with server.station("cp1"):
                pass
        async with server.station("cp1", answers={"Reset": {"status": "Accepted"}}, **known) as station:
            fault = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted"}
            await station.ask("StatusNotification", fault)
            await server.command("cp1", "reset", kind="OnIdle")
            async with server.station("cp1", **known):
                await until(lambda: len(found(server.logs, "station_booted")) == 2)
        await until(lambda: found(server.logs, "station_disconnected"))
        logs = list(server.logs)
    (refused,) = found(logs, "station_refused")
    assert (refused["identity"], refused["reason"], refused["peer"]) == (
        "cp1",
        "credentials_missing",
        "127.0.0.1",
    )
    assert [line["security"] for line in found(logs, "station_connected")] == ["basic_auth"] * 2
    booted = found(logs, "station_booted")[0]
    assert (booted["station_id"], booted["vendor"], booted["registration"]) == ("cp1", "Acme", "Accepted")
    (faulted,) = found(logs, "connector_faulted")
    assert (faulted["connector_id"], faulted["error_code"]) == (1, "GroundFailure")
    (command,) = [line for line in found(logs, "command_ended") if line["command"] == "reset"]
    assert (command["by"], command["outcome"], command["status"]) == ("api:first", "result", "Accepted")
    (superseded,) = found(logs, "station_superseded")
    assert superseded["station_id"] == "cp1"


def test_a_station_that_becomes_active_is_a_line() -> None:
    """Other steps on its way too, with what blocks it; the same state again is none."""
    bus: EventBus[StationEvent] = EventBus()
    with capture_logs() as logs:
        OperatorLog(bus, Tallies(set(), set(), set()), None)  # type: ignore[arg-type] # asked by `log_state` alone
        for now, before, codes in [
            ("claimed", None, ["E_NOT_ACTIVATED"]),
            ("active", "claimed", []),
            ("active", "active", []),
        ]:
            blockers = [{"code": code} for code in codes]
            payload = {"lifecycle": now, "previous": before, "blocked_by": blockers}
            bus.publish(StationEvent("station.lifecycle", CP1, NOON, payload))
    assert [(line["event"], line["state"]) for line in logs] == [
        ("station_moved", "claimed"),
        ("station_activated", "active"),
    ]
    assert logs[0]["blocked_by"] == ["E_NOT_ACTIVATED"]


async def test_a_quarter_of_an_hour_is_never_an_empty_log(tmp_path: Path) -> None:
    """Nothing happens, and every five minutes it is said how it goes."""
    clock = ManualClock()
    async with live_server(tmp_path, clock=clock) as server:
        for _ in range(3):
            await clock.advance(300)
        lines = found(server.logs, "server_state")
    assert len(lines) == 3
    assert {"links", "charging", "faulted", "energy_wh", "stored", "not_stored", "waiting"} <= set(lines[0])


async def test_a_queue_that_is_full_is_told(place: Place) -> None:
    """The limit that was hit has its name in the line."""
    async with desk(place) as at:
        at.central.message_store._queue_most = 0
        with capture_logs() as logs, pytest.raises(Exception, match="wait to be stored"):
            await at.start()
    assert found(logs, "limit_reached")
