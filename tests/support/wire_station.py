"""A station in the words of the wire: JSON out, JSON in; official schemas judge every word of the server."""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import websockets

from tests.support.verdict import CALL, RESULT, assert_valid
from tests.support.waiting import PATIENCE_S

WAIT_S = PATIENCE_S
SUBPROTOCOLS = {"1.6": "ocpp1.6", "2.0.1": "ocpp2.0.1", "2.1": "ocpp2.1"}
VERSIONS = tuple(SUBPROTOCOLS)
BOOTS: dict[str, dict[str, Any]] = {
    "1.6": {"chargePointVendor": "Acme", "chargePointModel": "One"},
    "2.0.1": {"reason": "PowerUp", "chargingStation": {"vendorName": "Acme", "model": "One"}},
    "2.1": {"reason": "PowerUp", "chargingStation": {"vendorName": "Acme", "model": "One"}},
}
AGREED = {"status": "Accepted"}

Answer = dict[str, Any] | tuple[str, str] | None
"""A payload, an error (code, text), or None to stay silent."""


class WireStation:
    """One connection of a station. `answers` is what it says to the server's calls, by action."""

    def __init__(self, ws: websockets.ClientConnection, version: str) -> None:
        self.ws = ws
        self.version = version
        self.answers: dict[str, Answer] = {"TriggerMessage": AGREED}
        self.asked: list[list[Any]] = []
        """The server's CALLs, as they came."""
        self.frames: list[list[Any]] = []
        """Every frame that came."""
        self._open: dict[str, tuple[str, asyncio.Future[list[Any]]]] = {}
        self._changed = asyncio.Event()
        self._numbers = itertools.count(1)

    async def send(self, frame: list[Any] | str | bytes) -> None:
        """Any frame, or any text."""
        await self.ws.send(frame if isinstance(frame, str | bytes) else json.dumps(frame), text=True)

    async def call(self, action: str, payload: Any = None, *, message_id: str | None = None) -> list[Any]:
        """Send a CALL and return the whole frame that answers it."""
        async with asyncio.timeout(WAIT_S):
            return await (await self.post(action, payload, message_id=message_id))

    async def post(
        self, action: str, payload: Any = None, *, message_id: str | None = None
    ) -> asyncio.Future[list[Any]]:
        """Send a CALL, whether or not the one before was answered; the future gets the answering frame."""
        key = message_id or f"{action}-{next(self._numbers)}"
        answered: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._open[key] = (action, answered)
        await self.send([CALL, key, action, payload or {}])
        return answered

    async def ask(self, action: str, payload: Any = None, *, message_id: str | None = None) -> dict[str, Any]:
        """Send a CALL; the payload of its CALLRESULT."""
        frame = await self.call(action, payload, message_id=message_id)
        assert frame[0] == RESULT, frame
        return dict(frame[2])

    async def boot(self) -> dict[str, Any]:
        """Present itself."""
        return await self.ask("BootNotification", BOOTS[self.version])

    async def until_asked(self, action: str, count: int = 1) -> list[Any]:
        """The server's `count`th CALL of this action."""
        async with asyncio.timeout(WAIT_S):
            while True:
                found = [frame for frame in self.asked if frame[2] == action]
                if len(found) >= count:
                    return found[count - 1]
                self._changed.clear()
                await self._changed.wait()

    async def until_frames(self, count: int) -> list[list[Any]]:
        """The first `count` frames that came."""
        async with asyncio.timeout(WAIT_S):
            while len(self.frames) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.frames[:count]

    async def until_closed(self) -> tuple[int, str]:
        """The close code and reason that the server sent."""
        async with asyncio.timeout(WAIT_S):
            await self.ws.wait_closed()
        assert self.ws.close_code is not None
        return self.ws.close_code, self.ws.close_reason or ""

    async def read(self) -> None:
        """Take what comes until the connection ends."""
        try:
            async for text in self.ws:
                await self._take(json.loads(text))
        except websockets.ConnectionClosed:
            pass
        finally:
            for action, answered in self._open.values():
                if not answered.done():
                    answered.set_exception(ConnectionError(f"closed before {action} was answered"))
                    answered.exception()  # whoever waits sees it; nobody else needs to

    async def _take(self, frame: list[Any]) -> None:
        self.frames.append(frame)
        if frame[0] == CALL:
            assert_valid(self.version, CALL, frame[2], frame[3])
            self.asked.append(frame)
            await self._answer(frame)
        elif frame[1] in self._open:
            action, answered = self._open.pop(frame[1])
            if frame[0] == RESULT:
                assert_valid(self.version, RESULT, action, frame[2])
            if not answered.done():
                answered.set_result(frame)
        self._changed.set()

    async def _answer(self, frame: list[Any]) -> None:
        match self.answers.get(frame[2], ("NotImplemented", "not known here")):
            case None:
                pass
            case (code, text):
                await self.send([4, frame[1], code, text, {}])
            case payload:
                await self.send([RESULT, frame[1], payload])


@asynccontextmanager
async def connected(
    url: str,
    version: str = "1.6",
    *,
    answers: Mapping[str, Answer] | None = None,
    boots: bool = True,
    **options: Any,
) -> AsyncIterator[WireStation]:
    """A station on `url`, which holds its id; it `boots`. `options` go to `websockets.connect`."""
    subprotocols = [websockets.Subprotocol(SUBPROTOCOLS[version])]
    async with websockets.connect(
        url, **({"subprotocols": subprotocols, "proxy": None, "max_size": None} | options)
    ) as ws:
        station = WireStation(ws, version)
        station.answers |= answers or {}
        reading = asyncio.create_task(station.read())
        try:
            if boots:
                assert (await station.boot())["status"] == "Accepted"
            yield station
        finally:
            await ws.close()
            await reading  # a word of the server that breaks its schema fails the test here


def basic(username: str, password: str | bytes) -> dict[str, str]:
    """The header of Basic auth."""
    secret = password.encode() if isinstance(password, str) else password
    return {"Authorization": f"Basic {base64.b64encode(username.encode() + b':' + secret).decode()}"}
