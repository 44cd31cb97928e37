"""The steps of a run as the items of its certificate."""

from borne.certificate.run_items import VERDICTS, items_of
from charging.certificate.document import BilingualText, ItemVerdict
from simulator.scenario.verdicts import RunResult, StepResult, Verdict


def run_of(*steps: StepResult) -> RunResult:
    """A run with these steps."""
    return RunResult("power-up", "X", "a", ("1.6",), 1, "", steps=list(steps))


def test_every_verdict_has_its_own() -> None:
    """What was not judged is not passed and not failed."""
    assert set(VERDICTS) == {*Verdict, None}


def test_a_group_is_its_steps() -> None:
    """Each by its number, in both languages; a title without a translation stands for both."""
    inner = StepResult("1.1", "Liaison", Verdict.PASSED, titles={"fr": "Liaison", "en": "Link"}, line="4 s")
    group = StepResult("1", "Groupe", Verdict.PASSED, is_group=True, steps=[inner])
    link, plain = items_of(run_of(group, StepResult("2", "Plain", Verdict.PASSED)))
    assert (link.id, link.title) == ("1.1", BilingualText("Liaison", "Link"))
    assert (link.detail, plain.detail) == (BilingualText("4 s", "4 s"), None)
    assert plain.title == BilingualText("Plain", "Plain")


def test_what_did_not_pass_says_why() -> None:
    """With what was found; what was not asked says so; what is put back is no item."""
    failed = StepResult("1", "A", Verdict.FAILED, text="No boot.", found=("nothing",))
    run = run_of(failed, StepResult("2", "B"))
    run.cleanup = [StepResult("↩ 1", "C", Verdict.FAILED)]
    first, second = items_of(run)
    assert (first.verdict, first.detail) == (
        ItemVerdict.FAILED,
        BilingualText("No boot.; nothing", "No boot.; nothing"),
    )
    assert second.verdict is ItemVerdict.CANNOT_BE_CHECKED
    assert second.detail is not None
    assert second.detail.en == "Not asked: a step before it failed."
