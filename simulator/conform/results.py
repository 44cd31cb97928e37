"""What came of the cases: verdicts, per profile and together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.conform.case import Side, case_ids
from simulator.conform.index import MANDATORY, profiles, rows_of
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.verdicts import RunResult, StepResult, Verdict

EDITION = "OCPP 2.0.1 edition 3, parts 5 and 6, with the errata of 2025-09"
NO_CERTIFICATION = "This is no certification, and says nothing in the name of the Open Charge Alliance."
FAILED_CODE, INCONCLUSIVE_CODE = 1, 3


@dataclass(slots=True)
class CaseResult:
    """One case. `proved` is None where nobody asked whether it can fail."""

    case_id: str
    title: str
    run: RunResult
    frames: list[SeenFrame] = field(default_factory=list)
    warnings: list[StepResult] = field(default_factory=list)
    """What the official tool wants and the specification does not."""
    proved: bool | None = None
    proof: str = ""
    """Why it is not proved."""

    @property
    def verdict(self) -> Verdict:
        """Of the case."""
        return self.run.verdict

    @property
    def culprit(self) -> StepResult | None:
        """The step that failed, or could not be judged."""
        bad = [step for step in self.steps if step.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE)]
        return bad[0] if bad else None

    @property
    def steps(self) -> list[StepResult]:
        """All that have none in them."""
        return [leaf for step in self.run.steps for leaf in step.leaves()]

    @property
    def why(self) -> str:
        """One line for people; empty where it passed."""
        culprit = self.culprit
        if self.verdict is Verdict.PASSED:
            return ""
        if culprit is None:
            return self.run.reason
        clause = f" [{culprit.clause}]" if culprit.clause else ""
        found = f" {culprit.found[0]}" if culprit.found else ""
        return f"step {culprit.number} {culprit.title}{clause}: {culprit.text}{found}"


@dataclass(frozen=True, slots=True)
class ProfileCount:
    """The mandatory cases of a profile, and what came of them."""

    profile: str
    mandatory: int
    passed: int
    failed: int
    inconclusive: int
    unwritten: int
    """Cases that have no file yet."""
    unplayed: int
    """Cases that were not chosen."""
    others: int
    """Conditional ones that passed."""

    @property
    def line(self) -> str:
        """`Core: 101 of 104 mandatory, 3 failed`."""
        parts = [f"{self.profile}: {self.passed} of {self.mandatory} mandatory"]
        counted = (
            (self.failed, "failed"),
            (self.inconclusive, "inconclusive"),
            (self.unplayed, "not played"),
            (self.unwritten, "not written"),
        )
        parts += [f"{count} {word}" for count, word in counted if count]
        if self.others:
            parts.append(f"{self.others} conditional passed")
        return ", ".join(parts)


def judge(run: RunResult, *, is_strict: bool) -> list[StepResult]:
    """Sets the run's verdict: what the official tool alone wants are warnings, unless strict; those."""
    leaves = [leaf for step in run.steps for leaf in step.leaves()]
    warnings = [leaf for leaf in leaves if leaf.is_wanted_by_tool and leaf.verdict is Verdict.FAILED]
    if is_strict or not warnings or run.verdict is not Verdict.FAILED:
        return warnings
    if all(leaf in warnings for leaf in leaves if leaf.verdict is Verdict.FAILED):
        run.verdict = Verdict.PASSED
    return warnings


def count_profile(profile: str, side: Side, results: Sequence[CaseResult]) -> ProfileCount:
    """One profile."""
    by_id = {result.case_id: result.verdict for result in results}
    rows = rows_of(side, profile)
    mandatory = [row.case_id(side) for row in rows if row.need(side) == MANDATORY]
    others = [row.case_id(side) for row in rows if row.need(side) != MANDATORY]
    found = [by_id.get(case_id) for case_id in dict.fromkeys(mandatory)]
    unwritten = set(mandatory) - set(case_ids(side)) - by_id.keys()
    return ProfileCount(
        profile,
        len(found),
        found.count(Verdict.PASSED),
        found.count(Verdict.FAILED),
        found.count(Verdict.INCONCLUSIVE) + found.count(Verdict.NOT_APPLICABLE),
        len(unwritten),
        found.count(None) - len(unwritten),
        sum(by_id.get(case_id) is Verdict.PASSED for case_id in dict.fromkeys(others)),
    )


def count_profiles(side: Side, results: Sequence[CaseResult]) -> list[ProfileCount]:
    """Those that something was played of; where every case was that ships, those without any case too."""
    played = {result.case_id for result in results}
    is_whole = played.issuperset(case_ids(side))
    return [
        count_profile(profile, side, results)
        for profile in profiles()
        if is_whole or any(row.case_id(side) in played for row in rows_of(side, profile))
    ]


def exit_code(results: Sequence[CaseResult]) -> int:
    """1 where one failed or proved nothing, 3 where one could not be judged, else 0."""
    verdicts = {result.verdict for result in results}
    if Verdict.FAILED in verdicts or any(result.proved is False for result in results):
        return FAILED_CODE
    return INCONCLUSIVE_CODE if Verdict.INCONCLUSIVE in verdicts or not results else 0
