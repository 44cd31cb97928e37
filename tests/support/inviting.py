"""Invitations behind authentication on a real port: a manager who invites, and nobody, who is invited."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from sqlalchemy import Connection

from access.authentication import Authentication
from access.control import AccessControl
from access.invitation_mail import InvitationMail
from access.invitations import Invitations
from access.invitations_api import build_invitations_router, invitation_finder
from access.invited import InvitedAccess, build_invited_router
from access.login_limit import LoginLimit
from access.organisations import Holding
from access.principals import Role
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.http import install_problems
from runtime.mail.postman import Postman
from runtime.serving import serve
from runtime.work.engine import WorkEngine
from tests.support.waiting import patient_http

PASSWORD = "pouding chômeur"
BODY = {"label": "Sam of Volta"}
SITE, SITE_NAME = "nord", "Garage Nord"
AddPages = Callable[[FastAPI, InvitedAccess, AccessControl], None]


class OneSite:
    """Of every organisation."""

    def has_site(self, _: Connection, __: str, site_id: str) -> bool:
        """That one."""
        return site_id == SITE

    def holdings(self, _: Connection, __: str) -> list[Holding]:
        """Nothing."""
        return []


@dataclass
class Inviting:
    """A client for a manager, one for an installer and one for nobody."""

    manager: httpx.AsyncClient
    nobody: httpx.AsyncClient
    installer: httpx.AsyncClient
    clock: ManualClock

    async def made(self, **fields: object) -> dict[str, str]:
        """An invitation with its link."""
        answer = await self.manager.post("/invitations", json=BODY | fields)
        assert answer.status_code == 201, answer.text
        found: dict[str, str] = answer.json()
        return found

    async def accept(self, secret: str, name: str = "sam", password: str = PASSWORD) -> httpx.Response:
        """Nobody opens a link."""
        body = {"secret": secret, "name": name, "password": password}
        return await self.nobody.post("/invitation/accept", json=body)


def add_no_pages(app: FastAPI, invited: InvitedAccess, access: AccessControl) -> None:
    """The API alone."""


@asynccontextmanager
async def serving_invitations(database: Database, add: AddPages = add_no_pages) -> AsyncIterator[Inviting]:
    """Until one leaves."""
    clock, chance = ManualClock(), SeededChance(3)
    access = AccessControl(database, clock, chance)
    invitations = Invitations(database, clock, chance, OneSite(), access)
    engine = WorkEngine(database, clock, node="one")
    postman = Postman(database, clock, chance, engine, None)
    invitations.letters = InvitationMail(postman, "https://borne.example")
    invited = InvitedAccess(invitations, LoginLimit(clock), {SITE: SITE_NAME}.get)
    app = FastAPI()
    install_problems(app)
    build_invitations_router(invitations, clock.now, "https://borne.example").serve_in(app)
    build_invited_router(invited).serve_in(app)
    add(app, invited, access)
    app.state.finders = {"access": {"invitation_id": invitation_finder(invitations)}}
    running = await serve(Authentication(app, access), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{running.port}"
    tokens = {role: await access.add_token(role.value, role) for role in (Role.MANAGER, Role.INSTALLER)}

    def client(role: Role) -> httpx.AsyncClient:
        return patient_http(base_url=url, headers={"Authorization": f"Bearer {tokens[role]}"})

    async with (
        client(Role.MANAGER) as manager,
        client(Role.INSTALLER) as installer,
        patient_http(base_url=url) as nobody,
    ):
        yield Inviting(manager, nobody, installer, clock)
    await running.stop()
