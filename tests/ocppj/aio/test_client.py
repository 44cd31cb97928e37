"""Connecting as a station: each way it can fail has its own error that says what to do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.utils import accept_key

from ocppj.aio.client import connect
from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Refuse
from ocppj.aio.errors import (
    ConnectTimeoutError,
    SubprotocolRefusedError,
    UnreachableError,
    UpgradeInvalidError,
    UpgradeRefusedError,
)
from ocppj.aio.limits import Limits
from tests.support.waiting import PATIENCE_S
from tests.support.websocket import Door, Remembering, own_watch, serving


@asynccontextmanager
async def answering(answer: str) -> AsyncIterator[str]:
    """A server that answers every request with these bytes; `{accept}` stands for the right accept key."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line[19:] for line in head.splitlines() if line.lower().startswith("sec-websocket-key"))
        writer.write(answer.replace("{accept}", accept_key(key)).encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp/CP1"


async def open_to(url: str, limits: Limits | None = None, **options: object) -> Connection:
    return await connect(
        url,
        receiver=Remembering,
        subprotocols=["ocpp2.0.1", "ocpp1.6"],
        watch=own_watch(limits),
        **options,  # type: ignore[arg-type]
    )


async def test_credentials_and_headers_go_out() -> None:
    """A 1.6 AuthorizationKey is bytes; headers may be added."""
    async with serving() as site:
        connection = await open_to(
            site.url, username="CP1", password=b"\xff:\x00", headers=[("X-Vendor", "Borne")]
        )
        (upgrade,) = site.door.upgrades
        assert upgrade.credentials is not None
        assert upgrade.credentials.is_identity
        assert upgrade.credentials.password == b"\xff:\x00"
        assert upgrade.headers["x-vendor"] == "Borne"
        assert upgrade.offered == ("ocpp2.0.1", "ocpp1.6")
        assert connection.subprotocol == "ocpp2.0.1"


async def test_text_password_is_sent_as_utf_8() -> None:
    """2.0.1 BasicAuthPassword is text."""
    async with serving() as site:
        await open_to(site.url, username="CP1", password="pä:ss")
        assert site.door.upgrades[0].credentials is not None
        assert site.door.upgrades[0].credentials.password == "pä:ss".encode()


async def test_header_can_be_left_out() -> None:
    """To play stations that forget one (quirk 3)."""
    async with serving() as site:
        await open_to(site.url, headers=[("Connection", "")])
        assert [toleration.value for toleration in site.door.upgrades[0].tolerated] == [
            "connection_header_missing"
        ]


@pytest.mark.parametrize("compression", [True, False])
async def test_compression_can_be_switched_off(compression: bool) -> None:
    """Agreed on by default, without context takeover."""
    async with serving() as site:
        connection = await open_to(site.url, compression=compression)
        assert bool(connection._ws.extensions) is compression
        connection.send("x" * 2000)
        assert await site.door.links[0].until_texts(1) == [b"x" * 2000]


async def test_nobody_listens() -> None:
    """The port that was just closed."""
    async with serving() as site:
        url = site.url
    with pytest.raises(UnreachableError, match=r"cannot connect to 127\.0\.0\.1"):
        await open_to(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/ocpp/CP1", "127.0.0.1:9000", ""])
async def test_url_must_be_a_websocket_url(url: str) -> None:
    """Said before anything is sent."""
    with pytest.raises(UnreachableError, match="ws://"):
        await open_to(url)


async def test_server_that_says_nothing_times_out() -> None:
    """Within handshake_s, and the TCP connection is given up."""
    door = Door()
    door.gate = asyncio.Event()
    async with serving(door) as site:
        with pytest.raises(ConnectTimeoutError, match=r"did not answer within 0\.05 s"):
            await open_to(site.url, limits=Limits(handshake_s=0.05))


async def test_http_refusal_keeps_status_and_text() -> None:
    """401 means credentials, 503 means later."""
    door = Door()
    door.decision = Refuse(401, "Wrong credentials.")
    async with serving(door) as site:
        with pytest.raises(UpgradeRefusedError, match="HTTP 401: Wrong credentials") as caught:
            await open_to(site.url)
        assert caught.value.status == 401
        assert ("Connection", "close") in caught.value.headers


async def test_foreign_subprotocols_only() -> None:
    """101 without the header: the station ends the connection itself."""
    async with serving() as site:
        with pytest.raises(SubprotocolRefusedError, match=r"ocpp1\.5"):
            await connect(site.url, receiver=Remembering, watch=own_watch(), subprotocols=["ocpp1.5"])


UPGRADED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
INVALID = {
    "no HTTP": "hello there\r\n\r\n",
    "nothing": "",
    "half an answer": "HTTP/1.1 101 Swi",
    "wrong accept key": UPGRADED + "Sec-WebSocket-Accept: wrong\r\n\r\n",
    "no accept key": UPGRADED + "\r\n",
    "extension not offered": UPGRADED
    + "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Extensions: zip\r\n\r\n",
}


@pytest.mark.parametrize("name", INVALID)
async def test_answer_that_is_none(name: str) -> None:
    """Whatever is at that port, it is no central system."""
    async with answering(INVALID[name]) as url:
        with pytest.raises(UpgradeInvalidError):
            await open_to(url)


async def test_subprotocol_that_was_not_offered() -> None:
    """A server may not choose for us."""
    answer = UPGRADED + "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: ocpp1.5\r\n\r\n"
    async with answering(answer) as url:
        with pytest.raises(SubprotocolRefusedError):
            await open_to(url)


async def test_message_right_behind_the_answer_is_delivered() -> None:
    """101 and the first frame may come in one TCP read."""
    answer = UPGRADED + "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n\x01"
    links: list[Remembering] = []

    def receive(connection: Connection) -> Remembering:
        links.append(Remembering(connection))
        return links[0]

    async with answering(answer.replace("\x01", "")) as url:
        await connect(url, receiver=receive, watch=own_watch(), subprotocols=["ocpp1.6"])
        assert (await links[0].until_closed())[0] == 1006


@pytest.mark.parametrize("ending", ["timeout", "cancel"])
async def test_connection_given_up_is_ended(ending: str) -> None:
    """The server sees TCP end at once, not when the process does."""
    asked, left = asyncio.Event(), asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        with suppress(ConnectionResetError):
            await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp/CP1"
        handshake_s = 0.05 if ending == "timeout" else 30.0
        task = asyncio.create_task(open_to(url, limits=Limits(handshake_s=handshake_s)))
        await asked.wait()
        if ending == "cancel":
            task.cancel()
        with pytest.raises((asyncio.CancelledError, ConnectTimeoutError)):
            await task
        async with asyncio.timeout(PATIENCE_S):
            await left.wait()


async def test_cancelled_connect_leaves_nothing_behind() -> None:
    """The server sees its station leave."""
    door = Door()
    door.gate = asyncio.Event()
    async with serving(door) as site:
        task = asyncio.create_task(open_to(site.url))
        await door.until_upgrades(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        door.gate.set()
        await site.server.close(5)
        assert site.server.connections == 0


async def test_connection_that_opens_while_the_caller_gives_up_is_closed_and_its_receiver_told() -> None:
    """Cancelled at the last moment: nothing stays open that nobody has."""
    receivers: list[Remembering] = []
    opened = asyncio.Event()

    def remember(connection: Connection) -> Remembering:
        receivers.append(Remembering(connection))
        opened.set()
        return receivers[-1]

    async def dial_for_ever(factory: Callable[[], asyncio.Protocol], host: str, port: int) -> None:
        await asyncio.get_running_loop().create_connection(factory, host, port)
        await asyncio.Event().wait()

    async with serving() as site, asyncio.TaskGroup() as group:
        connecting = group.create_task(
            connect(
                site.url, receiver=remember, watch=own_watch(), subprotocols=["ocpp1.6"], dial=dial_for_ever
            )
        )
        async with asyncio.timeout(PATIENCE_S):
            await opened.wait()
        connecting.cancel()
        code, reason = await receivers[0].until_closed()
        assert code == 1006
        assert "given up" in reason
        assert (await (await site.door.until_links(1))[0].until_closed())[0] == 1006
