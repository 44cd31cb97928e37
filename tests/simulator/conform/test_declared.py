"""Features that a device model answers."""

import json
from datetime import UTC, datetime
from typing import Any

from ocppj.versions import OcppVersion
from simulator.conform.declared import declared_features, inventory_case
from simulator.scenario.conversation import Conversation, SeenFrame

AT = datetime(2026, 1, 5, tzinfo=UTC)


def report(*variables: dict[str, Any]) -> list[SeenFrame]:
    """Frames with one report among others."""
    talk = Conversation(OcppVersion.V201)
    payload = {"requestId": 1, "seqNo": 0, "generatedAt": "2026-01-05T00:00:00Z", "reportData": variables}
    texts = [[2, "1", "Heartbeat", {}], [3, "1", {}], [2, "2", "NotifyReport", payload]]
    return [talk.frame("station", json.dumps(each), AT) for each in texts]


def variable(component: str, name: str, value: str = "", listed: str | None = None, evse: int = 0) -> Any:
    """As a report has it."""
    found: dict[str, Any] = {
        "component": {"name": component} | ({"evse": {"id": evse}} if evse else {}),
        "variable": {"name": name},
        "variableAttribute": [{"value": value}],
    }
    return found | ({"variableCharacteristics": {"valuesList": listed}} if listed else {})


def test_what_the_device_model_answers() -> None:
    """By variables that are there, by values that they have or can have, by EVSEs."""
    found = declared_features(
        report(
            variable("TxCtrlr", "TxStartPoint", "EVConnected, Authorized"),
            variable("TxCtrlr", "TxStopPoint", "EVConnected", "EVConnected,PowerPathClosed"),
            variable("AuthCacheCtrlr", "Enabled", "true"),
            variable("LocalAuthListCtrlr", "LifeTime", "1"),
            variable("EVSE", "AvailabilityState", "Available", evse=2),
        )
    )
    assert {name for name, is_there in found.items() if is_there} == {
        "C-09.1",
        "C-09.2",
        "C-10.1",
        "C-10.3",
        "C-49",
        "EVSES-2",
    }
    assert not any(declared_features(report()).values())


def test_the_inventory_is_a_case() -> None:
    """It is played like any other."""
    assert inventory_case().side == "cs"
