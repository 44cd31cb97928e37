"""Transactions that look as if their end had been lost, found from what is stored: also after a restart."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from csms.domain.reviews import EndRequest
from ocppj.vocabulary import StationId
from runtime.database import from_micros, to_micros
from runtime.database.statements import Statement

LOST_MOST = 200
"""So many are ended at a time; the others are found at the next look."""

_OUT_OF_REACH = """EXISTS (
    SELECT 1 FROM links AS l WHERE l.station_id = t.station_id
    AND (l.disconnected_at > ?2 OR l.disconnected_at IS NULL AND l.connected_at > ?3)
)"""
"""The station cannot have sent what it kept: it is away, or only just back (1.6 §4.10, 2.x E13)."""

_FREE = Statement(f"""
SELECT t.transaction_no, t.station_id, t.transaction_id, t.last_received_at, max(c.received_at)
FROM transactions AS t
JOIN connectors AS c ON c.station_id = t.station_id AND c.evse_id = t.evse_id
    AND c.connector_id = coalesce(t.connector_id, c.connector_id)
WHERE t.ended_at IS NULL AND t.last_received_at <= ?1
AND coalesce(t.charging_state, '') <> 'Idle' AND NOT {_OUT_OF_REACH}
GROUP BY t.transaction_no
HAVING min(CASE WHEN c.status = 'Available' AND c.received_at > t.last_received_at
    AND coalesce(c.status_since, c.received_at) <= ?1 THEN 1 ELSE 0 END) = 1
LIMIT {LOST_MOST}
""")  # noqa: S608 - a number of ours
"""A 2.x transaction that said that no car is connected (Idle) may go on at a free connector: until somebody
plugs in, or the parking bay is empty (2.0.1 part 2 §2.6.5 TxStopPoint).
"""

_BOOTED = Statement(f"""
SELECT t.transaction_no, t.station_id, t.transaction_id, t.last_received_at, s.booted_at
FROM transactions AS t JOIN stations AS s ON s.station_id = t.station_id
WHERE t.ended_at IS NULL AND t.last_received_at < s.booted_at AND s.booted_at <= ?1
AND coalesce(s.boot_reason, '') <> 'Triggered' AND NOT {_OUT_OF_REACH}
AND EXISTS (
    SELECT 1 FROM connectors AS c
    WHERE c.station_id = t.station_id AND c.evse_id = t.evse_id AND c.received_at > s.booted_at
    AND c.reported NOT IN ('Charging', 'SuspendedEV', 'SuspendedEVSE')
    AND (c.reported <> 'Occupied' OR NOT EXISTS (
        SELECT 1 FROM variables AS v WHERE v.station_id = t.station_id
        AND v.variable_key = 'sampleddatactrlr.txupdatedinterval' AND v.value = '0'
    ))
)
LIMIT {LOST_MOST}
""")  # noqa: S608
"""A boot that we asked for is none; a real one is followed by a status of each connector (1.6 errata
§3.22, 2.x B01.FR.05). 1.6 words that mean a transaction under way are believed, and the Occupied of 2.x where
the station is set to tell nothing while it charges.
"""


class Waits(NamedTuple):
    """Until when at the latest something must have happened for an end to be lost."""

    free: datetime
    """The connector became free."""
    booted: datetime
    """The station booted; nothing came of the transaction since."""
    away: datetime
    """The station went away."""
    back: datetime
    """It came back."""


def find_lost(connection: Connection, now: datetime, until: Waits) -> list[EndRequest]:
    """Those whose connector is free, and those of which nothing came after a boot; for so long."""
    reach = to_micros(until.away), to_micros(until.back)
    rows = [
        *_FREE.run(connection, (to_micros(until.free), *reach)),
        *_BOOTED.run(connection, (to_micros(until.booted), *reach)),
    ]
    found = {
        row[0]: EndRequest(
            station_id=StationId(row[1]),
            transaction_id=row[2],
            transaction_no=row[0],
            at=now,
            since=from_micros(row[4]),
            last_received_at=from_micros(row[3]),
        )
        for row in rows
    }
    return list(found.values())
