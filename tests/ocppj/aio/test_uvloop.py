"""The same on uvloop, which the programs use where it is installed: sockets, back-pressure, refusals,
closing."""

import asyncio
from typing import cast

import pytest

from ocppj.aio.client import connect
from ocppj.aio.endpoint import Refuse
from ocppj.aio.errors import UpgradeRefusedError
from ocppj.aio.limits import Limits
from tests.support.websocket import Door, RawStation, Remembering, own_watch, serving

uvloop = pytest.importorskip("uvloop")


async def talk_refuse_and_close() -> None:
    door = Door()
    async with serving(door) as site:
        connections = await asyncio.gather(
            *(
                connect(
                    f"ws://127.0.0.1:{site.port}/ocpp/CP{number}",
                    receiver=Remembering,
                    watch=own_watch(),
                    subprotocols=["ocpp2.1"],
                )
                for number in range(20)
            )
        )
        for connection in connections:
            connection.send("x" * 5000)
        for link in door.links:
            assert await link.until_texts(1) == [b"x" * 5000]
        door.decision = Refuse(401, "No.")
        with pytest.raises(UpgradeRefusedError, match="HTTP 401"):
            await connect(site.url, receiver=Remembering, watch=own_watch(), subprotocols=["ocpp1.6"])
        connections[0].close(1000, "bye")
        link = next(link for link in door.links if link.connection.peer.port == local_port(connections[0]))
        assert await link.until_closed() == (1000, "bye")


def local_port(connection: object) -> int:
    return int(connection._transport.get_extra_info("sockname")[1])  # type: ignore[attr-defined]


async def cut_off_slow_reader() -> None:
    async with serving(limits=Limits(send_buffer_bytes=200_000, close_within_s=0.2)) as site:
        slow, other = await site.raw(), await site.raw()
        await slow.open("/ocpp/SLOW")
        await other.open("/ocpp/OTHER")
        cast("asyncio.Transport", slow.writer.transport).pause_reading()
        link = site.door.links[0]
        while link.connection.is_open:
            link.connection.send(b"x" * 60_000)
            await asyncio.sleep(0)
        assert "wait to be sent" in (await link.until_closed())[1]
        assert link.pauses[0] is True
        await answer_other(other)


async def answer_other(other: RawStation) -> None:
    other.write(b"\x81\x85\0\0\0\0hello")
    assert await other.read_frame() == (1, b"hello")


def test_stations_talk_are_refused_and_close_on_uvloop() -> None:
    """Twenty at once."""
    uvloop.run(talk_refuse_and_close())


def test_slow_reader_is_cut_off_on_uvloop() -> None:
    """Without an effect on another connection."""
    uvloop.run(cut_off_slow_reader())


async def test_slow_reader_is_cut_off_on_asyncio() -> None:
    """The same on a real socket of asyncio's own loop."""
    await cut_off_slow_reader()
