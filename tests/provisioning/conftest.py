"""A running server without stations, and a station of each version."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from csms.domain.station_events import StationEvent
from ocppj.versions import OcppVersion
from provisioning.settings import ProvisioningSettings
from runtime.clock import ManualClock
from runtime.events import EventBus
from tests.support.provisioning import MAC, WatchedDatabase, World
from tests.support.stations import ScriptedStation, Stations
from tests.support.tables import put_tables


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[WatchedDatabase]:
    """A fresh database with all tables."""
    async with WatchedDatabase.opened(put_tables(tmp_path / "borne.db")) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> ProvisioningSettings:
    """The usual ones."""
    return ProvisioningSettings(pepper_path=tmp_path / "pepper")


@pytest.fixture
async def world(
    watched: WatchedDatabase, clock: ManualClock, settings: ProvisioningSettings
) -> AsyncIterator[World]:
    """A server that runs, without any station."""
    bus: EventBus[StationEvent] = EventBus()
    async with Stations(clock, bus) as stations:
        made = World(watched, clock, stations, bus)
        await made.start(settings)
        yield made
        await made.stop()


@pytest.fixture(params=[OcppVersion.V16, OcppVersion.V201], ids=["1.6", "2.0.1"])
def station(request: pytest.FixtureRequest) -> ScriptedStation:
    """A station of each version."""
    return ScriptedStation(MAC, request.param)


@pytest.fixture
def v16() -> ScriptedStation:
    """A 1.6 station."""
    return ScriptedStation(MAC, OcppVersion.V16)


@pytest.fixture
def v201() -> ScriptedStation:
    """A 2.0.1 station."""
    return ScriptedStation(MAC, OcppVersion.V201)
