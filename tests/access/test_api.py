"""The routes that let people and programs in: administrators only, secrets told once or never."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from access.actions import Permission
from access.api import build_access_router
from access.authentication import Authentication
from access.control import AccessControl
from access.principals import Role
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.http import install_problems
from runtime.serving import serve
from tests.support.waiting import patient_http

PASSWORD = "pouding chômeur"


@pytest.fixture
async def access(database: Database) -> AccessControl:
    """Nobody is let in yet."""
    return AccessControl(database, ManualClock(), SeededChance(3))


@pytest.fixture
async def admin(access: AccessControl) -> AsyncIterator[httpx.AsyncClient]:
    """An administrator's client."""
    app = FastAPI()
    install_problems(app)
    build_access_router(access).serve_in(app)
    running = await serve(Authentication(app, access), "127.0.0.1", 0)
    headers = {"Authorization": f"Bearer {await access.add_token('first', Role.ADMIN)}"}
    base_url = f"http://127.0.0.1:{running.port}/access"
    async with patient_http(base_url=base_url, headers=headers) as client:
        yield client
    await running.stop()


async def test_a_person_can_log_in_until_removed(admin: httpx.AsyncClient, access: AccessControl) -> None:
    """The password is never told again, not even in the answer."""
    saved = await admin.put("/people/Sam Tremblay", json={"role": "installer", "password": PASSWORD})
    sam = {
        "name": "Sam Tremblay",
        "role": "installer",
        "memberships": [{"organisation_id": "default", "site_id": None, "role": "installer"}],
    }
    assert (saved.status_code, saved.json()) == (200, sam)
    who = await access.log_in("Sam Tremblay", PASSWORD)
    assert who is not None
    assert who[0].role is Role.INSTALLER
    assert (await admin.get("/people")).json() == [sam]
    assert (await admin.delete("/people/Sam Tremblay")).status_code == 204
    assert await access.log_in("Sam Tremblay", PASSWORD) is None
    assert (await admin.get("/people")).json() == []


async def test_a_program_gets_its_token_once(admin: httpx.AsyncClient, access: AccessControl) -> None:
    """A second one takes the place of the first; a revoked one opens nothing."""
    first = (await admin.put("/programs/ci", json={"role": "viewer"})).json()
    second = (await admin.put("/programs/ci", json={"role": "manager"})).json()
    assert await access.by_token(first["token"]) is None
    who = await access.by_token(second["token"])
    assert who is not None
    assert (who.name, who.role) == ("ci", Role.MANAGER)
    listed = (await admin.get("/programs")).json()
    assert [(each["name"], each["role"]) for each in listed] == [("ci", "manager"), ("first", "admin")]
    assert (await admin.delete("/programs/ci")).status_code == 204
    assert await access.by_token(second["token"]) is None


@pytest.mark.parametrize("role", [Role.MANAGER, Role.INSTALLER, Role.VIEWER])
async def test_only_administrators_let_others_in(
    admin: httpx.AsyncClient, access: AccessControl, role: Role
) -> None:
    """Nobody makes themselves an administrator."""
    headers = {"Authorization": f"Bearer {await access.add_token('other', role)}"}
    for path in ("/people/x", "/programs/x"):
        body = {"role": "admin", "password": PASSWORD}
        assert (await admin.put(path, json=body, headers=headers)).status_code == 403
    for path in ("/people", "/programs"):
        assert (await admin.get(path, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people/x", {"role": "viewer", "password": "short"}),
        ("/people/x", {"role": "king", "password": PASSWORD}),
        (f"/people/{'x' * 65}", {"role": "viewer", "password": PASSWORD}),
        ("/people/x%0Ay", {"role": "viewer", "password": PASSWORD}),
        ("/programs/x", {}),
    ],
)
async def test_what_is_wrong_is_named_and_no_password_repeated(
    admin: httpx.AsyncClient, path: str, body: dict[str, str]
) -> None:
    """422 with the field; the password that was tried is in no answer."""
    refused = await admin.put(path, json=body)
    assert refused.status_code == 422
    assert body.get("password", "?!") not in refused.text


@pytest.mark.parametrize(
    ("path", "code"), [("/people/x", "person_unknown"), ("/programs/x", "program_unknown")]
)
async def test_nobody_is_removed_twice(admin: httpx.AsyncClient, path: str, code: str) -> None:
    """404 says where to look."""
    refused = await admin.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (404, code)


@pytest.mark.parametrize("path", ["/people/x", "/programs/x"])
async def test_nobody_is_let_into_an_organisation_that_there_is_not(
    admin: httpx.AsyncClient, path: str
) -> None:
    """Nor is an account left behind."""
    body = {"role": "viewer", "organisation_id": "nowhere"}
    more = {"password": PASSWORD} if "people" in path else {}
    refused = await admin.put(path, json=body | more)
    assert (refused.status_code, refused.json()["code"]) == (404, "organisation_unknown")
    assert (await admin.delete(path)).status_code == 404


@pytest.mark.parametrize("role", Role)
async def test_everybody_is_told_what_they_may_do(
    admin: httpx.AsyncClient, access: AccessControl, role: Role
) -> None:
    """Each action with its roles and its routes, as `may` decides; a program reads it before it begins."""
    headers = {"Authorization": f"Bearer {await access.add_token('ci', role)}"}
    told = (await admin.get("/me", headers=headers)).json()
    assert (told["name"], told["role"]) == ("ci", role)
    assert told["memberships"] == [{"organisation_id": "default", "site_id": None, "role": role}]
    actions = {each["action"]: each for each in told["actions"]}
    assert set(actions) == set(Permission)
    assert all(each["is_allowed"] is (role in each["roles"]) for each in actions.values())
    assert actions["decide about transactions"]["roles"] == ["manager", "admin"]
