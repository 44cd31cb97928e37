"""Variables: filled in, captured, missing."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.scenario.scope import CaptureError, NoValueError, Scope


def test_variables_are_filled_in() -> None:
    """A text that is one variable becomes what it holds; within a text it becomes text."""
    scope = Scope({"n": 5, "list": [1], "a.id": "CS", "text": "t"})
    assert scope.fill({"x": "${n}", "y": ["${list}", "<at least ${n}>"], "z": 1, "id": "/x/${a.id}"}) == {
        "x": 5,
        "y": [[1], "<at least 5>"],
        "z": 1,
        "id": "/x/CS",
    }
    assert scope.fill("${text} ${list}") == "t [1]"
    assert scope.number("${n}") == 5
    scope.put("n", "7")
    assert scope.number("${n}") == 7
    with pytest.raises(NoValueError, match=r"\$\{zz\} has no value"):
        scope.fill("a ${zz}")
    with pytest.raises(ValueError, match="no whole number"):
        scope.number("${list}")


@given(st.text(alphabet=string.printable))
def test_text_without_variables_stays_as_it_is(text: str) -> None:
    """Dollars and braces mean nothing by themselves."""
    cleaned = text.replace("${", "$ {")
    assert Scope({}).fill(cleaned) == cleaned


def test_values_are_captured_by_their_path() -> None:
    """Members and elements; a question mark makes it optional."""
    scope = Scope({})
    found = {"a": {"b": [{"c": 1}]}, "d": None}
    assert scope.capture({"x": "a.b.0.c", "y": "d", "z": "e.f?"}, found) == {"x": 1, "y": None, "z": None}
    assert scope.fill("${x}") == 1
    for path in ("a.c", "a.b.1", "a.b.-1", "a.b.x", "d.e", "a.b.0.c.d"):
        with pytest.raises(CaptureError, match=f"no {path}"):
            scope.capture({"x": path}, found)
