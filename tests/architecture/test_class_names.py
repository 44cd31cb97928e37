"""A class name stands for one thing: whoever searches for it finds one class."""

import ast
from collections import defaultdict

from tests.support.sources import product_sources

STILL_TWICE: dict[str, str] = {
    "Adoption": "console: the dialogs; provisioning: a station taken in",
    "Body": "csms: of a command; runtime: of any request",
    "Box": "demo: a station with its label; provisioning: what came under a station's id",
    "Conversation": "provisioning: CALLs to a station; simulator: what a station and its server send",
    "Entry": "csms: a station of the list, a line of a local list; provisioning: a line of the catalogue",
    "Facts": "csms: what was decided of a message; provisioning: what is known of a station",
}
"""Names that stand more than once, and why."""


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
    """In the whole repository, whatever package it is of."""
    twice = {name: places for name, places in classes_by_name().items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in STILL_TWICE} == {}
