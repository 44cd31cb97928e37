"""Transactions: what was written is loaded again, whole; what people ask for is found by an index."""

from dataclasses import replace as replaced
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from csms.domain.records import TransactionRecord, TransactionsWanted
from csms.rules.rows import TransactionRow
from csms.storage import transactions as storage
from csms.storage.tables import transactions
from csms.storage.transactions import (
    Place,
    count_transactions,
    find_transactions,
    load_open_transactions,
    load_transactions,
    place_of,
    token_from_texts,
    token_type_text,
    write_transactions,
)
from ocppj.vocabulary import ChargingState, IdToken, IdTokenType, StationId
from runtime.database import Database, metadata
from tests.support.inbound import CP1, CP2, NOON, TAG, minutes

replace = msgspec.structs.replace
WHOLE = TransactionsWanted()


def row(number: int = 1, station_id: StationId = CP1, **more: Any) -> TransactionRow:
    """An open transaction."""
    values: dict[str, Any] = {
        "transaction_id": f"T{number}",
        "started_at": minutes(number),
        "first_received_at": NOON,
        "last_event_at": NOON,
        "last_received_at": NOON,
        "id_token": TAG,
    }
    return TransactionRow(transaction_no=number, station_id=station_id, **(values | more))


def write(connection: Connection, *rows: TransactionRow) -> None:
    """As new ones."""
    write_transactions(connection, rows, {})


ROWS = st.builds(
    TransactionRow,
    transaction_no=st.just(1),
    station_id=st.just(CP1),
    transaction_id=st.text(min_size=1, max_size=8),
    evse_id=st.one_of(st.none(), st.integers(0, 2**62)),
    id_token=st.sampled_from([None, TAG, IdToken("a", "Made Up"), IdToken("b", IdTokenType.EMAID)]),
    started_at=st.just(NOON),
    first_received_at=st.just(NOON),
    ended_at=st.sampled_from([None, NOON]),
    last_event_at=st.just(NOON),
    last_received_at=st.just(NOON),
    charging_state=st.one_of(st.none(), st.sampled_from(ChargingState)),
    state_since=st.sampled_from([None, NOON]),
    idle_s=st.floats(0, 1e9),
    meter_start_wh=st.one_of(st.none(), st.floats(-1e12, 1e12)),
    is_start_given=st.booleans(),
    is_stop_given=st.booleans(),
    is_offline=st.booleans(),
    has_start=st.booleans(),
    power_at=st.sampled_from([None, NOON]),
    cost_micro=st.one_of(st.none(), st.integers(0, 2**62)),
    start_key=st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
    start_reply=st.sampled_from([None, 't{"transaction_id":"1"}']),
    superseded_at=st.sampled_from([None, NOON]),
    flags=st.sampled_from([(), ("a",), ("a", "b-c")]),
    seq_nos=st.sampled_from(["", "0..3,7"]),
)


