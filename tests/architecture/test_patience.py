"""No test has a wall-clock limit that a loaded machine can reach."""

import ast
import tomllib
from collections.abc import Iterator

import pytest

from tests.support.sources import ROOT, Source, sources
from tests.support.waiting import PATIENCE_S

DEADLINES = frozenset({"timeout", "wait_for", "communicate", "run", "result", "join", "until"})
"""Calls that give up after so many seconds, by their last name."""
CLIENTS = frozenset({"AsyncClient", "Client"})


def calls(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """Every call, by the last part of its name."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield str(name), node


def seconds_of(source: Source, mark: ast.Call) -> float:
    """What a mark gives: a number, or a constant of its own file."""
    (given,) = (*mark.args, *(each.value for each in mark.keywords if each.arg == "timeout"))
    if isinstance(given, ast.Name):
        (given,) = (
            node.value
            for node in source.tree.body
            if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == [given.id]
        )
    return float(ast.literal_eval(given))


def is_short(node: ast.expr) -> bool:
    """A number of seconds that a machine under load can need for anything."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value < PATIENCE_S


def short_deadlines(source: Source) -> Iterator[str]:
    """Where a test gives up too early."""
    for name, call in calls(source):
        keywords = {each.arg: each.value for each in call.keywords}
        is_asyncio = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "asyncio"
        given = [keywords["timeout"]] if "timeout" in keywords and name in DEADLINES else []
        if is_asyncio and name == "timeout":
            given += call.args
        if is_asyncio and name == "wait_for":
            given += call.args[1:]
        if isinstance(call.func, ast.Name) and name == "until":
            given += call.args[1:]
        if any(map(is_short, given)):
            yield f"{source}:{call.lineno} {name}"
        is_httpx = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "httpx"
        if is_httpx and name in CLIENTS and "transport" not in keywords:
            waits = keywords.get("timeout")
            if not (isinstance(waits, ast.Constant) and waits.value is None):
                yield f"{source}:{call.lineno} an HTTP client that gives up after five seconds"


@pytest.mark.held_before("it reads the tests, and those are of this side on any product")
def test_no_test_gives_up_before_a_loaded_machine_is_done() -> None:
    """asyncio's and subprocess's deadlines are PATIENCE_S, HTTP clients have none; pytest names a hang."""
    short = [each for source in sources() if source.package == "tests" for each in short_deadlines(source)]
    assert short == []


def test_no_test_has_less_time_than_the_others() -> None:
    """`@pytest.mark.timeout` is for those that need more: one that says less is a clock that load reaches."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    marks = {
        f"{source}:{call.lineno}": seconds_of(source, call)
        for source in sources()
        if source.package == "tests"
        for name, call in calls(source)
        if name == "timeout" and ast.unparse(call.func) == "pytest.mark.timeout"
    }
    assert marks
    assert {where: given for where, given in marks.items() if given < settings["timeout"]} == {}


def test_a_hanging_test_is_named_by_its_own_line_first() -> None:
    """pytest's limit is the longer one."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert settings["timeout"] > PATIENCE_S
