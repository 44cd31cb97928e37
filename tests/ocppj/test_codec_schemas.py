"""The codec against the official schemas: every message of every version, legal and broken in every place.

An independent schema validator gives the other verdict. Ours is the same, but for what `STRICTER` lists.
"""

import json
from functools import cache
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocppj.codec import Decoded, codec_for
from ocppj.errors import ErrorKind, PayloadError
from ocppj.versions import OcppVersion
from tests.support.examples import examples
from tests.support.schemas import MessageSchema, Probe, message_schemas, probes, smallest

MESSAGES = message_schemas()
V16, V201 = OcppVersion.V16, OcppVersion.V201

STRICTER = {
    "date-time": "`format` binds no validator, but whoever reads the message computes with the time: RFC 3339"
    " §5.6, with the days that a month has (§5.7), as OCPP 2.0.1 part 2 §3.1 wants",
    "64-bit": "no schema bounds an integer, but no database column takes more",
}
"""Where a strict decoder refuses what the schema allows, and why. What a parsed value does not show (a key
that comes twice, NUL, half a character, nesting, digits) is in test_codec.py."""

KINDS = {
    "missing-field": ErrorKind.MISSING_FIELD,
    "unknown-property": ErrorKind.UNKNOWN_FIELD,
    "too-few-items": ErrorKind.OCCURRENCE_CONSTRAINT,
    "too-many-items": ErrorKind.OCCURRENCE_CONSTRAINT,
    "too-long": ErrorKind.PROPERTY_CONSTRAINT,
    "unknown-value": ErrorKind.PROPERTY_CONSTRAINT,
    "out-of-range": ErrorKind.PROPERTY_CONSTRAINT,
    "not-a-multiple": ErrorKind.PROPERTY_CONSTRAINT,
    "integral-float": ErrorKind.TYPE_CONSTRAINT,
}
TOLERATED = frozenset(KINDS) - {"missing-field"}
KEYWORDS = frozenset(
    [
        "$ref",
        "definitions",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "format",
        "maxLength",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "multipleOf",
    ]
)
ANNOTATIONS = frozenset(("$schema", "$id", "title", "description", "comment", "default", "javaType"))


def decoded(message: MessageSchema, payload: bytes, *, lenient: bool = False) -> Decoded:
    """The codec's reading."""
    codec = codec_for(message.version)
    decode = codec.decode_request if message.is_request else codec.decode_response
    return decode(message.action, payload, lenient=lenient)


def verdict(message: MessageSchema, payload: bytes) -> PayloadError | None:
    """The strict codec's objection; None: accepted."""
    try:
        decoded(message, payload)
    except PayloadError as error:
        return error
    return None


def reading(message: MessageSchema, payload: bytes) -> Decoded | PayloadError:
    """The lenient codec's reading, or its objection."""
    try:
        return decoded(message, payload, lenient=True)
    except PayloadError as error:
        return error


def text(payload: Any) -> bytes:
    """As a station would write it."""
    return json.dumps(payload, ensure_ascii=False).encode()


def every_message() -> Any:
    """A test for each message."""
    return pytest.mark.parametrize("message", MESSAGES, ids=str)


def test_all_messages_are_there() -> None:
    """1.6 with its security extension, 2.0.1 and 2.1: each schema is an action's request or response."""
    assert {v: sum(m.version is v for m in MESSAGES) for v in OcppVersion} == {
        "ocpp1.6": 78,
        "ocpp2.0.1": 128,
        "ocpp2.1": 181,
    }
    for version in OcppVersion:
        named = {name for m in MESSAGES if m.version is version for name in [m.name]}
        actions = codec_for(version).actions.values()
        assert named == {f"{a.name}Request" for a in actions} | {
            f"{a.name}Response" for a in actions if a.response is not None
        }


def test_no_schema_has_a_keyword_that_nobody_checks() -> None:
    """A new release that brings `pattern` or `uniqueItems` fails here before it is silently ignored."""

    def keywords(schema: Any) -> set[str]:
        if isinstance(schema, list):
            return set().union(*map(keywords, schema))
        if not isinstance(schema, dict):
            return set()
        inner = [
            keywords(list(part.values()) if key in ("properties", "definitions") else part)
            for key, part in schema.items()
            if key not in ("default", "enum")
        ]
        return set(schema).union(*inner)

    used = set().union(*(keywords(message.official) for message in MESSAGES))
    # additionalItems says nothing beside an `items` that is one schema (draft 6 §6.10).
    assert used - ANNOTATIONS - {"additionalItems"} == KEYWORDS


@every_message()
@settings(max_examples=examples(8), suppress_health_check=list(HealthCheck))
@given(chosen=st.data())
def test_every_message_round_trips(message: MessageSchema, chosen: st.DataObject) -> None:
    """What the schema allows is accepted by it and by us, strict and lenient, and written as it came."""
    payload = chosen.draw(message.payloads)
    raw = text(payload)
    assert message.accepts(raw)
    strict, lenient = decoded(message, raw), decoded(message, raw, lenient=True)
    assert strict == lenient
    assert strict.findings == ()
    codec = codec_for(message.version)
    written = codec.encode(strict.message)
    assert json.loads(written) == payload
    assert message.accepts(written)
    encode = codec.encode_request if message.is_request else codec.encode_response
    assert (
        json.loads(encode(message.action, payload))
        == json.loads(encode(message.action, strict.message))
        == payload
    )
    assert decoded(message, escaped(payload)) == strict


