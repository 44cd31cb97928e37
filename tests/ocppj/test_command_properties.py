"""What a version can say of a command or of its answer comes back as it was, strictly checked on the way; and
whatever a central system may say of one is read.
"""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.command_check import refusal
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.customers import CustomerCertificate, CustomerInformation
from ocppj.model.data_transfer import TransferAnswer, TransferData
from ocppj.model.diagnostics import GetDiagnostics, GetLog, LogAnswer
from ocppj.model.display import (
    ClearDisplayMessage,
    GetDisplayMessages,
    SetDisplayMessage,
)
from ocppj.model.firmware import PublishFirmware, SignedUpdateFirmware, UnpublishFirmware, UpdateFirmware
from ocppj.model.local_list import GetLocalListVersion, ListVersionAnswer, SendLocalList
from ocppj.model.monitoring import (
    ClearedAnswer,
    ClearedMonitor,
    ClearVariableMonitoring,
    GetMonitoringReport,
    MonitoringBase,
    MonitoringCriterion,
    MonitorResult,
    MonitorsAnswer,
    MonitorSetting,
    SetBaseMonitoring,
    SetMonitoringLevel,
    SetVariableMonitoring,
)
from ocppj.model.remote_control import (
    CUSTOM_TRIGGER,
    RemoteStart,
    RemoteStartAnswer,
    RemoteStop,
    TriggerMessage,
    UnlockConnector,
)
from ocppj.model.reservations import CancelReservation, ReserveNow
from ocppj.model.smart_charging import (
    ClearChargingProfile,
    CompositeSchedule,
    CompositeScheduleAnswer,
    GetChargingProfiles,
    GetCompositeSchedule,
    ScheduleUpdate,
    SetChargingProfile,
    UpdateDynamicSchedule,
    UsePriorityCharging,
)
from ocppj.model.tariffs import GREATEST_COST_MICRO, CostUpdated
from ocppj.model.transactions import GetTransactionStatus, TransactionStatusAnswer
from ocppj.model.variables import (
    ACTUAL,
    AttributeType,
    ComponentCriterion,
    GetBaseReport,
    GetReport,
    GetVariables,
    ReportBase,
    SetVariables,
    VariableAssignment,
    VariablePattern,
    VariableResult,
    VariablesAnswer,
)
from ocppj.translation import translation_for
from ocppj.v16.convert import KEYS
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
from tests.support.charging_profiles import PURPOSES, profiles, rate_values, schedules
from tests.support.examples import examples
from tests.support.schemas import MessageSchema, message_schemas

V16 = OcppVersion.V16
SAID_BY_V16 = [AuthorizationStatus(word) for word in ("Accepted", "Blocked", "Expired", "Invalid")]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
names = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=20)
numbers = st.integers(0, 2**31 - 1)
evses = st.integers(1, 2**31 - 1)
times = st.integers(1_600_000_000_000, 2_200_000_000_000).map(
    lambda ms: datetime.fromtimestamp(ms / 1000, UTC)
)


def tokens(version: OcppVersion) -> st.SearchStrategy[IdToken]:
    """1.6 has one type of tokens."""
    types = st.just(IdTokenType.ISO14443) if version is V16 else st.sampled_from(IdTokenType)
    return st.builds(IdToken, names, types)


def references(version: OcppVersion) -> st.SearchStrategy[VariableRef]:
    """Those that the version has names for; 1.6 keys of vendors are told apart from those of the standard."""
    if version is V16:
        own = names.map(lambda name: VariableRef("ConfigurationKey", f"x{name}"))
        return st.sampled_from(sorted(KEYS.values(), key=str)) | own
    some = st.none() | names
    plain = st.builds(VariableRef, names, names, some, some)
    return plain | st.builds(VariableRef, names, names, some, some, evses, st.none() | evses)


