"""One hour of a world: fifty stations of three versions, one server, seeded cuts and kills.

    outcome = play(seed, folder)
    outcome.broken        # which invariants do not hold, in words; empty where all is well
    outcome.trace         # every frame, commit, cut and kill with its virtual time

The same seed gives the same trace, byte for byte.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from csms.domain.commands import CommandOutcome
from ocppj.aio.limits import Limits
from ocppj.aio.watch import Watch
from ocppj.model.authorization import ClearCache
from ocppj.vocabulary import StationId
from runtime.chance import SeededChance
from simulator.errors import NotPossibleError, WaitTimeoutError
from simulator.model.stored_state import StateFile
from simulator.model.template import StationIdentity, StationTemplate, identify
from simulator.station.station import Station
from tests.simulation.books import Books, broken_invariants
from tests.simulation.boxes import Box
from tests.simulation.loop import Process, VirtualClock, VirtualLoop, run_virtual
from tests.simulation.network import Network
from tests.simulation.server import BETWEEN, POINTS, Server, watched_batches
from tests.simulation.wiretap import Trace, Wiretap
from tests.support.simulated import changed_template

TEMPLATES = ("ac-16", "ac-201")
BOX_VERSIONS = ("1.6", "2.0.1", "2.1")
ERRORS = ("error", "critical", "exception")
TOKEN = "SIMULATED"
CUTS = ("is cut", "is swallowed by a hole", "hears nothing any more")
CRASH = "loses its power"
LOOK_EVERY_S = 30.0
CHARGES_S = 150.0
"""Who has said something about a transaction so lately has more to say."""
QUIET_S = {"SampledDataCtrlr.TxUpdatedInterval": "120"}
"""A meter value every two minutes: more would say nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How much happens."""

    simulated: int = 32
    boxes: int = 18
    seconds: float = 3600.0
    rest_s: float = 420.0
    """So much of it, at the end, is without cuts and kills: whatever waits is told until then."""
    cuts: int = 12
    kills: int = 4
    crashes: int = 3
    """Simulated stations that lose their power without a word, and come back with what they had stored."""


@dataclass(slots=True)
class Outcome:
    """What a seed came to."""

    seed: int
    trace: str
    broken: list[str]
    kills: int
    cuts: int
    crashes: int
    books: Books = field(repr=False)


def play(seed: int, folder: Path, world: World | None = None) -> Outcome:
    """One seed, from beginning to end. `folder` is empty, and better in memory than on a disk."""

    async def main(loop: VirtualLoop) -> Outcome:
        story = _Story(seed, folder, loop, world or World())
        with watched_batches(lambda: story.server), capture_logs() as logs:
            return await story.play(logs)

    return run_virtual(main)


class _Story:
    def __init__(self, seed: int, folder: Path, loop: VirtualLoop, world: World) -> None:
        self._seed = seed
        self._world = world
        self._clock = VirtualClock(loop)
        self._chance = SeededChance(seed)
        self._trace = Trace(loop.time)
        self._network = Network(lambda: self._chance.uniform(0.005, 0.2))
        self._tap = Wiretap(self._network, self._trace, loop.time)
        self.server = Server(
            folder, self._network, self._tap, self._trace, self._clock, SeededChance(seed + 1)
        )
        self._folder = folder
        self._stations = Process("stations")
        self._lives: dict[str, Process] = {}
        """Of each simulated station the one that it lives now."""
        self._former: list[Process] = []
        self._crashed: dict[str, asyncio.Event] = {}
        self._outcomes: list[CommandOutcome] = []
        self._busy_s = self._world.seconds - self._world.rest_s
        self._cuts = self._kills = self._crashes = 0
        self._missed: dict[str, str] = {}

    async def play(self, logs: list[MutableMapping[str, Any]]) -> Outcome:
        """All of it."""
        self._trace.note("world", f"seed {self._seed}, {self._world}")
        await self.server.start()
        self._start_stations()
        async with asyncio.TaskGroup() as world:
            keeper = world.create_task(self._keep_running())
            for _ in range(self._world.cuts):
                world.create_task(self._at_some_time(self._cut))
            for _ in range(self._world.crashes):
                world.create_task(self._at_some_time(self._crash))
            world.create_task(self._kill_now_and_then())
            world.create_task(self._ask_stations())
            lookout = world.create_task(self._look_who_is_there())
            await asyncio.sleep(self._world.seconds)
            keeper.cancel()
            lookout.cancel()
        books = Books(self._tap, self.server, self._network, self._outcomes)
        errors = [f"an error in the log: {line}" for line in logs if line["log_level"] in ERRORS]
        broken = [*broken_invariants(books), *self._missed.values(), *errors]
        trace = self._trace.text
        for process in (self._stations, *self._former, *self._lives.values()):
            await process.bury()
        await self.server.bury()
        return Outcome(self._seed, trace, broken, self._kills, self._cuts, self._crashes, books)

    # Who lives there ----------------------------------------------------------------------------------

    def _start_stations(self) -> None:
        templates = [changed_template(name, variables=QUIET_S) for name in TEMPLATES]
        for number in range(self._world.simulated):
            kind = templates[number % len(templates)]
            name = f"S{number:02d}"
            identity = identify(kind, mac=f"02:B0:16:00:00:{number:02X}", station_id=name)
            self._stations.start(self._live(kind, identity), name)
        for number in range(self._world.boxes):
            version = BOX_VERSIONS[number % len(BOX_VERSIONS)]
            box = Box(
                f"B{number:02d}",
                version,
                self._stations,
                self._network,
                self._chance,
                retries_anew=number % 2 == 0,
            )
            box.start(self._busy_s - 600.0)

    async def _live(self, kind: StationTemplate, identity: StationIdentity) -> None:
        """From one crash to the next: what is not on its disk is forgotten."""
        name = identity.station_id
        crashed = self._crashed[name] = asyncio.Event()
        await self._clock.sleep(self._chance.uniform(0.0, 20.0))
        while True:
            life = self._lives[name] = Process(name)
            life.start(self._power_on(kind, identity, life))
            await crashed.wait()
            crashed.clear()
            self._former.append(life)
            await self._clock.sleep(self._chance.uniform(2.0, 60.0))

    async def _power_on(self, kind: StationTemplate, identity: StationIdentity, life: Process) -> None:
        watch = Watch(Limits(ping_every_s=None, silent_after_s=250.0, sweep_every_s=5.0), self._clock)
        station = Station(
            kind,
            identity,
            url="ws://csms:9000/ocpp",
            clock=self._clock,
            chance=self._chance,
            state_file=StateFile(self._folder / f"{identity.station_id}.json"),
            frames_kept=0,
            watch=watch,
            dial=lambda factory, _host, _port: self._network.dial(life, factory),
        )
        life.start(self._cars(station), "cars")
        await station.run()

    async def _cars(self, station: Station) -> None:
        """One after the other; the last one leaves before the end."""
        await self._clock.sleep(self._chance.uniform(60.0, 1800.0))
        while self._clock.monotonic() < self._busy_s - 500.0:
            try:
                await station.wait_until(lambda now: now.is_accepted, 3600.0)
                await self._visit(station)
            except (NotPossibleError, WaitTimeoutError) as trouble:
                self._trace.note(station.station_id, f"a car goes on: {trouble}")
            await self._clock.sleep(self._chance.uniform(600.0, 1500.0))

    async def _visit(self, station: Station) -> None:
        evse_id = self._chance.integer(1, len(station.template.evses))
        station.plug(evse_id)
        await self._clock.sleep(2.0)
        await station.present(TOKEN, evse_id)
        await self._clock.sleep(self._chance.uniform(60.0, 480.0))
        station.unplug(evse_id)

    async def _ask_stations(self) -> None:
        """Somebody asks something of some station, again and again; how it ends is written down."""
        while self._clock.monotonic() < self._busy_s:
            await self._clock.sleep(self._chance.uniform(20.0, 100.0))
            process, side = self.server.process, self.server.side
            if process is None or side is None or not process.is_alive:
                continue
            number = self._chance.integer(0, self._world.simulated - 1)
            name = StationId(f"s{number:02d}")

            async def ask(send: Callable[..., Awaitable[CommandOutcome]], name: StationId) -> None:
                self._outcomes.append(await send(name, ClearCache(), timeout_s=30.0, origin="api"))

            process.start(ask(side.gateway.send, name), "somebody")

    async def _look_who_is_there(self) -> None:
        """I6 all along: whose link has been up for a while is called connected in the database too."""
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            process, side = self.server.process, self.server.side
            if process is None or side is None or not process.is_alive:
                continue
            settled_at = self._clock.now() - timedelta(seconds=LOOK_EVERY_S / 2)
            up = {str(link.station_id) for link in side.gateway.links() if link.connected_at < settled_at}
            for name in sorted(up - self.server.stations_up()):
                text = f"I6 {name} is connected, and not by the database"
                self._missed.setdefault(name, f"{text} at {self._clock.monotonic():.0f} s")

    # What goes wrong ----------------------------------------------------------------------------------

    async def _at_some_time(self, disturb: Callable[[], Awaitable[None]]) -> None:
        await self._clock.sleep(self._chance.uniform(60.0, self._busy_s))
        await disturb()

    async def _cut(self) -> None:
        """A connection is cut, or swallows everything until its ends notice, or only what the server says.

        Preferably where somebody charges: elsewhere there is little to be lost.
        """
        pipes = [pipe for pipe in self._network.pipes.values() if pipe.is_well]
        lately_s = self._clock.monotonic() - CHARGES_S
        busy = [pipe for pipe in pipes if self._tap.billed_at.get(pipe.number, 0.0) > lately_s]
        chosen = busy if busy and self._chance.integer(0, 3) else pipes
        if not chosen:
            return
        pipe = chosen[self._chance.integer(0, len(chosen) - 1)]
        station = self._tap.stations.get(pipe.number, "?")
        self._cuts += 1
        how = self._chance.integer(0, 2)
        self._trace.note(station, f"{CUTS[how]}, connection {pipe.number}")
        match how:
            case 0:
                pipe.reset()
            case 1:
                pipe.is_black = True
            case _:
                pipe.is_deaf = True

    async def _crash(self) -> None:
        """A simulated station loses its power; preferably where somebody charges."""
        alive = {name: life for name, life in self._lives.items() if life.is_alive}
        lately_s = self._clock.monotonic() - CHARGES_S
        charging = {
            self._tap.stations.get(number)
            for number, at in self._tap.billed_at.items()
            if at > lately_s and number in self._network.pipes
        }
        chosen = sorted(alive.keys() & charging) or sorted(alive)
        if not chosen:
            return
        name = chosen[self._chance.integer(0, len(chosen) - 1)]
        self._crashes += 1
        self._trace.note(name, CRASH)
        alive[name].kill()
        self._network.station_died(alive[name])
        self._crashed[name].set()

    async def _kill_now_and_then(self) -> None:
        """Every other kill is between commit and answer, the others anywhere."""
        span = (self._busy_s - 300.0) / self._world.kills
        for number in range(self._world.kills):
            at = 120.0 + span * number + self._chance.uniform(0.0, span)
            await self._clock.sleep(max(0.0, at - self._clock.monotonic()))
            self.server.arm(POINTS[self._chance.integer(0, 2)] if number % 2 else BETWEEN)

    async def _keep_running(self) -> None:
        """Whoever looks after the server starts it again."""
        while True:
            await self.server.died.wait()
            self._kills += 1
            await self._clock.sleep(self._chance.uniform(1.0, 20.0))
            self.server.leave()
            await self.server.start()
