"""A provisioning server on a real database, with a clock set by hand and scripted stations: `World`."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from access.principals import AccessScope
from charging.calendar import OpeningHours
from charging.tariff import Tariff
from csms.domain.station_events import StationEvent
from ocppj.vocabulary import IdToken, StationId
from provisioning.activation.runs import ActivationRun
from provisioning.app import Provisioning
from provisioning.change_set import ChangeSet
from provisioning.claimant import Claimant
from provisioning.gates.lifecycle_status import LifecycleStatus
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device, NamedTariff, Site
from provisioning.rules.localization import Claim
from provisioning.rules.positions import Position
from provisioning.settings import ProvisioningSettings
from provisioning.storage.changes import write_change
from provisioning.storage.devices import load_device
from provisioning.storage.runs import load_run
from provisioning.use_cases.purchasing import OrderLine
from runtime.audit import acts
from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database, is_postgres_url
from runtime.events import EventBus
from runtime.work.engine import WorkEngine
from tests.support.scopes import EVERYTHING
from tests.support.stations import ScriptedStation, Stations
from tests.support.tables import compile_once, put_tables
from tests.support.waiting import PATIENCE_S

T = TypeVar("T")
MAC = "0024:B100:0002:9F81"
ID = StationId("0024b10000029f81")
CODE = "K7QM-4T2X"


def put_device(connection: Connection, device: Device) -> None:
    """A device as it is, with its names."""
    change = ChangeSet("test")
    change.put(load_device(connection, device.station_id), device)
    write_change(connection, change)


def put_run(connection: Connection, run: ActivationRun) -> None:
    """The current run of a station."""
    change = ChangeSet("test")
    change.put_run(load_run(connection, run.station_id), run)
    write_change(connection, change)


class WatchedDatabase(Database):
    """Tells when nothing is on its way to the disk, so that tests can wait for that instead of sleeping."""

    url = ""
    open_calls = 0
    calls = 0
    done: asyncio.Event | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str) -> AsyncIterator["WatchedDatabase"]:
        """One that has all tables."""
        database = await cls.open(url, migrations="borne.migrations")
        assert isinstance(database, WatchedDatabase)
        database.url = url
        compile_once(database)
        database.hurry()
        yield database
        await database.close()

    def hurry(self) -> None:
        """Do not wait for the platter: no test here pulls the plug of the machine. A PostgreSQL's lies in
        memory.
        """
        if is_postgres_url(self.url):
            return
        with self._backend.write_engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA synchronous=OFF")

    async def run_write(self, fn: Callable[[Connection], T]) -> T:
        """Counted."""
        self._begin()
        try:
            return await super().run_write(fn)
        finally:
            self._end()

    async def run_read(self, fn: Callable[[Connection], T]) -> T:
        """Counted."""
        self._begin()
        try:
            return await super().run_read(fn)
        finally:
            self._end()

    async def quiet(self) -> None:
        """Everybody has run until they wait for the clock or for a station."""
        while True:
            await _all_waiting()
            if not self.open_calls:
                return
            self.done = asyncio.Event()
            await asyncio.wait_for(self.done.wait(), PATIENCE_S)

    async def busy(self) -> None:
        """Until somebody has something on its way."""
        for _ in range(1000):
            if self.open_calls:
                return
            await asyncio.sleep(0)
        raise AssertionError("nobody writes or reads")

    def _begin(self) -> None:
        self.open_calls += 1
        self.calls += 1

    def _end(self) -> None:
        self.open_calls -= 1
        if self.done is not None:
            self.done.set()


async def _all_waiting() -> None:
    """Until no task can run: each waits for the clock, the disk or somebody else."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined] # asyncio's own loop
    await asyncio.sleep(0)
    while ready:  # noqa: ASYNC110 - lets the others run, and waits for nothing
        await asyncio.sleep(0)


