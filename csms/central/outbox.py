"""The outbox: news in the database until the broker has them."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from sqlalchemy import Connection

from csms.central.pruning import PRUNED_EVERY
from csms.domain.station_events import StationEvent
from csms.storage import outbox as storage
from csms.storage.pruning import prune_outbox
from runtime.database import Database
from runtime.events import EventBus
from runtime.mqtt import OutboxMessage

TOPIC = "borne/v1/stations/{station_id}/events/{event}"
_PLAIN_IN_TOPICS = "*-_=:|@."  # of the characters of an identity all but `+`, which is MQTT's own


def topic_of(station_id: str, event: str) -> str:
    """The topic; what MQTT reads as structure (`+`, `#`, `/`, `$`, `%`) stands there percent-encoded."""
    return TOPIC.format(station_id=quote(station_id, safe=_PLAIN_IN_TOPICS), event=event)


class Outbox:
    """Implements `runtime.mqtt.OutboxSource`. `wake` it when rows were committed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._arrived = asyncio.Event()

    def wake(self) -> None:
        """There may be something new."""
        self._arrived.set()

    async def next_batch(self, limit: int) -> list[OutboxMessage]:
        """The oldest, in the order of their commits; waits until there is at least one."""
        while True:
            self._arrived.clear()
            rows = await self._database.run_read(lambda connection: storage.oldest(connection, limit))
            if rows:
                return [_message(*row) for row in rows]
            await self._arrived.wait()

    async def delivered(self, ids: Sequence[int]) -> None:
        """The broker has them; a message that is not forgotten here goes out again."""
        await self._database.run_write(lambda connection: storage.remove(connection, ids))


class StoredEvents:
    """Fills `csms.ports.EventSink`: rows of the outbox, then the bus."""

    def __init__(self, outbox: Outbox, bus: EventBus[StationEvent], *, has_outbox: bool) -> None:
        self._outbox, self._bus, self._has_outbox = outbox, bus, has_outbox
        self._grown = 0

    def write(self, connection: Connection, events: Sequence[StationEvent]) -> None:
        """With the change that they tell of."""
        if not self._has_outbox or not events:
            return
        storage.write_outbox(connection, events)
        self._grown += len(events)
        if self._grown >= PRUNED_EVERY:
            prune_outbox(connection)
            self._grown = 0

    def publish(self, events: Sequence[StationEvent]) -> None:
        """They are stored."""
        self._outbox.wake()
        for each in events:
            self._bus.publish(each)


def _message(number: int, station_id: str, event: str, document: bytes) -> OutboxMessage:
    """With its number as `id`: whoever gets a message twice can tell, and a gap shows."""
    payload = b'{"id":%d,' % number + document[1:]
    return OutboxMessage(number, topic_of(station_id, event), payload)
