"""The newest link of each station."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from csms.domain.records import LinkEndRecord
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.storage.tables import links
from ocppj.vocabulary import Epoch, StationId
from runtime.database import to_micros
from runtime.database.statements import TEXT, Keyed, Statement, Values, insert_or_update

_EPOCHS = Keyed(
    "SELECT l.station_id, l.epoch FROM wanted JOIN links AS l ON l.station_id = wanted.station_id",
    station_id=TEXT,
)
_CLOSE = Statement("UPDATE links SET disconnected_at = ?, reason = ? WHERE station_id = ? AND epoch = ?")
_COLUMNS = (
    "station_id",
    "epoch",
    "version",
    "peer",
    "security",
    "findings",
    "connected_at",
    "disconnected_at",
    "reason",
)


def _values(row: LinkOpenedRow) -> Values:
    link = row.link
    return (
        link.station_id,
        link.epoch,
        link.version.label,
        link.peer,
        link.security.value,
        " ".join(link.findings),
        to_micros(link.connected_at),
        None,
        None,
    )


write_opened_links = insert_or_update(links, _COLUMNS, _values).write


def write_closed_links(connection: Connection, rows: Sequence[LinkClosedRow]) -> None:
    """The ends; one of an older link than the stored one changes nothing."""
    closed = [(to_micros(row.at), row.reason, row.station_id, row.epoch) for row in rows]
    _CLOSE.run_each(connection, closed)


def load_epochs(connection: Connection, station_ids: Iterable[StationId]) -> dict[StationId, Epoch]:
    """The newest epoch of each of these stations."""
    return {row[0]: row[1] for row in _EPOCHS.rows(connection, station_ids)}


def link_end_of(connection: Connection, station_id: StationId) -> LinkEndRecord | None:
    """How the newest link of a station ended; None where it is there, or never was."""
    wanted = links.c.station_id == station_id, links.c.disconnected_at.is_not(None)
    row = connection.execute(select(links.c.disconnected_at, links.c.reason).where(*wanted)).first()
    return LinkEndRecord(row.disconnected_at, (row.reason or "").strip()) if row is not None else None


def close_all(connection: Connection, at: datetime, reason: str) -> int:
    """End what a process left open that was killed; how many there were."""
    statement = update(links).where(links.c.disconnected_at.is_(None))
    return connection.execute(statement.values(disconnected_at=at, reason=reason)).rowcount