@given(ROWS)
def test_a_row_is_loaded_as_it_was_written(written: TransactionRow) -> None:
    """Every column has its field and its place."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection, [transactions])
        write(connection, written)
        assert load_transactions(connection, [(CP1, written.transaction_id)]) == [written]
    engine.dispose()


MOVED = st.fixed_dictionaries(
    {
        "last_event_at": st.sampled_from([NOON, minutes(1)]),
        "last_received_at": st.sampled_from([NOON, minutes(1)]),
        "charging_state": st.one_of(st.none(), st.sampled_from(ChargingState)),
        "state_since": st.sampled_from([None, NOON, minutes(1)]),
        "idle_s": st.floats(0, 1e9),
        "meter_stop_wh": st.one_of(st.none(), st.floats(-1e12, 1e12)),
        "meter_stop_at": st.sampled_from([None, NOON, minutes(1)]),
        "meter_peak_wh": st.one_of(st.none(), st.floats(-1e12, 1e12)),
        "meter_marks": st.integers(0, 31),
        "energy_wh": st.one_of(st.none(), st.floats(0, 1e12)),
        "power_w": st.one_of(st.none(), st.floats(-1e12, 1e12)),
        "power_at": st.sampled_from([None, NOON, minutes(1)]),
        "seq_nos": st.sampled_from(["", "0..3,7"]),
    }
)
LASTING = st.sampled_from(
    [{}, {"flags": ("c",)}, {"ended_at": minutes(2)}, {"tariff": "{}"}, {"meter_start_wh": 7.0}]
)


@pytest.mark.held_before("a row that goes on was written whole, with all of its columns")
@given(ROWS, MOVED, LASTING)
def test_whatever_changes_in_a_row_is_stored(
    before: TransactionRow, moved: dict[str, Any], lasting: dict[str, Any]
) -> None:
    """Where only what moves with each reading is written, nothing else has changed."""
    after = replace(before, **moved, **lasting)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection, [transactions])
        write(connection, before)
        write_transactions(connection, [after], {before.transaction_no: before})
        assert load_transactions(connection, [(CP1, before.transaction_id)]) == [after]
    engine.dispose()


async def test_a_row_that_goes_on_is_updated_in_place(database: Database) -> None:
    """Both ways of writing store the same; the short one is taken only where no index is concerned."""
    before = row()
    progress = replace(before, energy_wh=5.0, power_w=7.0, seq_nos="0..2", flags=("x",), evse_id=3)
    ended = replace(progress, ended_at=minutes(9), cost_micro=5)

    def story(connection: Connection) -> list[TransactionRow]:
        write(connection, before)
        write_transactions(connection, [progress], {1: before})
        found = load_transactions(connection, [(CP1, "t1")])
        write_transactions(connection, [ended], {1: progress})
        return found + load_transactions(connection, [(CP1, "T1")])

    assert await database.run_write(story) == [progress, ended]


async def test_the_open_ones_of_a_station(database: Database) -> None:
    """Not ended, of the stations asked for."""
    await database.run_write(
        lambda c: write(
            c, row(1), row(2, ended_at=NOON), row(3, ended_at=NOON, superseded_at=NOON), row(4, CP2), row(5)
        )
    )
    found = await database.run_write(lambda c: load_open_transactions(c, [CP1, StationId("none")]))
    assert sorted(each.transaction_no for each in found) == [1, 5]


async def test_the_newest_come_first_and_all_conditions_count(database: Database) -> None:
    """As the API asks."""
    await database.run_write(
        lambda c: write(
            c, row(1), row(2, ended_at=minutes(9)), row(3, CP2, id_token=IdToken("Other")), row(4, CP2)
        )
    )

    async def numbers(limit: int = 100, **conditions: Any) -> list[str]:
        wanted = TransactionsWanted(**conditions)
        found = await database.run_read(lambda c: find_transactions(c, wanted, limit))
        counted = await database.run_read(lambda c: count_transactions(c, wanted))
        assert counted is not None
        assert counted >= len(found)
        return [each.transaction_id for each in found]

    assert await numbers() == ["T4", "T3", "T2", "T1"]
    assert await numbers(limit=2) == ["T4", "T3"]
    assert await numbers(station_id=CP1) == ["T2", "T1"]
    assert await numbers(station_id=CP1, is_open=True) == ["T1"]
    assert await numbers(is_open=False) == ["T2"]
    assert await numbers(id_token="oTHER") == ["T3"]
    assert await numbers(transaction_id="t2") == ["T2"]
    assert await numbers(station_id=CP2, transaction_id="t2") == []


async def test_a_list_goes_on_where_it_ended(database: Database) -> None:
    """Also where many began at the same instant, and where the last one shown is gone or has moved on."""
    rows = [replace(row(number), started_at=minutes(number // 3)) for number in range(1, 10)]
    await database.run_write(lambda c: write(c, *rows))
    found: list[TransactionRecord] = []
    after: Place | None = None
    while page := await database.run_read(partial(find_transactions, wanted=WHOLE, limit=2, after=after)):
        found += page
        after = place_of(found[-1])
    assert [each.transaction_no for each in found] == list(range(9, 0, -1))


async def test_too_many_are_not_counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number that nobody needs must not cost a second."""
    monkeypatch.setattr(storage, "COUNT_MOST", 2)
    await database.run_write(lambda c: write(c, row(1), row(2)))
    assert await database.run_read(lambda c: count_transactions(c, TransactionsWanted())) == 2
    await database.run_write(lambda c: write(c, row(3)))
    assert await database.run_read(lambda c: count_transactions(c, TransactionsWanted())) is None
    assert await database.run_read(lambda c: count_transactions(c, TransactionsWanted(is_open=False))) == 0


async def test_a_record_shows_what_people_want(database: Database) -> None:
    """The rest of the row is the rules' own."""
    whole = row(
        connector_id=2,
        evse_id=1,
        ended_at=minutes(9),
        charging_state=ChargingState.IDLE,
        energy_wh=7.5,
        stopped_reason="Local",
        cost_micro=12,
        flags=("orphan", "offline"),
    )
    await database.run_write(lambda c: write(c, whole))
    (record,) = await database.run_read(lambda c: find_transactions(c, TransactionsWanted(), 1))
    expected = TransactionRecord(
        station_id=CP1,
        transaction_id="T1",
        evse_id=1,
        connector_id=2,
        id_token=TAG,
        started_at=minutes(1),
        ended_at=minutes(9),
        charging_state=ChargingState.IDLE,
        energy_wh=7.5,
        stopped_reason="Local",
        cost_micro=12,
        flags=("orphan", "offline"),
    )
    assert replaced(record, transaction_no=0) == expected
    assert not record.is_open


def test_a_kind_of_token_that_no_version_knows_stays() -> None:
    """As it came."""
    for token in (TAG, IdToken("x", IdTokenType.KEY_CODE), IdToken("x", "Odd")):
        assert token_from_texts(token.value, token_type_text(token)) == token
    assert isinstance(minutes(1), datetime)
