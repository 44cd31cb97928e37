"""Writes docs/reference/ocpp-2.1-and-2.0.1.md: where messages that 2.0.1 and 2.1 both have differ.

Run: python -m tools.version_differences [--check]. With --check nothing is written, and a stale page is named
with exit code 1. Read from the official schemas that the `ocpp` package ships.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "ocpp-2.1-and-2.0.1.md"
BOUNDS = ("maxLength", "maxItems", "minItems", "minimum", "maximum", "minLength")

Schema = dict[str, Any]


class Kind(StrEnum):
    """How a field differs."""

    LONGER_TEXT = "longer text"
    WIDER_ENUMERATION = "wider enumeration"
    NEW_FIELD = "new field"
    REQUIRED = "required by 2.0.1 alone"
    NEWLY_REQUIRED = "required by 2.1 alone"
    OTHER_BOUND = "another bound"


class Difference(NamedTuple):
    """Of one field: its path in the message (`[]`: of each item), and what each version has."""

    message: str
    path: str
    kind: Kind
    v201: str
    v21: str


def differences() -> list[Difference]:
    """All of them, by message and path."""
    old, new = _schemas("v201"), _schemas("v21")
    found = [each for name in sorted(old.keys() & new.keys()) for each in _of(name, "", old[name], new[name])]
    return sorted(found)


def _schemas(version: str) -> dict[str, Schema]:
    found = {}
    for entry in (files("ocpp") / version / "schemas").iterdir():
        if entry.name.endswith(("Request.json", "Response.json")):
            schema = json.loads(entry.read_text(encoding="utf-8-sig"))
            found[entry.name.removesuffix(".json")] = _filled_in(schema, schema.get("definitions", {}), ())
    return found


def _filled_in(schema: Any, definitions: Schema, inside: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_filled_in(each, definitions, inside) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return {} if name in inside else _filled_in(definitions[name], definitions, (*inside, name))
    return {
        key: _filled_in(part, definitions, inside) for key, part in schema.items() if key != "definitions"
    }


def _of(message: str, path: str, old: Schema, new: Schema) -> Iterator[Difference]:
    """Of a value, and of what it holds."""
    if "enum" in old and set(old["enum"]) != set(new.get("enum", ())):
        more = sorted(set(new["enum"]) - set(old["enum"])) if "enum" in new else ["any text"]
        yield Difference(message, path, Kind.WIDER_ENUMERATION, f"{len(old['enum'])} words", ", ".join(more))
    for bound in BOUNDS:
        if old.get(bound) != new.get(bound) and not ("enum" in old and bound == "maxLength"):
            is_longer = bound == "maxLength" and (new.get(bound) or sys.maxsize) > (
                old.get(bound) or sys.maxsize
            )
            kind = Kind.LONGER_TEXT if is_longer else Kind.OTHER_BOUND
            yield Difference(message, path, kind, _bound(old, bound), _bound(new, bound))
    parts_old, parts_new = old.get("properties", {}), new.get("properties", {})
    for name, part in parts_new.items():
        inner = f"{path}.{name}" if path else name
        if name not in parts_old:
            yield Difference(message, inner, Kind.NEW_FIELD, "–", part.get("type", "object"))
            continue
        needed_old, needed_new = name in old.get("required", ()), name in new.get("required", ())
        if needed_old and not needed_new:
            yield Difference(message, inner, Kind.REQUIRED, "required", "optional")
        elif needed_new and not needed_old:
            yield Difference(message, inner, Kind.NEWLY_REQUIRED, "optional", "required")
        yield from _of(message, inner, parts_old[name], part)
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _of(message, f"{path}[]", old["items"], new["items"])


def _bound(schema: Schema, bound: str) -> str:
    return f"{bound} {schema[bound]}" if bound in schema else "–"


HEAD = """# OCPP 2.1 and 2.0.1

Both are spoken by one set of translators, shaped like 2.1. A message of 2.0.1 is read as one of 2.1 with
the bounds of its own version. What is written to a 2.0.1 station must fit 2.0.1: a command that says more (a
longer text, a word or a field that 2.0.1 has not) is refused before anything is sent, with 409 and the name
of the field: nothing is cut, nothing dropped. What a server answers a station by its own choice is chosen so
that it fits: a group whose name is too long is left out of a verdict, what is said beside a status is cut.

"""


def page() -> str:
    """The page."""
    found = differences()
    counts = Counter(each.kind for each in found)
    lines = ["| Kind | Fields |", "|---|---|", *(f"| {kind} | {counts[kind]} |" for kind in Kind)]
    for message, rows in groupby(found, key=lambda each: each.message):
        lines += ["", f"## {message}", "", "| Field | Kind | 2.0.1 | 2.1 |", "|---|---|---|---|"]
        lines += [f"| `{each.path}` | {each.kind} | {each.v201} | {each.v21} |" for each in rows]
    remark = "<!-- Written by tools/version_differences.py; change the code, then run it. -->\n\n"
    return remark + HEAD + "\n".join(lines) + "\n"


def main(*, is_check: bool) -> int:
    """Write the page, or say whether it is fresh."""
    text = page()
    if is_check:
        is_fresh = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
        print("fresh" if is_fresh else f"stale: {PAGE}; run python -m tools.version_differences")
        return 0 if is_fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PAGE.parent.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(is_check="--check" in sys.argv[1:]))
