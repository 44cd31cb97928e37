"""Everybody's home: what waits for whom, the longest first, with the next action; how one begins."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from access.principals import Role
from borne.app import running_server
from borne.settings import ServerSettings
from tests.support.central import A16, B201, ServedCentral
from tests.support.html import Html
from tests.support.waiting import patient_http

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENGLISH = {"Accept-Language": "en", "Accept": "text/html"}


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def later(console: ServedCentral) -> AsyncIterator[None]:
    """What was read for the test before is old."""
    await console.central.clock.advance(60)
    known = dict(console.central.details.known)
    yield
    console.central.details.known = known


async def today(console: ServedCentral, role: Role, query: str = "") -> Html:
    """The page, as this role sees it."""
    return Html(await console.client(role).get(f"/{query}", headers=ENGLISH))


def names(page: Html) -> list[str]:
    """What waits for the reader, in order."""
    return [each.text().strip() for each in page.all(".waits .head a")]


async def test_decisions_and_stations_wait_for_those_who_may_clear_them(console: ServedCentral) -> None:
    """Faults for whoever is there, decisions for managers; a viewer is asked nothing."""
    manager = names(await today(console, Role.MANAGER))
    assert sorted(manager) == [A16, "Messages in quarantine: 1", "Transactions waiting for a decision: 1"]
    assert names(await today(console, Role.INSTALLER)) == [A16]
    viewer = await today(console, Role.VIEWER)
    assert names(viewer) == []
    assert "Waiting for you" not in viewer.text
    assert [each.text().strip() for each in viewer.all(".list .whole")] == [A16]


async def test_what_waits_says_what_to_do_and_whose_turn_it_is(console: ServedCentral) -> None:
    """In the words of the catalogue, with a way there."""
    blocker = {"text": "Nobody claimed it.", "way_out": "Claim it on site.", "who_clears": "owner"}
    console.central.details.known[B201] = {
        "lifecycle": "powered",
        "blocked_by": (blocker,),
        "who_clears": "owner",
    }
    page = await today(console, Role.MANAGER)
    row = next(each for each in page.all(".waits") if B201 in each.text())
    assert "Nobody claimed it." in row.text()
    assert "Claim it on site." in row.text()
    assert "Turn: owner" in " ".join(row.text().split())
    assert f"/stations/{B201}" in page.links()
    others = await today(console, Role.INSTALLER)
    assert B201 in [each.text().strip() for each in others.all(".list .whole")]


async def test_a_list_goes_on_without_what_is_no_station(console: ServedCentral) -> None:
    """By a number; one that is none is the beginning."""
    page = await today(console, Role.MANAGER, "?from=20")
    assert names(page) == []
    assert "Longest waiting" in page.text
    assert names(await today(console, Role.MANAGER, "?from=x")) == names(await today(console, Role.MANAGER))


async def test_many_pages_read_once(console: ServedCentral) -> None:
    """Within two seconds all see the same, also of a change."""
    before = names(await today(console, Role.MANAGER))
    blocked = {"blocked_by": ({"text": "No.", "who_clears": "owner"},), "who_clears": "owner"}
    console.central.details.known[B201] = blocked
    assert names(await today(console, Role.MANAGER)) == before
    await console.central.clock.advance(3)
    assert len(names(await today(console, Role.MANAGER))) == len(before) + 1


async def test_an_empty_server_says_how_one_begins(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A real one: the first view of who has just started it."""
    settings = ServerSettings(var=tmp_path_factory.mktemp("empty"), ocpp_port=0, http_port=0)
    async with running_server(settings) as server:
        headers = {**ENGLISH, "Authorization": f"Bearer {server.token}"}
        async with patient_http(base_url=server.http_url, headers=headers) as client:
            page = Html(await client.get("/"))
    assert page.links("Make a site") == ["/sites/new"]
    assert page.links("Order stations") == ["/orders/new"]
    assert [each.text().strip() for each in page.all(".number b")][:2] == ["0", "0"]
