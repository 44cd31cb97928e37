"""Everything provisioning knows, in memory for the hot path, and the one way to change it.

`change` loads facts, decides and writes in the database's writer, all of one change in one transaction: rows,
history, acts, events (architecture §4.16). Memory, bus and listeners move after the commit: neither ever runs
ahead of the disk, and where anything fails nothing has happened.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import Connection

from charging.mac import find_mac
from csms.domain.audit import Change
from csms.domain.station_events import StationEvent
from csms.ports import EventSink, Ownership
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun
from provisioning.afterwards import account_after, prepared_after, site_after
from provisioning.blockers import Blocker
from provisioning.bus_events import BusEvents
from provisioning.change_set import Changed, ChangeSet, NoteTopic
from provisioning.gates.lifecycle_status import LifecycleStatus
from provisioning.gates.table import CheckedGate, checklist
from provisioning.install_policy import InstallPolicy
from provisioning.known_facts import KnownFacts
from provisioning.lifecycle_moves import LiveFacts, Move, Planned, facts_of, lifecycle_status_of
from provisioning.owned import owned_after, owned_stations
from provisioning.products.product import Product
from provisioning.records import CredentialState, Device
from provisioning.rules.activating import activation_work
from provisioning.rules.keeping_hours import availability_work, edges_moved
from provisioning.rules.standpoint import Standpoint
from provisioning.storage.changes import write_change
from provisioning.storage.devices import load_device
from provisioning.storage.runs import load_run, record_history
from provisioning.storage.snapshot import read_all
from runtime.audit import Act, record_acts
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.lifecycle import Background
from runtime.slices import in_slices
from runtime.surviving import attempt, survive
from runtime.wording import Phrase
from runtime.work.request import WorkRequest
from runtime.work.storage import withdraw_work, write_work

T = TypeVar("T")

NO_CHANGE = ChangeSet("")
GONE = Phrase("la borne n'est plus connue", "the station is not known any more")
SLICE = 50
"""Stations told of in one turn of the loop: of an order of a thousand, all that waits runs in between."""


class StationCache(KnownFacts):
    """Changes what is known."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, bus: EventBus[StationEvent]) -> None:
        super().__init__()
        self.database, self.clock, self.chance = database, clock, chance
        self.events: EventSink = BusEvents(bus)
        """Where changes are told; the wiring puts the central system's own way here."""
        self.ownership: Ownership | None = None
        """Who keeps what lists of stations need; the wiring gives it."""
        self.is_online: Callable[[StationId], bool] = lambda _: False
        """Whether the station has a link; the wiring gives it."""
        self.is_quiet: Callable[[StationId], bool] = lambda _: False
        """Whether the station is under test; the wiring gives it."""
        self.may_charge: Callable[[StationId], bool] = lambda _: False
        """Whether the station has a link on which it was accepted; the wiring gives it."""
        self.policy_of: Callable[[Device], InstallPolicy] = lambda _: InstallPolicy()
        """What the station's product asks of who installs it; the wiring gives it before all is loaded."""
        self.product_named: Callable[[str], Product | None] = lambda _: None
        """A product by its id; the wiring gives it before all is loaded."""
        self.work_enqueued: Callable[[], object] = lambda: None
        """Called after a change that asked for work; the wiring wakes the engine."""
        self.listeners: list[Callable[[StationId], object]] = []
        """Called after a device's facts changed or its site did."""
        self.gone_listeners: list[Callable[[StationId], object]] = []
        """Called when a record is gone: it was another name of a known box, or its order was cancelled."""
        self._writes = Background("station cache")
        self._turn = asyncio.Lock()

    async def load(self) -> None:
        """Read everything; called once before anything else."""
        self.adopt(await self.database.run_read(read_all))
        for station_id in self.devices:
            self.stand(station_id, self._derive(station_id))

    async def own_all(self) -> None:
        """Have the lists of stations know what is known here; called once, before anything changes."""
        if self.ownership is None:
            return
        ownership = self.ownership
        stored = {each.station_id: each for each in await self.database.run_read(ownership.stored)}
        owned = {each.station_id: each for each in owned_stations(self)}
        changed = [each for each in owned.values() if each != stored.get(each.station_id)]
        gone = sorted(stored.keys() - owned.keys())

        def write(connection: Connection) -> None:
            ownership.forget(connection, gone)
            ownership.write(connection, changed, self.clock.now())

        if changed or gone:
            await self.database.run_write(write)

    def act(self, station_id: StationId, by: str, what: Change, **more: str | None) -> Act:
        """What somebody does to a station now; `more` as in `Act`."""
        return Act(station_id, self.clock.now(), by, what.value, **more)

    async def change(
        self, load: Callable[[Connection], T], decide: Callable[[T], ChangeSet], *, is_big: bool = False
    ) -> ChangeSet:
        """Load facts, decide what a change comes to, and write it: one transaction, one change at a time.

        Raises what `load` and `decide` raise, or the database: then nothing has happened. `decide` must be
        pure: it runs in a thread of the database. One that `is_big` is decided before the transaction begins,
        which then writes what was decided if it finds the same facts: stations wait for the writer.
        """

        def ahead(connection: Connection) -> tuple[T, Planned]:
            facts = load(connection)
            return facts, self._planned(decide(facts))

        async def written() -> Planned:
            seen = await self.database.run_read(ahead) if is_big else None

            def write(connection: Connection) -> Planned:
                facts = load(connection)
                is_same = seen is not None and seen[0] == facts
                planned = seen[1] if seen is not None and is_same else self._planned(decide(facts))
                return self._write(connection, planned)

            return await self.database.run_write(write)

        return await self._in_turn(written)

    async def change_station(
        self, station_id: StationId, decide: Callable[[Device | None, ActivationRun | None], ChangeSet]
    ) -> ChangeSet:
        """The same, of what is stored of one station: its device and its current run."""
        return await self.change(lambda connection: _load(connection, station_id), lambda s: decide(*s))

    async def change_device(
        self,
        station_id: StationId,
        fn: Callable[[Device], Device],
        *,
        cause: str | Act,
        notes: Mapping[NoteTopic, Blocker | None] | None = None,
    ) -> Changed[Device]:
        """Change one device's facts from what is stored at that moment; makes the record if there is none.

        Where somebody does it, the cause is the act, which is kept with it; `notes` are told with it.
        """

        def decide(before: Device | None) -> ChangeSet:
            change = _caused(cause)
            change.put(before, fn(before or Device(station_id)))
            change.note_all(station_id, notes or {})
            return change

        change = await self.change(lambda connection: load_device(connection, station_id), decide)
        return change.devices[station_id]

    async def change_run(
        self,
        station_id: StationId,
        fn: Callable[[ActivationRun], ActivationRun | None],
        *,
        cause: str,
        device: Callable[[Device], Device] = lambda device: device,
        notes: Mapping[NoteTopic, Blocker | None] | None = None,
    ) -> ActivationRun | None:
        """Change a station's current run from what is stored at that moment, and with it its `device`.

        None, and nothing else is changed, where there is no run or `fn` declines.
        """

        def decide(known: Device | None, run: ActivationRun | None) -> ChangeSet:
            after = fn(run) if run is not None and known is not None else None
            change = ChangeSet(cause)
            if after is None or known is None:
                return change
            change.put(known, device(known))
            change.put_run(run, after)
            change.note_all(station_id, notes or {})
            return change

        change = await self.change_station(station_id, decide)
        return change.runs[station_id].after if change.runs else None

    async def note(self, station_id: StationId, topic: NoteTopic, note: Blocker | None) -> None:
        """Tell people something about a station, or take it back."""
        if station_id not in self.devices or self._notes.get(station_id, {}).get(topic) == note:
            return
        await self._publish_statuses(ChangeSet(topic.value, notes={(station_id, topic): note}))

    async def settle(self, stations: Iterable[StationId], cause: str) -> None:
        """Derive the standings anew after something that no table holds: a link came, a test ended."""
        known = [each for each in stations if each in self.devices]
        moved = {each for each in known if self._derive(each) != self._lifecycle_statuses.get(each)}
        if moved:
            await self._publish_statuses(ChangeSet(cause, about=moved))
        for station_id in known:
            if station_id not in moved:
                self._notify(station_id)

    async def _publish_statuses(self, change: ChangeSet) -> None:
        """A change without rows: only what its standings come to is written, if that is anything."""

        async def written() -> Planned:
            planned = self._planned(change)
            if not planned.events and not planned.work:
                return planned
            return await self.database.run_write(lambda connection: self._write(connection, planned))

        await self._in_turn(written)

    async def _in_turn(self, write: Callable[[], Awaitable[Planned]]) -> ChangeSet:
        """Memory follows the disk even where whoever waits for it is cancelled: a station that hangs up while
        it is let in must not leave a secret that is verified on disk only.
        """
        task = self._writes.start(self._done(write))
        change, error = cast("tuple[ChangeSet, Exception | None]", await asyncio.shield(task))
        if error is not None:
            raise error
        return change

    async def _done(
        self, write: Callable[[], Awaitable[Planned]]
    ) -> tuple[ChangeSet | None, Exception | None]:
        async with self._turn:
            try:
                written = await write()
            except Exception as error:  # noqa: BLE001 - handed to whoever asked for the change
                return None, error
            self.apply(written)
            if written.work:
                self.work_enqueued()
            left_behind = await self._publish(written)
        if left_behind:  # a link came or went while it was written: that is a change of its own
            attempted = self.settle(left_behind, "what is true at this moment")
            await survive(attempted, event="standing_not_told")
        return written.change, None

    def _write(self, connection: Connection, planned: Planned) -> Planned:
        """In the writer, all of it."""
        write_change(connection, planned.change)
        record_acts(connection, planned.change.acts)
        record_history(connection, planned.history)
        self.events.write(connection, list(planned.events.values()))
        withdraw_work(connection, planned.change.gone, planned.at, GONE)
        write_work(connection, planned.work)
        if self.ownership is not None:
            self.ownership.forget(connection, sorted(planned.change.gone))
            self.ownership.write(connection, planned.owned, planned.at)
        return planned

    def _planned(self, change: ChangeSet) -> Planned:
        """What is written and told of a change. What it reads of memory stays as it is until that is taken
        over: one change at a time.
        """
        at, moves = self.clock.now(), self._moves(change)
        history = [each.line(at, change.cause) for each in moves if each.is_kept]
        events = {each.station_id: each.event(at, change.cause) for each in moves if each.is_published}
        work = [*change.work, *edges_moved(change.sites, at), *self._work(change, moves, at)]
        owned = owned_after(self, change, moves) if self.ownership is not None else []
        return Planned(change, at, moves, history, events, work, owned)

    def _work(self, change: ChangeSet, moves: Sequence[Move], at: datetime) -> Iterator[WorkRequest]:
        """What the stations need from now on: to be told of their availability, to be activated."""
        for move in moves:
            put, known = change.devices.get(move.station_id), self.devices.get(move.station_id)
            before = self._standpoint(known, NO_CHANGE, move.before) if known is not None else None
            device = put.after if put is not None else known
            if device is not None and move.station_id not in change.gone:
                after = self._standpoint(device, change, move.now)
                needed = availability_work(before, after, at), activation_work(before, after, at)
                yield from (each for each in needed if each is not None)

    def standpoint(self, station_id: StationId) -> Standpoint:
        """What the station's availability follows from at this moment."""
        return self._standpoint(self.devices[station_id], NO_CHANGE, self.lifecycle_status(station_id))

    def _standpoint(
        self, device: Device, change: ChangeSet, lifecycle_status: LifecycleStatus | None
    ) -> Standpoint:
        station_id = device.station_id
        return Standpoint(
            device,
            site_after(self, device, change),
            change.run_of(station_id, self.runs.get(station_id)),
            lifecycle_status.state if lifecycle_status is not None else None,
            is_quiet=change.quiet.get(station_id, self.is_quiet(station_id)),
            may_charge=self.may_charge(station_id),
        )

    def _moves(self, change: ChangeSet) -> list[Move]:
        """What the change makes of the standings."""
        found: list[Move] = []
        for station_id in change.stations:
            put = change.devices.get(station_id)
            device = put.after if put is not None else self.devices.get(station_id)
            if device is not None:
                run = change.run_of(station_id, self.runs.get(station_id))
                live = self._live(station_id, change)
                now = lifecycle_status_of(device, run, live)
                found.append(Move(station_id, self._lifecycle_statuses.get(station_id), now, live))
        return found

    async def _publish(self, written: Planned) -> list[StationId]:
        """Tell the bus and the listeners; the stations that are not any more as it was decided."""
        left_behind: list[StationId] = []
        for station_id in written.change.gone:
            self._notify_gone(station_id)
        async for some in in_slices(written.moves, SLICE):
            self.events.publish([written.events[each.station_id] for each in some if each.is_published])
            for move in some:
                self._notify(move.station_id)
                if self._live(move.station_id) != move.live:
                    left_behind.append(move.station_id)
        return left_behind

    def _notify(self, station_id: StationId) -> None:
        for listener in self.listeners:
            attempt(listener, station_id, event="listener_failed", station_id=station_id)

    def _live(self, station_id: StationId, change: ChangeSet | None = None) -> LiveFacts:
        """What no table holds of the station, after this change."""
        kept, is_quiet = dict(self._notes.get(station_id, {})), self.is_quiet(station_id)
        if change is not None:
            is_quiet = change.quiet.get(station_id, is_quiet)
            written = {topic: note for (noted, topic), note in change.notes.items() if noted == station_id}
            kept = {topic: note for topic, note in (kept | written).items() if note is not None}
        put = change.devices.get(station_id) if change is not None else None
        device = put.after if put is not None else self.devices.get(station_id)
        if device is None:
            return LiveFacts(self.is_online(station_id), is_quiet, kept)
        made = change or NO_CHANGE
        account = account_after(self, device, made)
        site = prepared_after(self, device, made, self.product_named)
        commissioning = self.policy_of(device).commissioning
        return LiveFacts(self.is_online(station_id), is_quiet, kept, account, site, commissioning)

    def checklist(self, station_id: StationId) -> Sequence[CheckedGate]:
        """Every gate that there is for a station that has a device record, and how it stands."""
        facts = facts_of(self.devices[station_id], self.runs.get(station_id), self._live(station_id))
        return [each.at(station_id) for each in checklist(facts)]

    def _derive(self, station_id: StationId) -> LifecycleStatus:
        return lifecycle_status_of(
            self.devices[station_id], self.runs.get(station_id), self._live(station_id)
        )

    def _notify_gone(self, station_id: StationId) -> None:
        for listener in self.gone_listeners:
            attempt(listener, station_id, event="listener_failed", station_id=station_id)


def _load(connection: Connection, station_id: StationId) -> tuple[Device | None, ActivationRun | None]:
    return load_device(connection, station_id), load_run(connection, station_id)


def _caused(cause: str | Act) -> ChangeSet:
    return ChangeSet(cause.cause, acts=[cause]) if isinstance(cause, Act) else ChangeSet(cause)


def is_unauthenticated(device: Device) -> bool:
    """Whether the station proves nothing when it connects."""
    return device.credential.state is not CredentialState.VERIFIED


def mac_names_of(station_id: StationId) -> tuple[str, ...]:
    """The names of a station that is known by nothing but its identity."""
    mac = find_mac(station_id)
    return (mac.hex,) if mac is not None else ()
