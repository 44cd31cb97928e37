"""What is stored of an EVSE when a transaction starts there."""

from typing import Any

from sqlalchemy import Connection

from csms.rules.rows import VariableRow
from csms.rules.state import EvseHistory
from csms.storage.histories import LOOKED_AT, load_histories
from csms.storage.transactions import write_transactions
from csms.storage.variables import write_variables
from ocppj.vocabulary import VariableRef
from runtime.database import Database
from tests.csms.storage.test_transactions import row
from tests.support.inbound import CP1, CP2, NOON, minutes


def limit(value: float, unit: str, evse_id: int = 1) -> VariableRow:
    """A station's EVSE.Power."""
    ref = VariableRef("EVSE", "Power", evse_id=evse_id)
    return VariableRow(station_id=CP1, ref=ref, value="0", unit=unit, max_limit=value, at=NOON)


async def test_the_last_transaction_that_ended_there_and_the_limit(database: Database) -> None:
    """Of each EVSE its own; one that goes on, another EVSE's and another station's say nothing."""

    def stored(connection: Connection) -> object:
        write_variables(connection, [limit(22.0, "kW"), limit(7400.0, "W", evse_id=2)])
        meter: dict[str, Any] = {"evse_id": 1, "ended_at": minutes(60)}
        rows = [
            row(1, meter_start_wh=1000.0, meter_stop_wh=2000.0, **meter),
            row(2, meter_start_wh=2000.0, meter_stop_wh=5000.0, **meter),
            row(3, meter_start_wh=5000.0, meter_stop_wh=6000.0, evse_id=1),
            row(4, meter_start_wh=1.0, meter_stop_wh=2.0, evse_id=3, ended_at=minutes(60)),
            row(5, CP2, meter_start_wh=7.0, meter_stop_wh=8.0, **meter),
        ]
        write_transactions(connection, rows, {})
        return load_histories(connection, {(CP1, 1), (CP1, 2), (CP1, 9)})

    assert await database.run_write(stored) == {
        (CP1, 1): EvseHistory(22_000.0, 2000.0, 5000.0),
        (CP1, 2): EvseHistory(7400.0),
        (CP1, 9): EvseHistory(),
    }


async def test_how_far_it_looks_back_is_bounded(database: Database) -> None:
    """An EVSE that was last used long ago has no history; no start waits for a long search."""

    def stored(connection: Connection) -> object:
        old = row(1, evse_id=1, ended_at=minutes(1), meter_start_wh=1.0, meter_stop_wh=2.0)
        others = [row(n, evse_id=2, ended_at=minutes(n)) for n in range(2, LOOKED_AT + 2)]
        write_transactions(connection, [old, *others], {})
        return load_histories(connection, {(CP1, 1)})

    assert await database.run_write(stored) == {(CP1, 1): EvseHistory()}
