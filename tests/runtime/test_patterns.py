"""Patterns over JSON values: what fits, what does not, and what is said about it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.patterns import FORMS, KEYS, MISSING, PatternError, compile_pattern, fits, path_text, shown

PLAIN_TEXT = st.text(max_size=8).filter(lambda text: not text.startswith("<"))
SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | PLAIN_TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN_TEXT, inner, max_size=3)
)
ANYTHING = st.recursive(
    SCALAR | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


def is_so(pattern: Any, value: Any) -> bool:
    """Whether `value` fits."""
    return fits(compile_pattern(pattern), value)


def holds(pattern: Any, value: Any) -> bool:
    """The meaning of plain values, written down a second time: the oracle."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(k in value and holds(v, value[k]) for k, v in pattern.items())
    if isinstance(pattern, list):
        return (
            isinstance(value, list)
            and len(value) == len(pattern)
            and all(holds(one, other) for one, other in zip(pattern, value, strict=True))
        )
    if isinstance(pattern, bool) or isinstance(value, bool):
        return pattern is value
    return bool(pattern == value)


@given(JSON)
def test_everything_fits_itself(value: Any) -> None:
    """And an object with more members, but not one with fewer."""
    assert is_so(value, value)
    assert is_so({"a": value}, {"a": value, "b": 1})
    assert not is_so({"a": value, "b": 1}, {"a": value})


@given(JSON, JSON)
def test_plain_values_mean_what_they_say(pattern: Any, value: Any) -> None:
    """Compared with a second description of it; what does not fit has a difference, what fits has none."""
    found = list(compile_pattern(pattern).differences(value))
    assert (found == []) is holds(pattern, value)
    for each in found:
        assert str(each)


@given(ANYTHING, ANYTHING)
def test_any_value_is_a_pattern_or_a_pattern_error(pattern: Any, value: Any) -> None:
    """Nothing else is ever raised, by reading or by comparing."""
    try:
        compiled = compile_pattern(pattern)
    except PatternError:
        return
    list(compiled.differences(value))


@given(st.text(alphabet="<>anyotebsmlcx 0123456789.,[]()*+\\", max_size=30), SCALAR)
def test_any_form_is_read_or_refused(text: str, value: Any) -> None:
    """Texts that look like forms are no danger either."""
    try:
        compiled = compile_pattern(text)
    except PatternError:
        return
    list(compiled.differences(value))


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.integers(-1000, 1000))
def test_comparisons_are_those_of_numbers(value: float, limit: int) -> None:
    """Numbers in texts count as numbers: 1.6 sends meter values so."""
    for shape in (value, str(value)):
        assert is_so(f"<above {limit}>", shape) is (value > limit)
        assert is_so(f"<below {limit}>", shape) is (value < limit)
        assert is_so(f"<at least {limit}>", shape) is (value >= limit)
        assert is_so(f"<at most {limit}>", shape) is (value <= limit)
        assert is_so(f"<between {limit} and {limit + 5}>", shape) is (limit <= value <= limit + 5)


@given(JSON)
def test_whatever_is_there_is_any_and_not_absent(value: Any) -> None:
    """Null is there, too."""
    assert is_so("<any>", value)
    assert is_so({"a": "<any>"}, {"a": value})
    assert not is_so({"a": "<absent>"}, {"a": value})
    assert is_so({"a": "<absent>"}, {"b": value})
    assert not is_so({"a": "<any>"}, {"b": value})
    assert not fits(compile_pattern("<not x>"), MISSING)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("<above 2026-01-05T12:00:00Z>", "2026-01-05T14:00:00.5+01:00"),
        ("<between 2026-01-05T12:00:00Z and 2026-01-05T12:00:00Z>", "2026-01-05T12:00:00"),
        ("<version at least 4.10>", "v4.10.0-rc2"),
        ("<version at least 4.9>", "4.10"),
        ("<not Rejected>", "Accepted"),
        ("<not 5>", 6),
        ("<one of Accepted, 5, null, true>", 5),
        ("<one of Accepted, 5, null, true>", None),
        ("<one of Accepted, 5, null, true>", True),
        ("<one of Accepted, 5, null, true>", "true"),
        ("<contains rev>", "Rivebleue rev 2"),
        ("<contains 2>", [1, 2]),
        ("<matches ^SN[0-9]+$>", "SN17"),
        ("<exactly <any>>", "<any>"),
        (
            {"<contains>": {"measurand": "Voltage"}},
            [{"measurand": "Power"}, {"measurand": "Voltage", "v": 1}],
        ),
        ({"<every>": "<above 0>"}, [1, 2]),
        ({"<every>": "<above 0>"}, []),
        ({"<not>": {"a": 1}}, {"a": 2}),
        ({"a": {"<one of>": [1, "<absent>"]}}, {}),
        ({"<all of>": [{"<contains>": 1}, {"<contains>": 2}]}, [2, 1]),
        ("<", "<"),
        ("<anonymous", "<anonymous"),
        ("<exactly <any>", "<any"),
        ("<>", "<>"),
    ],
)
def test_what_fits(pattern: Any, value: Any) -> None:
    """Each form and each key, once."""
    assert is_so(pattern, value)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (1, True),
        (True, 1),
        ([1], [1, 2]),
        ([1, 2], [1]),
        ({"a": 1}, [1]),
        ("a", "A"),
        (None, 0),
        ("<above 5>", True),
        ("<above 5>", "many"),
        ("<above 5>", "9" * 400),
        ("<above 5>", None),
        ("<above 2026-01-05T12:00:00Z>", "tomorrow"),
        ("<above 2026-01-05T12:00:00Z>", "2026-13-05T12:00:00Z"),
        ("<version at least 4.10>", "4.9.9"),
        ("<version at least 1>", 1),
        ("<not 5>", 5),
        ("<one of 1, true>", [1]),
        ("<one of A, B>", "C"),
        ("<contains 2>", "13"),
        ("<contains 2>", 2),
        ("<matches ^SN>", 5),
        ({"<contains>": 1}, 1),
        ({"<every>": 1}, 1),
        ({"<every>": 1}, [1, 2]),
        ({"<not>": {"a": 1}}, {"a": 1, "b": 2}),
        ({"<all of>": [1, "<not 1>"]}, 1),
    ],
)
def test_what_does_not_fit(pattern: Any, value: Any) -> None:
    """Types, order and case count."""
    assert not is_so(pattern, value)


