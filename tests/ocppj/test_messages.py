"""Requests of each version become the same events, and replies become valid responses."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.model.authorization import AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse, HeartbeatResponse
from ocppj.model.data_transfer import DataTransferResponse
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.model.variables import NotifyReport, ReportedAttribute, ReportedVariable
from ocppj.translation import Translation, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenInfo,
    MeterSample,
    RegistrationStatus,
    TransactionEventKind,
    VariableRef,
)

V16, V201, V21 = map(translation_for, OcppVersion)


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WIRE_NOON = "2026-11-24T12:00:00.000Z"
ALL = (V16, V201, V21)
BOTH_2X = ALL[1:]
RECORDED = Path(__file__).parents[1] / "data" / "recorded_frames.jsonl"


def read(
    translation: Translation, action: str, payload: dict[str, Any]
) -> tuple[StationMessage | None, list[str]]:
    """The event and the findings of a request."""
    decoded = codec_for(translation.version).decode_request(action, json.dumps(payload).encode())
    findings = [finding.slug for finding in decoded.findings]
    return translation.message(action, decoded.message, findings), findings


def written(translation: Translation, action: str, reply: Reply) -> Any:
    """The response as JSON values; the codec refuses one that breaks its schema."""
    return json.loads(
        codec_for(translation.version).encode_response(action, translation.reply_payload(action, reply))
    )


def test_boot_16() -> None:
    """1.6 knows the meter, but no reason."""
    payload = {
        "chargePointVendor": "V",
        "chargePointModel": "M",
        "chargeBoxSerialNumber": "S",
        "meterType": "T",
    }
    event, _ = read(V16, "BootNotification", payload)
    assert event == BootNotification("V", "M", serial_number="S", meter_type="T")


@pytest.mark.parametrize("translation", BOTH_2X)
def test_boot_2x(translation: Translation) -> None:
    """2.x knows the reason; an invented one is unknown, and a finding."""
    station = {"vendorName": "V", "model": "M", "serialNumber": "S", "modem": {"iccid": "1", "imsi": "2"}}
    event, _ = read(translation, "BootNotification", {"chargingStation": station, "reason": "PowerUp"})
    assert event == BootNotification(
        "V", "M", serial_number="S", iccid="1", imsi="2", reason=BootReason.POWER_UP
    )
    event, findings = read(translation, "BootNotification", {"chargingStation": station, "reason": "Moon"})
    assert isinstance(event, BootNotification)
    assert event.reason is BootReason.UNKNOWN
    assert findings == ["unknown-value"]


def test_status_16() -> None:
    """Connector 2 is EVSE 2, connector 1; the word of 1.6 is kept."""
    payload = {"connectorId": 2, "errorCode": "NoError", "status": "SuspendedEV", "timestamp": WIRE_NOON}
    event, _ = read(V16, "StatusNotification", payload)
    assert event == StatusNotification(
        2,
        1,
        ConnectorStatus.OCCUPIED,
        "SuspendedEV",
        NOON,
        "NoError",
        charging_state=ChargingState.SUSPENDED_EV,
        has_charging_state=True,
    )


def test_an_unknown_status_is_kept_and_found() -> None:
    """Never a connector that looks free because of a word we do not know."""
    payload = {"connectorId": 1, "errorCode": "NoError", "status": "Sleeping"}
    event, findings = read(V16, "StatusNotification", payload)
    assert isinstance(event, StatusNotification)
    assert (event.status, event.reported) == (ConnectorStatus.UNAVAILABLE, "Sleeping")
    assert "unknown-connector-status" in findings


@pytest.mark.parametrize("translation", BOTH_2X)
def test_status_2x(translation: Translation) -> None:
    """EVSE and connector as they are."""
    payload = {"evseId": 1, "connectorId": 2, "connectorStatus": "Occupied", "timestamp": WIRE_NOON}
    event, _ = read(translation, "StatusNotification", payload)
    assert event == StatusNotification(1, 2, ConnectorStatus.OCCUPIED, "Occupied", NOON)


def test_start_and_stop_16() -> None:
    """The start has no number yet; the stop's samples and register come along."""
    start = {"connectorId": 1, "idTag": "A1", "meterStart": 100, "timestamp": WIRE_NOON}
    event, _ = read(V16, "StartTransaction", start)
    assert event == TransactionEvent(
        TransactionEventKind.STARTED, None, NOON, 1, 1, id_token=IdToken("A1"), meter_wh=100.0
    )
    values = [{"timestamp": WIRE_NOON, "sampledValue": [{"value": "1.5", "unit": "kWh"}]}]
    stop = {
        "transactionId": 7,
        "meterStop": 1600,
        "timestamp": WIRE_NOON,
        "reason": "HardReset",
        "transactionData": values,
    }
    event, _ = read(V16, "StopTransaction", stop)
    assert event == TransactionEvent(
        TransactionEventKind.ENDED,
        "7",
        NOON,
        meter_wh=1600.0,
        samples=(MeterSample("Energy.Active.Import.Register", 1500.0, "Wh", NOON),),
        stopped_reason="ImmediateReset",
    )


