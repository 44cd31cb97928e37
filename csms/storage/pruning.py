"""What keeps the tables from growing for ever: each has a number of rows that are kept, the newest.

Transactions and their samples are never pruned. Each statement looks at the end of a primary key only.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from ocppj.vocabulary import StationId

QUARANTINE_KEPT = 100_000
QUARANTINE_BYTES = 1 << 30
"""Of the newest messages in quarantine; one has at most a MiB."""
CONNECTORS_KEPT = 1000
"""Of each station: whoever reports more makes them up (quirk 70)."""
VARIABLES_KEPT = 10_000
"""Of each station; the largest have some thousands."""
SECURITY_EVENTS_KEPT = 100_000
COMMANDS_KEPT = 100_000
STRANGERS_KEPT = 10_000
"""Stations that were never accepted and that nobody chose an admission for."""
TELEMETRY_KEPT = 500_000
"""Of what goes on in the outbox, while the broker is away; beyond, the oldest go (reliability BUS-04)."""
OUTBOX_KEPT = 2_000_000
"""Of everything in the outbox; so many transactions begin and end while no broker can be away."""

TELEMETRY = ("transaction.updated", "meter.values", "connector.status", "variables.reported")
"""Events whose loss leaves no hole in what is billed."""

_QUARANTINE = """
DELETE FROM quarantine WHERE quarantine_id <= (SELECT max(quarantine_id) FROM quarantine) - ?
"""
_QUARANTINE_SIZE = """
DELETE FROM quarantine WHERE quarantine_id <= (
    SELECT max(quarantine_id) FROM (
        SELECT quarantine_id, sum(length(raw)) OVER (ORDER BY quarantine_id DESC) AS total FROM quarantine
    ) WHERE total > ?
)
"""
_CONNECTORS = """
DELETE FROM connectors WHERE rowid IN (
    SELECT rowid FROM connectors WHERE station_id = ? ORDER BY received_at DESC LIMIT -1 OFFSET ?
)
"""
_EVSES = """
DELETE FROM evses WHERE station_id = ?1 AND evse_id NOT IN (
    SELECT evse_id FROM connectors WHERE station_id = ?1
) AND metered_at IS NULL
"""
_VARIABLES = """
DELETE FROM variables WHERE rowid IN (
    SELECT rowid FROM variables WHERE station_id = ? ORDER BY reported_at DESC LIMIT -1 OFFSET ?
)
"""
_SECURITY_EVENTS = """
DELETE FROM security_events WHERE event_id <= (SELECT max(event_id) FROM security_events) - ?
"""
_COMMANDS = """
DELETE FROM commands WHERE rowid <= (SELECT max(rowid) FROM commands) - ? AND finished_at IS NOT NULL
"""

# Those seen longest ago, beyond the number that is kept.
_STRANGERS = """
SELECT station_id FROM stations
WHERE admission IS NULL AND (registration IS NULL OR registration <> 'Accepted')
ORDER BY last_seen_at DESC LIMIT -1 OFFSET ?
"""
_STRANGERS_TABLES = ("links", "connectors", "evses", "variables", "stations")

_TELEMETRY = f"""
DELETE FROM outbox WHERE outbox_id IN (
    SELECT outbox_id FROM outbox WHERE event IN ({", ".join("?" * len(TELEMETRY))})
    ORDER BY outbox_id DESC LIMIT -1 OFFSET ?
)
"""  # noqa: S608 - question marks
_OUTBOX = "DELETE FROM outbox WHERE outbox_id <= (SELECT max(outbox_id) FROM outbox) - ?"


def prune_connectors(
    connection: Connection, station_ids: Iterable[StationId], kept: int = CONNECTORS_KEPT
) -> None:
    """The connectors of these stations that were reported last stay."""
    for station_id in station_ids:
        connection.exec_driver_sql(_CONNECTORS, (station_id, kept))
        connection.exec_driver_sql(_EVSES, (station_id,))


def prune_variables(
    connection: Connection, station_ids: Iterable[StationId], kept: int = VARIABLES_KEPT
) -> None:
    """The variables of these stations that were reported last stay."""
    for station_id in station_ids:
        connection.exec_driver_sql(_VARIABLES, (station_id, kept))


def prune_quarantine(
    connection: Connection, kept: int = QUARANTINE_KEPT, most_bytes: int = QUARANTINE_BYTES
) -> None:
    """The newest messages stay."""
    connection.exec_driver_sql(_QUARANTINE, (kept,))
    connection.exec_driver_sql(_QUARANTINE_SIZE, (most_bytes,))


def prune_security_events(connection: Connection, kept: int = SECURITY_EVENTS_KEPT) -> None:
    """The newest events stay."""
    connection.exec_driver_sql(_SECURITY_EVENTS, (kept,))


def prune_commands(connection: Connection, kept: int = COMMANDS_KEPT) -> None:
    """The newest commands stay, and those that have not ended."""
    connection.exec_driver_sql(_COMMANDS, (kept,))


def prune_strangers(connection: Connection, kept: int = STRANGERS_KEPT) -> None:
    """Forget the strangers seen longest ago: whoever makes up identities costs a bounded file."""
    gone = [(row[0],) for row in connection.exec_driver_sql(_STRANGERS, (kept,)).fetchall()]
    for table in _STRANGERS_TABLES if gone else ():
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE station_id = ?", gone)  # noqa: S608 - our names


def prune_outbox(
    connection: Connection, telemetry_kept: int = TELEMETRY_KEPT, kept: int = OUTBOX_KEPT
) -> None:
    """What only tells how it goes on is dropped first, the beginnings and ends of transactions last."""
    connection.exec_driver_sql(_TELEMETRY, (*TELEMETRY, telemetry_kept))
    connection.exec_driver_sql(_OUTBOX, (kept,))
