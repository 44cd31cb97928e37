"""What the code spells that ships and is written by hand: names, texts and classes of each file.

Read from the code without its docstrings: what is imported, named and compared, not what is told.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tests.support.sources import Source, product_sources


@dataclass(frozen=True)
class Spelling:
    """Of one file."""

    texts: frozenset[str]
    words: frozenset[str]
    """Names and texts."""
    classes: Mapping[int, str]
    """By the line where they begin."""


@cache
def spellings() -> Mapping[str, Spelling]:
    """Of each file, by its path below the root."""
    return {str(source): _spelling(source) for source in product_sources() if not source.is_generated}


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
    return Spelling(texts, texts | frozenset(_names(source)), classes)


def _names(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ClassDef | ast.alias):
            yield node.name
