"""The writer between batches: what it remembers, and what it prunes."""

import asyncio
from pathlib import Path

import pytest

from csms.central import loading
from csms.central.batch import WRITERS
from csms.central.loading import RecentTransactions
from csms.central.write_requests import WriteRequest
from csms.errors import MessageNotStored
from csms.rules.rows import Row, TransactionRow
from csms.rules.state import Decision
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import StationId
from tests.csms.storage.test_transactions import row
from tests.support.inbound import CP1, NOON, inbound, minutes, start16, stop16, values16
from tests.support.message_writer import desk


def test_every_kind_of_row_has_its_table() -> None:
    """A row that nobody writes would be lost in silence; one asks for numbers and has none."""
    assert set(WRITERS) | {TransactionRow} == set(Row.__subclasses__())


async def test_a_transaction_that_was_forgotten_is_loaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is an economy, not a truth."""
    monkeypatch.setattr(loading.RecentTransactions, "get", lambda *_: None)
    async with desk(tmp_path / "borne.db") as at:
        await at.start("m1")
        await at.submit(values16("1", 1500, minutes(1)), "m2")
        await at.submit(stop16("1", 2000, minutes(2)), "m3")
        assert await at.column("SELECT energy_wh FROM transactions") == [1000]


async def test_a_batch_that_failed_is_not_remembered(tmp_path: Path) -> None:
    """Numbers and transactions go on from what is committed."""
    async with desk(tmp_path / "borne.db") as at:
        await at.start("m1")
        at.disk.is_full = True
        failed = at.submit(values16("1", 9000, minutes(1)), "m2")
        await asyncio.wait([failed])
        assert failed.exception() is not None
        at.disk.is_full = False
        await at.submit(values16("1", 1500, minutes(2)), "m3")
        assert await at.column("SELECT meter_stop_wh, meter_peak_wh FROM transactions") == [1500]
        assert await at.column("SELECT meter_peak_wh FROM transactions") == [1500]


def test_recent_transactions_are_bounded_and_open() -> None:
    """The one that moved longest ago is forgotten first; an ended one at once."""
    recent = RecentTransactions(most=2)
    rows = [row(number) for number in range(3)]
    recent.apply(rows[:2])
    recent.apply([rows[0], rows[2]])
    assert recent.get(CP1, "t0") is rows[0]
    assert recent.get(CP1, "T1") is None
    assert recent.get(StationId("x"), "T0") is None
    recent.apply([row(0, ended_at=NOON)])
    assert recent.get(CP1, "T0") is None


async def test_a_job_ends_once() -> None:
    """A future that was cancelled is left alone, and so is a request for which nobody waits."""
    future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    write_request = WriteRequest(inbound(start16()), TransactionEventResponse(""), future)
    future.cancel()
    write_request.finish(Decision())
    write_request.fail(MessageNotStored("late"))
    assert future.cancelled()
    WriteRequest(inbound(start16())).finish(Decision())
    WriteRequest(inbound(start16())).fail(MessageNotStored("nobody"))
