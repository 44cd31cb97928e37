"""Which central system `borne run` uses: one that it is told, the one that runs here, or one of its own."""

import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from borne.app import RunningServer, running_server
from borne.settings import ServerSettings
from runtime.client import DEFAULT_TOKEN_FILE, ApiClient, ApiError, ApiRefused, ApiUnreachable, find_token
from runtime.texts import printable
from simulator.scenario.errors import CannotRunError
from simulator.scenario.words import RunTexts

PENDING_INTERVAL_S = 5
"""Of a server for the occasion: nobody waits there for an installer."""


@dataclass(frozen=True, slots=True)
class CentralSystem:
    """Where stations connect, and whom to ask. `remark` is for people."""

    ocpp_url: str
    api: ApiClient | None
    remark: str = ""


StartServer = Callable[[ServerSettings], AbstractAsyncContextManager[RunningServer]]


def start_server(settings: ServerSettings) -> AbstractAsyncContextManager[RunningServer]:
    """A server without console: pages are for people who look longer."""
    return running_server(settings, has_console=False)


@asynccontextmanager
async def central_system(
    *, url: str | None, is_wired: bool, wants_own: bool, words: RunTexts, start: StartServer = start_server
) -> AsyncIterator[CentralSystem]:
    """The central system for some runs. Raises CannotRunError, ApiError.

    What is named (`--url`, BORNE_API) is used or found wanting; what is not is this machine's server, if it
    runs and lets us in, else one that lives as long as the runs.
    """
    is_named = "BORNE_API" in os.environ
    if wants_own and (is_wired or url is not None):
        raise CannotRunError("--own-server has no station on the wire, and an address of its own")
    if url is not None and not is_named:
        if is_wired:
            raise CannotRunError("a station on the wire is seen through the central system: set BORNE_API")
        yield CentralSystem(url, None, words.text("foreign", url=url))
        return
    settings = ServerSettings()
    async with ApiClient(token=find_token(settings.var / DEFAULT_TOKEN_FILE.name)) as api:
        server, trouble = (None, None) if wants_own else await _server_of(api)
        if server is not None:
            ocpp_url = url or ocpp_url_of(api.url, server)
            yield CentralSystem(ocpp_url, api, words.text("uses", url=ocpp_url))
            return
        if not wants_own and (is_named or is_wired):
            raise CannotRunError(_way_out(trouble)) from trouble
    async with _own(start) as central:
        yield CentralSystem(central.ocpp_url, central.api, words.text("own_server"))


async def _server_of(api: ApiClient) -> tuple[dict[str, Any] | None, ApiError | None]:
    """What the server says of itself, or why its API cannot be used."""
    try:
        return await api.get("/server"), None
    except ApiError as error:
        return None, error


def _way_out(trouble: ApiError | None) -> str:
    if isinstance(trouble, ApiRefused) and trouble.status in (401, 403):
        why = printable(str(trouble))
        return f"{why}\nRun this in the server's folder, where var/token is, or set BORNE_TOKEN."
    if isinstance(trouble, ApiUnreachable):
        return str(trouble)
    return f"BORNE_API does not lead to borne's API: {trouble}"


def ocpp_url_of(api_url: str, server: dict[str, Any]) -> str:
    """Where stations connect to the server whose API is at `api_url`: its host, and the port that it tells.

    Who asks over https gets the port with TLS, where there is one. Raises CannotRunError.
    """
    parts = urlsplit(api_url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    wants_tls = parts.scheme == "https"
    ports = sorted(server["station_ports"], key=lambda each: each["is_secure"] is not wants_tls)
    if not ports:
        raise CannotRunError(f"the server at {api_url} tells no port for stations: name one with --url")
    scheme = "wss" if ports[0]["is_secure"] else "ws"
    return f"{scheme}://{host}:{ports[0]['port']}/ocpp"


@asynccontextmanager
async def _own(start: StartServer) -> AsyncIterator[CentralSystem]:
    """A server in a folder that is gone afterwards, on ports that are free, whatever the environment says."""
    with tempfile.TemporaryDirectory(prefix="borne-run-") as folder:
        settings = ServerSettings(
            listen="127.0.0.1",
            ocpp_port=0,
            http_port=0,
            var=Path(folder),
            database_url=None,
            mqtt=None,
            tls_certificate=None,
            tls_key=None,
            http_tls_certificate=None,
            http_tls_key=None,
            unknown="quarantine",
            wire_log="all",
            pending_interval_s=PENDING_INTERVAL_S,
        )
        async with start(settings) as server, ApiClient(server.http_url, server.token) as api:
            yield CentralSystem(server.ocpp_url, api)
