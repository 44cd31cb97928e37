"""The codec's verdicts on what is no payload, its errors for our mistakes, and how its readers agree.

Legal payloads and broken fields are in test_codec_schemas.py.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import Codec, Decoded, codec_for
from ocppj.errors import (
    ErrorKind,
    InvalidMessageError,
    PayloadError,
    UnknownActionError,
    ViolationError,
    wire_code,
)
from ocppj.v16 import messages as v16
from ocppj.v201 import messages as v201
from ocppj.versions import OcppVersion
from tests.support.schemas import JSON_VALUES

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21
FORMAT = ErrorKind.FORMAT_VIOLATION
PROPERTY = ErrorKind.PROPERTY_CONSTRAINT
DEEP = b"[" * 33 + b"]" * 33
BEYOND_ALL_STACKS = b'{"customData":' * 100_000


# What is no payload at all, or not one that anybody can keep ------------------------------------------------

# Text of a 1.6 Authorize; rule and kind of the refusal; the same when read leniently, None: it is accepted.
BAD_TEXTS: dict[str, tuple[bytes, str, ErrorKind, str | None]] = {
    "nothing": (b"", "not-json", FORMAT, "not-json"),
    "not JSON": (b'{"idTag":}', "not-json", FORMAT, "not-json"),
    "cut short": (b'{"idTag":"A"', "not-json", FORMAT, "not-json"),
    "single quotes": (b"{'idTag':'A'}", "not-json", FORMAT, "not-json"),
    "trailing comma": (b'{"idTag":"A",}', "not-json", FORMAT, "not-json"),
    "trailing text": (b'{"idTag":"A"} x', "not-json", FORMAT, "not-json"),
    "two values": (b'{"idTag":"A"}{}', "not-json", FORMAT, "not-json"),
    "byte order mark": (b'\xef\xbb\xbf{"idTag":"A"}', "not-json", FORMAT, "not-json"),
    "UTF-16": ('{"idTag":"A"}'.encode("utf-16"), "not-utf-8", FORMAT, "not-utf-8"),
    "NaN": (b'{"idTag":NaN}', "not-json", FORMAT, "not-json"),
    "Infinity": (b'{"idTag":-Infinity}', "not-json", FORMAT, "not-json"),
    "leading zero": (b'{"idTag":"A","x":01}', "not-json", FORMAT, "not-json"),
    "unknown escape": (b'{"idTag":"\\q"}', "not-json", FORMAT, "not-json"),
    "an array": (b"[]", "wrong-type", ErrorKind.TYPE_CONSTRAINT, "wrong-type"),
    "null": (b"null", "wrong-type", ErrorKind.TYPE_CONSTRAINT, "wrong-type"),
    "a number": (b"1", "wrong-type", ErrorKind.TYPE_CONSTRAINT, "wrong-type"),
    "too deep": (b'{"idTag":"A","x":' + DEEP + b"}", "too-deep", FORMAT, "too-deep"),
    "too deep behind a bracket in text": (
        b'{"idTag":"]]]]]]]]]]]]]]]]]]]","x":' + DEEP + b"}",
        "too-deep",
        FORMAT,
        "too-deep",
    ),
    "deeper than any stack": (BEYOND_ALL_STACKS, "too-deep", FORMAT, "too-deep"),
    "bad UTF-8": (b'{"idTag":"\xff"}', "not-utf-8", FORMAT, "not-utf-8"),
    "bad UTF-8 in a field nobody reads": (b'{"idTag":"A","x":"\xff"}', "not-utf-8", FORMAT, "not-utf-8"),
    "bad UTF-8 in a key": (b'{"idTag":"A","\xff":1}', "not-utf-8", FORMAT, "not-utf-8"),
    "half a character as UTF-8": (b'{"idTag":"\xed\xa0\x80"}', "not-utf-8", FORMAT, "not-utf-8"),
    "a key twice": (b'{"idTag":"A","idTag":"B"}', "duplicate-key", FORMAT, "duplicate-key"),
    "a key twice, once escaped": (
        b'{"idTag":"A","\\u0069dTag":"B"}',
        "duplicate-key",
        FORMAT,
        "duplicate-key",
    ),
    "a key twice among spaces": (
        b'{ "idTag" : "A" , "idTag"\t:"A"}',
        "duplicate-key",
        FORMAT,
        "duplicate-key",
    ),
    "5,000 digits": (b'{"idTag":' + b"9" * 5000 + b"}", "out-of-range", PROPERTY, "out-of-range"),
    "5,000 digits where nobody reads": (
        b'{"idTag":"A","x":' + b"9" * 5000 + b"}",
        "out-of-range",
        PROPERTY,
        "out-of-range",
    ),
    "a number beyond all bounds": (b'{"idTag":"A","x":1e999}', "out-of-range", PROPERTY, "out-of-range"),
    "lone surrogate": (b'{"idTag":"\\ud800"}', "lone-surrogate", FORMAT, None),
    "NUL": (b'{"idTag":"A\\u0000"}', "control-character", PROPERTY, None),
    "raw NUL": (b'{"idTag":"A\x00"}', "not-json", FORMAT, None),
    "raw control character": (b'{"idTag":"A\x07"}', "not-json", FORMAT, None),
    "raw line feed": (b'{"idTag":"A\n"}', "not-json", FORMAT, None),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_what_is_no_payload_has_one_outcome(name: str) -> None:
    """A PayloadError that names place and rule; leniently the same, or a finding and text to keep."""
    raw, rule, kind, lenient_rule = BAD_TEXTS[name]
    codec = codec_for(V16)
    with pytest.raises(PayloadError) as caught:
        codec.decode_request("Authorize", raw, lenient=False)
    assert (caught.value.rule, caught.value.kind) == (rule, kind)
    if lenient_rule is not None:
        with pytest.raises(PayloadError) as caught:
            codec.decode_request("Authorize", raw)
        assert caught.value.rule == lenient_rule
        return
    found = codec.decode_request("Authorize", raw)
    slugs = {finding.slug for finding in found.findings}
    assert slugs == {"lone-surrogate" if rule == "lone-surrogate" else "control-character"}
    assert not set(found.message.id_tag) & {"\x00", "\ud800"}
    assert msgspec_writes(found)


def msgspec_writes(found: Decoded) -> bool:
    """Whether the message can be written again."""
    return bool(codec_for(V16).encode(found.message))


# What only a part with free content can hold (2.x).
BAD_PARTS: dict[str, tuple[bytes, str | None]] = {
    "deep enough": (b"[" * 29 + b"]" * 29, None),
    "too deep": (b"[" * 40 + b"]" * 40, "too-deep"),
    "a key twice": (b'{"a":1,"a":2}', "duplicate-key"),
    "a key twice with an escape": (b'{"a\\/":1,"a/":2}', "duplicate-key"),
    "a key twice that looks like a value": (b'{"b":"c",":k":1,":k":2}', "duplicate-key"),
    "a key in two objects": (b'[{"a":1},{"a":2}]', None),
    "many digits": (b"9" * 400, None),
    "too many digits": (b"9" * 4301, "out-of-range"),
    "a float beyond all bounds": (b"-1e999", "out-of-range"),
    "NUL": (b'["\\u0000"]', "control-character"),
    "NUL in a key": (b'{"\\u0000":1}', "control-character"),
    "half a character": (b'["\\udfff"]', "lone-surrogate"),
    "bad UTF-8": (b'["\xff"]', "not-utf-8"),
}


@pytest.mark.parametrize("version", [V201, V21])
@pytest.mark.parametrize("name", BAD_PARTS)
@pytest.mark.parametrize("where", [b'{"customData":{"vendorId":"x","y":%b}}', b'{"vendorId":"x","data":%b}'])
def test_free_content_is_held_to_the_same(version: OcppVersion, name: str, where: bytes) -> None:
    """`customData` and DataTransfer's `data` may hold any JSON that can be kept and is not ambiguous."""
    part, rule = BAD_PARTS[name]
    action = "Heartbeat" if b"customData" in where else "DataTransfer"
    raw = where % part
    codec = codec_for(version)
    if rule is None:
        message = codec.decode_request(action, raw, lenient=False).message
        assert json.loads(codec.encode(message)) == json.loads(raw)
        return
    with pytest.raises(PayloadError) as caught:
        codec.decode_request(action, raw, lenient=False)
    assert caught.value.rule == rule
    if rule in ("control-character", "lone-surrogate"):
        found = codec.decode_request(action, raw)
        assert [finding.slug for finding in found.findings] == [rule]
        codec.encode(found.message)


