"""The API of provisioning on a real port, one client per role."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from access.principals import Role
from provisioning.api import build_router
from runtime.http import install_problems
from runtime.routers import ApiRouter
from tests.support.central import served_by_role
from tests.support.provisioning import CODE, MAC, World


@dataclass
class Api:
    """What people send, by role."""

    world: World
    app: FastAPI
    clients: dict[Role | None, httpx.AsyncClient]

    def by(self, role: Role | None) -> httpx.AsyncClient:
        """Who asks."""
        return self.clients[role]

    @property
    def admin(self) -> httpx.AsyncClient:
        """The team."""
        return self.clients[Role.ADMIN]

    @property
    def owner(self) -> httpx.AsyncClient:
        """The station manager."""
        return self.clients[Role.MANAGER]

    @property
    def installer(self) -> httpx.AsyncClient:
        """On site, with a phone."""
        return self.clients[Role.INSTALLER]

    async def made(self, path: str, body: dict[str, Any], *, by: Role = Role.MANAGER) -> dict[str, Any]:
        """What a POST made; it must not be refused."""
        answer = await self.clients[by].post(path, json=body)
        assert answer.status_code in (201, 202), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def site(self, **fields: Any) -> str:
        """A site's id."""
        body = {"name": "Port", "zone": "America/Montreal"} | fields
        return str((await self.made("/sites", body))["site_id"])

    async def order(self, *macs: str) -> dict[str, Any]:
        """An order."""
        lines = [{"mac": mac, "claim_code": CODE} for mac in macs or (MAC,)]
        return await self.made("/orders", {"reference": f"PO-{len(macs)}", "contact": "Ann", "lines": lines})

    async def registered(self) -> None:
        """The installer's account is one."""
        await self.made("/installers", {"name": "Sam", "account": Role.INSTALLER.value})

    async def claim(self, mac: str = MAC, **fields: Any) -> httpx.Response:
        """What the installer sends."""
        body = {"mac": mac, "claim_code": CODE, "name": "P1", "latitude": 45.5, "longitude": -73.6}
        return await self.installer.post("/claims", json=body | fields)


@pytest.fixture
async def api(world: World) -> AsyncIterator[Api]:
    """Served behind authentication."""
    app = FastAPI(docs_url="/api/docs", openapi_url="/api/openapi.json")
    install_problems(app)
    api = ApiRouter("/api/v1")
    api.add(build_router(world.provisioning))
    api.serve_in(app)
    async with served_by_role(world.database, world.clock, app, "/api/v1") as (_, clients):
        yield Api(world, app, clients)
