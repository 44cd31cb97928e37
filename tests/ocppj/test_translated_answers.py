"""What stations answer and say, written by hand in each version's words from the specifications, against what
the model makes of it: the parts that one version has alone, and the words that none has.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.model.availability import StatusNotification
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.data_transfer import DataTransfer, TransferAnswer, TransferData
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.local_list import NO_LIST, GetLocalListVersion, ListVersionAnswer
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.remote_control import RemoteStart, RemoteStartAnswer
from ocppj.model.reservations import ReservationEnd, ReservationStatusUpdate
from ocppj.model.smart_charging import (
    ChargingPeriod,
    CompositeSchedule,
    CompositeScheduleAnswer,
    GetCompositeSchedule,
)
from ocppj.model.tariffs import CostUpdated
from ocppj.model.transactions import (
    GetTransactionStatus,
    TransactionEvent,
    TransactionEventResponse,
    TransactionStatusAnswer,
)
from ocppj.model.variables import (
    GetVariables,
    NotifyReport,
    ReportedVariable,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.translation import translation_for
from ocppj.v16.variables import VALUE_CHARACTERS
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    ENERGY_REGISTER,
    ConnectorStatus,
    IdToken,
    MeterSample,
    TransactionEventKind,
    VariableRef,
)

V16, V201, V21 = OcppVersion
BOTH_2X = (V201, V21)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WIRE_NOON = "2026-11-24T12:00:00.000Z"
INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
VENDORS = VariableRef("ConfigurationKey", "AcmeMode")
ON_WIRE = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
VENDORS_ON_WIRE = {"component": {"name": "ConfigurationKey"}, "variable": {"name": "AcmeMode"}}
TRANSFER = TransferData("acme")


def written(version: OcppVersion, command: Command, answer: CommandAnswer) -> Any:
    """What a station of the version answers; the codec refuses what breaks the version's schema."""
    codec, translation = codec_for(version), translation_for(version)
    action = translation.action_of(type(command))
    return json.loads(codec.encode_response(action, translation.response(command, answer)))


def understood(version: OcppVersion, command: Command, response: dict[str, Any]) -> CommandAnswer:
    """What the central system makes of a response."""
    codec, translation = codec_for(version), translation_for(version)
    action = translation.action_of(type(command))
    decoded = codec.decode_response(action, json.dumps(response).encode(), lenient=False)
    return translation.answer(command, [decoded.message])


def read(
    version: OcppVersion, action: str, payload: dict[str, Any]
) -> tuple[StationMessage | None, list[str]]:
    """(what a request says, what was odd about it)."""
    findings: list[str] = []
    decoded = codec_for(version).decode_request(action, json.dumps(payload).encode())
    return translation_for(version).message(action, decoded.message, findings), findings


def test_16_answers_with_its_configuration_keys() -> None:
    """§6.14: those that are known with their value, as long as it may be, and those that are not."""
    asked = (
        VariableResult(INTERVAL, "Accepted", "300"),
        VariableResult(VENDORS, "Accepted", "x" * (VALUE_CHARACTERS + 1), is_read_only=True),
        VariableResult(VariableRef("ConfigurationKey", "Silent"), "Accepted"),
        VariableResult(VariableRef("ConfigurationKey", "Nothing"), "UnknownVariable"),
    )
    known = [
        {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        {"key": "AcmeMode", "readonly": True, "value": "x" * VALUE_CHARACTERS},
        {"key": "Silent", "readonly": False},
    ]
    assert written(V16, GetVariables(), VariablesAnswer.of(asked)) == {
        "configurationKey": known,
        "unknownKey": ["Nothing"],
    }
    assert written(V16, GetVariables(), VariablesAnswer.of(asked[:1])) == {"configurationKey": known[:1]}


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("Accepted", "Accepted"),
        ("RebootRequired", "RebootRequired"),
        ("UnknownVariable", "NotSupported"),
        ("UnknownComponent", "NotSupported"),
    ],
)
def test_16_says_that_a_key_was_set(status: str, word: str) -> None:
    """§7.22 has one word for what 2.x calls an unknown component or variable."""
    command = SetVariables((VariableAssignment(INTERVAL, "60"),))
    answer = VariablesAnswer.of((VariableResult(INTERVAL, status),))
    assert written(V16, command, answer) == {"status": word}


