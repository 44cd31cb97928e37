"""Publishing an outbox over MQTT 5, QoS 1: the broker may come and go, nothing is lost and order is kept."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiomqtt

from runtime.clock import Clock
from runtime.errors import BrokerUrlInvalid, DatabaseProblem
from runtime.logs import get_logger
from runtime.wording import Phrase

BATCH = 20  # messages in flight: so many may arrive twice after a crash
KEEP_ALIVE_S = 15
ANSWER_WITHIN_S = 10.0  # a broker that does not acknowledge is treated as gone
RETRY_FIRST_S = 1.0
RETRY_MOST_S = 30.0

log = get_logger("runtime.mqtt")


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One event on its way out. `id` grows in the order of publication."""

    id: int
    topic: str
    payload: bytes


class OutboxSource(Protocol):
    """Where the messages wait, durably."""

    async def next_batch(self, limit: int) -> list[OutboxMessage]:
        """The oldest `limit` messages not delivered, in order of id; waits until there is at least one."""
        ...

    async def delivered(self, ids: Sequence[int]) -> None:
        """The broker has acknowledged these; forget them."""
        ...


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker. The password is in no repr."""

    host: str
    port: int
    is_secure: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "BrokerAddress":
        """Read `mqtt[s]://[user[:password]@]host[:port]`. Raises BrokerUrlInvalid."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BrokerUrlInvalid(_URL_FORM) from None  # the cause would show the URL with its password
        has_more = parts.path not in ("", "/") or parts.query or parts.fragment
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname or has_more:
            raise BrokerUrlInvalid(_URL_FORM)
        is_secure = parts.scheme == "mqtts"
        username = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, port or (8883 if is_secure else 1883), is_secure, username, password)


_URL_FORM = Phrase(
    "L'URL du courtier MQTT doit ressembler à mqtt://broker.example:1883 ou à "
    "mqtts://user:password@broker.example (dans un mot de passe, @ et / s'écrivent %40 et %2F).",
    "The MQTT broker's URL must look like mqtt://broker.example:1883 or mqtts://user:password@broker.example "
    "(characters like @ or / in a password are written %40 and %2F).",
)


class Publisher:
    """Moves messages from an OutboxSource to a broker until cancelled; reconnects with back-off.

    For metrics: `is_connected`, `published` (acknowledged) and `failures` (connections lost or refused).
    """

    def __init__(self, address: BrokerAddress, source: OutboxSource, clock: Clock, *, client_id: str) -> None:
        self._address = address
        self._source = source
        self._clock = clock
        self._client_id = client_id
        self.is_connected = False
        self.published = 0
        self.failures = 0

    async def run(self) -> None:
        """Publish for ever. Run it in a Background; cancel it to stop."""
        retry_s = RETRY_FIRST_S
        while True:
            published_before = self.published
            try:
                await self._connected()
            except* (aiomqtt.MqttError, OSError, TimeoutError, DatabaseProblem) as group:
                retry_s = self._retry_s(published_before, retry_s)
                self._lost(group, retry_s)
            except* Exception as group:  # whatever one message does to the client, the server goes on
                retry_s = self._retry_s(published_before, retry_s)
                self.failures += 1
                log.exception("publishing_failed", exc_info=group, retry_in_s=retry_s)
            finally:
                self.is_connected = False
            await self._clock.sleep(retry_s)

    def _retry_s(self, published_before: int, last_s: float) -> float:
        """The next pause: the first one again after a connection that worked, else twice as long."""
        return RETRY_FIRST_S if self.published > published_before else min(last_s * 2, RETRY_MOST_S)

    def _lost(self, group: BaseExceptionGroup[BaseException], retry_s: float) -> None:
        self.failures += 1
        log.warning(
            "broker_lost",
            host=self._address.host,
            port=self._address.port,
            reason="; ".join(str(error) or type(error).__name__ for error in group.exceptions),
            retry_in_s=retry_s,
            way_out="events wait in the outbox; check that the broker runs and takes the credentials",
        )

    async def _connected(self) -> None:
        async with self._client() as client, asyncio.TaskGroup() as parts:
            self.is_connected = True
            log.info("broker_connected", host=self._address.host, port=self._address.port)
            parts.create_task(_until_lost(client), name="mqtt-watch")
            while True:
                await self._publish(client, await self._source.next_batch(BATCH))

    async def _publish(self, client: aiomqtt.Client, batch: list[OutboxMessage]) -> None:
        # All of a batch in flight together: one round trip. MQTT keeps the order of one client's messages,
        # and a batch that breaks off goes out again from its beginning: consumers see repeats, never a gap.
        async with self._clock.timeout(ANSWER_WITHIN_S), asyncio.TaskGroup() as sending:
            for message in batch:
                sending.create_task(client.publish(message.topic, message.payload, qos=1))
        await self._source.delivered([message.id for message in batch])
        self.published += len(batch)

    def _client(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._address.host,
            self._address.port,
            username=self._address.username,
            password=self._address.password,
            identifier=self._client_id,
            protocol=aiomqtt.ProtocolVersion.V5,
            keepalive=KEEP_ALIVE_S,
            timeout=ANSWER_WITHIN_S,
            tls_context=ssl.create_default_context() if self._address.is_secure else None,
        )


async def _until_lost(client: aiomqtt.Client) -> None:
    """Raises MqttError when the connection ends: an idle publisher should know too."""
    async for _ in client.messages:
        pass
