"""A station's wire log, live: direction, time, frame; filter, pause, indent, each CALL with its answer."""

from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from console.exchanges import (
    FRAMES_KEPT,
    Frame,
    FrameHistory,
    answer_time_ms,
    frame_head,
    frame_line,
    frame_style,
    payload_text,
)
from console.frame import Visit, copy_button, heading, new_dialog
from console.views import ConsoleViews

LOOK_EVERY_S = 0.4
LINES_PER_LOOK = 10
"""Of a station that never stops talking: more than anybody reads, and each line costs the server's loop."""
LINES_AT_ONCE = 200
"""After a while of silence: a boot and all that follows it."""
PICKED = """(event) => {
  const line = event.target.closest("[data-seq]");
  if (line && !getSelection().toString()) emit(Number(line.dataset.seq));
}"""


class WirePanel:
    """Shows what a tap sees. Text only: the log's lines are escaped by the page."""

    def __init__(self, visit: Visit, views: ConsoleViews, station_id: str) -> None:
        self._who = visit.who
        self._words = visit.words
        self._views = views
        self._station_id = station_id
        self._reader = views.reader()
        self._history = FrameHistory()
        self._last_seq = -1
        self._is_paused = False
        self._dropped = 0
        self._allowed = LINES_AT_ONCE

    async def build(self) -> None:
        """Place it, with what was logged so far, and let it live as long as the page."""
        words = self._words
        with ui.row().classes("w-full items-center"):
            heading(words("station.wire"))
            ui.label(words("wire.hint")).classes("text-sm opacity-70")
        with ui.row().classes("w-full items-center no-wrap"):
            self._filter = ui.input(words("wire.filter"), on_change=self._redraw).props("dense clearable")
            self._filter.classes("grow sm:max-w-64")
            self._pretty = ui.switch(words("wire.pretty"), on_change=self._redraw)
            self._button = ui.button(words("wire.pause"), on_click=self._toggle).props(
                "outline dense no-caps"
            )
            self._button.classes("px-2")
        self._log = ui.element("div").classes("frames w-full")
        self._log.props(f'tabindex=0 role=log aria-live=off aria-label="{words("station.wire")}"')
        self._log.on("click", self._show_exchange, js_handler=PICKED)
        self._log.on("keydown.enter", self._show_exchange, js_handler=PICKED)
        ui.run_javascript(f"borne.follow(getHtmlElement({self._log.id}))")
        tap = self._views.tap(self._station_id, self._who)
        self._live = tap.__enter__()
        ui.context.client.on_delete(lambda: tap.__exit__(None, None, None))
        for frame in await self._views.frames(self._station_id, self._who):
            self._add(frame)
        ui.timer(LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        if self._is_paused:
            return
        frames = self._live.pending()
        self._allowed = min(LINES_AT_ONCE, self._allowed + LINES_PER_LOOK)
        skipped = max(0, len(frames) - self._allowed)
        self._allowed -= len(frames) - skipped
        if lost := self._live.dropped - self._dropped + skipped:
            self._push(self._words("wire.dropped", count=lost))
            self._dropped = self._live.dropped
        for frame in frames[skipped:]:
            self._add(frame)

    def _add(self, frame: Any) -> None:
        if frame.seq <= self._last_seq:
            return
        self._last_seq = frame.seq
        shown = self._reader.read(frame)
        self._history.add(shown)
        self._draw(shown)

    def _draw(self, frame: Frame) -> None:
        line = frame_line(frame, is_pretty=bool(self._pretty.value))
        if (self._filter.value or "").casefold() in line.casefold():
            self._push(line).classes(frame_style(frame)).props(f"data-seq={frame['seq']} tabindex=0")

    def _push(self, line: str) -> ui.label:
        with self._log:
            label = ui.label(line)
        if len(self._log.default_slot.children) > FRAMES_KEPT:
            self._log.remove(0)
        return label

    def _redraw(self) -> None:
        self._log.clear()
        self._log.classes(
            add="indented" if self._pretty.value else "", remove="" if self._pretty.value else "indented"
        )
        for frame in self._history:
            self._draw(frame)

    def _toggle(self) -> None:
        self._is_paused = not self._is_paused
        self._button.set_text(self._words("wire.go_on" if self._is_paused else "wire.pause"))

    def _show_exchange(self, event: GenericEventArguments) -> None:
        exchange = self._history.exchange(int(event.args))
        if not exchange:
            return
        words = self._words
        took_ms = answer_time_ms(exchange)
        with new_dialog() as dialog, ui.card().classes("w-full max-w-3xl"):
            with ui.row().classes("w-full items-center"):
                heading(exchange[0]["action"] or exchange[0]["kind"])
                if took_ms is not None:
                    ui.label(words("wire.took", ms=words.number(took_ms))).classes("opacity-70")
                elif exchange[0]["kind"] == "call":
                    ui.label(words("wire.unanswered")).classes("opacity-70")
            for frame in exchange:
                self._show_frame(frame)
            with ui.row().classes("w-full justify-end"):
                ui.button(words("dialog.close"), on_click=dialog.close).props("no-caps")

    def _show_frame(self, frame: Frame) -> None:
        with ui.row().classes("w-full items-center"):
            ui.label(frame_head(frame)).classes(f"font-mono text-sm frame-{frame_style(frame)}")
            ui.space()
            copy_button(frame["raw"], self._words)
        ui.label(payload_text(frame, is_pretty=True)).classes("frame-text w-full")
