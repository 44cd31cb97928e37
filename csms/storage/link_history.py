"""The links that stations had, and their boots: what is written of them as they come and go."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from csms.rules.rows import BootRow, LinkClosedRow, LinkOpenedRow
from csms.storage.history_tables import boots, link_history
from ocppj.vocabulary import BootReason, StationId
from runtime.database import to_micros
from runtime.database.statements import Statement, Values, insert_new, insert_or_update

LINKS_KEPT = 1000
"""Of each station; one that loses its connection every quarter of an hour fills them in ten days."""
BOOTS_KEPT = 500
"""Of each station; one that is pending boots every half minute."""
REPLACED = "replaced by a newer connection"

_END = Statement(
    "UPDATE link_history SET disconnected_at = ?, reason = ?"
    " WHERE station_id = ? AND epoch = ? AND disconnected_at IS NULL"
)
_END_OLDER = Statement(
    "UPDATE link_history SET disconnected_at = ?, reason = ?"
    " WHERE station_id = ? AND epoch < ? AND disconnected_at IS NULL"
)
_PRUNE_LINKS = Statement("""
DELETE FROM link_history WHERE station_id = ?1 AND epoch <= (
    SELECT epoch FROM link_history WHERE station_id = ?1 ORDER BY epoch DESC LIMIT 1 OFFSET ?2
)
""")
_PRUNE_BOOTS = Statement("""
DELETE FROM boots WHERE station_id = ?1 AND number <= (
    SELECT number FROM boots WHERE station_id = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2
)
""")


def _link_values(row: LinkOpenedRow) -> Values:
    link = row.link
    connected_at = to_micros(link.connected_at)
    return (
        link.station_id,
        link.epoch,
        link.version.label,
        link.peer,
        link.security.value,
        link.node,
        connected_at,
        None,
        None,
    )


# One that is told anew, after its node was taken for gone, goes on.
_write_links = insert_or_update(
    link_history,
    (
        "station_id",
        "epoch",
        "version",
        "peer",
        "security",
        "node",
        "connected_at",
        "disconnected_at",
        "reason",
    ),
    _link_values,
    updated=("disconnected_at", "reason"),
).write


def write_link_beginnings(connection: Connection, rows: Sequence[LinkOpenedRow]) -> None:
    """New links; what older ones of these stations are still open end with them."""
    links = [row.link for row in rows]
    older = [(to_micros(it.connected_at), REPLACED, it.station_id, it.epoch) for it in links]
    _write_links(connection, rows)
    _END_OLDER.run_each(connection, older)


def write_link_ends(connection: Connection, rows: Sequence[LinkClosedRow]) -> None:
    """Their ends, and why."""
    ended = [(to_micros(row.at), row.reason, row.station_id, row.epoch) for row in rows]
    _END.run_each(connection, ended)


def _boot_values(row: BootRow) -> Values:
    reason = row.boot.reason or BootReason.UNKNOWN
    return (
        row.station_id,
        to_micros(row.at),
        reason.value,
        row.boot.firmware_version,
        row.registration.value,
    )


write_boot_history = insert_new(
    boots, ("station_id", "at", "reason", "firmware_version", "registration"), _boot_values
).write


def prune_link_history(
    connection: Connection, station_ids: Iterable[StationId], kept: int = LINKS_KEPT
) -> None:
    """The newest links of these stations stay."""
    for station_id in station_ids:
        _PRUNE_LINKS.run(connection, (station_id, kept))


def prune_boots(connection: Connection, station_ids: Iterable[StationId], kept: int = BOOTS_KEPT) -> None:
    """The newest boots of these stations stay."""
    for station_id in station_ids:
        _PRUNE_BOOTS.run(connection, (station_id, kept))
