"""Letting a station in that nobody ordered: asked once more; its claim code stays until it was read."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from access.actions import Permission, may
from access.principals import SERVER
from console.frame import Visit, copy_button, heading, new_dialog
from console.views import ConsoleViews
from runtime.http import Problem


class Adoption:
    """The dialogs. `changed` is awaited after a station was adopted."""

    def __init__(self, visit: Visit, views: ConsoleViews, changed: Callable[[], Awaitable[None]]) -> None:
        self._visit, self._words = visit, visit.words
        self._views = views
        self._changed = changed
        self._client = ui.context.client

    @property
    def is_offered(self) -> bool:
        """Whether this visitor may adopt here at all."""
        return self._views.can_adopt and may(self._visit.who, Permission.SET_UP, SERVER)

    def ask(self, station_id: str, name: str) -> None:
        """Ask whether it is meant: it cannot be taken back."""
        words = self._words
        with new_dialog() as dialog, ui.card():
            heading(words("adopt.title", name=name))
            ui.label(words("adopt.question"))
            with ui.row().classes("w-full justify-end"):
                ui.button(words("dialog.cancel"), on_click=dialog.close).props("flat no-caps")

                async def adopt() -> None:
                    dialog.close()
                    with self._client:  # that dialog is about to be gone
                        await self._adopt(station_id, name)

                ui.button(words("stations.adopt"), on_click=adopt).props("no-caps")

    async def _adopt(self, station_id: str, name: str) -> None:
        words = self._words
        try:
            code = await self._views.adopt(station_id, self._visit.who)
        except Problem as problem:
            ui.notify(words.problem(problem), type="negative", multi_line=True)
            return
        if code is None:
            ui.notify(words("adopt.done", name=name), type="positive")
        else:
            self._show_code(name, code)
        await self._changed()

    def _show_code(self, name: str, code: str) -> None:
        words = self._words
        with new_dialog(is_persistent=True) as dialog, ui.card():  # a click beside it must not lose it
            heading(words("adopt.done", name=name))
            ui.label(words("adopt.code"))
            ui.label(code).classes("text-2xl font-mono font-bold tracking-widest select-all")
            with ui.row().classes("w-full justify-end"):
                copy_button(code, words)
                ui.button(words("adopt.noted"), on_click=dialog.close).props("no-caps")
