"""The careful reader of payloads: it names each deviation from the schema, and is the measure of what passes.

The fast decoder accepts a subset of what is accepted here. When it fails, this reader says why (strict), or
reads what real stations get wrong and lists it (lenient). What has no sensible reading is refused either way.
"""

import json
import math
import re
from functools import cache
from typing import Any

from msgspec import inspect

from ocppj import findings as slugs
from ocppj.errors import ErrorKind, PayloadError
from ocppj.findings import Finding
from ocppj.json_text import holds_half_characters, storable_text
from ocppj.numbers import DECIMAL
from ocppj.structs import VENDOR_ID_LENGTH, Tenths, WireStruct, is_in_tenths
from ocppj.timestamps import time_from_wire
from ocppj.versions import OcppVersion

MAX_FINDINGS = 32
_INT64 = 2**63
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_BOOLEANS: dict[Any, bool] = {"true": True, "false": False, "1": True, "0": False}
_NAMES = {dict: "an object", list: "an array", str: "text", bool: "a boolean", type(None): "null"}


@cache
def _shape(message: type) -> inspect.Type:
    return inspect.type_info(message)


class TolerantReader:
    """Reads one payload. `findings` fills while it reads."""

    __slots__ = ("_draft", "_is_lenient", "_version", "findings")

    def __init__(self, version: OcppVersion, *, is_lenient: bool) -> None:
        self._version = version
        self._is_lenient = is_lenient
        self._draft = WireStruct.DRAFT
        self.findings: list[Finding] = []

    def read(self, message: type[WireStruct], value: Any) -> Any:
        """A struct of class `message`. Raises PayloadError."""
        self._draft = message.DRAFT
        return self._read(_shape(message), value, "$")

    def _read(self, shape: inspect.Type, value: Any, path: str) -> Any:
        return getattr(self, _READERS[type(shape)])(shape, value, path)

    def _struct(self, shape: inspect.StructType, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise wrong_type(path, "an object", value)
        fields: dict[str, Any] = {}
        for part in shape.fields:
            wire = part.encode_name
            if wire in value and (value[wire] is not None or part.required or part.type == _ANY):
                fields[part.name] = self._field(shape, part, value[wire], f"{path}.{wire}")
            elif wire in value:
                self._tolerate(ErrorKind.TYPE_CONSTRAINT, slugs.NULL_FOR_ABSENT, f"{path}.{wire}", "is null")
            elif part.required:
                fields[part.name] = self._missing(shape, part, f"{path}.{wire}")
        known = {part.encode_name for part in shape.fields}
        for wire in value:
            if wire not in known:
                where = f"{path}.{_printable(wire)}"
                self._tolerate(ErrorKind.UNKNOWN_FIELD, slugs.UNKNOWN_PROPERTY, where, "is not in the schema")
        return shape.cls(**fields)

    def _field(self, shape: inspect.StructType, part: inspect.Field, value: Any, path: str) -> Any:  # noqa: ARG002 - for readers that know better
        return self._read(part.type, value, path)

    def _missing(self, shape: inspect.StructType, part: inspect.Field, path: str) -> Any:  # noqa: ARG002
        raise missing_field(path)

    def _list(self, shape: inspect.ListType, value: Any, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong_type(path, "an array", value)
        self._check_count(shape, len(value), path)
        return [self._item(shape, item, f"{path}[{index}]") for index, item in enumerate(value)]

    def _item(self, shape: inspect.ListType, value: Any, path: str) -> Any:
        return self._read(shape.item_type, value, path)

    def _check_count(self, shape: inspect.ListType, count: int, path: str) -> None:
        kind = ErrorKind.OCCURRENCE_CONSTRAINT
        if shape.min_length is not None and count < shape.min_length:
            self._tolerate(kind, slugs.TOO_FEW_ITEMS, path, f"has fewer than {shape.min_length} items")
        if shape.max_length is not None and count > shape.max_length:
            self._tolerate(kind, slugs.TOO_MANY_ITEMS, path, f"has more than {shape.max_length} items")

    def _str(self, shape: inspect.StrType, value: Any, path: str) -> str:
        text = self._text(value, path)
        if shape.max_length is not None and len(text) > shape.max_length:
            self._tolerate(
                ErrorKind.PROPERTY_CONSTRAINT, slugs.TOO_LONG, path, f"is longer than {shape.max_length}"
            )
        if shape.pattern is not None and re.search(shape.pattern, text) is None:
            self._odd_time(text, path)
        return text

    def _odd_time(self, text: str, path: str) -> None:
        """A time is the only text with a pattern.

        What is no time at all is refused in 2.x (part 2 §3 FR.03); 1.6 stations delete what is refused.
        """
        _, slug = time_from_wire(text)
        if slug == slugs.UNREADABLE_TIME and self._version is not OcppVersion.V16:
            raise PayloadError(ErrorKind.FORMAT_VIOLATION, path, slug, "is not an RFC 3339 time")
        detail = "is not an RFC 3339 time with its offset"
        self._tolerate(ErrorKind.FORMAT_VIOLATION, slug or slugs.ODD_TIME, path, detail)

    def _text(self, value: Any, path: str) -> str:
        if isinstance(value, int | float):
            self._tolerate(ErrorKind.TYPE_CONSTRAINT, slugs.NUMBER_FOR_STRING, path, "is not text")
            return str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, str):
            raise wrong_type(path, "text", value)
        return self._clean(value, path)

    def _clean(self, text: str, path: str) -> str:
        """Text that every database and every JSON reader takes."""
        if holds_half_characters(text):
            self._tolerate(ErrorKind.FORMAT_VIOLATION, slugs.LONE_SURROGATE, path, "holds half a character")
        if "\x00" in text:
            self._tolerate(ErrorKind.PROPERTY_CONSTRAINT, slugs.CONTROL_CHARACTER, path, "holds NUL")
        return storable_text(text)

    def _literal(self, shape: inspect.LiteralType, value: Any, path: str) -> str:
        text = self._text(value, path)
        if text in shape.values:
            return text
        self._tolerate(
            ErrorKind.PROPERTY_CONSTRAINT,
            slugs.UNKNOWN_VALUE,
            path,
            f"{_printable(text)} is not one of the schema's {len(shape.values)} values",
        )
        return text.strip() if text.strip() in shape.values else text

    def _int(self, shape: inspect.IntType, value: Any, path: str) -> int:
        number = self._number(value, path)
        if isinstance(number, float):
            if not number.is_integer():
                raise wrong_type(path, "an integer", value)
            # Draft 4 (1.6's own messages) knows no 1.0 as an integer; draft 6 does (its §6.25).
            if self._draft == 4 and isinstance(value, float):
                self._tolerate(ErrorKind.TYPE_CONSTRAINT, slugs.INTEGRAL_FLOAT, path, "is not an integer")
            number = int(number)
        if not -_INT64 <= number < _INT64:
            raise PayloadError(ErrorKind.PROPERTY_CONSTRAINT, path, slugs.OUT_OF_RANGE, "is beyond 64 bits")
        self._check_bounds(shape, number, path)
        return number

    def _float(self, shape: inspect.FloatType, value: Any, path: str) -> float:
        number = self._number(value, path)
        self._check_bounds(shape, number, path)
        return _finite(number, path)

    def _number(self, value: Any, path: str) -> int | float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        number = _number_in(value) if isinstance(value, str) else None
        if number is None:
            raise wrong_type(path, "a number", value)
        self._tolerate(ErrorKind.TYPE_CONSTRAINT, slugs.STRING_FOR_NUMBER, path, "is text, not a number")
        return number

    def _check_bounds(self, shape: inspect.IntType | inspect.FloatType, number: float, path: str) -> None:
        low, high = shape.ge, shape.le
        if (low is not None and number < low) or (high is not None and number > high):
            bounds = f"is outside {'-∞' if low is None else low} … {'∞' if high is None else high}"
            self._tolerate(ErrorKind.PROPERTY_CONSTRAINT, slugs.OUT_OF_RANGE, path, bounds)

    def _bool(self, _shape: inspect.BoolType, value: Any, path: str) -> bool:
        if isinstance(value, bool):
            return value
        key = str(value).strip().lower() if isinstance(value, str | int) else None
        if key not in _BOOLEANS:
            raise wrong_type(path, "a boolean", value)
        self._tolerate(ErrorKind.TYPE_CONSTRAINT, slugs.STRING_FOR_BOOLEAN, path, "is not a boolean")
        return _BOOLEANS[key]

    def _custom(self, shape: inspect.CustomType, value: Any, path: str) -> Any:
        if shape.cls is Tenths:
            number = _finite(self._number(value, path), path)
            if not is_in_tenths(number):
                kind = ErrorKind.PROPERTY_CONSTRAINT
                self._tolerate(kind, slugs.NOT_A_MULTIPLE, path, "is not a multiple of 0.1")
            return Tenths(number)
        if not isinstance(value, dict):
            raise wrong_type(path, "an object", value)
        if "vendorId" not in value:
            raise missing_field(f"{path}.vendorId")
        cleaned = self._any(_ANY, value, path)
        vendor = inspect.StrType(max_length=VENDOR_ID_LENGTH)
        cleaned["vendorId"] = self._str(vendor, cleaned["vendorId"], f"{path}.vendorId")
        return shape.cls(cleaned)

    def _any(self, _shape: inspect.Type, value: Any, path: str) -> Any:
        if isinstance(value, str):
            return self._clean(value, path)
        if isinstance(value, list):
            return [self._any(_ANY, item, path) for item in value]
        if isinstance(value, dict):
            return {self._clean(key, path): self._any(_ANY, item, path) for key, item in value.items()}
        return value

    def _tolerate(self, kind: ErrorKind, slug: str, path: str, detail: str) -> None:
        if not self._is_lenient:
            raise PayloadError(kind, path, slug, detail)
        self._note(slug, path, detail)

    def _note(self, slug: str, path: str, detail: str) -> None:
        """Where it stands only for the first ones, but that it was there always."""
        if len(self.findings) < MAX_FINDINGS or all(slug != finding.slug for finding in self.findings):
            self.findings.append(Finding(slug, path, detail))


_ANY = inspect.AnyType()
_READERS: dict[type, str] = {
    inspect.StructType: "_struct",
    inspect.ListType: "_list",
    inspect.StrType: "_str",
    inspect.LiteralType: "_literal",
    inspect.IntType: "_int",
    inspect.FloatType: "_float",
    inspect.BoolType: "_bool",
    inspect.CustomType: "_custom",
    inspect.AnyType: "_any",
}
"""By name, because a reader of billing messages reads some of them in its own way."""


def _number_in(text: str) -> int | float | None:
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    if DECIMAL.fullmatch(text) is None:
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _finite(number: float, path: str) -> float:
    try:
        return float(number)
    except OverflowError:
        kind = ErrorKind.PROPERTY_CONSTRAINT
        raise PayloadError(kind, path, slugs.OUT_OF_RANGE, "is beyond all bounds") from None


def missing_field(path: str) -> PayloadError:
    """A required field is not there."""
    return PayloadError(ErrorKind.MISSING_FIELD, path, "missing-field", "is required but missing")


def wrong_type(path: str, wanted: str, value: Any) -> PayloadError:
    """A value of another type than the schema's."""
    found = _NAMES.get(type(value), "a number")
    return PayloadError(ErrorKind.TYPE_CONSTRAINT, path, "wrong-type", f"needs {wanted}, not {found}")


def _printable(text: str) -> str:
    """A peer's word for an error text: short, ASCII, no control characters."""
    return json.dumps(text[:40])[1:-1]
