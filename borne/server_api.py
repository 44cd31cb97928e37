"""GET /server: where the stations of this server connect, for tools that found its API."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from csms.api.roles import ANYONE
from ocppj.aio.endpoint import Listening


def build_server_router(version: str, listening: Sequence[Listening]) -> APIRouter:
    """The routes of the server as such."""
    router = APIRouter()

    @router.get("/server", dependencies=[ANYONE])
    async def server() -> dict[str, Any]:
        """Its version, and the ports where stations connect."""
        ports = [{"port": each.port, "is_secure": each.is_secure} for each in listening]
        return {"version": version, "station_ports": ports}

    return router