def test_data_may_be_null() -> None:
    """2.x's DataTransfer.data has no type in the schema, so null is one; it reads as if it were not there."""
    for raw in (b'{"vendorId":"x","data":null}', b'{"vendorId":"\\u0078","data":null}'):
        found = codec_for(V201).decode_request("DataTransfer", raw, lenient=False)
        assert found[:2] == (v201.DataTransferRequest(vendor_id="x"), ())


@pytest.mark.parametrize("version", OcppVersion)
def test_an_unknown_action_is_not_implemented(version: OcppVersion) -> None:
    """The peer's action is the peer's fault: NotImplemented; however long or odd its name is."""
    for action in (
        "Nonsense",
        "heartbeat",
        "Heartbeat ",
        "HeartbeatRequest",
        "",
        "x" * 10_000,
        "\x00",
        "__init__",
    ):
        with pytest.raises(ViolationError) as caught:
            codec_for(version).decode_request(action, b"{}")
        assert wire_code(version, caught.value.kind) == "NotImplemented"
        assert len(str(caught.value)) < 300


@given(
    st.binary(max_size=60)
    | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"[",
                b"]",
                b'"',
                b":",
                b",",
                b"\\",
                b"\\u0000",
                b"\\ud83d",
                b"1",
                b"1e9",
                b"-",
                b"\xff",
            ]
        )
        | st.sampled_from([b'"idTag"', b'"customData"', b'"vendorId"', b'"x"', b"null", b"true", b" "]),
        max_size=25,
    ).map(b"".join),
    st.sampled_from([(V16, "Authorize"), (V201, "Heartbeat"), (V21, "DataTransfer")]),
    st.booleans(),
)
def test_no_bytes_raise_anything_else(raw: bytes, where: tuple[OcppVersion, str], lenient: bool) -> None:
    """Whatever stands where a payload belongs: a message, or a PayloadError."""
    version, action = where
    try:
        found = codec_for(version).decode_request(action, raw, lenient=lenient)
    except PayloadError as error:
        text = str(error)
        assert text.startswith("$")
        assert text.encode()
        return
    assert lenient or found.findings == ()
    codec_for(version).encode(found.message)


