"""Frames and the events they tell of: both versions in the same words."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.versions import OcppVersion
from simulator.scenario.conversation import OPEN_LIMIT, Conversation, SeenEvent, SeenFrame, Sender
from simulator.scenario.vocabulary import COMMON_FIELDS, EVENTS

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
RECORDED = Path(__file__).parents[2] / "data" / "recorded_frames.jsonl"
V16, V201 = OcppVersion.V16, OcppVersion.V201
METER_16 = [{"timestamp": "2026-01-05T12:00:04Z", "sampledValue": [{"value": "1.25", "unit": "kWh"}]}]
METER_201 = [
    {
        "timestamp": "2026-01-05T12:00:04Z",
        "sampledValue": [
            {"value": 1.25, "unitOfMeasure": {"unit": "kWh"}},
            {"value": 5.5, "measurand": "SoC"},
        ],
    }
]


class Talk:
    """A conversation, written down as actions with their answers."""

    def __init__(self, version: OcppVersion, *, clock_is_theirs: bool = False) -> None:
        self.conversation = Conversation(version, clock_is_theirs=clock_is_theirs)
        self.now = AT
        self.count = 0

    def receive(self, sender: Sender, *message: Any) -> tuple[SeenFrame, list[SeenEvent]]:
        """One frame."""
        frame = self.conversation.frame(sender, json.dumps(list(message)), self.now)
        return frame, list(self.conversation.events(frame))

    def call(self, action: str, payload: Any, answer: Any) -> list[SeenEvent]:
        """The station calls, the central system answers."""
        self.count += 1
        self.receive("station", 2, str(self.count), action, payload)
        return self.receive("csms", 3, str(self.count), answer)[1]

    def fields(self, action: str, payload: Any, answer: Any) -> dict[str, Any]:
        """The fields of the one event that this tells."""
        (event,) = self.call(action, payload, answer)
        assert event.fields["event"] == event.name
        return {key: value for key, value in event.fields.items() if key != "event"}


def test_a_boot_says_the_same_in_both_versions() -> None:
    """Request and answer together."""
    answer = {"status": "Accepted", "currentTime": "2026-01-05T12:00:00Z", "interval": 300}
    told_16 = Talk(V16).fields(
        "BootNotification",
        {
            "chargePointVendor": "V",
            "chargePointModel": "M",
            "chargePointSerialNumber": "S",
            "firmwareVersion": "1.2",
            "iccid": "I",
            "imsi": "J",
        },
        answer,
    )
    told_201 = Talk(V201).fields(
        "BootNotification",
        {
            "reason": "PowerUp",
            "chargingStation": {
                "vendorName": "V",
                "model": "M",
                "serialNumber": "S",
                "firmwareVersion": "1.2",
                "modem": {"iccid": "I", "imsi": "J"},
            },
        },
        answer,
    )
    assert told_16 == {
        "vendor": "V",
        "model": "M",
        "serial": "S",
        "firmware": "1.2",
        "iccid": "I",
        "imsi": "J",
        "registration": "Accepted",
        "interval_s": 300,
    }
    assert told_201 == told_16 | {"reason": "PowerUp"}


def test_a_status_says_the_same_in_both_versions() -> None:
    """1.6's nine words are five, and its connector is an EVSE."""
    told_16 = Talk(V16).fields(
        "StatusNotification",
        {
            "connectorId": 2,
            "errorCode": "NoError",
            "status": "Preparing",
            "timestamp": "2026-01-05T12:00:00Z",
        },
        {},
    )
    told_201 = Talk(V201).fields(
        "StatusNotification",
        {"evseId": 2, "connectorId": 1, "connectorStatus": "Occupied", "timestamp": "2026-01-05T12:00:00Z"},
        {},
    )
    common = {"evse": 2, "connector": 1, "status": "Occupied", "at": "2026-01-05T12:00:00.000Z"}
    assert told_16 == common | {"reported": "Preparing", "charging_state": "EVConnected"}
    assert told_201 == common | {"reported": "Occupied"}
    whole = {"connectorId": 0, "errorCode": "OtherError", "status": "Faulted"}
    assert Talk(V16).fields("StatusNotification", whole, {}) == {
        "evse": 0,
        "connector": 0,
        "status": "Faulted",
        "reported": "Faulted",
        "error": "OtherError",
    }


