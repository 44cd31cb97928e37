"""808 frames recorded from six independent stations, 1.6 and 2.0.1: each is read, and read as it was meant.

All of it is right; a deviation that a new recording brings has to be named in `FINDINGS`.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from ocppj.codec import codec_for
from ocppj.frames import Call, CallError, CallResult, read_frame, write_call, write_result
from ocppj.session import Failure, Request, Response, Session
from ocppj.versions import OcppVersion
from tests.support.schemas import message_schemas
from tests.support.sources import ROOT

FRAMES = ROOT / "tests" / "data" / "recorded_frames.jsonl"
FINDINGS: Counter[tuple[str, str, str]] = Counter()
"""(client, action, finding): all six keep to their schemas."""

Conversation = tuple[str, str, OcppVersion]


@dataclass(frozen=True)
class Recorded:
    """One frame. `action` is the request's own, or that of the request that an answer belongs to."""

    client: str
    station: str
    version: OcppVersion
    sender: str
    text: bytes
    action: str | None


@cache
def recorded() -> tuple[Recorded, ...]:
    """All frames in the order in which they came."""
    asked: dict[tuple[str, str, str, str], str] = {}
    found = []
    for line in FRAMES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind, message_id, *rest = json.loads(row["frame"])
        other = {"station": "csms", "csms": "station"}[row["from"]]
        if kind == 2:
            asked[row["client"], row["station"], row["from"], message_id] = rest[0]
        action = rest[0] if kind == 2 else asked.get((row["client"], row["station"], other, message_id))
        version = OcppVersion(row["version"])
        text = row["frame"].encode()
        found.append(Recorded(row["client"], row["station"], version, row["from"], text, action))
    return tuple(found)


def conversations() -> dict[Conversation, list[Recorded]]:
    """The frames of each station."""
    found: dict[Conversation, list[Recorded]] = {}
    for frame in recorded():
        found.setdefault((frame.client, frame.station, frame.version), []).append(frame)
    return found


def test_all_six_stations_are_there() -> None:
    """808 frames, half of them from stations."""
    assert len(recorded()) == 808
    assert len({frame.client for frame in recorded()}) == 6
    assert Counter(frame.version.label for frame in recorded()) == {"1.6": 642, "2.0.1": 166}


def test_each_frame_is_read_strictly_or_with_named_findings() -> None:
    """And written again as it was: nothing of what it says is lost."""
    findings: Counter[tuple[str, str, str]] = Counter()
    for each in recorded():
        codec = codec_for(each.version)
        frame = read_frame(each.text, each.version)
        message_id = json.loads(each.text)[1]
        assert frame.message_id == message_id
        assert each.action is not None
        if isinstance(frame, CallError):
            assert frame.code == "NotSupported"
            continue
        assert isinstance(frame, Call | CallResult)
        is_call = isinstance(frame, Call)
        decode = codec.decode_request if is_call else codec.decode_response
        found = decode(each.action, frame.payload)
        findings.update(
            (each.client, each.action, finding.slug) for finding in frame.findings + found.findings
        )
        if not found.findings:
            assert found == decode(each.action, frame.payload, lenient=False)
            written = codec.encode(found.message)
            again = (
                write_call(message_id, each.action, written) if is_call else write_result(message_id, written)
            )
            assert json.loads(again) == json.loads(each.text)
    assert findings == FINDINGS


def test_the_schema_validator_agrees() -> None:
    """Each payload is what its schema allows."""
    schemas = {(schema.version, schema.name): schema for schema in message_schemas()}
    for each in recorded():
        kind, _, *rest = json.loads(each.text)
        if kind == 4:
            continue
        name = f"{each.action}{'Request' if kind == 2 else 'Response'}"
        assert schemas[each.version, name].accepts(json.dumps(rest[-1]).encode()), each


@pytest.mark.parametrize("conversation", conversations(), ids=lambda key: f"{key[0]} {key[2].label}")
@pytest.mark.parametrize("side", ["csms", "station"])
def test_each_conversation_passes_through_a_session(conversation: Conversation, side: str) -> None:
    """At either end: what came are requests and answers to our calls, what went is what a session writes."""
    version = conversation[2]
    session = Session(codec_for(version))
    for each in conversations()[conversation]:
        assert each.action is not None
        kind, message_id, *rest = json.loads(each.text)
        if each.sender == side:
            assert json.loads(said(session, kind, message_id, each.action, rest)) == json.loads(each.text)
            continue
        received = session.receive(each.text, lenient=False)
        assert isinstance(received, Request | Response | Failure), received
        assert (received.message_id, received.action) == (message_id, each.action)


def said(session: Session, kind: int, message_id: str, action: str, rest: list[Any]) -> bytes:
    """The same frame, written by the session."""
    match kind:
        case 2:
            return session.call(message_id, action, rest[1], deadline=1.0)
        case 3:
            return session.answer(message_id, action, rest[0])
        case _:
            return session.refuse(message_id, rest[0], rest[1])
