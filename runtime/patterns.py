"""Patterns over JSON values: one vocabulary for scenario files and for `match` of the API. Pure.

A plain value stands for itself. An object may have more members than its pattern; a list matches element by
element; numbers compare by value, so that 1 is 1.0, and true is never 1. A text in angle brackets says what
a value must be like (`FORMS`), and so does an object with one such text as its only key (`KEYS`):

    {"status": "<one of Accepted, Pending>", "interval": "<above 0>", "customData": "<absent>"}
    {"meterValue": {"<contains>": {"sampledValue": {"<contains>": {"measurand": "Voltage"}}}}}
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any, Final, Protocol

from runtime.measures import instant, is_same, is_word, number, version

Path = tuple[str | int, ...]
DEEPEST = 50

FORMS: dict[str, str] = {
    "<any>": "there, whatever it is",
    "<absent>": "not there",
    "<above 5>": "a number (or a text that is one) greater than 5; a time after that time",
    "<below 5>": "less than 5, or before that time",
    "<at least 5>": "5 or more, or not before that time",
    "<at most 5>": "5 or less, or not after that time",
    "<between 1 and 5>": "from 1 to 5, both included; times too",
    "<version at least 1.4>": "a version whose numbers, one after the other, are 1.4 or later",
    "<not Rejected>": "there, and something else",
    "<one of A, B>": "one of these",
    "<contains A>": "a text with A in it, or a list with A as an element",
    "<matches ^SN[0-9]+$>": "a text that the regular expression finds something in (scenario files only)",
    "<exactly <any>>": "this very text, for one that has angle brackets itself",
}
"""Every form that a text can have, by example."""

KEYS: dict[str, str] = {
    "<contains>": "a list with an element that fits the pattern",
    "<every>": "a list, each of whose elements fits the pattern",
    "<not>": "there, and does not fit the pattern",
    "<one of>": "fits one of the patterns in the list",
    "<all of>": "fits every pattern in the list",
}
"""Every key that makes an object more than an object."""


class PatternError(ValueError):
    """A pattern that cannot be read. `path` leads to the place in it, `rule` says what is wrong there."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path_text(path)}: {rule}")
        self.path = path
        self.rule = rule


class _Missing(Enum):
    MISSING = "nothing"

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing.MISSING
"""What stands where nothing is: only `<absent>` fits it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a value is not as its pattern says; `found` is `MISSING` where nothing is."""

    path: Path
    expected: str
    found: Any

    def __str__(self) -> str:
        return f"{path_text(self.path)}: expected {self.expected}, found {shown(self.found)}"


class Pattern(Protocol):
    """What a value must be like."""

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        """Where `value` is otherwise; nothing where it fits."""
        ...


def compile_pattern(raw: Any, *, allow_regex: bool = True) -> Pattern:
    """Read a pattern given as JSON values. Raises PatternError.

    Regular expressions can take for ever on purpose: take none from strangers (`allow_regex`).
    """
    return _compile(raw, (), allow_regex)


def fits(pattern: Pattern, value: Any) -> bool:
    """Whether `value` is as `pattern` says."""
    return next(iter(pattern.differences(value)), None) is None


def path_text(path: Path) -> str:
    """`a.b.0` for people; `the value` for the whole of it."""
    return ".".join(str(part) for part in path) or "the value"


def shown(value: Any, limit: int = 200) -> str:
    """A value as JSON, cut to what fits in a line."""
    if value is MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else text[: limit - 1] + "…"


# --- Nodes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scalar:
    """Exactly this number, text, truth or null."""

    wanted: Any

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if not is_same(self.wanted, value):
            yield Difference(path, shown(self.wanted), value)


@dataclass(frozen=True, slots=True)
class _Test:
    """A text in angle brackets: `holds` says whether a value that is there is as it says."""

    text: str
    holds: Callable[[Any], bool]

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if value is MISSING or not self.holds(value):
            yield Difference(path, self.text, value)


@dataclass(frozen=True, slots=True)
class _Absent:
    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if value is not MISSING:
            yield Difference(path, "<absent>", value)


