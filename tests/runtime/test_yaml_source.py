"""Reading YAML: plain values, their places in the file, and what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.yaml_source import DEEPEST, LONGEST_FILE, MOST_VALUES, FileFlawed, read_source

TEXT = """\
scenario: x
versions: [1.6, 2.0.1]
steps:
  - plug:
  - expect: {event: boot, n: 0x1F, t: 2026-01-05T12:00:00Z, b: true, z: null}
    on: a
1.6: late
"""


def test_values_are_plain_and_keys_are_text() -> None:
    """Times stay as they are written; a version that looks like a number is one, as a key it is text."""
    assert read_source(TEXT, "x.yaml").content == {
        "scenario": "x",
        "versions": [1.6, "2.0.1"],
        "steps": [
            {"plug": None},
            {
                "expect": {"event": "boot", "n": 31, "t": "2026-01-05T12:00:00Z", "b": True, "z": None},
                "on": "a",
            },
        ],
        "1.6": "late",
    }


def test_every_value_has_its_place() -> None:
    """Line and column count from 1; a place that is not there is that of what is around it."""
    source = read_source(TEXT, "x.yaml")
    assert source.place(("versions", 1)) == (2, 17)
    assert source.place(("steps", 1, "expect", "n")) == (5, 30)
    assert source.place(("steps", 1, "expect", "n"), of_key=True) == (5, 27)
    assert source.place(("steps", 1, "within")) == (5, 5)
    assert source.place(()) == (1, 1)
    assert str(source.flaw(("steps", 0), "no").line) == "4"


def test_merged_values_are_at_the_place_that_merges_them() -> None:
    """YAML's `<<` brings in values that stand elsewhere."""
    source = read_source("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", "x.yaml")
    assert source.content["c"] == {"d": 2, "b": 1}
    assert source.place(("c", "b"))[0] in (2, 3)


@pytest.mark.parametrize(
    ("text", "line", "column", "rule"),
    [
        ("a: [", 1, 5, "this is no YAML"),
        ("a: 1\na: 2", 2, 1, "duplicate key"),
        ("\t", 1, 1, "cannot start any token"),
        ("a: *x", 1, 4, "undefined alias"),
        ("a: \x00", 1, 1, "special characters"),
        ("&a [*a]", 1, 1, "too much"),
        ("[" * 3000, 1, DEEPEST + 1, "nested too deep"),
        ("a: .nan", 1, 4, "finite"),
        ("a: !!binary aGFs", 1, 4, "not a bytes"),
        ("a: !!set {x}", 1, 4, "not a CommentedSet"),
        ("x" * (LONGEST_FILE + 1), 1, 1, "at most"),
    ],
)
def test_what_is_refused_says_where(text: str, line: int, column: int, rule: str) -> None:
    """One line with file, line and column."""
    with pytest.raises(FileFlawed) as caught:
        read_source(text, "x.yaml")
    (flaw,) = caught.value.flaws
    assert (flaw.line, flaw.column) == (line, column)
    assert rule in flaw.rule
    assert str(caught.value).startswith(f"x.yaml:{line}:{column}: ")


def test_aliases_cannot_make_a_file_grow() -> None:
    """The billion laughs: each value behind an alias counts again."""
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(FileFlawed, match=f"at most {MOST_VALUES} values"):
        read_source("\n".join(lines), "x.yaml")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but FileFlawed is ever raised."""
    with suppress(FileFlawed):
        read_source(text, "x.yaml")


@given(st.text(alphabet="{}[]:-&*!|>?#%@`'\", \n\tab1.<~", max_size=60))
def test_any_marks_are_read_or_refused(text: str) -> None:
    """The same for texts made of YAML's own characters."""
    with suppress(FileFlawed):
        read_source(text, "x.yaml")
