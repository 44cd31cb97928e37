"""JSON text as stations send it: what the fast decoder lets through or cannot explain is found here.

msgspec keeps the last of duplicate keys silently, passes NUL, calls a lone surrogate "truncated", and raises
RecursionError on deep input: the tests before decoding (`needs_care`) and the careful reader (`read_json`)
give each of these one outcome.
"""

import json
import re
from typing import Any

from ocppj.errors import ErrorKind, PayloadError

MAX_DEPTH = 32
MAX_DIGITS = 20

_PLAIN_KEY = re.compile(rb'"(\w+)":')  # twice as fast as the next, which also reads odd keys
_KEY = re.compile(rb'"([^"\\]*)"\s*:')
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_FAR_OUT = float("inf")


def needs_care(text: bytes) -> bool:
    """Whether the text may hold something that the fast decoder would let pass: cheap, errs towards True."""
    if len(text) <= 2:
        return False
    if b"\\u" in text:
        return True
    if text.count(b"{") + text.count(b"[") > MAX_DEPTH:
        return True
    keys = _PLAIN_KEY.findall(text)
    if len(keys) != text.count(b'":') or b'" ' in text or b'"\t' in text or b'"\n' in text or b'"\r' in text:
        keys = _KEY.findall(text)
    return len(keys) != len(set(keys))


def read_json(text: bytes, *, is_lenient: bool) -> Any:
    """The JSON value, read with care. Raises PayloadError: no JSON, too deep, a key twice, absurd numbers."""
    if is_too_deep(text):
        raise _malformed("too-deep", f"nested deeper than {MAX_DEPTH} levels")
    try:
        return json.loads(
            text.decode(),
            strict=not is_lenient,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_bounded_int,
            parse_float=_finite_float,
        )
    except UnicodeDecodeError as error:
        raise _malformed("not-utf-8", f"is not UTF-8 at byte {error.start}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise _malformed("not-json", f"is not JSON: {error}") from None


def is_too_deep(text: bytes) -> bool:
    """Whether brackets nest deeper than 32 levels."""
    if text.count(b"{") + text.count(b"[") <= MAX_DEPTH:
        return False
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        first = text[match.start()]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif first in b"]}":
            depth -= 1
    return False


def _malformed(rule: str, detail: str) -> PayloadError:
    return PayloadError(ErrorKind.FORMAT_VIOLATION, "$", rule, detail)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
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
