"""The session pairs CALLs with their answers, and says what to answer to everything else."""

import json
from typing import Any

import pytest

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
