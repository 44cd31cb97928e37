"""What planning, changing and cancelling a job comes to."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import Job, JobStop
from provisioning.rules.jobs import (
    JobFacts,
    JobRequest,
    called_off,
    is_stop_done,
    job_subject,
    planned,
    replanned,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
A, B = StationId("a"), StationId("b")
JOB = Job("j", "s", date(2026, 5, 5), (JobStop("p", A),), NOW, "ann", account="sam", note="keys at the desk")
FACTS = JobFacts(None, is_site_known=True, places=frozenset({"p", "q"}), occupants={})


def refused(work: object) -> Code:
    """The code of what `work`, a function without arguments, is refused with."""
    with pytest.raises(ProvisioningProblem) as raised:
        work()  # type: ignore[operator] # a function
    return raised.value.code


def test_a_job_is_kept_with_who_planned_it() -> None:
    """The row and the act are one change."""
    change = planned(FACTS, JOB)
    assert change.jobs == [JOB]
    (act,) = change.acts
    assert (act.subject, act.by, act.what, act.result, act.reference) == (
        job_subject("j"),
        "ann",
        "job-planned",
        "sam",
        "s",
    )


def test_it_is_of_a_site_and_of_its_places() -> None:
    """Of no other."""
    assert refused(lambda: planned(replace(FACTS, is_site_known=False), JOB)) is Code.SITE_UNKNOWN
    assert refused(lambda: planned(replace(FACTS, places=frozenset()), JOB)) is Code.PLACE_UNKNOWN


def test_a_box_at_the_place_is_to_be_swapped() -> None:
    """Unless it is the very one that is meant for it."""
    assert planned(replace(FACTS, occupants={"p": B}), JOB).jobs[0].stops == (JobStop("p", A, B),)
    assert planned(replace(FACTS, occupants={"p": A}), JOB).jobs[0].stops == (JobStop("p", A, None),)


def test_what_was_not_given_stays() -> None:
    """And a place that was in the job goes on replacing what it replaced, also when the new box is there."""
    before = replace(JOB, stops=(JobStop("p", A, B),))
    facts = replace(FACTS, job=before, occupants={"p": A, "q": B})
    same = replanned(facts, "j", JobRequest(), NOW, "ann").jobs[0]
    assert same == before
    stops = (JobStop("p", A), JobStop("q"))
    wanted = JobRequest(date(2026, 6, 1), stops, None, None, frozenset({"account"}))
    after = replanned(facts, "j", wanted, NOW, "ann")
    assert after.jobs == [
        replace(before, day=date(2026, 6, 1), account=None, stops=(JobStop("p", A, B), JobStop("q", None, B)))
    ]
    assert after.acts[0].what == "job-changed"
    assert replanned(facts, "j", JobRequest(given=frozenset({"note"})), NOW, "ann").jobs[0].note is None


def test_a_job_is_cancelled_once() -> None:
    """And is changed no more."""
    cancelled = called_off(JOB, "j", NOW, "ann")
    assert cancelled.jobs == [replace(JOB, cancelled_at=NOW)]
    assert cancelled.acts[0].what == "job-cancelled"
    assert refused(lambda: called_off(None, "j", NOW, "ann")) is Code.JOB_UNKNOWN
    assert refused(lambda: called_off(cancelled.jobs[0], "j", NOW, "ann")) is Code.JOB_CANCELLED
    gone = replace(FACTS, job=cancelled.jobs[0])
    assert refused(lambda: replanned(gone, "j", JobRequest(), NOW, "ann")) is Code.JOB_CANCELLED


def test_a_place_is_done_with_its_box() -> None:
    """Or with any other than the one that it replaces, where nobody said which."""
    assert is_stop_done(JobStop("p", A), A)
    assert not is_stop_done(JobStop("p", A), B)
    assert is_stop_done(JobStop("p", None, B), A)
    assert not is_stop_done(JobStop("p", None, B), B)
    assert not is_stop_done(JobStop("p"), None)
