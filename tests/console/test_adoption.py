"""Adopting, pressed as a browser presses it: asked first, and its claim code kept until it was noted."""

import asyncio

import pytest
from nicegui import Client, ui
from nicegui.events import GenericEventArguments, handle_event
from nicegui.page import page

from access.principals import Role, member
from console.adoption import Adoption
from console.frame import Visit
from console.views import ConsoleViews
from console.words import Words
from tests.console.conftest import ProvisioningBackend
from tests.support.central import ServedCentral
from tests.support.scopes import EVERYTHING

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEADLINE_S = 5.0


class Page:
    """A page without a browser. `refreshed` is set once the list was read anew."""

    def __init__(self, console: ServedCentral, role: Role = Role.ADMIN) -> None:
        self.backend = ProvisioningBackend()
        self.refreshed = asyncio.Event()
        self.client = Client(page(""))
        with self.client:
            views = ConsoleViews(console.central.parts, self.backend)
            self.adoption = Adoption(Visit(member("ann", role), Words("en")), views, self._refresh)

    async def _refresh(self) -> None:
        self.refreshed.set()

    @property
    def texts(self) -> list[str]:
        """What can be read."""
        return [each.text for each in self.client.elements.values() if isinstance(each, ui.label)]

    def send(self, element: ui.element, kind: str) -> None:
        """What the browser would tell of an element."""
        for listener in list(element._event_listeners.values()):
            if listener.type == kind and listener.handler is not None:
                arguments = GenericEventArguments(sender=element, client=self.client, args={})
                handle_event(listener.handler, arguments)

    def press(self, text: str) -> None:
        """Click a button."""
        found = [each for each in self.client.elements.values() if isinstance(each, ui.button)]
        (button,) = [each for each in found if each.text == text]
        self.send(button, "click")

    def hide_dialogs(self) -> None:
        """What the browser tells once a closed dialog has faded away."""
        for each in [one for one in self.client.elements.values() if isinstance(one, ui.dialog)]:
            if not each.value:
                self.send(each, "hide")


async def test_it_is_asked_first(console: ServedCentral) -> None:
    """A slip of the finger adopts nothing."""
    shown = Page(console)
    with shown.client:
        shown.adoption.ask("box", "02:B0:99")
    assert "Adopt 02:B0:99?" in shown.texts
    shown.press("Cancel")
    shown.hide_dialogs()
    assert shown.texts == []
    assert shown.backend.adopted == []


async def test_the_claim_code_stays_until_it_was_noted(console: ServedCentral) -> None:
    """It is told once: neither the end of the question nor a new list may take it away."""
    shown = Page(console)
    with shown.client:
        opener = ui.row()
    with opener:
        shown.adoption.ask("box", "02:B0:99")
    shown.press("Adopt")
    shown.hide_dialogs()
    await asyncio.wait_for(shown.refreshed.wait(), DEADLINE_S)
    opener.delete()
    assert "CODE-1" in shown.texts
    assert shown.backend.adopted == [("box", "ann")]
    assert shown.backend.scopes == [EVERYTHING]
    shown.press("I have noted it")
    shown.hide_dialogs()
    assert "CODE-1" not in shown.texts


@pytest.mark.parametrize("role", [Role.MANAGER, Role.INSTALLER, Role.VIEWER])
async def test_it_is_offered_to_administrators_alone(console: ServedCentral, role: Role) -> None:
    """And the functions behind it ask again."""
    assert Page(console).adoption.is_offered
    assert not Page(console, role).adoption.is_offered
