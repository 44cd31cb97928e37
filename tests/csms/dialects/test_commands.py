"""Each command is a valid CALL in each version that has it, and answers are read back in neutral words."""

import json
from typing import Any

import pytest

from csms.dialects.dialect import Dialect
from csms.dialects.v16 import V16
from csms.dialects.v201 import V21, V201
from csms.domain.commands import (
    ChangeAvailability,
    Command,
    CommandAnswer,
    GetBaseReport,
    GetLocalListVersion,
    GetVariables,
    RemoteStart,
    RemoteStop,
    Reset,
    SendLocalList,
    SetVariables,
    TransferData,
    TriggerMessage,
    UnlockConnector,
    VariableAssignment,
    VariableResult,
)
from csms.domain.secrets import secrets_in
from ocppj.codec import codec_for
from ocppj.model.authorization import ClearCache
from ocppj.vocabulary import (
    AuthorizationStatus,
    Availability,
    IdToken,
    IdTokenInfo,
    LocalListEntry,
    LocalListUpdate,
    ResetKind,
    TriggeredMessage,
    VariableRef,
)

ALL: tuple[Dialect, ...] = (V16, V201, V21)
BOTH_2X = ALL[1:]

INTERVAL = VariableRef("OCPPCommCtrlr", "HeartbeatInterval")
CURRENCY = VariableRef("TariffCostCtrlr", "Currency")
TAG = IdToken("04A1B2C3")
ENTRY = LocalListEntry(TAG, IdTokenInfo(AuthorizationStatus.ACCEPTED, "group"))

COMMANDS: tuple[Command, ...] = (
    Reset(ResetKind.IMMEDIATE),
    ChangeAvailability(Availability.INOPERATIVE),
    ChangeAvailability(Availability.OPERATIVE, 1, 1),
    UnlockConnector(1),
    TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION, 1, 1),
    TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION),
    GetVariables((INTERVAL,)),
    SetVariables((VariableAssignment(INTERVAL, "60"),)),
    RemoteStart(TAG, 5, 1),
    RemoteStart(TAG, 5),
    RemoteStop("7"),
    SendLocalList(3, LocalListUpdate.FULL, (ENTRY,)),
    SendLocalList(4, LocalListUpdate.DIFFERENTIAL, (LocalListEntry(TAG, None),)),
    SendLocalList(5, LocalListUpdate.FULL),
    GetLocalListVersion(),
    ClearCache(),
    TransferData("acme", "m", "text"),
    TransferData("acme"),
)


def sent(dialect: Dialect, command: Command) -> list[tuple[str, Any]]:
    """(action, payload) of each CALL; the codec refuses one that breaks its schema."""
    codec = codec_for(dialect.version)
    return [
        (call.action, json.loads(codec.encode_request(call.action, call.payload)))
        for call in dialect.calls(command)
    ]


def answered(dialect: Dialect, command: Command, *responses: dict[str, Any]) -> CommandAnswer:
    """What the dialect makes of these responses."""
    codec = codec_for(dialect.version)
    calls = dialect.calls(command)
    assert len(calls) == len(responses)
    decoded = [
        codec.decode_response(call.action, json.dumps(response).encode()).message
        for call, response in zip(calls, responses, strict=True)
    ]
    return dialect.command_answer(command, decoded)


@pytest.mark.parametrize("dialect", ALL)
@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_each_command_is_one_valid_call(dialect: Dialect, command: Command) -> None:
    """In every version, strictly checked."""
    assert dialect.unsupported_reason(command) is None
    assert len(sent(dialect, command)) == 1


def test_what_16_lacks_is_said_before_the_wire() -> None:
    """With a reason for people."""
    assert "GetBaseReport" in (V16.unsupported_reason(GetBaseReport(1)) or "")
    assert "EVSE" in (V16.unsupported_reason(Reset(evse_id=1)) or "")
    assert "TransactionEvent" in (
        V16.unsupported_reason(TriggerMessage(TriggeredMessage.TRANSACTION_EVENT)) or ""
    )
    assert "number" in (V16.unsupported_reason(RemoteStop("abc")) or "")
    assert "empty list" in (V16.unsupported_reason(SendLocalList(0, LocalListUpdate.FULL, (ENTRY,))) or "")
    assert V16.unsupported_reason(SendLocalList(0, LocalListUpdate.DIFFERENTIAL)) is not None
    assert V16.unsupported_reason(SendLocalList(0, LocalListUpdate.FULL)) is None


@pytest.mark.parametrize("dialect", BOTH_2X)
def test_2x_reads_named_variables_only(dialect: Dialect) -> None:
    """Reading all is GetBaseReport there."""
    assert "GetBaseReport" in (dialect.unsupported_reason(GetVariables()) or "")
    assert dialect.unsupported_reason(SetVariables(())) is not None
    twice = SetVariables((VariableAssignment(INTERVAL, "60"), VariableAssignment(INTERVAL, "61")))
    assert "once" in (dialect.unsupported_reason(twice) or "")
    assert "version 0" in (dialect.unsupported_reason(SendLocalList(0, LocalListUpdate.FULL)) or "")
    assert sent(dialect, GetBaseReport(7)) == [
        ("GetBaseReport", {"requestId": 7, "reportBase": "FullInventory"})
    ]


