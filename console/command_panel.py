"""Buttons that command a station; greyed, with the reason, where it cannot be asked."""

import json
from typing import Any

from nicegui import ui

from console.frame import Visit
from console.views import ConsoleViews
from console.words import Words
from csms.api.commands import may_command
from runtime.http import Problem, Role

FIELDS: dict[str, tuple[str, ...]] = {
    "reset": ("kind",),
    "change-availability": ("availability", "evse_id"),
    "unlock-connector": ("evse_id", "connector_id"),
    "trigger-message": ("message", "evse_id"),
    "remote-start": ("id_token", "evse_id"),
    "remote-stop": ("transaction_id",),
    "get-variables": ("component", "variable"),
    "set-variables": ("component", "variable", "value"),
    "get-base-report": (),
    "get-local-list-version": (),
    "clear-cache": (),
    "data-transfer": ("vendor_id", "message_id", "text"),
}
"""The commands with a button, and what each asks for. Local lists are sent by activation and API."""

DEFAULTS = {"evse_id": "1", "connector_id": "1"}
OF_A_VARIABLE = ("component", "variable", "value")


def body_of(name: str, typed: dict[str, str]) -> dict[str, Any]:
    """What was typed, as the command's body; empty fields are left out. Numbers are read from text."""
    given = {field: text.strip() for field, text in typed.items() if text.strip()}
    if name in ("get-variables", "set-variables"):
        variable = {field: given[field] for field in OF_A_VARIABLE if field in given}
        return {"variables": [variable] if variable else []}
    return dict(given)


def outcome_text(told: dict[str, Any], words: Words) -> str:
    """How a command ended, in a sentence."""
    answer = told["answer"] or {}
    values = [f"{each['name']} = {each['value']} ({each['status']})" for each in answer.get("variables", [])]
    said = [answer.get("status"), answer.get("reason"), answer.get("text"), *values]
    if answer.get("local_list_version") is not None:
        said.append(str(answer["local_list_version"]))
    if not answer:
        said = [told["error_code"], told["error_description"]]
        if told["outcome"] == "result":
            said = [json.dumps(told["payload"], ensure_ascii=False)]
    return words(f"outcome.{told['outcome']}", text=" · ".join(str(each) for each in said if each))


class CommandPanel:
    """The buttons of one station for one visitor."""

    def __init__(self, visit: Visit, views: ConsoleViews, station_id: str) -> None:
        self._visit, self._words = visit, visit.words
        self._views = views
        self._station_id = station_id
        self._buttons: dict[str, tuple[ui.button, ui.tooltip]] = {}

    def build(self) -> None:
        """Place the buttons."""
        words = self._words
        ui.label(words("station.commands")).classes("text-xl")
        with ui.row().classes("gap-2"):
            for name in (*FIELDS, "raw"):
                button = ui.button(
                    words(f"command.{name}"), on_click=lambda _, name=name: self._open(name)
                ).props("outline no-caps dense")
                with button:
                    self._buttons[name] = button, ui.tooltip()
        self.refresh()

    def refresh(self) -> None:
        """Grey what cannot be asked now."""
        reasons = {each["command"]: each for each in self._views.commands(self._station_id)}
        for name, (button, tooltip) in self._buttons.items():
            reason = self._reason(name, reasons)
            button.set_enabled(reason is None)
            tooltip.set_text(reason or "")
            tooltip.set_visibility(reason is not None)

    def _reason(self, name: str, offered: dict[str, Any]) -> str | None:
        """Why not; None where nothing is in the way."""
        role = self._visit.who.role
        if not (role in (Role.ADMIN, Role.MANAGER) if name == "raw" else may_command(role, name)):
            return self._words("dialog.role")
        told = offered["reset" if name == "raw" else name]
        if told["reason"] is None:
            return None
        return self._words("dialog.offline") if told["is_supported"] else str(told["reason"])

    def _open(self, name: str) -> None:
        words = self._words
        choices = self._views.choices(name) if name != "raw" else {}
        with ui.dialog(value=True) as dialog, ui.card().classes("min-w-80"):
            ui.label(words(f"command.{name}")).classes("text-lg")
            inputs = self._raw_inputs() if name == "raw" else self._inputs(name, choices)
            with ui.row().classes("w-full justify-end"):
                ui.button(words("dialog.cancel"), on_click=dialog.close).props("flat no-caps")

                async def send() -> None:
                    dialog.close()
                    await self._send(name, {field: str(each.value or "") for field, each in inputs.items()})

                ui.button(words("dialog.send"), on_click=send).props("no-caps")

    def _inputs(self, name: str, choices: dict[str, list[str]]) -> dict[str, Any]:
        inputs: dict[str, Any] = {}
        for field in FIELDS[name]:
            label = self._words(f"field.{field}")
            if field in choices:
                inputs[field] = ui.select(choices[field], value=choices[field][0], label=label)
            else:
                inputs[field] = ui.input(label, value=DEFAULTS.get(field, ""))
            inputs[field].classes("w-full")
        return inputs

    def _raw_inputs(self) -> dict[str, Any]:
        action = ui.input(self._words("dialog.action"))
        payload = ui.textarea(self._words("dialog.payload"), value="{}").classes("w-full font-mono")
        return {"action": action, "payload": payload}

    async def _send(self, name: str, typed: dict[str, str]) -> None:
        try:
            told = await self._told(name, typed)
        except Problem as problem:
            ui.notify(f"{problem.detail} – {problem.way_out}", type="negative", multi_line=True)
            return
        is_good = told["is_accepted"] or (name == "raw" and told["outcome"] == "result")
        text = outcome_text(told, self._words)
        ui.notify(text, type="positive" if is_good else "warning", multi_line=True, timeout=10_000)

    async def _told(self, name: str, typed: dict[str, str]) -> dict[str, Any]:
        """Raises Problem."""
        views, who = self._views, self._visit.who
        if name != "raw":
            return await views.send(self._station_id, name, body_of(name, typed), who)
        try:
            payload = json.loads(typed["payload"])
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            raise Problem(422, "invalid_request", self._words("dialog.not_json"), "")
        return await views.call(self._station_id, typed["action"].strip(), payload, who)
