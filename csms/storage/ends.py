"""Transactions that look as if their end had been lost, found from what is stored: also after a restart."""

from datetime import datetime

from sqlalchemy import Connection

from csms.domain.reviews import EndRequest
from ocppj.vocabulary import StationId
from runtime.database import from_micros, to_micros

LOST_MOST = 200
"""So many are ended at a time; the others are found at the next look."""

_FREE = f"""
SELECT t.transaction_no, t.station_id, t.transaction_id, t.last_received_at, max(c.received_at)
FROM transactions AS t
JOIN connectors AS c ON c.station_id = t.station_id AND c.evse_id = t.evse_id
    AND c.connector_id = coalesce(t.connector_id, c.connector_id)
WHERE t.ended_at IS NULL AND t.last_received_at <= ?1
AND coalesce(t.charging_state, '') <> 'Idle'
GROUP BY t.transaction_no
HAVING min(c.status = 'Available' AND c.received_at > t.last_received_at
    AND coalesce(c.status_since, c.received_at) <= ?1)
LIMIT {LOST_MOST}
"""  # noqa: S608 - a number of ours
"""A 2.x transaction that said that no car is connected (Idle) may go on at a free connector: until somebody
plugs in, or the parking bay is empty (2.0.1 part 2 §2.6.5 TxStopPoint).
"""

_BOOTED = f"""
SELECT t.transaction_no, t.station_id, t.transaction_id, t.last_received_at, s.booted_at
FROM transactions AS t JOIN stations AS s ON s.station_id = t.station_id
WHERE t.ended_at IS NULL AND t.last_received_at < s.booted_at AND s.booted_at <= ?1
AND coalesce(s.boot_reason, '') <> 'Triggered'
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
"""  # noqa: S608
"""A boot that we asked for is none; a real one is followed by a status of each connector (1.6 errata
§3.22, 2.x B01.FR.05). 1.6 words that mean a transaction under way are believed, and the Occupied of 2.x where
the station is set to tell nothing while it charges.
"""


def find_lost(
    connection: Connection, now: datetime, *, free_until: datetime, booted_until: datetime
) -> list[EndRequest]:
    """Those whose connector has been free since `free_until` at the latest, and those of which nothing came
    after a boot at `booted_until` or before.
    """
    rows = [
        *connection.exec_driver_sql(_FREE, (to_micros(free_until),)),
        *connection.exec_driver_sql(_BOOTED, (to_micros(booted_until),)),
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
