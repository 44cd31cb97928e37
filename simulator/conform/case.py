"""Case files: scenarios with a name of their own, reusable preparations, and validations that name a clause.

`use: NAME` stands for the steps of that preparation, which are kept in one file for each side. What the file
gives under `with` stands for `${name}` in them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from runtime.near import guess
from runtime.yaml_source import FileFlawed, Flaw, Source, read_source
from simulator.conform.errors import ConformError
from simulator.scenario import model
from simulator.scenario.document import Scenario
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.files import scenario_in
from simulator.scenario.model import Step
from simulator.scenario.values import VARIABLE, WHOLE_VARIABLE

Side = Literal["cs", "csms"]
SIDES: tuple[Side, ...] = ("cs", "csms")
EDITION = "2.0.1"
FOLDER = f"tc/{EDITION}"
PREPARATIONS = "preparations.yaml"
DEEPEST = 8
"""Preparations inside preparations."""
CASE_ID = re.compile(r"^TC_([A-Z])_([0-9]+)_(CSMS|CS)$")
ANYTHING = "<any>"
"""As the pattern of an answer it judges nothing: a refusal is as good."""
VALIDATIONS = (model.ExpectStep, model.NeverStep, model.StatusStep, model.CheckStep)


@dataclass(frozen=True, slots=True)
class ConformCase:
    """One case. `needs` is the feature, or the features, without which it does not apply."""

    case_id: str
    side: Side
    scenario: Scenario
    needs: str = ""
    template: str | None = None
    """Of the simulated station, where the usual one will not do."""

    @property
    def title(self) -> str:
        """For people."""
        return self.scenario.title["en"]

    @property
    def block(self) -> str:
        """The letter of its functional block."""
        return self.case_id.split("_")[1]


@dataclass(frozen=True, slots=True)
class Preparations:
    """What the cases of one side share: steps, variables, tokens, the tool's usual answers, features."""

    steps: Mapping[str, Mapping[str, Any]]
    variables: Mapping[str, Any]
    tokens: Mapping[str, Mapping[str, Any]]
    replies: Mapping[str, Any]
    features: Mapping[str, bool]
    boot_calls: Sequence[Mapping[str, Any]] = ()
    """What makes a station on the wire boot, the gentlest first."""
    put_back: Mapping[str, Any] = field(default_factory=dict)
    """What puts back what a case changed there (`baseline`)."""


@cache
def preparations(side: Side) -> Preparations:
    """Those that ship. Raises ScenarioFileError."""
    content = _read(f"{side}/{PREPARATIONS}").content
    return Preparations(
        content["preparations"],
        content["variables"],
        content["tokens"],
        content["replies"],
        content["features"],
        content.get("boot_calls", ()),
        content.get("put_back", {}),
    )


def case_ids(side: Side) -> list[str]:
    """The cases that ship, in the order of their ids."""
    found = (
        entry.name.removesuffix(".yaml") for entry in files("scenarios").joinpath(FOLDER, side).iterdir()
    )
    return sorted(filter(CASE_ID.match, found), key=order_of)


def order_of(case_id: str) -> tuple[str, int]:
    """By block and number."""
    matched = CASE_ID.match(case_id)
    return (matched[1], int(matched[2])) if matched else (case_id, 0)


def load_case(case_id: str, side: Side) -> ConformCase:
    """A case that ships. Raises ConformError, ScenarioFileError."""
    if case_id not in case_ids(side):
        raise ConformError(f"there is no case {case_id}; {guess(case_id, case_ids(side))}")
    return case_in(_read(f"{side}/{case_id}.yaml"), case_id, side)


def case_in(source: Source, case_id: str, side: Side) -> ConformCase:
    """A case from what its file holds. Raises ScenarioFileError with every flaw."""
    content = source.content
    if not isinstance(content, dict):
        raise ScenarioFileError(source.where, [Flaw(1, 1, "a case is a mapping with `title` and `steps`")])
    needs, template = content.pop("needs", ""), content.pop("template", None)
    shared = preparations(side)
    source.content = {
        "scenario": case_id.lower().replace("_", "-"),
        "versions": [EDITION],
        "roles": {"a": {"simulated": [template or "ac-201"]}},
        **content,
        "variables": {**_tokens(shared), **shared.variables, **content.get("variables", {})},
        "steps": list(_expanded(content.get("steps") or [], shared.steps, source, ("steps",), DEEPEST)),
    }
    scenario = scenario_in(source)
    if flaws := list(_flaws(scenario, source)):
        raise ScenarioFileError(source.where, flaws)
    return ConformCase(case_id, side, scenario, str(needs), template)


