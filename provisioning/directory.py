"""Everything provisioning knows, in memory for the hot path, and the one way to change it.

`change` runs a function in the database's writer, reads what it touched back in the same
transaction, and only then replaces the records here: memory never runs ahead of the disk. A change
of a station's standing leaves a line in its history and a piece of news.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from csms.domain.news import StationNews
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, StepName, StepRecord, new_run
from provisioning.catalogue import Blocker
from provisioning.lifecycle import Facts, Standing, derive
from provisioning.records import CredentialState, Device, NamedTariff, Place, Site
from provisioning.storage.devices import load_devices, save_device
from provisioning.storage.orders import load_tariffs
from provisioning.storage.runs import close_runs, load_latest_runs, record_standing, save_run
from provisioning.storage.sites import load_places, load_sites
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus

T = TypeVar("T")
Snapshot = tuple[list[Device], list[Site], list[Place], list[NamedTariff]]


class Directory:
    """Devices, sites, places, tariffs and activation runs, by their ids."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, bus: EventBus[StationNews]) -> None:
        self.database, self.clock, self.chance, self._bus = database, clock, chance, bus
        self.devices: dict[StationId, Device] = {}
        self.sites: dict[str, Site] = {}
        self.places: dict[str, Place] = {}
        self.tariffs: dict[str, NamedTariff] = {}
        self.runs: dict[StationId, ActivationRun] = {}
        self.listeners: list[Callable[[StationId], None]] = []
        """Called after a device's facts changed or its site did."""
        self.quarantined = 0
        self._names: dict[str, StationId] = {}
        self._progress: dict[StationId, Blocker] = {}
        self._standings: dict[StationId, Standing] = {}

    async def load(self) -> None:
        """Read everything; called once before anything else."""
        snapshot, runs = await self.database.run_read(
            lambda connection: (_snapshot(connection, None), load_latest_runs(connection))
        )
        self.runs = runs
        self._adopt_snapshot(snapshot)
        self._standings = {station_id: self._derive(station_id) for station_id in self.devices}

    def station_named(self, name: str) -> StationId | None:
        """The station that goes by this MAC (canonical hex), serial or other identity (lower case)."""
        return self._names.get(name)

    def mac_names(self) -> Iterable[str]:
        """The canonical hex of every known MAC."""
        return (mac for device in self.devices.values() for mac in device.macs)

    def place_of(self, station_id: StationId) -> Place | None:
        """Where the station is."""
        device = self.devices.get(station_id)
        return self.places.get(device.place_id) if device is not None and device.place_id else None

    def site_of(self, station_id: StationId) -> Site | None:
        """On which site the station is."""
        place = self.place_of(station_id)
        return self.sites.get(place.site_id) if place else None

    def stations_on(self, site_id: str) -> list[StationId]:
        """The stations on a site."""
        return [
            station_id
            for station_id in self.devices
            if (site := self.site_of(station_id)) is not None and site.site_id == site_id
        ]

    def standing(self, station_id: StationId) -> Standing | None:
        """How far a station is; None for one that has no device record."""
        return self._standings.get(station_id)

    async def change(
        self, fn: Callable[[Connection], T], *, stations: Iterable[StationId] = (), cause: str
    ) -> T:
        """Run `fn` in one durable transaction and take over what it changed; raises what `fn` raises."""
        touched = tuple(stations)

        def work(connection: Connection) -> tuple[T, Snapshot]:
            result = fn(connection)
            return result, _snapshot(connection, touched)

        result, snapshot = await self.database.run_write(work)
        self._adopt_snapshot(snapshot)
        await self.settle(touched, cause)
        return result

    async def change_device(
        self, station_id: StationId, fn: Callable[[Device], Device], *, cause: str
    ) -> Device:
        """Change one device's facts from what is stored at that moment; makes the record if there is none."""

        def work(connection: Connection) -> tuple[Device, Device]:
            before = next(iter(load_devices(connection, [station_id])), Device(station_id))
            after = fn(before)
            save_device(connection, after)
            return before, after

        _, after = await self.database.run_write(work)
        self._put(after)
        await self.settle((station_id,), cause)
        return after

    async def save_run(self, run: ActivationRun, cause: str) -> None:
        """Keep a run as it stands now."""
        await self.database.run_write(lambda connection: save_run(connection, run))
        self.runs[run.station_id] = run
        await self.settle((run.station_id,), cause)

    async def start_run(
        self, station_id: StationId, by: str, names: tuple[StepName, ...] = tuple(StepName)
    ) -> ActivationRun:
        """Ask for these steps: in the open run if there is one, else in a new one."""
        now = self.clock.now()
        run = self.runs.get(station_id)
        if run is not None and run.finished_at is None and len(names) < len(StepName):
            again = {name.value for name in names}
            steps = tuple(StepRecord(s.step, now) if s.step in again else s for s in run.steps)
            run = replace(run, steps=steps)
        else:
            await self.database.run_write(lambda connection: close_runs(connection, station_id, now))
            run = new_run(str(self.chance.uuid()), station_id, now, by, names)
        await self.save_run(run, "activation requested")
        return run

    async def set_progress(self, station_id: StationId, progress: Blocker | None) -> None:
        """Tell what the activation is at; not stored, it is known again when the activation goes on."""
        if self._progress.get(station_id) == progress:
            return
        if progress is None:
            self._progress.pop(station_id, None)
        else:
            self._progress[station_id] = progress
        await self.settle((station_id,), "activation")

    async def settle(self, stations: Iterable[StationId], cause: str) -> None:
        """Derive the standings anew; tell the history, the bus and the listeners what changed."""
        for station_id in stations:
            if station_id not in self.devices:
                continue
            before, now = self._standings.get(station_id), self._derive(station_id)
            self._standings[station_id] = now
            if before != now:
                await self._announce(station_id, now, before, cause)
            for listener in self.listeners:
                listener(station_id)

    async def _announce(
        self, station_id: StationId, now: Standing, before: Standing | None, cause: str
    ) -> None:
        at = self.clock.now()
        codes = [each.code.value for each in now.blocked_by]
        was = [each.code.value for each in before.blocked_by] if before else []
        if before is None or before.state != now.state or codes != was:
            await self.database.run_write(
                lambda connection: record_standing(
                    connection,
                    station_id=station_id,
                    at=at,
                    state=now.state.value,
                    blocked_by=",".join(codes),
                    cause=cause,
                )
            )
        payload = {
            "lifecycle": now.state.value,
            "previous": before.state.value if before else None,
            "blocked_by": [each.as_json for each in now.blocked_by],
            "who_clears": now.who_clears.value if now.who_clears else None,
            "cause": cause,
        }
        self._bus.publish(StationNews("station.lifecycle", station_id, at, payload))

    def _derive(self, station_id: StationId) -> Standing:
        device = self.devices[station_id]
        return derive(facts_of(device, self.runs.get(station_id), self._progress.get(station_id)))

    def _adopt_snapshot(self, snapshot: Snapshot) -> None:
        devices, sites, places, tariffs = snapshot
        self.sites = {site.site_id: site for site in sites}
        self.places = {place.place_id: place for place in places}
        self.tariffs = {named.tariff.tariff_id: named for named in tariffs}
        for device in devices:
            self._put(device)

    def _put(self, device: Device) -> None:
        before = self.devices.get(device.station_id)
        self.quarantined += (not device.is_ours) - (before is not None and not before.is_ours)
        self.devices[device.station_id] = device
        for name in (*device.macs, *device.aliases):
            self._names[name] = device.station_id


def facts_of(device: Device, run: ActivationRun | None, progress: Blocker | None) -> Facts:
    """The facts that a standing is derived from."""
    return Facts(
        is_ours=device.is_ours,
        is_seen=device.first_seen_at is not None,
        is_assigned=device.place_id is not None,
        is_requested=device.requested_at is not None,
        is_released=device.released_at is not None,
        is_activated=device.activated_at is not None,
        is_suspended=device.suspended_at is not None,
        suspend_reason=device.suspend_reason or "",
        progress=progress,
        remarks=run.remarks if run is not None else (),
    )


def is_unauthenticated(device: Device) -> bool:
    """Whether the station proves nothing when it connects."""
    return device.credential.state is not CredentialState.VERIFIED


def _snapshot(connection: Connection, stations: tuple[StationId, ...] | None) -> Snapshot:
    devices = load_devices(connection, stations) if stations is None or stations else []
    return devices, load_sites(connection), load_places(connection), load_tariffs(connection)
