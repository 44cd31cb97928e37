"""What stations say in each version, and what comes back when it is read again.

Golden frames stand against a mistake that both directions make alike: they are written by hand from the
specifications. What a version has no field for does not come back; everything else does.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ocppj.codec import codec_for
from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse, Heartbeat, HeartbeatResponse
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from ocppj.model.diagnostics import LogStatusNotification, MonitoredEvent, NotifyEvent
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.reservations import ReservationEnd, ReservationStatusUpdate
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.model.variables import NotifyReport, ReportedVariable
from ocppj.translation import WireCall, translation_for
from ocppj.translator import ACKNOWLEDGED
from ocppj.versions import OcppVersion
from ocppj.vocabulary import (
    AuthorizationStatus,
    BootReason,
    ChargingState,
    ConnectorStatus,
    IdToken,
    IdTokenInfo,
    IdTokenType,
    MeterSample,
    RegistrationStatus,
    TransactionEventKind,
    VariableRef,
)

V16, V201, V21 = OcppVersion
BOTH_2X = (V201, V21)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WIRE_NOON = "2026-11-24T12:00:00.000Z"
STARTED, UPDATED, ENDED = TransactionEventKind
SAMPLE = MeterSample("Energy.Active.Import.Register", 1500.0, "Wh", NOON, None, "Outlet", "Sample.Periodic")
START = TransactionEvent(STARTED, None, NOON, 2, 1, id_token=IdToken("A1", has_type=False), meter_wh=1234.6)
EVENT = TransactionEvent(
    kind=ENDED,
    transaction_id="T",
    at=NOON,
    evse_id=2,
    connector_id=1,
    seq_no=3,
    trigger_reason="EVDeparted",
    charging_state=ChargingState.IDLE,
    id_token=IdToken("A1", IdTokenType.KEY_CODE),
    samples=(SAMPLE,),
    stopped_reason="EVDisconnected",
    is_offline=True,
    remote_start_id=9,
    reservation_id=4,
    is_sequenced=True,
    phases_used=3,
)
FAULT = MonitoredEvent(
    VariableRef("Connector", "AvailabilityState", evse_id=1, connector_id=2),
    "Faulted",
    NOON,
    3,
    tech_code="E7",
)
REPORTED = ReportedVariable(
    VariableRef("EVSE", "Power", evse_id=1),
    "2",
    is_read_only=True,
    unit="W",
    data_type="decimal",
    max_limit=22000.0,
    min_limit=0.0,
    is_persistent=True,
)


def written(version: OcppVersion, message: StationMessage) -> WireCall:
    """The request; the strict codec must take it."""
    call = translation_for(version).request(message)
    assert call is not None
    codec_for(version).encode_request(call.action, call.payload)
    return call


def read_again(version: OcppVersion, message: StationMessage) -> StationMessage | None:
    """What the other end makes of it, without a finding."""
    call = written(version, message)
    decoded = codec_for(version).decode_request(call.action, json.dumps(call.payload).encode(), lenient=False)
    findings: list[str] = []
    found = translation_for(version).message(call.action, decoded.message, findings)
    assert findings == []
    return found


def answered_again(version: OcppVersion, action: str, reply: Reply) -> Reply:
    """What the station makes of the answer."""
    payload = translation_for(version).reply_payload(action, reply)
    text = codec_for(version).encode_response(action, payload)
    return translation_for(version).reply(action, codec_for(version).decode_response(action, text).message)


GOLDEN_16: list[tuple[StationMessage, str, dict[str, Any]]] = [
    (Heartbeat(), "Heartbeat", {}),
    (
        BootNotification("V", "M", "S", "1.0", meter_type="T", reason=BootReason.POWER_UP),
        "BootNotification",
        {
            "chargePointVendor": "V",
            "chargePointModel": "M",
            "chargePointSerialNumber": "S",
            "firmwareVersion": "1.0",
            "meterType": "T",
        },
    ),
    (
        StatusNotification(
            2, 1, ConnectorStatus.OCCUPIED, at=NOON, charging_state=ChargingState.SUSPENDED_EV
        ),
        "StatusNotification",
        {"connectorId": 2, "errorCode": "NoError", "status": "SuspendedEV", "timestamp": WIRE_NOON},
    ),
    (
        StatusNotification(1, 1, ConnectorStatus.FAULTED, error_code="Melted"),
        "StatusNotification",
        {"connectorId": 1, "errorCode": "OtherError", "status": "Faulted", "info": "Melted"},
    ),
    (
        StatusNotification(0, 0, ConnectorStatus.UNAVAILABLE),
        "StatusNotification",
        {"connectorId": 0, "errorCode": "NoError", "status": "Unavailable"},
    ),
    (Authorize(IdToken("A1")), "Authorize", {"idTag": "A1"}),
    (
        START,
        "StartTransaction",
        {"connectorId": 2, "idTag": "A1", "meterStart": 1235, "timestamp": WIRE_NOON},
    ),
    (
        replace(START, kind=UPDATED, transaction_id="own name", samples=(SAMPLE,)),
        "MeterValues",
        {
            "connectorId": 2,
            "meterValue": [
                {
                    "timestamp": WIRE_NOON,
                    "sampledValue": [
                        {
                            "value": "1500",
                            "measurand": "Energy.Active.Import.Register",
                            "unit": "Wh",
                            "location": "Outlet",
                            "context": "Sample.Periodic",
                        }
                    ],
                }
            ],
            "transactionId": -1,
        },
    ),
    (
        TransactionEvent(ENDED, "7", NOON, meter_wh=1600.0, stopped_reason="ImmediateReset"),
        "StopTransaction",
        {"meterStop": 1600, "timestamp": WIRE_NOON, "reason": "HardReset", "transactionId": 7},
    ),
    (DataTransfer("V", "m", "x"), "DataTransfer", {"vendorId": "V", "messageId": "m", "data": "x"}),
    (FirmwareStatusNotification("Idle"), "FirmwareStatusNotification", {"status": "Idle"}),
    (
        FirmwareStatusNotification("Installed", 5),
        "SignedFirmwareStatusNotification",
        {"status": "Installed", "requestId": 5},
    ),
    (LogStatusNotification("Idle"), "DiagnosticsStatusNotification", {"status": "Idle"}),
    (
        LogStatusNotification("Uploaded", 5),
        "LogStatusNotification",
        {"status": "Uploaded", "requestId": 5},
    ),
    (
        SecurityEventNotification("StartupOfTheDevice", NOON, "x"),
        "SecurityEventNotification",
        {"type": "StartupOfTheDevice", "timestamp": WIRE_NOON, "techInfo": "x"},
    ),
]
GOLDEN_2X: list[tuple[StationMessage, str, dict[str, Any]]] = [
    (Heartbeat(), "Heartbeat", {}),
    (
        BootNotification("V", "M", "S", iccid="1", reason=BootReason.WATCHDOG),
        "BootNotification",
        {
            "reason": "Watchdog",
            "chargingStation": {
                "vendorName": "V",
                "model": "M",
                "serialNumber": "S",
                "modem": {"iccid": "1"},
            },
        },
    ),
    (
        StatusNotification(1, 2, ConnectorStatus.OCCUPIED, at=NOON, charging_state=ChargingState.CHARGING),
        "StatusNotification",
        {"evseId": 1, "connectorId": 2, "connectorStatus": "Occupied", "timestamp": WIRE_NOON},
    ),
    (
        Authorize(IdToken("A1", IdTokenType.EMAID)),
        "Authorize",
        {"idToken": {"idToken": "A1", "type": "eMAID"}},
    ),
    (
        EVENT,
        "TransactionEvent",
        {
            "eventType": "Ended",
            "timestamp": WIRE_NOON,
            "triggerReason": "EVDeparted",
            "seqNo": 3,
            "transactionInfo": {
                "transactionId": "T",
                "chargingState": "Idle",
                "stoppedReason": "EVDisconnected",
                "remoteStartId": 9,
            },
            "evse": {"id": 2, "connectorId": 1},
            "numberOfPhasesUsed": 3,
            "offline": True,
            "idToken": {"idToken": "A1", "type": "KeyCode"},
            "reservationId": 4,
            "meterValue": [
                {
                    "timestamp": WIRE_NOON,
                    "sampledValue": [
                        {
                            "value": 1500.0,
                            "measurand": "Energy.Active.Import.Register",
                            "unitOfMeasure": {"unit": "Wh"},
                            "location": "Outlet",
                            "context": "Sample.Periodic",
                        }
                    ],
                }
            ],
        },
    ),
    (
        NotifyReport(1, 0, is_last=False, variables=(REPORTED,), generated_at=NOON),
        "NotifyReport",
        {
            "requestId": 1,
            "generatedAt": WIRE_NOON,
            "seqNo": 0,
            "tbc": True,
            "reportData": [
                {
                    "component": {"name": "EVSE", "evse": {"id": 1}},
                    "variable": {"name": "Power"},
                    "variableAttribute": [{"mutability": "ReadOnly", "persistent": True, "value": "2"}],
                    "variableCharacteristics": {
                        "dataType": "decimal",
                        "supportsMonitoring": False,
                        "minLimit": 0.0,
                        "maxLimit": 22000.0,
                        "unit": "W",
                    },
                }
            ],
        },
    ),
    (FirmwareStatusNotification("Idle"), "FirmwareStatusNotification", {"status": "Idle"}),
    (LogStatusNotification("Idle", 4), "LogStatusNotification", {"status": "Idle", "requestId": 4}),
    (
        NotifyEvent((FAULT,), is_last=False, generated_at=NOON),  # G01
        "NotifyEvent",
        {
            "generatedAt": WIRE_NOON,
            "seqNo": 0,
            "tbc": True,
            "eventData": [
                {
                    "eventId": 3,
                    "timestamp": WIRE_NOON,
                    "trigger": "Delta",
                    "actualValue": "Faulted",
                    "eventNotificationType": "HardWiredNotification",
                    "techCode": "E7",
                    "component": {"name": "Connector", "evse": {"id": 1, "connectorId": 2}},
                    "variable": {"name": "AvailabilityState"},
                }
            ],
        },
    ),
    (
        ReservationStatusUpdate(7, ReservationEnd.EXPIRED),  # H04.FR.01
        "ReservationStatusUpdate",
        {"reservationId": 7, "reservationUpdateStatus": "Expired"},
    ),
    (
        ReservationStatusUpdate(7, ReservationEnd.REMOVED),  # H01.FR.16
        "ReservationStatusUpdate",
        {"reservationId": 7, "reservationUpdateStatus": "Removed"},
    ),
]
GOLDEN_21: list[tuple[StationMessage, str, dict[str, Any]]] = [
    (
        ReservationStatusUpdate(7, ReservationEnd.NO_TRANSACTION),  # H03.FR.11
        "ReservationStatusUpdate",
        {"reservationId": 7, "reservationUpdateStatus": "NoTransaction"},
    ),
]


@pytest.mark.parametrize(
    ("version", "message", "action", "payload"),
    [(V16, *row) for row in GOLDEN_16]
    + [(version, *row) for version in BOTH_2X for row in GOLDEN_2X]
    + [(V21, *row) for row in GOLDEN_21],
)
def test_a_message_is_this_frame(
    version: OcppVersion, message: StationMessage, action: str, payload: dict[str, Any]
) -> None:
    """Field by field."""
    assert written(version, message) == WireCall(action, payload)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (V16, replace(START, kind=UPDATED)),  # §4.9: a change of state is told with StatusNotification
        (V16, NotifyReport(1, 0, is_last=True, variables=())),
        (V16, ReservationStatusUpdate(7, ReservationEnd.EXPIRED)),
        (V201, ReservationStatusUpdate(7, ReservationEnd.NO_TRANSACTION)),
        (V201, StatusNotification(0, 0, ConnectorStatus.AVAILABLE)),
        (V21, StatusNotification(0, 0, ConnectorStatus.AVAILABLE)),
    ],
)
def test_what_a_version_tells_otherwise_is_no_request(version: OcppVersion, message: StationMessage) -> None:
    """Nor is it told wrongly."""
    assert translation_for(version).request(message) is None


def test_a_number_is_filled_in_where_there_is_a_place_for_it() -> None:
    """1.6: -1 as long as there is none; 2.x names its transactions itself."""
    waiting = WireCall("StopTransaction", {"transactionId": -1})
    of_16 = translation_for(V16)
    assert of_16.completed(waiting, "42").payload == {"transactionId": 42}
    assert of_16.completed(waiting, None).payload == {"transactionId": -1}
    assert (
        of_16.completed(WireCall("MeterValues", {"transactionId": -1}), "42").payload["transactionId"] == 42
    )
    assert of_16.completed(WireCall("StartTransaction", {}), "42").payload == {}
    event = WireCall("TransactionEvent", {"seqNo": 1})
    assert translation_for(V201).completed(event, "42") == event


# What comes back ------------------------------------------------------------------------------------------

TIMES = st.integers(0, 10**9).map(lambda s: NOON + timedelta(milliseconds=s))
WORDS = st.text("abcXYZ019-", min_size=1, max_size=20)
MAYBE_WORDS = st.none() | WORDS
SMALL = st.integers(1, 50)
TOKENS_2X = st.builds(IdToken, WORDS, st.sampled_from(IdTokenType))
TOKENS_16 = WORDS.map(lambda word: IdToken(word, has_type=False))
SAMPLES = st.builds(
    MeterSample,
    st.just("Power.Active.Import"),
    st.integers(0, 10**6).map(float),
    st.just("W"),
    st.just(NOON),
    st.sampled_from([None, "L1"]),
    st.sampled_from([None, "Outlet"]),
    st.just("Trigger"),
)
SOME_SAMPLES = st.lists(SAMPLES, min_size=1, max_size=3).map(tuple)
INFOS_16 = st.builds(
    IdTokenInfo,
    st.sampled_from(list(AuthorizationStatus)[:5]),
    MAYBE_WORDS,
    st.none() | TIMES,
)
INFOS_2X = st.builds(
    IdTokenInfo, st.sampled_from(AuthorizationStatus), MAYBE_WORDS, st.none() | TIMES, MAYBE_WORDS
)
SHARED = st.one_of(
    st.just(Heartbeat()),
    st.builds(DataTransfer, WORDS, MAYBE_WORDS, MAYBE_WORDS),
    st.builds(SecurityEventNotification, WORDS, TIMES, MAYBE_WORDS),
    st.builds(FirmwareStatusNotification, st.just("Downloading"), st.none() | SMALL),
    st.builds(LogStatusNotification, st.just("Uploading"), st.none() | SMALL),
)
STATUSES_16 = st.sampled_from(
    [
        (ConnectorStatus.AVAILABLE, None, "Available"),
        (ConnectorStatus.OCCUPIED, ChargingState.EV_CONNECTED, "Preparing"),
        (ConnectorStatus.OCCUPIED, ChargingState.CHARGING, "Charging"),
        (ConnectorStatus.OCCUPIED, ChargingState.IDLE, "Finishing"),
        (ConnectorStatus.FAULTED, None, "Faulted"),
    ]
)
FROM_16 = st.one_of(
    SHARED,
    st.builds(BootNotification, WORDS, WORDS, MAYBE_WORDS, MAYBE_WORDS, meter_type=MAYBE_WORDS),
    st.builds(
        lambda evse_id, at, error, info, state: StatusNotification(
            evse_id, 1, state[0], state[2], at, error, info, charging_state=state[1], has_charging_state=True
        ),
        SMALL,
        TIMES,
        st.sampled_from(["NoError", "GroundFailure"]),
        MAYBE_WORDS,
        STATUSES_16,
    ),
    st.builds(Authorize, TOKENS_16),
    st.builds(
        lambda evse_id, token, wh, at, reservation: TransactionEvent(
            STARTED, None, at, evse_id, 1, id_token=token, meter_wh=wh, reservation_id=reservation
        ),
        SMALL,
        TOKENS_16,
        st.integers(0, 10**9).map(float),
        TIMES,
        st.none() | SMALL,
    ),
    st.builds(
        lambda number, token, wh, samples: TransactionEvent(
            ENDED, str(number), NOON, id_token=token, meter_wh=wh, samples=samples, stopped_reason="Local"
        ),
        SMALL,
        st.none() | TOKENS_16,
        st.integers(0, 10**9).map(float),
        st.just(()) | SOME_SAMPLES,
    ),
    st.builds(MeterValues, SMALL, st.none() | SMALL.map(str), SOME_SAMPLES),
)
FROM_2X = st.one_of(
    SHARED,
    st.builds(
        BootNotification,
        WORDS,
        WORDS,
        MAYBE_WORDS,
        MAYBE_WORDS,
        MAYBE_WORDS,
        MAYBE_WORDS,
        reason=st.sampled_from(BootReason),
    ),
    st.sampled_from(ConnectorStatus).map(lambda s: StatusNotification(1, 2, s, s.value, NOON)),
    st.builds(Authorize, TOKENS_2X),
    st.builds(
        TransactionEvent,
        st.sampled_from([STARTED, UPDATED]),
        WORDS,
        TIMES,
        SMALL,
        SMALL,
        SMALL,
        st.just("Authorized"),
        st.none() | st.sampled_from(ChargingState),
        st.none() | TOKENS_2X,
        samples=st.just(()) | SOME_SAMPLES,
        is_offline=st.booleans(),
        remote_start_id=st.none() | SMALL,
        reservation_id=st.none() | SMALL,
        is_sequenced=st.just(True),
        phases_used=st.none() | st.integers(1, 3),
    ),
    st.just(EVENT),
    st.builds(
        ReservationStatusUpdate,
        SMALL,
        st.sampled_from([ReservationEnd.EXPIRED, ReservationEnd.REMOVED]),
    ),
    st.builds(MeterValues, SMALL, st.none(), SOME_SAMPLES),
    st.builds(
        NotifyEvent,
        st.lists(
            st.builds(
                MonitoredEvent,
                st.sampled_from([REPORTED.ref, VariableRef("Connector", "Temperature")]),
                WORDS,
                TIMES,
                SMALL,
                tech_info=MAYBE_WORDS,
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
        SMALL,
        st.booleans(),
        TIMES,
    ),
    st.builds(
        NotifyReport,
        SMALL,
        SMALL,
        st.booleans(),
        st.lists(st.just(REPORTED), max_size=2).map(tuple),
        TIMES,
    ),
)


@given(FROM_16)
def test_what_1_6_says_comes_back(message: StationMessage) -> None:
    """Model → wire → model."""
    assert read_again(V16, message) == message


@pytest.mark.parametrize("version", BOTH_2X)
@given(message=FROM_2X)
def test_what_2_x_says_comes_back(version: OcppVersion, message: StationMessage) -> None:
    """Model → wire → model."""
    assert read_again(version, message) == message


@given(INFOS_16, SMALL, TIMES)
def test_what_1_6_is_answered_comes_back(info: IdTokenInfo, number: int, at: datetime) -> None:
    """Model → wire → model."""
    boot = BootNotificationResponse(RegistrationStatus.PENDING, number, at)
    assert answered_again(V16, "BootNotification", boot) == boot
    assert answered_again(V16, "Heartbeat", HeartbeatResponse(at)) == HeartbeatResponse(at)
    assert answered_again(V16, "Authorize", AuthorizeResponse(info)) == AuthorizeResponse(info)
    start = TransactionEventResponse(str(number), info)
    assert answered_again(V16, "StartTransaction", start) == start
    stop = TransactionEventResponse("", info)
    assert answered_again(V16, "StopTransaction", stop) == stop


@pytest.mark.parametrize("version", BOTH_2X)
@given(info=INFOS_2X, number=SMALL, at=TIMES, cost=st.none() | st.integers(0, 10**9))
def test_what_2_x_is_answered_comes_back(
    version: OcppVersion, info: IdTokenInfo, number: int, at: datetime, cost: int | None
) -> None:
    """Model → wire → model, with the reason and the cost that 1.6 has no field for."""
    boot = BootNotificationResponse(RegistrationStatus.REJECTED, number, at, "GATE", "wait")
    assert answered_again(version, "BootNotification", boot) == boot
    assert answered_again(version, "Authorize", AuthorizeResponse(info)) == AuthorizeResponse(info)
    event = TransactionEventResponse("", info, cost)
    assert answered_again(version, "TransactionEvent", event) == event


@pytest.mark.parametrize("version", [V16, *BOTH_2X])
def test_other_answers(version: OcppVersion) -> None:
    """A transfer has one, a report's says nothing, and a heartbeat's without a time neither."""
    reply = DataTransferResponse("Accepted", "x")
    assert answered_again(version, "DataTransfer", reply) == reply
    assert answered_again(version, "StatusNotification", ACKNOWLEDGED) == ACKNOWLEDGED
    broken = (
        codec_for(version).decode_response("Heartbeat", b'{"currentTime":"2026-11-24T12:00:00Z"}').message
    )
    broken.current_time = "soon"
    assert translation_for(version).reply("Heartbeat", broken) == ACKNOWLEDGED
