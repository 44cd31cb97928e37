"""The real server in the test's own loop: free ports, real SQLite, its REST API; stations come by socket.

`server` is one for a whole module of tests; `live_server(folder)` is one with settings of its own.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import Connection
from structlog.testing import capture_logs

from borne.app import RunningServer, running_server
from borne.settings import ServerSettings
from ocppj.vocabulary import StationId
from provisioning.credentials import Vault
from provisioning.pepper import load_pepper
from provisioning.records import Credential, CredentialForm, CredentialState, Device
from runtime.chance import SeededChance
from runtime.clock import Clock
from tests.support.provisioning import put_device
from tests.support.tables import open_tables, put_tables
from tests.support.waiting import patient_http, until
from tests.support.websocket import WAIT_S, RawStation
from tests.support.wire_station import Answer, WireStation, connected


class LiveServer:
    """A server that runs, seen from outside."""

    def __init__(
        self,
        running: RunningServer,
        var: Path,
        api: httpx.AsyncClient,
        logs: list[MutableMapping[str, Any]],
        database_url: str | None = None,
    ) -> None:
        self.running = running
        self.var = var
        self.api = api
        """A client with the administrator's token; paths begin behind `/api/v1`."""
        self.logs = logs
        """Every log line since it was started, as a mapping; `event` is what it says."""
        self._raw: list[RawStation] = []
        self._database_url = database_url

    @property
    def ocpp_url(self) -> str:
        """Append `/<station id>`."""
        return self.running.ocpp_url

    @property
    def port(self) -> int:
        """Where stations connect without TLS."""
        return self.running.listening[0].port

    def station(
        self,
        station_id: str,
        version: str = "1.6",
        *,
        answers: Mapping[str, Answer] | None = None,
        boots: bool = True,
        **options: Any,
    ) -> AbstractAsyncContextManager[WireStation]:
        """A station that speaks JSON, every answer checked by the official schema; booted if it `boots`."""
        url = f"{self.ocpp_url}/{station_id}"
        return connected(url, version, answers=answers, boots=boots, **options)

    async def raw(self) -> RawStation:
        """A bare socket on the station port."""
        station = RawStation(*await asyncio.open_connection("127.0.0.1", self.port))
        self._raw.append(station)
        return station

    def cut_raw(self) -> None:
        """End all bare sockets."""
        for station in self._raw:
            station.abort()
        self._raw.clear()

    async def call(
        self, station_id: str, action: str, payload: dict[str, Any] | None = None, timeout_s: float = 10.0
    ) -> dict[str, Any]:
        """A raw call through the API; how it ended."""
        body = {"action": action, "payload": payload or {}, "timeout_s": timeout_s}
        return await self.post(f"/stations/{station_id}/calls", body)

    async def command(self, station_id: str, command: str, **body: Any) -> dict[str, Any]:
        """A neutral command through the API; how it ended."""
        return await self.post(f"/stations/{station_id}/commands/{command}", body)

    async def post(self, path: str, body: Any, status: int = 200) -> dict[str, Any]:
        """POST; the answer's document."""
        response = await self.api.post(path, json=body)
        assert response.status_code == status, response.text
        return dict(response.json())

    async def get(self, path: str, **parameters: Any) -> Any:
        """GET; the answer's document."""
        response = await self.api.get(path, params=parameters)
        assert response.status_code == 200, response.text
        return response.json()

    async def add_token(self, value: str, status: str = "Accepted") -> None:
        """Make an id token known, or change its verdict."""
        response = await self.api.put(f"/tokens/{value}", json={"status": status})
        assert response.status_code == 200, response.text

    async def until_offline(self, station_id: str) -> None:
        """Wait until the link of a station has ended and its end is stored."""
        query = "SELECT 1 FROM links WHERE station_id = ? AND disconnected_at IS NOT NULL"
        await until(lambda: self.rows(query, station_id.lower()), WAIT_S)

    async def link(self, station_id: str) -> dict[str, Any] | None:
        """The live link of a station that was seen."""
        link: dict[str, Any] | None = (await self.get(f"/stations/{station_id}"))["link"]
        return link

    async def attempts(self, identity: str) -> list[dict[str, Any]]:
        """The failed connections of an identity, newest first."""
        return list(await self.get("/connection-attempts", identity=identity))

    async def messages(self, station_id: str) -> list[dict[str, Any]]:
        """The wire log of a station."""
        return list((await self.get(f"/stations/{station_id}/messages", limit=1000))["messages"])

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What stands in the database, read past the server; `?` for each parameter."""
        if self._database_url is not None:
            with psycopg.connect(self._database_url) as connection:
                return connection.execute(query.replace("?", "%s").encode(), parameters).fetchall()
        with closing(sqlite3.connect(self.var / "borne.db")) as database:
            return database.execute(query, parameters).fetchall()

    def write(self, statement: str) -> None:
        """Change the database file behind the server's back: how a disk or a colleague would break it."""
        with closing(sqlite3.connect(self.var / "borne.db", isolation_level=None)) as database:
            database.execute(statement)


@asynccontextmanager
async def live_server(
    folder: Path,
    *,
    clock: Clock | None = None,
    secrets: Mapping[str, bytes] | None = None,
    database_url: str | None = None,
    has_console: bool = False,
    **settings: Any,
) -> AsyncIterator[LiveServer]:
    """A server with its files in `folder`, the database too unless there is a URL. It accepts every station
    unless the settings say otherwise.

    `secrets` are those of stations that have proved them before: nobody else comes in under their names.
    """
    if secrets is not None:
        await seed_secrets(folder, secrets)
    chosen: dict[str, Any] = {
        "var": folder,
        "ocpp_port": 0,
        "tls_port": 0,
        "http_port": 0,
        "unknown": "accept",
    }
    chosen |= settings
    if database_url is not None:
        chosen["database_url"] = database_url
    else:
        put_tables(folder / "borne.db")
    with capture_logs() as logs:
        async with running_server(ServerSettings(**chosen), clock=clock, has_console=has_console) as running:
            headers = {"Authorization": f"Bearer {running.token}"}
            url = f"{running.http_url}/api/v1"
            async with patient_http(base_url=url, headers=headers) as api:
                live = LiveServer(running, folder, api, logs, database_url)
                try:
                    yield live
                finally:
                    live.cut_raw()


async def seed_secrets(folder: Path, secrets: Mapping[str, bytes]) -> None:
    """Write the secrets of stations into the files of a server that does not run yet."""
    chance = SeededChance(1)
    vault = Vault(load_pepper(folder / "pepper", chance), chance)
    database = await open_tables(folder / "borne.db")

    def save(connection: Connection) -> None:
        for name, secret in secrets.items():
            credential = Credential(CredentialState.VERIFIED, CredentialForm.BYTES, vault.seal(secret))
            put_device(connection, Device(StationId(name), credential=credential))

    try:
        await database.run_write(save)
    finally:
        await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """One server for all tests of a module; each test brings stations of its own."""
    async with live_server(tmp_path_factory.mktemp("var")) as live:
        yield live
