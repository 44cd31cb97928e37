"""The engine of durable work: claims what is due, runs it, stores what came of it, in every process.

::

    engine = WorkEngine(database, clock, node="node-1")
    engine.serve(AVAILABILITY, assert_availability, attempts=8)
    tasks.start(engine.run(), name="work")

Whoever changes something asks for what follows from it in its own transaction (`storage.write_work`) and then
calls `wake`. A run may be repeated: a process can die after the run and before its end is stored. So whoever
does work looks first at what is stored, and does what is left to do.

A piece belongs to a node until its lease is over, which the node puts off as long as it runs. What a node
began and never ended is claimed by another one then, or by the same node as soon as it is back. Clocks of
nodes must agree to within a few seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from runtime.clock import Clock
from runtime.database import Database
from runtime.errors import DatabaseProblem
from runtime.lifecycle import Background
from runtime.surviving import survive
from runtime.wakeup import Wakeup
from runtime.wording import Phrase
from runtime.work.pieces import Piece, WorkFailed, WorkOutcome, WorkRetry
from runtime.work.request import Lane, WorkKind, WorkRequest
from runtime.work.storage import (
    WorkAhead,
    claim_work,
    end_run,
    extend_leases,
    free_leases,
    give_back,
    look_ahead,
    prune_subjects,
    prune_work,
    write_work,
)

log = structlog.get_logger("runtime.work")

T = TypeVar("T")

Worker = Callable[[Piece], Awaitable[WorkOutcome]]
"""Does a piece of work. What it raises counts as a run that did not come through."""
GivenUp = Callable[[Piece, Phrase], Awaitable[None]]
"""Tells people that a piece is given up, and why; whatever it raises, it is."""

LEASE_S = 60.0
"""How long a piece stays with a node that says nothing more: what it began is taken over then."""
RENEW_EVERY_S = 20.0
LOOK_EVERY_S = 30.0
"""What other nodes asked for, and never came to run, is found so late at most."""
LOOK_ALONE_S = 3600.0
"""Where nobody else writes: the wall clock may be set meanwhile."""
AFTER_TROUBLE_S = 5.0
AFTER_RACE_S = 1.0
"""Another node was faster."""
RUNNING_MOST = 500
"""Pieces of each lane that run at once on a node. Most of a run is waiting for a station's answer, so many
cost little; but each asks a station and stores something, so what falls due for a whole fleet is done in
portions.
"""
CLAIMED_AT_ONCE = 64
"""An update for each, in one transaction: the writer has messages of stations waiting meanwhile."""
ENQUEUED_MOST = 20_000
"""Requests that wait to be stored; whoever asks for more has it refused. There are two for each station that
connects, and 10,000 may do so at once.
"""
ATTEMPTS = 8
"""Runs of a piece before it is given up, where its kind says nothing else."""
PRUNED_EVERY = 1000
"""Pieces that end, after which those of all subjects are pruned together. That walks all that are kept, so it
is done seldom: the table is a hundredth longer at most.
"""


@dataclass(frozen=True, slots=True)
class _Served:
    lane: Lane
    work: Worker
    attempts: int
    again_after: timedelta | None
    given_up: GivenUp | None


@dataclass(slots=True)
class _Running:
    piece: Piece
    until: float
    """When the lease is over, by the clock that nobody sets."""
    task: "asyncio.Task[object] | None" = None


class WorkEngine:
    """Runs the work of the kinds that are served here. `node` names this process, over its restarts too;
    where it `is_alone`, no other process shares the database.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        node: str,
        is_alone: bool = False,
    ) -> None:
        self.failures = 0
        """Pieces that were given up since the start."""
        self._database, self._clock, self._node = database, clock, node
        self._look_every_s = LOOK_ALONE_S if is_alone else LOOK_EVERY_S
        self._served: dict[str, _Served] = {}
        self._wakeup = Wakeup(clock)
        self._running: dict[int, _Running] = {}
        self._enqueued: dict[tuple[str, str, str], WorkRequest] = {}
        self._ended: list[tuple[Piece, WorkOutcome]] = []
        self._since_pruned = 0
        self._is_begun = False

    def serve(
        self,
        kind: WorkKind,
        work: Worker,
        *,
        attempts: int = ATTEMPTS,
        again_after: timedelta | None = None,
        given_up: GivenUp | None = None,
    ) -> None:
        """From now on this engine does work of this kind. What its attempts did not bring through it asks for
        anew after `again_after`; of whatever is given up, also for having ended the program each time,
        `given_up` tells people.
        """
        self._served[kind.name] = _Served(kind.lane, work, attempts, again_after, given_up)
        self.wake()

    def wake(self) -> None:
        """Somebody stored a request: look at once."""
        self._wakeup.ring()

    def enqueue(self, request: WorkRequest) -> None:
        """Store a request soon, for what follows from something that is no change of anybody's, such as a new
        link. It is lost if the process ends before: what follows from a change goes into its transaction.
        """
        if len(self._enqueued) >= ENQUEUED_MOST and request.name not in self._enqueued:
            log.error("limit_reached", limit="requests for work that wait to be stored", most=ENQUEUED_MOST)
            return
        self._enqueued[request.name] = request
        self.wake()

    def is_running(self, kind: WorkKind, subject: str) -> bool:
        """Whether a piece of this kind runs here for that subject."""
        return any(
            (each.piece.kind, each.piece.subject) == (kind.name, subject) for each in self._running.values()
        )

    @property
    def running(self) -> int:
        """How many pieces run here."""
        return len(self._running)

    # Life ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until cancelled; what is cut short then is given back, and does not count as a run."""
        tasks = Background("work")
        try:
            while True:
                await self._wakeup.wait(await self._survived_turn(tasks))
        finally:
            await tasks.close()
            await survive(self._leave(), event="work_not_given_back")

    async def _survived_turn(self, tasks: Background) -> float:
        """Whatever it raises, the next one comes."""
        try:
            return await self._turn(tasks)
        except DatabaseProblem as problem:
            log.error("work_not_stored", error=str(problem))  # noqa: TRY400 - no cause to show
        except Exception:
            log.exception("work_not_done")
        self._cancel_lost()
        return AFTER_TROUBLE_S

    async def _leave(self) -> None:
        await self._store()
        await self._write(lambda connection: give_back(connection, self._node, self._now))

    async def _turn(self, tasks: Background) -> float:
        """Store what ended and what was asked for, claim what is due; how long to wait then."""
        if not self._is_begun:
            await self._write(lambda connection: free_leases(connection, self._node, self._now))
            self._is_begun = True
        await self._store()
        await self._renew()
        is_beaten = False
        while (ahead := await self._look()).is_due and not is_beaten:
            is_beaten = not await self._claim(tasks)
        if self._ended or self._enqueued:
            return 0.0
        if is_beaten:
            return AFTER_RACE_S
        wait_s = RENEW_EVERY_S if self._running else self._look_every_s
        if ahead.next_at is not None:
            wait_s = min(wait_s, (ahead.next_at - self._now).total_seconds())
        return max(wait_s, 0.0)

    async def _look(self) -> WorkAhead:
        kinds, now = self._kinds_with_room, self._now
        return await self._database.run_read(lambda connection: look_ahead(connection, kinds, now))

    # Claiming -----------------------------------------------------------------------------------------

    async def _claim(self, tasks: Background) -> bool:
        """Begin what is due; False where other nodes were faster."""
        now, kinds, leased_until = self._now, self._kinds_with_room, self._lease_end
        until = now + timedelta(seconds=LEASE_S)
        most = min([CLAIMED_AT_ONCE, *(self._room(self._served[each].lane) for each in kinds)])

        def claim(connection: Connection) -> list[Piece]:
            return claim_work(connection, kinds, self._node, now, until=until, most=most)

        try:
            claimed = await self._write(claim)
        except IntegrityError:
            return False
        for piece in claimed:
            running = self._running[piece.work_id] = _Running(piece, leased_until)
            running.task = tasks.start(self._run(piece), name=f"{piece.kind} {piece.subject}")
        return bool(claimed)

    @property
    def _kinds_with_room(self) -> list[str]:
        return [kind for kind, served in self._served.items() if self._room(served.lane) > 0]

    def _room(self, lane: Lane) -> int:
        """How many more pieces of a lane may run here."""
        return RUNNING_MOST - sum(each.piece.lane is lane for each in self._running.values())

    async def _run(self, piece: Piece) -> None:
        served = self._served[piece.kind]
        try:
            outcome = await self._outcome(served, piece)
        finally:
            # Whoever asks from here on asks for a piece of its own: this one looks at nothing any more.
            self._running.pop(piece.work_id, None)
        if isinstance(outcome, WorkRetry) and piece.attempt >= served.attempts:
            outcome = self._given_up(piece, outcome)
        await self._report_given_up(piece, outcome)
        self._ended.append((piece, outcome))
        self.wake()

    def _given_up(self, piece: Piece, last: WorkRetry) -> WorkFailed:
        now, pause = self._now, self._served[piece.kind].again_after
        then = (piece.again(now, now + pause),) if pause is not None else ()
        return WorkFailed(last.reason, last.evidence, then)

    async def _report_given_up(self, piece: Piece, outcome: WorkOutcome) -> None:
        given_up = self._served[piece.kind].given_up
        if isinstance(outcome, WorkFailed) and given_up is not None:
            which = {"kind": piece.kind, "subject": piece.subject}
            await survive(given_up(piece, outcome.reason), event="given_up_not_told", **which)

    async def _outcome(self, served: _Served, piece: Piece) -> WorkOutcome:
        if piece.attempt > served.attempts:
            return WorkFailed(
                Phrase(
                    f"le programme s'est arrêté pendant chacun de ses {served.attempts} essais",
                    f"the program ended during each of its {served.attempts} runs",
                )
            )
        try:
            return await served.work(piece)
        except Exception as error:
            log.exception("work_raised", kind=piece.kind, subject=piece.subject, work_id=piece.work_id)
            return WorkRetry(Phrase(f"erreur du programme : {error!r}", f"error of the program: {error!r}"))

    # Leases -------------------------------------------------------------------------------------------

    async def _renew(self) -> None:
        """Put off the end of the leases, in time; what is not ours any more is stopped."""
        renewed = self._lease_end
        ours = [key for key, each in self._running.items() if each.until <= renewed - RENEW_EVERY_S / 2]
        if not ours:
            return
        until = self._now + timedelta(seconds=LEASE_S)
        still = await self._write(lambda connection: extend_leases(connection, self._node, ours, until))
        for work_id in ours:
            if work_id not in still:
                self._cancel(work_id)
            elif work_id in self._running:
                self._running[work_id].until = renewed

    def _cancel_lost(self) -> None:
        """The database cannot be reached: another node may have what this one could not put off."""
        now = self._clock.monotonic()
        for work_id in [key for key, each in self._running.items() if each.until <= now]:
            self._cancel(work_id)

    def _cancel(self, work_id: int) -> None:
        running = self._running.pop(work_id, None)
        if running is not None and running.task is not None:
            log.warning("work_lost", kind=running.piece.kind, subject=running.piece.subject, work_id=work_id)
            running.task.cancel()

    # Storing ------------------------------------------------------------------------------------------

    async def _store(self) -> None:
        """What was asked for and what ended, in one transaction; where that fails, each alone."""
        enqueued, ended = self._enqueued, self._ended
        if not enqueued and not ended:
            return
        self._enqueued, self._ended = {}, []
        try:
            await self._write_all(list(enqueued.values()), ended)
        except (
            DatabaseProblem,
            asyncio.CancelledError,
        ):  # a stop: `_leave` stores them, or finds them stored
            self._enqueued, self._ended = enqueued | self._enqueued, ended + self._ended
            raise
        except Exception as error:  # noqa: BLE001 - whatever one of them did, the others are stored
            log.warning("work_batch_failed", pieces=len(ended), error=repr(error))
            await self._store_each(list(enqueued.values()), ended)

    async def _store_each(self, enqueued: list[WorkRequest], ended: list[tuple[Piece, WorkOutcome]]) -> None:
        for request in enqueued:
            await survive(self._write_all([request], []), event="work_not_asked", subject=request.subject)
        for piece, outcome in ended:
            try:
                await self._write_all([], [(piece, outcome)])
            except Exception as error:
                log.exception("work_end_not_stored", kind=piece.kind, subject=piece.subject)
                reason = Phrase(f"fin non enregistrée : {error!r}", f"end not stored: {error!r}")
                failed = self._given_up(piece, WorkRetry(reason))
                await self._report_given_up(piece, failed)
                await survive(self._write_all([], [(piece, failed)]), event="work_end_not_stored")

    async def _write_all(self, enqueued: list[WorkRequest], ended: list[tuple[Piece, WorkOutcome]]) -> None:
        now = self._now
        is_many = self._since_pruned + len(ended) >= PRUNED_EVERY

        def write(connection: Connection) -> list[bool]:
            write_work(connection, enqueued)
            stored = [end_run(connection, piece, outcome, now) for piece, outcome in ended]
            prune_subjects(connection, [piece.subject for piece, _ in ended])
            if is_many:
                prune_work(connection)
            return stored

        stored = await self._write(write)
        self._since_pruned = 0 if is_many else self._since_pruned + len(ended)
        for (piece, outcome), is_stored in zip(ended, stored, strict=True):
            self._report(piece, outcome, is_stored=is_stored)

    def _report(self, piece: Piece, outcome: WorkOutcome, *, is_stored: bool) -> None:
        which = {"kind": piece.kind, "subject": piece.subject, "work_id": piece.work_id}
        if not is_stored:
            log.warning("work_lost", **which)
        elif isinstance(outcome, WorkFailed):
            self.failures += 1
            log.error("work_failed", **which, attempt=piece.attempt, reason=outcome.reason.en)

    @property
    def _lease_end(self) -> float:
        return self._clock.monotonic() + LEASE_S

    @property
    def _now(self) -> datetime:
        return self._clock.now()

    async def _write(self, fn: Callable[[Connection], T]) -> T:
        return await self._database.run_write(fn)
