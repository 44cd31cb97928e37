"""A mail server on a real port that keeps what it is given, and refuses what a test says."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailBox:
    """What arrived, and what it says to the commands that a test names (`RCPT`: `550 no such user`)."""

    def __init__(self, refusals: Mapping[str, str]) -> None:
        self.port = 0
        self.refusals = dict(refusals)
        self.commands: list[str] = []
        self.messages: list[EmailMessage] = []

    @property
    def url(self) -> str:
        """Where it is."""
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client (RFC 5321): as much of it as a client that delivers one message says."""
        await _say(writer, "220 here")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(" ")[0].upper()
            self.commands.append(line)
            if verb in self.refusals:
                await _say(writer, self.refusals[verb])
            elif verb == "EHLO":
                await _say(writer, "250-here", "250 AUTH PLAIN")
            elif verb == "AUTH":
                await _say(writer, "235 welcome")
            elif verb == "DATA":
                await _say(writer, "354 go on")
                content = await reader.readuntil(b"\r\n.\r\n")
                self.messages.append(message_from_bytes(content[:-3], policy=policy.default))
                await _say(writer, "250 taken")
            elif verb == "QUIT":
                await _say(writer, "221 bye")
                break
            else:
                await _say(writer, "250 fine")
        writer.close()


async def _say(writer: asyncio.StreamWriter, *lines: str) -> None:
    writer.write("".join(f"{line}\r\n" for line in lines).encode())
    await writer.drain()


@asynccontextmanager
async def mail_box(**refusals: str) -> AsyncIterator[MailBox]:
    """It listens until one leaves."""
    box = MailBox(refusals)
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
