"""Against `websockets`' own client and server, with the permessage-deflate they offer by default."""

import asyncio

import pytest
import websockets
from websockets.typing import Subprotocol

from ocppj.aio.client import connect
from ocppj.aio.connection import Connection
from tests.support.waiting import PATIENCE_S
from tests.support.websocket import Remembering, own_watch, serving

TEXTS = ["short", "é" * 100, "x" * 5000, "x" * 5000, '{"a":1}' * 900]


@pytest.mark.parametrize("compression", ["deflate", None])
async def test_websockets_client_talks_to_our_server(compression: str | None) -> None:
    """The same long message twice shows a context that was kept against the agreement."""
    async with (
        serving() as site,
        websockets.connect(
            site.url, subprotocols=[Subprotocol("ocpp1.6")], compression=compression
        ) as client,
    ):
        assert client.subprotocol == "ocpp1.6"
        assert bool(site.door.links[0].connection._ws.extensions) is bool(compression)
        for text in TEXTS:
            await client.send(text)
            assert await client.recv() == text
        await client.send(iter(["in ", "three ", "fragments"]))
        assert await client.recv() == "in three fragments"
        await asyncio.wait_for(await client.ping(), PATIENCE_S)
        await client.close(1000, "bye")
        assert await site.door.links[0].until_closed() == (1000, "bye")


@pytest.mark.parametrize("compression", ["deflate", None])
async def test_our_client_talks_to_websockets_server(compression: str | None) -> None:
    """With a close from the other side at the end."""

    async def echo(connection: websockets.ServerConnection) -> None:
        for _ in TEXTS:
            await connection.send(await connection.recv())
        await connection.close(1001, "enough")

    boxes: list[Remembering] = []

    def receive(connection: Connection) -> Remembering:
        boxes.append(Remembering(connection))
        return boxes[0]

    async with websockets.serve(
        echo, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp2.0.1")], compression=compression
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        connection = await connect(
            f"ws://127.0.0.1:{port}/ocpp/CP1",
            receiver=receive,
            watch=own_watch(),
            subprotocols=["ocpp2.0.1", "ocpp1.6"],
        )
        assert connection.subprotocol == "ocpp2.0.1"
        for text in TEXTS:
            connection.send(text)
        assert await boxes[0].until_texts(len(TEXTS)) == [text.encode() for text in TEXTS]
        assert await boxes[0].until_closed() == (1001, "enough")
