"""The frames of a wire log for people: each CALL with its answer, and how long it took."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

ARROWS = {"in": "→", "out": "←", "marker": "●"}
FAULTS = frozenset({"error", "result_error", "unreadable"})
OPENERS = frozenset({"call", "send"})
EXCERPT = 160
"""Characters of a payload that stand in its row."""

Frame = Mapping[str, Any]
"""As `csms.api.frames.Reader` reads them."""


class ShownFrame(TypedDict):
    """A frame, whole."""

    head: str
    text: str
    raw: str
    look: str
    way: str


class Exchange(TypedDict):
    """What belongs together: a CALL and its answer, or a frame alone. `took_ms` None: nothing answered it."""

    seq: int
    at: str
    arrow: str
    title: str
    excerpt: str
    look: str
    is_call: bool
    took_ms: int | None
    frames: list[ShownFrame]


def exchanges_of(frames: Iterable[Frame]) -> list[Exchange]:
    """Each in the place of its first frame."""
    return [_exchange(each) for each in grouped(frames)]


def grouped(frames: Iterable[Frame]) -> list[list[Frame]]:
    """Frames that belong together, in order.

    Stations count messages anew, or name all of them alike, so that a new CALL begins a new exchange.
    """
    found: list[list[Frame]] = []
    latest: dict[tuple[int, str | None, bool], list[Frame]] = {}
    for frame in frames:
        thread = _thread(frame)
        known = latest.get(thread)
        if frame["message_id"] is None or frame["kind"] in OPENERS or known is None:
            found.append([frame])
            if frame["message_id"] is not None:
                latest[thread] = found[-1]
        else:
            known.append(frame)
    return found


def frame_head(frame: Frame) -> str:
    """When, which way, what kind."""
    return f"{_clock_time(frame)} {ARROWS[frame['direction']]} {frame['kind']}"


def payload_text(frame: Frame, *, is_pretty: bool) -> str:
    """What a frame carries; of an unreadable one, all of it as it came."""
    if frame["kind"] == "unreadable":
        return str(frame["raw"])
    return json.dumps(frame["payload"], ensure_ascii=False, indent=2 if is_pretty else None)


def frame_style(frame: Frame) -> str:
    """The look of a frame, by who sent it; what went wrong has its own."""
    return "fault" if frame["kind"] in FAULTS else str(frame["direction"])


def answer_time_ms(exchange: Sequence[Frame]) -> int | None:
    """How long a CALL waited for its answer; None where either is missing."""
    if len(exchange) < 2 or exchange[0]["kind"] != "call":
        return None
    asked, answered = (datetime.fromisoformat(each["at"]) for each in exchange[:2])
    return round((answered - asked).total_seconds() * 1000)


def _exchange(frames: Sequence[Frame]) -> Exchange:
    first = frames[0]
    is_fault = any(frame_style(each) == "fault" for each in frames)
    return {
        "seq": first["seq"],
        "at": _clock_time(first),
        "arrow": ARROWS[first["direction"]],
        "title": str(first["action"] or first["kind"]),
        "excerpt": payload_text(first, is_pretty=False)[:EXCERPT],
        "look": "fault" if is_fault else str(first["direction"]),
        "is_call": first["kind"] == "call",
        "took_ms": answer_time_ms(frames),
        "frames": [_shown(each) for each in frames],
    }


def _shown(frame: Frame) -> ShownFrame:
    return {
        "head": frame_head(frame),
        "text": payload_text(frame, is_pretty=True),
        "raw": str(frame["raw"]),
        "look": frame_style(frame),
        "way": str(frame["direction"]),
    }


def _clock_time(frame: Frame) -> str:
    return datetime.fromisoformat(frame["at"]).strftime("%H:%M:%S.%f")[:12]


def _thread(frame: Frame) -> tuple[int, str | None, bool]:
    """Frames that may belong together: the same connection, message id, and side that asked."""
    is_from_station = frame["direction"] == "in"
    is_answer = frame["kind"] in ("result", "error")
    return frame["epoch"], frame["message_id"], is_from_station is not is_answer
