"""One timer looks after all connections; nothing that one of them does may end it (ADR 0009).

Every test goes through the timer, as the running server does, on a clock that it moves itself.
"""

import asyncio
import socket
from collections.abc import Callable

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Peer
from ocppj.aio.errors import ConnectionNotOpenError
from ocppj.aio.limits import Limits
from ocppj.aio.pipe import connect_pipe
from ocppj.aio.server import OcppServer
from ocppj.aio.watch import Watch
from ocppj.aio.wire import open_protocol
from runtime.clock import SystemClock
from tests.support.waiting import until
from tests.support.websocket import Door, Echoing, JumpingClock, RawStation, Remembering

LIMITS = Limits(ping_every_s=30, silent_after_s=60, write_within_s=10, close_within_s=10)


class RingingClock(JumpingClock):
    """One whose timers ring when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], object]] = []

    def call_later(self, seconds: float, callback: Callable[[], object]) -> asyncio.TimerHandle:
        """Remembered; the handle's own call never comes."""
        self.waiting.append(callback)
        handle = asyncio.get_running_loop().call_later(seconds + 3600, callback)
        handle.cancel()
        return handle

    def ring(self) -> None:
        """Run what is armed now."""
        armed, self.waiting = self.waiting, []
        for callback in armed:
            callback()


class Member:
    """Somebody with deadlines, who may raise when looked at, and when ended."""

    def __init__(self, *, raises: Exception | None = None, stays: bool = False) -> None:
        self.raises, self.stays = raises, stays
        self.looks: list[float] = []
        self.ended: list[str] = []

    def __repr__(self) -> str:
        return "<member X7>"

    def check(self, now: float) -> None:
        self.looks.append(now)
        if self.raises is not None:
            raise self.raises

    def abort(self, reason: str = "") -> None:
        self.ended.append(reason)
        if self.stays:
            raise RuntimeError("cannot be ended")


@pytest.mark.parametrize("stays", [False, True], ids=["ends", "cannot be ended"])
async def test_a_member_that_raises_is_ended_alone_and_the_timer_goes_on(*, stays: bool) -> None:
    """It is reported by name, counted and looked at no more; all others are, again and again."""
    clock = RingingClock()
    watch = Watch(LIMITS, clock)
    reports: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    bad = Member(raises=RuntimeError("boom"), stays=stays)
    others = [Member() for _ in range(20)]
    for member in (*others[:10], bad, *others[10:]):
        watch.add(member)
    for _ in range(3):
        clock.at += 1
        clock.ring()
    assert [len(other.looks) for other in others] == [3] * 20
    assert len(bad.looks) == 1
    assert bad.ended == ["internal error"]
    assert watch.failures == 1
    assert len(clock.waiting) == 1
    assert "<member X7>" in str(reports[0]["message"])


def eof_taken(watch: Watch) -> Connection:
    """A connection whose peer has ended its half and reads nothing, so that TCP stays."""
    transport, _ = connect_pipe(asyncio.Protocol(), asyncio.Protocol())
    ws = open_protocol(Side.SERVER, Protocol(Side.SERVER), 1000)
    connection = Connection(ws, transport, watch, Peer("192.0.2.1", 0), "ocpp1.6")
    transport.set_protocol(connection)
    connection.start(Remembering(connection))
    connection.send(b"[3]")
    assert connection.eof_received() is False
    return connection


async def test_clients_that_close_at_once_leave_the_others_supervised() -> None:
    """A hundred ends are taken in the same turn in which a ping is due: nobody is pinged behind its end, and
    the others are looked at again and again."""
    clock = RingingClock()
    watch = Watch(LIMITS, clock)
    silent = Member()
    watch.add(silent)
    clock.at += 31
    left = [eof_taken(watch) for _ in range(100)]
    for connection in left:
        connection._pinged_at = 0.0  # due now
    clock.ring()
    assert watch.failures == 0
    assert not any(connection.is_open for connection in left)
    clock.at += 31
    clock.ring()
    assert silent.looks == [1031.0, 1062.0]


