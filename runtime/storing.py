"""Whether what is written is kept: the last refusal of the database, and a probe that ends it.

A disk that is full refuses the long write and may still take a short one, so one success proves nothing: a
failure ends when the probe, which takes as much room as a busy second does, was written and committed.
"""

import asyncio
from collections.abc import Callable

from runtime.clock import Clock
from runtime.database import Database
from runtime.errors import (
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseProblem,
    DatabaseRefused,
    DatabaseUnreachable,
)
from runtime.logs import get_logger
from runtime.wording import Phrase

PROBE_EVERY_S = 1.0

log = get_logger("runtime.storing")


class StoringHealth:
    """Listens to the database from its making on; `run()` in a task ends a failure."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.trouble: Phrase | None = None
        """Why nothing can be stored now, in words that name no path: whoever asks need not be known."""
        self.failures = 0
        """Writes that were refused since the start."""
        self.on_recovered: Callable[[], None] = lambda: None
        """Called when it was proved that there is room again."""
        self._database, self._clock = database, clock
        self._failed = asyncio.Event()
        database.on_problem = self._met

    async def run(self) -> None:
        """Probe while there is trouble, until cancelled."""
        while True:
            await self._failed.wait()
            await self._clock.sleep(PROBE_EVERY_S)
            try:
                await self._database.probe()
            except DatabaseProblem:
                continue
            self._failed.clear()
            self.trouble = None
            log.warning("storing_works_again")
            self.on_recovered()

    def _met(self, problem: DatabaseProblem) -> None:
        self.failures += 1
        if self.trouble is None:
            log.error("storing_fails", error=str(problem))
        self.trouble = words_for(problem)
        self._failed.set()


def words_for(problem: DatabaseProblem) -> Phrase:
    """What is wrong, for anybody."""
    match problem:
        case DatabaseLocked():
            return Phrase(
                "La base de données est tenue par un autre programme.",
                "The database is held by another program.",
            )
        case DatabaseDamaged():
            return Phrase("La base de données est endommagée.", "The database is damaged.")
        case DatabaseUnreachable() | DatabaseRefused() | DatabaseMissing():
            return Phrase(
                "Le serveur de la base de données ne répond pas, ou refuse.",
                "The database server does not answer, or refuses.",
            )
        case _:
            return Phrase(
                "On ne peut pas écrire dans la base de données : le disque est plein, ou il refuse.",
                "The database cannot be written: the disk is full, or it refuses.",
            )