@pytest.mark.parametrize("version", BOTH_2X)
def test_2x_answers_variable_by_variable(version: OcppVersion) -> None:
    """B06 and B05: each with its attribute, and its value where it was read."""
    results = (
        VariableResult(INTERVAL, "Accepted", "300"),
        VariableResult(VENDORS, "UnknownVariable", attribute="Target"),
    )
    told = [
        ON_WIRE | {"attributeStatus": "Accepted", "attributeType": "Actual"},
        VENDORS_ON_WIRE | {"attributeStatus": "UnknownVariable", "attributeType": "Target"},
    ]
    read_wire = {"getVariableResult": [told[0] | {"attributeValue": "300"}, told[1]]}
    reading = GetVariables((INTERVAL, VENDORS))
    assert written(version, reading, VariablesAnswer.of(results)) == read_wire
    assert understood(version, reading, read_wire) == VariablesAnswer.of(results)
    setting = SetVariables((VariableAssignment(INTERVAL, "60"), VariableAssignment(VENDORS, "1")))
    assert written(version, setting, VariablesAnswer.of(results)) == {"setVariableResult": told}


@pytest.mark.parametrize("version", BOTH_2X)
def test_2x_says_whether_a_transaction_goes_on(version: OcppVersion) -> None:
    """E14; without a transaction's id there is no ongoingIndicator (E14.FR.06)."""
    of_one, of_any = GetTransactionStatus("tx-1"), GetTransactionStatus()
    for command, answer, wire in (
        (of_one, TransactionStatusAnswer(is_ongoing=True), {"ongoingIndicator": True}),
        (of_one, TransactionStatusAnswer(is_ongoing=False), {"ongoingIndicator": False}),
        (of_any, TransactionStatusAnswer(), {}),
    ):
        assert written(version, command, answer) == wire | {"messagesInQueue": False}
        assert understood(version, command, wire | {"messagesInQueue": False}) == answer
    waiting = {"messagesInQueue": True}
    assert written(version, of_any, TransactionStatusAnswer(has_messages_queued=True)) == waiting
    assert understood(version, of_any, waiting) == TransactionStatusAnswer(has_messages_queued=True)


@pytest.mark.parametrize("version", BOTH_2X)
def test_2x_says_nothing_of_a_cost_that_it_shows(version: OcppVersion) -> None:
    """I02.FR.02: the response has no fields, so that it came is all there is to know."""
    assert written(version, CostUpdated("tx-1", 1), CommandAnswer()) == {}
    assert understood(version, CostUpdated("tx-1", 1), {}).is_accepted


@pytest.mark.parametrize(("version", "none_at_all"), [(V16, -1), (V201, 0), (V21, 0)])
def test_the_version_of_a_list(version: OcppVersion, none_at_all: int) -> None:
    """1.6 §6.28 says -1 where there is none; 2.x D03 has no word for that."""
    name = "listVersion" if version is V16 else "versionNumber"
    for number, on_wire in ((3, 3), (NO_LIST, none_at_all)):
        answer = ListVersionAnswer(local_list_version=number)
        assert written(version, GetLocalListVersion(), answer) == {name: on_wire}


@pytest.mark.parametrize("version", BOTH_2X)
def test_a_remote_start_names_the_transaction_that_had_begun(version: OcppVersion) -> None:
    """F01.FR.13: where there is one."""
    command = RemoteStart(IdToken("A"), 5)
    for answer, wire in (
        (RemoteStartAnswer(transaction_id="T1"), {"status": "Accepted", "transactionId": "T1"}),
        (RemoteStartAnswer("Rejected"), {"status": "Rejected"}),
    ):
        assert written(version, command, answer) == wire
        assert understood(version, command, wire) == answer


PERIODS = (ChargingPeriod(start_s=0, limit=10.0, phases=3), ChargingPeriod(start_s=600, limit=16.0))
PERIODS_ON_WIRE = [
    {"startPeriod": 0, "limit": 10.0, "numberPhases": 3},
    {"startPeriod": 600, "limit": 16.0},
]