@dataclass(frozen=True, slots=True)
class _Members:
    wanted: dict[str, Pattern]

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if not isinstance(value, dict):
            yield Difference(path, "an object", value)
            return
        for key, each in self.wanted.items():
            yield from each.differences(value.get(key, MISSING), (*path, key))


@dataclass(frozen=True, slots=True)
class _Elements:
    wanted: tuple[Pattern, ...]

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if not isinstance(value, list):
            yield Difference(path, "a list", value)
            return
        for place, (each, other) in enumerate(zip_longest(self.wanted, value, fillvalue=MISSING)):
            if each is MISSING:
                yield Difference((*path, place), "<absent>", other)
            else:
                yield from each.differences(other, (*path, place))


@dataclass(frozen=True, slots=True)
class _Contains:
    wanted: Pattern
    text: str

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if not isinstance(value, list) or not any(fits(self.wanted, each) for each in value):
            yield Difference(path, self.text, value)


@dataclass(frozen=True, slots=True)
class _Every:
    wanted: Pattern

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if not isinstance(value, list):
            yield Difference(path, "a list", value)
            return
        for place, each in enumerate(value):
            yield from self.wanted.differences(each, (*path, place))


@dataclass(frozen=True, slots=True)
class _Not:
    unwanted: Pattern
    text: str

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if value is MISSING or fits(self.unwanted, value):
            yield Difference(path, self.text, value)


@dataclass(frozen=True, slots=True)
class _OneOf:
    options: tuple[Pattern, ...]
    text: str

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        if not any(fits(each, value) for each in self.options):
            yield Difference(path, self.text, value)


@dataclass(frozen=True, slots=True)
class _AllOf:
    parts: tuple[Pattern, ...]

    def differences(self, value: Any, path: Path = ()) -> Iterator[Difference]:
        for each in self.parts:
            yield from each.differences(value, path)


# --- Reading --------------------------------------------------------------------------------------


def _compile(raw: Any, path: Path, allow_regex: bool) -> Pattern:  # noqa: FBT001 - passed down
    if len(path) > DEEPEST:
        raise PatternError(path, f"a pattern is at most {DEEPEST} levels deep")
    if isinstance(raw, dict):
        return _compile_object(raw, path, allow_regex)
    if isinstance(raw, list):
        return _Elements(tuple(_compile(each, (*path, i), allow_regex) for i, each in enumerate(raw)))
    if isinstance(raw, str) and len(raw) > 2 and raw[0] == "<":
        if raw[-1] == ">":
            return _compile_form(raw, path, allow_regex)
        if any(raw[1:].startswith(word) for word in _WORDS):  # a comma, in YAML's {…}, cuts a form in two
            raise PatternError(path, f"{raw} has no end: put quotes around it, or write <exactly {raw}>")
    if raw is None or isinstance(raw, bool | int | float | str):
        return _Scalar(raw)
    raise PatternError(path, f"a pattern holds JSON values only, not a {type(raw).__name__}")


def _compile_object(raw: dict[Any, Any], path: Path, allow_regex: bool) -> Pattern:  # noqa: FBT001
    special = [key for key in raw if isinstance(key, str) and key.startswith("<") and key.endswith(">")]
    if not special:
        return _Members({str(k): _compile(v, (*path, str(k)), allow_regex) for k, v in raw.items()})
    key = special[0]
    if len(raw) > 1:
        raise PatternError((*path, key), f"{key} stands alone: an object has it as its only key")
    if key not in KEYS:
        raise PatternError((*path, key), f"there is no {key}; as a key one can write {', '.join(KEYS)}")
    below, inner = (*path, key), raw[key]
    if key in ("<one of>", "<all of>"):
        if not isinstance(inner, list) or not inner:
            raise PatternError(below, f"{key} takes a list of patterns")
        parts = tuple(_compile(each, (*below, i), allow_regex) for i, each in enumerate(inner))
        return _OneOf(parts, shown(raw)) if key == "<one of>" else _AllOf(parts)
    wanted = _compile(inner, below, allow_regex)
    if key == "<contains>":
        return _Contains(wanted, shown(raw))
    return _Every(wanted) if key == "<every>" else _Not(wanted, shown(raw))


