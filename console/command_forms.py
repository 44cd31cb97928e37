"""What each command asks for, what is wrong with what was typed, and how it ended, in words."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from console.words import Words
from csms.api.bodies import BODIES
from csms.api.outcome_views import OutcomeAnswer, VariableResultAnswer
from csms.rules.command_rules import rule_of

_REQUIRED: dict[str, tuple[str, ...]] = {
    "reset": ("kind",),
    "change-availability": ("availability", "evse_id"),
    "trigger-message": ("message", "evse_id"),
    "get-variables": ("component", "variable"),
    "set-variables": ("component", "variable", "value"),
    "get-report": ("component", "variable"),
}
"""Where a dialog asks for less than the command takes, or for one of a list."""
OF_VARIABLES = frozenset({"get-variables", "set-variables", "get-report"})
"""They take a list of variables; a dialog asks for one."""
_SELDOM = frozenset({"timeout_s", "id_token_type", "remote_start_id", "request_id"})
_NOT_IN_A_DIALOG = frozenset({"send-local-list"})
"""Local lists are sent by activation and API."""


def _fields_of(name: str) -> tuple[str, ...]:
    return tuple(field for field in BODIES[name].model_fields if field not in _SELDOM)


FIELDS: dict[str, tuple[str, ...]] = {
    name: _REQUIRED.get(name) or _fields_of(name) for name in BODIES if name not in _NOT_IN_A_DIALOG
}
"""The commands with a button, and what each asks for."""

RAW = "raw"
RAW_FIELDS = ("action", "payload")
_GROUPS_BY_BLOCK = {
    "remote_control": "charging",
    "reservations": "charging",
    "variables": "configuration",
    "local_list": "authorization",
    "authorization": "authorization",
    "data_transfer": "other",
}
_OF_THE_STATION = "station"
GROUP_ORDER = ("charging", _OF_THE_STATION, "configuration", "authorization", "other")
"""What people look for a command by (`command_group.*`), the most used first."""


def group_of(name: str) -> str:
    """By the functional block that defines the command."""
    block = "data_transfer" if name == RAW else BODIES[name].made_of.__module__.rpartition(".")[2]
    return _GROUPS_BY_BLOCK.get(block, _OF_THE_STATION)


def is_dangerous(name: str) -> bool:
    """Whether it is asked once more: nobody knows what a raw call does."""
    return name == RAW or rule_of(name).may_interrupt


DEFAULTS = {"evse_id": "1", "connector_id": "1", "payload": "{}"}
NUMBERS = frozenset({"evse_id", "connector_id"})
REQUIRED: dict[str, frozenset[str]] = {
    **{
        name: frozenset(field for field in fields if BODIES[name].model_fields[field].is_required())
        for name, fields in FIELDS.items()
        if name not in OF_VARIABLES
    },
    "set-variables": frozenset({"variable", "value"}),
    "get-report": frozenset({"component"}),
    RAW: frozenset({"action"}),
}
Tone = Literal["good", "plain", "fault"]
OF_A_VARIABLE = ("component", "variable", "value")


def field_fault(name: str, field: str, text: str, words: Words) -> str | None:
    """What is wrong with a field of a command; None where nothing is."""
    typed = text.strip()
    if field == "payload":
        return None if payload_of(typed) is not None else words("dialog.not_json")
    if not typed:
        return words("dialog.required") if field in REQUIRED.get(name, ()) else None
    if field in NUMBERS and not (typed.isascii() and typed.isdecimal()):
        return words("dialog.not_a_number")
    return None


def payload_of(text: str) -> dict[str, Any] | None:
    """A JSON object; None for anything else."""
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def body_of(name: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the command's body; empty fields are left out. Numbers are read from text."""
    given = {field: text.strip() for field, text in typed.items() if text.strip()}
    if name in OF_VARIABLES:
        variable = {field: given[field] for field in OF_A_VARIABLE if field in given}
        return {"variables": [variable] if variable else []}
    return dict(given)


def outcome_tone(name: str, outcome: OutcomeAnswer) -> Tone:
    """Whether the station did it. The answer to a raw call is shown plainly: people judge it."""
    if name == "raw" and outcome.outcome == "result":
        return "plain"
    return "good" if outcome.is_accepted else "fault"


def outcome_text(outcome: OutcomeAnswer, words: Words) -> str:
    """How a command ended: a sentence, then what was read, a line for each variable."""
    answer = outcome.answer
    if answer is not None:
        version = answer.local_list_version
        said = [answer.status, answer.reason, answer.text, str(version) if version is not None else None]
    elif outcome.outcome == "result":
        said = [json.dumps(outcome.payload, ensure_ascii=False, indent=2)]
    else:
        said = [outcome.error_code, outcome.error_description]
    sentence = words(f"outcome.{outcome.outcome}", text=" · ".join(each for each in said if each))
    variables = answer.variables if answer is not None else ()
    return "\n".join([sentence, *(_variable_line(each) for each in variables)])


def _variable_line(variable: VariableResultAnswer) -> str:
    value = "–" if variable.value is None else variable.value
    return f"{variable.name} = {value} ({variable.status})"
