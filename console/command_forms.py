"""What each command asks for, what is wrong with what was typed, and how it ended, in words."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from console.words import Words
from csms.api.bodies import BODIES
from csms.api.outcome_views import (
    CommandAnswerAnswer,
    CompositeScheduleView,
    OutcomeAnswer,
    VariableResultAnswer,
)
from csms.rules.command_rules import rule_of
from ocppj.model.monitoring import ClearVariableMonitoring, SetVariableMonitoring
from ocppj.model.smart_charging import SetChargingProfile, UpdateDynamicSchedule

SET_PROFILE, UPDATE_DYNAMIC = SetChargingProfile.name, UpdateDynamicSchedule.name
SET_MONITOR, CLEAR_MONITORS = SetVariableMonitoring.name, ClearVariableMonitoring.name
_REQUIRED: dict[str, tuple[str, ...]] = {
    "reset": ("kind",),
    "change-availability": ("availability", "evse_id"),
    "trigger-message": ("message", "evse_id"),
    "get-variables": ("component", "variable"),
    "set-variables": ("component", "variable", "value"),
    "get-report": ("component", "variable"),
    SET_PROFILE: ("evse_id", "purpose", "limit", "unit", "stack_level", "transaction_id"),
    UPDATE_DYNAMIC: ("profile_id", "limit"),
    SET_MONITOR: ("component", "variable", "evse_id", "type", "value", "severity"),
}
"""Where a dialog asks for less than the command takes, or for one of a list."""
OF_VARIABLES = frozenset({"get-variables", "set-variables", "get-report"})
"""They take a list of variables; a dialog asks for one."""
_SELDOM = frozenset(
    {"timeout_s", "id_token_type", "remote_start_id", "request_id"}
    | {"charging_profile", "profile_ids", "sources", "message_ids", "criteria", "variables", "certificate"}
)
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
    "smart_charging": "charging",
    "tariffs": "charging",
    "display": "display",
    "transactions": "charging",
    "variables": "configuration",
    "monitoring": "configuration",
    "local_list": "authorization",
    "authorization": "authorization",
    "customers": "authorization",
    "data_transfer": "other",
}
_OF_THE_STATION = "station"
GROUP_ORDER = ("charging", _OF_THE_STATION, "configuration", "authorization", "display", "other")
"""What people look for a command by (`command_group.*`), the most used first."""


def group_of(name: str) -> str:
    """By the functional block that defines the command."""
    block = "data_transfer" if name == RAW else BODIES[name].made_of.__module__.rpartition(".")[2]
    return _GROUPS_BY_BLOCK.get(block, _OF_THE_STATION)


def is_dangerous(name: str) -> bool:
    """Whether it is asked once more: nobody knows what a raw call does."""
    return name == RAW or rule_of(name).may_interrupt


DEFAULTS = {
    "evse_id": "1",
    "connector_id": "1",
    "payload": "{}",
    "unit": "A",
    "duration_s": "86400",
    "activate": "true",
    "priority": "NormalCycle",
    "format": "UTF8",
}
NUMBERS = frozenset({"evse_id", "connector_id", "stack_level", "duration_s"})
REQUIRED: dict[str, frozenset[str]] = {
    **{
        name: frozenset(field for field in fields if BODIES[name].model_fields[field].is_required())
        for name, fields in FIELDS.items()
        if name not in (*OF_VARIABLES, SET_PROFILE, UPDATE_DYNAMIC, SET_MONITOR)
    },
    "set-variables": frozenset({"variable", "value"}),
    "get-report": frozenset({"component"}),
    SET_PROFILE: frozenset({"evse_id", "purpose", "limit", "unit"}),
    UPDATE_DYNAMIC: frozenset({"profile_id", "limit"}),
    SET_MONITOR: frozenset({"component", "variable", "type", "value"}),
    RAW: frozenset({"action"}),
}
LONG_AGO = "2020-01-01T00:00:00Z"
"""A start in the past leaves no gap (1.6 §3.13.2)."""
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
    if name == SET_PROFILE:  # one limit from now on, without an end
        periods = [{"start_s": 0, "limit": given.get("limit")}]
        schedule = {"unit": given.get("unit"), "starts_at": LONG_AGO, "periods": periods}
        own = {each: given[each] for each in ("purpose", "stack_level", "transaction_id") if each in given}
        return {"evse_id": given.get("evse_id"), "profile": {**own, "schedules": [schedule]}}
    if name == UPDATE_DYNAMIC:
        return {"profile_id": given.get("profile_id"), "update": {"limit": given.get("limit")}}
    if name == SET_MONITOR:
        return {"monitors": [dict(given)]}
    if name == CLEAR_MONITORS:
        return {"monitor_ids": re.findall(r"[^\s,;]+", given.get("monitor_ids", ""))}
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
        said += _transaction_lines(answer, words)
    elif outcome.outcome == "result":
        said = [json.dumps(outcome.payload, ensure_ascii=False, indent=2)]
    else:
        said = [outcome.error_code, outcome.error_description]
    sentence = words(f"outcome.{outcome.outcome}", text=" · ".join(each for each in said if each))
    variables = answer.variables if answer is not None else ()
    limits = _limit_lines(answer.schedule) if answer is not None and answer.schedule is not None else ()
    lines = [*(_variable_line(each) for each in variables), *limits, *_monitor_lines(answer)]
    return "\n".join([sentence, *lines])


def _monitor_lines(answer: CommandAnswerAnswer | None) -> Iterator[str]:
    """A line for each monitor that was set, and for each number that was cleared."""
    for each in answer.monitors if answer is not None else ():
        number = f"{each.monitor_id}: " if each.monitor_id is not None else ""
        yield f"{number}{each.name} {each.type} ({each.status})"
    for cleared in answer.cleared if answer is not None else ():
        yield f"{cleared.monitor_id}: {cleared.status}"


def _limit_lines(schedule: CompositeScheduleView) -> Iterator[str]:
    """A line for each period, by the seconds after the start."""
    for each in schedule.periods:
        limit = f"{each.limit:g}" if each.limit is not None else "–"
        phases = f" × {each.phases}" if each.phases is not None and schedule.unit == "A" else ""
        yield f"+{each.start_s} s: {limit} {schedule.unit}{phases}"


def _transaction_lines(answer: CommandAnswerAnswer, words: Words) -> list[str]:
    """What was said of a transaction, or of what waits of any."""
    if answer.has_messages_queued is None:
        return []
    lines = []
    if answer.is_ongoing is not None:
        is_ongoing = answer.is_ongoing
        lines.append(words("transaction_status.ongoing") if is_ongoing else words("transaction_status.over"))
    is_queued = answer.has_messages_queued
    lines.append(words("transaction_status.queued") if is_queued else words("transaction_status.delivered"))
    return lines


def _variable_line(variable: VariableResultAnswer) -> str:
    value = "–" if variable.value is None else variable.value
    return f"{variable.name} = {value} ({variable.status})"