def test_a_charge_says_the_same_in_both_versions() -> None:
    """Start, meter values, end: the transaction's id, its place, and the energy since its first reading."""
    talk = Talk(V16)
    start = {"connectorId": 1, "idTag": "T", "meterStart": 1000, "timestamp": "2026-01-05T12:00:00Z"}
    begun = talk.fields("StartTransaction", start, {"transactionId": 7, "idTagInfo": {"status": "Accepted"}})
    metered = talk.fields("MeterValues", {"connectorId": 1, "transactionId": 7, "meterValue": METER_16}, {})
    stop = {"transactionId": 7, "idTag": "T", "meterStop": 1500, "timestamp": "2026-01-05T12:00:09Z"}
    ended = talk.fields("StopTransaction", stop, {"idTagInfo": {"status": "Accepted"}})
    check_charge("7", begun, metered, ended)
    assert metered["samples"] == [
        {"measurand": "Energy.Active.Import.Register", "value": 1250.0, "unit": "Wh"},
    ]

    talk = Talk(V201)

    def event(kind: str, at: str, seq_no: int, **more: Any) -> dict[str, Any]:
        shared = {"eventType": kind, "timestamp": at, "triggerReason": "CablePluggedIn", "seqNo": seq_no}
        return shared | {"transactionInfo": {"transactionId": "7"}} | more

    def reading(wh: float) -> list[dict[str, Any]]:
        return [{"timestamp": "2026-01-05T12:00:00Z", "sampledValue": [{"value": wh}]}]

    token = {"evse": {"id": 1, "connectorId": 1}, "idToken": {"idToken": "T", "type": "Central"}}
    first = event("Started", "2026-01-05T12:00:00Z", 0, meterValue=reading(1000), **token)
    told = talk.call("TransactionEvent", first, {"idTokenInfo": {"status": "Accepted"}})
    assert [each.name for each in told] == ["transaction started", "meter"]
    begun = told[0].fields
    told = talk.call(
        "TransactionEvent", event("Updated", "2026-01-05T12:00:04Z", 1, meterValue=METER_201), {}
    )
    assert [each.name for each in told] == ["transaction updated", "meter"]
    metered = told[1].fields
    last = event("Ended", "2026-01-05T12:00:09Z", 2, meterValue=reading(1500))
    last["transactionInfo"]["stoppedReason"] = "Local"
    last["idToken"] = {"idToken": "T", "type": "Central"}
    told = talk.call("TransactionEvent", last, {"idTokenInfo": {"status": "Accepted"}})
    ended = told[0].fields
    check_charge("7", begun, metered, ended)


def check_charge(
    transaction_id: str, begun: dict[str, Any], metered: dict[str, Any], ended: dict[str, Any]
) -> None:
    """What every version tells of the same charge."""
    place = {"transaction_id": transaction_id, "evse": 1}
    assert begun.items() >= (place | {"connector": 1, "id_token": "T", "token_status": "Accepted"}).items()
    assert begun["register_wh"] == 1000.0
    assert begun["charged_wh"] == 0.0
    assert metered.items() >= (place | {"register_wh": 1250.0, "charged_wh": 250.0}).items()
    assert ended.items() >= (place | {"connector": 1, "reason": "Local", "charged_wh": 500.0}).items()


def test_meter_values_of_an_evse_belong_to_what_runs_there() -> None:
    """2.x MeterValues name no transaction."""
    talk = Talk(V201)
    begin = {
        "eventType": "Started",
        "timestamp": "2026-01-05T12:00:00Z",
        "triggerReason": "Authorized",
        "seqNo": 0,
        "transactionInfo": {"transactionId": "t1"},
        "evse": {"id": 2},
    }
    talk.call("TransactionEvent", begin, {})
    assert talk.fields("MeterValues", {"evseId": 2, "meterValue": METER_201}, {})["transaction_id"] == "t1"
    assert "transaction_id" not in talk.fields("MeterValues", {"evseId": 1, "meterValue": METER_201}, {})


