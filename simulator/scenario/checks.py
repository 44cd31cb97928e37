"""What must agree inside a scenario file: roles, variables, events, patterns, commands. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ocppj.message_fields import Strange, strange_action, strange_field
from ocppj.versions import OcppVersion
from runtime.near import guess, nearest
from runtime.patterns import PatternError, compile_pattern
from runtime.yaml_source import Flaw, Path, Source
from simulator.scenario import model
from simulator.scenario.document import Scenario
from simulator.scenario.model import Step
from simulator.scenario.values import VARIABLE
from simulator.scenario.vocabulary import (
    COMMANDS,
    COMMON_FIELDS,
    EVENTS,
    ROLE_FIELDS,
    RUN_FIELDS,
    WORDS,
)
from simulator.scenario.wanted_patterns import FRAME_KINDS, by_version, wanted_of

_STANDS_FOR_VARIABLE = "1"
"""Put in for variables when a pattern is looked at before there are values: a number and a text alike."""


class Rule(NamedTuple):
    """A broken rule and the path to its place; `of_key` where the key is what is wrong."""

    path: Path
    text: str
    of_key: bool = False


def flaws_of(scenario: Scenario, source: Source) -> Iterator[Flaw]:
    """Every broken rule, in no order."""
    known = set(RUN_FIELDS)
    for role in scenario.roles:
        known |= {f"{role}.{field}" for field in ROLE_FIELDS}
    content: Mapping[str, Any] = source.content
    for rule in _unknown_variables(scenario.variables, ("variables",), known):
        yield source.flaw(rule.path, rule.text)
    checker = _Checker(scenario, known | set(scenario.variables))
    for part in ("steps", "on_failure"):
        for rule in checker.steps(getattr(scenario, part), content.get(part) or [], (part,)):
            yield source.flaw(rule.path, rule.text, of_key=rule.of_key)


class _Checker:
    """Goes through the steps in order, because a variable is known only after it was captured."""

    def __init__(self, scenario: Scenario, known: set[str]) -> None:
        self._scenario = scenario
        self._known = known

    def steps(self, steps: list[Any], raw: list[Any], path: Path) -> Iterator[Rule]:
        for index, (step, text) in enumerate(zip(steps, raw, strict=True)):
            yield from self._step(step, text, (*path, index))

    def _step(self, step: Step, raw: Mapping[str, Any], path: Path) -> Iterator[Rule]:
        if step.on is not None and step.on not in self._scenario.roles:
            roles = ", ".join(self._scenario.roles)
            yield Rule((*path, "on"), f"there is no role `{step.on}`; this file has {roles}")
        if step.when is not None:
            yield from _check_pattern(step.when.is_, (*path, "when", "is"))
        if isinstance(step, model.GroupStep):
            yield from _unknown_variables(raw.get("when"), (*path, "when"), self._known)
            yield from self.steps(step.steps, raw["steps"], (*path, "steps"))
            return
        yield from _unknown_variables(raw, path, self._known)
        yield from self._contents(step, raw, path)
        if step.capture and not isinstance(step, _CAPTURING):
            rule = f"`{step.verb}` has nothing to capture from; {', '.join(k.verb for k in _CAPTURING)} have"
            yield Rule((*path, "capture"), rule, of_key=True)
        self._known |= set(step.capture)

    def _contents(self, step: Step, raw: Mapping[str, Any], path: Path) -> Iterator[Rule]:
        below = (*path, step.verb)
        match step:
            case model.ExpectStep() | model.NeverStep():
                for body, place in _bodies(raw[step.verb], below):
                    yield from _check_wanted(body, place)
                    yield from _check_frame(body, place, _versions(step, place))
            case model.CallStep():
                for body, place in _bodies(raw["call"], below):
                    yield from _check_call(body, place, _versions(step, place))
                yield from _check_pattern(step.answer, (*path, "answer"))
            case model.SendStep() | model.ReplyStep():
                yield from _check_tool_step(step, raw, path)
            case model.StatusStep():
                at = (*below, "is") if isinstance(raw["status"], dict) and "is" in raw["status"] else below
                yield from _check_words("status", step.status.is_, at)
                yield from _check_pattern(step.status.is_, at)
            case model.CheckStep():
                yield from _check_pattern(step.is_, (*path, "is"))
            case model.CommandStep():
                if step.command not in COMMANDS:
                    yield Rule(below, _unknown("command", step.command, COMMANDS))
                yield from _check_pattern(step.answer, (*path, "answer"))
            case model.ApiRequestStep():
                yield from _check_api_request(step, path)
            case _:
                pass


def _check_tool_step(
    step: model.SendStep | model.ReplyStep, raw: Mapping[str, Any], path: Path
) -> Iterator[Rule]:
    """What the station sends as a CALL, and how the tool answers one."""
    below = (*path, step.verb)
    if isinstance(step, model.ReplyStep):
        strange = strange_action(step.reply.action, _versions(step, ()))
        if strange is not None:
            yield Rule((*below, "action"), _strange(strange))
        return
    bodies = _bodies(raw["send"], below) if isinstance(raw["send"], dict) else ()
    for body, place in ((each, at) for each, at in bodies if isinstance(each, dict)):
        yield from _check_call(body, place, _versions(step, place))
    yield from _check_pattern(step.answer, (*path, "answer"))


def _unknown_variables(value: Any, path: Path, known: set[str]) -> Iterator[Rule]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unknown_variables(each, (*path, key), known)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _unknown_variables(each, (*path, index), known)
    elif isinstance(value, str):
        for name in VARIABLE.findall(value):
            if name not in known:
                near = nearest(name, known)
                meant = f"did you mean ${{{near}}}?" if near else "capture it in an earlier step"
                yield Rule(path, f"${{{name}}} has no value here; {meant}")


_CAPTURING: tuple[type[Step], ...] = (
    model.ExpectStep,
    model.ApiRequestStep,
    model.CommandStep,
    model.CallStep,
    model.SendStep,
)


def _bodies(value: Mapping[str, Any], path: Path) -> Iterator[tuple[Mapping[str, Any], Path]]:
    """The body, or that of each version."""
    if not by_version(value):
        yield value, path
        return
    for version, body in value.items():
        yield body, (*path, version)


def _check_wanted(body: Any, path: Path) -> Iterator[Rule]:
    if not isinstance(body, dict):
        yield Rule(path, "this must be a mapping, such as {event: boot}")
        return
    name = body.get("event")
    if isinstance(name, str) and not name.startswith("<") and name not in EVENTS:
        yield Rule((*path, "event"), _unknown("event", name, EVENTS))
        return
    if name is not None:
        fields = COMMON_FIELDS | (EVENTS[name] if name in EVENTS else _every_field())
        for key, value in body.items():
            if key not in fields:
                yield Rule((*path, key), _unknown(f"field of {name}", key, fields), of_key=True)
            yield from _check_words(key, value, (*path, key))
    try:
        wanted_of(_filled(body))
    except PatternError as error:
        yield Rule((*path, *error.path), error.rule)


def _versions(step: Step, place: Path) -> tuple[OcppVersion, ...]:
    """The versions that a body is for: its own, those that the step is for, or all."""
    labels = (
        [place[-1]]
        if place and place[-1] in model.VERSIONS
        else [v for v in step.only if v in model.VERSIONS]
    )
    return tuple(each for each in OcppVersion if not labels or each.label in labels)


def _check_frame(body: Any, path: Path, versions: tuple[OcppVersion, ...]) -> Iterator[Rule]:
    """The action and the fields of a frame that is expected: a misspelt one would fit nothing, or everything.

    An error may answer an action that no version has: that is how nonsense is tried out.
    """
    if not isinstance(body, dict) or "event" in body:
        return
    for kind in FRAME_KINDS:
        action = body.get(kind)
        if not isinstance(action, str) or "${" in action:
            continue
        strange = strange_action(action, versions)
        if strange is not None and (kind != "error" or nearest(action, strange.known)):
            yield Rule((*path, kind), _strange(strange))
            continue
        fault = strange_field(body.get("match"), action=action, kind=kind, versions=versions)
        if fault is not None:
            yield Rule((*path, "match", *fault.path), _strange(fault, action), of_key=True)


def _strange(strange: Strange, action: str = "") -> str:
    return _unknown(f"{strange.what} of {action}" if action else strange.what, strange.word, strange.known)


def _check_call(body: Any, path: Path, versions: tuple[OcppVersion, ...]) -> Iterator[Rule]:
    if not isinstance(body, dict) or not isinstance(body.get("action"), str):
        yield Rule(path, "this must be {action: …, payload: {…}}")
        return
    for key in body:
        if key not in ("action", "payload"):
            yield Rule((*path, key), f"a call has action and payload, not `{key}`", of_key=True)
    payload, action = body.get("payload", {}), body["action"]
    if not isinstance(payload, dict):
        yield Rule((*path, "payload"), "a payload is a mapping")
    elif "${" in action:
        return
    elif (strange := strange_action(action, versions)) is not None:
        yield Rule((*path, "action"), _strange(strange))
    elif (strange := strange_field(payload, action=action, kind="call", versions=versions)) is not None:
        yield Rule((*path, "payload", *strange.path), _strange(strange, action), of_key=True)


def _check_api_request(step: model.ApiRequestStep, path: Path) -> Iterator[Rule]:
    if step.until is not None and not step.ask.startswith("GET "):
        yield Rule((*path, "until"), "only a GET can be asked again and again", of_key=True)
    if step.refused is not None and (step.answer is not None or step.until is not None):
        yield Rule((*path, "refused"), "a question is answered or refused, not both", of_key=True)
    for name in ("answer", "until", "refused"):
        yield from _check_pattern(getattr(step, name), (*path, name))


def _check_pattern(pattern: Any, path: Path) -> Iterator[Rule]:
    try:
        compile_pattern(_filled(pattern))
    except PatternError as error:
        yield Rule((*path, *error.path), error.rule)


def _check_words(field: str, value: Any, path: Path) -> Iterator[Rule]:
    """A plain text where only some words can stand."""
    words = WORDS.get(field)
    is_plain = isinstance(value, str) and not value.startswith("<") and "${" not in value
    if words is not None and is_plain and value not in words:
        yield Rule(path, _unknown(field, value, words))


def _every_field() -> dict[str, str]:
    return {name: text for fields in EVENTS.values() for name, text in fields.items()}


def _filled(value: Any) -> Any:
    """The value with something in the place of its variables."""
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    return VARIABLE.sub(_STANDS_FOR_VARIABLE, value) if isinstance(value, str) else value


def _unknown(what: str, word: str, known: Any) -> str:
    return f"there is no {what} `{word}`; {guess(word, known)}"