class World:
    """A server and its stations; what people do goes through the use cases, as the API does it."""

    def __init__(
        self, database: WatchedDatabase, clock: ManualClock, stations: Stations, bus: EventBus[StationEvent]
    ) -> None:
        self.database, self.clock, self.stations, self.bus = database, clock, stations, bus
        self.chance = SeededChance(7)
        self.events = bus.subscribe(100_000)
        self.provisioning: Provisioning
        self.is_charging: Callable[[StationId], bool] = lambda _: False
        self._running: AsyncExitStack | None = None

    async def start(self, settings: ProvisioningSettings) -> None:
        """The server comes up."""
        self.settings = settings
        self.work = WorkEngine(self.database, self.clock, node="test", is_alone=True)
        self.provisioning = await Provisioning.open(
            self.database, self.clock, self.chance, self.bus, settings, work=self.work
        )
        self.provisioning.attach(self.stations, None, self._is_charging, self.stations.connectors)
        self.stations.serve(
            self.provisioning.resolver,
            self.provisioning.admission,
            self.provisioning.boot_policy,
            self.provisioning.credentials,
        )
        self._running = AsyncExitStack()
        await self._running.enter_async_context(running(self.provisioning, self.work))
        await self.quiet()

    async def stop(self) -> None:
        """It goes down."""
        if self._running is not None:
            await self._running.aclose()
            self._running = None

    async def restart(self) -> None:
        """It goes down in the middle of whatever it does, and comes up again with what is stored."""
        await self.stop()
        self.stations.drop_all()
        await self.start(self.settings)

    async def _is_charging(self, station_id: StationId) -> bool:
        return self.is_charging(station_id)

    async def quiet(self) -> None:
        """Until everybody waits."""
        await self.database.quiet()

    async def passes(self, seconds: float) -> None:
        """Time goes by; whoever is due runs, and the disk keeps up."""
        await self.quiet()
        until = self.clock.monotonic() + seconds
        while (timers := self.clock._timers) and timers[0][0] <= until:
            due, _, timer = heapq.heappop(timers)
            if timer.callback is not None:
                self.clock._elapsed = max(due, self.clock._elapsed)
                timer.callback()
                await self.quiet()
        self.clock._elapsed = max(until, self.clock._elapsed)
        await self.quiet()

    # What people do

    async def site(self, *, hours: OpeningHours | None = None, **fields: Any) -> Site:
        """A site, by default one whose manager approved in advance."""
        sites = self.provisioning.use_cases.sites
        made = await sites.add_site(Site("", **({"name": "Port", "zone": "America/Montreal"} | fields)))
        if hours is not None:
            await sites.set_hours(
                made.site_id,
                hours.weekly,
                {day.isoformat(): periods for day, periods in hours.exceptions},
                "owner",
            )
        return sites.site(made.site_id)

    async def tariff(self, **fields: Any) -> NamedTariff:
        """A tariff."""
        wanted: dict[str, Any] = {"currency": "CAD", "energy_micro_per_kwh": 250_000} | fields
        name = str(wanted.pop("name", "Day"))
        return await self.provisioning.use_cases.sites.add_tariff(name, Tariff("", **wanted))

    async def tokens(self, site: Site, count: int) -> None:
        """The site's list has so many tokens."""
        wanted = tuple(IdToken(f"TAG{number:05}") for number in range(count))
        await self.provisioning.use_cases.sites.set_tokens(site.site_id, wanted, "owner")

    async def order(self, *macs: str, code: str = CODE) -> None:
        """Boxes are ordered, all with the same claim code."""
        lines = [OrderLine(mac=mac, claim_code=code) for mac in macs]
        reference = f"PO-{len(await self.provisioning.use_cases.purchasing.orders()) + 1}"
        await self.provisioning.use_cases.purchasing.order(reference, lines, None, "owner")

    async def claim(
        self,
        mac: str = MAC,
        code: str = CODE,
        by: str = "sam",
        scope: AccessScope = EVERYTHING,
        **position: Any,
    ) -> StationId:
        """The team claims a station."""
        usual: dict[str, Any] = {"name": "P1", "latitude": 45.5, "longitude": -73.6}
        where = Position(**(usual | position))
        return await self.provisioning.use_cases.localization.claim(
            Claim(mac, code, where), Claimant(by, scope, needs_installer=False)
        )

    async def localized(self, station: ScriptedStation, **site: Any) -> StationId:
        """Ordered, connected and claimed, at a site of its own."""
        made = await self.site(**site)
        await self.order(station.identity)
        await self.stations.connect(station)
        await self.quiet()
        station_id = await self.claim(station.identity, site_id=made.site_id)
        await self.quiet()
        return station_id

    async def active(self, station: ScriptedStation, **site: Any) -> StationId:
        """The same, and activated."""
        station_id = await self.localized(station, **site)
        for _ in range(20):
            if self.state(station_id) is Lifecycle.ACTIVE and self.run(station_id).finished_at:
                return station_id
            await self.passes(15)
        raise AssertionError(self.provisioning.details.details(station_id))

    # What is there

    async def acts(self, station_id: StationId = ID) -> list[tuple[str, str, str | None, str | None]]:
        """Who did what to it, with what it came to and why; oldest first."""
        query = select(acts).where(acts.c.subject == station_id).order_by(acts.c.act_id)
        rows = await self.database.fetch_all(query)
        return [(row.done_by, row.what, row.result, row.reason) for row in rows]

    def device(self, station_id: StationId = ID) -> Device:
        """Its record."""
        return self.provisioning.station_cache.devices[station_id]

    def lifecycle_status(self, station_id: StationId = ID) -> LifecycleStatus:
        """How far it is."""
        found = self.provisioning.station_cache.lifecycle_status(station_id)
        assert found is not None
        return found

    def state(self, station_id: StationId = ID) -> Lifecycle:
        """Its lifecycle state."""
        return self.lifecycle_status(station_id).state

    def codes(self, station_id: StationId = ID) -> list[str]:
        """What blocks it."""
        return [each.code.value for each in self.lifecycle_status(station_id).blocked_by]

    def remarks(self, station_id: StationId = ID) -> list[str]:
        """What else people should know of it, in English."""
        return [f"{each.code.value} {each.text.en}" for each in self.lifecycle_status(station_id).remarks]

    def run(self, station_id: StationId = ID) -> ActivationRun:
        """Its activation."""
        return self.provisioning.station_cache.runs[station_id]

    def steps(self, station_id: StationId = ID) -> dict[str, str]:
        """How each step of its activation stands."""
        return {each.step.value: each.state.value for each in self.run(station_id).steps}

    def lifecycles(self, station_id: StationId = ID) -> list[str]:
        """The states it went through, as the bus told them."""
        told = [
            each.payload["lifecycle"]
            for each in self.events.pending()
            if each.event == "station.lifecycle" and each.station_id == station_id
        ]
        return [state for number, state in enumerate(told) if not number or told[number - 1] != state]


@asynccontextmanager
async def running(provisioning: Provisioning, work: WorkEngine) -> AsyncIterator[None]:
    """`provisioning.run()`, with its work, until leaving."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(provisioning.run()), group.create_task(work.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


@asynccontextmanager
async def opened_world(folder: Path, clock: ManualClock) -> AsyncIterator[World]:
    """A server that runs, without any station, for all tests of a file."""
    bus: EventBus[StationEvent] = EventBus()
    async with (
        WatchedDatabase.opened(put_tables(folder / "world.db")) as database,
        Stations(clock, bus) as stations,
    ):
        made = World(database, clock, stations, bus)
        await made.start(ProvisioningSettings(pepper_path=folder / "pepper"))
        yield made
        await made.stop()
