"""The states that connectors were in, as they are read back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from csms.domain.history import ConnectorStateRecord, ConnectorStatesWanted
from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorStateRow
from csms.storage.connector_states import connector_states_of, write_connector_states
from csms.storage.pruning import prune_connector_states
from ocppj.vocabulary import ConnectorStatus, StationId
from runtime.database import Database
from tests.support.inbound import CP1, CP2, NOON, minutes
from tests.support.plans import assert_is_indexed, plans_of

FREE, BUSY, BROKEN = ConnectorStatus.AVAILABLE, ConnectorStatus.OCCUPIED, ConnectorStatus.FAULTED


def state(
    minute: float,
    status: ConnectorStatus,
    evse_id: int = 1,
    station_id: StationId = CP1,
    *,
    connector_id: int = 1,
    **more: Any,
) -> ConnectorStateRow:
    """A connector is in a state from then on."""
    at = minutes(minute - 1)
    record = ConnectorRecord(station_id, evse_id, connector_id, status, status.value, at, **more)
    return ConnectorStateRow(record, minutes(minute))


async def wrote(database: Database, *rows: ConnectorStateRow) -> None:
    """In this order."""
    await database.run_write(lambda connection: write_connector_states(connection, rows))


async def read(
    database: Database, limit: int = 100, before: int | None = None, **wanted: Any
) -> Sequence[ConnectorStateRecord]:
    """Of cp1."""
    asked = ConnectorStatesWanted(CP1, **wanted)
    return await database.run_read(lambda connection: connector_states_of(connection, asked, limit, before))


def lasting(found: Sequence[ConnectorStateRecord]) -> list[tuple[int, str, datetime, float | None]]:
    """Which EVSE was in which state from when on, for how many minutes."""
    return [
        (each.evse_id, each.reported, each.received_at, each.seconds and each.seconds / 60) for each in found
    ]


async def test_a_state_lasts_until_the_next_one_of_its_connector(database: Database) -> None:
    """By our clock, whatever the station's says; the last one goes on."""
    await wrote(
        database,
        state(0, FREE),
        state(1, FREE, 2),
        state(3, BROKEN, error_code="GroundFailure", info="wet", vendor_error_code="E7"),
        state(9, BUSY, 2),
        state(5, FREE, station_id=CP2),
    )
    found = await read(database)
    assert lasting(found) == [
        (2, "Occupied", minutes(9), None),
        (1, "Faulted", minutes(3), None),
        (2, "Available", minutes(1), 8),
        (1, "Available", minutes(0), 3),
    ]
    broken = found[1]
    assert (broken.status, broken.error_code, broken.info) == (BROKEN, "GroundFailure", "wet")
    assert (broken.vendor_error_code, broken.at, broken.until) == ("E7", minutes(2), None)


async def test_each_connector_of_an_evse_has_states_of_its_own(database: Database) -> None:
    """An EVSE charges one vehicle; its other cable has a state all the same (OCPP 2.0.1 part 1 §1.2.1)."""
    await wrote(database, state(0, FREE), state(2, FREE, connector_id=2), state(5, BUSY))
    assert [each.seconds for each in await read(database)] == [None, None, 300]
    (other,) = await read(database, connector_id=2)
    assert (other.evse_id, other.connector_id, other.received_at) == (1, 2, minutes(2))


async def test_states_are_asked_for_by_connector_and_time(database: Database) -> None:
    """What lasted into the time asked for counts, also where it began before; pages go on by number."""
    rows = [state(10 * n, status, evse) for n, status in enumerate((FREE, BUSY, FREE)) for evse in (1, 2)]
    await wrote(database, *rows)
    assert [each.evse_id for each in await read(database)] == [2, 1, 2, 1, 2, 1]
    one = await read(database, evse_id=1, connector_id=1)
    assert lasting(one) == [
        (1, "Available", minutes(20), None),
        (1, "Occupied", minutes(10), 10),
        (1, "Available", minutes(0), 10),
    ]
    assert await read(database, evse_id=1, connector_id=2) == []
    assert await read(database, evse_id=1, since=minutes(10)) == one[:2]
    assert await read(database, evse_id=1, since=minutes(9)) == one
    assert await read(database, evse_id=1, since=minutes(500)) == one[:1]
    assert await read(database, evse_id=1, until=minutes(20)) == one[1:]
    assert await read(database, evse_id=1, since=minutes(12), until=minutes(13)) == [one[1]]
    first = await read(database, 2)
    assert await read(database, 2, first[-1].number) == (await read(database))[2:4]


async def test_a_clock_that_was_set_back_makes_no_negative_time(database: Database) -> None:
    """The order is that of arrival."""
    await wrote(database, state(9, FREE), state(3, BUSY))
    assert lasting(await read(database)) == [
        (1, "Occupied", minutes(3), None),
        (1, "Available", minutes(9), 0),
    ]


async def test_a_station_that_flaps_pushes_out_only_its_own_past(database: Database) -> None:
    """The newest stay, of all its connectors together."""
    flapping = [state(n, (FREE, BUSY)[n % 2], 1 + n % 2) for n in range(50)]
    await wrote(database, *(state(0, FREE, station_id=CP2) for _ in range(3)), *flapping)
    await database.run_write(lambda connection: prune_connector_states(connection, [CP1, CP2], 7))
    assert [each.received_at for each in await read(database)] == [minutes(n) for n in range(49, 42, -1)]
    other = ConnectorStatesWanted(CP2)
    assert len(await database.run_read(lambda c: connector_states_of(c, other, 10, None))) == 3


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wanted", [{}, {"evse_id": 1}, {"since": NOON, "until": NOON}], ids=str)
async def test_only_the_stations_own_states_are_read(database: Database, wanted: dict[str, Any]) -> None:
    """By the index; they are sorted by connector, and there are only so many."""
    asked = ConnectorStatesWanted(CP1, **wanted)
    plan = await plans_of(database, lambda c: connector_states_of(c, asked, 10, 5))
    tables = [step for step in plan if "connector_states" in step]
    assert tables == ["SEARCH connector_states USING INDEX ix_connector_states_station (station_id=?)"]
    await assert_is_indexed(database, lambda c: prune_connector_states(c, [CP1]))
