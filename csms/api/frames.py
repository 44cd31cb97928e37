"""Frames of the wire log as people and tests read them: parsed and named."""

import json
from collections import OrderedDict
from typing import Any, Literal

from csms.central.wire_log import WireFrame
from runtime.texts import instant_text

Kind = Literal["call", "result", "error", "send", "result_error", "unreadable", "marker"]
_KINDS: dict[int, Kind] = {2: "call", 3: "result", 4: "error", 5: "result_error", 6: "send"}
_LEAST = {"call": 4, "result": 3, "error": 4, "result_error": 4, "send": 4}  # elements of each kind

OPEN_LIMIT = 1000
"""CALLs remembered to name their answers."""


class Reader:
    """Reads frames in order. An answer is named after the CALL it belongs to, where that one was read."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str], tuple[str, int]] = OrderedDict()

    def read(self, frame: WireFrame) -> dict[str, Any]:
        """A frame as JSON values; `payload` None and kind `unreadable` where it is no OCPP message.

        `call_seq` is the number of the CALL that an answer belongs to.
        """
        if frame.direction == "marker":
            return _marker(frame)
        kind, message_id, action, payload, call_seq = self._parts(frame)
        return {
            "seq": frame.seq,
            "station_id": frame.station_id,
            "epoch": frame.epoch,
            "at": instant_text(frame.at),
            "monotonic_us": frame.monotonic_us,
            "direction": frame.direction,
            "kind": kind,
            "message_id": message_id,
            "action": action,
            "call_seq": call_seq,
            "payload": payload,
            "raw": frame.raw.decode("utf-8", "backslashreplace"),
        }

    def _parts(self, frame: WireFrame) -> tuple[Kind, str | None, str | None, Any, int | None]:
        message = _parsed(frame.raw)
        if not isinstance(message, list) or len(message) < 3 or not isinstance(message[1], str):
            return "unreadable", None, None, None, None
        kind = _KINDS.get(message[0]) if isinstance(message[0], int) else None
        if kind is None or len(message) < _LEAST[kind]:
            return "unreadable", None, None, None, None
        message_id = message[1]
        if kind in ("call", "send"):
            action = message[2] if isinstance(message[2], str) else None
            if action is not None and kind == "call":
                self._remember((frame.direction, message_id), (action, frame.seq))
            return kind, message_id, action, message[3], None
        asked_by = "in" if frame.direction == "out" else "out"
        action, call_seq = self._open.pop((asked_by, message_id), (None, None))
        return kind, message_id, action, message[2] if kind == "result" else _error(message), call_seq

    def _remember(self, key: tuple[str, str], call: tuple[str, int]) -> None:
        self._open[key] = call
        if len(self._open) > OPEN_LIMIT:
            self._open.popitem(last=False)


def _marker(frame: WireFrame) -> dict[str, Any]:
    noted = _parsed(frame.raw)
    return {
        "seq": frame.seq,
        "station_id": frame.station_id,
        "epoch": None,
        "at": instant_text(frame.at),
        "monotonic_us": frame.monotonic_us,
        "direction": "marker",
        "kind": "marker",
        "message_id": None,
        "action": None,
        "call_seq": None,
        "payload": noted,
        "raw": frame.raw.decode("utf-8", "backslashreplace"),
    }


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _error(message: list[Any]) -> dict[str, Any]:
    code, description, details = [*message[2:5], None, None][:3]
    return {"code": code, "description": description, "details": details}
