"""The tap on a station's wire."""

import asyncio
from datetime import UTC, datetime

import pytest

from ocppj.session import Direction
from simulator.connection.tap import Frame, FrameTap

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)


def frame(text: bytes) -> Frame:
    """A frame of that text."""
    return Frame(1, Direction.OUT, text, AT)


@pytest.mark.parametrize(
    ("text", "kind", "message_id", "action", "payload"),
    [
        (b'[2,"a","Heartbeat",{"x":1}]', 2, "a", "Heartbeat", {"x": 1}),
        (b'[6,"a","Notify",{}]', 6, "a", "Notify", {}),
        (b'[3,"a",{"y":2}]', 3, "a", None, {"y": 2}),
        (b'[4,"a","InternalError","why",{}]', 4, "a", None, "InternalError"),
        (b"[2]", None, None, None, None),
        (b"{}", None, None, None, None),
        (b"not json", None, None, None, None),
        (b"[" * 100_000, None, None, None, None),
        (b'["2",5]', None, None, None, None),
        (b"[2,5,6,7]", 2, None, None, 7),
    ],
)
def test_frame_says_what_it_is(
    text: bytes, kind: int | None, message_id: str | None, action: str | None, payload: object
) -> None:
    """And never raises, whatever was sent."""
    found = frame(text)
    assert (found.type, found.message_id, found.action, found.payload) == (kind, message_id, action, payload)


def test_last_frames_are_kept_and_numbered() -> None:
    """From 1, also those that are no longer there."""
    tap = FrameTap(2)
    for text in (b"one", b"two", b"three"):
        tap.record(Direction.IN, text, AT)
    assert [(found.seq, found.text) for found in tap.since(0)] == [(2, b"two"), (3, b"three")]
    assert [found.seq for found in tap.since(2)] == [3]
    assert tap.last_seq == 3


def test_listener_hears_until_it_leaves() -> None:
    """Also where nothing is kept."""
    tap = FrameTap(0)
    heard: list[bytes] = []
    tap.record(Direction.IN, b"before", AT)
    leave = tap.listen(lambda found: heard.append(found.text))
    tap.record(Direction.IN, b"during", AT)
    leave()
    tap.record(Direction.IN, b"after", AT)
    assert (heard, tap.since(0), tap.last_seq) == ([b"during"], [], 3)


async def test_follower_gets_what_was_kept_then_what_comes() -> None:
    """In order, none twice."""
    tap = FrameTap(10)
    tap.record(Direction.IN, b"one", AT)
    tap.record(Direction.IN, b"two", AT)
    following = tap.follow(since=1)
    assert (await anext(following)).text == b"two"
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    tap.record(Direction.OUT, b"three", AT)
    assert (await waiting).text == b"three"
    await following.aclose()


async def test_slow_follower_loses_the_oldest() -> None:
    """It never holds the station up."""
    tap = FrameTap(10)
    following = tap.follow(limit=2)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)
    for text in (b"one", b"two", b"three", b"four"):
        tap.record(Direction.IN, text, AT)
    assert (await waiting).text == b"three"
    assert (await anext(following)).text == b"four"
    await following.aclose()
