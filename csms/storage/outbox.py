"""News on its way to the broker."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from csms.domain.station_events import StationEvent
from csms.storage.tables import outbox
from runtime.database.statements import INTEGER, Keyed, Statement, Values, insert_new

_encode = msgspec.json.Encoder().encode
_OLDEST = Statement("SELECT outbox_id, station_id, event, payload FROM outbox ORDER BY outbox_id LIMIT ?")
_REMOVE = Keyed(
    "DELETE FROM outbox WHERE outbox_id IN (SELECT wanted.outbox_id FROM wanted)", outbox_id=INTEGER
)


def _values(event: StationEvent) -> Values:
    return event.station_id, event.event, event_json(event)


def event_json(event: StationEvent) -> bytes:
    """The document of docs/reference/events.md."""
    return _encode(
        {
            "event": event.event,
            "station_id": event.station_id,
            "at": event.at,
            "payload": event.payload,
        }
    )


write_outbox = insert_new(outbox, ("station_id", "event", "payload"), _values).write


def oldest(connection: Connection, limit: int) -> Sequence[tuple[int, str, str, bytes]]:
    """(number, station, event, document) of what waits longest."""
    return [(row[0], row[1], row[2], row[3]) for row in _OLDEST.run(connection, (limit,)).fetchall()]


def remove(connection: Connection, numbers: Iterable[int]) -> None:
    """The broker has them."""
    _REMOVE.run(connection, numbers)
