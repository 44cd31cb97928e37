"""The message writer: durable before the answer, once, in order, and what happens when the disk refuses."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from csms.central import message_writer as module
from csms.domain.links import LinkSecurity, LinkView
from csms.domain.quarantine import QuarantineCause
from csms.errors import StorageUnavailable, WriterBusy, WriterStopped
from csms.rules.state import Decision
from ocppj.model.availability import StatusNotification
from ocppj.model.messages import Acknowledged, Reply
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.versions import OcppVersion
from ocppj.vocabulary import ConnectorStatus, Epoch, StationId
from runtime.clock import SystemClock
from tests.support.both_databases import Place
from tests.support.inbound import ACCEPTED, CP1, ENDED, NOON, TAG, minutes, start16, stop16, values16
from tests.support.message_writer import WITHIN_S, Desk, copy_as_if_killed, desk, rows_of

SAMPLES = "SELECT count(*) FROM meter_samples"


def view(epoch: Epoch) -> LinkView:
    """A link of cp1."""
    return LinkView(CP1, epoch, OcppVersion.V16, "192.0.2.1", LinkSecurity.UNAUTHENTICATED, NOON, NOON, None)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What was logged, instead of printing tracebacks."""
    with capture_logs() as entries:
        yield entries


async def failure(future: "asyncio.Future[Any]") -> BaseException | None:
    """How it failed."""
    await asyncio.wait([future], timeout=WITHIN_S)
    return future.exception()


async def charge(at: Desk, number: int) -> None:
    """A transaction of cp1 on connector `number`, with one reading."""
    started = await at.submit(
        start16(1000, evse_id=number),
        f"a{number}",
        TransactionEventResponse("", ACCEPTED),
        content=b"a%d" % number,
    )
    assert isinstance(started, TransactionEventResponse)
    await at.submit(values16(started.transaction_id, 1500, minutes(number)), f"b{number}")
    stop = stop16(started.transaction_id, 2000, minutes(number + 1))
    await at.submit(stop, f"c{number}", TransactionEventResponse(started.transaction_id))


async def test_an_answered_message_is_on_the_disk(tmp_path: Path) -> None:
    """DUR-01: a process killed right after the answer has lost nothing (the file is copied as it is then)."""
    path = tmp_path / "borne.db"
    async with desk(path) as at:
        for number in range(1, 4):
            await charge(at, number)
            copy_as_if_killed(path, tmp_path / "copy.db")
            rows = rows_of(tmp_path / "copy.db", "SELECT transaction_id, meter_stop_wh FROM transactions")
            assert rows[-1] == (str(number), 2000.0)
            assert len(rows_of(tmp_path / "copy.db", "SELECT * FROM meter_samples")) == number


async def test_a_retry_after_a_restart_gets_the_first_answer(tmp_path: Path) -> None:
    """DUR-05: under its own id and under a new one; the next start gets the next number."""
    path = tmp_path / "borne.db"
    async with desk(path) as at:
        first = await at.start("m1")
        copy_as_if_killed(path, tmp_path / "killed.db")
    async with desk(tmp_path / "killed.db") as at:
        blocked = TransactionEventResponse("", None)
        assert await at.submit(start16(), "m1", blocked) == first == TransactionEventResponse("1", ACCEPTED)
        assert await at.submit(start16(), "m2", blocked) == first
        assert at.told() == []
        second = await at.submit(start16(at=minutes(9)), "m3", TransactionEventResponse("", ACCEPTED))
        assert second == TransactionEventResponse("2", ACCEPTED)


async def test_messages_of_one_batch_see_each_other(place: Place) -> None:
    """Decided in their order of arrival, written in one commit, each with its own answer."""
    async with desk(place) as at:
        at.disk.pause()
        await asyncio.sleep(0)
        futures = [
            at.start("m1"),
            at.start("m2"),
            at.submit(values16("1", 1200, minutes(1)), "m3"),
            at.submit(values16("1", 1200, minutes(1)), "m4"),
            at.submit(stop16("1", 2000, minutes(2)), "m5", TransactionEventResponse("1")),
            at.submit(stop16("1", 2000, minutes(2)), "m6", TransactionEventResponse("1")),
        ]
        at.disk.go_on()
        replies = await asyncio.wait_for(asyncio.gather(*futures), WITHIN_S)
        assert replies[0] == replies[1] == TransactionEventResponse("1", ACCEPTED)
        assert replies[2] == replies[3] == Acknowledged()
        assert replies[4] == replies[5] == TransactionEventResponse("1")
        assert await at.column("SELECT energy_wh FROM transactions") == [1000]
        assert await at.column(SAMPLES) == [1]
        assert at.disk.writes <= 3  # opening, the first message alone, all others


