"""Where messages are used, read from the sources by name: what simulated stations send, what scenarios and
case files do, and what the stations and the central system on the `ocpp` package say and answer.

Nothing is run and no test is imported.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from ruamel.yaml import YAML

from ocppj.actions import actions_of
from ocppj.model.catalogue import COMMANDS
from ocppj.model.messages import StationMessage
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from simulator.conform.case import CASE_ID, EDITION, PREPARATIONS, SIDES, order_of
from simulator.scenario.model import VERSIONS, scopes

ROOT = Path(__file__).resolve().parent.parent
SENDERS = ("simulator/connection", "simulator/model", "simulator/station")
"""Where simulated stations make their messages."""
ROUTES = {"POST /reservations": "reserve"}
"""Routes by which scenarios command without naming the command."""
_OLD = frozenset({OcppVersion.V16})
_NEW = frozenset({OcppVersion.V201, OcppVersion.V21})
EVENTS: Mapping[str, Sequence[tuple[str, frozenset[OcppVersion]]]] = {
    "boot": [("BootNotification", _OLD | _NEW)],
    "heartbeat": [("Heartbeat", _OLD | _NEW)],
    "status": [("StatusNotification", _OLD | _NEW)],
    "authorize": [("Authorize", _OLD | _NEW)],
    "transaction started": [("StartTransaction", _OLD), ("TransactionEvent", _NEW)],
    "transaction updated": [("TransactionEvent", _NEW)],
    "transaction ended": [("StopTransaction", _OLD), ("TransactionEvent", _NEW)],
    "meter": [("MeterValues", _OLD)],
    "data transfer": [("DataTransfer", _OLD | _NEW)],
    "firmware status": [("FirmwareStatusNotification", _OLD | _NEW)],
    "log status": [("LogStatusNotification", _OLD | _NEW)],
    "reservation ended": [("ReservationStatusUpdate", _NEW)],
    "security event": [("SecurityEventNotification", _OLD | _NEW)],
    "report": [("NotifyReport", _NEW)],
}
"""The requests that surely told an event of a scenario (2.x tells `meter` with two of them)."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One file that uses an action; `path` is below the project. What a file names itself comes before what
    its preparations name.
    """

    is_prepared: bool
    rank: tuple[str, int]
    path: str


Place = tuple[OcppVersion, str]
"""A version and an action."""


# What simulated stations send


@cache
def sent_by_simulator() -> frozenset[Place]:
    """Of each version, the requests whose messages a simulated station makes."""
    messages = {each.__name__: each for each in get_args(StationMessage)}
    made = {
        messages[name]
        for folder in SENDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in _called(ast.parse(path.read_text(encoding="utf-8")))
        if name in messages
    }
    return frozenset(
        (version, action)
        for version in OcppVersion
        for message in made
        for action in translation_for(version).actions_of(message)
    )


def _called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


# What scenarios and case files do


@cache
def used_by_scenarios() -> Mapping[Place, Sequence[Use]]:
    """By version and action: the shipped scenarios and case files that bring it about or wait for it."""
    found: dict[Place, set[Use]] = {}
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        content = _yaml(path)
        versions = _versions(content.get("versions", VERSIONS))
        for place in uses(content["steps"], versions, {}):
            found.setdefault(place, set()).add(Use(is_prepared=False, rank=("", 0), path=_below(path)))
    for side in SIDES:
        folder = ROOT / "scenarios" / "tc" / EDITION / side
        prepared = _yaml(folder / PREPARATIONS)["preparations"]
        for path in sorted(folder.glob("TC_*.yaml")):
            if CASE_ID.match(path.stem):
                steps, versions = _yaml(path)["steps"], _versions([EDITION])
                own = set(uses(steps, versions, {}))
                for place in uses(steps, versions, prepared):
                    use = Use(is_prepared=place not in own, rank=order_of(path.stem), path=_below(path))
                    found.setdefault(place, set()).add(use)
    return {place: sorted(each) for place, each in found.items()}


def uses(
    steps: Sequence[Mapping[str, Any]], versions: frozenset[OcppVersion], prepared: Mapping[str, Any]
) -> Iterator[Place]:
    """What steps name, in the versions in which they are done. What must never come, and how the tool would
    answer, is no use.
    """
    for step in steps:
        here = versions
        if named := [each for each in scopes(step.get("only", [])) if each in VERSIONS]:
            here = versions & _versions(named)
        yield from uses(step.get("steps") or (), here, prepared)
        if step.get("use") in prepared:
            yield from uses(prepared[step["use"]]["steps"], here, prepared)
        for version in here:
            for action in _named(step, version):
                if action in actions_of(version):
                    yield version, action


def _named(step: Mapping[str, Any], version: OcppVersion) -> Iterator[str]:
    if "status" in step:
        yield "StatusNotification"
    for verb, key in (("call", "action"), ("send", "action"), ("expect", "call")):
        if isinstance(found := _of_version(step.get(verb), version).get(key), str):
            yield found
    for action, told_in in EVENTS.get(str(_of_version(step.get("expect"), version).get("event")), ()):
        if version in told_in:
            yield action
    command = COMMANDS.get(step.get("command", ROUTES.get(str(step.get("ask")), "")))
    if command is not None and version in command.versions:
        yield translation_for(version).action_of(command)


def _of_version(value: Any, version: OcppVersion) -> Mapping[str, Any]:
    """What stands under a verb, or under the version there."""
    if not isinstance(value, dict):
        return {}
    own = {str(key): each for key, each in value.items()}.get(version.label)
    return own if isinstance(own, dict) else value


def _versions(labels: Sequence[Any]) -> frozenset[OcppVersion]:
    return frozenset(each for each in OcppVersion if each.label in scopes(list(labels)))


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _below(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# What the independent peer plays


PACKAGE = "ocpp"
_MODULES = {"v16": OcppVersion.V16, "v201": OcppVersion.V201, "v21": OcppVersion.V21}
_EVERY = frozenset(OcppVersion)


@cache
def played_by_peer() -> Mapping[Place, Sequence[str]]:
    """By version and action: the modules of tests/interop that call it or answer it with the package."""
    trees = {
        _below(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "tests" / "interop").glob("*.py"))
    }
    found: dict[Place, set[str]] = {}
    for place, path in played(trees):
        found.setdefault(place, set()).add(path)
    return {place: sorted(each) for place, each in found.items()}


def played(trees: Mapping[str, ast.Module]) -> Iterator[tuple[Place, str]]:
    """Of these modules, what each plays. A mixin is of the versions of the classes that it is mixed into."""
    aliases = {path: _aliases(tree) for path, tree in trees.items()}
    classes = {
        node.name: (node, aliases[path])
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    spoken = _spoken(classes)
    for path, tree in trees.items():
        for node in tree.body:
            inside = spoken.get(node.name, _EVERY) if isinstance(node, ast.ClassDef) else _parametrized(node)
            for action, versions in _peer_names(node, aliases[path], inside):
                yield from (
                    ((version, action), path) for version in versions if action in actions_of(version)
                )


def _aliases(tree: ast.Module) -> Mapping[str, OcppVersion]:
    """What a module calls the package's parts of a version."""
    return {
        name.asname or name.name: _MODULES[node.module.removeprefix(f"{PACKAGE}.")]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module is not None
        and node.module.removeprefix(f"{PACKAGE}.") in _MODULES
        for name in node.names
    }


