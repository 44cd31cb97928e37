"""/organisations: who sees which, who changes what, and what is said of what is not there."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection
from starlette.types import Receive, Scope, Send

from access.control import AccessControl
from access.organisations import Holding, Organisation, Organisations
from access.organisations_api import build_organisations_router, organisation_finder
from access.principals import Principal, Role, member
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.http import install_problems
from runtime.wording import Phrase

ALL = "http://borne.test/organisations"
ROOT = member("root", Role.ADMIN)
ADA = member("ada", Role.ADMIN, "autre")
EVE = member("eve", Role.VIEWER, "autre")
SITES = Holding(Phrase("{count} site", "{count} site"), Phrase("{count} sites", "{count} sites"), ("Port",))


class OneSite:
    """The other organisation has one site."""

    def has_site(self, connection: Connection, organisation_id: str, site_id: str) -> bool:
        """That one."""
        return (organisation_id, site_id) == ("autre", "port")

    def holdings(self, connection: Connection, organisation_id: str) -> list[Holding]:
        """And nobody else anything."""
        return [SITES] if organisation_id == "autre" else []


class AsSomebody:
    """The routes as a principal asks for them: `who` may be changed."""

    def __init__(self, app: FastAPI) -> None:
        self.who: Principal = ROOT
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await self._app({**scope, "principal": self.who}, receive, send)


@pytest.fixture
async def served(database: Database, clock: ManualClock, chance: SeededChance) -> AsSomebody:
    """Two organisations; a person and a program who have an account in the default one."""
    organisations = Organisations(database, clock, OneSite())
    await organisations.save(Organisation("autre", "Autre inc."), "root")
    access = AccessControl(database, clock, chance)
    await access.add_token("ci", Role.VIEWER)
    await access.add_person("Sam", "pouding chômeur", Role.VIEWER)
    app = FastAPI()
    install_problems(app)
    build_organisations_router(organisations).serve_in(app)
    app.state.finders = {"access": {"organisation_id": organisation_finder(organisations)}}
    return AsSomebody(app)


@pytest.fixture
async def api(served: AsSomebody) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever `served.who` is."""
    transport = httpx.ASGITransport(served)
    async with httpx.AsyncClient(transport=transport, base_url=ALL) as client:
        yield client


def told(answer: httpx.Response) -> tuple[int, str]:
    """The status, and the code of the problem."""
    return answer.status_code, answer.json()["code"]


async def test_who_runs_the_server_sees_all_and_others_see_theirs(
    served: AsSomebody, api: httpx.AsyncClient
) -> None:
    """The default one first."""
    both = [
        {"organisation_id": "default", "name": "default"},
        {"organisation_id": "autre", "name": "Autre inc."},
    ]
    assert (await api.get(ALL)).json() == both
    served.who = EVE
    assert (await api.get(ALL)).json() == both[1:]


async def test_an_organisation_is_made_and_called_otherwise(api: httpx.AsyncClient) -> None:
    """Not as another one is called; not without a name, nor under an id that none can have."""
    made = await api.put("/une", json={"name": "Une"})
    assert (made.status_code, made.json()) == (200, {"organisation_id": "une", "name": "Une"})
    assert (await api.put("/une", json={"name": "Une inc."})).json()["name"] == "Une inc."
    taken = await api.put("/une", json={"name": "Autre inc."})
    assert told(taken) == (409, "organisation_exists")
    assert "Autre inc." in taken.json()["detail"]
    assert (await api.put("/une", json={"name": ""})).status_code == 422
    assert (await api.put("/u%20ne", json={"name": "U"})).status_code == 422
    assert len((await api.get(ALL)).json()) == 3


