"""tools/mutations.py: what is changed in a module."""

import ast

from tools.mutations import OPERATORS, Mutant, mutant_at, spots_of

TEXT = '''"""A module."""

LIMIT: int = 3


def far(a: int, b: int = 1) -> bool:
    """Whether it is."""
    note(a)
    if not a or b > LIMIT:
        return close(a - b, exact=True, by=None)
    return a if a == b else b
'''
EXPECTED = {
    ("constant", "3", "4"),
    ("constant", "1", "2"),
    ("constant", "True", "False"),
    ("statement", "note(a)", "pass"),
    ("condition", "if not a or b > LIMIT:", "if True:"),
    ("condition", "if not a or b > LIMIT:", "if False:"),
    ("connective", "not a or b > LIMIT", "not a and b > LIMIT"),
    ("negation", "not a", "a"),
    ("comparison", "b > LIMIT", "b >= LIMIT"),
    ("comparison", "a == b", "a != b"),
    ("arithmetic", "a - b", "a + b"),
    ("argument", "close(exact=True)", "close()"),
    ("argument", "close(by=None)", "close()"),
    ("condition", "a if a == b else b", "a"),
    ("condition", "a if a == b else b", "b"),
}


def made(text: str = TEXT) -> list[Mutant]:
    """All mutants of a module."""
    return [mutant_at(each, text) for each in spots_of("rules", "csms/rules/far.py", text)]


def test_one_thing_is_changed_at_a_time() -> None:
    """By each operator; annotations and docstrings are not."""
    found = made()
    assert {(each.operator, each.before, each.after) for each in found} == EXPECTED
    assert {each.operator for each in found} == set(OPERATORS)
    plain = ast.unparse(ast.parse(TEXT)).split("\n")
    for each in found:
        lines = each.source.split("\n")
        assert lines != plain
        assert len({*enumerate(lines)} - {*enumerate(plain)}) == 1, each