@pytest.mark.parametrize("version", OcppVersion)
def test_a_composite_schedule(version: OcppVersion) -> None:
    """1.6 §6.22, 2.x K08: where there is one."""
    schedule = CompositeSchedule(evse_id=1, unit="A", periods=PERIODS, starts_at=NOON, duration_s=900)
    answer = CompositeScheduleAnswer("Accepted", schedule=schedule)
    common = {"chargingRateUnit": "A", "duration": 900, "chargingSchedulePeriod": PERIODS_ON_WIRE}
    of_2x = common | {"evseId": 1, "scheduleStart": WIRE_NOON}
    wire: dict[str, Any] = {"status": "Accepted", "schedule": of_2x}
    if version is V16:
        wire = {
            "status": "Accepted",
            "connectorId": 1,
            "scheduleStart": WIRE_NOON,
            "chargingSchedule": common,
        }
    command = GetCompositeSchedule(1, 900, "A")
    assert written(version, command, answer) == wire
    assert understood(version, command, wire) == answer
    refused = CompositeScheduleAnswer("Rejected")
    assert written(version, command, refused) == {"status": "Rejected"}
    assert understood(version, command, {"status": "Rejected"}) == refused


@pytest.mark.parametrize("version", OcppVersion)
def test_a_vendors_answer_is_text(version: OcppVersion) -> None:
    """In 2.x any JSON value as text; with the reason that 2.x has."""
    full = {"status": "Accepted", "data": "text"}
    assert written(version, TRANSFER, TransferAnswer(text="text")) == full
    assert understood(version, TRANSFER, full) == TransferAnswer(text="text")
    assert written(version, TRANSFER, TransferAnswer("UnknownVendorId")) == {"status": "UnknownVendorId"}
    if version is not V16:
        why = {"status": "Rejected", "statusInfo": {"reasonCode": "NoSpace"}, "data": {"a": [1]}}
        assert understood(version, TRANSFER, why) == TransferAnswer("Rejected", "NoSpace", None, '{"a":[1]}')


SAID: list[tuple[OcppVersion, str, dict[str, Any], StationMessage, list[str]]] = [
    (
        V16,
        "DataTransfer",
        {"vendorId": "acme", "messageId": "m", "data": "text"},
        DataTransfer("acme", "m", "text"),
        [],
    ),
    (V16, "DiagnosticsStatusNotification", {"status": "Uploading"}, LogStatusNotification("Uploading"), []),
    (
        V16,
        "SignedFirmwareStatusNotification",
        {"status": "Installed", "requestId": 7},
        FirmwareStatusNotification("Installed", 7),
        [],
    ),
    *(
        (
            version,
            "FirmwareStatusNotification",
            {"status": "Installed", "requestId": 7},
            FirmwareStatusNotification("Installed", 7),
            [],
        )
        for version in BOTH_2X
    ),
    *(
        (version, "DataTransfer", {"vendorId": "acme", "data": data}, DataTransfer("acme", None, text), [])
        for version in BOTH_2X
        for data, text in ((["a", 1], '["a",1]'), ("text", "text"))
    ),
    *(
        (
            version,
            "ReservationStatusUpdate",
            {"reservationId": 7, "reservationUpdateStatus": word},
            ReservationStatusUpdate(7, end),
            [],
        )
        for version in BOTH_2X
        for word, end in (("Expired", ReservationEnd.EXPIRED), ("Gone", ReservationEnd.REMOVED))
    ),
    *(
        (
            version,
            "StatusNotification",
            {"timestamp": WIRE_NOON, "connectorStatus": "Broken", "evseId": 1, "connectorId": 1},
            StatusNotification(1, 1, ConnectorStatus.UNAVAILABLE, "Broken", NOON),
            ["unknown-connector-status"],
        )
        for version in BOTH_2X
    ),
]


@pytest.mark.parametrize(("version", "action", "payload", "message", "found"), SAID)
def test_what_a_station_says(
    version: OcppVersion, action: str, payload: dict[str, Any], message: StationMessage, found: list[str]
) -> None:
    """A word that no version has is the nearest that loses nothing, and noted where somebody may mind."""
    assert read(version, action, payload) == (message, found)


