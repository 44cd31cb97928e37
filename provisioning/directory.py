"""Everything provisioning knows, in memory for the hot path, and the one way to change it.

`change` runs a function in the database's writer, reads what it touched back in the same
transaction, and only then replaces the records here: memory never runs ahead of the disk. A change
of a station's standing leaves a line in its history and a piece of news.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

from sqlalchemy import Connection

from charging.mac import find_mac
from csms.domain.audit import Change
from csms.domain.news import StationNews
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun
from provisioning.blockers import Blocker, Code
from provisioning.catalogue import blocker
from provisioning.lifecycle import Facts, Standing, derive
from provisioning.near import NearMacs
from provisioning.records import CredentialState, Device, NamedTariff, Place, Site
from provisioning.storage.devices import load_device, save_device, save_names
from provisioning.storage.runs import load_run, record_standing, save_run
from provisioning.storage.snapshot import Snapshot, read_all, read_some
from runtime.audit import Act, record_acts
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.lifecycle import Background
from runtime.surviving import attempt

T = TypeVar("T")


class Topic(StrEnum):
    """What a note is about. Notes are not stored: whoever leaves one knows it again when it goes on."""

    ACTIVATION = "activation"
    HOURS = "hours"
    DOOR = "door"


@dataclass(slots=True)
class Touched:
    """What a change touches, and is read back for; the change itself may add to it while it runs.

    A station that does not exist afterwards is forgotten. `acts`, what somebody did by it, are kept with it.
    """

    stations: set[StationId] = field(default_factory=set)
    sites: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    tariffs: set[str] = field(default_factory=set)
    acts: list[Act] = field(default_factory=list)


class Directory:
    """Devices, sites, places, tariffs and activation runs, by their ids."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, bus: EventBus[StationNews]) -> None:
        self.database, self.clock, self.chance = database, clock, chance
        self.tell: Callable[[StationNews], None] = bus.publish
        """Tells the outside; the wiring puts the central system's own way here, which reaches brokers too."""
        self.devices: dict[StationId, Device] = {}
        self.sites: dict[str, Site] = {}
        self.places: dict[str, Place] = {}
        self.tariffs: dict[str, NamedTariff] = {}
        self.runs: dict[StationId, ActivationRun] = {}
        self.is_online: Callable[[StationId], bool] = lambda _: False
        """Whether the station has a link; the wiring gives it."""
        self.is_paused: Callable[[StationId], bool] = lambda _: False
        """Whether its open activation waits because it is under test; the wiring gives it."""
        self.listeners: list[Callable[[StationId], object]] = []
        """Called after a device's facts changed or its site did."""
        self.gone_listeners: list[Callable[[StationId], object]] = []
        """Called when a record is gone: it was another name of a known box, or its order was cancelled."""
        self.near_macs = NearMacs()
        self.quarantined = 0
        self._writes = Background("directory")
        self._names: dict[str, StationId] = {}
        self._at: dict[str, StationId] = {}
        self._notes: dict[StationId, dict[Topic, Blocker]] = {}
        self._standings: dict[StationId, Standing] = {}
        self.states: Counter[str] = Counter()
        """How many stations are in each lifecycle state."""
        self.blocked: Counter[str] = Counter()
        """How many stations each blocker is in the way of."""
        self.blocked_stations = 0
        """How many stations any is in the way of."""

    async def load(self) -> None:
        """Read everything; called once before anything else."""
        self._adopt(await self.database.run_read(read_all))
        for station_id in self.devices:
            self._stand(station_id, self._derive(station_id))

    def station_named(self, name: str) -> StationId | None:
        """The station that goes by this MAC (canonical hex), serial or other identity (lower case)."""
        return self._names.get(name)

    def place_of(self, station_id: StationId) -> Place | None:
        """Where the station is."""
        device = self.devices.get(station_id)
        return self.places.get(device.place_id) if device is not None and device.place_id else None

    def station_at(self, place_id: str) -> StationId | None:
        """Which station is at a place."""
        return self._at.get(place_id)

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

    async def change(self, fn: Callable[[Connection], T], touched: Touched, *, cause: str) -> T:
        """Run `fn` in one durable transaction and take over what it changed; raises what `fn` raises."""

        def work(connection: Connection) -> tuple[T, Snapshot]:
            result = fn(connection)
            record_acts(connection, touched.acts)
            return result, read_some(
                connection, touched.stations, touched.sites, touched.places, touched.tariffs
            )

        def take_over(written: tuple[T, Snapshot]) -> None:
            self._forget(touched.stations)
            self._adopt(written[1])
            self._drop_gone(touched.stations)

        result, _ = await self._write(work, take_over)
        await self.settle(touched.stations, cause)
        return result

    def act(self, station_id: StationId, by: str, what: Change, **more: str | None) -> Act:
        """What somebody does to a station now; `more` as in `Act`."""
        return Act(station_id, self.clock.now(), by, what.value, **more)

    async def change_device(
        self, station_id: StationId, fn: Callable[[Device], Device], *, cause: str | Act
    ) -> Device:
        """Change one device's facts from what is stored at that moment; makes the record if there is none.
        Where somebody does it, the cause is the act, which is kept with it.
        """

        def work(connection: Connection) -> Device:
            before = load_device(connection, station_id)
            after = fn(before or Device(station_id))
            if after != before:
                save_device(connection, after)
                if before is None or (before.macs, before.aliases) != (after.macs, after.aliases):
                    save_names(connection, after)
            if isinstance(cause, Act):
                record_acts(connection, [cause])
            return after

        after = await self._write(work, self._put)
        await self.settle((station_id,), cause.cause if isinstance(cause, Act) else cause)
        return after

    async def change_run(
        self,
        station_id: StationId,
        fn: Callable[[Connection, ActivationRun], ActivationRun | None],
        *,
        cause: str,
    ) -> ActivationRun | None:
        """Change a station's current run from what is stored at that moment; None where `fn` declines.

        `fn` may change the device in the same transaction.
        """

        def work(connection: Connection) -> tuple[ActivationRun | None, Device | None]:
            before = load_run(connection, station_id)
            after = fn(connection, before) if before is not None else None
            if after is not None:
                save_run(connection, after)
            return after, load_device(connection, station_id)

        def take_over(written: tuple[ActivationRun | None, Device | None]) -> None:
            after, device = written
            if after is not None and device is not None:
                self.runs[station_id] = after
                self._put(device)

        after, _ = await self._write(work, take_over)
        if after is not None:
            await self.settle((station_id,), cause)
        return after

    async def _write(self, work: Callable[[Connection], T], take_over: Callable[[T], None]) -> T:
        """Memory follows the disk even where whoever waits for it is cancelled: a station that hangs up while
        it is let in must not leave a secret that is verified on disk only.
        """
        task = self._writes.start(self._written(work, take_over))
        written, error = cast("tuple[T, Exception | None]", await asyncio.shield(task))
        if error is not None:
            raise error
        return written

    async def _written(
        self, work: Callable[[Connection], T], take_over: Callable[[T], None]
    ) -> tuple[T | None, Exception | None]:
        try:
            written = await self.database.run_write(work)
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the change
            return None, error
        take_over(written)
        return written, None

    async def note(self, station_id: StationId, topic: Topic, note: Blocker | None) -> None:
        """Tell people something about a station, or take it back."""
        notes = self._notes.setdefault(station_id, {}) if station_id in self.devices else {}
        if notes.get(topic) == note:
            return
        if note is None:
            notes.pop(topic, None)
        else:
            notes[topic] = note
        await self.settle((station_id,), topic.value)

    async def settle(self, stations: Iterable[StationId], cause: str) -> None:
        """Derive the standings anew; tell the history, the bus and the listeners what changed."""
        for station_id in stations:
            if station_id not in self.devices:
                continue
            before, now = self._standings.get(station_id), self._derive(station_id)
            self._stand(station_id, now)
            if before != now:
                await self._announce(station_id, now, before, cause)
            for listener in self.listeners:
                attempt(listener, station_id, event="listener_failed", station_id=station_id)

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
        self.tell(StationNews("station.lifecycle", station_id, at, payload))

    def _stand(self, station_id: StationId, now: Standing | None) -> None:
        """Where a station stands from now on; counted, so that nobody has to count them all."""
        before = self._standings.pop(station_id, None)
        for standing, change in ((before, -1), (now, 1)):
            if standing is not None:
                self.states[standing.state.value] += change
                self.blocked_stations += change * bool(standing.blocked_by)
                for code in {each.code.value for each in standing.blocked_by}:
                    self.blocked[code] += change
        if now is not None:
            self._standings[station_id] = now

    def _derive(self, station_id: StationId) -> Standing:
        device, run = self.devices[station_id], self.runs.get(station_id)
        notes = self._notes.get(station_id, {})
        remarks = tuple(notes[topic] for topic in (Topic.DOOR, Topic.HOURS) if topic in notes)
        if device.credential.forgotten_at is not None:
            remarks = (blocker(Code.SECRET_FORGOTTEN), *remarks)
        if run is not None:
            is_verified = device.credential.state is CredentialState.VERIFIED
            remarks += tuple(
                each for each in run.remarks if not (is_verified and each.code is Code.CREDENTIAL_REFUSED)
            )
        return derive(
            Facts(
                is_ours=device.is_ours,
                is_seen=device.first_seen_at is not None,
                is_assigned=device.place_id is not None,
                is_requested=device.requested_at is not None,
                is_released=device.released_at is not None,
                is_activated=device.activated_at is not None,
                is_suspended=device.suspended_at is not None,
                suspend_reason=device.suspend_reason or "",
                is_online=self.is_online(station_id),
                progress=notes.get(Topic.ACTIVATION),
                is_paused=self.is_paused(station_id),
                pending=run.pending if run is not None else None,
                remarks=remarks,
            )
        ).at(station_id)

    def _adopt(self, snapshot: Snapshot) -> None:
        self.sites |= {site.site_id: site for site in snapshot.sites}
        self.places |= {place.place_id: place for place in snapshot.places}
        self.tariffs |= {named.tariff.tariff_id: named for named in snapshot.tariffs}
        for device in snapshot.devices:
            self._put(device)
        self.runs |= snapshot.runs

    def _put(self, device: Device) -> None:
        self._forget_names(device.station_id)
        before = self.devices.get(device.station_id)
        self.quarantined += (not device.is_ours) - (before is not None and not before.is_ours)
        self._leave(before)
        self.devices[device.station_id] = device
        if device.place_id is not None:
            self._at[device.place_id] = device.station_id
        for name in (*device.macs, *device.aliases):
            self._names[name] = device.station_id
        for mac in device.macs:
            self.near_macs.add(mac)

    def _forget(self, stations: Iterable[StationId]) -> None:
        """What was touched is read back; what is not there any more stays forgotten."""
        for station_id in stations:
            self._forget_names(station_id)
            device = self.devices.pop(station_id, None)
            self._leave(device)
            self.quarantined -= device is not None and not device.is_ours
            self.runs.pop(station_id, None)

    def _drop_gone(self, stations: Iterable[StationId]) -> None:
        for station_id in stations:
            if station_id not in self.devices:
                self._stand(station_id, None)
                self._notes.pop(station_id, None)
                for listener in self.gone_listeners:
                    attempt(listener, station_id, event="listener_failed", station_id=station_id)

    def _leave(self, device: Device | None) -> None:
        """The box is not where it was, unless another one came there meanwhile."""
        place_id = device.place_id if device is not None else None
        if device is not None and place_id is not None and self._at.get(place_id) == device.station_id:
            del self._at[place_id]

    def _forget_names(self, station_id: StationId) -> None:
        device = self.devices.get(station_id)
        for name in (*device.macs, *device.aliases) if device is not None else ():
            if self._names.get(name) == station_id:
                del self._names[name]
                self.near_macs.discard(name)


def is_unauthenticated(device: Device) -> bool:
    """Whether the station proves nothing when it connects."""
    return device.credential.state is not CredentialState.VERIFIED


def mac_names_of(station_id: StationId) -> tuple[str, ...]:
    """The names of a station that is known by nothing but its identity."""
    mac = find_mac(station_id)
    return (mac.hex,) if mac is not None else ()
