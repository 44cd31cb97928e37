"""Messages that are kept as they came: read, taken in again, or dismissed, with a reason that is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from console.frame import heading, new_dialog
from console.station_values import station_href
from console.views import ConsoleViews
from console.visit import Visit
from console.words import Words
from csms.api.quarantine_views import QuarantineAnswer
from csms.domain.quarantine import OPEN_STATES, QuarantineState
from runtime.http import Problem

ROWS_SHOWN = 50
ALL = "all"
STATES = (*(state.value for state in QuarantineState), ALL)


@dataclass(frozen=True, slots=True)
class QuarantineCard:
    """A message in words."""

    quarantine_id: int
    station: str
    when: str
    state: str
    cause: str
    reason: str
    decided: str
    is_open: bool


def quarantine_card(message: QuarantineAnswer, words: Words) -> QuarantineCard:
    """A message as a card."""
    decided = ""
    if message.decided_by is not None:
        decided = words(
            "quarantine.decided",
            state=words.of("quarantine_state", message.state),
            who=message.decided_by,
            when=words.instant(message.decided_at),
            reason=message.decision,
        )
    return QuarantineCard(
        quarantine_id=message.quarantine_id,
        station=message.station_id,
        when=words.instant(message.received_at),
        state=words.of("quarantine_state", message.state),
        cause=words.of("quarantine_cause", message.cause),
        reason=message.reason,
        decided=decided,
        is_open=message.state in OPEN_STATES,
    )


async def quarantine_page(visit: Visit, views: ConsoleViews) -> None:
    """The messages, newest first; those that wait for somebody first of all."""
    page = _Page(visit, views)
    page.build()
    await page.refresh()


class _Page:
    """The filter, the cards and the dialogs."""

    def __init__(self, visit: Visit, views: ConsoleViews) -> None:
        self._visit, self._words = visit, visit.words
        self._views = views
        self._client = ui.context.client
        self._before: list[int] = []
        """Where the pages before this one began."""

    def build(self) -> None:
        """Place everything, empty."""
        words = self._words
        heading(words("quarantine.title"), level=1)
        ui.label(words("quarantine.about")).classes("opacity-80")
        with ui.row().classes("w-full items-end gap-4"):
            self._state = (
                ui.select(
                    {state: words.of("quarantine_state", state) for state in STATES},
                    value=QuarantineState.WAITING.value,
                    label=words("quarantine.state"),
                    on_change=self._start_again,
                )
                .props("dense options-dense")
                .classes("min-w-40")
            )
            self._station = ui.input(words("column.identity"), on_change=self._start_again).props(
                "dense clearable debounce=500"
            )
        self._none = ui.label(words("quarantine.none"))
        self._cards = ui.column().classes("w-full gap-3")
        with ui.row():
            self._newer = ui.button(words("quarantine.newer"), on_click=self._go_back).props("flat no-caps")
            self._older = ui.button(words("quarantine.older"), on_click=self._go_on).props("flat no-caps")

    async def refresh(self) -> None:
        """Show what is there now."""
        before = self._before[-1] if self._before else None
        state = None if self._state.value == ALL else str(self._state.value)
        try:
            found = await self._views.quarantine(
                self._visit.who, state, self._station.value or None, before, ROWS_SHOWN + 1
            )
        except Problem as problem:
            self._none.set_text(f"{problem.detail} – {problem.way_out}")
            found = []
        rows = [quarantine_card(each, self._words) for each in found[:ROWS_SHOWN]]
        self._none.set_visibility(not rows)
        self._newer.set_visibility(bool(self._before))
        self._older.set_visibility(len(found) > ROWS_SHOWN)
        self._last = rows[-1].quarantine_id if rows else None
        self._cards.clear()
        with self._cards:
            for row in rows:
                self._place(row)

    def _place(self, row: QuarantineCard) -> None:
        words = self._words
        with ui.card().props("flat bordered").classes("w-full gap-1 p-3"):
            with ui.row().classes("w-full items-center gap-2"):
                ui.link(row.station, station_href(row.station)).classes("font-medium break-all")
                ui.badge(row.state, color="warning" if row.is_open else "grey-8").props(
                    "text-color=black" if row.is_open else ""
                )
                ui.space()
                ui.label(row.when).classes("text-sm opacity-70")
            ui.label(row.cause)
            ui.label(row.reason).classes("text-sm break-all").props("lang=en")
            if row.decided:
                ui.label(row.decided).classes("text-sm")
            ui.button(words("quarantine.open"), on_click=lambda: self._open(row.quarantine_id)).props(
                "flat dense no-caps"
            )

    async def _start_again(self) -> None:
        self._before.clear()
        await self.refresh()

    async def _go_on(self) -> None:
        if self._last is not None:
            self._before.append(self._last)
            await self.refresh()

    async def _go_back(self) -> None:
        self._before.pop()
        await self.refresh()

    # One message --------------------------------------------------------------------------------------

    async def _open(self, quarantine_id: int) -> None:
        words = self._words
        try:
            message = await self._views.quarantined(self._visit.who, quarantine_id)
        except Problem as problem:
            ui.notify(f"{problem.detail} – {problem.way_out}", type="negative", multi_line=True)
            return
        row = quarantine_card(message, words)
        with new_dialog() as dialog, ui.card().classes("w-full max-w-3xl"):
            heading(f"{row.station} · {row.when}")
            ui.label(row.cause)
            ui.label(row.reason).classes("text-sm break-all").props("lang=en")
            _text(message.raw)
            if message.corrected:
                ui.label(words("quarantine.corrected")).classes("font-medium")
                _text(message.corrected)
            if row.decided:
                ui.label(row.decided)
            if row.is_open:
                self._place_decision(dialog, quarantine_id)
            with ui.row().classes("w-full justify-end"):
                ui.button(words("dialog.close"), on_click=dialog.close).props("flat no-caps")

    def _place_decision(self, dialog: ui.dialog, quarantine_id: int) -> None:
        words, views, who = self._words, self._views, self._visit.who
        reason = ui.input(words("quarantine.reason")).props("maxlength=500").classes("w-full")

        async def take_in() -> None:
            await self._decide(dialog, lambda: views.take_in(who, quarantine_id, reason.value))

        async def dismiss() -> None:
            await self._decide(dialog, lambda: views.dismiss(who, quarantine_id, reason.value))

        ui.label(words("quarantine.correct_hint")).classes("text-sm opacity-80")
        with ui.row().classes("w-full justify-end"):
            ui.button(words("quarantine.dismiss"), on_click=dismiss).props("outline no-caps")
            ui.button(words("quarantine.take_in"), on_click=take_in).props("no-caps")

    async def _decide(self, dialog: ui.dialog, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Problem as problem:
            ui.notify(f"{problem.detail} – {problem.way_out}", type="negative", multi_line=True)
            return
        with self._client:
            dialog.close()
            ui.notify(self._words("quarantine.done"), type="positive")
            await self.refresh()


def _text(raw: str) -> None:
    """A message as it came: data, never markup."""
    ui.label(raw).classes("font-mono text-xs break-all whitespace-pre-wrap select-all max-h-64 overflow-auto")
