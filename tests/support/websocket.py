"""Ends of a WebSocket for tests: an endpoint and a receiver that remember, a station on a raw socket, a clock
to jump."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from websockets.frames import Frame, Opcode

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Accept, ExplainRequest, FailedAttempt, HttpAnswer, Refuse, UpgradeRequest
from ocppj.aio.limits import Limits
from ocppj.aio.server import OcppServer
from ocppj.aio.timing import TransportClock
from ocppj.aio.watch import Watch
from ocppj.identity import Toleration
from runtime.clock import SystemClock
from tests.support.waiting import PATIENCE_S

KEY = base64.b64encode(b"0123456789abcdef").decode()
WAIT_S = PATIENCE_S
T = TypeVar("T")


class Remembering:
    """A receiver that keeps what it hears; `changed` lets a test wait for it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.texts: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.tolerations: list[Toleration] = []
        self.pauses: list[bool] = []
        self._changed = asyncio.Event()

    def text_received(self, text: bytes) -> None:
        self.texts.append(text)
        self._changed.set()

    def connection_closed(self, code: int, reason: str) -> None:
        assert self.closed is None, "connection_closed is said once"
        self.closed = (code, reason)
        self._changed.set()

    def write_paused(self) -> None:
        self.pauses.append(True)
        self._changed.set()

    def write_resumed(self) -> None:
        self.pauses.append(False)
        self._changed.set()

    def noticed(self, toleration: Toleration) -> None:
        self.tolerations.append(toleration)

    async def until(self, is_met: Callable[[], object]) -> None:
        """Wait until something said to this receiver makes `is_met` true."""
        async with asyncio.timeout(WAIT_S):
            while not is_met():
                self._changed.clear()
                await self._changed.wait()

    async def until_texts(self, count: int) -> list[bytes]:
        await self.until(lambda: len(self.texts) >= count)
        return self.texts

    async def until_closed(self) -> tuple[int, str]:
        await self.until(lambda: self.closed)
        assert self.closed is not None
        return self.closed


class Echoing(Remembering):
    """Answers each text with itself."""

    def text_received(self, text: bytes) -> None:
        super().text_received(text)
        self.connection.send(text)


class Door:
    """An endpoint that admits everybody unless told otherwise, and remembers."""

    def __init__(self, receiver: Callable[[Connection], Remembering] = Echoing) -> None:
        self.receiver = receiver
        self.upgrades: list[UpgradeRequest] = []
        self.attempts: list[FailedAttempt] = []
        self.links: list[Remembering] = []
        self.decision: Refuse | Exception | None = None
        self.default_subprotocol = "ocpp1.6"
        self.gate: asyncio.Event | None = None
        self._changed = asyncio.Event()

    async def admit(self, request: UpgradeRequest) -> Accept | Refuse:
        self.upgrades.append(request)
        self._changed.set()
        if self.gate is not None:
            await self.gate.wait()
        if isinstance(self.decision, Exception):
            raise self.decision
        if self.decision is not None:
            return self.decision
        subprotocol = request.negotiated or (None if request.offered else self.default_subprotocol)
        return Accept(self._open, subprotocol)

    def _open(self, connection: Connection) -> Remembering:
        link = self.receiver(connection)
        self.links.append(link)
        self._changed.set()
        return link

    def attempt_failed(self, attempt: FailedAttempt) -> None:
        self.attempts.append(attempt)
        self._changed.set()

    async def explain(self, request: ExplainRequest) -> HttpAnswer:
        if request.headers.get("x-break"):
            raise RuntimeError("the explanation is broken")
        return HttpAnswer(200, f"you asked for {request.target}\n")

    async def until_attempts(self, count: int) -> list[FailedAttempt]:
        return await self._until(self.attempts, count)

    async def until_links(self, count: int) -> list[Remembering]:
        return await self._until(self.links, count)

    async def until_upgrades(self, count: int) -> list[UpgradeRequest]:
        return await self._until(self.upgrades, count)

    async def _until(self, items: list[T], count: int) -> list[T]:
        async with asyncio.timeout(WAIT_S):
            while len(items) < count:
                self._changed.clear()
                await self._changed.wait()
        return items


