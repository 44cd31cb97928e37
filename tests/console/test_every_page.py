"""What holds for every page: its frame, its texts, its policy, its parts, and what each role meets there."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from access.principals import Role
from console.assets import all_assets, asset
from console.mounting import mount
from console.transaction_values import transaction_href
from console.views import ConsoleViews
from csms.api.transaction_views import transaction_view
from tests.console.conftest import (
    EVIL,
    HELD,
    PLACE,
    SITE,
    ProvisioningBackend,
    hostile_central,
    hostile_people,
    hostile_world,
)
from tests.support.central import A16, B201, ServedCentral, build_app, opened_central, served
from tests.support.html import Html
from tests.support.provisioning import opened_world
from tests.support.pseudo import PseudoWords, without_marked
from tests.support.tables import open_tables

pytestmark = pytest.mark.asyncio(loop_scope="module")
PAGES = (
    "/",
    "/?from=20",
    "/stations",
    "/stations?q=nothing-like-that",
    f"/stations/{A16}",
    f"/stations/{B201}",
    "/stations/nobody",
    f"/stations/{A16}/messages",
    f"/stations/{A16}/messages?view=diagram",
    f"/stations/{A16}/timeline",
    f"/stations/{A16}/files",
    f"/stations/{A16}/commands/reset",
    f"/stations/{A16}/commands/raw",
    f"/stations/{B201}/adopt",
    "/transactions?state=all",
    transaction_href(transaction_view(HELD)),
    "/transaction?station=nobody&id=x",
    "/quarantine",
    "/sites",
    "/sites/new",
    f"/sites/{SITE}",
    f"/sites/{SITE}/change",
    f"/sites/{SITE}/hours",
    f"/sites/{SITE}/list",
    f"/sites/{SITE}/places/new",
    f"/sites/{SITE}/plans/new",
    f"/places/{PLACE}",
    "/tariffs",
    "/tariffs/new",
    "/tariffs/new?ready=free",
    "/tariffs/new?ready=idle",
    "/tariffs/new?ready=night",
    "/orders",
    "/orders/new",
    "/orders/none",
    "/jobs",
    "/jobs/new",
    f"/jobs/new?site={SITE}",
    "/bench",
    "/bench?station=x",
    "/people",
    "/people/invite",
    "/people/new-person",
    "/people/new-program",
    "/people/program/viewer",
)
ENGLISH = {"Accept-Language": "en"}
OURS = frozenset({"borne", "OCPP", "kW", "kWh", "UTC", "MAC", "API", "EVSE", "JSON", "Français"})
"""Names and units, which are the same in every language; and the other language, in its own words."""
DATA = re.compile(r"\d[\d:.–T Z-]*|→|←|‹|›|·|–|☰|\W")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pseudo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServedCentral]:
    """The pages in a language whose texts stand between marks."""
    folder = tmp_path_factory.mktemp("pseudo")
    database = await open_tables(folder / "borne.db")
    async with opened_central(folder) as central, opened_world(folder, central.clock) as world:
        hostile_central(central)
        await hostile_world(world)
        app = build_app(central)
        people = await hostile_people(database, world)
        views = ConsoleViews(
            central.parts, ProvisioningBackend(), provisioning=world.provisioning, people=people
        )
        mount(app, views, PseudoWords("en"))
        async with served(database, central, app) as running:
            yield running
    await database.close()


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        yield from (each for one in value.values() for each in strings(one))
    elif isinstance(value, list):
        yield from (each for one in value for each in strings(one))
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("path", PAGES)
async def test_no_text_of_ours_stands_outside_the_catalogues(pseudo: ServedCentral, path: str) -> None:
    """What is not between marks is data: it is in what the API tells."""
    client = pseudo.client()
    known = {
        "admin",
        EVIL,
        f"Nord {EVIL}",
        f"Refused {EVIL}.",
        "nobody",
        "nothing-like-that",
        "CODE-1",
        "Neutral",
        f"Port {EVIL}",
        f"1, quai {EVIL}",
        f"P1 {EVIL}",
        f"Jour {EVIL}",
        "America/Toronto",
        "ISO14443",
        "eMAID",
        "AB12",
        "manager",
        "installer",
        "viewer",
    }
    of_station = (f"/stations/{A16}/{each}" for each in ("messages", "transactions", "transfers"))
    for route in ("/stations", "/transactions", *of_station):
        known |= set(strings((await client.get(f"/api/v1{route}")).json()))
    page = Html(await client.get(path))
    for protocol in page.all("option, datalist, .frames code, .frames pre"):
        protocol.decompose()  # what a station gets or sent, as it is
    left = without_marked(page.text)
    for text in sorted({" ".join(each.split()) for each in known | OURS} - {""}, key=len, reverse=True):
        left = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", " ", left)
    assert DATA.sub("", left) == "", left


@pytest.mark.parametrize("path", PAGES)
async def test_the_frame_is_whole(console: ServedCentral, path: str) -> None:
    """One heading, landmarks, a way past the navigation, the language said, and every file is ours."""
    answer = await console.client().get(path, headers=ENGLISH)
    page = Html(answer)
    assert page.heading
    assert page.title.endswith(" – borne")
    assert page.language == "en-CA"
    assert [len(page.all(each)) for each in ("main", "header", "nav[aria-label]")][:2] == [1, 1]
    assert page.links("Skip to the content") == ["#content"]
    for each in Html(answer).all("[src], link[href]"):
        target = str(each.attributes.get("src") or each.attributes.get("href"))
        assert target.startswith(("/static/", "/api/v1/sites/")), target
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|hx-on|js:", answer.text)


@pytest.mark.parametrize("path", PAGES)
async def test_the_policy_is_strict_and_nothing_is_kept(console: ServedCentral, path: str) -> None:
    """No inline script or style, no eval, no other host, no copy in a cache."""
    answer = await console.client().get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", Role)
async def test_every_way_on_a_page_may_be_gone(console: ServedCentral, path: str, role: Role) -> None:
    """A role does not see what it can never do: no link and no form of a page is refused."""
    client = console.client(role)
    page = Html(await client.get(path, headers={**ENGLISH, "Accept": "text/html"}))
    ways = {each for each in page.links() if each.startswith("/") and not each.startswith("/api/")}
    for way in ways:
        answer = await client.get(way, headers={**ENGLISH, "Accept": "text/html"})
        assert answer.status_code != 403, way


async def test_a_part_is_the_page_without_the_rest(console: ServedCentral) -> None:
    """The same markup; what the browser has already is not sent again."""
    client = console.client()
    page = (await client.get("/stations", headers=ENGLISH)).text
    answer = await client.get("/stations?fragment=rows", headers=ENGLISH)
    assert answer.text in page
    assert answer.text.startswith('<section id="rows"')
    known = {**ENGLISH, "If-None-Match": answer.headers["etag"]}
    again = await client.get("/stations?fragment=rows", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get("/stations?fragment=nothing", headers=ENGLISH)).status_code == 404


async def test_files_are_kept_for_a_year_and_public(console: ServedCentral) -> None:
    """Their path changes with their content; the login page shows them."""
    stranger = console.client(None)
    for path in all_assets():
        answer = await stranger.get(asset(path))
        assert answer.status_code == 200
        assert answer.content == all_assets()[path]
        assert "immutable" in answer.headers["cache-control"]
    old = await stranger.get("/static/000000000000/console.css")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    assert (await stranger.get("/static/000000000000/../mounting.py")).status_code in (303, 401, 404)


async def test_the_language_is_a_form(console: ServedCentral) -> None:
    """It leads back, but to no other site; strangers choose theirs on the login page."""
    answer = await console.client(None).post("/language", data={"language": "fr", "next": "/?q=x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=x")
    assert "borne_language=fr" in answer.headers["set-cookie"]
    away = await console.client(None).post("/language", data={"language": "xx", "next": "//evil.example"})
    assert (away.headers["location"], "set-cookie" in away.headers) == ("/", False)


async def test_a_script_is_never_led_to_the_login(console: ServedCentral) -> None:
    """It would put that page into a part of its own."""
    answer = await console.client(None).get("/", headers={"Accept": "text/html", "HX-Request": "true"})
    assert answer.status_code == 401
