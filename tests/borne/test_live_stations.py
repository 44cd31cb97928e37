"""LiveStations sees through the REST API what happens, soon after it happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from access.principals import Role
from borne import live_stations
from borne.live_stations import LiveStations, StreamedEvent
from csms.domain.links import LinkSecurity
from ocppj.versions import OcppVersion
from runtime.client import ApiClient, ApiRefused
from runtime.clock import SystemClock
from runtime.feed import TICK_S
from tests.support.central import A16, ServedCentral
from tests.support.waiting import PATIENCE_S


@asynccontextmanager
async def looking(api: ServedCentral, role: Role | None = Role.VIEWER) -> AsyncIterator[LiveStations]:
    """Live stations that are kept fresh."""
    token = api.client(role).headers.get("authorization", "").removeprefix("Bearer ")
    async with ApiClient(api.url, token) as client, asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        live = LiveStations(client, SystemClock())
        running = group.create_task(live.run())
        yield live
        running.cancel()


async def test_stations_are_there_at_once(api: ServedCentral) -> None:
    """And no trouble."""
    async with looking(api) as live:
        assert live.trouble is not None
        found = await live.until(lambda stations: stations.get(A16))
        assert found["model"] == "RB-22"
        assert live.trouble is None


async def test_news_bring_a_fresh_look(api: ServedCentral, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long before the next look is due; listeners hear what was told."""
    monkeypatch.setattr(live_stations, "LONGEST_PAUSE_S", 600.0)
    heard: list[StreamedEvent] = []
    async with looking(api) as live:
        live.listeners.append(heard.append)
        await live.until(lambda stations: stations.get(A16))
        while not api.central.bus.subscribers:  # noqa: ASYNC110 - the stream
            await asyncio.sleep(0)
        api.central.stations.connect(A16, OcppVersion.V16, LinkSecurity.UNAUTHENTICATED)
        api.central.publish("link.connected", A16, peer="192.0.2.7")
        await api.central.clock.advance(TICK_S)
        await live.until(lambda stations: stations[A16]["link"])
    assert heard == [StreamedEvent("link.connected", A16, {"peer": "192.0.2.7"})]


async def test_a_token_that_is_not_good_ends_it(api: ServedCentral) -> None:
    """Trying again would not help."""
    with pytest.raises(ExceptionGroup) as refused:
        async with looking(api, role=None) as live:
            await live.until(lambda stations: stations.get(A16))
    assert refused.group_contains(ApiRefused)


async def test_a_server_that_is_away_is_trouble_until_it_is_back() -> None:
    """What was known stays; the trouble says what to do."""
    async with (
        ApiClient("http://127.0.0.1:9", None) as client,
        asyncio.timeout(PATIENCE_S),
        asyncio.TaskGroup() as group,
    ):
        live = LiveStations(client, SystemClock())
        running = group.create_task(live.run())
        while "borne up" not in (live.trouble or ""):
            await live.change()
        running.cancel()
    assert live.stations == {}
