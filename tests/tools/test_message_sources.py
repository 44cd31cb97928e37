"""Where messages are used, as it is read from sources."""

import ast
from typing import Any

from ocppj.versions import OcppVersion
from simulator.scenario.vocabulary import EVENTS as EVERY_EVENT
from tools.message_sources import (
    EVENTS,
    Use,
    played,
    played_by_peer,
    sent_by_simulator,
    used_by_scenarios,
    uses,
)

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21
EVERY = frozenset(OcppVersion)
STATIONS = """
from ocpp.routing import on
from ocpp.v16 import ChargePoint as Old
from ocpp.v16 import call as call16
from ocpp.v201 import ChargePoint as New
from ocpp.v201 import call as call201

class Mixed:
    @on("Reset")
    def reset(self, type): ...
    @on("GetConfiguration")
    def of_1_6_only(self): ...
    async def boot(self):
        await self.call(self.calls.BootNotification({}, "PowerUp"))

class Box16(Old):
    @on("ClearCache")
    def clear(self): ...

class Box201(Mixed, New): ...
"""
TESTS = """
import pytest
from ocpp.v16 import call as call16
from tests.interop.stations import Mixed
from ocpp.v21 import ChargePoint as Newest

class Box21(Mixed, Newest):
    @on("GetTariffs")
    def tariffs(self): ...

@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a(version):
    module = _module(station, version)
    await station.call(module.TransactionEvent())
    await station.call(_module(station, version).NotifyReport())

async def test_b():
    await station.call(call16.Authorize("x"))
    other.Heartbeat()
"""


def test_simulated_stations_send_what_their_messages_are_in_each_version() -> None:
    """What nothing makes is not there."""
    found = sent_by_simulator()
    assert {(V16, "StartTransaction"), (V16, "DiagnosticsStatusNotification"), (V21, "NotifyEvent")} <= found
    assert (V201, "NotifyEVChargingNeeds") not in found
    assert (V201, "NotifyPriorityCharging") not in found
    assert (V21, "NotifyPriorityCharging") in found


def test_events_are_those_of_the_vocabulary() -> None:
    """A new one is put to its requests."""
    assert set(EVENTS) == set(EVERY_EVENT)


def test_steps_name_actions_by_every_verb() -> None:
    """Commands and events in the words of each version."""
    steps: list[dict[str, Any]] = [
        {"status": "Available"},
        {"call": {"action": "ClearCache", "payload": {}}},
        {"send": {"action": "Heartbeat", "payload": {}}},
        {"expect": {"event": "transaction started"}},
        {"command": "get-base-report"},
        {"command": "set-variables"},
        {"ask": "POST /reservations"},
    ]
    assert set(uses(steps, frozenset({V16}), {})) == {
        (V16, each)
        for each in (
            "StatusNotification",
            "ClearCache",
            "Heartbeat",
            "StartTransaction",
            "ChangeConfiguration",
            "ReserveNow",
        )
    }
    assert {action for _, action in uses(steps, frozenset({V21}), {})} == {
        "StatusNotification",
        "ClearCache",
        "Heartbeat",
        "TransactionEvent",
        "GetBaseReport",
        "SetVariables",
        "ReserveNow",
    }


def test_steps_count_where_they_are_done() -> None:
    """`only`, a step for each version, groups, preparations; not what a version lacks."""
    prepared = {"booted": {"steps": [{"expect": {"call": "BootNotification"}}]}}
    steps: list[dict[str, Any]] = [
        {"only": 1.6, "steps": [{"command": "clear-cache"}]},
        {"only": ["sim"], "expect": {"call": "Authorize"}},
        {"call": {1.6: {"action": "GetConfiguration"}, "2.0.1": {"action": "GetVariables"}}},
        {"call": {"action": "ChangeConfiguration"}},
        {"only": "2.0.1", "use": "booted"},
    ]
    assert set(uses(steps, frozenset({V16, V201}), prepared)) == {
        (V16, "ClearCache"),
        (V16, "Authorize"),
        (V201, "Authorize"),
        (V16, "GetConfiguration"),
        (V201, "GetVariables"),
        (V16, "ChangeConfiguration"),
        (V201, "BootNotification"),
    }


def test_what_must_not_come_and_what_is_left_open_is_no_use() -> None:
    """Nor how the tool would answer."""
    steps: list[dict[str, Any]] = [
        {"never": {"call": "TransactionEvent"}},
        {"reply": {"action": "Authorize", "payload": {}}},
        {"expect": {"event": "<any>"}},
        {"connect": None},
        {"prompt": "Plug it in"},
    ]
    assert not list(uses(steps, EVERY, {}))


def test_scenarios_come_before_cases_and_own_words_before_preparations() -> None:
    """The first of a folder is the one that the page names."""
    found = used_by_scenarios()[V201, "ReserveNow"]
    assert found[0].path == "scenarios/reservation.yaml"
    assert list(found) == sorted(found)
    assert [each.is_prepared for each in found] == sorted(each.is_prepared for each in found)
    assert all(isinstance(each, Use) for each in found)
    assert {path.split("/")[1] for path in (each.path for each in found)} == {"reservation.yaml", "tc"}
    assert (V16, "GetDiagnostics") not in used_by_scenarios()


def test_peers_play_what_their_classes_and_tests_name() -> None:
    """In the versions of a class, also through another that mixes it in; never what the version lacks."""
    trees = {"stations.py": ast.parse(STATIONS), "test_them.py": ast.parse(TESTS)}
    assert set(played(trees)) == {
        ((V201, "Reset"), "stations.py"),
        ((V21, "Reset"), "stations.py"),
        ((V201, "BootNotification"), "stations.py"),
        ((V21, "BootNotification"), "stations.py"),
        ((V16, "ClearCache"), "stations.py"),
        ((V21, "GetTariffs"), "test_them.py"),
        ((V201, "TransactionEvent"), "test_them.py"),
        ((V21, "TransactionEvent"), "test_them.py"),
        ((V201, "NotifyReport"), "test_them.py"),
        ((V21, "NotifyReport"), "test_them.py"),
        ((V16, "Authorize"), "test_them.py"),
    }


def test_our_peers_are_found() -> None:
    """Both ends; stations of raw frames are none."""
    found = played_by_peer()
    assert "tests/interop/central_system.py" in found[V201, "TransactionEvent"]
    assert "tests/interop/test_monitoring.py" in found[V21, "SetVariableMonitoring"]
    assert (V201, "NotifyEvent") not in found
    assert "tests/interop/test_every_message.py" not in {path for each in found.values() for path in each}
