"""GET /server: where the stations of this server connect, for tools that found its API."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from csms.api.roles import LISTER
from ocppj.aio.endpoint import Listening
from runtime.routers import ApiRouter


class PortAnswer(BaseModel):
    """A port for stations."""

    port: int
    is_secure: bool


class ServerAnswer(BaseModel):
    """The server as such."""

    version: str
    station_ports: list[PortAnswer]


ANSWERS: dict[str, Any] = {"GET /api/v1/server": ServerAnswer}
"""By route."""


def build_server_router(version: str, listening: Sequence[Listening]) -> ApiRouter:
    """The routes of the server as such."""
    router = ApiRouter()

    @router.get("/server", dependencies=[LISTER])
    async def server() -> dict[str, Any]:
        """Its version, and the ports where stations connect."""
        ports = [{"port": each.port, "is_secure": each.is_secure} for each in listening]
        return {"version": version, "station_ports": ports}

    return router
