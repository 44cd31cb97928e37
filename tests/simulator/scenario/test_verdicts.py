"""Verdicts of several steps together, and the exit code."""

from simulator.scenario.verdicts import RunResult, StepResult, Verdict, exit_code, verdict_of


def test_verdicts_add_up() -> None:
    """The worst counts; what does not apply counts only when nothing does; not asked decides nothing."""

    def of(*verdicts: Verdict | None) -> Verdict:
        return verdict_of(StepResult("1", "x", verdict) for verdict in verdicts)

    passed, failed = Verdict.PASSED, Verdict.FAILED
    inconclusive, not_applicable = Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
    assert of(passed, not_applicable, None) is passed
    assert of(passed, inconclusive) is inconclusive
    assert of(inconclusive, failed, passed) is failed
    assert of(not_applicable) is not_applicable
    assert of() is inconclusive
    assert of(None) is inconclusive


def test_the_exit_code_is_zero_only_when_something_passed() -> None:
    """And nothing failed or stayed open."""

    def code(*verdicts: Verdict) -> int:
        return exit_code(RunResult("x", "X", "a", ("1.6",), 1, "", verdict) for verdict in verdicts)

    assert code(Verdict.PASSED) == 0
    assert code(Verdict.PASSED, Verdict.NOT_APPLICABLE) == 0
    assert code(Verdict.NOT_APPLICABLE) == 1
    assert code(Verdict.PASSED, Verdict.FAILED) == 1
    assert code(Verdict.PASSED, Verdict.INCONCLUSIVE) == 1
    assert code() == 1