@given(st.dictionaries(st.text(max_size=4), JSON_VALUES, max_size=3), st.booleans())
def test_both_readers_read_the_same(extra: dict[str, Any], lenient: bool) -> None:
    """The fast decoder accepts nothing that the careful reader reads differently."""
    payload = {"customData": {**extra, "vendorId": "x"}}
    plain = json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
    careful = json.dumps(payload).replace('"vendorId"', '"\\u0076endorId"').encode()
    outcomes: list[Any] = []
    for raw in (plain, careful):
        try:
            outcomes.append(codec_for(V201).decode_request("Heartbeat", raw, lenient=lenient))
        except PayloadError as error:
            outcomes.append((error.path, error.kind))
    assert outcomes[0] == outcomes[1] or b"\xed" in plain  # half a character has no UTF-8 to compare with


KEYS = st.sampled_from(["a", "b", ":", ",", "{", '"', "\\", "/", "\n", "\x7f", "é", ""])
SPELLINGS = st.sampled_from(
    [lambda text: text, lambda text: text.replace("/", "\\/"), lambda text: f" {text}\t"]
)


@given(st.lists(st.tuples(KEYS, KEYS, SPELLINGS), max_size=4), st.booleans())
def test_a_key_twice_is_found_however_it_is_written(
    pairs: list[tuple[str, str, Any]], is_nested: bool
) -> None:
    """Among keys and texts that look like each other, and only then."""
    written = [f"{spell(dumped(key))}:{spell(dumped(text))}" for key, text, spell in pairs]
    inner = "{" + ",".join(written) + "}"
    raw = f'{{"customData":{{"vendorId":"v","x":{f"[{inner},{inner}]" if is_nested else inner}}}}}'.encode()
    keys = [key for key, _, _ in pairs]
    if len(set(keys)) == len(keys):
        found = codec_for(V201).decode_request("Heartbeat", raw, lenient=False)
        assert found.message.custom_data == json.loads(raw)["customData"]
    else:
        with pytest.raises(PayloadError, match="twice"):
            codec_for(V201).decode_request("Heartbeat", raw)


