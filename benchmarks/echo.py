"""The ceiling: `websockets`' Sans-I/O protocol in a plain `asyncio.Protocol`: no registry, log or limits.

Reads each CALL as JSON and answers it as if it were a Heartbeat (a BootNotification: Accepted). Nothing of
our codec is in it: what checking each message costs is borne's to pay. `--ours` puts the same answers behind
`OcppServer` instead, which shows what our transport costs.

Run: python -m benchmarks.echo PORT [--ours]
"""

import asyncio
import sys
from datetime import UTC, datetime
from typing import cast

import msgspec
import uvloop
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Accept, ExplainRequest, FailedAttempt, HttpAnswer, UpgradeRequest
from ocppj.aio.server import OcppServer
from ocppj.identity import Toleration
from runtime.clock import SystemClock

FRAME = msgspec.json.Decoder(tuple[int, str, str, msgspec.Raw])


def answer_call(text: bytes) -> bytes:
    """Read the frame, take its id, answer."""
    _, message_id, action, _ = FRAME.decode(text)
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    status = '"status":"Accepted","interval":300,' if action == "BootNotification" else ""
    return f'[3,"{message_id}",{{{status}"currentTime":"{now}"}}]'.encode()


class BareEcho(asyncio.Protocol):
    """One connection, nothing but the protocol's own events."""

    def __init__(self) -> None:
        self.ws = ServerProtocol(subprotocols=[Subprotocol("ocpp1.6")])
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        ws = self.ws
        ws.receive_data(data)
        for event in ws.events_received():
            if isinstance(event, Request):
                ws.send_response(ws.accept(event))
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                ws.send_text(answer_call(bytes(event.data)))
        writes = ws.data_to_send()
        if writes and self.transport is not None:
            self.transport.write(b"".join(writes))
            if writes[-1] == b"":
                self.transport.close()


class TrivialReceiver:
    """The same answers on our transport."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def text_received(self, text: bytes) -> None:
        self.connection.send(answer_call(text))

    def connection_closed(self, code: int, reason: str) -> None:
        pass

    def write_paused(self) -> None:
        pass

    def write_resumed(self) -> None:
        pass

    def noticed(self, toleration: Toleration) -> None:
        pass


class OpenDoor:
    """Admits everybody."""

    async def admit(self, request: UpgradeRequest) -> Accept:
        return Accept(TrivialReceiver, request.negotiated or "ocpp1.6")

    def attempt_failed(self, attempt: FailedAttempt) -> None:
        print(attempt, file=sys.stderr)

    async def explain(self, request: ExplainRequest) -> HttpAnswer:
        return HttpAnswer(200, f"{request.target}\n")


async def serve_bare(port: int) -> None:
    """Run until stopped."""
    await asyncio.get_running_loop().create_server(BareEcho, "127.0.0.1", port, backlog=16384)
    print("ready", flush=True)
    await asyncio.Future()


async def serve_ours(port: int) -> None:
    """Run until stopped."""
    async with OcppServer(OpenDoor(), clock=SystemClock()) as server:
        await server.listen("127.0.0.1", port)
        print("ready", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    serve = serve_ours if "--ours" in sys.argv else serve_bare
    uvloop.run(serve(int(sys.argv[1])))