@pytest.mark.held_before("the ping that raised in the sweep is held beside it")
async def test_a_connection_whose_end_was_taken_says_so() -> None:
    """Nothing is sent behind it: not a ping, not an answer that comes late."""
    watch = Watch(LIMITS, RingingClock())
    connection = eof_taken(watch)
    assert not connection.is_open
    connection.ping()
    connection.close(1012)
    with pytest.raises(ConnectionNotOpenError):
        connection.send(b"late")


async def flooded(server: OcppServer, port: int, door: Door) -> tuple[RawStation, Remembering]:
    """A peer that has sent heartbeats without reading until our answers wait, and then ended its half."""
    bare = socket.socket()
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    bare.setblocking(False)  # socket's signature
    await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", port))
    peer = RawStation(*await asyncio.open_connection(sock=bare, limit=512))
    await peer.open()
    link = (await door.until_links(1))[0]
    beats = Frame(Opcode.TEXT, b'[2,"1","Heartbeat",{}]').serialize(mask=True) * 700
    while not link.pauses:
        peer.write(beats)
        await asyncio.sleep(0)
    peer.writer.write_eof()
    for _ in range(200):  # its end arrives, unless the server reads no more of it
        await asyncio.sleep(0)
    return peer, link


async def test_a_flood_that_is_never_read_and_half_closed_stops_no_supervision() -> None:
    """The attack on a real socket: a silent station beside it is ended by its limit, the attacker too."""
    clock = RingingClock()
    door = Door(Echoing)
    async with OcppServer(door, LIMITS, clock=clock) as server:
        (listening,) = await server.listen("127.0.0.1", 0)
        attacker, _ = await flooded(server, listening.port, door)
        silent = RawStation(*await asyncio.open_connection("127.0.0.1", listening.port))
        await silent.open("/ocpp/CP2")
        link = (await door.until_links(2))[1]
        for _ in range(2):  # the ping is due, then the limit of silence has passed
            clock.at += 31
            clock.ring()
        code, reason = await link.until_closed()
        assert (code, reason) == (1006, "silent for 60 s")
        await until(lambda: server.connections == 0)
        assert server.watch.failures == 0
        attacker.abort()
        silent.abort()


async def test_an_upgrade_that_fails_inside_ends_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All upgrades share a task group: what one raises behind its decision is not the server's end."""
    door = Door(Echoing)
    async with OcppServer(door, LIMITS, clock=SystemClock()) as server:
        (listening,) = await server.listen("127.0.0.1", 0)
        with monkeypatch.context() as patch:
            patch.setattr("ocppj.aio.upgrade.open_protocol", lambda *_: 1 / 0)
            broken = RawStation(*await asyncio.open_connection("127.0.0.1", listening.port))
            broken.send_upgrade()
            await broken.read_head()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await broken.reader.readexactly(1)
            broken.abort()
        good = RawStation(*await asyncio.open_connection("127.0.0.1", listening.port))
        await good.open()
        assert server.watch.failures == 1
        good.abort()


async def test_one_that_cannot_be_told_keeps_nobody_from_the_goodbye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Closing the server tells 1012 to every connection, also past one that raises."""
    door = Door(Echoing)
    async with OcppServer(door, LIMITS, clock=SystemClock()) as server:
        (listening,) = await server.listen("127.0.0.1", 0)
        stations = [RawStation(*await asyncio.open_connection("127.0.0.1", listening.port)) for _ in range(3)]
        for station in stations:
            await station.open()
        closing = Connection.close
        told: list[Connection] = []

        def close(connection: Connection, code: int = 1000, reason: str = "") -> None:
            told.append(connection)
            if len(told) == 1:
                raise RuntimeError("boom")
            closing(connection, code, reason)

        monkeypatch.setattr(Connection, "close", close)
        ended = asyncio.ensure_future(server.close(5))
        codes = []
        for station in stations:
            try:
                codes.append(await station.read_close())
            except (ConnectionError, asyncio.IncompleteReadError):
                codes.append(0)
            station.abort()
        await ended
        assert sorted(codes) == [0, 1012, 1012]
