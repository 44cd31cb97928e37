"""What is stored of an EVSE when a transaction starts there."""

from collections.abc import Iterable

from sqlalchemy import Connection

from csms.domain.records import variable_key
from csms.rules.state import EvseHistory
from ocppj.vocabulary import StationId, VariableRef
from runtime.database.statements import INTEGER, TEXT, Keyed

LOOKED_AT = 16
"""Of the newest transactions of a station; one of each of its EVSEs is among them, or long ago."""

# The last transaction that ended there, and the limit that the station reported (2.x EVSE.Power maxLimit).
_HISTORIES = Keyed(
    f"""
SELECT wanted.station_id, wanted.evse_id,
    v.max_limit, v.unit, t.meter_start_wh, t.meter_stop_wh
FROM wanted
LEFT JOIN variables AS v ON v.station_id = wanted.station_id AND v.variable_key = wanted.variable_key
LEFT JOIN transactions AS t ON t.transaction_no = (
    SELECT transaction_no FROM (
        SELECT transaction_no, evse_id, ended_at FROM transactions
        WHERE station_id = wanted.station_id ORDER BY started_at DESC LIMIT {LOOKED_AT}
    ) AS newest WHERE evse_id = wanted.evse_id AND ended_at IS NOT NULL LIMIT 1
)
""",  # noqa: S608 - a number of ours
    station_id=TEXT,
    evse_id=INTEGER,
    variable_key=TEXT,
)


def load_histories(
    connection: Connection, keys: Iterable[tuple[StationId, int]]
) -> dict[tuple[StationId, int], EvseHistory]:
    """What is known of these EVSEs. Limits are in W."""
    wanted = [
        (station_id, evse_id, variable_key(VariableRef("EVSE", "Power", evse_id=evse_id)))
        for station_id, evse_id in keys
    ]
    return {
        (StationId(station_id), evse_id): EvseHistory(_watts(limit, unit), start, stop)
        for station_id, evse_id, limit, unit, start, stop in _HISTORIES.rows(connection, wanted)
    }


def _watts(limit: float | None, unit: str | None) -> float | None:
    if limit is None:
        return None
    return limit * 1000 if (unit or "").lower() == "kw" else limit
