"""Frames that we did not write, and what they mean: recorded ones of independent systems and, where there is
none, what the specifications say of the message. Each translator has at least one.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command
from ocppj.model.customers import CustomerCertificate, CustomerInformation
from ocppj.model.data_transfer import TransferData
from ocppj.model.diagnostics import GetDiagnostics, GetLog
from ocppj.model.display import ClearDisplayMessage, GetDisplayMessages, SetDisplayMessage
from ocppj.model.firmware import PublishFirmware, SignedUpdateFirmware, UnpublishFirmware, UpdateFirmware
from ocppj.model.local_list import GetLocalListVersion, SendLocalList
from ocppj.model.monitoring import (
    ClearVariableMonitoring,
    GetMonitoringReport,
    MonitorSetting,
    SetBaseMonitoring,
    SetMonitoringLevel,
    SetVariableMonitoring,
)
from ocppj.model.remote_control import RemoteStart, RemoteStop, TriggerMessage, UnlockConnector
from ocppj.model.reservations import CancelReservation, ReserveNow
from ocppj.model.smart_charging import (
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearChargingProfile,
    GetChargingProfiles,
    GetCompositeSchedule,
    ScheduleUpdate,
    SetChargingProfile,
    UpdateDynamicSchedule,
    UsePriorityCharging,
)
from ocppj.model.tariffs import CostUpdated
from ocppj.model.transactions import GetTransactionStatus
from ocppj.model.variables import (
    GetBaseReport,
    GetReport,
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariablePattern,
)
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    Availability,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    LocalListEntry,
    LocalListUpdate,
    ResetKind,
    TriggeredMessage,
    VariableRef,
)
from tests.ocppj.test_recorded_frames import Recorded, recorded

V16, V201, V21 = OcppVersion
UNTIL, UNTIL_AT = "2026-01-05T14:00:00.000Z", datetime(2026, 1, 5, 14, tzinfo=UTC)
HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "n", "issuerKeyHash": "k", "serialNumber": "1"}
CERTIFICATE = CustomerCertificate("SHA256", "n", "k", "1")
TOKEN_2X = {"idToken": "AA12", "type": "ISO14443"}
TIMER = VariableRef("TxCtrlr", "EVConnectionTimeOut")
ON_HEARTBEAT = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
HEARTBEAT = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")

DEFAULT = ChargingProfile(
    profile_id=100,
    purpose="TxDefaultProfile",
    kind="Recurring",
    recurrence="Daily",
    schedules=(
        ChargingSchedule(
            unit="W",
            starts_at=datetime(2013, 1, 1, tzinfo=UTC),
            duration_s=86_400,
            periods=(
                ChargingPeriod(start_s=0, limit=11_000.0, phases=3),
                ChargingPeriod(start_s=28_800, limit=6_000.0, phases=3),
                ChargingPeriod(start_s=72_000, limit=11_000.0, phases=3),
            ),
        ),
    ),
)
"""The example of 1.6 §3.13.7, which is that of 2.1 K §3.7 too."""
DEFAULT_SCHEDULE = {
    "duration": 86_400,
    "startSchedule": "2013-01-01T00:00:00.000Z",
    "chargingRateUnit": "W",
    "chargingSchedulePeriod": [
        {"startPeriod": 0, "limit": 11_000.0, "numberPhases": 3},
        {"startPeriod": 28_800, "limit": 6_000.0, "numberPhases": 3},
        {"startPeriod": 72_000, "limit": 11_000.0, "numberPhases": 3},
    ],
}
OF_A_CHARGE = ChargingProfile(
    profile_id=5,
    purpose="TxProfile",
    kind="Relative",
    stack_level=1,
    schedules=(ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=8.1),)),),
)
OF_A_CHARGE_V16 = {
    "chargingProfileId": 5,
    "stackLevel": 1,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8.1}],
    },
}
OF_A_CHARGE_2X = {
    "id": 5,
    "stackLevel": 1,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": [OF_A_CHARGE_V16["chargingSchedule"] | {"id": 1}],  # type: ignore[operator] # a dict
}

IMAGE, UPLOAD = "https://files.example/acme-2.1.bin", "https://files.example/upload"
SIGNED_IMAGE = {
    "location": IMAGE,
    "retrieveDateTime": UNTIL,
    "installDateTime": UNTIL,
    "signingCertificate": "PEM",
    "signature": "c2ln",
}
LOG: tuple[str, dict[str, Any], Command] = (
    "GetLog",
    {
        "log": {"remoteLocation": UPLOAD, "oldestTimestamp": UNTIL},
        "logType": "SecurityLog",
        "requestId": 6,
        "retries": 3,
        "retryInterval": 60,
    },
    GetLog(
        request_id=6,
        log_type="SecurityLog",
        location=UPLOAD,
        oldest_at=UNTIL_AT,
        retries=3,
        retry_interval_s=60,
    ),
)
CHECKSUM = "0cc175b9c0f1b6a831c399e269772661"

WRITTEN_V16: list[tuple[str, dict[str, Any], Command]] = [
    ("Reset", {"type": "Soft"}, Reset(ResetKind.ON_IDLE)),  # §6.37, §7.35
    ("Reset", {"type": "Hard"}, Reset(ResetKind.IMMEDIATE)),
    # §5.2, §6.9: connectorId 0 is the whole charge point
    (
        "ChangeAvailability",
        {"connectorId": 0, "type": "Inoperative"},
        ChangeAvailability(Availability.INOPERATIVE),
    ),
    (
        "ChangeAvailability",
        {"connectorId": 2, "type": "Operative"},
        ChangeAvailability(Availability.OPERATIVE, 2),
    ),
    # §5.3, §6.11, §9.1.5
    (
        "ChangeConfiguration",
        {"key": "ConnectionTimeOut", "value": "60"},
        SetVariables((VariableAssignment(TIMER, "60"),)),
    ),
    ("ClearCache", {}, ClearCache()),  # §5.4, §6.13
    # §5.6, §6.17
    (
        "DataTransfer",
        {"vendorId": "org.openchargealliance", "messageId": "CostUpdated", "data": "{}"},
        TransferData("org.openchargealliance", "CostUpdated", "{}"),
    ),
    # §5.13, §6.37: connectorId 0 is any; a parent idTag makes it the group's
    (
        "ReserveNow",
        {
            "connectorId": 2,
            "expiryDate": UNTIL,
            "idTag": "AA12",
            "parentIdTag": "FLEET",
            "reservationId": 7,
        },
        ReserveNow(7, IdToken("AA12"), UNTIL_AT, 2, group_id_token=IdToken("FLEET")),
    ),
    (
        "ReserveNow",
        {"connectorId": 0, "expiryDate": UNTIL, "idTag": "AA12", "reservationId": 8},
        ReserveNow(8, IdToken("AA12"), UNTIL_AT),
    ),
    ("CancelReservation", {"reservationId": 7}, CancelReservation(7)),  # §5.1, §6.5
    (
        "SetChargingProfile",  # §5.16, §6.43, §3.13.7
        {
            "connectorId": 0,
            "csChargingProfiles": {
                "chargingProfileId": 100,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Recurring",
                "recurrencyKind": "Daily",
                "chargingSchedule": DEFAULT_SCHEDULE,
            },
        },
        SetChargingProfile(0, DEFAULT),
    ),
    (
        "RemoteStartTransaction",  # §5.11, §6.33
        {"connectorId": 1, "idTag": "AA12", "chargingProfile": OF_A_CHARGE_V16},
        RemoteStart(IdToken("AA12"), None, 1, OF_A_CHARGE),
    ),
    # §5.5, §6.13 with errata 3.25
    ("ClearChargingProfile", {}, ClearChargingProfile()),
    (
        "ClearChargingProfile",
        {"connectorId": 0, "chargingProfilePurpose": "ChargePointMaxProfile", "stackLevel": 2},
        ClearChargingProfile(None, 0, "ChargingStationMaxProfile", 2),
    ),
    (
        "GetCompositeSchedule",  # §5.7, §6.21
        {"connectorId": 1, "duration": 300, "chargingRateUnit": "A"},
        GetCompositeSchedule(1, 300, "A"),
    ),
    (
        "UpdateFirmware",  # §5.19, §6.57
        {"location": IMAGE, "retrieveDate": UNTIL, "retries": 2, "retryInterval": 30},
        UpdateFirmware(location=IMAGE, retrieve_at=UNTIL_AT, retries=2, retry_interval_s=30),
    ),
    (
        "SignedUpdateFirmware",  # white paper §5.19
        {"requestId": 5, "firmware": SIGNED_IMAGE},
        SignedUpdateFirmware(
            request_id=5,
            location=IMAGE,
            retrieve_at=UNTIL_AT,
            install_at=UNTIL_AT,
            signing_certificate="PEM",
            signature="c2ln",
        ),
    ),
    (
        "GetDiagnostics",  # §5.9, §6.23
        {"location": UPLOAD, "startTime": UNTIL, "stopTime": UNTIL, "retries": 1, "retryInterval": 5},
        GetDiagnostics(
            location=UPLOAD, oldest_at=UNTIL_AT, latest_at=UNTIL_AT, retries=1, retry_interval_s=5
        ),
    ),
    LOG,  # white paper §5.12
]
WRITTEN_2X: list[tuple[str, dict[str, Any], Command]] = [
    ("Reset", {"type": "OnIdle", "evseId": 1}, Reset(ResetKind.ON_IDLE, 1)),  # B12
    ("ClearCache", {}, ClearCache()),  # C11.FR.01
    ("UnlockConnector", {"evseId": 1, "connectorId": 2}, UnlockConnector(1, 2)),  # F05
    (
        "ChangeAvailability",  # G03: the whole station has no evse
        {"operationalStatus": "Inoperative"},
        ChangeAvailability(Availability.INOPERATIVE),
    ),
    (
        "ChangeAvailability",
        {"operationalStatus": "Operative", "evse": {"id": 1, "connectorId": 1}},
        ChangeAvailability(Availability.OPERATIVE, 1, 1),
    ),
    ("TriggerMessage", {"requestedMessage": "Heartbeat"}, TriggerMessage(TriggeredMessage.HEARTBEAT)),  # F06
    (
        "RequestStartTransaction",  # F01, F02
        {"idToken": TOKEN_2X, "remoteStartId": 7, "evseId": 1},
        RemoteStart(IdToken("AA12"), 7, 1),
    ),
    ("RequestStopTransaction", {"transactionId": "tx-1"}, RemoteStop("tx-1")),  # F03
    (
        "GetVariables",  # B06
        {"getVariableData": [{**ON_HEARTBEAT, "attributeType": "Target"}]},
        GetVariables((HEARTBEAT,), ("Target",)),
    ),
    (
        "SetVariables",  # B05
        {"setVariableData": [{**ON_HEARTBEAT, "attributeValue": "60"}]},
        SetVariables((VariableAssignment(HEARTBEAT, "60"),)),
    ),
    ("GetBaseReport", {"requestId": 3, "reportBase": "FullInventory"}, GetBaseReport(3)),  # B07
    ("GetTransactionStatus", {"transactionId": "tx-1"}, GetTransactionStatus("tx-1")),  # E14
    ("GetTransactionStatus", {}, GetTransactionStatus()),
    ("CostUpdated", {"totalCost": 3.25, "transactionId": "tx-1"}, CostUpdated("tx-1", 3_250_000)),  # I02
    (
        "SetDisplayMessage",  # O01, O02
        {
            "message": {
                "id": 4,
                "priority": "InFront",
                "state": "Idle",
                "startDateTime": "2026-01-05T12:00:00.000Z",
                "endDateTime": "2026-01-06T12:00:00.000Z",
                "transactionId": "tx-1",
                "message": {"format": "UTF8", "language": "fr-CA", "content": "Bonjour"},
            }
        },
        SetDisplayMessage(
            message_id=4,
            text="Bonjour",
            priority="InFront",
            state="Idle",
            starts_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
            ends_at=datetime(2026, 1, 6, 12, tzinfo=UTC),
            transaction_id="tx-1",
            language="fr-CA",
        ),
    ),
    ("GetDisplayMessages", {"requestId": 5}, GetDisplayMessages(5)),  # O03
    (
        "GetDisplayMessages",  # O04
        {"requestId": 5, "id": [1, 2], "priority": "AlwaysFront", "state": "Charging"},
        GetDisplayMessages(5, (1, 2), "AlwaysFront", "Charging"),
    ),
    ("ClearDisplayMessage", {"id": 4}, ClearDisplayMessage(4)),  # O05
    (
        "GetReport",  # B08; B08.FR.20: without a variable all of the component
        {
            "requestId": 4,
            "componentCriteria": ["Problem"],
            "componentVariable": [
                {"component": {"name": "EVSE", "evse": {"id": 1}}},
                {"component": {"name": "TxCtrlr"}, "variable": {"name": "X", "instance": "i"}},
            ],
        },
        GetReport(
            4,
            ("Problem",),
            (VariablePattern("EVSE", evse_id=1), VariablePattern("TxCtrlr", "X", variable_instance="i")),
        ),
    ),
    (
        "SetVariableMonitoring",  # N04
        {
            "setMonitoringData": [
                ON_HEARTBEAT | {"type": "Delta", "value": 10.0, "severity": 8},
                ON_HEARTBEAT
                | {"type": "UpperThreshold", "value": 9.5, "severity": 0, "id": 4, "transaction": True},
            ]
        },
        SetVariableMonitoring(
            (
                MonitorSetting(HEARTBEAT, "Delta", 10.0),
                MonitorSetting(HEARTBEAT, "UpperThreshold", 9.5, 0, 4, in_transaction=True),
            )
        ),
    ),
    ("ClearVariableMonitoring", {"id": [4, 5]}, ClearVariableMonitoring((4, 5))),  # N06
    ("SetMonitoringBase", {"monitoringBase": "HardWiredOnly"}, SetBaseMonitoring("HardWiredOnly")),  # N03
    ("SetMonitoringLevel", {"severity": 4}, SetMonitoringLevel(4)),  # N05
    ("GetMonitoringReport", {"requestId": 7}, GetMonitoringReport(7)),  # N02.FR.11
    (
        "GetMonitoringReport",
        {
            "requestId": 7,
            "monitoringCriteria": ["DeltaMonitoring"],
            "componentVariable": [{"component": {"name": "EVSE", "evse": {"id": 1}}}],
        },
        GetMonitoringReport(7, ("DeltaMonitoring",), (VariablePattern("EVSE", evse_id=1),)),
    ),
    (
        "CustomerInformation",  # N09
        {"requestId": 7, "report": True, "clear": False, "idToken": TOKEN_2X},
        CustomerInformation(request_id=7, id_token=IdToken("AA12")),
    ),
    (
        "CustomerInformation",  # N10
        {
            "requestId": 7,
            "report": False,
            "clear": True,
            "customerCertificate": HASHES,
        },
        CustomerInformation(request_id=7, report=False, clear=True, certificate=CERTIFICATE),
    ),
    ("GetLocalListVersion", {}, GetLocalListVersion()),  # D02
    (
        "SendLocalList",  # D01; D01.FR.06: an entry without idTokenInfo is taken off
        {
            "versionNumber": 4,
            "updateType": "Differential",
            "localAuthorizationList": [
                {"idToken": TOKEN_2X, "idTokenInfo": {"status": "Blocked"}},
                {"idToken": {"idToken": "BB", "type": "eMAID"}},
            ],
        },
        SendLocalList(
            4,
            LocalListUpdate.DIFFERENTIAL,
            (
                LocalListEntry(IdToken("AA12"), IdTokenInfo(AuthorizationStatus.BLOCKED)),
                LocalListEntry(IdToken("BB", IdTokenType.EMAID), None),
            ),
        ),
    ),
    (
        "SetChargingProfile",  # K01, K §3.7
        {
            "evseId": 0,
            "chargingProfile": {
                "id": 100,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Recurring",
                "recurrencyKind": "Daily",
                "chargingSchedule": [DEFAULT_SCHEDULE | {"id": 1}],
            },
        },
        SetChargingProfile(0, DEFAULT),
    ),
    (
        "RequestStartTransaction",  # K05
        {"idToken": TOKEN_2X, "remoteStartId": 7, "chargingProfile": OF_A_CHARGE_2X},
        RemoteStart(IdToken("AA12"), 7, charging_profile=OF_A_CHARGE),
    ),
    (
        "ClearChargingProfile",  # K10
        {"chargingProfileId": 5},
        ClearChargingProfile(5),
    ),
    (
        "ClearChargingProfile",
        {"chargingProfileCriteria": {"evseId": 0, "chargingProfilePurpose": "TxDefaultProfile"}},
        ClearChargingProfile(None, 0, "TxDefaultProfile"),
    ),
    (
        "GetChargingProfiles",  # K09.FR.03: some condition there is
        {"requestId": 9, "chargingProfile": {"chargingLimitSource": ["CSO", "EMS", "SO", "Other"]}},
        GetChargingProfiles(9),
    ),
    (
        "GetChargingProfiles",
        {"requestId": 9, "evseId": 1, "chargingProfile": {"chargingProfileId": [5, 6]}},
        GetChargingProfiles(9, 1, (5, 6)),
    ),
    ("GetCompositeSchedule", {"duration": 300, "evseId": 0}, GetCompositeSchedule(0, 300)),  # K08
    # P01, P02
    (
        "DataTransfer",
        {"vendorId": "com.acme", "messageId": "m", "data": "x"},
        TransferData("com.acme", "m", "x"),
    ),
    # H01, 1.42.1: without evseId any EVSE, or any with a connector of the type
    (
        "ReserveNow",
        {
            "id": 7,
            "expiryDateTime": UNTIL,
            "idToken": TOKEN_2X,
            "evseId": 1,
            "groupIdToken": {"idToken": "FLEET", "type": "Central"},
        },
        ReserveNow(7, IdToken("AA12"), UNTIL_AT, 1, group_id_token=IdToken("FLEET", IdTokenType.CENTRAL)),
    ),
    (
        "ReserveNow",
        {"id": 8, "expiryDateTime": UNTIL, "connectorType": "cCCS2", "idToken": TOKEN_2X},
        ReserveNow(8, IdToken("AA12"), UNTIL_AT, connector_type="cCCS2"),
    ),
    ("CancelReservation", {"reservationId": 7}, CancelReservation(7)),  # H02
    (
        "UpdateFirmware",  # L01
        {"requestId": 5, "retries": 2, "retryInterval": 30, "firmware": SIGNED_IMAGE},
        UpdateFirmware(
            request_id=5,
            location=IMAGE,
            retrieve_at=UNTIL_AT,
            install_at=UNTIL_AT,
            signing_certificate="PEM",
            signature="c2ln",
            retries=2,
            retry_interval_s=30,
        ),
    ),
    (
        "UpdateFirmware",  # L02
        {"requestId": 5, "firmware": {"location": IMAGE, "retrieveDateTime": UNTIL}},
        UpdateFirmware(request_id=5, location=IMAGE, retrieve_at=UNTIL_AT),
    ),
    (
        "PublishFirmware",  # L03
        {"requestId": 5, "location": IMAGE, "checksum": CHECKSUM, "retries": 2, "retryInterval": 30},
        PublishFirmware(request_id=5, location=IMAGE, checksum=CHECKSUM, retries=2, retry_interval_s=30),
    ),
    ("UnpublishFirmware", {"checksum": CHECKSUM}, UnpublishFirmware(checksum=CHECKSUM)),  # L04
    LOG,  # N01
]
WRITTEN = [
    *((V16, *each) for each in WRITTEN_V16),
    *((version, *each) for version in (V201, V21) for each in WRITTEN_2X),
    (
        V21,
        "UsePriorityCharging",  # K21
        {"transactionId": "tx-1", "activate": True},
        UsePriorityCharging("tx-1"),
    ),
    (
        V21,
        "UpdateDynamicSchedule",  # K28
        {
            "chargingProfileId": 5,
            "scheduleUpdate": {"limit": 7.5, "limit_L2": 6.0, "setpointReactive_L3": 1.0},
        },
        UpdateDynamicSchedule(5, ScheduleUpdate(limit=7.5, limit_l2=6.0, setpoint_reactive_l3=1.0)),
    ),
]


def read(version: OcppVersion, action: str, payload: Any) -> Command | None:
    """As a station reads it."""
    request = codec_for(version).decode_request(action, json.dumps(payload).encode(), lenient=False).message
    return translation_for(version).command(action, request)


def asked() -> Iterator[tuple[Recorded, Any]]:
    """The recorded commands and their payloads."""
    for frame in recorded():
        kind, _, *rest = json.loads(frame.text)
        if kind == 2 and frame.sender == "csms" and translation_for(frame.version).has_command(rest[0]):
            yield frame, rest[1]


@pytest.mark.parametrize(("version", "action", "payload", "command"), WRITTEN)
def test_what_the_specification_says(
    version: OcppVersion, action: str, payload: dict[str, Any], command: Command
) -> None:
    """It is read as meant, and written like that."""
    assert read(version, action, payload) == command
    [call] = translation_for(version).calls(command)
    assert (call.action, call.payload) == (action, payload)


def test_recorded_commands_are_read_and_written_again_as_they_were() -> None:
    """Nothing of what another central system says is lost."""
    count = 0
    for frame, payload in asked():
        action = str(frame.action)
        command = read(frame.version, action, payload)
        assert command is not None
        [call] = translation_for(frame.version).calls(command)
        assert (call.action, call.payload) == (action, payload)
        count += 1
    assert count > 25


def test_recorded_answers_are_read() -> None:
    """As the answer of their command, in the station's own words."""
    asked_before: dict[tuple[str, str], Command] = {}
    statuses = []
    for frame in recorded():
        kind, message_id, *rest = json.loads(frame.text)
        key = frame.station, message_id
        if kind == 2 and frame.sender == "csms" and translation_for(frame.version).has_command(rest[0]):
            command = read(frame.version, rest[0], rest[1])
            assert command is not None
            asked_before[key] = command
        elif kind == 3 and frame.sender == "station" and key in asked_before:
            text = json.dumps(rest[0]).encode()
            response = codec_for(frame.version).decode_response(str(frame.action), text).message
            answer = translation_for(frame.version).answer(asked_before[key], [response])
            assert isinstance(answer, asked_before[key].answer)
            if "status" in rest[0]:
                assert answer.status == rest[0]["status"]
            statuses.append(answer.status)
    assert len(statuses) > 20


def test_each_translator_has_a_frame() -> None:
    """One that nobody else wrote: a mistake in it would hit both of our ends at once."""
    seen = {(version, translation_for(version).our_command(action).name) for version, action, *_ in WRITTEN}
    seen |= {
        (frame.version, translation_for(frame.version).our_command(str(frame.action)).name)
        for frame, _ in asked()
    }
    lacking = {
        (version.label, name)
        for version in OcppVersion
        for name, command in COMMANDS.items()
        if version in command.versions and (version, name) not in seen
    }
    assert lacking == set()
