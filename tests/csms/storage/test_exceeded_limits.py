"""What stations exceed, written and read back; and where there is anything to compare."""

from typing import Any

import pytest
from sqlalchemy import Connection

from csms.domain.charging_profiles import LimitsWanted
from csms.rules.charging_rows import ExceededLimitRow
from csms.storage.exceeded_limits import (
    exceeded_of,
    find_exceeded,
    limited_stations,
    powers_at,
    write_exceeded_limits,
)
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes
from tests.support.plans import assert_is_indexed


def row(evse_id: int = 1, minute: float = 0, **more: Any) -> ExceededLimitRow:
    """An EVSE that takes more than it may."""
    values: dict[str, Any] = {
        "station_id": CP1,
        "evse_id": evse_id,
        "transaction_id": "T1",
        "limit_w": 5_000.0,
        "power_w": 22_000.0,
        "since": minutes(minute),
        "moved_at": minutes(minute),
    }
    return ExceededLimitRow(**values | more)


async def test_of_each_evse_the_last_is_kept(database: Database) -> None:
    """The latest first; open, or over."""
    rows = [row(), row(2, 1), row(3, 2, ended_at=minutes(3)), row(4, 3, station_id=CP2)]

    def run(connection: Connection) -> None:
        write_exceeded_limits(connection, rows)
        write_exceeded_limits(connection, [again := row(1, 0, power_w=6_000.0)])
        assert exceeded_of(connection, CP1) == [again, rows[1]]
        assert find_exceeded(connection, LimitsWanted(), 10) == [rows[3], rows[2], rows[1], again]
        assert find_exceeded(connection, LimitsWanted(CP1, is_open=True), 10) == [rows[1], again]
        assert find_exceeded(connection, LimitsWanted(CP1, is_open=False), 10) == [rows[2]]
        place = (minutes(2), CP1, 3)
        assert find_exceeded(connection, LimitsWanted(), 1, place) == [rows[1]]
        assert limited_stations(connection) == [CP1, CP2]
        assert limited_stations(connection, CP1) == [CP2]
        assert limited_stations(connection, "", 1) == [CP1]

    await database.run_write(run)


READS: dict[str, Any] = {
    "exceeded_of": lambda c: exceeded_of(c, CP1),
    "powers_at": lambda c: powers_at(c, CP1),
    "find_exceeded": lambda c: find_exceeded(c, LimitsWanted(), 100, (NOON, CP1, 1)),
}


@pytest.mark.parametrize("name", READS)
async def test_everything_that_is_read_has_its_index(database: Database, name: str) -> None:
    """No walk through a table."""
    await assert_is_indexed(database, READS[name])
