"""The official OCPP schemas: an independent verdict on payloads, and payloads that are legal, or not quite.

The verdict is the `jsonschema` package's, on numbers read as decimals: in binary floats almost no legal limit
is a multiple of 0.1. `format` is an annotation to it; tests/ocppj/test_codec_schemas.py says what to us.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache, cached_property, partial
from importlib.resources import files
from operator import mul
from typing import Any

import jsonschema
from hypothesis import strategies as st

from ocppj.versions import OcppVersion

Schema = dict[str, Any]
FOLDERS = {OcppVersion.V16: "v16", OcppVersion.V201: "v201", OcppVersion.V21: "v21"}
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
SECRET_FIELDS = {
    "basicAuthPassword": "the station's own password (2.1 NetworkConnectionProfileType)",
    "apnPassword": "of the mobile network (APNType)",
    "simPin": "of the SIM card (APNType)",
    "password": "of the tunnel (VPNType)",
    "vpn.key": "the shared secret of the tunnel (VPNType)",
}
"""Fields of the schemas of 1.6 with its security extension, 2.0.1 and 2.1 that hold a secret."""


@dataclass(frozen=True)
class MessageSchema:
    """One message's schema. `whole` is the same with every `$ref` filled in."""

    version: OcppVersion
    name: str
    official: Schema

    def __str__(self) -> str:
        return f"{self.version.label}-{self.name}"

    @property
    def action(self) -> str:
        """The name on the wire."""
        return self.name.removesuffix("Request").removesuffix("Response")

    @property
    def is_request(self) -> bool:
        """A CALL's or a SEND's payload; else the answer's."""
        return self.name.endswith("Request")

    @cached_property
    def whole(self) -> Schema:
        """Without `$ref`."""
        whole: Schema = _filled_in(self.official, self.official.get("definitions", {}))
        return whole

    @cached_property
    def payloads(self) -> st.SearchStrategy[Any]:
        """What the schema accepts."""
        return payloads(self.whole)

    @cached_property
    def _validator(self) -> Any:
        kind = jsonschema.validators.validator_for(self.official)
        checker = kind.TYPE_CHECKER
        if kind is not jsonschema.Draft4Validator:  # draft 6 §6.25: a number without a fraction is an integer
            checker = checker.redefine("integer", _is_integral)
        return jsonschema.validators.extend(kind, type_checker=checker)(self.official)

    def accepts(self, text: bytes) -> bool:
        """The schema validator's verdict."""
        with localcontext(prec=700):  # 1e300 has that many digits before and after it
            return bool(self._validator.is_valid(json.loads(text, parse_float=Decimal)))


@cache
def message_schemas() -> tuple[MessageSchema, ...]:
    """Every message of every version. 1.6's file names and those of 2.1's SEND leave `Request` out."""
    found = []
    for version, folder in FOLDERS.items():
        for entry in sorted((files("ocpp") / folder / "schemas").iterdir(), key=lambda entry: entry.name):
            name = entry.name.removesuffix(".json")
            if not name.endswith(("Request", "Response")):
                name += "Request"
            schema = json.loads(entry.read_text(encoding="utf-8-sig"), parse_float=Decimal)
            found.append(MessageSchema(version, name, schema))
    return tuple(found)


