"""What a case changed is put back, and nothing else."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ocppj.versions import OcppVersion
from simulator.conform.baseline import CaseBaseline, PutBackRules, running_in
from simulator.conform.case import preparations
from simulator.scenario.conversation import Conversation, SeenFrame
from simulator.scenario.event_log import EventLog

NOW = datetime(2026, 1, 5, tzinfo=UTC)
RULES = PutBackRules.of(preparations("cs").put_back)


class Station:
    """Answers what it is asked, and keeps it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    async def ask(self, action: str, payload: Mapping[str, Any]) -> Any:
        """A value for every variable but one."""
        self.asked.append((action, payload))
        if action != "GetVariables":
            return None
        one = payload["getVariableData"][0]
        is_known = one["variable"]["name"] != "Hidden"
        return {
            "getVariableResult": [{"attributeStatus": "Accepted", "attributeValue": "30"} if is_known else {}]
        }


def variable(name: str, value: str) -> dict[str, Any]:
    """One to set."""
    return {"component": {"name": "TxCtrlr"}, "variable": {"name": name}, "attributeValue": value}


def frames(*events: dict[str, Any]) -> list[SeenFrame]:
    """Transaction events of a station."""
    log = EventLog(Conversation(OcppVersion.V201))
    for number, event in enumerate(events):
        log.add("station", json.dumps([2, str(number), "TransactionEvent", event]), NOW)
    return log.frames()


async def test_all_that_was_taken_is_put_back() -> None:
    """Variables with their value of before, once; a password with that of the bench."""
    station = Station()
    base = CaseBaseline(RULES, station.ask, "bench-password")
    data = [variable("EVConnectionTimeOut", "5"), variable("Hidden", "1"), variable("BasicAuthPassword", "x")]
    payload = {"setVariableData": data}
    await base.before("SetVariables", payload)
    await base.before("SetVariables", payload)
    await base.before("Reset", {})
    taken = [{"attributeStatus": each} for each in ("RebootRequired", "Accepted", "Accepted")]
    base.note("SetVariables", payload, {"setVariableResult": taken})
    base.note("SetVariables", {"setVariableData": [variable("No", "1")]}, {"setVariableResult": [{}]})
    accepted = {"status": "Accepted"}
    base.note("ReserveNow", {"id": 7}, accepted)
    base.note("ReserveNow", {"id": 8}, {"status": "Occupied"})
    base.note("SetChargingProfile", {"chargingProfile": {"id": 61}}, accepted)
    base.note("RequestStartTransaction", {"chargingProfile": {"id": 62}}, accepted)
    base.note("RequestStartTransaction", {"evseId": 1}, accepted)
    base.note("SendLocalList", {}, accepted)
    base.note("ChangeAvailability", {"operationalStatus": "Inoperative"}, accepted)
    base.note("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 1}}, accepted)
    base.note("ChangeAvailability", {"operationalStatus": "Inoperative", "evse": {"id": 2}}, accepted)
    base.note("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 2}}, accepted)
    station.asked.clear()
    begun = {"eventType": "Started", "transactionInfo": {"transactionId": "T"}}
    await base.put_back(frames(begun))
    assert [action for action, _ in station.asked] == [
        "RequestStopTransaction",
        "CancelReservation",
        "ClearChargingProfile",
        "ClearChargingProfile",
        "SendLocalList",
        "ChangeAvailability",
        "ChangeAvailability",
        "ChangeAvailability",
        "ClearCache",
        "SetVariables",
        "SetVariables",
    ]
    values = [payload["setVariableData"][0]["attributeValue"] for _, payload in station.asked[-2:]]
    assert values == ["30", "bench-password"]
    assert station.asked[6][1] == {"operationalStatus": "Operative", "evse": {"id": 1}}


async def test_nothing_changed_nothing_put_back() -> None:
    """Nobody is asked; also where an answer is none."""
    station = Station()
    base = CaseBaseline(RULES, station.ask)
    base.note("SetVariables", {}, None)
    base.note("Reset", {}, {"status": "Accepted"})
    await base.put_back([])
    assert station.asked == []
    bare = CaseBaseline(PutBackRules(), station.ask)
    await bare.put_back(frames({"eventType": "Started", "transactionInfo": {"transactionId": "T"}}))
    assert station.asked == []


def test_transactions_that_go_on() -> None:
    """Begun, and not ended."""
    one, two = ({"transactionInfo": {"transactionId": name}, "eventType": "Started"} for name in "AB")
    again = {**two, "eventType": "Updated"}
    ended = {**one, "eventType": "Ended"}
    assert running_in(frames(one, two, again, ended), "TransactionEvent") == [two]
    assert running_in(frames({"eventType": "Updated"}), "TransactionEvent") == []
