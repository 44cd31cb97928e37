"""GET /server: where the stations of this server connect, for tools that found its API."""

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from csms.api.roles import LISTER
from ocppj.aio.endpoint import Listening
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.views import View


class PortAnswer(View, frozen=True, kw_only=True):
    """A port for stations."""

    port: int
    is_secure: bool


class ServerAnswer(View, frozen=True, kw_only=True):
    """The server as such."""

    version: str
    station_ports: tuple[PortAnswer, ...]


ANSWERS: dict[str, Any] = {"GET /api/v1/server": ServerAnswer}
"""By route."""


def build_server_router(version: str, listening: Sequence[Listening]) -> ApiRouter:
    """The routes of the server as such."""
    router = ApiRouter()

    @router.get("/server", dependencies=[LISTER])
    async def server() -> Response:
        """Its version, and the ports where stations connect."""
        ports = tuple(PortAnswer(port=each.port, is_secure=each.is_secure) for each in listening)
        return json_response(ServerAnswer(version=version, station_ports=ports))

    return router
