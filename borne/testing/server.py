"""The central system of a test session: one of its own, or the one that runs."""

from typing import Any

from borne.run_central import CentralSystem
from borne.testing.loop_thread import LoopThread
from runtime.client import ApiClient


class BorneServer:
    """What the fixture `borne_server` is. Paths are below `/api/v1`; answers are JSON."""

    def __init__(self, loop: LoopThread, central: CentralSystem) -> None:
        self.ocpp_url = central.ocpp_url
        """Where stations connect, without a station id."""
        self.central = central
        self._loop = loop

    @property
    def api(self) -> ApiClient:
        """Of the server."""
        if self.central.api is None:
            raise RuntimeError("this central system has no API that may be asked: set BORNE_API")
        return self.central.api

    @property
    def api_url(self) -> str:
        """Its address."""
        return self.api.url

    def get(self, path: str, **query: Any) -> Any:
        """Raises ApiError."""
        return self._loop.run(self.api.get(path, **query))

    def post(self, path: str, body: Any = None) -> Any:
        """Raises ApiError."""
        return self._loop.run(self.api.post(path, body))

    def put(self, path: str, body: Any = None) -> Any:
        """Raises ApiError."""
        return self._loop.run(self.api.put(path, body))