@pytest.mark.parametrize(
    ("pattern", "path", "rule"),
    [
        ("<anything>", (), "there is no pattern <anything>"),
        ({"a": ["<above x>"]}, ("a", 0), "neither a number nor a time"),
        ("<between 1>", (), "write it as"),
        ("<between 5 and 1>", (), "the first limit"),
        ("<between 5 and 2026-01-05T12:00:00Z>", (), "both limits"),
        ("<one of A,,B>", (), "between two commas"),
        ("<matches (>", (), "no regular expression"),
        ("<version at least x>", (), "a version has numbers"),
        ("<above >", (), "there is no pattern"),
        ({"a": "<one of A"}, ("a",), "has no end"),
        ({"<contains>": 1, "a": 2}, ("<contains>",), "stands alone"),
        ({"<some>": 1}, ("<some>",), "there is no <some>"),
        ({"<one of>": []}, ("<one of>",), "takes a list"),
        ({"a": object()}, ("a",), "JSON values only"),
    ],
)
def test_a_bad_pattern_says_where_and_why(pattern: Any, path: tuple[str | int, ...], rule: str) -> None:
    """The path leads to the place, so that a file's line can be named."""
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert caught.value.path == path
    assert rule in caught.value.rule


def test_depth_is_bounded() -> None:
    """A pattern from anywhere cannot exhaust the stack."""
    pattern: Any = 1
    for _ in range(100):
        pattern = [pattern]
    with pytest.raises(PatternError, match="levels deep"):
        compile_pattern(pattern)


def test_expressions_are_not_taken_from_strangers() -> None:
    """A regular expression can be made to take for ever."""
    with pytest.raises(PatternError, match="scenario files only"):
        compile_pattern({"a": "<matches a>"}, allow_regex=False)


def test_differences_name_every_place() -> None:
    """What was expected, and what was there instead."""
    pattern = compile_pattern({"a": {"b": [1, "<above 2>"]}, "c": "<any>", "d": "<absent>", "e": [], "f": {}})
    found = {str(each) for each in pattern.differences({"a": {"b": [1, 2]}, "d": "é", "e": 5, "f": 5})}
    assert found == {
        "a.b.1: expected <above 2>, found 2",
        "c: expected <any>, found nothing",
        'd: expected <absent>, found "é"',
        "e: expected a list, found 5",
        "f: expected an object, found 5",
    }
    extra = [str(each) for each in compile_pattern([1]).differences([1, 2])]
    assert extra == ["1: expected <absent>, found 2"]


def test_values_are_shown_in_a_line() -> None:
    """However long they are."""
    assert shown({"a": "x" * 500}).endswith("…")
    assert len(shown("x" * 500, limit=20)) == 20
    assert json.loads(shown([1, "é"])) == [1, "é"]
    assert (path_text(()), path_text(("a", 0))) == ("the value", "a.0")
    assert repr(MISSING) == "nothing"


def test_the_documented_forms_are_those_that_are_read() -> None:
    """Each example compiles; no key is missing."""
    for form in FORMS:
        compile_pattern(form)
    for key in KEYS:
        compile_pattern({key: ["<any>"]})
