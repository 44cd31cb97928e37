"""A central system that answers by script, on the real transport: what a station hears is up to the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from ocppj.aio.connection import Connection
from ocppj.codec import codec_for
from ocppj.session import Failure, Request, Response, Session
from ocppj.versions import OcppVersion
from tests.support.websocket import WAIT_S, Door, Remembering, serving

NOW = "2026-01-05T12:00:00.000Z"
ANSWERS: dict[str, dict[str, Any]] = {
    "BootNotification": {"status": "Accepted", "currentTime": NOW, "interval": 300},
    "Heartbeat": {"currentTime": NOW},
    "Authorize": {"idTagInfo": {"status": "Accepted"}},
    "StartTransaction": {"transactionId": 7, "idTagInfo": {"status": "Accepted"}},
}
ANSWERS_V201: dict[str, dict[str, Any]] = ANSWERS | {"Authorize": {"idTokenInfo": {"status": "Accepted"}}}
"""What is not named is answered with an empty object."""

Script = Callable[["AnsweringLink", Request], dict[str, Any] | str | None]
"""Its answer to a request: a payload, an error code, or None to stay silent."""


class AnsweringLink(Remembering):
    """One station's link: strict about what it is sent."""

    def __init__(self, connection: Connection, script: Script) -> None:
        super().__init__(connection)
        self.session = Session(codec_for(OcppVersion(connection.subprotocol)))
        self.requests: list[Request] = []
        self.heard: list[Response | Failure] = []
        self._script = script

    def text_received(self, text: bytes) -> None:
        received = self.session.receive(text, lenient=False)
        match received:
            case Request():
                self.requests.append(received)
                self._reply(received)
            case Response() | Failure():
                self.heard.append(received)
            case _:
                raise AssertionError(f"the station broke the protocol: {received}")
        super().text_received(text)

    def ask(self, action: str, payload: dict[str, Any]) -> None:
        """Send the station a CALL."""
        self.connection.send(self.session.call(f"ask-{action}", action, payload, deadline=0.0))

    def _reply(self, request: Request) -> None:
        answer = self._script(self, request)
        if isinstance(answer, str):
            self.connection.send(self.session.refuse(request.message_id, answer, "as scripted"))
        elif answer is not None:
            self.connection.send(self.session.answer(request.message_id, request.action, answer))


def agree(link: AnsweringLink, request: Request) -> dict[str, Any]:
    """The usual answer."""
    answers = ANSWERS if link.session.version is OcppVersion.V16 else ANSWERS_V201
    return answers.get(request.action, {})


class AnsweringCentral:
    """The links, in the order in which they came."""

    def __init__(self, door: Door, url: str) -> None:
        self.door = door
        self.url = url

    @property
    def links(self) -> list[AnsweringLink]:
        """All that were ever opened."""
        return self.door.links  # type: ignore[return-value] # the door was given their class

    def actions(self) -> list[str]:
        """Every action of every link."""
        return [request.action for link in self.links for request in link.requests]

    async def until_links(self, count: int) -> list[AnsweringLink]:
        """Wait for stations."""
        async with asyncio.timeout(WAIT_S):
            await self.door.until_links(count)
        return self.links


@asynccontextmanager
async def answering(script: Script = agree) -> AsyncIterator[AnsweringCentral]:
    """On a free port; `url` is without a station id."""
    door = Door(lambda connection: AnsweringLink(connection, script))
    async with serving(door) as site:
        yield AnsweringCentral(door, site.url.removesuffix("/CP1"))
