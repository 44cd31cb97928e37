"""What a simulated station does, on the terminal: for people in colour, for programs one JSON object a line.

Secrets in frames are masked, as in the server's own wire log.
"""

import json
from collections import OrderedDict
from datetime import datetime
from typing import Any, Protocol

import msgspec
from rich.console import Console
from rich.text import Text

from borne.terminal import Part, joined, one_line
from csms.gateway.redaction import mask_frame
from ocppj.session import Direction
from runtime.texts import energy_text, power_text
from simulator.connection.tap import Frame
from simulator.model.station_log import LogEntry, Topic
from simulator.station.snapshot import StationSnapshot

OPEN_CALLS = 1000
"""CALLs remembered, to name the action of their answers."""

_TOPIC_STYLE = {
    Topic.LINK: "bold blue",
    Topic.BOOT: "bold green",
    Topic.CONNECTOR: "magenta",
    Topic.CHARGING: "bold magenta",
}


class Lines(Protocol):
    """Where everything is told."""

    def frame(self, frame: Frame) -> None:
        """One message on the wire."""
        ...

    def entry(self, entry: LogEntry) -> None:
        """Something has happened in the station."""
        ...

    def print_text(self, text: str, *, is_trouble: bool = False) -> None:
        """A word to the person at the keyboard."""
        ...

    def result(self, snapshot: StationSnapshot) -> None:
        """How the station is now, or was at last."""
        ...


def masked_content(text: bytes) -> dict[str, Any]:
    """A frame for a program: `frame` with the message as JSON, secrets masked; `text` for what is none."""
    try:
        return {"frame": json.loads(mask_frame(text))}
    except (ValueError, RecursionError):
        return {"text": text.decode("utf-8", "replace")}


class ActionNames:
    """The action of each frame: an answer has that of its CALL."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[Direction, str], str] = OrderedDict()

    def of(self, frame: Frame) -> str:
        """The action, `?` for an answer to nothing, and what it is for a text that is no frame."""
        message_id, action = frame.message_id, frame.action
        if message_id is None:
            return "(no OCPP message)"
        if action is not None:
            self._open[frame.direction, message_id] = action
            if len(self._open) > OPEN_CALLS:
                self._open.popitem(last=False)
            return action
        asked = Direction.IN if frame.direction is Direction.OUT else Direction.OUT
        return self._open.pop((asked, message_id), "?")


class PeopleLines:
    """For people. `shows_frames` False leaves out the wire."""

    def __init__(self, console: Console, *, shows_frames: bool = True) -> None:
        self._console = console
        self._shows_frames = shows_frames
        self._names = ActionNames()

    def frame(self, frame: Frame) -> None:
        """`→` what the station says, `←` what it hears."""
        name = self._names.of(frame)
        if not self._shows_frames:
            return
        is_out = frame.direction is Direction.OUT
        is_question = frame.action is not None
        parts: list[Part] = [
            ("→ ", "cyan") if is_out else ("← ", "yellow"),
            (name, "bold" if is_question else ""),
        ]
        if frame.type in (4, 5):
            parts.append((" refused", "bold red"))
        elif not is_question and frame.message_id is not None:
            parts.append((" answered", "dim"))
        self._print(joined(_stamp(frame.at), *parts, (f" {_body(frame)}", "dim")))

    def entry(self, entry: LogEntry) -> None:
        """Red where it is trouble."""
        style = "bold red" if entry.is_trouble else _TOPIC_STYLE.get(entry.topic, "")
        self._print(joined(_stamp(entry.at), (f"● {entry.text}", style)))

    def print_text(self, text: str, *, is_trouble: bool = False) -> None:
        """Plain."""
        for each in text.split("\n"):
            self._print(one_line(each, "red" if is_trouble else "green"))

    def result(self, snapshot: StationSnapshot) -> None:
        """One line for the station and one for each connector."""
        self._print(one_line(_headline(snapshot), "bold"))
        for evse in snapshot.evses:
            for one in snapshot.connectors:
                if one.evse_id != evse.evse_id:
                    continue
                plug = "cable in" if one.is_plugged else "no cable"
                text = f"  EVSE {one.evse_id} connector {one.connector_id}: {one.state.value}, {plug}"
                self._print(one_line(f"{text}, {power_text(evse.power_w)}, {energy_text(evse.energy_wh)}"))
            if evse.cost is not None:
                self._print(one_line(f"  EVSE {evse.evse_id} shows: {evse.cost.text}"))

        for text in snapshot.display:
            self._print(one_line(f"  shows: {text}"))

    def _print(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True)


class JsonLines:
    """For programs: `type` is frame, event, note or result."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def frame(self, frame: Frame) -> None:
        """With the message as JSON; a text that is none is `text`."""
        about = {"type": "frame", "at": frame.at, "direction": frame.direction.value}
        self._print(about | masked_content(frame.text))

    def entry(self, entry: LogEntry) -> None:
        """An event."""
        event = {"topic": entry.topic.value, "text": entry.text, "is_trouble": entry.is_trouble}
        if entry.mistake is not None:
            event |= {"mistake": msgspec.to_builtins(entry.mistake)}
        self._print({"type": "event", "at": entry.at} | event)

    def print_text(self, text: str, *, is_trouble: bool = False) -> None:
        """A note."""
        self._print({"type": "note", "text": text, "is_trouble": is_trouble})

    def result(self, snapshot: StationSnapshot) -> None:
        """The whole snapshot."""
        self._print({"type": "result", "station": snapshot})

    def _print(self, content: dict[str, Any]) -> None:
        self._console.out(msgspec.json.encode(content).decode())
        self._console.file.flush()


def _stamp(at: datetime) -> Text:
    return one_line(f"{at.astimezone():%H:%M:%S}.{at.microsecond // 1000:03d} ", "dim")


def _body(frame: Frame) -> str:
    masked = Frame(frame.seq, frame.direction, mask_frame(frame.text), frame.at)
    if masked.message_id is None:
        return masked.text.decode("utf-8", "replace")
    if frame.type in (4, 5):
        return " ".join(str(part) for part in (masked.content or [])[2:4])
    return json.dumps(masked.payload, ensure_ascii=False, separators=(",", ":"))


def _headline(snapshot: StationSnapshot) -> str:
    link = "connected" if snapshot.is_connected else "not connected"
    status = snapshot.registration.value if snapshot.registration is not None else "not registered"
    queued = f", messages waiting: {snapshot.queued}" if snapshot.queued else ""
    power = "" if snapshot.is_powered else ", no power"
    return f"{snapshot.station_id} (OCPP {snapshot.version.label}): {link}, {status}{power}{queued}"
