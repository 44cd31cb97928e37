"""Frames: each kind in each version, what stations get wrong about them, and what is no frame."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.errors import ErrorKind, FrameError
from ocppj.frames import (
    Call,
    CallError,
    CallResult,
    CallResultError,
    Frame,
    MessageType,
    Send,
    read_frame,
    write_call,
    write_error,
    write_result,
    write_result_error,
    write_send,
)
from ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21
RPC = ErrorKind.RPC_FRAMEWORK
FORMAT = ErrorKind.FORMAT_VIOLATION
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
OBJECTS = st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS, max_size=3)


def slugs(frame: Frame) -> list[str]:
    """What was put up with."""
    return [finding.slug for finding in frame.findings]


# What is right ------------------------------------------------------------------------------------------


@given(st.sampled_from(OcppVersion), TEXTS, TEXTS, OBJECTS, st.booleans())
def test_requests_and_answers_come_back(
    version: OcppVersion, message_id: str, action: str, payload: dict[str, Any], compact: bool
) -> None:
    """What is written is read as it was, however it is spaced; an id that is odd is named, and kept."""
    raw = json.dumps(payload, separators=(",", ":") if compact else None).encode()
    call = read_frame(write_call(message_id, action, raw), version)
    assert isinstance(call, Call)
    assert (call.message_id, call.action, json.loads(call.payload)) == (message_id, action, payload)
    result = read_frame(write_result(message_id, raw), version)
    assert isinstance(result, CallResult)
    assert (result.message_id, json.loads(result.payload)) == (message_id, payload)
    odd = ["empty-message-id"] if not message_id else ["long-message-id"] if len(message_id) > 36 else []
    assert slugs(call) == slugs(result) == odd


@given(st.sampled_from(OcppVersion), TEXTS, TEXTS, st.text(max_size=400))
def test_errors_come_back(version: OcppVersion, message_id: str, code: str, description: str) -> None:
    """Whole up to 255 characters (2.0.1 part 4 §4.2.3 table 7), with what can be sent and kept of it."""
    raw = write_error(message_id, code, description)
    frame = read_frame(raw, version)
    assert isinstance(frame, CallError)
    assert (frame.message_id, frame.code, frame.details) == (message_id, code, b"{}")
    sendable = description.encode("utf-8", "replace").decode().replace("\x00", "\u2400")
    assert frame.description == sendable[:255]
    assert len(json.loads(raw)) == 5


@pytest.mark.parametrize("write", [write_error, write_result_error])
def test_a_long_description_is_cut(write: Callable[[str, str, str], bytes]) -> None:
    """To the 255 characters of table 7, whatever they weigh."""
    assert json.loads(write("1", "GenericError", "\U0001f50c" * 256))[3] == "\U0001f50c" * 255


@given(TEXTS, TEXTS, OBJECTS)
def test_the_new_kinds_of_21_come_back(message_id: str, word: str, payload: dict[str, Any]) -> None:
    """CALLRESULTERROR and SEND (2.1 part 4 §4.2.3, §4.2.4)."""
    send = read_frame(write_send(message_id, word, json.dumps(payload).encode()), V21)
    assert isinstance(send, Send)
    assert (send.message_id, send.action, json.loads(send.payload)) == (message_id, word, payload)
    error = read_frame(write_result_error(message_id, word, "no"), V21)
    assert isinstance(error, CallResultError)
    assert (error.message_id, error.code, error.description) == (message_id, word, "no")


# What is odd --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b' [ 2 , "1" , "Heartbeat" , { } ] ', Call("1", "Heartbeat", b"{ }")),
        (b'[2,"1","Heartbeat",[]]', Call("1", "Heartbeat", b"[]")),  # for the codec to judge
        (b'[3,"1",5]', CallResult("1", b"5")),
        (b'[4,"1"]', CallError("1", "")),
        (b'[4,"1",null,"why",{}]', CallError("1", "", "why")),
        (b'[4,"1","GenericError"]', CallError("1", "GenericError")),
        (b'[4,"1","GenericError",null,null]', CallError("1", "GenericError", "", b"null")),
        (b'[4,"1","GenericError",5,[]]', CallError("1", "GenericError", "", b"[]")),
        (b'[4,"1","a\\u0000","b\\u0000",{}]', CallError("1", "a\u2400", "b\u2400")),
    ],
)
def test_what_can_only_mean_one_thing_is_read(raw: bytes, expected: Frame) -> None:
    """Spaces, and descriptions and details of any kind (quirk 73); what an error lacks is named."""
    found = read_frame(raw, V16)
    assert msgspec.structs.replace(found, findings=()) == expected
    is_incomplete = isinstance(expected, CallError) and b'"b' not in raw
    assert [finding.slug for finding in found.findings] == ["incomplete-error"] * is_incomplete


@pytest.mark.parametrize(
    ("raw", "slug", "message_id"),
    [
        (b'[2,"1","Heartbeat",null]', "null-payload", "1"),
        (b'[2,"1","Heartbeat"]', "null-payload", "1"),
        (b'[3,"1",null]', "null-payload", "1"),
        (b'[3,"1"]', "null-payload", "1"),
        (b'[2,17,"Heartbeat",{}]', "number-for-string", "17"),
        (b'[2,-17,"Heartbeat",{}]', "number-for-string", "-17"),
        (b'[2,"","Heartbeat",{}]', "empty-message-id", ""),
        (b'[2,"' + b"x" * 37 + b'","Heartbeat",{}]', "long-message-id", "x" * 37),
    ],
)
def test_what_is_put_up_with_is_named(raw: bytes, slug: str, message_id: str) -> None:
    """The payload is then `{}`, the id is the one to answer to."""
    frame = read_frame(raw, V201)
    assert isinstance(frame, Call | CallResult)
    assert (slugs(frame), frame.message_id, frame.payload) == ([slug], message_id, b"{}")


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(
    "payload",
    [b'{"a":"\\ud800"}', b'{"a":"\x00"}', b'{"a":"\n"}', b'{"a":NaN}', b'{"a":}', b"[" * 9999 + b"]" * 9999],
    ids=["half a character", "NUL", "line feed", "NaN", "no value", "deep"],
)
def test_a_payload_that_no_reader_takes_is_the_codecs_to_judge(version: OcppVersion, payload: bytes) -> None:
    """A CALL and an answer are what they are, whatever is in them: so half a character costs no transaction,
    and our own CALL does not stay open although its answer is here.
    """
    assert read_frame(b'[2,"1","StopTransaction",%b ] ' % payload, version) == Call(
        "1", "StopTransaction", payload
    )
    assert read_frame(b'[3, "1", %b]' % payload, version) == CallResult("1", payload)
    assert read_frame(b'[4,"1","GenericError",%b]' % payload, version) == CallError("1", "GenericError")
    long = b"x" * 40
    frame = read_frame(b'[2,"%b","StopTransaction",%b]' % (long, payload), version)
    assert slugs(frame) == ["long-message-id"]


def test_a_broken_send_is_one_in_21_only() -> None:
    """And is never answered."""
    raw = b'[6,"1","NotifyPeriodicEventStream",{"a":"\\ud800"}]'
    assert read_frame(raw, V21) == Send("1", "NotifyPeriodicEventStream", b'{"a":"\\ud800"}')
    with pytest.raises(FrameError) as caught:
        read_frame(raw, V201)
    assert not caught.value.is_answerable


# What is no frame ---------------------------------------------------------------------------------------

# The frame; the kind of error, the id and the action that could be read, and whether the peer is told.
NO_FRAMES: list[tuple[bytes, ErrorKind, str | None, str | None, bool]] = [
    (b"", RPC, None, None, True),
    (b"hello", RPC, None, None, True),
    (b"\xff\xfe", RPC, None, None, True),
    (b"{}", RPC, None, None, True),
    (b"[]", RPC, None, None, True),
    (b"[null]", RPC, None, None, True),
    (b'["2","1","Heartbeat",{}]', RPC, None, None, True),
    (b'[2.0,"1","Heartbeat",{}]', RPC, None, None, True),
    (b'[true,"1","Heartbeat",{}]', RPC, None, None, True),
    (b"[" + b"9" * 5000 + b",{}]", RPC, None, None, True),
    (b"[2]", RPC, None, None, True),
    (b'[2,null,"Heartbeat",{}]', RPC, None, "Heartbeat", True),
    (b'[2,1.5,"Heartbeat",{}]', RPC, None, "Heartbeat", True),
    (b'[2,["1"],"Heartbeat",{}]', RPC, None, "Heartbeat", True),
    (b'[2,"\\u0000","Heartbeat",{}]', RPC, None, "Heartbeat", True),
    (b'[2,"\\ud800","Heartbeat",{}]', RPC, None, None, True),
    (b'[2,"' + b"x" * 256 + b'","Heartbeat",{}]', RPC, None, "Heartbeat", True),
    (b"[2,5.5]", RPC, None, None, True),
    (b'[2,"1"]', RPC, "1", None, True),
    (b'[2,"1",["Heartbeat"],{}]', RPC, "1", None, True),
    (b'[2,"1","Heartbeat",{},{}]', RPC, "1", None, True),
    (b'[2,"1","Heartbeat",{"a":1', FORMAT, "1", "Heartbeat", True),
    (b'[2,"1",{"a":NaN}]', FORMAT, "1", None, True),
    (b"[3]", RPC, None, None, False),
    (b"[3,null,{}]", RPC, None, None, False),
    (b"[ 3 ,", RPC, None, None, False),
    (b'[3,"1",{},{}]', RPC, "1", None, False),
    (b'[3,"1",{"a"', FORMAT, "1", None, False),
    (b'[3,"1","Heartbeat",{"a":}]', FORMAT, "1", "Heartbeat", False),
    (b'[4,"1","","",{},{}]', RPC, "1", None, False),
    (b'[4,"1",{"a":NaN}]', FORMAT, "1", None, False),
]


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(("raw", "kind", "message_id", "action", "is_answerable"), NO_FRAMES)
def test_what_is_no_frame_says_what_could_be_read_of_it(
    version: OcppVersion,
    raw: bytes,
    kind: ErrorKind,
    message_id: str | None,
    action: str | None,
    is_answerable: bool,
) -> None:
    """The id to tell the peer, the action to keep billing data by; an answer is never answered."""
    with pytest.raises(FrameError) as caught:
        read_frame(raw, version)
    error = caught.value
    assert (error.kind, error.message_id, error.action, error.is_answerable) == (
        kind,
        message_id,
        action,
        is_answerable,
    )


@pytest.mark.parametrize("number", [0, 1, 7, 255, 10**12, -2])
@pytest.mark.parametrize(("version", "is_answerable"), [(V16, False), (V201, True), (V21, True)])
def test_an_unknown_kind_of_message(version: OcppVersion, number: int, is_answerable: bool) -> None:
    """1.6 ignores it (§4.1.3); 2.x tells the peer under its id (2.0.1 part 4 §4.4)."""
    with pytest.raises(FrameError) as caught:
        read_frame(json.dumps([number, "1", {}]).encode(), version)
    error = caught.value
    assert (error.kind, error.message_id) == (ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED, "1")
    assert error.is_answerable is is_answerable
    for raw in (f"[{number}]", f"[{number},5]", f'[{number},"{"x" * 256}"]'):
        with pytest.raises(FrameError) as caught:
            read_frame(raw.encode(), version)
        assert not caught.value.is_answerable


@pytest.mark.parametrize("version", [V16, V201])
@pytest.mark.parametrize("kind", [MessageType.RESULT_ERROR, MessageType.SEND])
def test_what_21_adds_is_unknown_to_the_others(version: OcppVersion, kind: MessageType) -> None:
    """A SEND under 2.0.1 is no CALL."""
    with pytest.raises(FrameError) as caught:
        read_frame(json.dumps([kind, "1", "X", {}, {}]).encode(), version)
    assert caught.value.kind is ErrorKind.MESSAGE_TYPE_NOT_SUPPORTED


PIECES = st.lists(
    st.sampled_from(
        [b"[", b"]", b"2", b"3", b"4", b"5", b"6", b",", b'"1"', b'"A"', b"{}", b"{", b'"', b"\\"]
    )
    | st.sampled_from(
        [b"null", b" ", b"-1", b"2.0", b"\\u0000", b"\\ud800", b"\x00", b"\xff", b"1e5", b"9" * 30]
    ),
    max_size=14,
).map(b"".join)
PARTS: list[Any] = [2, 3, 4, 5, 6, 7, "1", "A", None, {}, [], 1.5, True, "\x00"]
ALMOST = st.lists(st.sampled_from(PARTS), max_size=7)


@given(
    st.binary(max_size=80)
    | PIECES
    | PIECES.map(lambda text: b'[2,"1",' + text)
    | ALMOST.map(lambda e: json.dumps(e).encode()),
    st.sampled_from(OcppVersion),
)
def test_no_bytes_raise_anything_else(raw: bytes, version: OcppVersion) -> None:
    """A frame, or a FrameError whose id and text can be sent."""
    outcome: Frame | FrameError
    try:
        outcome = read_frame(raw, version)
    except FrameError as error:
        outcome = error
    assert "\x00" not in (outcome.message_id or "")
    assert write_error(outcome.message_id or "-1", "X", getattr(outcome, "detail", ""))
