"""What happens is named in the field's verbs: an event is published, a frame sent or received, a command
requested, work enqueued. Who looks for where something happens finds it by these.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.sources import product_sources

BANNED = frozenset(
    {"tell", "tells", "told", "telling", "teller", "hear", "hears", "heard", "hearing", "hearer"}
    | {"say", "says", "said", "saying", "sayer", "ask", "asks", "asked", "asking", "asker"}
    | {"take", "takes", "taking", "taker"}
)
"""Publish, notify, report, print; receive; send, print; request, enqueue; receive, apply, acquire, consume,
accept. *Taken* stays: a name or a port is.
"""
EXCEPTIONS = {
    "ask": "the word of scenario files (`simulator.scenario.model`)",
    "asked": "a member of the load report (`simulator.load.report`)",
    "asked_at": "a column, and a member of the API's answers",
    "asked_by": "a column, and a member of the API's answers",
    "asks": "the word of product files (`provisioning.products.product`)",
    "TakeInBody": "a schema of the OpenAPI document, named like its route",
    "TOLD": "a state of credentials as it is stored and answered (`provisioning.records`)",
    "PASSWORD_TOLD": "an act as it is stored and answered (`csms.domain.audit`)",
    "ACTIVATION_ASKED_FOR": "an act as it is stored and answered (`csms.domain.audit`)",
}
"""Names that people outside hold on to, and who they are."""
LEFT_ALONE = ("borne.migrations.versions",)
"""Migrations stay as they were applied."""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_banned(name: str) -> bool:
    """Whether one of its words is."""
    return any(word.lower() in BANNED for word in WORD.findall(name))


def names_given(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of all that others see: classes, functions, parameters, attributes, constants. Functions
    that are routes name the operations of the OpenAPI document: they have the words of their paths.
    """
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            if not any("router." in ast.unparse(each) for each in node.decorator_list):
                yield node.lineno, node.name
            for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                yield each.lineno, each.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.ClassDef | ast.Module):
            if isinstance(node, ast.ClassDef):
                yield node.lineno, node.name
            yield from _assigned(node.body)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    for statement in body:
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        for target in (statement.target,) if isinstance(statement, ast.AnnAssign) else targets:
            if isinstance(target, ast.Name):
                yield target.lineno, target.id


def _found() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in product_sources():
        if source.is_generated or source.module.startswith(LEFT_ALONE):
            continue
        for line, name in names_given(source.tree):
            if is_banned(name):
                found.setdefault(name, []).append(f"{source}:{line}")
        for word in source.module.split("."):
            if is_banned(word):
                found.setdefault(word, []).append(f"{source}: its name")
    return found


def test_verbs_are_those_of_the_field() -> None:
    """Of what ships and is written by hand."""
    assert {name: places for name, places in _found().items() if name not in EXCEPTIONS} == {}


def test_no_exception_of_a_verb_outlives_its_reason() -> None:
    """Each is a name that there is."""
    assert set(EXCEPTIONS) - set(_found()) == set()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def _tell(x): ...", ["_tell"]),
        ("async def publish(told): ...", ["told"]),
        ("class NotHeard(E): ...", ["NotHeard"]),
        ("class A:\n    is_asked: bool = False", ["is_asked"]),
        ("def f(self):\n    self._said = 1", ["_said"]),
        ("ASKED_MOST = 3", ["ASKED_MOST"]),
        ("@router.post('/x/take-in')\ndef take_in(): ...", []),
        ("def task(): ...\nPLACE_TAKEN = basket = 1", []),
    ],
)
def test_the_search_for_verbs_finds_them(code: str, names: list[str]) -> None:
    """The tests above can fail."""
    assert [name for _, name in names_given(ast.parse(code)) if is_banned(name)] == names
