"""Variables in OCPP 2.x: all attributes and characteristics, and what cannot be asked."""

import pytest

from ocppj.codec import codec_for
from ocppj.command_check import refusal
from ocppj.model.variables import (
    GetReport,
    GetVariables,
    NotifyReport,
    ReportedAttribute,
    ReportedVariable,
    VariablePattern,
    VariableResult,
    VariablesAnswer,
)
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from ocppj.vocabulary import VariableRef
from tests.support.inbound import NOON

POWER = VariableRef("EVSE", "Power", evse_id=1)
BOTH = pytest.mark.parametrize("version", [OcppVersion.V201, OcppVersion.V21])


def again(version: OcppVersion, variable: ReportedVariable) -> ReportedVariable:
    """Model → wire → model."""
    codec, translation = codec_for(version), translation_for(version)
    call = translation.request(NotifyReport(1, 0, is_last=True, variables=(variable,), generated_at=NOON))
    assert call is not None
    text = codec.encode_request(call.action, call.payload)
    message = codec.decode_request(call.action, text, lenient=False).message
    event = translation.message(call.action, message, [])
    assert isinstance(event, NotifyReport)
    return event.variables[0]


@BOTH
@pytest.mark.parametrize("has_actual", [True, False])
def test_every_attribute_comes_back(version: OcppVersion, *, has_actual: bool) -> None:
    """B07.FR.11: also those without a value; a write-only one shows none."""
    others = (
        ReportedAttribute("Target", None),
        ReportedAttribute("MinSet", None, is_write_only=True),
        ReportedAttribute("MaxSet", "9", is_read_only=True, is_persistent=True, is_constant=True),
    )
    variable = ReportedVariable(
        POWER,
        "5" if has_actual else None,
        is_constant=has_actual,
        data_type="decimal",
        supports_monitoring=True,
        values_list="1,2",
        attributes=others,
        has_actual=has_actual,
    )
    found = again(version, variable)
    assert found.attributes == others
    assert (found.has_actual, found.value, found.is_constant) == (
        has_actual,
        variable.value,
        variable.is_constant,
    )


def test_how_many_elements_a_list_may_have() -> None:
    """2.1 VariableCharacteristicsType.maxElements."""
    variable = ReportedVariable(POWER, "5", data_type="MemberList", max_elements=3)
    assert again(OcppVersion.V21, variable).max_elements == 3


@BOTH
def test_what_cannot_be_asked(version: OcppVersion) -> None:
    """An attribute for each variable; an instance of what, and a connector of which EVSE?"""
    assert "one of attributes" in (refusal(version, GetVariables((POWER,), ("Target", "Target"))) or "")
    for pattern, what in (
        (VariablePattern("C", variable_instance="i"), "needs its variable"),
        (VariablePattern("C", connector_id=1), "needs its evse_id"),
    ):
        assert what in (refusal(version, GetReport(1, (), (pattern,))) or "")
    assert refusal(version, GetReport(1)) is None


@BOTH
def test_several_answers_are_one(version: OcppVersion) -> None:
    """Of a command in several messages: all results, and the first reason."""
    translation = translation_for(version)
    two = GetVariables((POWER, VariableRef("X", "Y")))
    answers = [
        VariablesAnswer.of((VariableResult(POWER, "Accepted", "5"),)),
        VariablesAnswer.of((VariableResult(two.refs[1], "UnknownComponent"),)),
    ]
    codec = codec_for(version)
    responses = [
        codec.decode_response(
            "GetVariables", codec.encode_response("GetVariables", translation.response(two, each))
        ).message
        for each in answers
    ]
    joined = translation.answer(two, responses)
    assert isinstance(joined, VariablesAnswer)
    assert [each.status for each in joined.variables] == ["Accepted", "UnknownComponent"]
    assert joined.status == "UnknownComponent"
    reasoned = VariablesAnswer("Rejected", "Why", "so")
    assert VariablesAnswer.joined([answers[0], reasoned]).reason == "Why: so"
