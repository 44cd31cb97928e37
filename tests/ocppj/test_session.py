"""The session pairs CALLs with their answers, and says what to answer to everything else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.errors import CallOpenError, ErrorKind, InvalidMessageError, PayloadError, UnknownActionError
from ocppj.session import Failure, Refused, Request, Response, Session, Stray
from ocppj.versions import OcppVersion

V16, V201, V21 = OcppVersion.V16, OcppVersion.V201, OcppVersion.V21


def session(version: OcppVersion = V16) -> Session:
    """A fresh one."""
    return Session(codec_for(version))


def text(*elements: Any) -> bytes:
    """A frame."""
    return json.dumps(elements).encode()


def reply_of(received: object) -> list[Any]:
    """The CALLERROR that goes back."""
    assert isinstance(received, Refused)
    assert received.reply is not None
    reply: list[Any] = json.loads(received.reply)
    return reply


def test_a_request_is_decoded_and_answered_under_its_id() -> None:
    """[2, id, action, payload] comes, [3, id, payload] goes."""
    one = session()
    request = one.receive(text(2, "a-1", "Heartbeat", {}))
    assert isinstance(request, Request)
    assert (request.message_id, request.action, request.payload) == ("a-1", "Heartbeat", b"{}")
    answer = one.answer("a-1", "Heartbeat", {"currentTime": "2026-01-05T12:00:00Z"})
    assert json.loads(answer) == [3, "a-1", {"currentTime": "2026-01-05T12:00:00Z"}]


def test_an_answer_that_breaks_its_schema_is_never_written() -> None:
    """What we send is strict; the request can still be refused."""
    one = session()
    one.receive(text(2, "a-1", "Heartbeat", {}))
    with pytest.raises(InvalidMessageError, match="currentTime"):
        one.answer("a-1", "Heartbeat", {})
    refusal = PayloadError(ErrorKind.INTERNAL, "$", "x", "cannot be written")
    assert json.loads(one.refuse("a-1", refusal)) == [4, "a-1", "InternalError", "$: cannot be written", {}]


def test_a_request_before_the_answer_to_the_last_one_is_served_and_named() -> None:
    """One open CALL per direction is the peer's duty; losing its message would be ours."""
    one = session()
    first = one.receive(text(2, "1", "Heartbeat", {}))
    second = one.receive(text(2, "2", "Heartbeat", {}))
    assert isinstance(first, Request)
    assert isinstance(second, Request)
    assert first.findings == ()
    assert [finding.slug for finding in second.findings] == ["overlapping-call"]
    for message_id in ("1", "2"):
        one.answer(message_id, "Heartbeat", {"currentTime": "2026-01-05T12:00:00Z"})
    third = one.receive(text(2, "3", "Heartbeat", {}))
    assert isinstance(third, Request)
    assert third.findings == ()


def test_our_call_is_open_until_its_answer() -> None:
    """A second one is our own mistake (OCPP-J 1.6 §4.1.1)."""
    one = session()
    call = json.loads(one.call("c-1", "ClearCache", {}, deadline=30.0))
    assert call == [2, "c-1", "ClearCache", {}]
    with pytest.raises(CallOpenError, match="c-1"):
        one.call("c-2", "ClearCache", {}, deadline=30.0)
    answer = one.receive(text(3, "c-1", {"status": "Accepted"}))
    assert isinstance(answer, Response)
    assert (answer.action, answer.message.status) == ("ClearCache", "Accepted")
    one.call("c-2", "ClearCache", {}, deadline=60.0)


def test_a_callerror_ends_our_call() -> None:
    """Code and description are the peer's."""
    one = session()
    one.call("c-1", "ClearCache", {}, deadline=30.0)
    failure = one.receive(text(4, "c-1", "NotSupported", "no cache", {}))
    assert failure == Failure("c-1", "ClearCache", "NotSupported", "no cache")
    assert one.open_call is None


