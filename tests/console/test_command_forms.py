"""What the dialogs make of what was typed, and how they say what came of it."""

from typing import Any

import pytest
from msgspec.structs import replace

from console.command_forms import (
    FIELDS,
    REQUIRED,
    body_of,
    field_fault,
    outcome_text,
    outcome_tone,
    payload_of,
)
from console.words import Words
from csms.api.outcome_views import CommandAnswerAnswer, OutcomeAnswer, VariableResultAnswer

EN, FR = Words("en"), Words("fr")


@pytest.mark.parametrize(
    ("name", "typed", "body"),
    [
        ("reset", {"kind": "OnIdle"}, {"kind": "OnIdle"}),
        ("remote-start", {"id_token": " ab ", "evse_id": ""}, {"id_token": "ab"}),
        ("get-variables", {"component": "", "variable": ""}, {"variables": []}),
        ("set-variables", {"variable": "K", "value": "5"}, {"variables": [{"variable": "K", "value": "5"}]}),
    ],
)
def test_what_was_typed_becomes_the_body(name: str, typed: dict[str, str], body: dict[str, Any]) -> None:
    """Empty fields are left out."""
    assert body_of(name, typed) == body


@pytest.mark.parametrize(
    ("name", "field", "text", "fault"),
    [
        ("remote-start", "id_token", " ", "This is needed."),
        ("remote-start", "id_token", "ab", None),
        ("remote-start", "evse_id", "", None),
        ("remote-start", "evse_id", "one", "A whole number is needed."),
        ("remote-start", "evse_id", "-1", "A whole number is needed."),
        ("remote-start", "evse_id", "²", "A whole number is needed."),
        ("unlock-connector", "evse_id", "2", None),
        ("unlock-connector", "evse_id", "", "This is needed."),
        ("get-variables", "variable", "", None),
        ("raw", "action", "", "This is needed."),
        ("raw", "payload", "{", "This is no JSON object."),
        ("raw", "payload", "[]", "This is no JSON object."),
        ("raw", "payload", '{"a": 1}', None),
    ],
)
def test_faults_are_named_before_anything_is_sent(
    name: str, field: str, text: str, fault: str | None
) -> None:
    """Beside the field, and the dialog stays."""
    assert field_fault(name, field, text, EN) == fault


def test_what_is_required_is_asked_for() -> None:
    """A field that is not in the dialog could never be filled in."""
    for name, fields in REQUIRED.items():
        assert fields <= set(FIELDS.get(name, ("action", "payload"))), name


def test_nothing_that_was_typed_breaks_the_reader() -> None:
    """Neither deep nor huge."""
    assert payload_of("[" * 100_000) is None
    assert payload_of('{"a":' * 100_000) is None
    assert payload_of("{}") == {}


def answered(status: str, **fields: Any) -> CommandAnswerAnswer:
    """What the station said."""
    plain = CommandAnswerAnswer(
        status=status,
        is_accepted=status == "Accepted",
        reason=None,
        variables=(),
        inventory=(),
        is_ongoing=None,
        has_messages_queued=None,
        local_list_version=None,
        text=None,
    )
    return replace(plain, **fields)


def told(answer: CommandAnswerAnswer | None = None, **fields: Any) -> OutcomeAnswer:
    """How a command ended: with a result, where nothing else is said."""
    plain = OutcomeAnswer(
        outcome="result",
        command_id="c1",
        is_accepted=False,
        answer=answer,
        payload=None,
        error_code=None,
        error_description=None,
        seq=None,
    )
    return replace(plain, **fields)


def test_outcomes_are_sentences() -> None:
    """What the station said, or why nobody knows; each variable on a line of its own."""
    assert (
        outcome_text(told(answered("Rejected", reason="busy")), EN) == "The station answered: Rejected · busy"
    )
    read = VariableResultAnswer(
        name="A.B",
        component="A",
        variable="B",
        evse_id=None,
        connector_id=None,
        status="UnknownVariable",
        value=None,
        is_accepted=False,
    )
    refused = told(answered("Rejected", variables=(read,)))
    assert outcome_text(refused, EN).splitlines()[1:] == ["A.B = – (UnknownVariable)"]
    offline = told(outcome="offline", error_description="not there")
    assert outcome_text(offline, FR) == "Non envoyé\N{NO-BREAK SPACE}: not there"
    assert outcome_text(told(payload={"a": 1}), EN) == 'The station answered: {\n  "a": 1\n}'
    assert (
        outcome_text(told(answered("Accepted", local_list_version=0)), EN)
        == "The station answered: Accepted · 0"
    )


def test_what_was_said_of_a_transaction() -> None:
    """Whether it goes on, where one was named, and whether messages wait."""
    over = told(answered("Accepted", is_ongoing=False, has_messages_queued=True))
    text = "The station answered: Accepted · it does not go on · messages wait to be sent"
    assert outcome_text(over, EN) == text
    ongoing = told(answered("Accepted", is_ongoing=True, has_messages_queued=False))
    assert outcome_text(ongoing, EN) == "The station answered: Accepted · it goes on · no message waits"
    of_any = told(answered("Accepted", has_messages_queued=False))
    assert outcome_text(of_any, EN) == "The station answered: Accepted · no message waits"


def test_people_judge_raw_answers() -> None:
    """A raw call that was answered is neither good nor bad; everything else is."""
    assert outcome_tone("raw", told()) == "plain"
    assert outcome_tone("raw", told(outcome="timeout")) == "fault"
    assert outcome_tone("reset", told(is_accepted=True)) == "good"
    assert outcome_tone("reset", told()) == "fault"