def dumped(text: str) -> str:
    """As JSON, in as few escapes as it needs."""
    return json.dumps(text, ensure_ascii=False)


def test_many_findings_are_cut_off() -> None:
    """A message with a thousand deviations costs no thousand findings."""
    raw = json.dumps({"idTag": "A", **{f"x{number}": 1 for number in range(1000)}}).encode()
    found = codec_for(V16).decode_request("Authorize", raw)
    assert len(found.findings) == 32


def test_a_hundred_thousand_keys_are_read_in_one_pass() -> None:
    """Finding out which of many keys came twice takes no time that grows with their square."""
    keys = ",".join(f'"k{number}":1' for number in range(100_000))
    with pytest.raises(PayloadError, match="'k99999' twice"):
        codec_for(V201).decode_request("Heartbeat", f'{{{keys},"k99999":1}}'.encode())


def test_a_long_broken_string_is_read_in_one_pass() -> None:
    """Nor does a text full of quotes that never ends."""
    raw = b'{"x":' + b"[" * 40 + b'"' + b'\\"' * 500_000
    with pytest.raises(PayloadError, match="nested deeper"):
        codec_for(V16).decode_request("Authorize", raw)


# Our own messages ---------------------------------------------------------------------------------------


def codec() -> Codec:
    """That of 1.6."""
    return codec_for(V16)


def test_there_is_one_codec_per_version() -> None:
    """It is made once, with its version's actions."""
    assert codec_for(V16) is codec_for(V16)
    assert [codec_for(version).version for version in OcppVersion] == list(OcppVersion)


def test_a_message_object_is_written_strictly() -> None:
    """An object that breaks its schema is our own mistake: it names action, place and rule."""
    message = v16.AuthorizeRequest(id_tag="x" * 21)
    with pytest.raises(InvalidMessageError) as caught:
        codec().encode(message)
    assert (caught.value.action, caught.value.path, caught.value.rule) == ("Authorize", "$.idTag", "too-long")
    assert str(caught.value) == "Authorize: $.idTag: is longer than 20"


@pytest.mark.parametrize(
    ("payload", "path", "rule"),
    [
        ({}, "$.idTag", "missing-field"),
        ({"idTag": "A", "x": 1}, "$.x", "unknown-property"),
        ({"idTag": None}, "$.idTag", "wrong-type"),
        ({"idTag": "\x00"}, "$.idTag", "control-character"),
        ({"idTag": "\ud800"}, "$", "not-json"),
        ({"idTag": b"\xff".decode("latin-1") * 21}, "$.idTag", "too-long"),
        ({"idTag": object()}, "$", "not-json"),
        ({"idTag": 10**5000}, "$", "not-json"),
        ({"idTag": float("nan")}, "$.idTag", "wrong-type"),
    ],
)
def test_json_values_are_written_strictly(payload: dict[str, Any], path: str, rule: str) -> None:
    """The same for a payload given as JSON values."""
    with pytest.raises(InvalidMessageError) as caught:
        codec().encode_request("Authorize", payload)
    assert (caught.value.path, caught.value.rule) == (path, rule)


