"""News on its way to the broker."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from csms.domain.news import StationNews
from csms.storage.tables import outbox
from runtime.database.statements import INTEGER, Keyed, Statement, Values, insert_new

_encode = msgspec.json.Encoder().encode
_OLDEST = Statement("SELECT outbox_id, station_id, event, payload FROM outbox ORDER BY outbox_id LIMIT ?")
_REMOVE = Keyed(
    "DELETE FROM outbox WHERE outbox_id IN (SELECT wanted.outbox_id FROM wanted)", outbox_id=INTEGER
)


def _values(news: StationNews) -> Values:
    return news.station_id, news.event, news_json(news)


def news_json(news: StationNews) -> bytes:
    """The document of docs/reference/events.md."""
    return _encode(
        {"event": news.event, "station_id": news.station_id, "at": news.at, "payload": news.payload}
    )


write_outbox = insert_new(outbox, ("station_id", "event", "payload"), _values).write


def oldest(connection: Connection, limit: int) -> Sequence[tuple[int, str, str, bytes]]:
    """(number, station, event, document) of what waits longest."""
    return [(row[0], row[1], row[2], row[3]) for row in _OLDEST.run(connection, (limit,)).fetchall()]


def remove(connection: Connection, numbers: Iterable[int]) -> None:
    """The broker has them."""
    _REMOVE.run(connection, numbers)
