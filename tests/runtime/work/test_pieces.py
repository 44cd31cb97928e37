"""A piece as it is stored: what it was asked with, its evidence, and when it is tried again."""

from datetime import UTC, datetime, timedelta

from runtime.wording import Phrase
from runtime.work.pieces import EVIDENCE_CHARACTERS, EVIDENCE_KEPT, LONGEST_RETRY_S, retry_at, with_line
from runtime.work.request import WorkState
from tests.support.work import SWEEP

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_the_pause_doubles_and_is_bounded() -> None:
    """However often it was tried."""
    pauses = [(retry_at(NOW, attempt) - NOW).total_seconds() for attempt in (1, 2, 3, 9, 10, 1000)]
    assert pauses == [1, 2, 4, 256, LONGEST_RETRY_S, LONGEST_RETRY_S]


def test_evidence_is_bounded() -> None:
    """The oldest lines go, a long one is cut, and nothing is no line."""
    evidence = with_line((), NOW, "")
    assert evidence == ()
    for number in range(EVIDENCE_KEPT + 5):
        evidence = with_line(evidence, NOW + timedelta(seconds=number), f"{number} " + "x" * 1000)
    assert len(evidence) == EVIDENCE_KEPT
    assert evidence[0].text.en.startswith("5 ")
    assert {len(text) for line in evidence for text in (line.text.en, line.text.fr)} == {EVIDENCE_CHARACTERS}


def test_evidence_is_in_both_languages() -> None:
    """What a station said is the same in both, and is not typeset."""
    (said,), (told,) = with_line((), NOW, "no : way"), with_line((), NOW, Phrase("non : rien", "no"))
    assert (said.text.fr, said.text.en) == ("no : way", "no : way")
    assert (told.text.fr, told.text.en) == ("non\N{NO-BREAK SPACE}: rien", "no")


def test_a_request_is_due_when_it_is_made_unless_it_says_otherwise() -> None:
    """Its arguments are JSON in one order, so that equal ones are equal."""
    request = SWEEP.request("s1", NOW, arguments={"b": 1, "a": [2]})
    assert (request.due_at, request.arguments) == (NOW, '{"a": [2], "b": 1}')
    assert SWEEP.request("s1", NOW, due_at=NOW + timedelta(1)).due_at == NOW + timedelta(1)
    assert request.name == ("sweep", "s1", "")


def test_some_states_are_over() -> None:
    """The others may still move."""
    assert {each for each in WorkState if not each.is_over} == {WorkState.WAITING, WorkState.RUNNING}
