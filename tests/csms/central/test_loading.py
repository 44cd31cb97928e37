"""What a batch loads: only what its messages touch, whatever they are."""

from sqlalchemy import event

from csms.central.loading import RecentTransactions, load_state
from csms.central.write_requests import NOTHING, LinkEnd, WriteRequest
from csms.domain.concurrency import ConcurrencyLimit
from csms.domain.inbound import PricedResponse
from csms.domain.records import ConnectorRecord
from csms.rules.orphans import orphan_name
from csms.rules.rows import ConnectorRow
from csms.storage.connectors import write_connectors
from csms.storage.counters import Turn
from csms.storage.transactions import write_transactions
from ocppj.model.authorization import Authorize
from ocppj.model.availability import StatusNotification
from ocppj.vocabulary import ConnectorStatus, Epoch, IdToken, StationId
from runtime.database import Database
from tests.csms.storage.test_transactions import row
from tests.support.inbound import (
    ACCEPTED,
    CP1,
    CP2,
    ENDED,
    NOON,
    TAG,
    UPDATED,
    event201,
    inbound,
    start16,
    stop16,
    values16,
)

FREE = ConnectorRecord(CP1, 1, 1, ConnectorStatus.AVAILABLE, "Available", received_at=NOON)


async def stocked(database: Database) -> None:
    """Two stations with a transaction each, an orphan and a connector."""
    rows = [row(1), row(2, CP2), row(3, transaction_id=orphan_name("57"))]
    await database.run_write(lambda c: write_transactions(c, rows, {}))
    await database.run_write(lambda c: write_connectors(c, [ConnectorRow(FREE, NOON)]))


async def test_a_batch_loads_what_its_messages_name(database: Database) -> None:
    """By id, by number or orphan, by station."""
    await stocked(database)
    write_requests = [
        WriteRequest(inbound(event201(UPDATED, 1, NOON), "a")),
        WriteRequest(inbound(values16("57", 1, NOON), "b")),
        WriteRequest(inbound(values16(None, 1, NOON), "c")),
        WriteRequest(inbound(StatusNotification(1, 1, ConnectorStatus.FAULTED, "Faulted"), "d")),
        WriteRequest(inbound(Authorize(TAG), "e")),
        WriteRequest(LinkEnd(CP1, Epoch(1), NOON, "")),
    ]
    state = await database.run_write(
        lambda c: load_state(c, write_requests, RecentTransactions(), Turn(3, 0, 0))
    )
    assert set(state.transactions[CP1]) == {"t1", "orphan-57"}
    assert CP2 not in state.transactions
    assert state.connectors == {(CP1, 1, 1): FREE}
    assert state.last_number == 3


async def test_starts_and_stops_without_a_number_load_what_is_open(database: Database) -> None:
    """Of their station."""
    await stocked(database)
    for message in (start16(), stop16(None, 1, NOON)):
        state = await database.run_write(
            lambda c, message=message: load_state(
                c, [WriteRequest(inbound(message))], RecentTransactions(), Turn(3, 0, 0)
            )  # type: ignore[misc]
        )
        assert set(state.transactions) == {CP1}
        assert set(state.stored) == {1, 3}


async def test_a_batch_is_one_query_per_table(database: Database) -> None:
    """However many messages it has; what moved lately is not loaded at all."""
    await stocked(database)
    statements: list[str] = []
    event.listen(
        database._backend.write_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement.split("JOIN")[-1].split()[0]),
    )
    write_requests = [
        WriteRequest(inbound(event201(ENDED, n, NOON, transaction_id=f"x{n}"), f"m{n}")) for n in range(100)
    ]
    await database.run_write(lambda c: load_state(c, write_requests, RecentTransactions(), Turn(3, 0, 0)))
    assert statements == ["BEGIN", "received_messages", "transactions", "charging_profiles"]
    recent = RecentTransactions()
    recent.apply([row(number, transaction_id=f"x{number}") for number in range(100)])
    statements.clear()
    await database.run_write(lambda c: load_state(c, write_requests, recent, Turn(3, 0, 0)))
    assert statements == ["BEGIN", "received_messages", "charging_profiles"]


async def test_a_limited_token_loads_what_it_has_open_anywhere(database: Database) -> None:
    """Of every station, but neither what ended nor what is another token's."""
    rows = [
        row(1, id_token=TAG),
        row(2, CP2, id_token=IdToken(TAG.value.lower())),
        row(3, CP2, transaction_id="ended", id_token=TAG, ended_at=NOON),
        row(4, CP2, transaction_id="other", id_token=IdToken("OTHER")),
    ]
    await database.run_write(lambda c: write_transactions(c, rows, {}))
    proposal = PricedResponse("", ACCEPTED, concurrency=(ConcurrencyLimit(1, (TAG,)),))
    start = inbound(start16(evse_id=None, connector_id=None), station_id=StationId("cp3"))
    for proposed, numbers in ((proposal, {1, 2}), (NOTHING, set())):
        state = await database.run_write(
            lambda c, proposed=proposed: load_state(  # type: ignore[misc] # a lambda's default
                c, [WriteRequest(start, proposed)], RecentTransactions(), Turn(4, 0, 0)
            )
        )
        assert set(state.numbered) == numbers