@pytest.mark.parametrize("translation", BOTH_2X)
def test_transaction_event(translation: Translation) -> None:
    """Everything that the standard says of it, except a power of ten that we work out."""
    sampled = {"value": 1.5, "unitOfMeasure": {"unit": "Wh", "multiplier": 3}, "context": "Transaction.End"}
    payload = {
        "eventType": "Ended",
        "timestamp": WIRE_NOON,
        "triggerReason": "EVDeparted",
        "seqNo": 3,
        "offline": True,
        "transactionInfo": {
            "transactionId": "T",
            "chargingState": "Idle",
            "stoppedReason": "EVDisconnected",
            "remoteStartId": 9,
        },
        "evse": {"id": 2, "connectorId": 1},
        "idToken": {"idToken": "A1", "type": "ISO14443"},
        "meterValue": [{"timestamp": WIRE_NOON, "sampledValue": [sampled]}],
    }
    event, findings = read(translation, "TransactionEvent", payload)
    assert findings == []
    sample = MeterSample("Energy.Active.Import.Register", 1500.0, "Wh", NOON, context="Transaction.End")
    assert event == TransactionEvent(
        kind=TransactionEventKind.ENDED,
        transaction_id="T",
        at=NOON,
        evse_id=2,
        connector_id=1,
        seq_no=3,
        is_sequenced=True,
        trigger_reason="EVDeparted",
        charging_state=ChargingState.IDLE,
        id_token=IdToken("A1"),
        samples=(sample,),
        stopped_reason="EVDisconnected",
        is_offline=True,
        remote_start_id=9,
    )


def test_meter_values_that_cannot_be_read_are_found_not_refused() -> None:
    """Zero is no transaction (quirk 35); text and signed values are left out, with findings."""
    values = [
        {"value": "12", "measurand": "Power.Active.Import", "unit": "kW"},
        {"value": "many"},
        {"value": "OCMF|", "format": "SignedData"},
        {"value": "NaN"},
    ]
    payload = {
        "connectorId": 1,
        "transactionId": 0,
        "meterValue": [{"timestamp": "2026-11-24T12:00:00", "sampledValue": values}],
    }
    event, findings = read(V16, "MeterValues", payload)
    signed = '{"timestamp":"2026-11-24T12:00:00","sampledValue":{"value":"OCMF|","format":"SignedData"}}'
    power = MeterSample("Power.Active.Import", 12000.0, "W", NOON)
    assert event == MeterValues(1, None, (power,), (signed,))
    assert sorted(set(findings)) == [
        "sampled-value-not-a-number",
        "signed-value-not-read",
        "time-without-zone",
    ]


