"""Desired, read back, and where the two differ, from the evidence of an activation."""

import pytest

from console.setting_values import setting_lines
from console.words import Words
from provisioning.api.station_views import EvidenceAnswer, StepAnswer
from tests.support.station_details import blocker_of


def step(*evidence: tuple[str, str | None], about: str = "") -> StepAnswer:
    """A step with what was sent and read back, and what was found about a setting."""
    lines = tuple(EvidenceAnswer(sent=sent, answered="Accepted", read_back=read) for sent, read in evidence)
    remarks = (blocker_of(text_en="It refused.", about=about),) if about else ()
    return StepAnswer(
        step="clock", state="done", attempts=1, changed_at=None, evidence=lines, remarks=remarks
    )


@pytest.mark.parametrize(
    ("given", "state", "reported"),
    [
        (step(("set A.B=300", None), ("read A.B", "300")), "same", "300"),
        (step(("set A.B=300", None), ("read A.B", "60")), "differs", "60"),
        (step(("set A.B=true", None), ("read A.B", "True")), "same", "True"),
        (step(("set A.B=300", None)), "unproved", "–"),
        (step(("set A.B=300", None), about="A.B"), "refused", "–"),
        (step(("set A.B=***", None), about="A.B"), "unproved", "–"),
        (step(("set A.B=60", None), ("set A.B=300", None), ("read A.B", "300")), "same", "300"),
    ],
)
def test_a_setting_is_held_against_what_was_read_back(given: StepAnswer, state: str, reported: str) -> None:
    """The last try counts; a secret cannot be read."""
    (line,) = setting_lines([given], Words("en"))
    assert (line["name"], line["state"], line["reported"]) == ("A.B", state, reported)


def test_what_is_no_setting_is_left_out() -> None:
    """Lists, statuses, what was only read."""
    assert (
        setting_lines([step(("full local list, version 1, tokens: 3", None), ("read A.B", "1"))], Words("en"))
        == []
    )