async def test_a_batch_is_bounded_and_keeps_the_order(place: Place) -> None:
    """BATCH_MOST messages to a commit; a station's messages are stored as they came."""
    async with desk(place) as at:
        await at.start("s")
        at.disk.pause()
        futures = [at.submit(values16("1", n, minutes(n)), f"m{n}") for n in range(module.BATCH_MOST * 3)]
        at.disk.go_on()
        await asyncio.wait_for(asyncio.gather(*futures), WITHIN_S)
        values = await at.column("SELECT value FROM meter_samples ORDER BY sample_id")
        assert values == [float(n) for n in range(module.BATCH_MOST * 3)]
        assert 3 <= at.central.message_store.batches - 1 <= 5
        assert at.central.message_store.stored == module.BATCH_MOST * 3 + 1


async def test_a_single_message_does_not_wait_for_others(place: Place) -> None:
    """A commit of one, at once: the manual clock never moves."""
    async with desk(place) as at:
        await asyncio.wait_for(at.start("m1"), WITHIN_S)
        assert at.central.message_store.batches == 1


async def test_news_go_out_after_the_commit_and_after_the_answer(place: Place) -> None:
    """Whoever hears of it finds it stored, and the station's answer is on its way."""
    async with desk(place) as at:
        future = at.start("m1")
        heard = await asyncio.wait_for(at.events.next(), WITHIN_S)
        assert heard is not None
        assert heard.event == "transaction.started"
        assert future.done()
        assert await at.column("SELECT count(*) FROM transactions") == [1]


# --- When it cannot store -----------------------------------------------------------------------------------


async def test_a_disk_that_refuses_fails_every_message_and_forgets_nothing(place: Place) -> None:
    """DBX-05: the station keeps its message, sends it again when there is room, and it is stored once."""
    async with desk(place) as at:
        await at.start("m1")
        at.told()
        at.disk.is_full = True
        values = at.submit(values16("1", 1500, minutes(1)), "m2")
        other = at.submit(start16(evse_id=2), "m3", TransactionEventResponse("", ACCEPTED))
        link = at.central.message_store.link_opened(view(Epoch(1)))
        for future in (values, other, link):
            error = await failure(future)
            assert isinstance(error, StorageUnavailable)
            assert "full" in str(error)
        assert at.told() == []
        assert at.central.message_store.failures == 3
        at.disk.is_full = False
        assert await at.submit(values16("1", 1500, minutes(1)), "m2") == Acknowledged()
        again = await at.submit(start16(evse_id=2), "m3", TransactionEventResponse("", ACCEPTED))
        assert again == TransactionEventResponse("2", ACCEPTED)
        assert await at.column("SELECT energy_wh FROM transactions ORDER BY transaction_no") == [500, None]
        assert await at.column(SAMPLES) == [1]