@pytest.mark.parametrize("translation", BOTH_2X)
def test_reports(translation: Translation) -> None:
    """The Actual attribute counts, and a write-only one has no value to show."""
    entry = {
        "component": {"name": "EVSE", "evse": {"id": 1}},
        "variable": {"name": "Power"},
        "variableAttribute": [{"type": "Target", "value": "1"}, {"value": "2", "mutability": "ReadOnly"}],
        "variableCharacteristics": {
            "unit": "W",
            "dataType": "decimal",
            "maxLimit": 22000.0,
            "supportsMonitoring": False,
        },
    }
    secret = {
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
        "variableAttribute": [{"value": "leaked", "mutability": "WriteOnly"}],
    }
    payload = {
        "requestId": 4,
        "generatedAt": WIRE_NOON,
        "seqNo": 0,
        "tbc": True,
        "reportData": [entry, secret],
    }
    event, _ = read(translation, "NotifyReport", payload)
    power = VariableRef("EVSE", "Power", evse_id=1)
    assert event == NotifyReport(
        4,
        0,
        is_last=False,
        variables=(
            ReportedVariable(
                power,
                "2",
                is_read_only=True,
                unit="W",
                data_type="decimal",
                max_limit=22000.0,
                attributes=(ReportedAttribute("Target", "1"),),
            ),
            ReportedVariable(VariableRef("SecurityCtrlr", "BasicAuthPassword"), None, is_write_only=True),
        ),
        generated_at=NOON,
    )


@pytest.mark.parametrize("translation", ALL)
def test_an_action_without_handler_has_no_event(translation: Translation) -> None:
    """Nothing is invented for it."""
    assert translation.message("SignCertificate", None, []) is None


INFO = IdTokenInfo(AuthorizationStatus.NOT_AT_THIS_TIME, "group", NOON, "Closed")


@pytest.mark.parametrize("translation", ALL)
def test_every_reply_is_a_valid_response(translation: Translation) -> None:
    """In each version the codec takes what the translation writes, for each event that has an answer."""
    actions: dict[str, Reply] = {
        "BootNotification": BootNotificationResponse(RegistrationStatus.PENDING, 30, NOON, "GATE", "wait"),
        "Heartbeat": HeartbeatResponse(NOON),
        "Authorize": AuthorizeResponse(INFO),
        "DataTransfer": DataTransferResponse("UnknownVendorId"),
        "StatusNotification": Acknowledged(),
        "MeterValues": Acknowledged(),
        "FirmwareStatusNotification": Acknowledged(),
    }
    for action, reply in actions.items():
        written(translation, action, reply)
    assert written(translation, "Heartbeat", HeartbeatResponse(NOON)) == {"currentTime": WIRE_NOON}


def test_transaction_replies_16() -> None:
    """The number we handed out, and the nearest word for the verdict."""
    assert written(V16, "StartTransaction", TransactionEventResponse("7", INFO)) == {
        "transactionId": 7,
        "idTagInfo": {"status": "Blocked", "parentIdTag": "group", "expiryDate": WIRE_NOON},
    }
    assert written(V16, "StopTransaction", TransactionEventResponse("7")) == {}


@pytest.mark.parametrize("translation", BOTH_2X)
def test_transaction_replies_2x(translation: Translation) -> None:
    """The cost in the currency's unit, the verdict with its message."""
    reply = TransactionEventResponse("T", INFO, total_cost_micro=12_345_678)
    assert written(translation, "TransactionEvent", reply) == {
        "totalCost": 12.345678,
        "idTokenInfo": {
            "status": "NotAtThisTime",
            "groupIdToken": {"idToken": "group", "type": "Central"},
            "cacheExpiryDateTime": WIRE_NOON,
            "personalMessage": {"format": "UTF8", "content": "Closed"},
        },
    }


def test_every_recorded_request_of_six_stations_is_understood() -> None:
    """Except those whose action has no handler, which are named here."""
    without_handler = set()
    translations = {translation.version.value: translation for translation in ALL}
    count = 0
    for line in RECORDED.read_text().splitlines():
        record = json.loads(line)
        frame = json.loads(record["frame"])
        if record["from"] != "station" or frame[0] != 2:
            continue
        event, _ = read(translations[record["version"]], frame[2], frame[3])
        count += 1
        if event is None:
            without_handler.add(frame[2])
    assert without_handler == {"SignCertificate"}
    assert count > 350
