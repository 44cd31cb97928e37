"""What keeps the tables from growing for ever: each has a number of rows that are kept, the newest.

Transactions and their samples are never pruned, samples outside of any are. Nearly all statements look at the
end of an index only.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select

from csms.storage.history_tables import connector_states
from ocppj.vocabulary import StationId
from runtime.database.statements import Statement

QUARANTINE_KEPT = 100_000
QUARANTINE_BYTES = 1 << 30
"""Of the newest messages in quarantine of accepted stations; one has at most a MiB."""
STRANGERS_QUARANTINE_KEPT = 10_000
STRANGERS_QUARANTINE_BYTES = 64 << 20
"""Of those of stations that were not accepted: however many there are, they push out no genuine one."""
STATION_QUARANTINE_KEPT = 1000
STATION_QUARANTINE_BYTES = 8 << 20
"""Of one station, each of those that wait for somebody and of those that do not."""
CONNECTORS_KEPT = 1000
"""Of each station: whoever reports more makes them up (quirk 70)."""
CONNECTOR_STATES_KEPT = 5000
"""Of each station, all its connectors together; a busy one changes some dozens of times a day."""
VARIABLES_KEPT = 10_000
"""Of each station; the largest have some thousands."""
SECURITY_EVENTS_KEPT = 100_000
SAMPLES_KEPT = 1_000_000
"""Of samples that belong to no transaction, all stations together."""
COMMANDS_KEPT = 100_000
STRANGERS_KEPT = 10_000
"""Stations that were never accepted, that nobody leads or chose an admission for."""
TELEMETRY_KEPT = 500_000
"""Of what goes on in the outbox, while the broker is away; beyond, the oldest go (reliability BUS-04)."""
OUTBOX_KEPT = 2_000_000
"""Of everything in the outbox; so many transactions begin and end while no broker can be away."""

TELEMETRY = ("transaction.updated", "meter.values", "connector.status", "variables.reported", "message.kept")
"""Events whose loss leaves no hole in what is billed."""

# The newest that fit, by number and together in bytes.
_QUARANTINE_BUT_THE_NEWEST = """
DELETE FROM quarantine WHERE quarantine_id IN (
    SELECT quarantine_id FROM (
        SELECT quarantine_id, row_number() OVER newest AS number, sum(length(raw)) OVER newest AS total
        FROM quarantine WHERE {rows} WINDOW newest AS (ORDER BY quarantine_id DESC)
    ) AS each_one WHERE number > ? OR total > ?
)
"""
_QUARANTINE = Statement(_QUARANTINE_BUT_THE_NEWEST.format(rows="was_accepted = ?"))
_QUARANTINE_OF_STATION = Statement(
    _QUARANTINE_BUT_THE_NEWEST.format(rows="station_id = ? AND (state = 'waiting') = ?")
)
_CONNECTORS = Statement("""
DELETE FROM connectors WHERE (station_id, evse_id, connector_id) IN (
    SELECT station_id, evse_id, connector_id FROM connectors WHERE station_id = ?
    ORDER BY received_at DESC LIMIT -1 OFFSET ?
)
""")
_EVSES = Statement("""
DELETE FROM evses WHERE station_id = ?1 AND evse_id NOT IN (
    SELECT evse_id FROM connectors WHERE station_id = ?1
) AND metered_at IS NULL
""")
_CONNECTOR_STATES = delete(connector_states).where(
    connector_states.c.station_id == bindparam("of_station"),
    connector_states.c.number
    <= select(connector_states.c.number)
    .where(connector_states.c.station_id == bindparam("of_station"))
    .order_by(connector_states.c.number.desc())
    .limit(1)
    .offset(bindparam("kept"))
    .scalar_subquery(),
)
_VARIABLES = Statement("""
DELETE FROM variables WHERE (station_id, variable_key) IN (
    SELECT station_id, variable_key FROM variables WHERE station_id = ?
    ORDER BY reported_at DESC LIMIT -1 OFFSET ?
)
""")
# Along the index of transactions, in which those without one lie together in the order of their ids.
_SAMPLES = Statement("""
DELETE FROM meter_samples WHERE transaction_no IS NULL AND sample_id <= (
    SELECT sample_id FROM meter_samples WHERE transaction_no IS NULL ORDER BY sample_id DESC LIMIT 1 OFFSET ?
)
""")
_SECURITY_EVENTS = Statement("""
DELETE FROM security_events WHERE event_id <= (SELECT max(event_id) FROM security_events) - ?
""")
_COMMANDS = Statement("""
DELETE FROM commands WHERE finished_at IS NOT NULL AND (sent_at, command_id) <= (
    SELECT sent_at, command_id FROM commands ORDER BY sent_at DESC, command_id DESC LIMIT 1 OFFSET ?
)
""")

# Those seen longest ago, beyond the number that is kept.
_STRANGERS = Statement("""
SELECT station_id FROM stations
WHERE admission IS NULL AND lifecycle IS NULL AND (registration IS NULL OR registration <> 'Accepted')
ORDER BY last_seen_at DESC LIMIT -1 OFFSET ?
""")
_STRANGERS_TABLES = (
    "links",
    "link_history",
    "boots",
    "connectors",
    "connector_states",
    "evses",
    "variables",
    "kept_messages",
    "stations",
)

_TELEMETRY = Statement(f"""
DELETE FROM outbox WHERE outbox_id IN (
    SELECT outbox_id FROM outbox WHERE event IN ({", ".join("?" * len(TELEMETRY))})
    ORDER BY outbox_id DESC LIMIT -1 OFFSET ?
)
""")  # noqa: S608 - question marks
_OUTBOX = Statement("DELETE FROM outbox WHERE outbox_id <= (SELECT max(outbox_id) FROM outbox) - ?")


def prune_connectors(
    connection: Connection, station_ids: Iterable[StationId], kept: int = CONNECTORS_KEPT
) -> None:
    """The connectors of these stations that were reported last stay."""
    for station_id in station_ids:
        _CONNECTORS.run(connection, (station_id, kept))
        _EVSES.run(connection, (station_id,))


def prune_connector_states(
    connection: Connection, station_ids: Iterable[StationId], kept: int = CONNECTOR_STATES_KEPT
) -> None:
    """The newest states of the connectors of these stations stay."""
    for station_id in station_ids:
        connection.execute(_CONNECTOR_STATES, {"of_station": station_id, "kept": kept})


def prune_variables(
    connection: Connection, station_ids: Iterable[StationId], kept: int = VARIABLES_KEPT
) -> None:
    """The variables of these stations that were reported last stay."""
    for station_id in station_ids:
        _VARIABLES.run(connection, (station_id, kept))


def prune_quarantine(
    connection: Connection,
    kept: int = QUARANTINE_KEPT,
    most_bytes: int = QUARANTINE_BYTES,
    strangers_kept: int = STRANGERS_QUARANTINE_KEPT,
    strangers_bytes: int = STRANGERS_QUARANTINE_BYTES,
) -> None:
    """The newest messages stay, of accepted stations and of strangers apart."""
    _QUARANTINE.run(connection, (True, kept, most_bytes))
    _QUARANTINE.run(connection, (False, strangers_kept, strangers_bytes))


def prune_quarantine_of(
    connection: Connection,
    station_ids: Iterable[StationId],
    kept: int = STATION_QUARANTINE_KEPT,
    most_bytes: int = STATION_QUARANTINE_BYTES,
) -> None:
    """The newest messages of these stations stay, of those that wait for somebody and of the others apart."""
    for station_id in station_ids:
        for is_waiting in (True, False):
            values = (station_id, is_waiting, kept, most_bytes)
            _QUARANTINE_OF_STATION.run(connection, values)


def prune_samples(connection: Connection, kept: int = SAMPLES_KEPT) -> None:
    """The newest samples outside of transactions stay, and all that belong to one."""
    _SAMPLES.run(connection, (kept,))


def prune_security_events(connection: Connection, kept: int = SECURITY_EVENTS_KEPT) -> None:
    """The newest events stay."""
    _SECURITY_EVENTS.run(connection, (kept,))


def prune_commands(connection: Connection, kept: int = COMMANDS_KEPT) -> None:
    """The newest commands stay, and those that have not ended."""
    _COMMANDS.run(connection, (kept,))


def prune_strangers(connection: Connection, kept: int = STRANGERS_KEPT) -> None:
    """Forget the strangers seen longest ago: whoever makes up identities costs a bounded file."""
    gone = [(row[0],) for row in _STRANGERS.run(connection, (kept,))]
    for table in _STRANGERS_TABLES if gone else ():
        Statement(f"DELETE FROM {table} WHERE station_id = ?").run_each(connection, gone)  # noqa: S608 - our names


def prune_outbox(
    connection: Connection, telemetry_kept: int = TELEMETRY_KEPT, kept: int = OUTBOX_KEPT
) -> None:
    """What only tells how it goes on is dropped first, the beginnings and ends of transactions last."""
    _TELEMETRY.run(connection, (*TELEMETRY, telemetry_kept))
    _OUTBOX.run(connection, (kept,))