def test_16_sets_one_key_after_the_other_and_skips_what_it_has_not() -> None:
    """The variable without a key is reported as unknown; the others keep their own answers."""
    command = SetVariables((VariableAssignment(CURRENCY, "EUR"), VariableAssignment(INTERVAL, "60")))
    assert sent(V16, command) == [("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"})]
    answer = answered(V16, command, {"status": "RebootRequired"})
    assert answer.variables == (
        VariableResult(CURRENCY, "UnknownVariable"),
        VariableResult(INTERVAL, "RebootRequired"),
    )
    assert (answer.status, answer.is_accepted) == ("UnknownVariable", False)


def test_16_asks_nothing_when_no_variable_has_a_key() -> None:
    """An empty GetConfiguration would read everything."""
    assert sent(V16, GetVariables((CURRENCY,))) == []
    assert answered(V16, GetVariables((CURRENCY,))).variables == (
        VariableResult(CURRENCY, "UnknownVariable"),
    )


def test_16_reads_all_keys() -> None:
    """As an inventory of variables, in any spelling of the keys."""
    keys = [
        {"key": "heartbeatinterval", "readonly": False, "value": "300"},
        {"key": "Acme", "readonly": True},
    ]
    answer = answered(V16, GetVariables(), {"configurationKey": keys, "unknownKey": []})
    assert answer.variables == (
        VariableResult(INTERVAL, "Accepted", "300", is_read_only=False),
        VariableResult(VariableRef("ConfigurationKey", "Acme"), "Accepted", None, is_read_only=True),
    )
    assert [variable.ref for variable in answer.inventory] == [r.ref for r in answer.variables]


@pytest.mark.parametrize("dialect", BOTH_2X)
def test_2x_answers_per_variable(dialect: Dialect) -> None:
    """Statuses, values and the reason."""
    named = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
    refused = named | {"attributeStatus": "Rejected", "attributeStatusInfo": {"reasonCode": "ReadOnly"}}
    command = SetVariables((VariableAssignment(INTERVAL, "60"),))
    answer = answered(dialect, command, {"setVariableResult": [refused]})
    assert answer == CommandAnswer(
        "Rejected", False, "ReadOnly", variables=(VariableResult(INTERVAL, "Rejected"),)
    )
    read = named | {"attributeStatus": "Accepted", "attributeValue": "300"}
    answer = answered(dialect, GetVariables((INTERVAL,)), {"getVariableResult": [read]})
    assert answer.variables == (VariableResult(INTERVAL, "Accepted", "300"),)
    assert answer.is_accepted


@pytest.mark.parametrize("dialect", ALL)
def test_statuses_tell_whether_the_station_agreed(dialect: Dialect) -> None:
    """Accepted and Scheduled are agreement, Rejected is not."""
    reset = Reset()
    assert answered(dialect, reset, {"status": "Accepted"}) == CommandAnswer("Accepted", True)
    assert not answered(dialect, reset, {"status": "Rejected"}).is_accepted
    assert answered(
        dialect, ChangeAvailability(Availability.INOPERATIVE), {"status": "Scheduled"}
    ).is_accepted
    assert not answered(dialect, UnlockConnector(1), {"status": "UnlockFailed"}).is_accepted


def test_list_versions() -> None:
    """1.6 says -1 where it has no list."""
    assert answered(V16, GetLocalListVersion(), {"listVersion": -1}) == CommandAnswer(
        "Accepted", False, local_list_version=-1
    )
    answer = answered(ALL[1], GetLocalListVersion(), {"versionNumber": 4})
    assert answer.local_list_version == 4


@pytest.mark.parametrize("dialect", BOTH_2X)
def test_data_transfer_answers_any_json(dialect: Dialect) -> None:
    """As text."""
    answer = answered(dialect, TransferData("acme"), {"status": "Accepted", "data": {"a": [1]}})
    assert answer.text == '{"a":[1]}'


@pytest.mark.parametrize("dialect", BOTH_2X)
def test_a_status_is_asked_of_one_connector(dialect: Dialect) -> None:
    """2.0.1 F06.FR.13: with its connectorId; an EVSE's first one where none is named."""
    status = TriggeredMessage.STATUS_NOTIFICATION
    [call] = dialect.calls(TriggerMessage(status, 2))
    assert call.payload["evse"] == {"id": 2, "connectorId": 1}
    [call] = dialect.calls(TriggerMessage(TriggeredMessage.METER_VALUES, 2))
    assert call.payload["evse"] == {"id": 2}
    assert "which EVSE" in (dialect.unsupported_reason(TriggerMessage(status)) or "")


@pytest.mark.parametrize("dialect", ALL)
def test_what_we_ask_for_is_invited(dialect: Dialect) -> None:
    """A triggered message is welcome before the station is accepted (B02.FR.09)."""
    [call] = dialect.calls(TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION))
    assert dialect.invited(call.action, call.payload) == ("StatusNotification",)
    assert dialect.invited("GetLog", {}) == ("LogStatusNotification",)
    assert dialect.invited("Reset", {}) == ()
    assert dialect.invited("ChangeAvailability", {})[0] == "StatusNotification"
    trigger = next(iter(dialect.triggers))
    assert dialect.invited(trigger, {"requestedMessage": "SignChargePointCertificate"}) == (
        "SignCertificate",
    )


@pytest.mark.parametrize("dialect", ALL)
def test_the_secret_of_a_command_is_found(dialect: Dialect) -> None:
    """Whatever the version calls it, so that it can be kept out of every log."""
    ref = VariableRef("SecurityCtrlr", "BasicAuthPassword")
    [call] = dialect.calls(SetVariables((VariableAssignment(ref, "s3cret-s3cret-s3c", is_secret=True),)))
    assert secrets_in(call.payload) == ("s3cret-s3cret-s3c",)
