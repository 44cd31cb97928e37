"""What the code spells that ships and is written by hand: names, texts and classes of each file.

Read from the code without its docstrings: what is imported, named and compared, not what is told.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tests.support.sources import Source, product_sources


@dataclass(frozen=True)
class Spelling:
    """Of one file."""

    texts: frozenset[str]
    words: frozenset[str]
    """Names and texts."""
    named: frozenset[str]
    """Texts, and the names that are given here: of functions, arguments, variables and members."""
    made: frozenset[str]
    """What is called by its bare name."""
    classes: Mapping[int, str]
    """By the line where they begin."""


@cache
def spellings() -> Mapping[str, Spelling]:
    """Of each file, by its path below the root."""
    return {str(source): _spelling(source) for source in product_sources() if not source.is_generated}


def forms_of(names: Iterable[str]) -> frozenset[str]:
    """How code may spell these: as they stand, and in CamelCase, snake_case, kebab-case and UPPER_CASE.

    Of one word alone, only as it stands: everybody resets and authorizes something.
    """
    found = set(names)
    for name in names:
        humps = [each.lower() for each in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)]
        if len(humps) > 1:
            camel = "".join(each.capitalize() for each in humps)
            found |= {"_".join(humps), "-".join(humps), "_".join(humps).upper(), camel}
    return frozenset(found)


def places_of_class(name: str) -> list[str]:
    """Where a class is defined."""
    return [
        f"{path}:{line}"
        for path, spelling in spellings().items()
        for line, found in spelling.classes.items()
        if found == name
    ]


def _spelling(source: Source) -> Spelling:
    told = {id(node.value) for node in source.nodes if isinstance(node, ast.Expr)}
    texts = frozenset(
        node.value
        for node in source.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    )
    classes = {node.lineno: node.name for node in source.nodes if isinstance(node, ast.ClassDef)}
    return Spelling(
        texts,
        texts | frozenset(_names(source)),
        texts | frozenset(_given_names(source)),
        frozenset(
            node.func.id
            for node in source.nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ),
        classes,
    )


def _given_names(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _names(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ClassDef | ast.alias):
            yield node.name
