"""Scenario files: those that ship, and any other; read, and checked to the last word."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from runtime.near import nearest
from runtime.strict_file import flaw_of
from runtime.yaml_source import FileFlawed, Flaw, Source, read_source
from runtime.yaml_source import Path as PlaceInFile
from simulator.scenario import model
from simulator.scenario.checks import flaws_of
from simulator.scenario.document import Scenario
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.model import KINDS
from simulator.scenario.strict_model import StrictModel

SUFFIXES = (".yaml", ".yml")


def shipped_names() -> list[str]:
    """The scenarios that ship with the program."""
    found = (entry.name for entry in files("scenarios").iterdir())
    return sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))


def load_scenario(name: str) -> Scenario:
    """A shipped scenario by its name, or one from a file. Raises ScenarioFileError."""
    if name in shipped_names():
        text = files("scenarios").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        return parse_scenario(text, f"{name}.yaml")
    path = Path(name)
    if not name.endswith(SUFFIXES) and not path.exists():
        near = nearest(name, shipped_names())
        guess = f"did you mean {near}?" if near else f"choose one of {', '.join(shipped_names())}"
        rule = f"there is no scenario of this name, and no file; {guess}"
        raise ScenarioFileError(name, [Flaw(1, 1, rule)])
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        rule = f"the file cannot be read: {error.strerror or error}; check its name and rights"
        raise ScenarioFileError(name, [Flaw(1, 1, rule)]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ScenarioFileError(name, [Flaw(line, 1, "this is no UTF-8 text; save it as UTF-8")]) from None
    return parse_scenario(text, name)


def parse_scenario(text: str, where: str) -> Scenario:
    """A scenario from a text. Raises ScenarioFileError with every flaw, by line and column."""
    try:
        source = read_source(text, where)
    except FileFlawed as error:
        raise ScenarioFileError(where, error.flaws) from None
    if not isinstance(source.content, dict):
        rule = "a scenario file is a mapping with `scenario`, `title` and `steps`"
        raise ScenarioFileError(where, [Flaw(1, 1, rule)])
    return scenario_in(source)


def scenario_in(source: Source) -> Scenario:
    """A scenario from what a file holds, a mapping. Raises ScenarioFileError."""
    where = source.where
    try:
        scenario = Scenario.model_validate(source.content)
    except ValidationError as error:
        flaws = [_flaw(source, one) for one in error.errors(include_url=False)]
        raise ScenarioFileError(where, flaws) from None
    if flaws := list(flaws_of(scenario, source)):
        raise ScenarioFileError(where, flaws)
    return scenario


def _flaw(source: Source, error: ErrorDetails) -> Flaw:
    """A rule that pydantic found broken, in words for people, with its place."""
    path: PlaceInFile = tuple(part for part in error["loc"] if not _is_tag(part))
    if error["type"] == "union_tag_not_found":
        return _no_step(source, path)
    return flaw_of(source, path, error, _words())


def _is_tag(part: str | int) -> bool:
    return isinstance(part, str) and part.startswith("<") and part.endswith(">")


def _no_step(source: Source, path: PlaceInFile) -> Flaw:
    step: Any = source.content
    for part in path:
        step = step[part]
    if not isinstance(step, dict):
        return source.flaw(
            path, "a step is a mapping with one verb, such as `plug:` or `expect: {event: boot}`"
        )
    verbs = [key for key in step if key in KINDS]
    if len(verbs) > 1:
        rule = f"a step does one thing; make two steps of {' and '.join(verbs)}"
        return source.flaw((*path, verbs[1]), rule, of_key=True)
    known = set(model.Step.model_fields)
    strange = [key for key in step if key not in known]
    if not strange:
        return source.flaw(path, f"this step says nothing to do; its verb is one of {', '.join(KINDS)}")
    near = nearest(strange[0], KINDS)
    guess = f"did you mean `{near}`?" if near else f"steps are {', '.join(KINDS)}"
    return source.flaw((*path, strange[0]), f"there is no step `{strange[0]}`; {guess}", of_key=True)


def _words() -> Iterator[str]:
    """Every word that a file can have as a key."""
    kinds = [
        each for each in vars(model).values() if isinstance(each, type) and issubclass(each, StrictModel)
    ]
    for kind in kinds:
        yield from _keys(kind)


def _keys(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        yield field.alias or name