def test_phases_are_summed_where_there_is_no_total() -> None:
    """And what the meter says of its inlet or body does not count."""
    values = [
        {"value": "100", "measurand": "Power.Active.Import", "phase": "L1"},
        {"value": "0.2", "measurand": "Power.Active.Import", "phase": "L2", "unit": "kW"},
        {"value": "5", "measurand": "Power.Active.Import", "phase": "L3", "location": "Inlet"},
    ]
    payload = {
        "connectorId": 1,
        "meterValue": [{"timestamp": "2026-01-05T12:00:00Z", "sampledValue": values}],
    }
    told = Talk(V16).fields("MeterValues", payload, {})
    assert told["power_w"] == 300.0
    assert "register_wh" not in told


def test_the_clocks_error_is_against_the_central_systems_time() -> None:
    """Told in its last answer, and gone on since; the frames of the wire log bear its time already."""
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
    talk = Talk(V16)
    talk.now = AT + timedelta(days=3)  # whoever listens has another clock
    boot = {"chargePointVendor": "V", "chargePointModel": "M"}
    answer = {"status": "Accepted", "currentTime": "2026-01-05T12:00:00Z", "interval": 300}
    talk.call("BootNotification", boot, answer)
    talk.now += timedelta(seconds=10)
    told = talk.fields("StatusNotification", status | {"timestamp": "2026-01-05T12:00:13.500Z"}, {})
    assert told["clock_error_s"] == 3.5
    assert "clock_error_s" not in talk.fields("StatusNotification", status, {})

    theirs = Talk(V16, clock_is_theirs=True)
    told = theirs.fields("StatusNotification", status | {"timestamp": "1970-01-01T00:00:00Z"}, {})
    assert told["clock_error_s"] < -1e9
    assert "clock_error_s" not in Talk(V16).fields("StatusNotification", status | {"timestamp": "soon"}, {})


def test_a_refused_message_is_an_event_that_says_so() -> None:
    """The CALLERROR's code is in `refused`."""
    talk = Talk(V16)
    talk.receive("station", 2, "1", "Heartbeat", {})
    frame, (event,) = talk.receive("csms", 4, "1", "InternalError", "no", {})
    assert event.fields == {"event": "heartbeat", "refused": "InternalError"}
    assert (frame.kind, frame.action) == ("error", "Heartbeat")
    assert frame.payload == {"code": "InternalError", "description": "no", "details": {}}


@pytest.mark.parametrize(
    ("version", "action", "payload", "answer", "name", "fields"),
    [
        (
            V16,
            "Authorize",
            {"idTag": "T"},
            {"idTagInfo": {"status": "Blocked"}},
            "authorize",
            {"token_status": "Blocked"},
        ),
        (
            V201,
            "Authorize",
            {"idToken": {"idToken": "T", "type": "Central"}},
            {"idTokenInfo": {"status": "Accepted"}},
            "authorize",
            {"id_token": "T", "id_token_type": "Central", "token_status": "Accepted"},
        ),
        (
            V16,
            "DataTransfer",
            {"vendorId": "v", "data": "d"},
            {"status": "Rejected"},
            "data transfer",
            {"text": "d", "answer": "Rejected"},
        ),
        (
            V201,
            "DataTransfer",
            {"vendorId": "v"},
            {"status": "Accepted"},
            "data transfer",
            {"vendor_id": "v"},
        ),
        (V16, "FirmwareStatusNotification", {"status": "Idle"}, {}, "firmware status", {"state": "Idle"}),
        (V201, "FirmwareStatusNotification", {"status": "Idle"}, {}, "firmware status", {"state": "Idle"}),
        (V16, "DiagnosticsStatusNotification", {"status": "Idle"}, {}, "log status", {"state": "Idle"}),
        (V201, "LogStatusNotification", {"status": "Idle"}, {}, "log status", {"state": "Idle"}),
        (
            V16,
            "SecurityEventNotification",
            {"type": "x", "timestamp": "2026-01-05T12:00:00Z"},
            {},
            "security event",
            {"type": "x"},
        ),
        (
            V201,
            "SecurityEventNotification",
            {"type": "x", "timestamp": "2026-01-05T12:00:00Z"},
            {},
            "security event",
            {"type": "x"},
        ),
        (
            V201,
            "NotifyReport",
            {"requestId": 5, "generatedAt": "2026-01-05T12:00:00Z", "seqNo": 0},
            {},
            "report",
            {"request_id": 5, "is_last": True},
        ),
        (
            V201,
            "ReservationStatusUpdate",
            {"reservationId": 5, "reservationUpdateStatus": "Expired"},
            {},
            "reservation ended",
            {"reservation_id": 5, "end": "Expired"},
        ),
        (V201, "Heartbeat", {}, {"currentTime": "2026-01-05T12:00:00Z"}, "heartbeat", {}),
    ],
)
def test_every_message_has_its_event(
    version: OcppVersion, action: str, payload: Any, answer: Any, name: str, fields: dict[str, Any]
) -> None:
    """In neutral words."""
    (event,) = Talk(version).call(action, payload, answer)
    assert event.name == name
    assert event.fields.items() >= fields.items()


