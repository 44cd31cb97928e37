"""Runs as values: what is next, what is pending, what is asked again."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ocppj.vocabulary import StationId
from provisioning.activation.runs import (
    LONGEST_RETRY_S,
    STEP_WORDS,
    ActivationRun,
    Errand,
    Evidence,
    SentAway,
    StepName,
    StepRecord,
    StepState,
    joined,
    new_run,
    retry_after_s,
)
from provisioning.blockers import Code
from provisioning.catalogue import blocker
from runtime.wording import Phrase

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
LACKING = blocker(Code.KEY_LACKING, key="X")


def begun() -> ActivationRun:
    """A new one."""
    return new_run("r", StationId("a"), AT, "owner")


def settled(run: ActivationRun) -> ActivationRun:
    """Every step done."""
    while run.current is not None:
        run = run.with_step(StepRecord(run.current.step, AT, StepState.DONE))
    return run


def test_a_run_has_every_step_in_order() -> None:
    """Security before anything worth protecting, release last."""
    assert [each.step for each in begun().steps] == list(StepName)
    assert begun().current == StepRecord(StepName.CLOCK, AT)
    assert settled(begun()).current is None
    assert set(STEP_WORDS) == set(StepName)


def test_a_refused_step_does_not_hold_up_the_others() -> None:
    """It is settled; only waiting and retrying are not."""
    run = begun().with_step(StepRecord(StepName.CLOCK, AT, StepState.REFUSED, remarks=(LACKING,)))
    assert run.current is not None
    assert run.current.step is StepName.CREDENTIAL
    assert run.remarks == (LACKING,)
    retrying = begun().with_step(StepRecord(StepName.CLOCK, AT, StepState.RETRYING, remarks=(LACKING,)))
    assert retrying.current is not None
    assert retrying.current.step is StepName.CLOCK
    assert retrying.remarks == ()


def test_the_same_remark_is_told_once() -> None:
    """Two steps may meet the same lack."""
    run = begun()
    for name in (StepName.CLOCK, StepName.TARIFF):
        run = run.with_step(StepRecord(name, AT, StepState.LACKING, remarks=(LACKING,)))
    assert run.remarks == (LACKING,)


def test_pending_names_what_was_changed() -> None:
    """Not the release, and a restart only where one is needed."""
    run = settled(begun())
    assert run.pending is None
    again = run.requested_again((StepName.TARIFF, StepName.RESTART), AT, "owner")
    assert again.pending == Phrase("tarif", "tariff")
    assert again.finished_at is None
    needing = again.with_step(StepRecord(StepName.TARIFF, AT, StepState.DONE), needs_restart=True)
    assert needing.pending == Phrase("redémarrage", "restart")


def test_a_step_asked_again_forgets_what_it_left_behind() -> None:
    """What the station refused last time is not true any more; the other steps' remarks stay."""
    run = begun()
    for name in (StepName.CLOCK, StepName.TARIFF):
        remark = blocker(Code.KEY_LACKING, key=name.value)
        run = run.with_step(
            StepRecord(name, AT, StepState.LACKING, attempts=3, evidence=(Evidence("x"),), remarks=(remark,))
        )
    again = run.requested_again((StepName.TARIFF,), AT, "owner")
    assert again.remarks == (blocker(Code.KEY_LACKING, key="clock"),)
    assert again.steps[4] == StepRecord(StepName.TARIFF, AT, requests=2)
    assert again.steps[0] == run.steps[0]


def test_two_askings_at_the_same_instant_differ() -> None:
    """An answer to the first is void."""
    once = begun().requested_again((StepName.CLOCK,), AT, "owner")
    assert once.steps[0] != begun().steps[0]
    assert once.requested_again((StepName.CLOCK,), AT, "owner").steps[0] != once.steps[0]


def test_what_somebody_asked_for_stays_so_until_it_is_done() -> None:
    """A change at the site adds steps to it; one that is done does not make the next change asked for."""
    asked = begun().requested_again((StepName.CLOCK,), AT, "owner", is_requested_here=True)
    assert asked.requested_again((StepName.TARIFF,), AT, "owner", is_requested_here=False).is_requested_here
    done = replace(asked, finished_at=AT)
    assert not done.requested_again(
        (StepName.TARIFF,), AT, "owner", is_requested_here=False
    ).is_requested_here
    assert done.requested_again((StepName.TARIFF,), AT, "owner", is_requested_here=True).is_requested_here


def test_a_restart_that_was_made_is_not_needed_any_more() -> None:
    """The next change asks for its own."""
    run = begun().with_step(StepRecord(StepName.CLOCK, AT, StepState.DONE), needs_restart=True)
    assert run.needs_restart
    assert run.with_step(StepRecord(StepName.RESTART, AT, StepState.RETRYING)).needs_restart
    assert not run.with_step(StepRecord(StepName.RESTART, AT, StepState.DONE)).needs_restart


def test_an_errand_ends_with_its_step() -> None:
    """A step that is tried again goes on with it; asked anew, it begins anew."""
    sent = SentAway(Errand.RECONNECT, 4)
    run = ActivationRun("r", StationId("a"), AT, "owner", sent_away=sent, steps=begun().steps)
    retried = StepRecord(StepName.CLOCK, AT, StepState.RETRYING)
    assert run.with_step(retried, is_going_on=True).sent_away == sent
    assert run.with_step(StepRecord(StepName.CLOCK, AT, StepState.DONE)).sent_away is None
    assert run.requested_again((StepName.CLOCK,), AT, "owner").sent_away is None
    assert run.requested_again((StepName.TARIFF,), AT, "owner").sent_away == sent


@given(st.integers(1, 10_000))
def test_tries_become_ever_more_seldom(attempts: int) -> None:
    """Doubling, bounded."""
    assert 1.0 <= retry_after_s(attempts) <= retry_after_s(attempts + 1) <= LONGEST_RETRY_S


def test_phrases_are_joined_in_both_languages() -> None:
    """As a list."""
    assert joined([Phrase("un", "one"), Phrase("deux", "two")]) == Phrase("un, deux", "one, two")
