"""The server as a whole: ports, limits, many stations at once, its end."""

import asyncio
import errno
import resource

import pytest

from ocppj.aio.client import connect
from ocppj.aio.endpoint import AttemptReason, Listening
from ocppj.aio.errors import ListenError
from ocppj.aio.limits import Limits
from ocppj.aio.pipe import connect_pipe
from ocppj.aio.server import OcppServer
from ocppj.aio.watch import Watch
from runtime.clock import SystemClock
from tests.support.waiting import until
from tests.support.websocket import Door, JumpingClock, Remembering, Site, own_watch, serving


async def test_port_zero_takes_a_free_port_and_says_which() -> None:
    """Several sockets, plain ones here."""
    async with OcppServer(Door(), clock=SystemClock()) as server:
        (first,) = await server.listen("127.0.0.1", 0)
        (second,) = await server.listen("127.0.0.1", 0)
        assert first.port != second.port
        assert server.listening == (
            Listening("127.0.0.1", first.port, is_secure=False),
            Listening("127.0.0.1", second.port, is_secure=False),
        )


async def test_privileged_and_other_faults_are_said() -> None:
    """Each with its reason; a name that does not resolve too."""
    assert "below 1024" in str(ListenError("127.0.0.1", 80, OSError(errno.EACCES, "denied")))
    assert "all addresses port 9000: too odd" in str(ListenError(None, 9000, OSError(errno.EIO, "too odd")))


async def test_port_taken_is_said_with_what_to_do() -> None:
    """One line for people."""
    async with OcppServer(Door(), clock=SystemClock()) as server:
        (listening,) = await server.listen("127.0.0.1", 0)
        with pytest.raises(ListenError, match=f"port {listening.port}: another program") as caught:
            await server.listen("127.0.0.1", listening.port)
        assert caught.value.port == listening.port


async def test_address_of_another_machine_is_said() -> None:
    """192.0.2.0/24 is nobody's (RFC 5737)."""
    async with OcppServer(Door(), clock=SystemClock()) as server:
        with pytest.raises(ListenError, match="no such address"):
            await server.listen("192.0.2.1", 0)


