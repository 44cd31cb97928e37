"""Mutants of the other side: each lacks just what the main validation of a case looks at.

A case that passes against its mutant proves nothing. The mutant stands at the tool's end of the wire and
begins with the last action before the validation: what came before goes on as it was.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from runtime.patterns import compile_pattern, fits
from simulator.conform.case import ConformCase, leaves, main_validation
from simulator.conform.peer import Altered
from simulator.scenario import model
from simulator.scenario.conversation import Sender
from simulator.scenario.event_log import EventLog
from simulator.scenario.model import Step
from simulator.scenario.scope import NoValueError, Scope
from simulator.scenario.verdicts import StepResult

CALL, RESULT, ERROR = 2, 3, 4
OTHER_WORD = "Rejected"
OTHER_TEXT = "something else"


class CaseMutant:
    """Implements `simulator.conform.peer.Mutant` and `simulator.scenario.runner.StepListener`."""

    def __init__(self, case: ConformCase, other: Sender) -> None:
        self.number, self.step = main_validation(case)
        self.scope: Scope | None = None
        self.event_log: EventLog | None = None
        self._other = other
        self._begins_at = _last_action_before(case, self.number)
        self._is_armed = False
        self._open: dict[str, str] = {}
        """The actions of the tool's own CALLs, by message id."""

    # Which step is being done

    def step_started(self, step: StepResult) -> None:
        """The mutant begins with the action that leads to the validation."""
        if step.number == self._begins_at:
            self._is_armed = True
        if step.number == self.number and isinstance(self.step, model.NeverStep):
            self._do_what_must_not_be()

    def step_ended(self, step: StepResult) -> None:
        """It goes on until the case ends."""

    # What it makes of frames

    def alter(self, text: bytes) -> Altered:
        """Hide what is expected, or change what is answered."""
        if not self._is_armed:
            return Altered(text)
        frame = json.loads(text)
        match frame:
            case [2, _, str(action), payload]:
                return Altered(text, is_seen=not self._is_wanted(action, payload))
            case [3, str(message_id), payload] if self._answers_main(message_id):
                changed = self._changed(payload)
                return Altered(json.dumps([RESULT, message_id, changed]).encode())
            case [4, str(message_id), *_] if self._answers_main(message_id):
                return Altered(json.dumps([RESULT, message_id, {"status": OTHER_WORD}]).encode())
            case _:
                return Altered(text)

    def _is_wanted(self, action: str, payload: Any) -> bool:
        if isinstance(self.step, model.StatusStep):
            return True
        if not isinstance(self.step, model.ExpectStep):
            return False
        wanted = self.step.expect
        if wanted.get("call") != action or wanted.get("from", self._other) != self._other:
            return False
        pattern = self._filled(wanted.get("match", {}))
        return pattern is None or fits(compile_pattern(pattern), payload)

    def _answers_main(self, message_id: str) -> bool:  # noqa: ARG002 - one CALL is open at a time
        return isinstance(self.step, model.CallStep | model.SendStep)

    def _changed(self, payload: Any) -> Any:
        """An answer that is otherwise just where the validation looks."""
        answer = self.step.answer if isinstance(self.step, model.CallStep | model.SendStep) else None
        return otherwise(payload, self._filled(answer))

    def _do_what_must_not_be(self) -> None:
        if self.event_log is None or not isinstance(self.step, model.NeverStep):
            return
        action = self.step.never.get("call")
        pattern = self._filled(self.step.never.get("match", {}))
        payload = example_of(pattern)
        raw = json.dumps([CALL, "mutant", action, payload])
        frames = self.event_log.frames()
        self.event_log.add(self._other, raw, frames[-1].at)

    def _filled(self, value: Any) -> Any:
        if self.scope is None:
            return value
        try:
            return self.scope.fill(value)
        except NoValueError:  # captured later: hide all of them
            return None


def otherwise(payload: Any, pattern: Any) -> Any:
    """The payload with one thing that the pattern looks at changed, deepest first."""
    if not isinstance(pattern, Mapping):
        return changed_value(payload, pattern)
    key = next(iter(pattern), None)
    if key is not None and key.startswith("<"):
        return []
    if key is None or not isinstance(payload, dict):
        return payload
    changed = deepcopy(payload)
    below = pattern[key]
    if below == "<absent>":
        changed[key] = OTHER_TEXT
    elif key not in changed or below == "<any>":
        changed.pop(key, None)
    elif isinstance(below, list) and below and isinstance(changed[key], list) and changed[key]:
        changed[key][0] = otherwise(changed[key][0], below[0])
    else:
        changed[key] = otherwise(changed[key], below)
    return changed


def changed_value(value: Any, pattern: Any) -> Any:
    """Some other value, of the same kind where that can be."""
    others: tuple[Any, ...] = (OTHER_WORD, "Accepted", OTHER_TEXT, -987654, None, [])
    for other in others:
        if type(other) is type(value) and other != value and not fits(compile_pattern(pattern), other):
            return other
    return next(other for other in others[2:] if not fits(compile_pattern(pattern), other))


def example_of(pattern: Any) -> Any:
    """Something that fits a pattern of plain values; what is none is left away, or stands for any."""
    if isinstance(pattern, Mapping):
        return {
            key: example_of(value)
            for key, value in pattern.items()
            if value != "<absent>" and not str(key).startswith("<")
        }
    if isinstance(pattern, list):
        return [example_of(one) for one in pattern]
    if isinstance(pattern, str) and pattern.startswith("<one of "):
        return pattern.removeprefix("<one of ").removesuffix(">").split(",")[0].strip()
    if isinstance(pattern, str) and pattern.startswith("<not "):
        return OTHER_TEXT
    return pattern


def _last_action_before(case: ConformCase, number: str) -> str:
    """The number of the step with which what the validation looks at begins."""
    found = number
    for each, step in leaves(case.scenario.steps):
        if each == number:
            return number if step.begins_action else found
        if _brings_about(step):
            found = each
    return found


def _brings_about(step: Step) -> bool:
    return step.begins_action or isinstance(step, model.WaitStep)