def _spoken(
    classes: Mapping[str, tuple[ast.ClassDef, Mapping[str, OcppVersion]]],
) -> Mapping[str, frozenset[OcppVersion]]:
    """By class: the versions of its bases, and of the classes that have it as a base."""
    spoken = {name: _own_versions(name, classes) for name in classes}
    for name in classes:
        for above in _above(name, classes):
            if not _own_versions(above, classes):
                spoken[above] |= _own_versions(name, classes)
    return spoken


def _own_versions(
    name: str, classes: Mapping[str, tuple[ast.ClassDef, Mapping[str, OcppVersion]]]
) -> frozenset[OcppVersion]:
    found = set()
    for each in (name, *_above(name, classes)):
        node, aliases = classes[each]
        bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
        found |= {aliases[base] for base in bases if base in aliases}
    return frozenset(found)


def _above(name: str, classes: Mapping[str, tuple[ast.ClassDef, Mapping[str, OcppVersion]]]) -> Iterator[str]:
    for base in classes[name][0].bases:
        if isinstance(base, ast.Name) and base.id in classes:
            yield base.id
            yield from _above(base.id, classes)


def _parametrized(node: ast.stmt) -> frozenset[OcppVersion]:
    """The versions that a test is played in, where its list is written out; else all."""
    for each in getattr(node, "decorator_list", ()):
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "pytest.mark.parametrize":
            name, values, *_ = each.args
            if isinstance(name, ast.Constant) and name.value == "version" and isinstance(values, ast.List):
                return _versions(ast.literal_eval(values))
    return _EVERY


def _peer_names(
    node: ast.AST, aliases: Mapping[str, OcppVersion], inside: frozenset[OcppVersion]
) -> Iterator[tuple[str, frozenset[OcppVersion]]]:
    """The actions of `@on("Reset")`, `call16.Reset(…)`, `self.calls.Reset(…)` and `_module(…).Reset(…)`."""
    modules = {
        target.id
        for each in ast.walk(node)
        if isinstance(each, ast.Assign) and _is_module_call(each.value)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    for each in ast.walk(node):
        if not isinstance(each, ast.Call):
            continue
        if isinstance(each.func, ast.Name) and each.func.id == "on" and each.args:
            yield ast.literal_eval(each.args[0]), inside
        elif isinstance(each.func, ast.Attribute):
            owner, action = each.func.value, each.func.attr
            if isinstance(owner, ast.Name) and owner.id in aliases:
                yield action, frozenset({aliases[owner.id]})
            elif (
                _is_module_call(owner)
                or (isinstance(owner, ast.Name) and owner.id in modules)
                or (isinstance(owner, ast.Attribute) and owner.attr == "calls")
            ):
                yield action, inside


def _is_module_call(node: ast.AST) -> bool:
    """Whether it picks the package's calls of the test's version."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_module"
