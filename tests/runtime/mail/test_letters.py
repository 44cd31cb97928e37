"""A letter: in both languages, with an id that stays, and nothing of it in a repr."""

from datetime import UTC, datetime

import pytest

from runtime.mail.letters import (
    Letter,
    LetterState,
    address_in,
    in_both,
    message_of,
    subject_in_both,
)
from runtime.wording import Phrase

LETTER = Letter(
    letter_id="l-1",
    recipient="sam@volta.example",
    subject="Invitation d'Ann / Invitation from Ann",
    text="Bonjour à tous\n",
    about="invitation/i-1",
    made_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
    state=LetterState.WAITING,
    moved_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
)


def test_nobody_knows_which_language_the_reader_speaks() -> None:
    """French first, as everywhere here."""
    words = Phrase("Bonjour", "Hello")
    assert in_both(words).index("Bonjour") < in_both(words).index("Hello")
    assert subject_in_both(words) == "Bonjour / Hello"


def test_the_same_letter_has_the_same_id() -> None:
    """So that what is handed over twice is shown once; what it says is in no repr."""
    message = message_of(LETTER, "Borne <notifications@borne.example>")
    assert message["Message-ID"] == "<l-1@borne.example>"
    assert (message["To"], message["From"]) == ("sam@volta.example", "Borne <notifications@borne.example>")
    assert message["Date"] == "Mon, 04 May 2026 12:00:00 -0000"
    assert message.get_content() == "Bonjour à tous\n"
    assert "Bonjour" not in repr(LETTER)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@quai.example", "ann@quai.example"),
        ("Ann Roy <ann@quai.example>, 514 555-0100", "ann@quai.example"),
        ("Ann, 514 555-0100", None),
        ("@", None),
        (None, None),
        (f"{'a' * 250}@quai.example", None),
    ],
)
def test_an_address_is_found_among_other_words(text: str | None, address: str | None) -> None:
    """A contact of an order is a line of text."""
    assert address_in(text) == address
