"""Two servers on one PostgreSQL, real sockets: nothing acknowledged is lost, no number is given twice, the
newer link wins wherever it is, and one of the two may be killed.

A second `borne up` is refused; these two have a lock each (`tests.support.node_process`).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from shutil import copy
from typing import Any

import psycopg
import pytest
import websockets

from csms.central.nodes import GONE
from tests.support.charging_station import (
    Station16,
    assert_stored_once,
    boot,
    charge,
    charge_until_cut,
    connection,
    post,
)
from tests.support.node_process import NodeProcess
from tests.support.postgres import PostgresServer
from tests.support.waiting import PATIENCE_S, patient_http, until

STATIONS = 6
REPLACED = 4000
MOST_S = 1800


class Tables:
    """What is stored, read past the servers."""

    def __init__(self, url: str) -> None:
        self._database = psycopg.connect(url, autocommit=True)

    def rows(self, query: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        """By a query with a question mark for each value."""
        return self._database.execute(query.replace("?", "%s").encode(), values).fetchall()

    def link(self, station: Station16) -> tuple[Any, ...]:
        """Its node, its epoch, whether it is over, and why."""
        query = "SELECT node, epoch, disconnected_at IS NOT NULL, reason FROM links WHERE station_id = ?"
        (row,) = self.rows(query, (station.station_id,))
        return row

    def told(self, station: Station16) -> list[str]:
        """What was told of its links."""
        query = "SELECT event FROM outbox WHERE station_id = ? AND event LIKE ? ORDER BY outbox_id"
        return [row[0] for row in self.rows(query, (station.station_id, "link.%"))]

    def close(self) -> None:
        """Nobody reads any more."""
        self._database.close()


async def move(station: Station16, *nodes: NodeProcess) -> websockets.ClientConnection:
    """Charge over each of these in turn: at each change the connection before is open still, and a message
    sent over it was not answered yet. The last connection, which is the newest.
    """
    before: websockets.ClientConnection | None = None
    for node in nodes:
        ws = await connection(node.ocpp_url, station)
        await boot(ws)
        for _ in range(7):
            await charge(ws, station)
        if before is not None:
            await before.wait_closed()  # whoever holds it has learned of the newer one
            assert before.close_code == REPLACED
        await post(ws, station)
        before = ws
    assert before is not None
    return before


@pytest.mark.timeout(MOST_S)
async def test_stations_that_move_between_two_servers_lose_nothing(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """To and fro with messages under way; then one server is killed, and the other goes on with all of it."""
    stations = [Station16(number) for number in range(STATIONS)]
    silent, *moving = stations
    with postgres.database() as url, closing(Tables(url)) as tables:
        one, other = NodeProcess(tmp_path / "here", url), NodeProcess(tmp_path / "there", url)
        async with one, with_secrets_of(one, other), asyncio.timeout(PATIENCE_S):
            ways = [(one, other, one), (other, one, other)]
            links = await asyncio.gather(
                move(silent, one, other), *(move(each, *ways[n % 2]) for n, each in enumerate(moving))
            )
            names = {tables.link(each)[0] for each in stations}
            assert len(names) == 2
            assert not any(tables.link(each)[2] for each in stations)
            holder = f"the station is connected to node {tables.link(silent)[0]}"
            outcome, said = await asked_at(one, silent)
            assert (outcome, said.split(":")[0]) == ("elsewhere", holder)
            assert f"the station is connected to node {await node_at(one, silent)}" == holder
            await other.kill()
            tally = asyncio.Semaphore(0)
            going_on = [asyncio.create_task(charge_until_cut(one.ocpp_url, each, tally)) for each in moving]
            for _ in range(60):
                await tally.acquire()
            await until(lambda: tables.link(silent)[2])
            assert await asked_at(one, silent) == ("offline", "the station is not connected")
            homes = {tables.link(each)[0] for each in moving}
            assert not any(tables.link(each)[2] for each in moving)
            await one.stop()
            await asyncio.gather(*going_on, *(each.close() for each in links))
        acknowledged = {each.station_id: each.acknowledged for each in stations}
        assert_stored_once(tables.rows, acknowledged)
        numbers = [number for each in stations for number in {m[1] for m in each.acknowledged}]
        assert len(numbers) == len(set(numbers))
        assert len(homes) == 1
        assert tables.link(silent)[3] == GONE
        assert tables.told(silent) == ["link.connected", "link.connected", "link.disconnected"]
        assert all(tables.link(each)[2] for each in stations)
        assert tables.rows("SELECT node FROM nodes") == []


@asynccontextmanager
async def with_secrets_of(one: NodeProcess, other: NodeProcess) -> AsyncIterator[None]:
    """Run the other with what the first made of secrets at its start."""
    other.var.mkdir()
    for name in ("token", "pepper"):
        copy(one.var / name, other.var / name)
    async with other:
        yield


async def node_at(node: NodeProcess, station: Station16) -> str:
    """Who holds the station's link, as this server tells."""
    headers = {"Authorization": f"Bearer {node.token}"}
    async with patient_http(base_url=node.http_url, headers=headers) as api:
        told = await api.get(f"/api/v1/stations/{station.station_id}")
        assert told.is_success, told.text
        return str(told.json()["link"]["node"])


async def asked_at(node: NodeProcess, station: Station16) -> tuple[str, str]:
    """What a command to the station comes to at this server."""
    headers = {"Authorization": f"Bearer {node.token}"}
    async with patient_http(base_url=node.http_url, headers=headers) as api:
        told = await api.post(f"/api/v1/stations/{station.station_id}/commands/clear-cache", json={})
        assert told.is_success, told.text
        return told.json()["outcome"], told.json()["error_description"]
