"""JSON text read with care: one outcome where parsers disagree, and texts that can be kept."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.errors import ErrorKind, PayloadError
from ocppj.findings import Finding
from ocppj.json_text import (
    MAX_DEPTH,
    MAX_DIGITS,
    Unreadable,
    holds_half_characters,
    is_too_deep,
    read_json,
    read_json_parts,
    storable,
    storable_text,
)
from tests.support.schemas import JSON_VALUES

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(ANY_JSON, st.booleans(), st.booleans())
def test_json_is_read_as_it_is(value: Any, is_lenient: bool, is_ascii: bool) -> None:
    """Escapes or not, strict or not; findings only for what is wrong."""
    raw = json.dumps(value, ensure_ascii=is_ascii).encode("utf-8", "backslashreplace")
    findings: list[Finding] = []
    assert read_json(raw, is_lenient=is_lenient, findings=findings) == value
    assert findings == []


@given(st.binary(max_size=40), st.booleans())
def test_no_bytes_raise_anything_else(raw: bytes, is_lenient: bool) -> None:
    """A value or a PayloadError."""
    with contextlib.suppress(PayloadError):
        read_json(raw, is_lenient=is_lenient)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\n", "\t", "\x1f"])
def test_raw_control_characters_are_read_leniently_and_named(character: str) -> None:
    """Quirk 59: no JSON, but with one meaning."""
    raw = f'{{"a":"x{character}"}}'.encode()
    with pytest.raises(PayloadError, match="control character") as caught:
        read_json(raw, is_lenient=False)
    assert caught.value.kind is ErrorKind.FORMAT_VIOLATION
    findings: list[Finding] = []
    assert read_json(raw, is_lenient=True, findings=findings) == {"a": f"x{character}"}
    assert [finding.slug for finding in findings] == ["control-character"]
    assert read_json(raw, is_lenient=True) == {"a": f"x{character}"}


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("is_lenient", [True, False])
def test_what_python_takes_for_json_is_none(name: str, is_lenient: bool) -> None:
    """The error says which word it was."""
    with pytest.raises(PayloadError, match=f"holds {name}, which is not JSON"):
        read_json(f"[{name}]".encode(), is_lenient=is_lenient)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * (MAX_DIGITS + 1), "-" + "9" * MAX_DIGITS])
def test_numbers_beyond_all_bounds_are_refused(number: str) -> None:
    """A number is finite, and short enough for Python to read and write again."""
    with pytest.raises(PayloadError) as caught:
        read_json(number.encode(), is_lenient=True)
    assert (caught.value.rule, caught.value.kind) == ("out-of-range", ErrorKind.PROPERTY_CONSTRAINT)
    assert read_json(b"9" * MAX_DIGITS, is_lenient=False) == 10**MAX_DIGITS - 1


@pytest.mark.parametrize(
    ("raw", "key"),
    [(b'{"a":1,"a":1}', "a"), (b'[{"b":{"":0,"":1}}]', ""), (b'{"\\u0061":1,"b":2,"a":3}', "a")],
)
def test_a_key_twice_is_named(raw: bytes, key: str) -> None:
    """At any depth, in any spelling: two readers would keep different ones."""
    with pytest.raises(PayloadError, match=f"has the key '{key}' twice") as caught:
        read_json(raw, is_lenient=True)
    assert caught.value.rule == "duplicate-key"


def test_bad_utf_8_says_where() -> None:
    """By the byte."""
    with pytest.raises(PayloadError, match="is not UTF-8 at byte 2"):
        read_json(b'["\xff"]', is_lenient=True)


@given(
    st.integers(0, 80),
    st.sampled_from([(b"[", b"]", 1), (b'{"a":', b"}", 1), (b'[{"]":', b"}]", 2)]),
    st.binary(max_size=9),
)
def test_depth_is_counted_outside_of_strings(
    times: int, nest: tuple[bytes, bytes, int], noise: bytes
) -> None:
    """Whatever stands in strings beside it."""
    begin, end, levels = nest
    text = json.dumps(noise.decode("latin-1") + '"\\]}[{').encode()
    raw = b"[%b,%b1%b,%b]" % (text, begin * times, end * times, text)
    assert is_too_deep(raw) == (1 + times * levels > MAX_DEPTH)
    if is_too_deep(raw):
        with pytest.raises(PayloadError, match="nested deeper"):
            read_json(raw, is_lenient=True)
    else:
        assert read_json(raw, is_lenient=False)


def test_many_brackets_are_not_depth() -> None:
    """A long list of objects is flat."""
    assert not is_too_deep(b"[" + b",".join([b'{"a":[]}'] * 1000) + b"]")
    assert not is_too_deep(b"]" * 100 + b"[" * 100)
    assert is_too_deep(b'"' + b"[" * 50 + b'"' + b"[" * 50)
    assert not is_too_deep(b'["' + b"[" * 50)


@given(ANY_JSON)
def test_storable_values_can_be_kept(value: Any) -> None:
    """By a file, a socket, PostgreSQL's text; keys too."""
    kept = storable(value)
    text = json.dumps(kept, ensure_ascii=False)
    assert text.encode()
    assert "\\u0000" not in text
    assert storable(kept) == kept


