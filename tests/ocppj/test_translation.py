"""Each command goes over the wire of each version and comes back as it was, and so does each answer."""

import json
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.model.authorization import ClearCache
from ocppj.model.availability import StatusNotification
from ocppj.model.catalogue import COMMANDS
from ocppj.model.command import Command, CommandAnswer
from ocppj.model.transactions import TransactionEvent
from ocppj.model.variables import NotifyReport
from ocppj.translation import Translation, translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef

EVERY = tuple(OcppVersion)


def over_the_wire(version: OcppVersion, command: Command) -> list[Command | None]:
    """What a station understands of each CALL; the codec refuses what breaks the version's schema."""
    codec, translation = codec_for(version), translation_for(version)
    understood = []
    for call in translation.calls(command):
        text = codec.encode_request(call.action, call.payload)
        request = codec.decode_request(call.action, text, lenient=False).message
        understood.append(translation.command(call.action, request))
    return understood


def answered(version: OcppVersion, command: Command, *answers: CommandAnswer) -> CommandAnswer:
    """What the central system understands of what a station answers to each CALL."""
    codec, translation = codec_for(version), translation_for(version)
    responses = []
    for call, answer in zip(translation.calls(command), answers, strict=True):
        text = codec.encode_response(call.action, translation.response(command, answer))
        responses.append(codec.decode_response(call.action, text, lenient=False).message)
    return translation.answer(command, responses)


def told(version: OcppVersion, command: Command, *responses: dict[str, Any]) -> CommandAnswer:
    """What the central system understands of these responses, given as JSON values."""
    codec, translation = codec_for(version), translation_for(version)
    decoded = [
        codec.decode_response(call.action, json.dumps(response).encode()).message
        for call, response in zip(translation.calls(command), responses, strict=True)
    ]
    return translation.answer(command, decoded)


@pytest.mark.parametrize("version", EVERY)
def test_every_version_says_the_commands_that_the_model_gives_to_it(version: OcppVersion) -> None:
    """Loading a translation fails where one lacks; what a version has not, it says before the wire."""
    translation = translation_for(version)
    assert {command.name for command in COMMANDS.values() if command.lacking_reason(version) is None} == {
        name for name, command in COMMANDS.items() if version in command.versions
    }
    with pytest.raises(TypeError, match="clear-cache"):
        Translation(version, [], [], lambda _: True)
    assert translation.version is version


@pytest.mark.parametrize("version", EVERY)
def test_a_cache_is_cleared(version: OcppVersion) -> None:
    """1.6 §5.4, 2.0.1 C11: no arguments, and a status."""
    assert over_the_wire(version, ClearCache()) == [ClearCache()]
    for answer in (CommandAnswer(), CommandAnswer("Rejected")):
        assert answered(version, ClearCache(), answer) == answer
    assert [call.action for call in translation_for(version).calls(ClearCache())] == ["ClearCache"]


@pytest.mark.parametrize("version", EVERY[1:])
def test_2x_says_why(version: OcppVersion) -> None:
    """statusInfo: a code, and what there is more to say."""
    refused = {"status": "Rejected", "statusInfo": {"reasonCode": "NoCache", "additionalInfo": "none built"}}
    answer = told(version, ClearCache(), refused)
    assert (answer.is_accepted, answer.reason) == (False, "NoCache: none built")
    assert answered(version, ClearCache(), answer) == answer


@pytest.mark.parametrize("version", EVERY)
def test_what_is_no_command_is_none(version: OcppVersion) -> None:
    """A station answers NotSupported then."""
    assert translation_for(version).command("Heartbeat", object()) is None


def test_a_version_knows_which_actions_tell_a_message() -> None:
    """1.6 has three for a transaction, and none for a report; a command is no message."""
    v16, v201 = translation_for(OcppVersion.V16), translation_for(OcppVersion.V201)
    assert v16.actions_of(TransactionEvent) == ("StartTransaction", "StopTransaction", "MeterValues")
    assert v201.actions_of(TransactionEvent) == ("TransactionEvent",)
    assert (v16.actions_of(NotifyReport), v201.actions_of(NotifyReport)) == ((), ("NotifyReport",))
    assert v16.actions_of(StatusNotification) == ("StatusNotification",)
    assert v16.knows("StartTransaction")
    assert not v201.knows("StartTransaction")
    assert not v16.knows("ClearCache")
    assert (v16.message("ClearCache", object(), []), v16.action_of(ClearCache)) == (None, "ClearCache")


def test_a_version_knows_which_variables_it_can_name() -> None:
    """1.6 its configuration keys, which are of the station; 2.x all but those."""
    interval, vendors = (
        VariableRef("OCPPCommCtrlr", "HeartbeatInterval"),
        VariableRef("ConfigurationKey", "X"),
    )
    of_an_evse = VariableRef("OCPPCommCtrlr", "HeartbeatInterval", evse_id=1)
    of_none = VariableRef("EVSE", "Power")
    v16, v201 = translation_for(OcppVersion.V16), translation_for(OcppVersion.V201)
    asked = (interval, vendors, of_an_evse, of_none)
    assert [v16.names_variable(each) for each in asked] == [True, True, False, False]
    assert [v201.names_variable(each) for each in asked] == [True, False, True, True]