async def test_sqlite_itself_running_out_of_room(tmp_path: Path) -> None:
    """SQLITE_FULL by a page limit: the commit is rolled back as a whole, and it goes on afterwards."""
    async with desk(tmp_path / "borne.db") as at:
        pages = (await at.column("PRAGMA page_count"))[0]

        async def limit(most: int) -> None:
            await at.disk.run_write(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={most}").scalar())

        await limit(pages)
        started = await at.start("m1")
        futures = [at.submit(values16("1", n, minutes(n)), f"m{n}" * 100) for n in range(2, 120)]
        errors = [await failure(future) for future in futures]
        assert any(isinstance(error, StorageUnavailable) for error in errors)
        await limit(1_000_000)
        for n in range(2, 120):
            await at.submit(values16("1", n, minutes(n)), f"m{n}" * 100)
        assert started == TransactionEventResponse("1", ACCEPTED)
        assert await at.column("SELECT count(*), count(DISTINCT value) FROM meter_samples") == [118]
        assert await at.column("SELECT count(DISTINCT value) FROM meter_samples") == [118]


async def test_a_bad_message_is_bad_alone(place: Place) -> None:
    """FUZ-01: what SQLite cannot hold is kept raw, and answered; the others of its batch are stored."""
    async with desk(place) as at:
        at.disk.pause()
        await asyncio.sleep(0)
        bad = TransactionEvent(ENDED, "T\ud800", NOON, seq_no=0)
        futures = [
            at.start("m1"),
            at.submit(bad, "m2", TransactionEventResponse("T"), content=b"raw"),
            at.submit(start16(evse_id=2**70), "m3", TransactionEventResponse("", ACCEPTED), content=b"huge"),
            at.submit(start16(evse_id=3, at=minutes(1)), "m4", TransactionEventResponse("", ACCEPTED)),
        ]
        at.disk.go_on()
        replies = await asyncio.wait_for(asyncio.gather(*futures), WITHIN_S)
        assert replies == [
            TransactionEventResponse("1", ACCEPTED),
            TransactionEventResponse("T"),
            TransactionEventResponse("2", ACCEPTED),
            TransactionEventResponse("3", ACCEPTED),
        ]
        assert await at.column("SELECT transaction_id FROM transactions ORDER BY 1") == ["1", "3"]
        assert await at.column("SELECT raw FROM quarantine") == [b"raw", b"huge"]
        assert all(
            reason.startswith("not stored: ") for reason in await at.column("SELECT reason FROM quarantine")
        )
        assert at.central.message_store.failures == 0


async def test_what_follows_a_bad_start_is_an_orphan(place: Place) -> None:
    """Its number was given out and is nobody else's, also after a restart."""
    async with desk(place) as at:
        for _ in range(2):  # the first answer again, although nothing else could be stored
            bad = at.submit(start16(evse_id=2**70), "m1", TransactionEventResponse("", ACCEPTED))
            assert await bad == TransactionEventResponse("1", ACCEPTED)
        assert await at.column("SELECT count(*) FROM quarantine") == [1]
        await at.submit(stop16("1", 2000, minutes(1)), "m2", TransactionEventResponse("1"))
        assert await at.column("SELECT transaction_id FROM transactions") == ["orphan-1"]
    async with desk(place) as at:
        assert await at.start("m3") == TransactionEventResponse("3", ACCEPTED)  # the orphan has number 2


async def test_facts_that_cannot_be_written_fail_alone(place: Place) -> None:
    """A link with an impossible epoch."""
    async with desk(place) as at:
        at.disk.pause()
        await asyncio.sleep(0)
        first, bad = at.start("m0"), at.central.message_store.link_opened(view(Epoch(2**70)))
        good = at.start("m1", evse_id=2)
        at.disk.go_on()
        assert isinstance(await failure(bad), StorageUnavailable)
        assert await first == TransactionEventResponse("1", ACCEPTED)
        assert await good == TransactionEventResponse("2", ACCEPTED)


async def test_a_full_queue_refuses_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """LOAD-03: memory is bounded; sockets close, stations keep what they have."""
    monkeypatch.setattr(module, "QUEUE_MOST", 3)
    monkeypatch.setattr(module.MessageWriter.__init__, "__kwdefaults__", {"queue_most": 3})
    async with desk(place) as at:
        at.disk.pause()
        await asyncio.sleep(0)
        taken = at.start("m0")
        await asyncio.sleep(0)
        waiting = [at.start(f"m{n}", evse_id=n) for n in range(1, 4)]
        refused = at.start("m9", evse_id=9)
        assert isinstance(await failure(refused), WriterBusy)
        at.central.message_store.note(Decision())
        assert at.central.message_store.failures == 2
        assert at.central.message_store.waiting == 3
        at.disk.go_on()
        await asyncio.wait_for(asyncio.gather(taken, *waiting), WITHIN_S)


async def test_a_listener_that_fails_does_not_stop_the_writer(place: Place) -> None:
    """It is told in the log."""

    def refuse(_: object) -> bool:
        raise LookupError("no")

    async with desk(place) as at, asyncio.timeout(WITHIN_S):
        at.bus.subscribe(accepts=refuse)
        assert await at.start("m1") == TransactionEventResponse("1", ACCEPTED)
        assert await at.start("m2", evse_id=2) == TransactionEventResponse("2", ACCEPTED)


# --- Links and epochs -------------------------------------------------------------------------------------


async def test_an_old_link_never_touches_a_newer_one(place: Place) -> None:
    """REL-01: whichever closing comes last."""
    async with desk(place) as at:
        message_store = at.central.message_store
        old, new = await message_store.next_epoch(), await message_store.next_epoch()
        assert old < new
        await message_store.link_opened(view(old))
        await message_store.link_opened(view(new))
        await message_store.link_closed(CP1, old, minutes(1), "4000 replaced")
        assert await at.column("SELECT disconnected_at FROM links") == [None]
        assert await at.column("SELECT epoch FROM links") == [new]
        await message_store.link_closed(CP1, new, minutes(2), "1000 bye")
        assert at.told() == ["link.connected", "link.connected", "link.disconnected"]
        assert await at.column("SELECT reason FROM links") == ["1000 bye"]


async def test_epochs_grow_over_a_kill(tmp_path: Path) -> None:
    """Also those of links that never reached the database."""
    path = tmp_path / "borne.db"
    async with desk(path) as at:
        last = [await at.central.message_store.next_epoch() for _ in range(5)][-1]
        copy_as_if_killed(path, tmp_path / "killed.db")
    async with desk(tmp_path / "killed.db") as at:
        assert await at.central.message_store.next_epoch() > last


async def test_quarantine_is_durable_before_the_refusal(place: Place) -> None:
    """The message as it came, with its reason."""
    async with desk(place) as at:
        await at.central.message_store.quarantine(
            CP1, Epoch(3), b"[2,", "FormatViolation: $", NOON, cause=QuarantineCause.EARLY
        )
        assert await at.column("SELECT station_id || epoch || reason || ' ' || cause FROM quarantine") == [
            "cp13FormatViolation: $ before-accepted"
        ]


# --- Stopping ---------------------------------------------------------------------------------------------


async def test_what_was_accepted_is_written_before_the_end(tmp_path: Path) -> None:
    """REL-04: then nothing more is taken."""
    path = tmp_path / "borne.db"
    async with desk(path) as at:
        futures = [at.start(f"m{n}", evse_id=n) for n in range(300)]
    replies = await asyncio.gather(*futures)
    assert [reply.transaction_id for reply in replies if isinstance(reply, TransactionEventResponse)][
        -1
    ] == "300"
    assert rows_of(path, "SELECT count(*) FROM transactions") == [(300,)]
    late: asyncio.Future[Reply] = at.start("late")
    assert isinstance(await failure(late), WriterStopped)
    at.central.message_store.note(Decision())


async def test_a_disk_that_hangs_does_not_hold_up_the_end(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After STOP_WITHIN_S whatever waits has failed."""
    monkeypatch.setattr(module, "STOP_WITHIN_S", 0.05)
    async with desk(place, clock=SystemClock()) as at:
        at.disk.pause()
        await asyncio.sleep(0)
        futures = [at.start(f"m{n}", evse_id=n) for n in range(3)]
    for future in futures:
        assert isinstance(await failure(future), StorageUnavailable | asyncio.CancelledError)


async def test_two_stations_do_not_share_anything(place: Place) -> None:
    """Same ids, same contents."""
    async with desk(place) as at:
        status = StatusNotification(1, 1, ConnectorStatus.AVAILABLE, "Available")
        for station in ("a", "b"):
            await at.submit(status, "1", station_id=StationId(station))
            await at.submit(
                start16(id_token=TAG),
                "2",
                TransactionEventResponse("", ACCEPTED),
                station_id=StationId(station),
            )
        assert await at.column("SELECT station_id FROM connectors ORDER BY 1") == ["a", "b"]
        assert await at.column("SELECT station_id FROM transactions ORDER BY 1") == ["a", "b"]


async def test_a_batch_that_cannot_be_finished_is_the_last_of_nobody_else(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One task records for all stations (ADR 0009): those of the batch get no answer, the next ones do."""
    async with desk(place) as at, asyncio.timeout(WITHIN_S):
        with monkeypatch.context() as patch:

            def fail(*_: object) -> None:
                raise RuntimeError("boom")

            patch.setattr(at.central.message_store._writer, "committed", fail)
            assert isinstance(await failure(at.start("m1")), StorageUnavailable)
        assert isinstance(await at.start("m2", evse_id=2), TransactionEventResponse)