def _tokens(shared: Preparations) -> dict[str, Any]:
    """The tokens by their names, as a case uses them."""
    return {name: one["id_token"] for name, one in shared.tokens.items()}


def is_validation(step: Step) -> bool:
    """Whether it judges something: an answer without a pattern of its own does not."""
    if isinstance(step, model.CallStep | model.SendStep):
        return step.answer not in (None, ANYTHING)
    if isinstance(step, model.ConnectStep):
        return step.connect is not None and step.connect.refused
    return isinstance(step, VALIDATIONS)


def leaves(steps: Sequence[Step], prefix: str = "") -> Iterator[tuple[str, Step]]:
    """Every step that has none in it, with its number."""
    for index, step in enumerate(steps, 1):
        if isinstance(step, model.GroupStep):
            yield from leaves(step.steps, f"{prefix}{index}.")
        else:
            yield f"{prefix}{index}", step


def main_validation(case: ConformCase) -> tuple[str, Step]:
    """The validation that the case is for, with its number."""
    judged = [(number, step) for number, step in leaves(case.scenario.steps) if is_judged(step)]
    return next(((number, step) for number, step in judged if step.main), judged[-1])


def is_judged(step: Step) -> bool:
    """A validation that names its clause."""
    return step.clause is not None and is_validation(step)


def _flaws(scenario: Scenario, source: Source) -> Iterator[Flaw]:
    every = [step for _, step in leaves(scenario.steps)]
    if not any(is_judged(step) for step in every):
        yield source.flaw(("steps",), "a case has a validation, and the validation a `clause`")
    for index, step in enumerate(scenario.steps):
        if is_validation(step) and step.clause is None:
            yield source.flaw(("steps", index), f"`{step.verb}` validates: name its `clause`")


def _read(path: str) -> Source:
    text = files("scenarios").joinpath(FOLDER, path).read_text(encoding="utf-8")
    try:
        return read_source(text, f"{FOLDER}/{path}")
    except FileFlawed as error:
        raise ScenarioFileError(error.where, error.flaws) from None


def _expanded(
    steps: Sequence[Any], known: Mapping[str, Any], source: Source, path: tuple[str | int, ...], depth: int
) -> Iterator[Any]:
    """The steps, and where one uses a preparation, its steps in a group."""
    for index, step in enumerate(steps):
        below = (*path, index)
        if isinstance(step, dict) and "steps" in step:
            inner = list(_expanded(step["steps"] or [], known, source, (*below, "steps"), depth))
            yield {**step, "steps": inner}
            continue
        if not isinstance(step, dict) or "use" not in step:
            yield step
            continue
        name = step["use"]
        if name not in known:
            rule = f"there is no preparation `{name}`; {guess(str(name), known)}"
            raise ScenarioFileError(source.where, [source.flaw((*below, "use"), rule)])
        if depth == 0:
            rule = f"`{name}` uses preparations {DEEPEST} deep"
            raise ScenarioFileError(source.where, [source.flaw((*below, "use"), rule)])
        one = known[name]
        given = one.get("with", {}) | step.get("with", {})
        inner = _given(deepcopy(one["steps"]), given)
        others = {key: value for key, value in step.items() if key not in ("use", "with")}
        title = one.get("title", str(name))
        yield {
            "title": title,
            **others,
            "steps": list(_expanded(inner, known, source, below, depth - 1)),
        }


def _given(value: Any, given: Mapping[str, Any]) -> Any:
    """What the preparation was given stands in the place of its names; other variables stay."""
    if isinstance(value, dict):
        return {key: _given(one, given) for key, one in value.items()}
    if isinstance(value, list):
        return [_given(one, given) for one in value]
    if not isinstance(value, str):
        return value
    whole = WHOLE_VARIABLE.match(value)
    if whole is not None:
        return given.get(whole[1], value)
    return VARIABLE.sub(lambda found: str(given.get(found[1], found[0])), value)