@pytest.mark.parametrize(("version", "has_reply"), [(V16, False), (V201, False), (V21, True)])
def test_an_answer_that_breaks_its_schema_ends_our_call(version: OcppVersion, has_reply: bool) -> None:
    """Only 2.1 has a way to tell the peer (part 4 §4.2.3)."""
    one = session(version)
    one.call("c-1", "ClearCache", {}, deadline=30.0)
    failure = one.receive(text(3, "c-1", {"status": []}))
    assert isinstance(failure, Failure)
    assert failure.is_broken
    assert (failure.reply is not None) is has_reply
    if failure.reply is not None:
        assert json.loads(failure.reply)[:3] == [5, "c-1", failure.code]


def test_answers_to_nothing_are_strays() -> None:
    """Late, doubled, or never asked: nobody waits for them, and nothing is sent back."""
    one = session()
    assert isinstance(one.receive(text(3, "x", {})), Stray)
    assert isinstance(one.receive(text(4, "x", "GenericError", "", {})), Stray)
    one.call("c-1", "ClearCache", {}, deadline=30.0)
    assert isinstance(one.receive(text(3, "c-0", {"status": "Accepted"})), Stray)
    assert one.open_call is not None


def test_a_call_expires_at_its_deadline() -> None:
    """Deadlines are numbers of the caller's clock; an answer after it is a stray."""
    one = session()
    one.call("c-1", "ClearCache", {}, deadline=30.0)
    assert one.expire(29.9) is None
    expired = one.expire(30.0)
    assert expired is not None
    assert (expired.message_id, expired.action) == ("c-1", "ClearCache")
    assert one.expire(31.0) is None
    assert isinstance(one.receive(text(3, "c-1", {"status": "Accepted"})), Stray)


def test_an_abandoned_call_is_open_no_longer() -> None:
    """The connection is gone."""
    one = session()
    assert one.abandon() is None
    one.call("c-1", "ClearCache", {}, deadline=30.0)
    abandoned = one.abandon()
    assert abandoned is not None
    assert one.open_call is None


