"""A letter to somebody, as it is kept. Pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from enum import StrEnum

from runtime.wording import Phrase

ADDRESS = r"^[^@\s,;<>]+@[^@\s,;<>]+$"
ADDRESS_MOST = 254
"""RFC 5321, section 4.5.3.1.3: a path, without its brackets."""
KEPT_FOR = timedelta(days=30)
"""Letters that are over, or that nobody sends."""
TRIED_FOR = timedelta(days=3)
"""A letter that cannot be handed over by then is given up."""
_ADDRESS = re.compile(ADDRESS)
_BETWEEN = "\n\n– – –\n\n"


class LetterState(StrEnum):
    """How a letter stands."""

    KEPT = "kept"
    """No mail server is set: it is read here."""
    WAITING = "waiting"
    SENT = "sent"
    """A mail server took it."""
    FAILED = "failed"
    """It was given up, and says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter. `text` may hold the link of an invitation: it is forgotten as soon as it is sent or given
    up, and is in no repr.
    """

    letter_id: str
    recipient: str
    subject: str
    text: str = field(repr=False)
    about: str
    """What it is about, as acts name it: `invitation/ID`."""
    made_at: datetime
    state: LetterState
    moved_at: datetime
    reason: str | None = None
    """Why it was not sent, in the words of the mail server."""


def in_both(words: Phrase) -> str:
    """A text in both languages: nobody knows which one its reader speaks."""
    return f"{words.fr}{_BETWEEN}{words.en}\n"


def subject_in_both(words: Phrase) -> str:
    """A line in both languages."""
    return f"{words.fr} / {words.en}"


def address_in(text: str | None) -> str | None:
    """The mail address that somebody wrote down among other words; None where there is none."""
    for word in re.split(r"[\s,;]+", text or ""):
        _, address = parseaddr(word)
        if _ADDRESS.match(address) and len(address) <= ADDRESS_MOST:
            return address
    return None


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """What goes to the mail server. The same letter sent twice has the same id, so that it is shown once."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = formatdate(letter.made_at.timestamp())
    message["Message-ID"] = f"<{letter.letter_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
