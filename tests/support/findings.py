"""Every finding that the code states: what a station gets wrong, and is let through with."""

import ast
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from typing import Any

from ocppj import findings
from ocppj.identity import Toleration
from tests.support.sources import Source, product_sources


def known_findings() -> set[str]:
    """Those of the protocol core, of the way to the WebSocket, and whatever else any module adds."""
    known = {value for name, value in vars(findings).items() if name.isupper() and isinstance(value, str)}
    known |= {toleration.value for toleration in Toleration}
    for source in product_sources():
        if "inding" in source.text:
            known |= set(stated(source))
    return known


def stated(source: Source) -> Iterator[str]:
    """Slugs that a module states: constants documented as a finding, and what its calls add."""
    for node in source.nodes:
        for name, value in ast.iter_fields(node):
            if name == "body" and isinstance(value, list):
                yield from _documented(value)
        for expression in _added(node):
            slug = _value_of(source, expression)
            if isinstance(slug, str):
                yield slug.split(":")[0]


def _documented(body: list[ast.stmt]) -> Iterator[str]:
    for statement, text in pairwise(body):
        match statement, text:
            case (
                ast.Assign(value=ast.Constant(value=str(slug))),
                ast.Expr(value=ast.Constant(value=str(words))),
            ) if words.startswith("Finding:"):
                yield slug


def _added(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr="_note"), args=[slug]):
            yield slug
        case ast.Call(func=ast.Attribute(value=ast.Name(id="findings"), attr="append"), args=[slug]):
            yield slug
        case ast.Call(func=ast.Name(id="add_finding"), args=[_, slug]):
            yield slug
        case ast.Call(func=ast.Name(id="Finding"), args=[slug, *_]):
            yield slug
        case ast.Assign(targets=[ast.Name(id="findings")], value=value):
            yield from _texts(value)
        case ast.FunctionDef(name="_findings"):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    yield from _texts(inner.value)


def _texts(value: ast.expr) -> Iterator[ast.expr]:
    for node in ast.walk(value):
        if isinstance(node, ast.Tuple):
            yield from (item for item in node.elts if isinstance(item, ast.Constant))


def _value_of(source: Source, expression: ast.expr) -> Any:
    """What a constant expression is; None for one that is only known when it runs."""
    if isinstance(expression, ast.JoinedStr):  # `refused:{code}`
        first = expression.values[0]
        expression = first.value if isinstance(first, ast.FormattedValue) else first
    try:
        return eval(ast.unparse(expression), dict(vars(import_module(source.module))))
    except (NameError, AttributeError):
        return None
