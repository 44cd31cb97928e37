"""The bench, through forms alone, on a real server: a station had, kept, given back, taken away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from access.principals import Role
from borne.app import running_server
from borne.settings import ServerSettings
from tests.support.bench_station import on_bench
from tests.support.html import Html
from tests.support.waiting import patient_http, until

pytestmark = pytest.mark.asyncio(loop_scope="module")
FAILS = """
scenario: never-so
title: {en: Never so, fr: Jamais ainsi}
about: {en: Waits for a word that no answer has., fr: Attend un mot qu'aucune réponse n'a.}
steps:
  - title: {en: Switch on and connect, fr: Mise sous tension et connexion}
    connect: {fresh: true}
  - title: {en: A boot is refused, fr: Un démarrage est refusé}
    expect: {event: boot, registration: Rejected}
    within: 5 s
"""
HEADERS = {"Accept-Language": "en", "Accept": "text/html"}


@dataclass
class Bench:
    """A server with a client of each role."""

    clients: dict[Role, httpx.AsyncClient]
    ocpp_url: str

    async def page(self, path: str = "/bench", role: Role = Role.MANAGER) -> Html:
        """A page, as this role sees it."""
        return Html(await self.clients[role].get(path))

    async def send(self, path: str, fields: dict[str, str], role: Role = Role.MANAGER) -> httpx.Response:
        """A form."""
        return await self.clients[role].post(path, data=fields)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """Everything as `borne up` starts it."""
    var = tmp_path_factory.mktemp("bench")
    (var / "own").mkdir()
    (var / "own" / "fails.yaml").write_text(FAILS)
    settings = ServerSettings(var=var, ocpp_port=0, http_port=0, unknown="accept", scenarios=var / "own")
    async with running_server(settings) as server:

        def client(token: str) -> httpx.AsyncClient:
            return patient_http(
                base_url=server.http_url, headers=HEADERS | {"Authorization": f"Bearer {token}"}
            )

        clients = {Role.ADMIN: client(server.token)}
        for role in (Role.MANAGER, Role.INSTALLER, Role.VIEWER):
            path = f"/api/v1/access/programs/{role.value}"
            made = await clients[Role.ADMIN].put(path, json={"role": role.value})
            clients[role] = client(made.json()["token"])
        yield Bench(clients, server.ocpp_url)
        for each in clients.values():
            await each.aclose()


async def test_an_empty_bench_says_how_it_fills(bench: Bench) -> None:
    """And is not there for who can do nothing on it."""
    page = await bench.page()
    assert "No station is of the bench yet" in page.text
    for role in (Role.INSTALLER, Role.VIEWER):
        assert "/bench" not in (await bench.page("/", role)).links()
        assert (await bench.clients[role].get("/bench")).status_code == 403


async def test_a_station_is_had_kept_and_given_back(bench: Bench) -> None:
    """Its card leads to the form; others see who has it; an administrator takes it away, saying why."""
    async with on_bench(bench.ocpp_url, "ac-16", "rack-1"):
        tagged = await bench.send("/bench/tags", {"station": "rack-1", "tags": "ac rack"})
        assert tagged.headers["location"] == "/bench?done=tagged"
        assert (await bench.page()).links("Have it rack-1") == ["/bench?station=rack-1#have"]
        wish = {"station": "rack-1", "purpose": "firmware 2.1", "minutes": "5", "wait": "0"}
        assert (await bench.send("/bench", wish)).headers["location"] == "/bench?done=begun"
        mine = await bench.page("/bench?done=begun")
        assert "It is yours." in mine.text
        assert "Yours now" in mine.text
        assert "its configuration will be set back" in mine.text
        path = next(str(each.attributes["action"]) for each in mine.all("form[action^='/bench/leases/']"))
        assert (await bench.send(path, {"act": "renew"})).headers["location"] == "/bench?done=renewed"
        theirs = await bench.page(role=Role.ADMIN)
        assert "manager has it since" in theirs.text
        taken = await bench.send("/bench", wish, Role.ADMIN)
        assert (taken.status_code, "manager has rack-1" in taken.text) == (409, True)
        unsaid = await bench.send(path, {"act": "end", "reason": ""}, Role.ADMIN)
        assert (unsaid.status_code, "say why" in unsaid.text) == (422, True)
        await bench.send(path, {"act": "end", "reason": "a demo"}, Role.ADMIN)
        gone = await bench.send(path, {"act": "renew"})
        assert (gone.status_code, "is over since" in gone.text) == (409, True)
        while "taken away" not in (await bench.page()).text:
            await until(lambda: True)  # the question itself waits for the server


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"purpose": "x", "minutes": "soon"}, "A whole number of minutes"),
        ({"purpose": "", "minutes": "5", "station": "rack-1"}, "Say what for."),
        ({"purpose": "x", "minutes": "5"}, "Name a station, or the tags"),
        (
            {"purpose": "x", "minutes": "5", "tags": "nothing-like-it"},
            "No connected station has all of these",
        ),
    ],
)
async def test_what_is_wrong_stands_at_its_field(bench: Bench, fields: dict[str, str], text: str) -> None:
    """And what was typed stays."""
    answer = await bench.send("/bench", fields)
    assert answer.status_code in (409, 422)
    page = Html(answer)
    assert text in page.text, page.text
    assert page.all("input[name=purpose]")[0].attributes["value"] == fields["purpose"]


async def test_wrong_tags_are_said(bench: Bench) -> None:
    """At their own form."""
    answer = await bench.send("/bench/tags", {"station": "rack-1", "tags": "Not/A/Tag"})
    assert answer.status_code == 422
    assert Html(answer).all("input[name=tags]")[-1].attributes["value"] == "Not/A/Tag"
    assert (await bench.send("/bench/tags", {"station": "never-seen", "tags": "ac"})).status_code == 404
