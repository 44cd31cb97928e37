"""A message writer on a real database, and a database that can be made to refuse."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from csms.central.central import Central
from csms.domain.inbound import Inbound
from csms.domain.station_events import StationEvent
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from runtime.clock import Clock, ManualClock
from runtime.database import Database
from runtime.errors import DatabaseUnwritable
from runtime.events import EventBus, Subscription
from tests.support.inbound import ACCEPTED, inbound, start16
from tests.support.tables import compile_once, open_tables
from tests.support.waiting import PATIENCE_S

T = TypeVar("T")
WITHIN_S = PATIENCE_S


class StubbornDisk:
    """Wraps a database: while `is_full`, every transaction is rolled back and reported as a full disk does.

    `pause` holds transactions back until `go_on`, so that a test can let a queue grow.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_full = False
        self.writes = 0
        self._free = asyncio.Event()
        self._free.set()

    def pause(self) -> None:
        """The disk hangs."""
        self._free.clear()

    def go_on(self) -> None:
        """It is back."""
        self._free.set()

    async def run_write(self, fn: Callable[[Connection], T]) -> T:
        """As the database does, or as a full disk does."""
        await self._free.wait()
        self.writes += 1

        def refused(connection: Connection) -> T:
            result = fn(connection)
            if self.is_full:
                raise DatabaseUnwritable("Cannot write: database or disk is full")
            return result

        return await self._database.run_write(refused)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


@dataclass
class Desk:
    """A central half with what a test needs around it."""

    central: Central
    disk: StubbornDisk
    bus: EventBus[StationEvent]
    events: Subscription[StationEvent]

    def submit(
        self, event: StationMessage, message_id: str = "m1", proposal: Reply | None = None, **more: Any
    ) -> asyncio.Future[Reply]:
        """A message on its way."""
        if proposal is None and isinstance(event, TransactionEvent):
            proposal = TransactionEventResponse(event.transaction_id or "")
        message = self.message(event, message_id, **more)
        return self.central.message_store.submit(message, proposal or Acknowledged())

    def start(self, message_id: str = "m1", **more: Any) -> asyncio.Future[Reply]:
        """A 1.6 start on its way."""
        return self.submit(start16(**more), message_id, TransactionEventResponse("", ACCEPTED))

    def message(self, event: StationMessage, message_id: str, **more: Any) -> Inbound:
        """A message of cp1."""
        return inbound(event, message_id, **more)

    async def column(self, query: str) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in await self.disk.fetch_all(text(query))]

    def told(self) -> list[str]:
        """The names of the news that were published since the last look."""
        return [each.event for each in self.events.pending()]


@asynccontextmanager
async def desk(
    place: Path | str,
    *,
    has_outbox: bool = False,
    clock: Clock | None = None,
    work_enqueued: Callable[[], None] = lambda: None,
) -> AsyncIterator[Desk]:
    """An open central half on a file, or on a PostgreSQL with all tables at this URL."""
    opening = open_tables(place) if isinstance(place, Path) else Database.open(place, migrations=None)
    database = await opening
    compile_once(database)
    disk = StubbornDisk(database)
    bus: EventBus[StationEvent] = EventBus()
    events = bus.subscribe()
    try:
        opened = await Central.open(
            disk,  # type: ignore[arg-type] # a database in all that is used of it
            clock=clock or ManualClock(),
            bus=bus,
            has_outbox=has_outbox,
            work_enqueued=work_enqueued,
        )
        async with opened as central:
            yield Desk(central, disk, bus, events)
    finally:
        await database.close()


def copy_as_if_killed(path: Path, to: Path) -> None:
    """The file and its write-ahead log as they are on disk now: what a process that is killed leaves."""
    for suffix in ("", "-wal"):
        source = Path(f"{path}{suffix}")
        if source.exists():
            Path(f"{to}{suffix}").write_bytes(source.read_bytes())


def rows_of(path: Path, query: str) -> list[tuple[Any, ...]]:
    """A query on a closed file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
