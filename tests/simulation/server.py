"""The server of the simulation: the product's own wiring on inline threads, killed at planned points.

A kill leaves what the disk has: the database file with its write-ahead log, as it is at that moment. The next
server opens a copy of it, so that nothing can be written any more by what was killed.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from sqlalchemy import Connection

from borne.app import StationSide, station_side
from borne.descriptors import connection_limits
from borne.settings import ServerSettings
from csms.central.batch import BatchWriter, Written
from csms.central.write_requests import WriteRequest
from csms.domain.inbound import Inbound
from runtime.chance import Chance
from runtime.mqtt import OutboxMessage
from runtime.threads import AtOnce, Inline
from tests.simulation.loop import Process, VirtualClock
from tests.simulation.network import Network
from tests.simulation.wiretap import Message, Trace, Wiretap
from tests.support.tables import put_tables

T = TypeVar("T")
P = ParamSpec("P")

UP = "SELECT station_id FROM links WHERE disconnected_at IS NULL"
SWEEP_EVERY_S = 5.0
BEFORE, BETWEEN, AFTER = "before the commit", "between commit and answer", "after the answer"
POINTS = (BEFORE, BETWEEN, AFTER)
BROKER_EVERY_S = 60.0
"""A slow broker, so that there is always something in the outbox that a kill could lose."""


class _Killed(Exception):
    """Raised in a transaction whose process dies."""


class Server:
    """The server, from one kill to the next. `published` is what the broker has, over all its lives."""

    def __init__(
        self, folder: Path, network: Network, tap: Wiretap, trace: Trace, clock: VirtualClock, chance: Chance
    ) -> None:
        self.died = asyncio.Event()
        self.published: list[OutboxMessage] = []
        self.lives = 0
        self.side: StationSide | None = None
        self.process: Process | None = None
        self._dead: list[Process] = []
        self._folder = folder
        self._network = network
        self._trace = trace
        self._clock = clock
        self._chance = chance
        self._armed: str | None = None
        self._batch: tuple[str, ...] = ()
        self._doomed: tuple[str, ...] = ()
        self._tap = tap
        tap.answering = self._answering
        put_tables(self.path)

    @property
    def path(self) -> Path:
        """The database of this life."""
        return self._folder / str(self.lives) / "borne.db"

    # Life ---------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start it on what the last one left; return when it takes connections."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.process = Process(f"csms{self.lives}")
        self.process.start(self._run(self.process, ready))
        await ready
        self._trace.note("csms", f"is up, life {self.lives}")

    async def _run(self, process: Process, ready: "asyncio.Future[None]") -> None:
        settings = ServerSettings(
            var=self.path.parent,
            unknown="accept",
            heartbeat_interval_s=900,
            ping_interval_s=120,
            silent_after_s=250,
        )
        threads = _Threads(self, process)
        try:
            async with station_side(
                settings, clock=self._clock, chance=self._chance, threads=threads, has_outbox=True
            ) as side:
                self.side = side
                side.tasks.start(self._publish(side), name="publisher")
                self._network.listen(process, side.ocpp.protocol)
                ready.set_result(None)
                await asyncio.Event().wait()
        except Exception as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    async def _publish(self, side: StationSide) -> None:
        """The publisher with a broker that takes everything, slowly."""
        outbox = side.store.central.outbox
        while True:
            batch = await outbox.next_batch(1000)
            self.published.extend(batch)
            await outbox.delivered([each.id for each in batch])
            await self._clock.sleep(BROKER_EVERY_S)

    def arm(self, point: str) -> None:
        """Kill it at the next transaction message, at this point."""
        self._armed = point

    def kill(self, why: str) -> None:
        """Nothing of it runs any more. The network closes its connections behind it."""
        if self.process is None or not self.process.is_alive:
            return
        self._armed, self._doomed = None, ()
        self._trace.note("csms", f"is killed {why}")
        self.process.kill()
        self._dead.append(self.process)
        self._network.server_died()
        self.died.set()

    def leave(self) -> None:
        """What the disk has becomes the next life's."""
        before = self.path.parent
        self.lives += 1
        shutil.copytree(before, self.path.parent, ignore=shutil.ignore_patterns("*.lock", "*-shm"))
        self.died.clear()

    async def bury(self) -> None:
        """Let all lives end, and no more of them are taken."""
        self._armed, self._doomed = None, ()
        for process in self._dead:
            await process.bury()
        if self.process is not None and self.process.is_alive:
            await self.process.bury()

    def stations_up(self) -> set[str]:
        """Who is connected, by the database."""
        with closing(sqlite3.connect(self.path)) as database:
            return {name for (name,) in database.execute(UP)}

    # Where it dies ------------------------------------------------------------------------------------

    def wrote(self, jobs: Sequence[WriteRequest]) -> None:
        """The writer has executed all statements of a batch, and has not committed."""
        self._batch = tuple(
            f"{job.subject.station_id} {job.subject.message_id}"
            for job in jobs
            if isinstance(job.subject, Inbound)
            and (job.subject.station_id, job.subject.message_id) in self._tap.billing
        )
        if self._batch and self._armed == BEFORE:
            self.kill(f"{BEFORE} of {', '.join(self._batch)}")
            raise _Killed

    def transact(self, work: Callable[[], T]) -> T:
        """One transaction of the writer's thread. Raises _Killed."""
        self._batch = ()
        result = work()
        if self._batch:
            self._trace.note("csms", f"commits {', '.join(self._batch)}")
            if self._armed == BETWEEN:
                self.kill(f"{BETWEEN} of {', '.join(self._batch)}")
                raise _Killed
            if self._armed == AFTER:
                self._doomed = self._batch
        return result

    def _answering(self, message: Message) -> None:
        if f"{message.station.lower()} {message.message_id}" in self._doomed:
            self.kill(f"{AFTER} to {message.station} {message.message_id}")


class _Threads(Inline):
    """Inline, and the database's writer dies with its process."""

    def __init__(self, server: Server, process: Process) -> None:
        self._server = server
        self._process = process

    def __call__(self, name: str) -> Executor:
        """What does it at once."""
        return _Writer(self._server, self._process) if name == "database-writer" else AtOnce()


class _Writer(AtOnce):
    def __init__(self, server: Server, process: Process) -> None:
        self._server = server
        self._process = process

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A future that never comes is what a process that died has of its transaction."""
        if not self._process.is_alive:
            return Future()
        done = super().submit(self._server.transact, lambda: fn(*args, **kwargs))
        return Future() if isinstance(done.exception(), _Killed) else done


@contextmanager
def watched_batches(server: Callable[[], Server]) -> Iterator[None]:
    """Tell the server of each batch that its writer has written, before the commit; and look at deadlines
    every five seconds: an hour of looking every second is a third of all the work.
    """
    write = BatchWriter.write

    def watched(self: BatchWriter, connection: Connection, write_requests: Sequence[WriteRequest]) -> Written:
        written = write(self, connection, write_requests)
        server().wrote(write_requests)
        return written

    seldom = partial(replace, sweep_every_s=SWEEP_EVERY_S)
    limits = lambda settings: seldom(connection_limits(settings))  # noqa: E731 - one line, one patch
    with patch.object(BatchWriter, "write", watched), patch("borne.app.connection_limits", limits):
        yield
