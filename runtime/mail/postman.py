"""Takes letters with the change that they follow from, and sees to it that a mail server gets them.

A letter is written in the transaction of its change, with the durable work that hands it over: what is not
stored is never sent, and what is stored is sent although the process ends in between. Handed over twice, it
has the same `Message-ID`. Where no mail server is set, letters stay here to be read (`GET /letters`).
"""

from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from smtplib import SMTPException
from typing import Protocol

import structlog
from sqlalchemy import Connection

from runtime.chance import Chance
from runtime.clock import Clock
from runtime.database import Database
from runtime.mail.letters import (
    TRIED_FOR,
    Letter,
    LetterState,
    in_both,
    message_of,
    subject_in_both,
)
from runtime.mail.smtp import PasswordInClear, is_final
from runtime.mail.storage import load_letter, move_letter, save_letter
from runtime.threads import run_in
from runtime.wording import Phrase, verbatim
from runtime.work.engine import WorkEngine
from runtime.work.pieces import Piece, WorkDone, WorkFailed, WorkOutcome, WorkRetry
from runtime.work.request import Lane, WorkKind
from runtime.work.storage import write_work

log = structlog.get_logger("runtime.mail")

MAIL = WorkKind("mail", Lane.MAIL)
AGAIN_AFTER = timedelta(minutes=30)
NO_LETTER = Phrase("rien à envoyer", "nothing to send")
HANDED_OVER = Phrase("remise au serveur de courriel", "handed to the mail server")
TOO_LATE = "no mail server took it in three days"
IN_CLEAR = "the mail server offers no encryption, so no password is sent to it: use smtps://"


class Sends(Protocol):
    """A mail server."""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over; blocks. Raises OSError, SMTPException, PasswordInClear."""
        ...


@dataclass(frozen=True, slots=True)
class MailRoute:
    """By which server letters leave, as whose; `thread` is where that waits."""

    server: Sends
    sender: str
    thread: Executor


class Postman:
    """Whom letters are given. `route`: None where no mail server is set."""

    def __init__(
        self, database: Database, clock: Clock, chance: Chance, work: WorkEngine, route: MailRoute | None
    ) -> None:
        self._database, self._clock, self._chance = database, clock, chance
        self._work, self._route = work, route
        if route is not None:
            work.serve(MAIL, self.hand_over, again_after=AGAIN_AFTER)

    def letter(self, recipient: str, subject: Phrase, text: Phrase, about: str) -> Letter:
        """A new letter, in both languages; it is nowhere before it is written."""
        now = self._clock.now()
        state = LetterState.KEPT if self._route is None else LetterState.WAITING
        return Letter(
            letter_id=str(self._chance.uuid()),
            recipient=recipient,
            subject=subject_in_both(subject),
            text=in_both(text),
            about=about,
            made_at=now,
            state=state,
            moved_at=now,
        )

    def write(self, connection: Connection, letter: Letter) -> None:
        """Keep it, in the transaction of what it follows from; call `wake` after that."""
        save_letter(connection, letter)
        if letter.state is LetterState.WAITING:
            request = MAIL.request(_subject(letter.letter_id), letter.made_at, cause=letter.about)
            write_work(connection, [request])

    def wake(self) -> None:
        """Something was written."""
        self._work.wake()

    async def hand_over(self, piece: Piece) -> WorkOutcome:
        """Hand a letter to the mail server, unless it was so before."""
        letter_id = piece.subject.removeprefix(_subject(""))
        letter = await self._database.run_read(lambda connection: load_letter(connection, letter_id))
        if letter is None or letter.state is not LetterState.WAITING or self._route is None:
            return WorkDone(NO_LETTER)
        if self._clock.now() > letter.made_at + TRIED_FOR:
            return await self._given_up(letter, TOO_LATE)
        route, message = self._route, message_of(letter, self._route.sender)
        try:
            await run_in(route.thread, lambda: route.server.send(message))
        except PasswordInClear:
            return WorkRetry(verbatim(IN_CLEAR))
        except (OSError, SMTPException) as error:
            said = _reason_in(error)
            log.warning("letter_not_taken", letter_id=letter_id, reason=said)
            return await self._given_up(letter, said) if is_final(error) else WorkRetry(verbatim(said))
        await self._move(letter, LetterState.SENT)
        return WorkDone(HANDED_OVER)

    async def _given_up(self, letter: Letter, reason: str) -> WorkOutcome:
        await self._move(letter, LetterState.FAILED, reason)
        return WorkFailed(verbatim(reason))

    async def _move(self, letter: Letter, state: LetterState, reason: str | None = None) -> None:
        now = self._clock.now()
        await self._database.run_write(
            lambda connection: move_letter(connection, letter.letter_id, state, now, reason)
        )


def _subject(letter_id: str) -> str:
    return f"letter/{letter_id}"


def _reason_in(error: Exception) -> str:
    """In one line. What a mail server says names the address, and no password."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
