"""What came of cases, counted."""

from simulator.conform.case import case_ids
from simulator.conform.index import profiles, rows_of
from simulator.conform.results import CaseResult, count_profile, count_profiles, exit_code, judge
from simulator.scenario.verdicts import RunResult, StepResult, Verdict


def result(case_id: str, verdict: Verdict, *steps: StepResult, proved: bool | None = None) -> CaseResult:
    """Of one case."""
    run = RunResult(case_id, "T", "", ("2.0.1",), seed=1, started_at="", verdict=verdict, reason="no feature")
    run.steps = list(steps)
    return CaseResult(case_id, "T", run, proved=proved)


def step(verdict: Verdict | None, *, is_wanted_by_tool: bool = False) -> StepResult:
    """One step."""
    return StepResult(
        "1",
        "Look",
        verdict,
        text="Wrong.",
        found=("nearest",),
        clause="B01.FR.01",
        is_wanted_by_tool=is_wanted_by_tool,
    )


def test_why() -> None:
    """The step, its clause and what was found; or the reason."""
    failed = result("TC_B_01_CSMS", Verdict.FAILED, step(Verdict.PASSED), step(Verdict.FAILED))
    assert failed.why == "step 1 Look [B01.FR.01]: Wrong. nearest"
    assert result("TC_B_01_CSMS", Verdict.PASSED).why == ""
    assert result("TC_B_01_CSMS", Verdict.NOT_APPLICABLE).why == "no feature"


def test_what_the_tool_alone_wants_is_a_warning() -> None:
    """Unless strict, or unless something else failed too."""
    for is_strict, others, wanted in (
        (False, (), Verdict.PASSED),
        (True, (), Verdict.FAILED),
        (False, (step(Verdict.FAILED),), Verdict.FAILED),
    ):
        one = result("TC_B_01_CSMS", Verdict.FAILED, step(Verdict.FAILED, is_wanted_by_tool=True), *others)
        assert len(judge(one.run, is_strict=is_strict)) == 1
        assert one.verdict is wanted


def test_a_profile_is_counted_by_what_is_mandatory() -> None:
    """Cases without a file are told; one that does not apply is open."""
    results = [
        result("TC_B_01_CSMS", Verdict.PASSED),
        result("TC_B_06_CSMS", Verdict.FAILED),
        result("TC_B_09_CSMS", Verdict.INCONCLUSIVE),
        result("TC_B_07_CSMS", Verdict.PASSED),
    ]
    counted = count_profile("Core", "csms", results)
    assert (counted.passed, counted.failed, counted.inconclusive, counted.others) == (1, 1, 1, 1)
    assert counted.mandatory == counted.unwritten + counted.unplayed + 3
    assert counted.unplayed
    assert counted.line == (
        f"Core: 1 of {counted.mandatory} mandatory, 1 failed, 1 inconclusive, "
        f"{counted.unplayed} not played, {counted.unwritten} not written, 1 conditional passed"
    )
    assert [each.profile for each in count_profiles("csms", results)] == ["Core"]


def test_a_profile_without_any_case_has_its_line_once_all_was_played() -> None:
    """Else nobody would see that nothing of it is written."""
    counted = count_profiles("cs", [result(each, Verdict.PASSED) for each in case_ids("cs")])
    assert [each.profile for each in counted] == [each for each in profiles() if rows_of("cs", each)]
    (bare,) = [each for each in counted if each.profile == "Advanced Security"]
    assert (bare.passed, bare.unwritten) == (0, bare.mandatory)


def test_exit_codes() -> None:
    """Failed, or proves nothing; open; nothing at all."""
    passed, failed = result("A", Verdict.PASSED), result("A", Verdict.FAILED)
    assert exit_code([passed]) == 0
    assert exit_code([passed, failed]) == 1
    assert exit_code([result("A", Verdict.PASSED, proved=False)]) == 1
    assert exit_code([passed, result("A", Verdict.INCONCLUSIVE)]) == 3
    assert exit_code([]) == 3