async def test_500_stations_connect_at_once_and_each_is_answered() -> None:
    """No jitter: all at the same time, one socket each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 2000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(2000, hard), hard))
    async with serving() as site:
        watch = Watch(Limits(), SystemClock())
        connections = await asyncio.gather(
            *(
                connect(
                    f"ws://127.0.0.1:{site.port}/ocpp/CP{number}",
                    receiver=Remembering,
                    subprotocols=["ocpp1.6"],
                    watch=watch,
                )
                for number in range(500)
            )
        )
        assert site.server.connections == 500
        for number, connection in enumerate(connections):
            connection.send(f"[{number}]")
        for link in site.door.links:
            await link.until_texts(1)
        assert {upgrade.target.identity for upgrade in site.door.upgrades} == {f"CP{n}" for n in range(500)}
        assert sorted(link.texts[0] for link in site.door.links) == sorted(
            f"[{n}]".encode() for n in range(500)
        )


async def test_total_of_connections_is_bounded() -> None:
    """One too many is told so, with when to come again, and kept; when another leaves there is room again."""
    async with serving(limits=Limits(connections=2)) as site:
        first, second, third = await site.raw(), await site.raw(), await site.raw()
        await first.open()
        await second.open()
        third.send_upgrade()
        head = await third.read_head()
        assert head.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: 60" in head
        (attempt,) = await site.door.until_attempts(1)
        assert (attempt.reason, attempt.status) == (AttemptReason.TOO_MANY_CONNECTIONS, 503)
        third.abort()
        first.abort()
        await site.door.links[0].until_closed()
        await until(lambda: site.server.connections == 1)
        await (await site.raw()).open()


async def test_so_many_at_once_are_told_and_the_others_cut_off() -> None:
    """What is too many must not fill the descriptors either."""
    async with serving(limits=Limits(connections=1, connections_refused=1)) as site:
        first, told, cut = await site.raw(), await site.raw(), await site.raw()
        assert await cut.read_to_end() == b""
        told.send_upgrade()
        assert (await told.read_head()).startswith(b"HTTP/1.1 503")
        first.abort()
        told.abort()


async def test_connections_of_one_address_are_bounded() -> None:
    """But for the loopback, where load generators and proxies sit."""
    async with OcppServer(Door(), Limits(connections_per_address=2), clock=SystemClock()) as server:
        door = server.endpoint
        assert isinstance(door, Door)
        for address in (
            "192.0.2.7",
            "192.0.2.7",
            "192.0.2.7",
            "192.0.2.8",
            "127.0.0.1",
            "127.0.0.1",
            "127.0.0.1",
        ):
            connect_pipe(asyncio.Protocol(), server.protocol(), first_address=(address, 1))
        assert [(attempt.peer.address, attempt.reason) for attempt in door.attempts] == [
            ("192.0.2.7", AttemptReason.TOO_MANY_FROM_ADDRESS)
        ]


async def test_address_may_return_when_its_connections_have_left() -> None:
    """The count goes down again, and is forgotten at zero."""
    async with OcppServer(Door(), Limits(connections_per_address=1), clock=SystemClock()) as server:
        for _ in range(3):
            near, _far = connect_pipe(asyncio.Protocol(), server.protocol(), first_address=("192.0.2.7", 1))
            near.abort()
            for _ in range(5):
                await asyncio.sleep(0)
        door = server.endpoint
        assert isinstance(door, Door)
        assert {attempt.reason for attempt in door.attempts} == {AttemptReason.SILENT}


async def test_stations_live_in_memory_as_on_sockets() -> None:
    """A pipe in place of TCP: the same server, the same client."""
    async with serving() as site:
        connection = await connect(
            "ws://nowhere/ocpp/CP1",
            receiver=Remembering,
            watch=own_watch(),
            subprotocols=["ocpp2.0.1"],
            dial=lambda factory, host, port: _dial_pipe(site.server, factory),
        )
        connection.send("hello")
        (link,) = await site.door.until_links(1)
        assert await link.until_texts(1) == [b"hello"]
        connection.close()
        assert (await link.until_closed())[0] == 1000


async def _dial_pipe(server: OcppServer, factory: object) -> None:
    connect_pipe(factory(), server.protocol())  # type: ignore[operator]


async def test_close_says_1012_to_every_station() -> None:
    """And opens no more connections."""
    async with serving() as site:
        station = await site.raw()
        await station.open()
        closing = asyncio.create_task(site.server.close(10))
        assert await station.read_close() == 1012
        station.abort()
        await closing
        assert site.server.connections == 0
        assert site.server.listening == ()
        with pytest.raises(ConnectionRefusedError):
            await site.raw()


async def test_close_waits_only_so_long() -> None:
    """A station that does not answer the close frame is cut off; those still in their handshake at once."""
    async with serving() as site:
        await (await site.raw()).open()
        await site.raw()
        await (await site.raw()).open("/ocpp/CP2")
        await site.server.close(0.01)
        assert site.server.connections == 0
        assert {link.closed for link in site.door.links} == {(1012, "the server is restarting")}


async def test_leaving_with_an_error_closes_as_well() -> None:
    """Nothing outlives the server's block."""
    sites: list[Site] = []

    async def fail() -> None:
        async with serving() as site:
            sites.append(site)
            await (await site.raw()).open()
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        await fail()
    assert sites[0].server.connections == 0


async def test_timer_runs_only_while_there_is_something_to_watch() -> None:
    """One timer for all connections, injected like the clock."""
    delays: list[float] = []
    callbacks: list[object] = []

    class Remembers(JumpingClock):
        def call_later(self, seconds: float, callback: object) -> asyncio.TimerHandle:
            delays.append(seconds)
            callbacks.append(callback)
            return asyncio.get_running_loop().call_later(3600, lambda: None)

    clock = Remembers()
    async with OcppServer(Door(), Limits(sweep_every_s=2), clock=clock) as server:
        assert delays == []
        connect_pipe(asyncio.Protocol(), server.protocol())
        connect_pipe(asyncio.Protocol(), server.protocol())
        assert delays == [2]
        clock.at += 3
        callbacks[0]()  # type: ignore[operator]
        assert delays == [2, 2]
        assert server.connections == 2
        clock.at += 8
        callbacks[1]()  # type: ignore[operator]
        for _ in range(10):
            await asyncio.sleep(0)
        assert server.connections == 0
        assert delays == [2, 2]
