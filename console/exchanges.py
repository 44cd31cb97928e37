"""The frames of a wire log in memory: as lines, and each CALL with its answer."""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

FRAMES_KEPT = 300
ARROWS = {"in": "→", "out": "←", "marker": "●"}
FAULTS = frozenset({"error", "result_error", "unreadable"})
OPENERS = frozenset({"call", "send"})

Frame = Mapping[str, Any]
"""As `csms.api.frames.Reader` reads them."""


def frame_head(frame: Frame) -> str:
    """When, which way, what kind."""
    at = datetime.fromisoformat(frame["at"]).strftime("%H:%M:%S.%f")[:12]
    return f"{at} {ARROWS[frame['direction']]} {frame['kind']:<10}"


def payload_text(frame: Frame, *, is_pretty: bool) -> str:
    """What a frame carries; of an unreadable one, all of it as it came."""
    if frame["kind"] == "unreadable":
        return str(frame["raw"])
    return json.dumps(frame["payload"], ensure_ascii=False, indent=2 if is_pretty else None)


def frame_line(frame: Frame, *, is_pretty: bool) -> str:
    """A frame as a line, or several where it is indented."""
    is_broken = is_pretty and frame["kind"] != "unreadable"
    head = f"{frame_head(frame)} {frame['action'] or ''}"
    return f"{head}{chr(10) if is_broken else ' '}{payload_text(frame, is_pretty=is_pretty)}"


def frame_style(frame: Frame) -> str:
    """The look of a frame, by who sent it; what went wrong has its own."""
    return "fault" if frame["kind"] in FAULTS else str(frame["direction"])


def answer_time_ms(exchange: Sequence[Frame]) -> int | None:
    """How long a CALL waited for its answer; None where either is missing."""
    if len(exchange) < 2 or exchange[0]["kind"] != "call":
        return None
    asked, answered = (datetime.fromisoformat(each["at"]) for each in exchange[:2])
    return round((answered - asked).total_seconds() * 1000)


class FrameHistory:
    """The last frames of a station, in order."""

    def __init__(self, limit: int = FRAMES_KEPT) -> None:
        self._frames: deque[Frame] = deque(maxlen=limit)

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    def add(self, frame: Frame) -> None:
        """Keep one; the oldest goes."""
        self._frames.append(frame)

    def exchange(self, seq: int) -> list[Frame]:
        """The frame of this number with what belongs to it: a CALL and its answer. Empty if it is gone.

        Stations count messages anew, or name all of them alike, so that a new CALL begins a new exchange.
        """
        wanted = next((each for each in self._frames if each["seq"] == seq), None)
        if wanted is None or wanted["message_id"] is None:
            return [wanted] if wanted is not None else []
        found: list[Frame] = []
        for frame in self._frames:
            if _thread(frame) != _thread(wanted):
                continue
            if frame["kind"] in OPENERS:
                if any(each["seq"] == seq for each in found):
                    break
                found = []
            found.append(frame)
        return found


def _thread(frame: Frame) -> tuple[int, str | None, bool]:
    """Frames that may belong together: the same connection, message id, and side that asked."""
    is_from_station = frame["direction"] == "in"
    is_answer = frame["kind"] in ("result", "error")
    return frame["epoch"], frame["message_id"], is_from_station is not is_answer
