"""The features that a station's own device model answers: its full inventory, read as part 5 reads it."""

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.yaml_source import read_source
from simulator.conform.case import ConformCase, case_in
from simulator.scenario.conversation import SeenFrame

INVENTORY = """
title: The full inventory of the station
steps:
  - use: booted
  - call: {action: GetBaseReport, payload: {requestId: 1, reportBase: FullInventory}}
    answer: {status: Accepted}
    clause: B07.FR.01
  - expect: {call: NotifyReport, from: station, match: {requestId: 1, tbc: "<not true>"}}
    clause: B07.FR.10
    within: 2 min
"""
PRESENT: dict[str, str] = {
    "C-02": "OfflineTxForUnknownIdEnabled",
    "C-03": "MaxEnergyOnInvalidId",
    "C-04": "MinimumStatusDuration",
    "C-21": "QueueAllMessages",
    "C-28": "SendDuringIdle",
    "C-49": "AuthCacheCtrlr.Enabled",
    "C-53": "AuthCacheCtrlr.LifeTime",
    "R-2": "ReservationCtrlr.NonEvseSpecific",
}
"""Features that are there where the variable is."""
POINTS: dict[str, tuple[str, str]] = {
    "C-09.1": ("TxStartPoint", "EVConnected"),
    "C-09.2": ("TxStartPoint", "Authorized"),
    "C-09.3": ("TxStartPoint", "DataSigned"),
    "C-09.4": ("TxStartPoint", "PowerPathClosed"),
    "C-09.5": ("TxStartPoint", "EnergyTransfer"),
    "C-09.6": ("TxStartPoint", "ParkingBayOccupancy"),
    "C-10.1": ("TxStopPoint", "EVConnected"),
    "C-10.2": ("TxStopPoint", "Authorized"),
    "C-10.3": ("TxStopPoint", "PowerPathClosed"),
    "C-10.4": ("TxStopPoint", "EnergyTransfer"),
    "C-10.5": ("TxStopPoint", "ParkingBayOccupancy"),
}
"""Features that are there where the variable has, or can have, the value."""
SECOND_EVSE = 2


def inventory_case() -> ConformCase:
    """What is played to read the device model."""
    return case_in(read_source(INVENTORY, "inventory"), "TC_B_13_CS", "cs")


def declared_features(frames: Iterable[SeenFrame]) -> dict[str, bool]:
    """From the reports among the frames."""
    reported = [
        one
        for frame in frames
        if frame.kind == "call" and isinstance(frame.payload, dict)
        for one in frame.payload.get("reportData", ())
    ]
    names = {name for one in reported for name in _names(one)}
    found = {feature: variable in names for feature, variable in PRESENT.items()}
    for feature, (variable, value) in POINTS.items():
        found[feature] = any(value in _values(one) for one in reported if variable in _names(one))
    found["EVSES-2"] = any(_evse(one) == SECOND_EVSE for one in reported)
    return dict(sorted(found.items()))


def _names(one: Mapping[str, Any]) -> tuple[str, str]:
    """Of a variable: its own, and with its component's before it."""
    name = str(one["variable"]["name"])
    return name, f"{one['component']['name']}.{name}"


def _values(one: Mapping[str, Any]) -> set[str]:
    """What it has, and what it can have."""
    texts = [each.get("value") or "" for each in one.get("variableAttribute", ())]
    texts.append(one.get("variableCharacteristics", {}).get("valuesList") or "")
    return {part.strip() for text in texts for part in text.split(",")}


def _evse(one: Mapping[str, Any]) -> Any:
    return one["component"].get("evse", {}).get("id")
