"""Adopting, as a browser does it: asked first; its claim code is told by the answer, once."""

import pytest

from access.principals import Role
from tests.support.central import B201, ServedCentral
from tests.support.html import Html

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATH = f"/stations/{B201}/adopt"
ENGLISH = {"Accept-Language": "en"}


async def test_it_is_asked_first(console: ServedCentral) -> None:
    """A slip of the finger adopts nothing: the way there asks, and the form of that page does it."""
    page = Html(await console.client().get("/stations", headers=ENGLISH))
    assert page.links("Adopt") == [PATH]
    question = Html(await console.client().get(PATH, headers=ENGLISH))
    assert question.heading == f"Adopt {B201}?"
    assert "Nobody ordered this station." in question.text
    assert "CODE-1" not in question.text


async def test_the_claim_code_is_told_once(console: ServedCentral) -> None:
    """By the answer itself; the page that asks never has it, and no browser keeps the answer."""
    answer = await console.client().post(PATH, headers=ENGLISH)
    assert "CODE-1" in Html(answer).text
    assert answer.headers["cache-control"] == "no-store"
    assert "CODE-1" not in (await console.client().get(PATH)).text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.INSTALLER, Role.VIEWER])
async def test_it_is_offered_to_administrators_alone(console: ServedCentral, role: Role) -> None:
    """And whoever asks all the same is refused."""
    assert Html(await console.client(role).get("/stations", headers=ENGLISH)).links("Adopt") == []
    for method in ("GET", "POST"):
        answer = await console.client(role).request(method, PATH, headers=ENGLISH)
        assert answer.status_code == 403
        assert "Adopt 0" not in answer.text


async def test_what_cannot_be_is_said_on_a_page(console: ServedCentral) -> None:
    """An unknown station, in words and with what to do."""
    answer = await console.client().post("/stations/nobody/adopt", headers=ENGLISH)
    assert answer.status_code == 404
    assert Html(answer).heading == "This did not work"
