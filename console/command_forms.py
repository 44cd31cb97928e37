"""What each command asks for, what is wrong with what was typed, and how it ended, in words."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from console.words import Words

FIELDS: dict[str, tuple[str, ...]] = {
    "reset": ("kind",),
    "change-availability": ("availability", "evse_id"),
    "unlock-connector": ("evse_id", "connector_id"),
    "trigger-message": ("message", "evse_id"),
    "remote-start": ("id_token", "evse_id"),
    "remote-stop": ("transaction_id",),
    "get-variables": ("component", "variable"),
    "set-variables": ("component", "variable", "value"),
    "get-base-report": (),
    "get-local-list-version": (),
    "clear-cache": (),
    "data-transfer": ("vendor_id", "message_id", "text"),
}
"""The commands with a button, and what each asks for. Local lists are sent by activation and API."""

RAW_FIELDS = ("action", "payload")
DEFAULTS = {"evse_id": "1", "connector_id": "1", "payload": "{}"}
NUMBERS = frozenset({"evse_id", "connector_id"})
REQUIRED: dict[str, frozenset[str]] = {
    "unlock-connector": frozenset({"evse_id"}),
    "remote-start": frozenset({"id_token"}),
    "remote-stop": frozenset({"transaction_id"}),
    "set-variables": frozenset({"variable", "value"}),
    "data-transfer": frozenset({"vendor_id"}),
    "raw": frozenset({"action"}),
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
    if name in ("get-variables", "set-variables"):
        variable = {field: given[field] for field in OF_A_VARIABLE if field in given}
        return {"variables": [variable] if variable else []}
    return dict(given)


def outcome_tone(name: str, told: Mapping[str, Any]) -> Tone:
    """Whether the station did it. The answer to a raw call is shown plainly: people judge it."""
    if name == "raw" and told["outcome"] == "result":
        return "plain"
    return "good" if told["is_accepted"] else "fault"


def outcome_text(told: Mapping[str, Any], words: Words) -> str:
    """How a command ended: a sentence, then what was read, a line for each variable."""
    answer = told["answer"] or {}
    said = [answer.get("status"), answer.get("reason"), answer.get("text")]
    if answer.get("local_list_version") is not None:
        said.append(str(answer["local_list_version"]))
    if not answer:
        said = [told["error_code"], told["error_description"]]
        if told["outcome"] == "result":
            said = [json.dumps(told["payload"], ensure_ascii=False, indent=2)]
    sentence = words(f"outcome.{told['outcome']}", text=" · ".join(str(each) for each in said if each))
    return "\n".join([sentence, *(_variable_line(each) for each in answer.get("variables", []))])


def _variable_line(variable: Mapping[str, Any]) -> str:
    value = "–" if variable["value"] is None else variable["value"]
    return f"{variable['name']} = {value} ({variable['status']})"
