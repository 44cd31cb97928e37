"""What the last transactions of stations left behind."""

from typing import Any

from sqlalchemy import Connection

from csms.storage.ended_transactions import ENDED_READ, last_ended
from csms.storage.transactions import write_transactions
from ocppj.vocabulary import ChargingState, StationId
from runtime.database import Database
from tests.csms.storage.test_transactions import row
from tests.support.inbound import CP1, CP2, minutes


async def test_the_last_that_ended_are_read_of_each_station(database: Database) -> None:
    """The newest ENDED_READ of them by start, with what they told; none of the open ones."""

    def work(connection: Connection) -> Any:
        ended = [row(number, ended_at=minutes(number + 1)) for number in range(1, ENDED_READ + 3)]
        told = {"energy_wh": 7.0, "charging_state": ChargingState.CHARGING, "flags": ("orphan", "conflict")}
        other = row(90, CP2, ended_at=minutes(91), **told)
        rows = [*ended, row(80), other, row(81, StationId("cp3"))]
        write_transactions(connection, rows, {})
        return last_ended(connection, [CP1, CP2, StationId("cp3")])

    found = await database.run_write(work)
    assert sorted(each.ended_at for each in found[CP1]) == [minutes(n) for n in range(4, ENDED_READ + 4)]
    (one,) = found[CP2]
    assert (one.energy_wh, one.charging_state, one.flags) == (
        7.0,
        ChargingState.CHARGING,
        {"orphan", "conflict"},
    )
    assert set(found) == {CP1, CP2}