async def test_a_name_that_is_taken_is_named(api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a database, whose refusal of the row ends the tracing of lines (`make coverage`)."""

    async def taken(*_: object) -> bool:
        return False

    monkeypatch.setattr(Organisations, "save", taken)
    refused = await api.put("/une", json={"name": "Une"})
    assert told(refused) == (409, "organisation_exists")
    assert refused.json()["detail"] == "Another organisation is called Une"


async def test_an_organisation_goes_once_it_is_empty(api: httpx.AsyncClient) -> None:
    """What it still has is named."""
    used = await api.delete("/autre")
    assert told(used) == (409, "organisation_in_use")
    assert "1 site (Port)" in used.json()["detail"]
    assert told(await api.delete("/default")) == (409, "organisation_in_use")
    await api.put("/une", json={"name": "Une"})
    assert (await api.delete("/une")).status_code == 204
    assert told(await api.delete("/une")) == (404, "organisation_unknown")


async def test_only_who_runs_the_server_makes_organisations(
    served: AsSomebody, api: httpx.AsyncClient
) -> None:
    """An administrator of one keeps its members, and no more; a viewer not even those."""
    served.who = ADA
    assert told(await api.put("/une", json={"name": "Une"})) == (403, "role_required")
    assert told(await api.delete("/autre")) == (403, "role_required")
    assert (await api.get("/autre/members")).json() == []
    assert told(await api.get("/default/members")) == (404, "organisation_unknown")
    served.who = EVE
    assert told(await api.get("/autre/members")) == (403, "role_required")


@pytest.mark.parametrize(
    ("kind", "path", "name"), [("person", "people", "Sam"), ("program", "programs", "ci")]
)
async def test_a_member_has_a_role_in_all_of_it_and_another_on_a_site(
    api: httpx.AsyncClient, kind: str, path: str, name: str
) -> None:
    """Each is given and taken away by itself."""
    there = f"/autre/{path}/{name}"
    saved = await api.put(there, json={"role": "viewer"})
    whole = {"kind": kind, "name": name, "organisation_id": "autre", "site_id": None, "role": "viewer"}
    assert (saved.status_code, saved.json()) == (200, whole)
    on_site = whole | {"site_id": "port", "role": "manager"}
    assert (await api.put(there, json={"role": "manager", "site_id": "port"})).json() == on_site
    assert (await api.get("/autre/members")).json() == [whole, on_site]
    assert (await api.delete(there)).status_code == 204
    assert (await api.get("/autre/members")).json() == [on_site]
    assert told(await api.delete(there)) == (404, "membership_unknown")
    assert (await api.delete(there, params={"site": "port"})).status_code == 204
    assert (await api.get("/autre/members")).json() == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/autre/people/Nobody", {"role": "viewer"}, "person_unknown"),
        ("/autre/programs/Sam", {"role": "viewer"}, "program_unknown"),
        ("/autre/people/Sam", {"role": "viewer", "site_id": "quai"}, "site_unknown"),
        ("/nowhere/people/Sam", {"role": "viewer"}, "organisation_unknown"),
    ],
)
async def test_nobody_gets_a_role_that_cannot_be(
    api: httpx.AsyncClient, path: str, body: dict[str, Any], code: str
) -> None:
    """404 says what is missing."""
    assert told(await api.put(path, json=body)) == (404, code)


async def test_an_organisation_that_goes_meanwhile_is_unknown(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when the route looked it up, and is not when the role would be written."""

    async def still_there(_: Organisations, organisation_id: str) -> Organisation:
        return Organisation(organisation_id, "Gone")

    monkeypatch.setattr(Organisations, "one", still_there)
    answer = await api.put("/gone/people/Sam", json={"role": "viewer"})
    assert told(answer) == (404, "organisation_unknown")


async def test_an_administrator_draws_nobody_in_who_is_not_theirs_alone(
    served: AsSomebody, api: httpx.AsyncClient
) -> None:
    """Sam has a role elsewhere; whoever runs the server may give another one."""
    served.who = ADA
    assert told(await api.put("/autre/people/Sam", json={"role": "viewer"})) == (404, "person_unknown")
    served.who = ROOT
    assert (await api.put("/autre/people/Sam", json={"role": "viewer"})).status_code == 200
