"""A letter is kept with its change and sent by durable work; without a mail server it is read here."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest

from runtime.chance import SeededChance
from runtime.clock import ManualClock
from runtime.database import Database
from runtime.mail.letters import KEPT_FOR, TRIED_FOR, Letter, LetterState
from runtime.mail.postman import MailRoute, Postman
from runtime.mail.smtp import PasswordInClear
from runtime.mail.storage import load_letters, withdraw_letters
from runtime.threads import AtOnce
from runtime.wording import Phrase
from tests.support.work import Bench, working

LINK = "https://borne.example/invitation#secret"
REFUSED = SMTPRecipientsRefused({"sam@volta.example": (550, b"no such user")})


class Server:
    """A mail server that says what a test wants, in turn."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.messages: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        """Take it, or raise the next error."""
        if self.errors:
            raise self.errors.pop(0)
        self.messages.append(message)


class Office:
    """A postman, and what is stored."""

    def __init__(self, bench: Bench, server: Server | None) -> None:
        self.bench, self.database, thread = bench, bench.database, AtOnce()
        route = _route(server, thread) if server is not None else None
        self.postman = Postman(bench.database, bench.clock, SeededChance(3), bench.engine, route)

    async def write(self) -> Letter:
        """A letter with a link."""
        text = Phrase(f"Ouvrez {LINK}", f"Open {LINK}")
        letter = self.postman.letter("sam@volta.example", Phrase("Allô", "Hello"), text, "invitation/i")
        await self.database.run_write(lambda connection: self.postman.write(connection, letter))
        self.postman.wake()
        return letter

    async def stored(self) -> list[Letter]:
        """The newest first."""
        return await self.database.run_read(lambda connection: load_letters(connection, 10))


def _route(server: Server, thread: Executor) -> MailRoute:
    return MailRoute(server, "borne@borne.example", thread)


Opened = Callable[[Server | None], Office]


@pytest.fixture
async def bench(database: Database, clock: ManualClock) -> Bench:
    """An engine that does not run yet."""
    return Bench(database, clock)


@asynccontextmanager
async def office_of(bench: Bench, server: Server | None) -> AsyncIterator[Office]:
    """It works until one leaves."""
    office = Office(bench, server)
    async with working(bench):
        yield office


async def test_a_letter_is_sent_once_and_what_it_says_is_forgotten(bench: Bench) -> None:
    """The link in it lets somebody in: nobody reads it here afterwards, nor in the list of work."""
    server = Server()
    async with office_of(bench, server) as office:
        await office.write()
        await bench.passes(10)
        (letter,) = await office.stored()
        (piece,) = await bench.stored()
    assert (letter.state, letter.text) == (LetterState.SENT, "")
    (message,) = server.messages
    assert LINK in message.get_content()
    assert (message["To"], message["Subject"]) == ("sam@volta.example", "Allô / Hello")
    assert "secret" not in repr(piece)


async def test_what_does_not_come_through_is_tried_again(bench: Bench) -> None:
    """A server that is away, and one without encryption that somebody mends."""
    server = Server(SMTPServerDisconnected("gone"), ConnectionRefusedError(), PasswordInClear())
    async with office_of(bench, server) as office:
        await office.write()
        await bench.passes(0.5)
        assert [each.state for each in await office.stored()] == [LetterState.WAITING]
        await bench.passes(30)
        assert [each.state for each in await office.stored()] == [LetterState.SENT]
    assert len(server.messages) == 1


async def test_a_restart_loses_no_letter(bench: Bench, database: Database, clock: ManualClock) -> None:
    """What was stored when the process ended is sent by the next one."""
    await Office(bench, Server()).write()
    server = Server()
    async with office_of(Bench(database, clock), server) as office:
        await office.bench.passes(10)
    assert len(server.messages) == 1


async def test_an_address_that_there_is_not_is_given_up_at_once(bench: Bench) -> None:
    """With what the server said."""
    async with office_of(bench, Server(REFUSED)) as office:
        await office.write()
        await bench.passes(10)
        (letter,) = await office.stored()
        assert (await bench.states()) == ["failed"]
    assert (letter.state, letter.text) == (LetterState.FAILED, "")
    assert letter.reason is not None
    assert "no such user" in letter.reason


async def test_three_days_are_enough(bench: Bench) -> None:
    """Of a server that never comes back: what still waits then is given up."""
    office = Office(bench, Server())
    await office.write()
    await bench.clock.advance(TRIED_FOR.total_seconds() + 1)
    async with working(bench):
        await bench.passes(1)
    (letter,) = await office.stored()
    assert (letter.state, letter.text) == (LetterState.FAILED, "")
    assert letter.reason == "no mail server took it in three days"


@pytest.mark.requirement("R6", "refuses")
async def test_a_letter_that_was_withdrawn_is_not_sent(bench: Bench) -> None:
    """The invitation was revoked meanwhile: its link is not told any more."""
    server = Server()
    office = Office(bench, server)
    await office.write()
    now = bench.clock.now()
    await office.database.run_write(lambda c: withdraw_letters(c, "invitation/i", now, "revoked"))
    async with working(bench):
        await bench.passes(10)
        (letter,) = await office.stored()
    assert (letter.state, letter.text, letter.reason) == (LetterState.FAILED, "", "revoked")
    assert server.messages == []


async def test_without_a_mail_server_it_is_read_here(bench: Bench) -> None:
    """As long as it may be of use."""
    office = Office(bench, None)
    await office.write()
    async with working(bench):
        await bench.passes(10)
    (letter,) = await office.stored()
    assert (letter.state, LINK in letter.text) == (LetterState.KEPT, True)
    assert await bench.states() == []
    await bench.clock.advance(KEPT_FOR.total_seconds() + 1)
    kept = await office.write()
    assert [each.letter_id for each in await office.stored()] == [kept.letter_id]
