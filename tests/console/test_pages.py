"""The pages as browsers get them: login, language, hostile texts, unknown stations."""

import re

import pytest

from access.principals import Role
from console.transaction_values import transaction_href
from csms.api.transaction_views import transaction_view
from tests.console.conftest import HELD
from tests.support.central import A16, ServedCentral
from tests.support.html import Html

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGES = ("/", "/stations", f"/stations/{A16}", "/attempts", "/transactions")


@pytest.mark.parametrize("path", PAGES)
async def test_strangers_are_led_to_the_login(console: ServedCentral, path: str) -> None:
    """And come back to the page they wanted."""
    answer = await console.client(None).get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


async def test_strangers_get_no_news_either(console: ServedCentral) -> None:
    """The pages' stream is behind the same door."""
    answer = await console.client(None).get("/changes?topic=stations")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Accept-Language": "fr-CA,en;q=0.5"}, "Échecs de connexion"),
        ({"Accept-Language": "en-CA"}, "Failed connections"),
        ({"Accept-Language": "de"}, "Failed connections"),
        ({"Accept-Language": "en", "Cookie": "borne_language=fr"}, "Échecs de connexion"),
        ({"Accept-Language": "fr", "Cookie": "borne_language=xx"}, "Échecs de connexion"),
    ],
)
@pytest.mark.parametrize("path", PAGES)
async def test_pages_speak_the_readers_language(
    console: ServedCentral, path: str, headers: dict[str, str], words: str
) -> None:
    """By the choice in the cookie, else by the browser's wish."""
    answer = await console.client(Role.INSTALLER).get(path, headers=headers)
    assert answer.status_code == 200
    assert words in text_of(answer.text)
    language = Html(answer).language
    assert language.startswith("fr") is (words != "Failed connections")


@pytest.mark.parametrize("path", PAGES)
async def test_viewers_see_no_frames_and_no_failed_connections(console: ServedCentral, path: str) -> None:
    """Neither on the pages nor by a way to them: frames tell drivers' id tokens (docs/reference/roles.md)."""
    english = {"Accept-Language": "en"}
    page = text_of((await console.client(Role.VIEWER).get(path, headers=english)).text)
    assert "Wire log" not in page
    if path == "/attempts":
        assert "Installers and managers see them" in page
    else:
        assert "Failed connections" not in page


def text_of(page: str) -> str:
    """A page with the escapes of its embedded JSON undone."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), page)


@pytest.mark.parametrize("path", PAGES)
async def test_texts_of_stations_are_never_markup(console: ServedCentral, path: str) -> None:
    """What a station calls itself reaches the page as data, with no tag that a browser would read."""
    answer = await console.client().get(path)
    assert "<script>alert" not in answer.text
    if path != "/attempts":
        assert "alert(" in answer.text, "the hostile text is on the page: the test sees what it guards"


async def test_the_title_is_the_station(console: ServedCentral) -> None:
    """So that tabs can be told apart."""
    page = (await console.client().get(f"/stations/{A16}", headers={"Accept-Language": "en"})).text
    assert f"<title>{A16} – borne</title>" in page
    for path, title in (("/", "Today"), ("/stations", "Stations"), ("/attempts", "Failed connections")):
        page = (await console.client().get(path, headers={"Accept-Language": "en"})).text
        assert f"<title>{title} – borne</title>" in page


async def test_an_unknown_station_is_said(console: ServedCentral) -> None:
    """In a sentence, on a page."""
    answer = await console.client().get("/stations/nobody", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "No station nobody was ever seen here." in answer.text
    assert "its failed connections tell why" in answer.text, "who asks is told where to look"


async def test_unknown_routes_of_the_api_stay_problems(console: ServedCentral) -> None:
    """The pages do not swallow them."""
    answer = await console.client().get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_program_that_left_the_beginning_of_a_route_away_is_told(console: ServedCentral) -> None:
    """The path, and where the routes are; a person gets a page."""
    client = console.client()
    for method, path in (("GET", "/tokens"), ("POST", "/places")):
        answer = await client.request(method, path, headers={"Accept": "*/*"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert answer.json()["detail"] == f"There is no {path}"
        assert "/api/v1" in answer.json()["way_out"]
    page = await client.get("/tokens", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"]


async def test_adopting_is_offered_to_administrators(console: ServedCentral) -> None:
    """Others see the station without the button."""
    for role, is_offered in ((Role.ADMIN, True), (Role.MANAGER, False), (Role.VIEWER, False)):
        page = Html(await console.client(role).get("/stations", headers={"Accept-Language": "en"}))
        assert bool(page.links("Adopt")) is is_offered, role


async def test_the_page_says_it_in_words(console: ServedCentral) -> None:
    """Managers get the form, others do not; an id that nobody knows is a sentence."""
    path, english = transaction_href(transaction_view(HELD)), {"Accept-Language": "en"}
    page = (await console.client(Role.MANAGER).get(path, headers=english)).text
    assert "no EVSE can have reached" in page
    assert "Void: no energy, no cost" in page
    assert "Transactions (1 held)" in page
    page = (await console.client(Role.VIEWER).get(path, headers=english)).text
    assert "Held for review" in page
    assert "Void: no energy, no cost" not in page
    assert "AB12" not in page, "viewers do not see who charged"
    page = (await console.client(Role.VIEWER).get("/transactions", headers=english)).text
    assert "held for review, 1 odd" in page
    page = (await console.client().get("/transaction?station=nobody&id=x", headers=english)).text
    assert "has no transaction x" in page
