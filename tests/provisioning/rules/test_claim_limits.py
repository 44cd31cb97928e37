"""How often one may be wrong: programs are locked, people wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.credentials import check_character
from provisioning.errors import ProvisioningProblem
from provisioning.records import Job, JobStop
from provisioning.rules.claim_limits import Tally, person_lock, program_lock, slip_of, tries_left
from provisioning.settings import THE_TEAM
from runtime.chance import CROCKFORD

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BOX, OTHER = StationId("0024b10000029f81"), StationId("02b016000001")
NONE: Tally = (0, None)
JOB = Job("j", "s", date(2026, 5, 5), (JobStop("p", BOX),), NOW, "ann", account="sam")
CHOSEN = "K7QM4T2X"
BODY = next(body for n in "0123456789ABCDEF" if check_character(body := f"7K3MQ9X{n}") in CROCKFORD)
RIGHT = BODY + check_character(BODY)
SLIPPED = f"{BODY[:-1]}Z{RIGHT[-1]}"


def text(problem: ProvisioningProblem | None) -> str:
    """What is told, in English."""
    return problem.blocker.text.en if problem is not None else ""


def test_a_program_is_locked_with_its_station() -> None:
    """For a day from the last wrong try; the account too."""
    five: Tally = (5, NOW - timedelta(hours=1))
    assert program_lock(NONE, NONE, BOX, "meter", NOW) is None
    assert program_lock((4, NOW), (4, NOW), BOX, "meter", NOW) is None
    locked = program_lock(five, NONE, BOX, "meter", NOW)
    assert locked is not None
    assert (locked.code, locked.fields) == (Code.CLAIM_LOCKED, {"hours": 23, "locked": BOX})
    locked = program_lock(NONE, five, BOX, "meter", NOW)
    assert locked is not None
    assert locked.fields["locked"] == "meter"


def test_a_person_meets_the_lock_of_the_station_only() -> None:
    """And is told whom to ring."""
    locked = person_lock((5, NOW), NONE, BOX, "sam", NOW, THE_TEAM)
    assert locked is not None
    assert (locked.code, locked.fields["locked"]) == (Code.STATION_LOCKED, BOX)
    assert "Ring the team" in locked.blocker.way_out.en
    assert "Appelez l'équipe" in locked.blocker.way_out.fr
    assert person_lock(NONE, (4, NOW), BOX, "sam", NOW, THE_TEAM) is None


@pytest.mark.parametrize(("wrong", "minutes"), [(5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (500, 15)])
def test_who_is_often_wrong_waits_some_minutes(wrong: int, minutes: int) -> None:
    """From the last wrong try on; never longer than a quarter of an hour."""
    slowed = person_lock(NONE, (wrong, NOW), BOX, "sam", NOW, THE_TEAM)
    assert slowed is not None
    assert (slowed.code, slowed.fields["minutes"], slowed.status) == (Code.CLAIM_SLOWED, minutes, 429)
    later = NOW + timedelta(minutes=minutes)
    assert person_lock(NONE, (wrong, NOW), BOX, "sam", later, THE_TEAM) is None


def test_a_code_whose_check_does_not_fit_is_a_slip() -> None:
    """One that the buyer chose has no check."""
    assert slip_of(BOX, BOX, RIGHT, (), THE_TEAM) is None
    assert slip_of(BOX, BOX, CHOSEN, (), THE_TEAM) is None
    slip = slip_of(BOX, BOX, SLIPPED, (JOB,), THE_TEAM)
    assert slip is not None
    assert slip.code is Code.CODE_MISTYPED


def test_a_box_that_is_not_in_the_job_is_a_slip() -> None:
    """With those that may have been meant; a job that does not say all of its boxes excludes none."""
    slip = slip_of("0024b10000029f82", StationId("0024b10000029f82"), RIGHT, (JOB,), THE_TEAM)
    assert slip is not None
    assert (slip.code, slip.near) == (Code.NOT_ON_JOB, ("0024:B100:0002:9F81",))
    assert "0024:B100:0002:9F82 is not in your job" in text(slip)
    named = replace(JOB, stops=(JobStop("p", StationId("cp-42")),))
    unlike = slip_of(OTHER, OTHER, RIGHT, (named,), THE_TEAM)
    assert unlike is not None
    assert unlike.near == ()
    assert slip_of(BOX, BOX, RIGHT, (JOB,), THE_TEAM) is None
    open_job = replace(JOB, stops=(JobStop("p", BOX), JobStop("q")))
    assert slip_of(OTHER, OTHER, RIGHT, (open_job,), THE_TEAM) is None


def test_the_tries_left_are_those_of_the_worst() -> None:
    """This one is counted already."""
    assert tries_left(NONE) == 4
    assert tries_left((2, NOW), (3, NOW)) == 1
    assert tries_left((9, NOW)) == 0