def _compile_form(raw: str, path: Path, allow_regex: bool) -> Pattern:  # noqa: FBT001
    content = raw[1:-1]
    if content == "any":
        return _Test(raw, lambda _value: True)
    if content == "absent":
        return _Absent()
    for word, reader in _READERS.items():
        if content.startswith(word + " ") and (argument := content[len(word) + 1 :].strip()):
            if word == "matches" and not allow_regex:
                raise PatternError(path, "regular expressions are for scenario files only")
            try:
                return reader(raw, argument)
            except ValueError as error:
                raise PatternError(path, f"{raw}: {error}") from None
    raise PatternError(
        path, f"there is no pattern {raw}; write one of {', '.join(FORMS)}, or <exactly {raw}> for that text"
    )


def _read_comparison(test: Callable[[Any, Any], bool]) -> Callable[[str, str], Pattern]:
    def read(raw: str, argument: str) -> Pattern:
        measure, limit = _limit(argument)
        return _Test(raw, lambda value: (found := measure(value)) is not None and test(found, limit))

    return read


def _read_between(raw: str, argument: str) -> Pattern:
    low_text, joint, high_text = argument.partition(" and ")
    if not joint:
        raise ValueError("write it as <between 1 and 5>")
    (measure, low), (other, high) = _limit(low_text), _limit(high_text)
    if measure is not other:
        raise ValueError("both limits are numbers, or both are times")
    if high < low:
        raise ValueError("the first limit is the lower one")
    return _Test(raw, lambda value: (found := measure(value)) is not None and low <= found <= high)


def _readversion(raw: str, argument: str) -> Pattern:
    if not re.search(r"\d", argument):
        raise ValueError("a version has numbers, such as 1.4.2")
    least = version(argument)
    return _Test(raw, lambda value: isinstance(value, str) and version(value) >= least)


def _read_not(raw: str, argument: str) -> Pattern:
    return _Test(raw, lambda value: not is_word(argument, value))


def _read_one_of(raw: str, argument: str) -> Pattern:
    words = [word.strip() for word in argument.split(",")]
    if not all(words):
        raise ValueError("there is nothing between two commas")
    return _Test(raw, lambda value: any(is_word(word, value) for word in words))


def _read_contains(raw: str, argument: str) -> Pattern:
    def holds(value: Any) -> bool:
        if isinstance(value, str):
            return argument in value
        return isinstance(value, list) and any(is_word(argument, each) for each in value)

    return _Test(raw, holds)


def _read_regex(raw: str, argument: str) -> Pattern:
    try:
        expression = re.compile(argument)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"no regular expression: {error}") from None
    return _Test(raw, lambda value: isinstance(value, str) and expression.search(value) is not None)


_READERS: dict[str, Callable[[str, str], Pattern]] = {
    "above": _read_comparison(lambda found, limit: bool(found > limit)),
    "below": _read_comparison(lambda found, limit: bool(found < limit)),
    "at least": _read_comparison(lambda found, limit: bool(found >= limit)),
    "at most": _read_comparison(lambda found, limit: bool(found <= limit)),
    "between": _read_between,
    "version at least": _readversion,
    "not": _read_not,
    "one of": _read_one_of,
    "contains": _read_contains,
    "matches": _read_regex,
    "exactly": lambda _raw, argument: _Scalar(argument),
}


_WORDS = ("any", "absent", *(f"{word} " for word in _READERS))


def _limit(text: str) -> tuple[Callable[[Any], Any], Any]:
    """How to measure a value, and the limit in that measure. Raises ValueError."""
    text = text.strip()
    if (amount := number(text)) is not None:
        return number, amount
    if (at := instant(text)) is not None:
        return instant, at
    raise ValueError(f"{text!r} is neither a number nor a time such as 2026-01-05T12:00:00Z")
