"""Each command is a valid CALL in each version that has it, and answers are read back in neutral words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from ocppj.codec import codec_for
from ocppj.command_check import refusal
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.command import Command, ScheduledAnswer
from ocppj.model.data_transfer import TransferData
from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.model.remote_control import (
    CUSTOM_TRIGGER,
    RemoteStart,
    RemoteStop,
    TriggerMessage,
    UnlockConnector,
)
from ocppj.model.reservations import CancelReservation, ReserveNow
from ocppj.model.smart_charging import (
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearChargingProfile,
    GetCompositeSchedule,
    LimitAtSoc,
    SetChargingProfile,
)
from ocppj.model.variables import (
    GetBaseReport,
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariableResult,
    VariablesAnswer,
)
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
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

V16 = OcppVersion.V16
ALL = tuple(OcppVersion)
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
    ReserveNow(7, TAG, datetime(2026, 1, 5, 14, tzinfo=UTC)),
    ReserveNow(7, TAG, datetime(2026, 1, 5, 14, tzinfo=UTC), 2, group_id_token=IdToken("group")),
    CancelReservation(7),
    GetCompositeSchedule(1),
    ClearChargingProfile(7),
)


def sent(version: OcppVersion, command: Command) -> list[tuple[str, Any]]:
    """(action, payload) of each CALL; the codec refuses one that breaks its schema."""
    codec = codec_for(version)
    return [
        (call.action, json.loads(codec.encode_request(call.action, call.payload)))
        for call in translation_for(version).calls(command)
    ]


def answered(version: OcppVersion, command: Command, *responses: dict[str, Any]) -> Any:
    """What is made of these responses."""
    codec = codec_for(version)
    calls = translation_for(version).calls(command)
    assert len(calls) == len(responses)
    decoded = [
        codec.decode_response(call.action, json.dumps(response).encode()).message
        for call, response in zip(calls, responses, strict=True)
    ]
    return translation_for(version).answer(command, decoded)


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_each_command_is_one_valid_call(version: OcppVersion, command: Command) -> None:
    """In every version, strictly checked."""
    assert refusal(version, command) is None
    assert len(sent(version, command)) == 1


def test_what_16_lacks_is_said_before_the_wire() -> None:
    """With a reason for people."""
    assert "GetBaseReport" in (refusal(V16, GetBaseReport(1)) or "")
    assert "EVSE" in (refusal(V16, Reset(evse_id=1)) or "")
    assert "TransactionEvent" in (refusal(V16, TriggerMessage(TriggeredMessage.TRANSACTION_EVENT)) or "")
    assert "number" in (refusal(V16, RemoteStop("abc")) or "")
    assert "empty list" in (refusal(V16, SendLocalList(0, LocalListUpdate.FULL, (ENTRY,))) or "")
    assert refusal(V16, SendLocalList(0, LocalListUpdate.DIFFERENTIAL)) is not None
    assert refusal(V16, SendLocalList(0, LocalListUpdate.FULL)) is None
    at = datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert "connector_type" in (refusal(V16, ReserveNow(7, TAG, at, connector_type="cCCS2")) or "")
    own = TriggerMessage(TriggeredMessage.HEARTBEAT, custom_trigger="SelfTest")
    assert "custom_trigger" in (refusal(V16, own) or "")


PLAIN = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=16.0),))
OF_CHARGE = ChargingProfile(profile_id=1, purpose="TxProfile", schedules=(PLAIN,))


@pytest.mark.parametrize("version", ALL)
def test_what_no_central_system_asks_of_profiles(version: OcppVersion) -> None:
    """K01.FR.22, K10.FR.06; with a start, only what is of its transaction (K05.FR.02, 1.6 errata 3.41)."""
    external = replace(OF_CHARGE, purpose="ChargingStationExternalConstraints")
    assert "purpose" in (refusal(version, SetChargingProfile(0, external)) or "")
    clear = ClearChargingProfile(purpose="ChargingStationExternalConstraints")
    assert "purpose" in (refusal(version, clear) or "")
    start = RemoteStart(TAG, 5, 1, replace(OF_CHARGE, purpose="TxDefaultProfile"))
    assert "TxProfile" in (refusal(version, start) or "")
    named = RemoteStart(TAG, 5, 1, replace(OF_CHARGE, transaction_id="1"))
    assert "no id yet" in (refusal(version, named) or "")
    assert refusal(version, RemoteStart(TAG, 5, 1, OF_CHARGE)) is None


def test_2x_clears_by_something() -> None:
    """K10.FR.02; without anything, 1.6 clears all (errata 3.25)."""
    for version in BOTH_2X:
        assert "profile_id" in (refusal(version, ClearChargingProfile()) or "")
    assert refusal(V16, ClearChargingProfile()) is None


@pytest.mark.parametrize(
    ("profile", "word"),
    [
        (replace(OF_CHARGE, max_offline_s=5), "max_offline_s"),
        (replace(OF_CHARGE, invalid_after_offline=True), "invalid_after_offline"),
        (replace(OF_CHARGE, schedules=(replace(PLAIN, use_local_time=True),)), "use_local_time"),
        (replace(OF_CHARGE, schedules=(replace(PLAIN, limit_at_soc=LimitAtSoc(80, 6)),)), "limit_at_soc"),
        (replace(OF_CHARGE, schedules=(PLAIN, PLAIN)), "schedules"),
        (
            replace(
                OF_CHARGE, schedules=(replace(PLAIN, periods=(ChargingPeriod(limit=1.0, limit_l2=1.0),)),)
            ),
            "limit_l2",
        ),
        (replace(OF_CHARGE, transaction_id="abc"), "number"),
        (replace(OF_CHARGE, purpose="PriorityCharging"), "purpose"),
        (
            replace(OF_CHARGE, schedules=(replace(PLAIN, periods=(ChargingPeriod(limit=1.25),)),)),
            "limit",
        ),
    ],
)
def test_what_16_cannot_say_of_a_profile(profile: ChargingProfile, word: str) -> None:
    """It is refused by its name, never left out; a limit has one digit after the point (§7.14)."""
    assert word in (refusal(V16, SetChargingProfile(1, profile)) or "")


def test_a_composite_schedule_of_16_may_start_within_itself() -> None:
    """Errata 3.57 asks for scheduleStart; some stations say startSchedule."""
    schedule = {
        "chargingRateUnit": "W",
        "startSchedule": "2026-01-05T14:00:00Z",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 11000}],
    }
    answer = answered(V16, GetCompositeSchedule(0), {"status": "Accepted", "chargingSchedule": schedule})
    assert answer.schedule.starts_at == datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert answer.schedule.evse_id == 0
    assert answered(V16, GetCompositeSchedule(0), {"status": "Rejected"}).schedule is None


@pytest.mark.parametrize("version", [OcppVersion.V201, OcppVersion.V21])
@pytest.mark.parametrize(
    "half",
    [TriggerMessage(CUSTOM_TRIGGER), TriggerMessage(TriggeredMessage.HEARTBEAT, custom_trigger="Test")],
)
def test_a_trigger_of_a_station_s_own_has_its_word_and_its_name(
    version: OcppVersion, half: TriggerMessage
) -> None:
    """F06.FR.20."""
    assert "go together" in (refusal(version, half) or "")


def test_2_0_1_has_a_list_of_connector_types_and_2_1_has_not() -> None:
    """ConnectorEnumType became text."""
    command = ReserveNow(7, TAG, datetime(2026, 1, 5, 14, tzinfo=UTC), connector_type="cMCS")
    assert "connector_type" in (refusal(OcppVersion.V201, command) or "")
    assert refusal(OcppVersion.V21, command) is None


def test_a_reservation_until_nobody_knows_when_is_over() -> None:
    """A time that cannot be read has passed; 2.x refuses it before (part 2 §3 FR.03)."""
    codec, translation = codec_for(V16), translation_for(V16)
    [call] = translation.calls(ReserveNow(7, TAG, datetime(2026, 1, 5, 14, tzinfo=UTC)))
    payload = json.dumps(call.payload).replace("2026-01-05T14:00:00.000Z", "tomorrow").encode()
    command = translation.command(call.action, codec.decode_request(call.action, payload).message)
    assert isinstance(command, ReserveNow)
    assert command.expires_at < datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("version", BOTH_2X)
def test_2x_reads_named_variables_only(version: OcppVersion) -> None:
    """Reading all is GetBaseReport there."""
    assert "GetBaseReport" in (refusal(version, GetVariables()) or "")
    assert refusal(version, SetVariables(())) is not None
    twice = SetVariables((VariableAssignment(INTERVAL, "60"), VariableAssignment(INTERVAL, "61")))
    assert "once" in (refusal(version, twice) or "")
    assert "version 0" in (refusal(version, SendLocalList(0, LocalListUpdate.FULL)) or "")
    assert sent(version, GetBaseReport(7)) == [
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


@pytest.mark.parametrize("version", BOTH_2X)
def test_2x_answers_per_variable(version: OcppVersion) -> None:
    """Statuses, values and the reason."""
    named = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "HeartbeatInterval"}}
    refused = named | {"attributeStatus": "Rejected", "attributeStatusInfo": {"reasonCode": "ReadOnly"}}
    command = SetVariables((VariableAssignment(INTERVAL, "60"),))
    answer = answered(version, command, {"setVariableResult": [refused]})
    assert answer == VariablesAnswer(
        "Rejected", "ReadOnly", variables=(VariableResult(INTERVAL, "Rejected"),)
    )
    read = named | {"attributeStatus": "Accepted", "attributeValue": "300"}
    answer = answered(version, GetVariables((INTERVAL,)), {"getVariableResult": [read]})
    assert answer.variables == (VariableResult(INTERVAL, "Accepted", "300"),)
    assert answer.is_accepted


@pytest.mark.parametrize("version", ALL)
def test_statuses_tell_whether_the_station_agreed(version: OcppVersion) -> None:
    """Accepted and Scheduled are agreement, Rejected is not."""
    reset = Reset()
    assert answered(version, reset, {"status": "Accepted"}) == ScheduledAnswer("Accepted")
    assert not answered(version, reset, {"status": "Rejected"}).is_accepted
    assert answered(
        version, ChangeAvailability(Availability.INOPERATIVE), {"status": "Scheduled"}
    ).is_accepted
    assert not answered(version, UnlockConnector(1), {"status": "UnlockFailed"}).is_accepted


def test_list_versions() -> None:
    """1.6 says -1 where it has no list."""
    assert answered(V16, GetLocalListVersion(), {"listVersion": -1}) == ListVersionAnswer(
        "Accepted", local_list_version=-1
    )
    assert not ListVersionAnswer("Accepted", local_list_version=-1).is_accepted
    answer = answered(ALL[1], GetLocalListVersion(), {"versionNumber": 4})
    assert answer.local_list_version == 4


@pytest.mark.parametrize("version", BOTH_2X)
def test_data_transfer_answers_any_json(version: OcppVersion) -> None:
    """As text."""
    answer = answered(version, TransferData("acme"), {"status": "Accepted", "data": {"a": [1]}})
    assert answer.text == '{"a":[1]}'


@pytest.mark.parametrize("version", BOTH_2X)
def test_a_status_is_asked_of_one_connector(version: OcppVersion) -> None:
    """2.0.1 F06.FR.13: with its connectorId; an EVSE's first one where none is named."""
    status = TriggeredMessage.STATUS_NOTIFICATION
    [call] = translation_for(version).calls(TriggerMessage(status, 2))
    assert call.payload["evse"] == {"id": 2, "connectorId": 1}
    [call] = translation_for(version).calls(TriggerMessage(TriggeredMessage.METER_VALUES, 2))
    assert call.payload["evse"] == {"id": 2}
    assert "which EVSE" in (refusal(version, TriggerMessage(status)) or "")