def _filled_in(schema: Any, definitions: Schema) -> Any:
    if isinstance(schema, list):
        return [_filled_in(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _filled_in(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _filled_in(part, definitions) for key, part in schema.items() if key != "definitions"}


def _is_integral(_checker: Any, value: Any) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


# Payloads that a schema accepts -------------------------------------------------------------------------

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(-1e9, 1e9)
    | st.text(STORABLE, max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(STORABLE, max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
EXTRAS = st.dictionaries(st.text(STORABLE, min_size=1, max_size=5), JSON_VALUES, max_size=1)
TIMES = st.builds(
    "{}T{}{}{}".format,
    st.dates().map(str),
    st.sampled_from(["00:00:00", "23:59:59", "12:30:15", "23:59:60"]),
    st.sampled_from(["", ".5", ".123", ".123456789"]),
    st.sampled_from(["Z", "+00:00", "-12:30", "+14:00"]),
)


def payloads(schema: Schema) -> st.SearchStrategy[Any]:
    """JSON values that a schema without `$ref` accepts; the same strategy for the same schema."""
    key = json.dumps(schema, sort_keys=True, default=str)
    if key not in _STRATEGIES:
        _STRATEGIES[key] = _payloads(schema)
    return _STRATEGIES[key]


_STRATEGIES: dict[str, st.SearchStrategy[Any]] = {}
"""To make one takes longer than to draw from it."""


def _payloads(schema: Schema) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object":
            return _objects(schema)
        case "array":
            most = min(schema.get("maxItems", 2), schema.get("minItems", 0) + 1)
            return st.lists(payloads(schema["items"]), min_size=schema.get("minItems", 0), max_size=most)
        case "string" if schema.get("format") == "date-time":
            return TIMES
        case "string":
            return _texts(schema.get("maxLength"))
        case "integer":
            return st.integers(int(schema.get("minimum", -(2**63))), int(schema.get("maximum", 2**63 - 1)))
        case "number" if "multipleOf" in schema:
            return st.integers(-(10**6), 10**6).map(_tenths)
        case "number":
            low, high = float(schema.get("minimum", -1e12)), float(schema.get("maximum", 1e12))
            return st.floats(low, high, allow_subnormal=False) | st.sampled_from([int(low), int(high)])
        case "boolean":
            return st.booleans()
        case None:  # null reads as absence: test_codec.py
            return JSON_VALUES.filter(_is_something)
        case other:
            raise NotImplementedError(other)


# Functions with names: hypothesis reads, parses and compiles the source of a `lambda`.


def _tenths(number: int) -> float:
    return number / 10


def _is_something(value: Any) -> bool:
    return value is not None


def _with_more(more: Schema, known: Schema) -> Schema:
    return more | known


def _objects(schema: Schema) -> st.SearchStrategy[Any]:
    parts = {name: payloads(part) for name, part in schema.get("properties", {}).items()}
    required = schema.get("required", ())
    found: st.SearchStrategy[Any] = st.fixed_dictionaries(
        {name: part for name, part in parts.items() if name in required},
        optional={name: part for name, part in parts.items() if name not in required},
    )
    return found if schema.get("additionalProperties") is False else st.builds(_with_more, EXTRAS, found)


def _texts(longest: int | None) -> st.SearchStrategy[str]:
    short = st.text(STORABLE, max_size=min(longest or 8, 8))
    return short if longest is None else short | STORABLE.map(partial(mul, longest))


# Probes: values at every place of a schema, legal or not --------------------------------------------------


@dataclass(frozen=True)
class Probe:
    """A payload that differs from the smallest legal one in one place.

    `rule` is what it breaks there, None where the schema has nothing against it or where that depends.
    """

    path: str
    payload: Any
    rule: str | None = None


SAMPLES: tuple[Any, ...] = (None, True, 0, 7, -7, 7.0, 7.5, "", "text", "7", "true", {}, [], [None])
BAD_TIMES = (
    "2026-11-24",
    "2026-11-24T12:00:00",
    "2026-11-24 12:00:00Z",
    "2026-11-24T12:00:00+02",
    "2026-11-24T12:00Z",
    "2026-11-24T24:00:00Z",
    "2026-11-24T12:60:00Z",
    "2026-13-01T12:00:00Z",
    "2026-02-29T12:00:00Z",
    "1900-02-29T12:00:00Z",
    "2026-04-31T12:00:00Z",
    "2026-11-24T12:00:00.Z",
    "2026-11-24T12:00:00Z\n",
    "222222017-10-27T12:00:00Z",
    "\u0662\u0660\u0662\u0666-11-24T12:00:00Z",
    "today",
    "",
)
GOOD_TIMES = ("2024-02-29T12:00:00Z", "2000-02-29t12:00:00.1z", "2026-12-31T23:59:60+01:00")


def probes(message: MessageSchema, seen: set[str]) -> Iterator[Probe]:
    """Each kind of wrong and of just right, at each place of a message. Parts in `seen` are left out."""
    yield from _probes_at(message.whole, "$", lambda value: value, seen)


def smallest(schema: Schema) -> Any:
    """The smallest legal payload."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: smallest(schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [smallest(schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "string":
            return GOOD_TIMES[0] if schema.get("format") == "date-time" else ""
        case "integer" | "number":
            return int(schema.get("minimum", min(0, schema.get("maximum", 0))))
        case "boolean":
            return False
        case _:
            return None


def _probes_at(schema: Schema, path: str, build: Callable[[Any], Any], seen: set[str]) -> Iterator[Probe]:
    is_time = schema.get("format") == "date-time"
    for value in SAMPLES:
        if not (is_time and isinstance(value, str)):  # BAD_TIMES has such
            yield Probe(path, build(value))
    for value, rule in _values(schema):
        yield Probe(path, build(value), rule)
    key = json.dumps(schema, sort_keys=True, default=str)
    if key in seen:
        return
    seen.add(key)
    if schema.get("type") == "object":
        yield from _probes_of_object(schema, path, build, seen)
    if schema.get("type") == "array":
        yield from _probes_at(schema["items"], f"{path}[0]", lambda value: build([value]), seen)


def _probes_of_object(
    schema: Schema, path: str, build: Callable[[Any], Any], seen: set[str]
) -> Iterator[Probe]:
    least = smallest(schema)
    for name in schema.get("required", ()):
        without = {key: value for key, value in least.items() if key != name}
        yield Probe(f"{path}.{name}", build(without), "missing-field")
    is_closed = schema.get("additionalProperties") is False
    yield Probe(f"{path}.notInIt", build(least | {"notInIt": 1}), "unknown-property" if is_closed else None)
    for name, part in schema.get("properties", {}).items():
        yield from _probes_at(
            part,
            f"{path}.{name}",
            lambda value, name=name: build(least | {name: value}),  # type: ignore[misc] # bound now
            seen,
        )


def _values(schema: Schema) -> Iterator[tuple[Any, str | None]]:
    if "enum" in schema:
        yield from ((value, None) for value in schema["enum"])
        yield from ((value, "unknown-value") for value in ("NoSuchValue", schema["enum"][0] + " "))
        return
    match schema.get("type"):
        case "array":
            yield from _lists(schema)
        case "string" if schema.get("format") == "date-time":
            yield from ((text, None) for text in GOOD_TIMES)
            yield from ((text, "date-time") for text in BAD_TIMES)
        case "string" if "maxLength" in schema:
            longest = schema["maxLength"]
            yield from (
                ("x" * longest, None),
                ("\U0001f50c" * longest, None),
                ("x" * (longest + 1), "too-long"),
            )
        case "integer" | "number" as kind:
            yield from _numbers(schema, kind)


def _lists(schema: Schema) -> Iterator[tuple[Any, str | None]]:
    item = smallest(schema["items"])
    if schema.get("minItems", 0):
        yield [item] * (schema["minItems"] - 1), "too-few-items"
    if "maxItems" in schema:
        yield [item] * schema["maxItems"], None
        yield [item] * (schema["maxItems"] + 1), "too-many-items"


def _numbers(schema: Schema, kind: str) -> Iterator[tuple[Any, str | None]]:
    for bound, step in (("minimum", -1), ("maximum", 1)):
        if bound in schema:
            edge = float(schema[bound])
            number = int(edge) if kind == "integer" else edge
            yield from ((number, None), (number + step, "out-of-range"))
    if kind == "integer":
        yield from ((number, None) for number in (2**63 - 1, -(2**63)))
        yield float(smallest(schema)), "integral-float"
        if not schema.keys() & {"minimum", "maximum"}:
            yield from ((2**63, "64-bit"), (-(2**63) - 1, "64-bit"))
    elif "multipleOf" in schema:
        yield from ((tenths / 10, None) for tenths in range(-3, 330))
        yield from ((value, None) for value in (16, 1e300, 10**300, -0.0))
        yield from ((value, "not-a-multiple") for value in (0.05, 16.15, 1e-300, 3.0000001))
    else:
        yield from ((value, None) for value in (0.1, 1e300, -1e-300, 10**300))
