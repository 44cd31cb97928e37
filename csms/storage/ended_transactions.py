"""What the last transactions of stations left behind when they ended."""

from collections.abc import Iterable

from sqlalchemy import Connection

from csms.rules.untold import EndedTransaction
from csms.storage.tables import transactions
from ocppj.vocabulary import ChargingState, StationId
from runtime.database import from_micros
from runtime.database.statements import TEXT, newest_of_each

ENDED_READ = 5
"""Of each station: enough to know what it tells, whatever became of one of them."""

_LAST_ENDED = newest_of_each(
    transactions,
    ("station_id", "ended_at", "energy_wh", "charging_state", "flags", "review"),
    by="station_id",
    kind=TEXT,
    where="e.ended_at IS NOT NULL",
    order="e.started_at DESC",
    most=ENDED_READ,
)

_CHARGING_STATES = {state.value: state for state in ChargingState}


def last_ended(
    connection: Connection, station_ids: Iterable[StationId]
) -> dict[StationId, list[EndedTransaction]]:
    """The last ENDED_READ of each of these stations that ended, in no order; none where nothing did."""
    found: dict[StationId, list[EndedTransaction]] = {}
    rows = _LAST_ENDED.rows(connection, station_ids)
    for station_id, ended_at, energy_wh, state, flags, review in rows:
        ended = EndedTransaction(
            from_micros(ended_at),
            energy_wh,
            _CHARGING_STATES.get(state),
            frozenset(flags.split()),
            review,
        )
        found.setdefault(StationId(station_id), []).append(ended)
    return found