@dataclass
class JumpingClock:
    """A clock that stands until a test moves it."""

    at: float = 1000.0
    timers: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Where it stands."""
        return self.at

    def call_later(self, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
        """By the loop's own time: the test moves only what deadlines are compared with."""
        return asyncio.get_running_loop().call_later(seconds, callback)

    def timeout(self, seconds: float) -> asyncio.Timeout:
        """By the loop's own time too."""
        return asyncio.timeout(seconds)


def own_watch(limits: Limits | None = None) -> Watch:
    """What looks after one client's connection, by the machine's time."""
    return Watch(limits or Limits(), SystemClock())


class RawStation:
    """A station on a bare socket: it can do anything wrong."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    def send_upgrade(self, target: str = "/ocpp/CP1", **headers: str | None) -> None:
        """An upgrade request; keywords set or (None) leave out headers, `_` standing for `-`."""
        self.write(upgrade_request(target, **headers))

    async def open(self, target: str = "/ocpp/CP1", **headers: str | None) -> bytes:
        self.send_upgrade(target, **headers)
        head = await self.read_head()
        assert head.startswith(b"HTTP/1.1 101"), head
        return head

    async def read_head(self) -> bytes:
        async with asyncio.timeout(WAIT_S):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def read_to_end(self) -> bytes:
        async with asyncio.timeout(WAIT_S):
            return await self.reader.read()

    def send_frame(self, opcode: Opcode, payload: bytes, *, fin: bool = True) -> None:
        self.write(Frame(opcode, payload, fin).serialize(mask=True))

    async def read_frame(self) -> tuple[int, bytes]:
        """(opcode, payload) of the next frame that is no ping."""
        async with asyncio.timeout(WAIT_S):
            while True:
                first, second = await self.reader.readexactly(2)
                length = second & 0x7F
                if length == 126:
                    length = int.from_bytes(await self.reader.readexactly(2))
                elif length == 127:
                    length = int.from_bytes(await self.reader.readexactly(8))
                payload = await self.reader.readexactly(length)
                if first & 0x0F != Opcode.PING:
                    return first & 0x0F, payload

    async def read_close(self) -> int:
        """The code of the close frame that comes next."""
        opcode, payload = await self.read_frame()
        assert opcode == Opcode.CLOSE, (opcode, payload)
        return int.from_bytes(payload[:2])

    def abort(self) -> None:
        self.writer.transport.abort()


def upgrade_request(target: str = "/ocpp/CP1", **headers: str | None) -> bytes:
    """The bytes of an upgrade request."""
    lines: dict[str, str | None] = {
        "Host": "csms.example",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "ocpp1.6",
    }
    known = {name.lower(): name for name in lines}
    for key, value in headers.items():
        name = key.replace("_", "-")
        lines[known.get(name.lower(), name)] = value
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"GET {target} HTTP/1.1\r\n{text}\r\n".encode("latin-1")


class Site:
    """A server on a free port, its endpoint, and stations on raw sockets."""

    def __init__(self, server: OcppServer, door: Door, port: int) -> None:
        self.server = server
        self.door = door
        self.port = port
        self.url = f"ws://127.0.0.1:{port}/ocpp/CP1"
        self.stations: list[RawStation] = []

    async def raw(self) -> RawStation:
        station = RawStation(*await asyncio.open_connection("127.0.0.1", self.port))
        self.stations.append(station)
        return station


@asynccontextmanager
async def serving(
    door: Door | None = None, limits: Limits | None = None, clock: TransportClock | None = None
) -> AsyncIterator[Site]:
    """A server on a free port of the loopback."""
    door = door or Door()
    async with OcppServer(door, limits or Limits(close_within_s=1.0), clock=clock or SystemClock()) as server:
        (listening,) = await server.listen("127.0.0.1", 0)
        site = Site(server, door, listening.port)
        try:
            yield site
        finally:
            for station in site.stations:
                station.abort()
