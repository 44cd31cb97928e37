"""Durable work in tests: an engine on a clock set by hand, what it was given, and what is stored."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from runtime.clock import ManualClock, settle
from runtime.database import Database
from runtime.lifecycle import Background
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkOutcome
from runtime.work.request import Lane, WorkKind, WorkRequest
from runtime.work.storage import find_work, write_work

SWEEP = WorkKind("sweep", Lane.CONFIGURATION)
FETCH = WorkKind("fetch", Lane.ACTIVATION)
ROUNDS = 100


class Bench:
    """An engine, and what it did. `answer` decides what a run comes to."""

    def __init__(
        self, database: Database, clock: ManualClock, *, node: str = "one", attempts: int = 3
    ) -> None:
        self.database, self.clock = database, clock
        self.ran: list[Piece] = []
        self.answer: Callable[[Piece], Awaitable[WorkOutcome]] = done
        self.engine = WorkEngine(database, clock, node=node)
        for kind in (SWEEP, FETCH):
            self.engine.serve(kind, self._work, attempts=attempts)

    async def _work(self, piece: Piece) -> WorkOutcome:
        self.ran.append(piece)
        return await self.answer(piece)

    async def enqueue(self, *requests: WorkRequest) -> None:
        """In a transaction of their own, as a change does it."""
        await self.store(*requests)
        await settle(ROUNDS)

    async def store(self, *requests: WorkRequest) -> None:
        """The same, and nobody waits."""
        await self.database.run_write(lambda connection: write_work(connection, requests))
        self.engine.wake()

    async def passes(self, seconds: float) -> None:
        """Time goes by; whoever is due runs to the end."""
        await settle(ROUNDS)
        until = self.clock.monotonic() + seconds
        while (timers := self.clock._timers) and timers[0][0] <= until:
            await self.clock.advance(timers[0][0] - self.clock.monotonic())
            await settle(ROUNDS)
        await self.clock.advance(until - self.clock.monotonic())

    async def stored(self) -> list[Piece]:
        """All pieces, the oldest first."""
        return list(reversed(await self.database.run_read(find_work)))

    async def states(self) -> list[str]:
        """How each stands."""
        return [each.state.value for each in await self.stored()]


async def done(piece: Piece) -> WorkOutcome:
    """The usual."""
    return WorkDone("swept")


@asynccontextmanager
async def working(*benches: Bench | WorkEngine) -> AsyncIterator[None]:
    """The engines run until leaving."""
    async with Background("test") as tasks:
        for bench in benches:
            tasks.start((bench.engine if isinstance(bench, Bench) else bench).run())
        await settle(ROUNDS)
        yield
