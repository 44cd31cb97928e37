"""Buttons that command a station; greyed where it cannot be asked, and they say why. Each opens a dialog."""

from collections.abc import Mapping
from typing import Any, Literal

from nicegui import ui

from access.actions import Permission, may_wherever
from console.command_forms import (
    DEFAULTS,
    FIELDS,
    NUMBERS,
    RAW_FIELDS,
    Tone,
    body_of,
    field_fault,
    outcome_text,
    outcome_tone,
    payload_of,
)
from console.frame import Visit, heading, new_dialog
from console.views import ConsoleViews
from csms.api.outcome_views import OfferedCommandAnswer, OutcomeAnswer
from csms.rules.command_rules import rule_of
from runtime.http import Problem

RAW = "raw"
LOOKS: dict[Tone, str] = {"good": "text-positive", "plain": "text-black", "fault": "frame-fault"}
NOTICES: dict[Tone, Literal["positive", "info", "warning"]] = {
    "good": "positive",
    "plain": "info",
    "fault": "warning",
}


class CommandPanel:
    """The buttons of one station for one visitor."""

    def __init__(self, visit: Visit, views: ConsoleViews, station_id: str) -> None:
        self._visit, self._words = visit, visit.words
        self._views = views
        self._station_id = station_id
        self._buttons: dict[str, tuple[ui.button, ui.tooltip]] = {}

    async def build(self) -> None:
        """Place the buttons."""
        words = self._words
        heading(words("station.commands"))
        with ui.row().classes("gap-2"):
            for name in (*FIELDS, RAW):
                button = ui.button(
                    words(f"command.{name}"), on_click=lambda _, name=name: self._choose(name)
                ).props("outline no-caps dense")
                with button.classes("px-2"):
                    self._buttons[name] = button, ui.tooltip()
        await self.refresh()

    async def refresh(self) -> None:
        """Grey what cannot be asked now. Greyed buttons stay alive: a disabled one could not say why."""
        offered = await self._offered()
        for name, (button, tooltip) in self._buttons.items():
            reason = self._reason(name, offered)
            is_greyed = reason is not None
            button.classes(add="refused" if is_greyed else "", remove="" if is_greyed else "refused")
            button.props(f"aria-disabled={str(is_greyed).lower()}")
            tooltip.set_text(reason or "")
            tooltip.set_visibility(is_greyed)

    async def _offered(self) -> dict[str, OfferedCommandAnswer]:
        return {each.command: each for each in await self._views.commands(self._station_id)}

    def _reason(self, name: str, offered: Mapping[str, OfferedCommandAnswer]) -> str | None:
        """Why not; None where nothing is in the way."""
        if not may_wherever(self._visit.who, Permission.OPERATE if name == RAW else rule_of(name).action):
            return self._words("dialog.role")
        told = offered["reset" if name == RAW else name]
        if told.reason is None:
            return None
        return self._words("dialog.offline" if told.is_supported else "dialog.lacking")

    async def _choose(self, name: str) -> None:
        reason = self._reason(name, await self._offered())
        if reason is not None:
            ui.notify(reason, type="warning")
            return
        await _CommandDialog(self._visit, self._views, self._station_id, name).open()


class _CommandDialog:
    """Stays open after sending: what was typed is not lost, and the answer can be read and copied."""

    def __init__(self, visit: Visit, views: ConsoleViews, station_id: str, name: str) -> None:
        self._visit, self._words = visit, visit.words
        self._views = views
        self._station_id = station_id
        self._name = name
        self._client = ui.context.client
        self._inputs: dict[str, Any] = {}

    async def open(self) -> None:
        """Show it."""
        words = self._words
        defaults, actions = await self._defaults(), await self._views.actions(self._station_id)
        with new_dialog() as dialog, ui.card().classes("w-full max-w-xl gap-1"):
            heading(words(f"command.{self._name}"))
            for field in RAW_FIELDS if self._name == RAW else FIELDS[self._name]:
                self._inputs[field] = self._input(field, defaults.get(field, ""), actions).classes("w-full")
            self._outcome = ui.label().classes("frame-text w-full").props("role=status")
            self._outcome.set_visibility(False)
            with ui.row().classes("w-full justify-end"):
                ui.button(words("dialog.close"), on_click=dialog.close).props("flat no-caps")
                self._button = ui.button(words("dialog.send"), on_click=self._send).props("no-caps")

    async def _defaults(self) -> dict[str, str]:
        if self._name != "remote-stop":
            return DEFAULTS
        known = await self._views.transactions(self._station_id, self._visit.who)
        running = [each for each in known if each.is_open]
        return {"transaction_id": running[0].transaction_id} if running else {}

    def _input(self, field: str, default: str, actions: list[str]) -> Any:
        words, name = self._words, self._name
        label = words(f"field.{field}")
        choices = self._views.choices(name) if name != RAW else {}
        if field in choices:
            return ui.select(choices[field], value=choices[field][0], label=label)

        def fault(text: Any) -> str | None:
            return field_fault(name, field, str(text or ""), words)

        if field == "payload":
            return ui.textarea(label, value=default, validation=fault).props("input-class=font-mono autogrow")
        if field == "action":
            return ui.input(label, autocomplete=actions, validation=fault)
        shown = ui.input(label, value=default, validation=fault).on("keydown.enter", self._send)
        return shown.props("inputmode=numeric") if field in NUMBERS else shown

    async def _send(self) -> None:
        if not all(each.validate() for each in self._inputs.values() if hasattr(each, "validate")):
            return
        self._button.props(add="loading")
        try:
            told = await self._told({field: str(each.value or "") for field, each in self._inputs.items()})
        except Problem as problem:
            self._say(self._words.problem(problem), "fault")
        else:
            self._say(outcome_text(told, self._words), outcome_tone(self._name, told))
        finally:
            self._button.props(remove="loading")

    def _say(self, text: str, tone: Tone) -> None:
        if self._outcome.is_deleted:  # the dialog was closed while the station thought about it
            with self._client:
                ui.notify(text, type=NOTICES[tone], multi_line=True, timeout=10_000)
            return
        self._outcome.set_visibility(True)
        self._outcome.set_text(text)
        self._outcome.classes(add=LOOKS[tone], remove=" ".join(LOOKS.values()))

    async def _told(self, typed: dict[str, str]) -> OutcomeAnswer:
        """Raises Problem."""
        views, who = self._views, self._visit.who
        if self._name != RAW:
            return await views.send(self._station_id, self._name, body_of(self._name, typed), who)
        payload = payload_of(typed["payload"]) or {}
        return await views.call(self._station_id, typed["action"].strip(), payload, who)
