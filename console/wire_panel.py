"""A station's wire log, live: direction, time, frame; filter, pause, indent."""

import json
from collections import deque
from datetime import datetime
from typing import Any

from nicegui import ui

from console.frame import Visit
from console.views import ConsoleViews

LINES_SHOWN = 300
LOOK_EVERY_S = 0.4
ARROWS = {"in": "→", "out": "←"}
COLOURS = {"error": "text-red-700", "unreadable": "text-red-700"}


def frame_line(frame: dict[str, Any], *, is_pretty: bool) -> str:
    """A frame as a line, or several where it is indented."""
    at = datetime.fromisoformat(frame["at"]).strftime("%H:%M:%S.%f")[:12]
    head = f"{at} {ARROWS[frame['direction']]} {frame['kind']:<10} {frame['action'] or ''}"
    if frame["kind"] == "unreadable":
        return f"{head} {frame['raw']}"
    payload = json.dumps(frame["payload"], ensure_ascii=False, indent=2 if is_pretty else None)
    return f"{head}\n{payload}" if is_pretty else f"{head} {payload}"


class WirePanel:
    """Shows what a tap sees. Text only: the log's lines are escaped by the page."""

    def __init__(self, visit: Visit, views: ConsoleViews, station_id: str) -> None:
        self._words = visit.words
        self._views = views
        self._station_id = station_id
        self._reader = views.reader()
        self._frames: deque[dict[str, Any]] = deque(maxlen=LINES_SHOWN)
        self._last_seq = -1
        self._is_paused = False
        self._dropped = 0

    async def build(self) -> None:
        """Place it, with what was logged so far, and let it live as long as the page."""
        words = self._words
        with ui.row().classes("w-full items-center"):
            ui.label(words("station.wire")).classes("text-xl")
            ui.label(words("wire.hint")).classes("text-sm opacity-70")
            ui.space()
            self._filter = ui.input(words("wire.filter"), on_change=self._redraw).props("dense clearable")
            self._pretty = ui.switch(words("wire.pretty"), on_change=self._redraw)
            self._button = ui.button(words("wire.pause"), on_click=self._toggle).props(
                "outline dense no-caps"
            )
        self._log = ui.log(max_lines=LINES_SHOWN).classes("w-full h-96 font-mono text-xs")
        tap = self._views.tap(self._station_id)
        self._live = tap.__enter__()
        ui.context.client.on_delete(lambda: tap.__exit__(None, None, None))
        for frame in await self._views.frames(self._station_id):
            self._add(frame)
        ui.timer(LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        if self._is_paused:
            return
        if self._live.dropped > self._dropped:
            self._log.push(self._words("wire.dropped", count=self._live.dropped - self._dropped))
            self._dropped = self._live.dropped
        for frame in self._live.pending():
            self._add(frame)

    def _add(self, frame: Any) -> None:
        if frame.seq <= self._last_seq:
            return
        self._last_seq = frame.seq
        shown = self._reader.read(frame)
        self._frames.append(shown)
        self._draw(shown)

    def _draw(self, frame: dict[str, Any]) -> None:
        line = frame_line(frame, is_pretty=bool(self._pretty.value))
        if (self._filter.value or "").casefold() in line.casefold():
            self._log.push(line, classes=COLOURS.get(frame["kind"]))

    def _redraw(self) -> None:
        self._log.clear()
        for frame in self._frames:
            self._draw(frame)

    def _toggle(self) -> None:
        self._is_paused = not self._is_paused
        self._button.set_text(self._words("wire.go_on" if self._is_paused else "wire.pause"))
