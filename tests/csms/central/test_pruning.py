"""When tables are pruned: in time, and only by what is committed."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Hashable
from pathlib import Path
from typing import Any, cast

import pytest

from csms.central import pruning
from csms.central.pruning import (
    BYTES_OF_A_ROW,
    PER_STATION,
    STATES_PRUNED_EVERY,
    TABLES,
    Growth,
    Pruning,
)
from csms.domain.records import ConnectorRecord
from csms.rules.rows import ConnectorStateRow, QuarantineRow, Row
from csms.storage.answers import ANSWERS_KEPT
from csms.storage.pruning import prune_connector_states
from ocppj.model.availability import StatusNotification
from ocppj.vocabulary import ConnectorStatus, Epoch, StationId
from runtime.database import Database
from tests.support.both_databases import Place
from tests.support.inbound import CP1, CP2, NOON, minutes, values16
from tests.support.message_writer import desk


async def test_answers_are_pruned_as_they_come(place: Place) -> None:
    """A station's never exceed twice what is kept; nothing else of it is forgotten."""
    async with desk(place) as at:
        for first in range(0, 2 * ANSWERS_KEPT + 100, 100):
            futures = [at.submit(values16(None, n, minutes(n)), f"m{n}") for n in range(first, first + 100)]
            await asyncio.gather(*futures)
        (count,) = await at.column("SELECT count(*) FROM received_messages")
        assert ANSWERS_KEPT <= count < 2 * ANSWERS_KEPT
        assert await at.column("SELECT count(*) FROM meter_samples") == [2 * ANSWERS_KEPT + 100]


@pytest.mark.parametrize("name", sorted(TABLES))
async def test_a_table_is_pruned_when_it_has_grown(
    database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every so many rows, and not before; rows that were rolled back do not count."""
    pruned: list[str] = []
    monkeypatch.setattr(pruning, "PRUNED_EVERY", 3)
    monkeypatch.setitem(pruning.TABLES, name, lambda _: pruned.append(name))
    growth = Growth(Counter({name: 2}))
    monkeypatch.setattr(pruning, "_growth", lambda *_: growth)
    keeper = Pruning()
    for is_committed, expected in ((True, 0), (False, 1), (True, 2), (True, 2), (True, 3)):
        found = await database.run_write(lambda connection: keeper.prune(connection, {}, 0))
        assert len(pruned) == expected
        if is_committed:
            keeper.committed(found)


@pytest.mark.parametrize("kind", PER_STATION, ids=lambda kind: kind.__name__)
async def test_a_station_is_pruned_alone(
    database: Database, kind: type[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it alone has grown by what is kept."""
    name, kept, _, station_of = PER_STATION[kind]
    pruned: list[Any] = []
    entry = (name, kept, lambda _, stations: pruned.append(list(stations)), station_of)
    monkeypatch.setitem(pruning.PER_STATION, kind, entry)
    counts: Counter[tuple[str, Hashable]] = Counter({(name, CP1): kept - 1, (name, CP2): 1})
    monkeypatch.setattr(pruning, "_growth", lambda *_: Growth(stations=counts))
    keeper = Pruning()
    for expected in ([], [[CP1]], [[CP1]]):
        keeper.committed(await database.run_write(lambda connection: keeper.prune(connection, {}, 0)))
        assert pruned == expected


async def test_large_messages_count_for_several(database: Database) -> None:
    """A hundred of a MiB are as much as ten thousand small ones."""
    rows = [QuarantineRow(CP1, Epoch(1), b"x" * BYTES_OF_A_ROW * 3, "r", NOON)]
    growth = await database.run_write(
        lambda connection: Pruning().prune(connection, {QuarantineRow: rows}, 7)
    )
    assert growth.tables == {"quarantine": 4, "outbox": 7}


async def test_who_changes_most_is_pruned_most(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a process's first batch of connector states on, one station of every so many; the others wait."""
    pruned: list[Any] = []
    monkeypatch.setattr(pruning, "prune_connector_states", lambda _, stations: pruned.extend(stations))
    keeper, none = Pruning(), cast("Any", {QuarantineRow: []})
    rows = {ConnectorStateRow: [state(CP1), state(CP2), state(CP1)]}
    for number in range(4 * STATES_PRUNED_EVERY):
        written: Any = rows if number % 2 else none
        await database.run_write(lambda connection, w=written: keeper.prune(connection, w, 0))  # type: ignore[misc] # bound now
    assert pruned == [CP1, CP2]


def state(station_id: StationId) -> ConnectorStateRow:
    """One of its connectors is free."""
    return ConnectorStateRow(ConnectorRecord(station_id, 1, 1, ConnectorStatus.AVAILABLE, "Available"), NOON)


async def test_a_flapping_connector_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by processes that live for a few messages only; what it is in now is there."""
    kept = 20
    monkeypatch.setattr(
        pruning, "prune_connector_states", lambda c, stations: prune_connector_states(c, stations, kept)
    )
    reports = itertools.cycle(("Available", "Occupied", "Faulted"))
    for life in range(8):
        async with desk(tmp_path / "borne.db") as at:
            for number in range(13):
                word = next(reports)
                event = StatusNotification(1, 1, ConnectorStatus(word), word)
                at_minute = minutes(100 * life + number)
                await at.submit(event, f"m{life}.{number}", received_at=at_minute)
            (count,) = await at.column("SELECT count(*) FROM connector_states")
            assert count <= kept + 2 * STATES_PRUNED_EVERY
            found = await at.column("SELECT reported FROM connector_states ORDER BY number DESC LIMIT 1")
            assert found == [word] == await at.column("SELECT reported FROM connectors")