def escaped(payload: Any) -> bytes:
    """The same with every character of every string as an escape: only the careful reader takes that."""

    def write(value: Any) -> str:
        if isinstance(value, str):
            units = value.encode("utf-16-be").hex(" ", 2).split()
            return '"' + "".join(f"\\u{unit}" for unit in units) + '"'
        if isinstance(value, list):
            return "[" + ",".join(map(write, value)) + "]"
        if isinstance(value, dict):
            return "{" + ",".join(f"{write(key)}:{write(part)}" for key, part in value.items()) + "}"
        return json.dumps(value)

    return write(payload).encode()


def probes_of(message: MessageSchema) -> list[Probe]:
    """Its probes; parts that an earlier message of the version has as well are probed there."""
    return _all_probes()[message.version, message.name]


@cache
def _all_probes() -> dict[tuple[OcppVersion, str], list[Probe]]:
    seen: dict[OcppVersion, set[str]] = {version: set() for version in OcppVersion}
    return {(m.version, m.name): list(probes(m, seen[m.version])) for m in MESSAGES}


@every_message()
def test_our_verdict_is_the_schemas(message: MessageSchema) -> None:
    """Missing, unknown, wrong type, too long, not in the enumeration, beyond a bound, too few, too many, no
    multiple, integral float: each at each place. The objection names the place, the rule and the code, and is
    the same where only the careful reader looks.
    """
    differing = []
    for probe in probes_of(message):
        raw = text(probe.payload)
        error = verdict(message, raw)
        assert str(error) == str(verdict(message, escaped(probe.payload))), probe
        if probe.rule in STRICTER:
            assert message.accepts(raw), probe
            assert error is not None, probe
            assert error.path == probe.path
        elif (error is None) != message.accepts(raw):
            differing.append((probe, str(error)))
        elif error is not None and probe.rule is not None:
            assert (error.path, error.rule, error.kind) == (probe.path, probe.rule, KINDS[probe.rule])
            assert str(error).startswith(f"{probe.path}: ")
        elif error is not None:
            assert error.path.startswith(probe.path), probe
    assert differing == []


@every_message()
def test_lenient_reading_names_what_it_puts_up_with(message: MessageSchema) -> None:
    """What strict reading refuses is refused, or accepted with a finding at that place and in these words."""
    codec = codec_for(message.version)
    for probe in probes_of(message):
        raw = text(probe.payload)
        error = verdict(message, raw)
        found = reading(message, raw)
        if isinstance(found, PayloadError):
            assert error is not None, probe
            assert probe.rule not in TOLERATED, probe
            assert found.path == error.path
            continue
        assert (error is None) == (found.findings == ()), probe
        if error is not None and probe.rule in TOLERATED:
            assert [(finding.slug, finding.path) for finding in found.findings] == [(probe.rule, probe.path)]
        assert isinstance(found.message, codec_class(message))
        if error is None:
            assert codec.encode(cast("Any", found.message))


def codec_class(message: MessageSchema) -> type:
    """The class that a payload becomes."""
    action = codec_for(message.version).actions[message.action]
    kind = action.request if message.is_request else action.response
    assert kind is not None
    return kind


@every_message()
def test_nothing_is_raised_but_payload_errors(message: MessageSchema) -> None:
    """Whatever JSON comes instead of a payload, or inside one."""
    least = smallest(message.whole)
    strange = {**least, "\ud800": "\x00"}
    values: tuple[Any, ...] = ([], 1, "x", None, {"": {}}, [least], {"a": [[[]]]}, strange)
    for value in values:
        raw = json.dumps(value).encode()
        for outcome in (verdict(message, raw), reading(message, raw)):
            assert not isinstance(outcome, PayloadError) or outcome.path.startswith("$")


@pytest.mark.parametrize(
    ("version", "action", "payload", "is_integer"),
    [
        (V16, "ChangeAvailability", {"connectorId": 1.0, "type": "Operative"}, False),
        (V16, "ExtendedTriggerMessage", {"requestedMessage": "Heartbeat", "connectorId": 1.0}, True),
        (V201, "GetReport", {"requestId": 1.0}, True),
    ],
)
def test_integral_floats_as_the_draft_of_the_schema_says(
    version: OcppVersion, action: str, payload: dict[str, Any], is_integer: bool
) -> None:
    """1.6's own schemas are draft 4; those of its security extension and of 2.x are draft 6."""
    codec = codec_for(version)
    if is_integer:
        message = codec.decode_request(action, text(payload), lenient=False).message
        assert type(getattr(message, "connector_id", None) or message.request_id) is int
        assert b"1.0" not in codec.encode(message)
        return
    with pytest.raises(PayloadError, match="is not an integer") as caught:
        codec.decode_request(action, text(payload), lenient=False)
    assert caught.value.rule == "integral-float"
    found = codec.decode_request(action, text(payload))
    assert type(found.message.connector_id) is int
    assert [finding.slug for finding in found.findings] == ["integral-float"]


def test_limits_are_multiples_of_a_tenth_as_decimals() -> None:
    """Each of 0.0 … 320.0, which in binary floats only 13 of 3201 are."""
    codec = codec_for(V16)
    for tenths in range(3201):
        codec.encode_request("SetChargingProfile", profile(tenths / 10))
    for limit in (0.01, 16.05, 0.1 + 0.2, 1e-7):
        with pytest.raises(PayloadError, match="multiple"):
            codec.decode_request("SetChargingProfile", text(profile(limit)), lenient=False)


def profile(limit: float) -> dict[str, Any]:
    """The payload of a SetChargingProfile."""
    return {
        "connectorId": 1,
        "csChargingProfiles": {
            "chargingProfileId": 1,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
            },
        },
    }
