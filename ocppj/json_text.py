"""JSON text as stations send it, read with care: what the fast decoder lets through or cannot explain.

msgspec keeps the last of duplicate keys silently, passes NUL, calls a lone surrogate "truncated", and raises
RecursionError on deep input: here each of these has one outcome.
"""

import json
import re
from itertools import accumulate, pairwise
from typing import Any

from ocppj import findings as slugs
from ocppj.errors import ErrorKind, PayloadError
from ocppj.findings import Finding

MAX_DEPTH = 32
MAX_DIGITS = 4300
"""Python's own limit, and so that of the fast decoder; fields have bounds of their own."""

# A string without its end takes the rest, so that no text is searched twice.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_FAR_OUT = float("inf")


def read_json(text: bytes, *, is_lenient: bool, findings: list[Finding] | None = None) -> Any:
    """The JSON value, read with care. Raises PayloadError: no JSON, too deep, a key twice, absurd numbers.

    Lenient reading takes raw control characters in strings (quirk 59), and says so in `findings`.
    """
    if is_too_deep(text):
        raise _malformed("too-deep", f"is nested deeper than {MAX_DEPTH} levels")
    try:
        return _read(text, is_strict=True)
    except PayloadError:
        if not is_lenient:
            raise
    value = _read(text, is_strict=False)
    if findings is not None:
        findings.append(Finding(slugs.CONTROL_CHARACTER, "$", "holds a raw control character"))
    return value


class Unreadable:
    """Stands where a value stood that has no one meaning; every reader refuses it, and says why."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


def read_json_parts(text: bytes, findings: list[Finding]) -> Any:
    """The JSON value with `Unreadable` where a part has none: a key twice, NaN, a number beyond all bounds.

    Raises PayloadError for what is no JSON at all, and for what is too deep.
    """
    if is_too_deep(text):
        raise _malformed("too-deep", f"is nested deeper than {MAX_DEPTH} levels")

    def merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key not in found:
                found[key] = value
            elif repr(found[key]) == repr(value):
                findings.append(Finding(slugs.DUPLICATE_KEY, "$", "has a key twice with the same value"))
            else:
                found[key] = Unreadable("has two values")
        return found

    hooks: dict[str, Any] = {
        "object_pairs_hook": merged,
        "parse_constant": lambda name: Unreadable(f"is {name}"),
        "parse_int": lambda digits: int(digits) if len(digits) <= MAX_DIGITS else _BEYOND,
        "parse_float": lambda digits: _BEYOND if abs(float(digits)) == _FAR_OUT else float(digits),
    }
    try:
        return _loaded(text, is_strict=True, **hooks)
    except PayloadError:
        findings.clear()
    value = _loaded(text, is_strict=False, **hooks)
    findings.append(Finding(slugs.CONTROL_CHARACTER, "$", "holds a raw control character"))
    return value


_BEYOND = Unreadable("is a number beyond all bounds")


def is_too_deep(text: bytes) -> bool:
    """Whether brackets nest deeper than 32 levels."""
    if text.count(b"{") + text.count(b"[") <= MAX_DEPTH:
        return False
    brackets = _STRING.sub(b"", text).translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MAX_DEPTH


def holds_half_characters(text: str) -> bool:
    """Whether there are lone surrogates in it, which no file, socket or database takes."""
    return _SURROGATE.search(text) is not None


def storable_text(text: str) -> str:
    """Text that every database and every JSON reader takes: no half characters, no NUL."""
    return _SURROGATE.sub("\ufffd", text).replace("\x00", "\u2400")


def storable(value: Any) -> Any:
    """A JSON value with such texts only."""
    match value:
        case str():
            return storable_text(value)
        case list():
            return [storable(item) for item in value]
        case dict():
            return {storable_text(key): storable(item) for key, item in value.items()}
        case _:
            return value


def _read(text: bytes, *, is_strict: bool) -> Any:
    return _loaded(
        text,
        is_strict=is_strict,
        object_pairs_hook=_unique,
        parse_constant=_no_constant,
        parse_int=_bounded_int,
        parse_float=_finite_float,
    )


def _loaded(text: bytes, *, is_strict: bool, **hooks: Any) -> Any:
    try:
        return json.loads(text.decode(), strict=is_strict, **hooks)
    except UnicodeDecodeError as error:
        raise _malformed("not-utf-8", f"is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise _malformed("not-json", f"is not JSON: {error}") from None


def _malformed(rule: str, detail: str) -> PayloadError:
    return PayloadError(ErrorKind.FORMAT_VIOLATION, "$", rule, detail)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(one for one, other in pairwise(sorted(key for key, _ in pairs)) if one == other)
        raise _malformed("duplicate-key", f"has the key {twice[:50]!r} twice")
    return found


def _no_constant(name: str) -> Any:
    raise _malformed("not-json", f"holds {name}, which is not JSON")


def _bounded_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise PayloadError(
            ErrorKind.PROPERTY_CONSTRAINT, "$", "out-of-range", f"holds a number of {len(digits)} digits"
        )
    return int(digits)


def _finite_float(digits: str) -> float:
    number = float(digits)
    if abs(number) == _FAR_OUT:
        raise PayloadError(
            ErrorKind.PROPERTY_CONSTRAINT, "$", "out-of-range", "holds a number beyond all bounds"
        )
    return number