def test_what_has_no_event_is_a_frame_all_the_same() -> None:
    """Commands, unknown actions, what breaks its schema, and answers that nobody asked for."""
    talk = Talk(V16)
    assert talk.receive("csms", 2, "c", "Reset", {"type": "Soft"})[0].action == "Reset"
    frame, events = talk.receive("station", 3, "c", {"status": "Accepted"})
    assert (frame.action, events) == ("Reset", [])
    assert frame.summary == "→ result Reset"
    assert talk.call("Foo", {}, {}) == []
    assert talk.call("StatusNotification", {"connectorId": "no"}, {}) == []
    assert talk.receive("csms", 3, "never", {})[1] == []
    assert talk.receive("csms", 3, "never", {})[0].action is None


def test_an_answer_that_breaks_its_schema_tells_only_what_was_said() -> None:
    """The request still is an event."""
    told = Talk(V16).fields("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"}, [])
    assert told == {"vendor": "V", "model": "M"}


def test_open_calls_are_forgotten_in_time() -> None:
    """A station that is never answered costs nothing."""
    talk = Talk(V16)
    for number in range(OPEN_LIMIT + 1):
        talk.receive("station", 2, f"m{number}", "Heartbeat", {})
    answer = {"currentTime": "2026-01-05T12:00:00Z"}
    assert talk.receive("csms", 3, "m0", answer)[1] == []
    assert len(talk.receive("csms", 3, "m1", answer)[1]) == 1


@given(
    st.text(max_size=80)
    | st.lists(st.none() | st.integers() | st.text(max_size=5), max_size=6).map(json.dumps)
)
def test_any_text_is_a_frame(raw: str) -> None:
    """Whatever goes over the wire is kept, and breaks nothing."""
    conversation = Conversation(V16)
    frame = conversation.frame("station", raw, AT)
    assert frame.kind in ("call", "result", "error", "send", "result_error", "unreadable")
    assert list(conversation.events(frame)) == []


def test_six_independent_stations_are_understood() -> None:
    """Every answered request of the recorded conversations tells an event whose fields are documented."""
    conversations: dict[tuple[str, str, str], Conversation] = {}
    told: Counter[tuple[str, str]] = Counter()
    for line in RECORDED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        key = (row["client"], row["station"], row["version"])
        conversation = conversations.setdefault(key, Conversation(OcppVersion(row["version"])))
        at = datetime.fromisoformat(row["at"])
        for event in conversation.events(conversation.frame(row["from"], row["frame"], at)):
            assert event.fields.keys() <= EVENTS[event.name].keys() | COMMON_FIELDS.keys()
            told[row["version"], event.name] += 1
    for version in ("ocpp1.6", "ocpp2.0.1"):
        for name in ("boot", "status", "transaction started", "transaction ended", "meter"):
            assert told[version, name] > 0, (version, name)
