"""The outbox: nothing is lost, nothing overtakes, and topics hold no station's tricks (BUS-01, SEC-14)."""

import asyncio
import json
from pathlib import Path

import pytest

from csms.central.outbox import topic_of
from tests.support.both_databases import Place
from tests.support.inbound import minutes, stop16
from tests.support.message_writer import WITHIN_S, copy_as_if_killed, desk


@pytest.mark.parametrize(
    ("station_id", "topic_part"),
    [
        ("cp-1", "cp-1"),
        ("0024:b100", "0024:b100"),
        ("a+b", "a%2Bb"),
        ("#", "%23"),
        ("$SYS", "%24SYS"),
        ("a/b", "a%2Fb"),
        ("50%", "50%25"),
        ("é", "%C3%A9"),
    ],
)
def test_a_station_id_is_one_level_of_a_topic(station_id: str, topic_part: str) -> None:
    """Whatever MQTT would read in it."""
    assert topic_of(station_id, "link.connected") == f"borne/v1/stations/{topic_part}/events/link.connected"


async def test_news_wait_until_the_broker_has_them(tmp_path: Path) -> None:
    """In order, over a restart, and no longer."""
    path = tmp_path / "borne.db"
    async with desk(path, has_outbox=True) as at:
        await at.start("m1")
        await at.submit(stop16("1", 2000, minutes(1)), "m2")
        copy_as_if_killed(path, tmp_path / "killed.db")
    async with desk(tmp_path / "killed.db", has_outbox=True) as at:
        batch = await at.central.outbox.next_batch(20)
        assert [json.loads(message.payload)["event"] for message in batch] == [
            "transaction.started",
            "transaction.ended",
        ]
        first = json.loads(batch[0].payload)
        assert first["id"] == batch[0].id
        assert set(first) == {"id", "event", "station_id", "at", "payload"}
        assert batch[0].topic == "borne/v1/stations/cp1/events/transaction.started"
        assert await at.central.outbox.next_batch(1) == batch[:1]  # not delivered: again
        await at.central.outbox.delivered([batch[0].id])
        assert await at.central.outbox.next_batch(20) == batch[1:]


async def test_a_publisher_that_waits_hears_of_what_comes(place: Place) -> None:
    """Without asking again and again."""
    async with desk(place, has_outbox=True) as at, asyncio.timeout(WITHIN_S):
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(at.central.outbox.next_batch(20))
            await asyncio.sleep(0)
            await at.start("m1")
        assert len(waiting.result()) == 1


async def test_without_a_broker_nothing_is_written(place: Place) -> None:
    """The table would grow for nobody."""
    async with desk(place, has_outbox=False) as at:
        await at.start("m1")
        assert await at.column("SELECT count(*) FROM outbox") == [0]


async def test_what_is_not_stored_is_not_told(place: Place) -> None:
    """One transaction for both."""
    async with desk(place, has_outbox=True) as at:
        at.disk.is_full = True
        failed = at.start("m1")
        await asyncio.wait([failed], timeout=WITHIN_S)
        assert failed.exception() is not None
        assert await at.column("SELECT count(*) FROM outbox") == [0]
