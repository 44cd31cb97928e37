"""A station's conversation as it is seen: frames, and the events that they tell of in neutral words. Pure.

An event is told when its answer is seen, so that it holds both; what a station sent and nobody answered is
a frame only.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from ocppj.codec import codec_for
from ocppj.errors import ViolationError
from ocppj.model.boot import BootNotificationResponse, HeartbeatResponse
from ocppj.model.messages import Reply
from ocppj.timestamps import time_to_wire
from ocppj.translation import translation_for
from ocppj.versions import OcppVersion
from simulator.scenario.event_readers import NeutralEvent, events_of

Sender = Literal["station", "csms"]
Kind = Literal["call", "result", "error", "send", "result_error", "unreadable"]
_KINDS: dict[int, tuple[Kind, int]] = {
    2: ("call", 4),
    3: ("result", 3),
    4: ("error", 4),
    5: ("result_error", 4),
    6: ("send", 4),
}
OPEN_LIMIT = 200
"""CALLs without an answer that are remembered."""
TRANSACTION_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """A frame on a station's wire. `action` of an answer is that of its CALL, where that was seen."""

    position: int
    sender: Sender
    kind: Kind
    message_id: str | None
    action: str | None
    payload: Any
    at: datetime
    raw: str

    @property
    def summary(self) -> str:
        """For a line of text."""
        arrow = "→" if self.sender == "station" else "←"
        return f"{arrow} {self.kind} {self.action or ''}".rstrip()


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """Something that a station told. `position` is that of the CALL: it belongs to when it was sent."""

    position: int
    name: str
    fields: dict[str, Any]
    at: datetime


@dataclass(slots=True)
class _Charge:
    """What is remembered of a transaction."""

    evse: int | None = None
    connector: int | None = None
    first_wh: float | None = None


@dataclass(slots=True)
class Conversation:
    """Reads one station's frames in order. `clock_is_theirs`: frames are stamped by the central system."""

    version: OcppVersion
    clock_is_theirs: bool = False
    _count: int = 0
    _open: "OrderedDict[tuple[Sender, str], SeenFrame]" = field(default_factory=OrderedDict)
    _charges: "OrderedDict[str, _Charge]" = field(default_factory=OrderedDict)
    _running: dict[int, str] = field(default_factory=dict)
    _csms_time: tuple[datetime, datetime] | None = None

    def frame(self, sender: Sender, raw: str, at: datetime) -> SeenFrame:
        """The next frame; its answer's events come from `events`."""
        self._count += 1
        kind, message_id, action, payload = _parts(raw)
        if message_id is not None and kind in ("result", "error"):
            call = self._open.get((_other(sender), message_id))
            action = call.action if call is not None else None
        frame = SeenFrame(self._count, sender, kind, message_id, action, payload, at, raw)
        if kind == "call" and message_id is not None:
            self._open[sender, message_id] = frame
            if len(self._open) > OPEN_LIMIT:
                self._open.popitem(last=False)
        return frame

    def events(self, frame: SeenFrame) -> Iterator[SeenEvent]:
        """What the answer `frame` completes."""
        if frame.kind not in ("result", "error") or frame.message_id is None:
            return
        call = self._open.pop((_other(frame.sender), frame.message_id), None)
        if call is None or call.sender != "station" or call.action is None:
            return
        for event in self._events_of_call(call, frame):
            fields = self._completed(event)
            fields |= self._times(event.at, call)
            if frame.kind == "error":
                fields["refused"] = frame.payload["code"]
            shown = {key: value for key, value in fields.items() if value is not None}
            yield SeenEvent(call.position, event.event, {"event": event.event} | shown, call.at)

    def _events_of_call(self, call: SeenFrame, answer: SeenFrame) -> list[NeutralEvent]:
        action, translation = call.action or "", translation_for(self.version)
        findings: list[str] = []
        try:
            request = codec_for(self.version).decode_request(action, _bytes(call.payload)).message
        except ViolationError:
            return []
        message = translation.message(action, request, findings)
        if message is None:
            return []
        reply = self._reply(action, answer)
        if isinstance(reply, HeartbeatResponse | BootNotificationResponse) and reply.current_time is not None:
            self._csms_time = (reply.current_time, answer.at)
        return events_of(message, reply, findings)

    def _reply(self, action: str, answer: SeenFrame) -> Reply | None:
        """What the central system answered; None where that cannot be read, or is a refusal."""
        if answer.kind != "result":
            return None
        try:
            response = codec_for(self.version).decode_response(action, _bytes(answer.payload)).message
            return translation_for(self.version).reply(action, response)
        except (ViolationError, ValueError):  # ValueError: a word that the version does not have
            return None

    def _times(self, at: datetime | None, call: SeenFrame) -> dict[str, Any]:
        """`at`, and how far the station's clock is from the central system's at the time of the frame."""
        if at is None:
            return {}
        theirs = self._their_time(call.at)
        error_s = round((at - theirs) / timedelta(seconds=1), 3) if theirs is not None else None
        return {"at": time_to_wire(at), "clock_error_s": error_s}

    def _their_time(self, at: datetime) -> datetime | None:
        if self.clock_is_theirs:
            return at
        if self._csms_time is None:
            return None
        event, when = self._csms_time
        return event + (at - when)

    def _completed(self, event: NeutralEvent) -> dict[str, Any]:
        """The fields, with what earlier messages of the same transaction have told."""
        fields = dict(event.fields)
        if event.event not in ("meter", "transaction started", "transaction updated", "transaction ended"):
            return fields
        key = fields.get("transaction_id") or self._running.get(fields.get("evse") or 0)
        if key is None:
            return fields
        fields["transaction_id"] = key
        charge = self._charges.setdefault(key, _Charge())
        if len(self._charges) > TRANSACTION_LIMIT:
            self._charges.popitem(last=False)
        charge.evse = fields["evse"] = fields.get("evse") or charge.evse
        if event.event != "meter":
            charge.connector = fields["connector"] = fields.get("connector") or charge.connector
        self._measure(charge, fields)
        if charge.evse is not None:
            if event.event == "transaction ended":
                self._running.pop(charge.evse, None)
            elif event.event != "meter":
                self._running[charge.evse] = key
        return fields

    def _measure(self, charge: _Charge, fields: dict[str, Any]) -> None:
        register_wh = fields.get("register_wh")
        if register_wh is None:
            return
        if charge.first_wh is None:
            charge.first_wh = register_wh
        fields["charged_wh"] = register_wh - charge.first_wh


def _other(sender: Sender) -> Sender:
    return "csms" if sender == "station" else "station"


def _bytes(payload: Any) -> bytes:
    return json.dumps(payload).encode()


def _parts(raw: str) -> tuple[Kind, str | None, str | None, Any]:
    message = _array(raw)
    kind, least = _KINDS.get(message[0], (None, 0)) if message and type(message[0]) is int else (None, 0)
    if kind is None or len(message) < least or not isinstance(message[1], str):
        return "unreadable", None, None, None
    if kind in ("call", "send"):
        return kind, message[1], message[2] if isinstance(message[2], str) else None, message[3]
    if kind == "result":
        return kind, message[1], None, message[2]
    code, description, details = [*message[2:5], None, None][:3]
    return kind, message[1], None, {"code": code, "description": description, "details": details}


def _array(raw: str) -> list[Any]:
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        return []
    return message if isinstance(message, list) else []