ATTRIBUTES = get_args(AttributeType)
_SOME = st.none() | names
PATTERNS = (
    st.builds(VariablePattern, names, st.none(), _SOME)
    | st.builds(VariablePattern, names, names, _SOME, _SOME)
    | st.builds(VariablePattern, names, names, _SOME, _SOME, evses, st.none() | evses)
)


def attributes(version: OcppVersion, count: int) -> st.SearchStrategy[tuple[Any, ...]]:
    """One for each of so many variables; where all are the Actual one, none is said."""
    if version is V16:
        return st.just(())
    some = st.lists(st.sampled_from(ATTRIBUTES), min_size=count, max_size=count).map(tuple)
    return some.map(lambda each: each if set(each) != {ACTUAL} else ())


def entries(version: OcppVersion) -> st.SearchStrategy[LocalListEntry]:
    """Lines of a local list."""
    statuses = st.sampled_from(SAID_BY_V16) if version is V16 else st.sampled_from(AuthorizationStatus)
    infos = st.builds(IdTokenInfo, statuses, st.none() | names, st.none() | times)
    return st.builds(LocalListEntry, tokens(version), st.none() | infos)


def tuples(of: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few, none twice."""
    return st.lists(
        of, min_size=least, max_size=4, unique_by=lambda each: str(getattr(each, "ref", each))
    ).map(tuple)


def reports() -> dict[type[Command], st.SearchStrategy[Command]]:
    """What 2.x alone has."""
    priorities = st.sampled_from(["AlwaysFront", "InFront", "NormalCycle"])
    states = st.sampled_from(["Charging", "Faulted", "Idle", "Unavailable"])
    return {
        GetTransactionStatus: st.builds(GetTransactionStatus, st.none() | names),
        SetDisplayMessage: st.builds(
            SetDisplayMessage,
            message_id=numbers,
            text=st.text("aé", min_size=1, max_size=512),
            priority=priorities,
            state=st.none() | states,
            starts_at=st.none() | times,
            ends_at=st.none() | times,
            transaction_id=st.none() | names,
            format=st.sampled_from(["ASCII", "HTML", "URI", "UTF8"]),
            language=st.none() | st.sampled_from(["en", "fr-CA"]),
        ),
        GetDisplayMessages: st.builds(
            GetDisplayMessages, numbers, tuples(numbers), st.none() | priorities, st.none() | states
        ),
        ClearDisplayMessage: st.builds(ClearDisplayMessage, numbers),
        CostUpdated: st.builds(CostUpdated, names, st.integers(0, GREATEST_COST_MICRO)),
        GetBaseReport: st.builds(GetBaseReport, numbers, st.sampled_from(get_args(ReportBase))),
        GetReport: st.builds(
            GetReport, numbers, tuples(st.sampled_from(get_args(ComponentCriterion))), tuples(PATTERNS)
        ),
    }


def commands(version: OcppVersion) -> dict[type[Command], st.SearchStrategy[Command]]:
    """Of each kind, those in the form in which the version's stations read them."""
    is_old, is_newest = version is V16, version is OcppVersion.V21
    words = [each for each in TriggeredMessage if not (is_old and each.value == "TransactionEvent")]
    connectors = st.none() if is_old else st.none() | evses
    ids = numbers.map(str) if is_old else names
    kinds = [each for each in ResetKind if is_newest or each is not ResetKind.IMMEDIATE_AND_RESUME]
    found: dict[type[Command], st.SearchStrategy[Command]] = {
        Reset: st.builds(Reset, st.sampled_from(kinds), st.none() if is_old else st.none() | evses),
        ChangeAvailability: st.builds(ChangeAvailability, st.sampled_from(Availability))
        | st.builds(ChangeAvailability, st.sampled_from(Availability), evses, connectors),
        UnlockConnector: st.builds(UnlockConnector, evses, st.just(1) if is_old else evses),
        TriggerMessage: st.builds(
            TriggerMessage, st.sampled_from(words), evses, st.just(None) if is_old else evses
        )
        | (
            st.builds(TriggerMessage, st.just(CUSTOM_TRIGGER), custom_trigger=names)
            if is_newest
            else st.nothing()
        ),
        RemoteStart: st.builds(
            RemoteStart,
            tokens(version),
            st.none() if is_old else numbers,
            st.none() | evses,
            st.none() | profiles(version, "TxProfile"),
        ),
        RemoteStop: st.builds(RemoteStop, ids),
        ReserveNow: st.builds(
            ReserveNow,
            numbers,
            tokens(version),
            times,
            st.none() | evses,
            st.none() if is_old else st.none() | st.sampled_from(["cCCS2", "sType2"]),
            st.none() | tokens(version),
        ),
        CancelReservation: st.builds(CancelReservation, numbers),
        GetVariables: tuples(references(version), 1).flatmap(
            lambda refs: st.builds(GetVariables, st.just(refs), st.just(()) | attributes(version, len(refs)))
        ),
        SetVariables: st.builds(
            SetVariables,
            tuples(
                st.builds(
                    VariableAssignment,
                    references(version),
                    texts,
                    attribute=st.just(ACTUAL) if is_old else st.sampled_from(ATTRIBUTES),
                ),
                1,
            ),
        ),
        ClearCache: st.just(ClearCache()),
        SendLocalList: st.builds(
            SendLocalList, evses, st.sampled_from(LocalListUpdate), tuples(entries(version))
        ),
        GetLocalListVersion: st.just(GetLocalListVersion()),
        TransferData: st.builds(TransferData, names, st.none() | names, st.none() | texts),
    }
    return found if is_old else found | reports()


def limiting_commands(version: OcppVersion) -> dict[type[Command], st.SearchStrategy[Command]]:
    """Those of smart charging."""
    purposes = st.none() | st.sampled_from(PURPOSES[version])
    levels = st.none() | st.integers(0, 9)
    found: dict[type[Command], st.SearchStrategy[Command]] = {
        SetChargingProfile: st.builds(SetChargingProfile, numbers, profiles(version)),
        ClearChargingProfile: st.builds(ClearChargingProfile, numbers, st.none() | numbers, purposes, levels),
        GetCompositeSchedule: st.builds(
            GetCompositeSchedule, numbers, st.integers(1, 10**8), st.sampled_from([None, "A", "W"])
        ),
        GetChargingProfiles: st.builds(
            GetChargingProfiles,
            numbers,
            st.none() | numbers,
            tuples(numbers),
            purposes,
            levels,
            st.sampled_from([(), ("CSO",), ("EMS", "SO")]),
        ),
        UsePriorityCharging: st.builds(UsePriorityCharging, names, st.booleans()),
        UpdateDynamicSchedule: st.builds(
            UpdateDynamicSchedule, numbers, rate_values(version, ScheduleUpdate)
        ),
    }
    return {command: of for command, of in found.items() if version in command.versions}


def file_commands(version: OcppVersion) -> dict[type[Command], st.SearchStrategy[Command]]:
    """Those of firmware and logs. 1.6 has neither number nor signature where its own commands have none."""
    is_old = version is V16
    tries = {"retries": st.none() | st.integers(0, 100), "retry_interval_s": st.none() | numbers}
    when, signed = st.none() | times, st.none() | names
    span = {"location": names, "oldest_at": when, "latest_at": when, **tries}
    image = {"location": names, "retrieve_at": times, **tries}
    full = {"request_id": numbers, "install_at": when, **image}
    checksums = st.text("0123456789abcdef", min_size=32, max_size=32)
    found: dict[type[Command], st.SearchStrategy[Command]] = {
        UpdateFirmware: st.builds(UpdateFirmware, **image)
        if is_old
        else st.builds(UpdateFirmware, **full, signing_certificate=signed, signature=signed),
        SignedUpdateFirmware: st.builds(
            SignedUpdateFirmware, **full, signing_certificate=names, signature=names
        ),
        PublishFirmware: st.builds(
            PublishFirmware, request_id=numbers, location=names, checksum=checksums, **tries
        ),
        UnpublishFirmware: st.builds(UnpublishFirmware, checksum=checksums),
        GetLog: st.builds(
            GetLog,
            request_id=numbers,
            log_type=st.sampled_from(["DiagnosticsLog", "SecurityLog"]),
            **span,
        ),
        GetDiagnostics: st.builds(GetDiagnostics, **span),
    }
    return {command: of for command, of in found.items() if version in command.versions}


def watching_commands(version: OcppVersion) -> dict[type[Command], st.SearchStrategy[Command]]:
    """Those of diagnostics; 2.1 has two types of monitors more."""
    types = ["UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned"]
    types += ["TargetDelta", "TargetDeltaRelative"] if version is OcppVersion.V21 else []
    settings_of = st.builds(
        MonitorSetting,
        references(version),
        st.sampled_from(types),
        st.integers(-(10**6), 10**6).map(float),
        st.integers(0, 9),
        st.none() | numbers,
        st.booleans(),
    )
    found: dict[type[Command], st.SearchStrategy[Command]] = {
        CustomerInformation: st.one_of(
            *(
                st.builds(CustomerInformation, request_id=numbers, clear=st.booleans(), **named)
                for named in (
                    {"id_token": tokens(version)},
                    {"customer_identifier": names},
                    {
                        "certificate": st.builds(
                            CustomerCertificate, st.sampled_from(["SHA256", "SHA512"]), names, names, names
                        )
                    },
                )
            )
        ),
        SetVariableMonitoring: st.builds(SetVariableMonitoring, tuples(settings_of, 1)),
        ClearVariableMonitoring: st.builds(ClearVariableMonitoring, tuples(numbers, 1)),
        SetBaseMonitoring: st.builds(SetBaseMonitoring, st.sampled_from(get_args(MonitoringBase))),
        SetMonitoringLevel: st.builds(SetMonitoringLevel, st.integers(0, 9)),
        GetMonitoringReport: st.builds(
            GetMonitoringReport,
            numbers,
            tuples(st.sampled_from(get_args(MonitoringCriterion))),
            tuples(PATTERNS),
        ),
    }
    return {command: of for command, of in found.items() if version in command.versions}


@cache
def every_command(version: OcppVersion) -> dict[type[Command], st.SearchStrategy[Command]]:
    """All that the version has. Made once: to make a strategy takes longer than to draw from it."""
    return (
        commands(version) | limiting_commands(version) | file_commands(version) | watching_commands(version)
    )


PAIRS = [
    (version, name) for version in OcppVersion for name, each in COMMANDS.items() if version in each.versions
]


def understood(version: OcppVersion, command: Command) -> list[Command | None]:
    """What a station reads in each CALL; the strict class of the version's schema has read it before."""
    codec, translation = codec_for(version), translation_for(version)
    found = []
    for call in translation.calls(command):
        text = codec.encode_request(call.action, call.payload)
        request = codec.decode_request(call.action, text, lenient=False).message
        found.append(translation.command(call.action, request))
    return found


@pytest.mark.parametrize(("version", "name"), PAIRS)
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_a_command_comes_back_as_it_was(version: OcppVersion, name: str, data: st.DataObject) -> None:
    """Model → wire → model, in one CALL, or in one for each variable that 1.6 sets."""
    command = data.draw(every_command(version)[COMMANDS[name]])
    assert refusal(version, command) is None
    parts = [command]
    if version is V16 and isinstance(command, SetVariables):
        parts = [SetVariables((each,)) for each in command.assignments]
    assert understood(version, command) == parts


STATUSES: dict[type[Command], list[str]] = {
    UnlockConnector: ["Unlocked", "UnlockFailed"],
    SendLocalList: ["Accepted", "Failed", "VersionMismatch"],
    ClearChargingProfile: ["Accepted", "Unknown"],
    GetChargingProfiles: ["Accepted", "NoProfiles"],
    SetDisplayMessage: ["Accepted", "NotSupportedState", "Rejected"],
    GetDisplayMessages: ["Accepted", "Unknown"],
    ClearDisplayMessage: ["Accepted", "Unknown"],
    UnpublishFirmware: ["DownloadOngoing", "NoFirmware", "Unpublished"],
    GetLog: ["Accepted", "AcceptedCanceled", "Rejected"],
}


def answers(version: OcppVersion, command: Command) -> st.SearchStrategy[list[CommandAnswer]]:
    """To each of the command's CALLs, in the words that every version has."""
    status = {"status": st.sampled_from(STATUSES.get(type(command), ["Accepted", "Rejected"]))}
    why: dict[str, Any] = {}
    if version is not V16:
        why = {"reason_code": names, "additional_info": st.none() | texts}
    match command:
        case GetLocalListVersion():
            least = -1 if version is V16 else 0
            return st.builds(ListVersionAnswer, local_list_version=st.integers(least, 2**31 - 1)).map(_one)
        case GetCompositeSchedule():
            composite = schedules(version).map(_composite)
            return st.builds(CompositeScheduleAnswer, **status, **why, schedule=st.none() | composite).map(
                _one
            )
        case GetTransactionStatus():
            ongoing = st.none() | st.booleans()
            return st.builds(
                TransactionStatusAnswer, is_ongoing=ongoing, has_messages_queued=st.booleans()
            ).map(_one)
        case CostUpdated():
            return st.just([CommandAnswer()])
        case SetVariableMonitoring() | ClearVariableMonitoring():
            return watching_answers(command).map(_one)
        case TransferData():
            return st.builds(TransferAnswer, **status, **why, text=st.none() | texts).map(_one)
        case RemoteStart() if version is not V16:
            return st.builds(RemoteStartAnswer, **status, **why, transaction_id=st.none() | names).map(_one)
        case GetVariables():
            results = st.tuples(*(read_results(version, *each) for each in command.requested))
            return results.map(lambda each: [VariablesAnswer.of(each)])
        case SetVariables(assignments):
            results = st.tuples(*(set_results(each.ref, each.attribute) for each in assignments))
            if version is V16:
                return results.map(lambda each: [VariablesAnswer.of((result,)) for result in each])
            return results.map(lambda each: [VariablesAnswer.of(each)])
        case _:
            return file_answers(version, command, status, why).map(_one)


def watching_answers(
    command: SetVariableMonitoring | ClearVariableMonitoring,
) -> st.SearchStrategy[CommandAnswer]:
    """A result for each monitor, or for each number."""
    if isinstance(command, SetVariableMonitoring):
        return st.tuples(*(monitor_results(each) for each in command.monitors)).map(MonitorsAnswer.of)
    words = st.sampled_from(["Accepted", "Rejected", "NotFound"])
    cleared = (st.builds(ClearedMonitor, st.just(each), words) for each in command.monitor_ids)
    return st.tuples(*cleared).map(ClearedAnswer.of)


def file_answers(
    version: OcppVersion, command: Command, status: dict[str, Any], why: dict[str, Any]
) -> st.SearchStrategy[CommandAnswer]:
    """To those of firmware and logs, and to every command that is answered by a status."""
    match command:
        case UpdateFirmware() if type(command) is UpdateFirmware and version is V16:
            return st.just(command.answer())
        case UnpublishFirmware():
            return st.builds(command.answer, **status)
        case GetLog():
            return st.builds(LogAnswer, **status, **why, filename=st.none() | names)
        case GetDiagnostics():
            return st.builds(LogAnswer, filename=names) | st.just(LogAnswer("Rejected"))
        case _:
            return st.builds(command.answer, **status, **why)


def _composite(said: Any) -> CompositeSchedule:
    """Where it starts is always said."""
    return CompositeSchedule(
        evse_id=1,
        unit=said.unit,
        periods=said.periods,
        starts_at=said.starts_at or datetime(2026, 1, 1, tzinfo=UTC),
        duration_s=said.duration_s or 60,
    )


def _one(answer: CommandAnswer) -> list[CommandAnswer]:
    return [answer]


def monitor_results(setting: MonitorSetting) -> st.SearchStrategy[MonitorResult]:
    """To one setting."""
    return st.builds(
        MonitorResult,
        st.just(setting.ref),
        st.just(setting.type),
        st.just(setting.severity),
        st.sampled_from(["Accepted", "Duplicate", "UnsupportedMonitorType"]),
        st.none() | numbers,
    )


def read_results(version: OcppVersion, ref: VariableRef, attribute: str) -> st.SearchStrategy[VariableResult]:
    """1.6 says whether a key is read-only, 2.x does not in this answer."""
    flag = st.booleans() if version is V16 else st.none()
    read = st.builds(
        VariableResult, st.just(ref), st.just("Accepted"), texts, flag, attribute=st.just(attribute)
    )
    return read | st.just(VariableResult(ref, "UnknownVariable", attribute=attribute))


def set_results(ref: VariableRef, attribute: str) -> st.SearchStrategy[VariableResult]:
    """In the words that every version has."""
    return st.builds(
        VariableResult,
        st.just(ref),
        st.sampled_from(["Accepted", "Rejected", "RebootRequired"]),
        attribute=st.just(attribute),
    )


@pytest.mark.parametrize(("version", "name"), PAIRS)
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_an_answer_comes_back_as_it_was(version: OcppVersion, name: str, data: st.DataObject) -> None:
    """What a station answers to each CALL is what the central system understands."""
    command = data.draw(every_command(version)[COMMANDS[name]])
    said = data.draw(answers(version, command))
    codec, translation = codec_for(version), translation_for(version)
    responses = []
    for call, answer in zip(translation.calls(command), said, strict=True):
        text = codec.encode_response(call.action, translation.response(command, answer))
        responses.append(codec.decode_response(call.action, text, lenient=False).message)
    heard = translation.answer(command, responses)
    if isinstance(heard, VariablesAnswer):
        results = tuple(each for answer in said for each in answer.variables)  # type: ignore[attr-defined]
        assert heard.variables == results
        assert heard.is_accepted is all(each.is_accepted for each in results)
    else:
        assert [heard] == said
    assert isinstance(heard, COMMANDS[name].answer)
    assert msgspec.json.encode(heard)


ASKED = [
    each
    for each in message_schemas()
    if each.is_request and translation_for(each.version).has_command(each.action)
]


@pytest.mark.parametrize("message", ASKED, ids=str)
@given(data=st.data())
@settings(max_examples=examples(30))
def test_whatever_the_schema_allows_is_read(message: MessageSchema, data: st.DataObject) -> None:
    """A station answers each valid request: no word of the version raises in its translator."""
    payload = data.draw(message.payloads)
    text = json.dumps(payload, default=float).encode()
    request = codec_for(message.version).decode_request(message.action, text).message
    command = translation_for(message.version).command(message.action, request)
    assert isinstance(command, Command)


ANSWERS = {(each.version, each.action): each for each in message_schemas() if not each.is_request}


@pytest.mark.parametrize("message", ASKED, ids=str)
@given(data=st.data())
@settings(max_examples=examples(20))
def test_whatever_is_answered_to_whatever_is_asked_is_read(
    message: MessageSchema, data: st.DataObject
) -> None:
    """Of a raw call too, which need not be one that the model would write."""
    codec, translation = codec_for(message.version), translation_for(message.version)
    asked = json.dumps(data.draw(message.payloads), default=float).encode()
    command = translation.command(message.action, codec.decode_request(message.action, asked).message)
    assert command is not None
    said = data.draw(ANSWERS[message.version, message.action].payloads)
    response = codec.decode_response(message.action, json.dumps(said, default=float).encode()).message
    assert isinstance(translation.answer(command, [response]), type(command).answer)
