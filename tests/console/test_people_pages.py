"""People, through forms alone, on a real server: invited, let in, given roles, ended, and refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from access.principals import Role
from borne.app import running_server
from borne.settings import ServerSettings
from tests.support.html import Html
from tests.support.waiting import patient_http

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADERS = {"Accept-Language": "en", "Accept": "text/html"}
PASSWORD = "correct horse battery"


@dataclass
class Office:
    """A server, and a client of each role."""

    clients: dict[Role | None, httpx.AsyncClient]
    url: str

    async def page(self, path: str, role: Role = Role.ADMIN) -> Html:
        """A page, as this role sees it."""
        return Html(await self.clients[role].get(path))

    async def send(self, path: str, by: Role = Role.ADMIN, **fields: str) -> httpx.Response:
        """A form."""
        return await self.clients[by].post(path, data=fields)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """Everything as `borne up` starts it, with one site."""
    settings = ServerSettings(var=tmp_path_factory.mktemp("people"), ocpp_port=0, http_port=0)
    async with running_server(settings) as server:
        clients: dict[Role | None, httpx.AsyncClient] = {}
        admin = patient_http(base_url=server.http_url, headers=HEADERS | _bearer(server.token))
        clients[Role.ADMIN] = admin
        await admin.post("/api/v1/sites", json={"name": "Port", "zone": "America/Toronto"})
        for role in (Role.MANAGER, Role.INSTALLER, Role.VIEWER):
            made = await admin.put(f"/api/v1/access/programs/p-{role.value}", json={"role": role.value})
            headers = HEADERS | _bearer(made.json()["token"])
            clients[role] = patient_http(base_url=server.http_url, headers=headers)
        clients[None] = patient_http(base_url=server.http_url, headers=HEADERS)
        yield Office(clients, server.http_url)
        for each in clients.values():
            await each.aclose()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def value_of(page: Html, name: str) -> str:
    """What stands in a field of this id."""
    return str(page.all(f"#{name}")[0].attributes["value"])


def port_in(form: Html) -> str:
    """How the form names the site."""
    options = form.all("#field-place option")
    return next(str(each.attributes["value"]) for each in options if "Port" in each.text())


async def test_a_page_without_anybody_says_what_an_invitation_is(office: Office) -> None:
    """And offers the next action."""
    page = await office.page("/people")
    assert page.heading == "People"
    assert page.links("Invite somebody") == ["/people/invite"]
    assert "An invitation is a link" in page.text


async def test_an_invitation_is_made_shown_once_used_and_listed(office: Office) -> None:
    """A manager invites an installer onto a site; the link lets one in."""
    form = await office.page("/people/invite", Role.MANAGER)
    site = next(
        str(each.attributes["value"]) for each in form.all("#field-place option") if "Port" in each.text()
    )
    made = await office.send(
        "/people/invite", Role.MANAGER, label="Luc", role="installer", place=site, valid_hours="24"
    )
    page = Html(made)
    assert page.heading == "Link for Luc"
    link = value_of(page, "link")
    secret = link.partition("#")[2]
    assert secret not in (await office.page("/people", Role.MANAGER)).text
    listed = await office.page("/people", Role.MANAGER)
    assert "Luc open" in " ".join(listed.text.split())
    accepted = await office.clients[None].post(
        "/invitation", data={"link": secret, "name": "luc", "password": PASSWORD}
    )
    assert accepted.status_code in (200, 303)
    assert "came as luc" in (await office.page("/people", Role.MANAGER)).text
    assert "/people/person/luc" in (await office.page("/people")).links()


async def test_an_invitation_is_made_anew_and_revoked(office: Office) -> None:
    """Each by its button; the link of before lets nobody in."""
    await office.send("/people/invite", label="Ann", role="viewer", place="default", valid_hours="72")
    page = await office.page("/people")
    path = next(
        str(each.attributes["action"]) for each in page.all("form[action$='/link']") if "Ann" in each.text()
    )
    again = Html(await office.send(path))
    assert value_of(again, "link").partition("#")[2]
    revoked = await office.send(path.removesuffix("link") + "revoke")
    assert revoked.headers["location"] == "/people?done=revoked"
    assert "The invitation is revoked." in (await office.page(revoked.headers["location"])).text


async def test_a_program_gets_its_token_once_another_and_none(office: Office) -> None:
    """What is ended or replaced works no more; nothing is done without the tick."""
    made = Html(await office.send("/people/new-program", name="exporter", role="viewer"))
    first = value_of(made, "token")

    async def works(token: str) -> bool:
        client = office.clients[None]
        client.cookies.clear()
        return (await client.get("/api/v1/sites", headers=_bearer(token))).status_code == 200

    assert await works(first)
    here = "/people/program/exporter"
    unticked = await office.send(here, act="token")
    assert (unticked.status_code, "Tick the box first" in unticked.text) == (422, True)
    assert await works(first)
    second = value_of(Html(await office.send(here, act="token", confirmed="1")), "token")
    assert (await works(first), await works(second)) == (False, True)
    ended = await office.send(here, act="end", confirmed="1")
    assert ended.headers["location"] == "/people?done=ended"
    assert not await works(second)
    assert (await office.clients[Role.ADMIN].get(here)).status_code == 404


async def test_a_person_is_let_in_given_a_role_and_loses_it(office: Office) -> None:
    """What is wrong with a field stands beside it, and nothing of a password comes back."""
    short = await office.send("/people/new-person", name="mia", role="manager", password="short")
    assert short.status_code == 422
    assert Html(short).all("#fault-password")
    assert "short" not in short.text
    slash = await office.send("/people/new-person", name="a/b", role="manager", password=PASSWORD)
    assert (slash.status_code, bool(Html(slash).all("#fault-name"))) == (422, True)
    made = await office.send("/people/new-person", name="mia", role="viewer", password=PASSWORD)
    assert made.headers["location"] == "/people/person/mia?done=saved"
    page = await office.page("/people/person/mia")
    site = next(
        str(each.attributes["value"]) for each in page.all("#field-place option") if "Port" in each.text()
    )
    await office.send("/people/person/mia", act="give", role="installer", place=site)
    roles = [" ".join(each.text().split()) for each in (await office.page("/people/person/mia")).all("b")]
    assert "installer" in [each.casefold() for each in roles]
    await office.send("/people/person/mia", act="remove", place=site)
    left = (await office.page("/people/person/mia")).all(".card")
    assert len(left) == 1


async def test_nobody_ends_their_own_access_here(office: Office) -> None:
    """They would lock themselves out."""
    own = (await office.clients[Role.ADMIN].get("/api/v1/access/me")).json()["name"]
    page = await office.page(f"/people/program/{own}")
    assert "this is you" in page.text
    assert page.all("[value=end]") == []
    assert page.all("[value=remove]") == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.INSTALLER, Role.VIEWER])
@pytest.mark.parametrize("path", ["/people/new-person", "/people/new-program"])
async def test_who_does_not_run_the_server_lets_nobody_in(office: Office, role: Role, path: str) -> None:
    """Neither sees the way nor may go it."""
    assert (await office.clients[role].get(path)).status_code == 403
    sent = await office.send(path, role, name="x", role="admin", password=PASSWORD)
    assert sent.status_code == 403
    if role is Role.MANAGER:
        page = await office.page("/people", role)
        assert path not in page.links()


@pytest.mark.parametrize("role", [Role.INSTALLER, Role.VIEWER])
async def test_who_invites_nobody_sees_nobody(office: Office, role: Role) -> None:
    """And is told why."""
    assert "/people" not in (await office.page("/", role)).links()
    answer = await office.clients[role].get("/people")
    assert answer.status_code == 403
    assert Html(answer).heading


async def test_unknown_accounts_and_places_are_told(office: Office) -> None:
    """With what to do."""
    assert (await office.clients[Role.ADMIN].get("/people/person/nobody")).status_code == 404
    assert (await office.clients[Role.ADMIN].get("/people/robot/nobody")).status_code == 404
    await office.send("/people/new-person", name="eve", role="viewer", password=PASSWORD)
    refused = await office.send("/people/person/eve", act="give", role="viewer", place="elsewhere")
    assert refused.status_code in (403, 404)
    gone = await office.send("/people/person/eve", act="remove", place="default|nowhere")
    assert (gone.status_code, bool(Html(gone).all(".fault"))) == (404, True)