def test_a_payload_that_holds_itself_is_not_written() -> None:
    """It would never end."""
    endless: dict[str, Any] = {"idTag": "A"}
    endless["x"] = endless
    with pytest.raises(InvalidMessageError, match="cannot be written"):
        codec().encode_request("Authorize", endless)


def test_control_characters_that_a_schema_allows_are_written() -> None:
    """An escape in our own text needs a second look, and passes it."""
    assert codec().encode_request("Authorize", {"idTag": "a\x07\n"}) == b'{"idTag":"a\\u0007\\n"}'


def test_the_wrong_object_for_an_action_is_not_written() -> None:
    """Neither a request for a response, nor another version's class."""
    with pytest.raises(InvalidMessageError, match="needs a HeartbeatResponse, not a HeartbeatRequest"):
        codec().encode_response("Heartbeat", v16.HeartbeatRequest())
    with pytest.raises(UnknownActionError, match=r"no message of OCPP 1\.6"):
        codec().encode(v201.HeartbeatRequest())


@pytest.mark.parametrize("call", ["encode_request", "encode_response", "decode_response"])
def test_an_action_that_we_invent_is_our_mistake(call: str) -> None:
    """UnknownActionError, not a violation of the peer's."""
    payload: Any = b"{}" if call == "decode_response" else {}
    with pytest.raises(UnknownActionError, match=r"OCPP 1\.6 has no such message for 'Nonsense'"):
        getattr(codec(), call)("Nonsense", payload)


def test_a_send_has_no_response() -> None:
    """2.1's SEND is the one kind of message that nobody answers."""
    sends = [name for name in codec_for(V21).actions if codec_for(V21).is_send(name)]
    assert sends == ["NotifyPeriodicEventStream"]
    assert not codec_for(V21).is_send("Nonsense")
    with pytest.raises(UnknownActionError):
        codec_for(V21).encode_response("NotifyPeriodicEventStream", {})


def test_absent_fields_are_not_written() -> None:
    """None is absence: 2.0.1 part 4 §4.1.5 forbids null."""
    message = v16.IdTagInfo(status="Accepted")
    assert (
        codec().encode(v16.AuthorizeResponse(id_tag_info=message)) == b'{"idTagInfo":{"status":"Accepted"}}'
    )


def test_a_billing_message_is_read_in_part_where_that_is_allowed() -> None:
    """Only leniently, only where something of it can be read, and no other message (rule 18)."""
    broken = b'{"transactionId":7,"meterStop":3000,"timestamp":"2026-11-24T12:00:00Z","transactionData":5}'
    found = codec_for(V16).decode_request("StopTransaction", broken)
    assert (found.message.meter_stop, found.is_partial) == (3000, True)
    assert [each.slug for each in found.findings] == ["part-left-out"]
    for action, text, lenient in (
        ("StopTransaction", broken, False),
        ("StopTransaction", b'{"transactionId":[],"meterStop":[],"timestamp":[]}', True),
        ("Authorize", b'{"idTag":[]}', True),
    ):
        with pytest.raises(PayloadError):
            codec_for(V16).decode_request(action, text, lenient=lenient)


def test_what_nests_too_deeply_is_refused_although_its_class_takes_it() -> None:
    """A vendor's own data are of any shape: the fast decoder has no bound."""
    text = b'{"vendorId":"x","data":%b}' % DEEP
    with pytest.raises(PayloadError, match="nested deeper than 32"):
        codec_for(V201).decode_request("DataTransfer", text)


def test_an_empty_object_is_a_message_where_nothing_is_required() -> None:
    """A heartbeat, as most are."""
    found = codec_for(V16).decode_request("Heartbeat", b"{}")
    assert found == Decoded(v16.HeartbeatRequest(), ())
