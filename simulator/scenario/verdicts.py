"""Verdicts of steps and scenarios, and what is kept of them. Pure.

Failed is not the same as not asked: a step that was never done has no verdict at all, and what could not be
judged (nobody plugged the cable in) is inconclusive.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.model.mistakes import Mistake

CANNOT_RUN = 3
"""The exit code where nothing was begun."""


class Verdict(StrEnum):
    """What came of a step or a scenario."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"
    INCONCLUSIVE = "inconclusive"


class StepOutcome(Exception):  # noqa: N818 - a way to end a step, not always an error
    """Ends a step with a verdict. `text` is a sentence; the rest helps whoever must act on it."""

    verdict: Verdict

    def __init__(
        self, text: str, *, expected: str | None = None, found: Iterable[str] = (), advice: str | None = None
    ) -> None:
        super().__init__(text)
        self.text = text
        self.expected = expected
        self.found = tuple(found)
        self.advice = advice


class Failed(StepOutcome):
    """It was looked at, and is not as it must be."""

    verdict = Verdict.FAILED


class Inconclusive(StepOutcome):
    """It could not be judged."""

    verdict = Verdict.INCONCLUSIVE


class NotApplicable(StepOutcome):
    """It does not apply here."""

    verdict = Verdict.NOT_APPLICABLE


@dataclass(slots=True)
class StepResult:
    """What came of a step. `verdict` None: it was not asked. `seconds` are people's."""

    number: str
    title: str
    verdict: Verdict | None = None
    seconds: float = 0.0
    text: str = ""
    expected: str | None = None
    found: tuple[str, ...] = ()
    advice: str | None = None
    line: str = ""
    """What a passed step has to tell: the value that it captured."""
    is_group: bool = False
    name: str = ""
    """The same wherever it is played: the title in English, its variables not filled in."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """The title in each language, for what is read by others than whoever plays it."""
    steps: "list[StepResult]" = field(default_factory=list)
    clause: str | None = None
    """The requirement that it looks at."""
    is_wanted_by_tool: bool = False
    """The official test tool wants it, the specification does not."""
    mistakes: tuple[Mistake, ...] = ()
    """What the simulated stations saw the central system get wrong meanwhile, whatever the verdict."""

    def leaves(self) -> "Iterator[StepResult]":
        """The steps in it that have none in them."""
        if not self.steps:
            yield self
        for step in self.steps:
            yield from step.leaves()


@dataclass(slots=True)
class RunResult:
    """What came of a scenario with one set of stations."""

    scenario: str
    title: str
    stations: str
    """For people: `a = sim:ac-16 (02B016…), OCPP 1.6`."""
    versions: tuple[str, ...]
    seed: int
    started_at: str
    verdict: Verdict = Verdict.INCONCLUSIVE
    seconds: float = 0.0
    reason: str = ""
    steps: list[StepResult] = field(default_factory=list)
    cleanup: list[StepResult] = field(default_factory=list)
    bindings: str = ""
    """The same in every run: `a=sim:ac-16`."""
    lacks_role: bool = False
    """It was not begun: whoever asks the central system may not do all of it."""
    rig_failed: bool = False
    """A machine that is a hand did not do its part."""


def verdict_of(results: Iterable[StepResult]) -> Verdict:
    """The verdict on several steps together: what is worst, but a step that does not apply counts only when
    none does. A step that was not asked decides nothing.
    """
    found = {result.verdict for result in results if result.verdict is not None}
    for verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE, Verdict.PASSED, Verdict.NOT_APPLICABLE):
        if verdict in found:
            return verdict
    return Verdict.INCONCLUSIVE


def exit_code(results: Iterable[RunResult]) -> int:
    """0 when something passed and nothing failed or stayed open; CANNOT_RUN where a role lacked a step or a
    rig failed, and nothing else did; else 1.
    """
    every = list(results)
    verdicts = {result.verdict for result in every}
    if Verdict.FAILED not in verdicts and any(result.lacks_role or result.rig_failed for result in every):
        return CANNOT_RUN
    is_bad = Verdict.FAILED in verdicts or Verdict.INCONCLUSIVE in verdicts
    return 0 if Verdict.PASSED in verdicts and not is_bad else 1
