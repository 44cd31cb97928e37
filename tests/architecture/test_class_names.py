"""A class name stands for one thing: whoever searches for it finds one class."""

import ast
from collections import defaultdict

from tests.support.sources import product_sources


def classes_by_name() -> dict[str, list[str]]:
    """Where each hand-written class of what ships is defined; those inside of functions and classes too."""
    found = defaultdict(list)
    for source in product_sources():
        if source.is_generated:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{source}:{node.lineno}")
    return found


def test_a_class_name_stands_once() -> None:
    """In all that ships and is written by hand, whatever package it is of."""
    twice = {name: places for name, places in classes_by_name().items() if len(places) > 1}
    assert twice == {}


def test_the_count_reads_classes() -> None:
    """The test above can fail: it sees every class, those inside of others too."""
    found = classes_by_name()
    assert len(found) > 500
    assert [place.split(":")[0] for place in found["StationLink"]] == ["csms/gateway/link.py"]
