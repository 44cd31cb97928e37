"""A database whose every statement fails once after those before it: the first, the second, then the commit.

What a failed transaction leaves behind is compared here: every table, all that provisioning has in memory,
what it answers, and what was told. Whoever tries again gets one statement further, and in the end through.
"""

from collections.abc import Awaitable, Callable
from copy import copy
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Connection, event, select

from csms.domain.station_events import StationEvent
from provisioning.app import Provisioning
from runtime.database import metadata
from tests.support.provisioning import World

T = TypeVar("T")
TRIES_MOST = 200
"""No change has so many statements."""


class StatementFailed(Exception):
    """What the database said to a statement, or to the commit."""


class FailingStatements:
    """Stands in front of `database.run_write` until left.

    `committed` counts transactions, `failed` failures.
    """

    def __init__(self, world: World) -> None:
        self.committed = self.failed = self.sparing = 0
        self.told: list[StationEvent] = []
        self._database, self._provisioning = world.database, world.provisioning
        self._real = world.database.run_write
        self._failed_after: set[tuple[str, ...]] = set()
        world.bus.listen(self.told.append)
        self.heard: list[str] = []
        world.provisioning.station_cache.listeners.append(self.heard.append)
        world.provisioning.station_cache.gone_listeners.append(self.heard.append)

    def __enter__(self) -> Self:
        setattr(self._database, "run_write", self._run_write)  # noqa: B010 - in place of a method
        return self

    def __exit__(self, *_: object) -> None:
        setattr(self._database, "run_write", self._real)  # noqa: B010 - in place of a method

    async def through(self, request: Callable[[], Awaitable[T]]) -> T:
        """What is asked for, again and again until it is granted."""
        for _ in range(TRIES_MOST):
            try:
                return await request()
            except StatementFailed:
                continue
        raise AssertionError("it never comes through")

    def spare(self, port: T) -> T:
        """The same port; what it writes for who calls it comes through."""
        return cast("T", _Spared(port, self))

    async def _run_write(self, fn: Callable[[Connection], T]) -> T:
        if self.sparing:
            return await self._real(fn)
        memory, told = remembered(self._provisioning), (list(self.told), list(self.heard))
        before: dict[str, Any] = {}
        try:
            result = await self._real(lambda connection: self._failing(connection, fn, before))
        except StatementFailed:
            self.failed += 1
            assert await self._database.run_read(all_rows) == before, "a table has changed"
            assert remembered(self._provisioning) == memory, "memory has moved"
            assert (self.told, self.heard) == told, "it was told"
            raise
        self.committed += 1
        return result

    def _failing(self, connection: Connection, fn: Callable[[Connection], T], before: dict[str, Any]) -> T:
        before |= all_rows(connection)
        so_far: tuple[str, ...] = ()

        def reached(statement: str) -> None:
            nonlocal so_far
            so_far += (statement,)
            if so_far not in self._failed_after:
                self._failed_after.add(so_far)
                raise StatementFailed(statement)

        def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            reached(statement)

        event.listen(connection, "before_cursor_execute", executed)
        try:
            result = fn(connection)
        finally:
            event.remove(connection, "before_cursor_execute", executed)
        reached("COMMIT")
        return result


class _Spared:
    """Calls the methods of another one, whose writes come through."""

    def __init__(self, port: object, faults: FailingStatements) -> None:
        self._port, self._faults = port, faults

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        async def call(*arguments: Any) -> Any:
            self._faults.sparing += 1
            try:
                return await method(*arguments)
            finally:
                self._faults.sparing -= 1

        return call


def all_rows(connection: Connection) -> dict[str, list[Any]]:
    """Every row of every table; of PostgreSQL in one statement, for a test asks this a hundred times."""
    if connection.dialect.name == "postgresql":
        parts = [
            f"SELECT '{each.name}', each::text FROM {each.name} AS each" for each in metadata.sorted_tables
        ]
        found: dict[str, list[Any]] = {each.name: [] for each in metadata.sorted_tables}
        for name, row in connection.exec_driver_sql(" UNION ALL ".join(parts)):
            found[name].append(row)
        return {name: sorted(rows) for name, rows in found.items()}
    return {
        table.name: sorted(map(repr, connection.execute(select(table)))) for table in metadata.sorted_tables
    }


def remembered(provisioning: Provisioning) -> dict[str, Any]:
    """All that is known of stations, and what is answered of them."""
    station_cache = provisioning.station_cache
    names = ("devices", "sites", "places", "tariffs", "runs", "quarantined", "states", "blocked")
    kept = ("_names", "_at", "_lifecycle_statuses")
    found = {name: copy(getattr(station_cache, name)) for name in (*names, *kept)}
    found["notes"] = {each: dict(notes) for each, notes in station_cache._notes.items()}
    found["near"] = {shape: set(macs) for shape, macs in station_cache.mac_suggestions._by_shape.items()}
    found["answers"] = {each: provisioning.details.details(each) for each in station_cache.devices}
    return found
