"""Whether a pattern of a message names only what the schemas know: a misspelt one fits nothing, or all.

A pattern is JSON in the shape of a payload; an object whose only key is in angle brackets says something of a
list or of several patterns (`<contains>`, `<one of>` …).
"""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec

from ocppj.actions import actions_of
from ocppj.structs import WireStruct
from ocppj.versions import OcppVersion

Path = tuple[str | int, ...]
ERROR_FIELDS = ("code", "description", "details")
"""What the payload of a CALLERROR is to a pattern."""


@dataclass(frozen=True, slots=True)
class Strange:
    """A word that no schema knows: where it stands, and what could stand there."""

    what: str
    word: str
    path: Path
    known: tuple[str, ...]


def strange_action(action: str, versions: Iterable[OcppVersion] = tuple(OcppVersion)) -> Strange | None:
    """The action, if none of the versions has it."""
    known = {name for version in versions for name in actions_of(version)}
    return None if action in known else Strange("action", action, (), tuple(sorted(known)))


def strange_field(
    pattern: Any,
    *,
    action: str | None,
    kind: str | None,
    versions: Iterable[OcppVersion] = tuple(OcppVersion),
) -> Strange | None:
    """The first field of the pattern that no such message has. `kind`: call, result …; None: any."""
    if kind in ("error", "result_error"):
        strange = [each for each in pattern if each not in ERROR_FIELDS] if isinstance(pattern, dict) else []
        is_form = len(strange) == 1 and strange[0].startswith("<")
        return Strange("field", strange[0], (strange[0],), ERROR_FIELDS) if strange and not is_form else None
    form = next(iter(pattern)) if isinstance(pattern, dict) and len(pattern) == 1 else ""
    if form.startswith("<"):  # alternatives may be of different versions
        for each, at in _inside(pattern[form], form):
            strange_below = strange_field(each, action=action, kind=kind, versions=versions)
            if strange_below is not None:
                return dataclasses.replace(strange_below, path=(*at, *strange_below.path))
        return None
    faults: list[Strange] = []
    for message in _messages(action, kind, tuple(versions)):
        fault = _fault(pattern, message, ())
        if fault is None:
            return None
        faults.append(fault)
    if not faults:
        return None
    worst = max(faults, key=lambda fault: len(fault.path))
    known = {name for fault in faults if fault.path == worst.path for name in fault.known}
    return Strange("field", worst.word, worst.path, tuple(sorted(known)))


@cache
def _messages(
    action: str | None, kind: str | None, versions: tuple[OcppVersion, ...]
) -> tuple[type[WireStruct], ...]:
    """The classes of the messages that are meant."""
    found: list[type[WireStruct]] = []
    for version in versions:
        for name, each in actions_of(version).items():
            if action in (None, name):
                found += [each.request] if kind != "result" else []
                found += [each.response] if kind in ("result", None) and each.response is not None else []
    return tuple(found)


def _fault(pattern: Any, kind: Any, path: Path) -> Strange | None:
    kind = _plain(kind)
    if isinstance(pattern, dict):
        form = next(iter(pattern)) if len(pattern) == 1 else ""
        if form.startswith("<"):
            return _first(
                _fault(each, _element(kind, form), (*path, *at)) for each, at in _inside(pattern[form], form)
            )
        if not (isinstance(kind, type) and issubclass(kind, WireStruct)):
            return None  # free, or something that only a value can be wrong in
        known = _fields(kind)
        for name, below in pattern.items():
            if name not in known:
                return Strange("field", name, (*path, name), tuple(sorted(known)))
            if (fault := _fault(below, known[name], (*path, name))) is not None:
                return fault
    if isinstance(pattern, list) and get_origin(kind) is list:
        (element,) = get_args(kind)
        return _first(_fault(each, element, (*path, index)) for index, each in enumerate(pattern))
    return None


def _inside(value: Any, form: str) -> Iterator[tuple[Any, Path]]:
    """The patterns below a form, and where they stand."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield each, (form, index)
    else:
        yield value, (form,)


def _element(kind: Any, form: str) -> Any:
    """What the pattern below a form is about: an element of the list, or the same thing."""
    is_list = get_origin(kind) is list and form in ("<contains>", "<every>")
    return get_args(kind)[0] if is_list else kind


def _first(faults: Iterator[Strange | None]) -> Strange | None:
    return next((fault for fault in faults if fault is not None), None)


def _plain(kind: Any) -> Any:
    """A type without its limits."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind


@cache
def _fields(kind: type[WireStruct]) -> dict[str, Any]:
    return {each.encode_name: each.type for each in msgspec.structs.fields(kind)}