@pytest.mark.parametrize(
    ("version", "frame", "code"),
    [
        (V16, text(2, "1", "Foo", {}), "NotImplemented"),
        (V201, text(2, "1", "Foo", {}), "NotImplemented"),
        (V16, text(2, "1", "BootNotification", {}), "ProtocolError"),
        (V201, text(2, "1", "BootNotification", {}), "OccurrenceConstraintViolation"),
        (V16, text(2, "1", "Heartbeat", {}, 5), "FormationViolation"),
        (V201, text(2, "1", "Heartbeat", {}, 5), "RpcFrameworkError"),
        (V201, text(6, "1", "Heartbeat", {}), "MessageTypeNotSupported"),
        (V16, b'[2,"1","Heartbeat",{"a":1,}]', "FormationViolation"),
        (V201, b'[2,"1","Heartbeat",{"a":1,}]', "FormatViolation"),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_the_code_of_its_version(
    version: OcppVersion, frame: bytes, code: str
) -> None:
    """Under the id of the CALL, so that the peer can go on."""
    assert reply_of(session(version).receive(frame))[:3] == [4, "1", code]


def test_a_message_without_a_readable_id_is_answered_where_the_version_has_a_way() -> None:
    """2.0.1 part 4 §4.2.3 has the id "-1"; 1.6 has none, and an error for no CALL would confuse."""
    assert reply_of(session(V201).receive(b"hello"))[:3] == [4, "-1", "RpcFrameworkError"]
    refused = session(V16).receive(b"hello")
    assert isinstance(refused, Refused)
    assert refused.reply is None


@pytest.mark.parametrize("frame", [b'[3,"1",{]', b"[4]", b"[3,5.5,{}]", b'[4,"1"]', b'[5,"1",{"]'])
def test_a_broken_answer_is_never_answered(frame: bytes) -> None:
    """Two peers would send each other errors for ever."""
    for version in OcppVersion:
        received = session(version).receive(frame)
        assert isinstance(received, Refused | Stray)
        assert isinstance(received, Stray) or received.reply is None


def test_the_action_of_a_broken_call_is_known_where_it_can_be_read() -> None:
    """So that a transaction message is kept before it is refused."""
    received = session(V16).receive(b'[2,"1","StopTransaction",{"meterStop": 00}]')
    assert isinstance(received, Refused)
    assert received.action == "StopTransaction"


def test_a_send_is_read_and_never_answered() -> None:
    """2.1 part 4 §4.2.4, neither with a result nor with an error."""
    one = session(V21)
    good = {"id": 1, "pending": 0, "basetime": "2026-01-05T12:00:00Z", "data": [{"t": 0.5, "v": "230"}]}
    request = one.receive(text(6, "s-1", "NotifyPeriodicEventStream", good))
    assert isinstance(request, Request)
    assert request.is_send
    broken = one.receive(text(6, "s-2", "NotifyPeriodicEventStream", {}))
    assert isinstance(broken, Refused)
    assert broken.reply is None


def test_only_a_send_is_sent_as_one() -> None:
    """2.1 knows one; the others have none."""
    good = {"id": 1, "pending": 0, "basetime": "2026-01-05T12:00:00Z", "data": [{"t": 0.5, "v": "230"}]}
    sent = json.loads(session(V21).send("s-1", "NotifyPeriodicEventStream", good))
    assert sent == [6, "s-1", "NotifyPeriodicEventStream", good]
    with pytest.raises(UnknownActionError, match="SEND"):
        session(V16).send("s-1", "Heartbeat", {})


def test_a_peer_that_cannot_use_our_answer_is_heard() -> None:
    """CALLRESULTERROR (2.1): nothing is open any more, so it is a stray."""
    received = session(V21).receive(text(5, "a-1", "FormatViolation", "bad", {}))
    assert isinstance(received, Stray)
    assert "FormatViolation" in received.detail


# The bad input of OCPP-J: frame, code in 1.6 and in 2.x (None: nothing can be answered).
BAD_INPUT: dict[str, tuple[bytes, str | None, str]] = {
    "not JSON": (b"hello", None, "RpcFrameworkError"),
    "not an array": (b'{"a":1}', None, "RpcFrameworkError"),
    "an unreadable message id": (text(2, None, "DataTransfer", {}), None, "RpcFrameworkError"),
    "an unknown action": (text(2, "1", "Foo", {}), "NotImplemented", "NotImplemented"),
    "a missing field": (text(2, "1", "DataTransfer", {}), "ProtocolError", "OccurrenceConstraintViolation"),
    "a wrong type": (
        text(2, "1", "DataTransfer", {"vendorId": {}}),
        "TypeConstraintViolation",
        "TypeConstraintViolation",
    ),
    "no object": (text(2, "1", "DataTransfer", []), "TypeConstraintViolation", "TypeConstraintViolation"),
    "too deep": (
        b'[2,"1","DataTransfer",{"vendorId":"x","data":' + b"[" * 9999 + b"]" * 9999 + b"}]",
        "FormationViolation",
        "FormatViolation",
    ),
    "NaN": (
        b'[2,"1","DataTransfer",{"vendorId":"x","data":NaN}]',
        "FormationViolation",
        "FormatViolation",
    ),
    "a key twice": (
        b'[2,"1","DataTransfer",{"vendorId":"x","vendorId":"y"}]',
        "FormationViolation",
        "FormatViolation",
    ),
    "5,000 digits": (
        b'[2,"1","DataTransfer",{"vendorId":"x","data":' + b"9" * 5000 + b"}]",
        "PropertyConstraintViolation",
        "PropertyConstraintViolation",
    ),
    "invalid UTF-8 in a field nobody reads": (
        b'[2,"1","DataTransfer",{"vendorId":"x","y":"\xff"}]',
        "FormationViolation",
        "FormatViolation",
    ),
    "an unreadable time": (b"", None, "FormatViolation"),
}


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_has_one_outcome(version: OcppVersion, name: str) -> None:
    """The code of the version under the id of the CALL, or the way the version has for what has none."""
    frame, code_v16, code_v2x = BAD_INPUT[name]
    if not frame:
        frame = text(2, "1", "SecurityEventNotification", {"type": "x", "timestamp": "222222017-10-27"})
    received = session(version).receive(frame)
    code = code_v16 if version is V16 else code_v2x
    if code is not None:
        readable = "RpcFramework" not in code
        assert reply_of(received)[:3] == [4, "1" if readable else "-1", code]
    elif name == "an unreadable time":  # a 1.6 station would delete what is refused
        assert isinstance(received, Request)
        assert [finding.slug for finding in received.findings] == ["unreadable-time"]
    else:
        assert isinstance(received, Refused)
        assert received.reply is None


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize(
    ("value", "read", "slug"),
    [
        (b"\\ud800", "\ufffd", "lone-surrogate"),
        (b"\\u0000", "\u2400", "control-character"),
        (b"\x00", "\u2400", "control-character"),
        (b"x" * 256, "x" * 256, "too-long"),
    ],
)
def test_text_that_cannot_be_kept_is_mended_and_named(
    version: OcppVersion, value: bytes, read: str, slug: str
) -> None:
    """Half a character, NUL and the like cost nobody a message; a request and an answer alike."""
    one = session(version)
    request = one.receive(b'[2,"1","DataTransfer",{"vendorId":"%b"}]' % value)
    assert isinstance(request, Request)
    assert request.message.vendor_id == read
    assert slug in {finding.slug for finding in request.findings}
    action = "GetInstalledCertificateIds" if version is not V16 else "ClearCache"
    one.call("c-1", action, {}, deadline=1.0)
    response = one.receive(b'[3,"c-1",{"status":"%b"}]' % value)
    assert isinstance(response, Response)
    assert response.message.status == read


PIECES = st.lists(
    st.sampled_from([b"[", b"]", b"2", b"3", b"4", b"5", b"6", b",", b'"c-1"', b'"Heartbeat"', b"{}", b"{"])
    | st.sampled_from([b'"status"', b":", b'"Accepted"', b"null", b'"\\ud800"', b"\x00", b"\xff", b" "]),
    max_size=12,
).map(b"".join)


@given(
    PIECES
    | PIECES.map(lambda more: b'[3,"c-1",' + more)
    | PIECES.map(lambda more: b'[2,"1","Heartbeat",' + more),
    st.sampled_from(OcppVersion),
    st.booleans(),
)
def test_nothing_that_a_peer_can_say_raises(frame: bytes, version: OcppVersion, is_open: bool) -> None:
    """Every text has an outcome; what is to be sent back is a frame of five elements."""
    one = session(version)
    if is_open:
        one.call("c-1", "ClearCache", {}, deadline=1.0)
    received = one.receive(frame)
    reply = received.reply if isinstance(received, Refused | Failure) else None
    assert reply is None or (len(json.loads(reply)) == 5 and json.loads(reply)[0] in (4, 5))
    assert is_open or one.open_call is None
    assert not isinstance(received, Failure) or one.open_call is None


def test_a_request_is_refused_with_a_code_of_ours() -> None:
    """For what is no violation of the peer's: the code is in the version's own spelling already."""
    one = session()
    one.receive(text(2, "a-1", "Heartbeat", {}))
    assert json.loads(one.refuse("a-1", "GenericError", "later")) == [4, "a-1", "GenericError", "later", {}]
    again = one.receive(text(2, "a-2", "Heartbeat", {}))
    assert isinstance(again, Request)
    assert again.findings == (), "the one before was answered"


def test_a_call_that_comes_as_a_send_is_refused_without_a_word() -> None:
    """2.1 part 4 §4.2.4: nobody answers a SEND."""
    refused = session(V21).receive(text(6, "a-1", "Heartbeat", {}))
    assert isinstance(refused, Refused)
    assert (refused.reply, refused.code) == (None, "MessageTypeNotSupported")
    assert "'Heartbeat' is no SEND" in refused.detail


def test_what_may_be_sent_is_read_as_the_other_side_reads_it() -> None:
    """The struct of a request given as JSON values; what breaks the schema is refused as when it is sent."""
    request = session().request_in("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    assert (request.connector_id, request.type) == (0, "Inoperative")
    with pytest.raises(InvalidMessageError):
        session().request_in("ChangeAvailability", {"connectorId": 0})
    with pytest.raises(UnknownActionError):
        session().request_in("Fly", {})
