"""What messages are as events of a scenario."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ocppj.findings import UNKNOWN_CONNECTOR_STATUS, UNKNOWN_EVENT_TYPE
from ocppj.model.authorization import Authorize, AuthorizeResponse, CertificateStatus
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from ocppj.model.diagnostics import MonitoredEvent, NotifyEvent
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.reports import MessageKept
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.vocabulary import (
    ENERGY_REGISTER,
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
from simulator.scenario.event_readers import events_of, readings

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCEPTED = IdTokenInfo(AuthorizationStatus.ACCEPTED)
REGISTER = MeterSample(ENERGY_REGISTER, 1500.0, "Wh", NOON)
STARTED, UPDATED, ENDED = TransactionEventKind


def told(message: StationMessage, reply: Reply | None = None, *findings: str) -> list[dict[str, Any]]:
    """The events, each with what it says: what was not told is left out."""
    return [
        {"event": event.event} | {key: value for key, value in event.fields.items() if value is not None}
        for event in events_of(message, reply, list(findings))
    ]


def test_a_boot_and_its_answer() -> None:
    """1.6 tells no reason."""
    answer = BootNotificationResponse(RegistrationStatus.PENDING, 30, NOON)
    assert told(BootNotification("V", "M"), answer) == [
        {"event": "boot", "vendor": "V", "model": "M", "registration": "Pending", "interval_s": 30}
    ]
    assert told(BootNotification("V", "M", reason=BootReason.WATCHDOG))[0]["reason"] == "Watchdog"


def test_a_status() -> None:
    """No error is none, and an unknown status stands as it came."""
    free = StatusNotification(1, 1, ConnectorStatus.AVAILABLE, "Available", NOON, "NoError")
    assert told(free) == [
        {"event": "status", "evse": 1, "connector": 1, "status": "Available", "reported": "Available"}
    ]
    odd = StatusNotification(1, 1, ConnectorStatus.UNAVAILABLE, "Sleeping", NOON, "GroundFailure")
    assert told(odd, None, UNKNOWN_CONNECTOR_STATUS)[0]["status"] == "Sleeping"
    assert told(odd)[0]["error"] == "GroundFailure"


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        (IdToken("A1", has_type=False), {}),
        (IdToken("A1", IdTokenType.EMAID), {"id_token_type": "eMAID"}),
        (IdToken("A1", "OurOwn"), {"id_token_type": "OurOwn"}),
    ],
)
def test_a_token_and_its_verdict(token: IdToken, kind: dict[str, str]) -> None:
    """1.6 has no type of tokens."""
    found = told(Authorize(token), AuthorizeResponse(ACCEPTED))
    assert found == [{"event": "authorize", "id_token": "A1", "token_status": "Accepted"} | kind]
    assert "token_status" not in told(Authorize(token))[0]
    refused = told(Authorize(token), AuthorizeResponse(ACCEPTED, CertificateStatus.CERTIFICATE_REVOKED))
    assert refused[0]["certificate_status"] == "CertificateRevoked"


def test_a_transaction_of_1_6() -> None:
    """Its number is in the answer to the start; what it kept for its end comes before the end."""
    start = TransactionEvent(STARTED, None, NOON, 2, 1, id_token=IdToken("A1"), meter_wh=100.0)
    assert told(start, TransactionEventResponse("7", ACCEPTED)) == [
        {
            "event": "transaction started",
            "transaction_id": "7",
            "evse": 2,
            "connector": 1,
            "id_token": "A1",
            "register_wh": 100.0,
            "token_status": "Accepted",
        }
    ]
    assert "transaction_id" not in told(start)[0]
    end = TransactionEvent(ENDED, "7", NOON, meter_wh=1600.0, samples=(REGISTER,), stopped_reason="Local")
    meter, ended = told(end, TransactionEventResponse(""))
    assert (meter["event"], meter["transaction_id"], meter["register_wh"]) == ("meter", "7", 1500.0)
    assert ended == {
        "event": "transaction ended",
        "transaction_id": "7",
        "register_wh": 1600.0,
        "reason": "Local",
    }


def test_a_transaction_of_2_x() -> None:
    """Its register is a sample of it, and comes as an event of its own too."""
    update = TransactionEvent(
        UPDATED,
        "T",
        NOON,
        1,
        1,
        seq_no=4,
        is_sequenced=True,
        trigger_reason="MeterValuePeriodic",
        charging_state=ChargingState.CHARGING,
        samples=(REGISTER,),
        is_offline=True,
    )
    updated, meter = told(update, TransactionEventResponse(""))
    assert updated == {
        "event": "transaction updated",
        "transaction_id": "T",
        "evse": 1,
        "connector": 1,
        "charging_state": "Charging",
        "trigger": "MeterValuePeriodic",
        "seq_no": 4,
        "is_offline": True,
        "register_wh": 1500.0,
    }
    assert (meter["evse"], meter["transaction_id"]) == (1, "T")
    assert told(update, None, UNKNOWN_EVENT_TYPE) == []


def test_a_total_outranks_the_sum_of_the_phases() -> None:
    """And what is measured elsewhere than at the outlet counts for nothing."""
    power = "Power.Active.Import"
    phases = [MeterSample(power, 1000.0, "W", NOON, phase) for phase in ("L1", "L2")]
    assert readings(phases) == {"power_w": 2000.0}
    assert readings([*phases, MeterSample(power, 1900.0, "W", NOON)]) == {"power_w": 1900.0}
    assert readings([MeterSample(power, 1900.0, "W", NOON, location="Inlet")]) == {}


def test_meter_values_without_samples_tell_nothing() -> None:
    """As an empty list does."""
    assert told(MeterValues(1, None, ()), Acknowledged()) == []
    assert told(MeterValues(1, "7", (REGISTER,)))[0]["transaction_id"] == "7"


def test_a_transfer_with_its_answer() -> None:
    """Text and status."""
    found = told(DataTransfer("V", "m", "x"), DataTransferResponse("Accepted"))
    assert found == [
        {"event": "data transfer", "vendor_id": "V", "message_id": "m", "text": "x", "answer": "Accepted"}
    ]


def test_what_is_only_kept_is_no_event() -> None:
    """Its frame can be waited for all the same."""
    assert told(MessageKept(action="NotifyEvent", payload="{}", payload_bytes=2)) == []


def test_a_status_that_is_told_as_an_event_is_a_status() -> None:
    """2.x G01: either will do."""
    where = VariableRef("Connector", "AvailabilityState", evse_id=1, connector_id=2)
    problem = VariableRef("Connector", "Problem", evse_id=1, connector_id=2)
    events = (
        MonitoredEvent(where, "Faulted", tech_code="E7"),
        MonitoredEvent(problem, "false"),
        MonitoredEvent(where, "?"),
    )
    (found,) = told(NotifyEvent(events))
    assert (found["evse"], found["connector"], found["status"], found["error"]) == (1, 2, "Faulted", "E7")
