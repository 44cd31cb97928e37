"""runtime.mqtt against a real Mosquitto that is started, stopped and frozen by the test."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiomqtt
import pytest

from runtime.clock import ScaledClock
from runtime.errors import BrokerUrlInvalid
from runtime.lifecycle import Background
from runtime.mqtt import BrokerAddress, OutboxMessage, Publisher
from tests.support.broker import Broker, needs_broker
from tests.support.waiting import PATIENCE_S, until


class Outbox:
    """An outbox in memory that behaves like the table: nothing leaves before it is delivered."""

    def __init__(self) -> None:
        self.waiting: list[OutboxMessage] = []
        self._changed = asyncio.Condition()
        self._next_id = 1

    async def add(self, count: int) -> None:
        """Queue `count` messages."""
        async with self._changed:
            for _ in range(count):
                self.waiting.append(
                    OutboxMessage(self._next_id, "borne/v1/test", str(self._next_id).encode())
                )
                self._next_id += 1
            self._changed.notify_all()

    async def next_batch(self, limit: int) -> list[OutboxMessage]:
        """As OutboxSource."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.waiting)
            return self.waiting[:limit]

    async def delivered(self, ids: Sequence[int]) -> None:
        """As OutboxSource."""
        async with self._changed:
            self.waiting = [message for message in self.waiting if message.id not in ids]
            self._changed.notify_all()

    async def until_empty(self) -> None:
        """Wait until everything is delivered."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: not self.waiting)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """A broker that does not run yet."""
    made = Broker(tmp_path)
    yield made
    await made.stop()


@pytest.fixture
async def background() -> AsyncIterator[Background]:
    """Owner of the publisher's task."""
    async with Background("test") as tasks:
        yield tasks


def publisher(broker: Broker, outbox: Outbox, *, hurry: float = 50.0) -> Publisher:
    """A publisher whose back-off passes quickly; its patience with the broker too."""
    return Publisher(BrokerAddress.parse(broker.url), outbox, ScaledClock(hurry), client_id="borne-test")


async def received(client: aiomqtt.Client, last: int) -> list[int]:
    """What a consumer sees up to message `last`."""
    seen: list[int] = []
    async with asyncio.timeout(PATIENCE_S):
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            seen.append(int(message.payload))
            if seen[-1] == last:
                break
    return seen


@needs_broker
async def test_messages_arrive_in_order(broker: Broker, background: Background) -> None:
    """Every message, once, in the order of its id; delivered only then."""
    await broker.start()
    outbox = Outbox()
    sender = publisher(broker, outbox, hurry=1.0)  # a busy broker is waited for: else they come twice
    async with aiomqtt.Client("127.0.0.1", broker.port) as consumer:
        await consumer.subscribe("borne/#", qos=1)
        background.start(sender.run())
        await outbox.add(100)
        assert await received(consumer, 100) == list(range(1, 101))
    await outbox.until_empty()
    assert (sender.published, sender.failures, sender.is_connected) == (100, 0, True)


@needs_broker
async def test_nothing_is_lost_while_the_broker_is_down(broker: Broker, background: Background) -> None:
    """Not there at first, killed on the way: every message arrives after its return, in order."""
    outbox = Outbox()
    sender = publisher(broker, outbox)
    await outbox.add(10)
    background.start(sender.run())
    await until(lambda: sender.failures >= 2)
    await broker.start()
    await outbox.until_empty()
    await broker.stop()
    await until(lambda: not sender.is_connected)  # an idle publisher notices as well
    await outbox.add(50)
    await broker.start()
    async with aiomqtt.Client("127.0.0.1", broker.port) as consumer:
        await consumer.subscribe("borne/#", qos=1)
        await outbox.until_empty()
        await outbox.add(1)
        seen = await received(consumer, 61)
    assert seen == sorted(seen)
    assert sender.published >= 61


@needs_broker
async def test_a_hanging_broker_is_left(
    broker: Broker, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker that takes the bytes and never acknowledges counts as gone; its messages go out again."""
    monkeypatch.setattr("runtime.mqtt.ANSWER_WITHIN_S", 0.3)
    await broker.start()
    outbox = Outbox()
    sender = publisher(broker, outbox)
    background.start(sender.run())
    await outbox.add(5)
    await outbox.until_empty()
    broker.freeze(frozen=True)
    await outbox.add(5)
    await until(lambda: sender.failures)
    assert [message.id for message in outbox.waiting] == [6, 7, 8, 9, 10]
    broker.freeze(frozen=False)
    await outbox.until_empty()
    assert sender.published == 10


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://broker", BrokerAddress("broker", 1883, is_secure=False)),
        ("mqtts://broker/", BrokerAddress("broker", 8883, is_secure=True)),
        (
            "mqtt://u:p%40%2F@[::1]:99",
            BrokerAddress("::1", 99, is_secure=False, username="u", password="p@/"),
        ),
        ("mqtt://u@h", BrokerAddress("h", 1883, is_secure=False, username="u")),
    ],
)
def test_urls(url: str, address: BrokerAddress) -> None:
    """The usual forms."""
    assert BrokerAddress.parse(url) == address


@pytest.mark.parametrize(
    "url", ["", "broker:1883", "http://h", "mqtt://", "mqtt://u:secret@h:port", "mqtt://u:secret@h/topic"]
)
def test_bad_urls_are_refused_without_showing_them(url: str) -> None:
    """The error says how to write it and holds no password, nor does its cause or a parsed address."""
    with pytest.raises(BrokerUrlInvalid, match="must look like") as caught:
        BrokerAddress.parse(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "secret" not in repr(BrokerAddress.parse("mqtt://u:secret@h"))