@pytest.mark.parametrize("version", BOTH_2X)
def test_an_event_that_is_neither_start_nor_end_is_an_update(version: OcppVersion) -> None:
    """Its energy counts; whose number it goes by is told by its sequence number."""
    payload = {
        "eventType": "Paused",
        "timestamp": WIRE_NOON,
        "triggerReason": "Trigger",
        "seqNo": 1,
        "transactionInfo": {"transactionId": "T1"},
    }
    event, found = read(version, "TransactionEvent", payload)
    assert isinstance(event, TransactionEvent)
    assert (event.kind, found) == (TransactionEventKind.UPDATED, ["unknown-event-type"])
    assert not event.has_number_of_ours
    plain = translation_for(version).reply_payload("TransactionEvent", TransactionEventResponse("T1"))
    assert plain == {}


def test_a_transaction_of_16_goes_by_a_number_of_ours() -> None:
    """It has no sequence."""
    payload = {"connectorId": 1, "idTag": "A", "meterStart": 1000, "timestamp": WIRE_NOON}
    event, _ = read(V16, "StartTransaction", payload)
    assert isinstance(event, TransactionEvent)
    assert event.has_number_of_ours


@pytest.mark.parametrize(
    ("sampled", "expected", "found"),
    [
        ({"value": "1.7 kWh"}, (1700.0, "Wh"), ["odd-number"]),
        ({"value": "1.7kwh", "unit": "kWh"}, (1700.0, "Wh"), ["odd-number"]),
        ({"value": "1700.5", "unit": "Wh"}, (1700.5, "Wh"), []),
        ({"value": "1700 Wh", "unit": "kWh"}, None, ["sampled-value-not-a-number"]),
        ({"value": "17 parrots"}, None, ["sampled-value-not-a-number"]),
        ({"value": "1e308", "unit": "kWh"}, None, ["sampled-value-not-a-number"]),
    ],
)
def test_a_value_of_16_is_text_and_may_hold_its_unit(
    sampled: dict[str, str], expected: tuple[float, str] | None, found: list[str]
) -> None:
    """One that names two units, one that nobody knows, or that is beyond all bounds, is none."""
    payload = {"connectorId": 1, "meterValue": [{"timestamp": WIRE_NOON, "sampledValue": [sampled]}]}
    values, findings = read(V16, "MeterValues", payload)
    assert isinstance(values, MeterValues)
    assert [(each.value, each.unit) for each in values.samples] == ([] if expected is None else [expected])
    assert findings == found


def test_a_station_of_16_writes_its_meter_values() -> None:
    """§6.31: with the number of their transaction, where they are of one."""
    sample = MeterSample(ENERGY_REGISTER, 1500.0, "Wh", NOON, location="Outlet", context="Sample.Periodic")
    on_wire = {
        "value": "1500",
        "measurand": ENERGY_REGISTER,
        "unit": "Wh",
        "location": "Outlet",
        "context": "Sample.Periodic",
    }
    payload = {"connectorId": 2, "meterValue": [{"timestamp": WIRE_NOON, "sampledValue": [on_wire]}]}
    for transaction_id, more in (("7", {"transactionId": 7}), (None, {})):
        call = translation_for(V16).request(MeterValues(2, transaction_id, (sample,)))
        assert call is not None
        assert (call.action, call.payload) == ("MeterValues", payload | more)


@pytest.mark.parametrize("version", BOTH_2X)
def test_a_variable_that_can_only_be_written_is_reported_without_its_value(version: OcppVersion) -> None:
    """B07: a password, as a rule."""
    password = ReportedVariable(VariableRef("SecurityCtrlr", "BasicAuthPassword"), None, is_write_only=True)
    call = translation_for(version).request(NotifyReport(7, 0, True, (password,), NOON))
    assert call is not None
    (reported,) = call.payload["reportData"]
    assert reported["variableAttribute"] == [{"mutability": "WriteOnly", "persistent": False}]
    message, _ = read(version, call.action, call.payload)
    assert isinstance(message, NotifyReport)
    assert message.variables == (password,)