@given(JSON_VALUES)
def test_what_is_storable_stays_as_it_is(value: Any) -> None:
    """Nothing else changes."""
    assert storable(value) == value


def test_storable_text_shows_what_was_there() -> None:
    """NUL as its picture, half a character as the replacement character."""
    assert storable_text("a\x00b\ud800c\n") == "a\u2400b\ufffdc\n"
    assert holds_half_characters("\udfff")
    assert not holds_half_characters("\U0001f50c\x00")
    assert storable(["a\x00", {"b\x00": 1, "c": None}]) == ["a\u2400", {"b\u2400": 1, "c": None}]


def shown(value: Any) -> Any:
    """A value with the reason in the place of what has no one meaning."""
    if isinstance(value, Unreadable):
        return f"<{value.why}>"
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    return [shown(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("text", "value", "found"),
    [
        ('{"a":1,"b":[2.5]}', {"a": 1, "b": [2.5]}, []),
        ('{"a":1,"a":2,"b":3}', {"a": "<has two values>", "b": 3}, []),
        ('{"a":1,"a":1.0}', {"a": "<has two values>"}, []),
        ('{"a":[1],"a":[1]}', {"a": [1]}, ["duplicate-key"]),
        ('[NaN,-Infinity,"x"]', ["<is NaN>", "<is -Infinity>", "x"], []),
        ("[1e400,-1e400,1e3]", ["<is a number beyond all bounds>"] * 2 + [1000.0], []),
        (f"[{'9' * MAX_DIGITS}1,7]", ["<is a number beyond all bounds>", 7], []),
        ('{"a":"x\n","b":1,"b":1}', {"a": "x\n", "b": 1}, ["duplicate-key", "control-character"]),
    ],
)
def test_parts_that_have_no_one_meaning_stand_alone(text: str, value: Any, found: list[str]) -> None:
    """The rest of a billing message is read all the same (rule 18)."""
    findings: list[Finding] = []
    assert shown(read_json_parts(text.encode(), findings)) == value
    assert [each.slug for each in findings] == found


@pytest.mark.parametrize(
    ("raw", "rule"), [(b"{", "not-json"), (b'["\xff"]', "not-utf-8"), (b"[" * 33 + b"]" * 33, "too-deep")]
)
def test_what_is_no_json_has_no_parts(raw: bytes, rule: str) -> None:
    """Nothing of it can be used."""
    with pytest.raises(PayloadError) as caught:
        read_json_parts(raw, [])
    assert caught.value.rule == rule


def test_a_number_that_floats_hold_is_read_as_it_is() -> None:
    """Up to the greatest there is."""
    assert read_json(b"[1.7976931348623157e308,-0.5]", is_lenient=False) == [1.7976931348623157e308, -0.5]
