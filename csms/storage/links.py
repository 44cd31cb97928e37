"""The newest link of each station."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from csms.domain.links import LinkSecurity, LinkView
from csms.domain.records import LinkEndRecord
from csms.rules.rows import LinkClosedRow, LinkOpenedRow
from csms.rules.state import StoredLink
from csms.storage.link_history import write_link_ends
from csms.storage.nodes import is_left
from csms.storage.tables import links, stations
from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, RegistrationStatus, StationId
from runtime.database import to_micros
from runtime.database.rows import texts_of
from runtime.database.statements import TEXT, Keyed, Statement, Values, insert_or_update

_LINKS = Keyed(
    "SELECT l.station_id, l.epoch, l.disconnected_at IS NULL"
    " FROM wanted JOIN links AS l ON l.station_id = wanted.station_id",
    station_id=TEXT,
)
_is_open = links.c.disconnected_at.is_(None)
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
    "node",
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
        link.node,
    )


write_opened_links = insert_or_update(links, _COLUMNS, _values).write


def write_closed_links(connection: Connection, rows: Sequence[LinkClosedRow]) -> None:
    """The ends; one of an older link than the stored one changes nothing."""
    closed = [(to_micros(row.at), row.reason, row.station_id, row.epoch) for row in rows]
    _CLOSE.run_each(connection, closed)


def load_links(connection: Connection, station_ids: Iterable[StationId]) -> dict[StationId, StoredLink]:
    """The newest link of each of these stations."""
    return {row[0]: StoredLink(row[1], bool(row[2])) for row in _LINKS.rows(connection, station_ids)}


def link_end_of(connection: Connection, station_id: StationId) -> LinkEndRecord | None:
    """How the newest link of a station ended; None where it is there, or never was."""
    wanted = links.c.station_id == station_id, links.c.disconnected_at.is_not(None)
    row = connection.execute(select(links.c.disconnected_at, links.c.reason).where(*wanted)).first()
    return LinkEndRecord(row.disconnected_at, (row.reason or "").strip()) if row is not None else None


def open_links_of(connection: Connection, node: str) -> dict[StationId, Epoch]:
    """The links that a node holds, as far as is written down."""
    query = select(links.c.station_id, links.c.epoch).where(_is_open, links.c.node == node)
    return {row.station_id: row.epoch for row in connection.execute(query)}


def links_elsewhere(
    connection: Connection, station_ids: Iterable[StationId], node: str
) -> dict[StationId, LinkView]:
    """The links of these stations that other nodes hold."""
    query = (
        select(links, stations.c.registration)
        .join(stations, stations.c.station_id == links.c.station_id)
        .where(_is_open, links.c.node != node, links.c.station_id.in_(texts_of(station_ids)))
    )
    return {row.station_id: _view(row) for row in connection.execute(query)}


def _view(row: Row[Any]) -> LinkView:
    return LinkView(
        station_id=row.station_id,
        epoch=row.epoch,
        version=OcppVersion.from_subprotocol(f"ocpp{row.version}") or OcppVersion.V16,
        peer=row.peer,
        security=LinkSecurity(row.security),
        connected_at=row.connected_at,
        last_received_at=row.connected_at,
        registration=RegistrationStatus(row.registration) if row.registration is not None else None,
        findings=tuple(row.findings.split()),
        node=row.node,
    )


def end_left_links(connection: Connection, at: datetime, reason: str) -> list[LinkClosedRow]:
    """End what nodes left open that are gone."""
    is_theirs = _is_open, is_left(links.c.node)
    left = connection.execute(select(links.c.station_id, links.c.epoch).where(*is_theirs)).all()
    connection.execute(update(links).where(*is_theirs).values(disconnected_at=at, reason=reason))
    closed = [LinkClosedRow(row.station_id, row.epoch, at, reason) for row in left]
    write_link_ends(connection, closed)
    return closed
