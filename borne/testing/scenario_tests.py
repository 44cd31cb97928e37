"""`*.scenario.yaml` as tests: one for each set of stations that the file names."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from borne.testing.stash import FRAMES, PLACE, bench_of
from borne.testing.station import StepUnclearError
from runtime.yaml_source import Source, read_source
from simulator.scenario.bindings import Binding
from simulator.scenario.document import Scenario
from simulator.scenario.errors import ScenarioFileError
from simulator.scenario.files import load_scenario
from simulator.scenario.junit import details
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.verdicts import RunResult, StepResult, Verdict


class ScenarioFailedError(AssertionError):
    """A step failed."""


class ScenarioTestFile(pytest.File):
    """One file."""

    def collect(self) -> Iterator["ScenarioTest"]:
        """A test for each binding; a file that breaks a rule is an error of collection."""
        try:
            scenario = load_scenario(str(self.path))
        except ScenarioFileError as error:
            raise self.CollectError(str(error)) from None
        for roles in bench_of(self.config).roles(scenario):
            name = ",".join(f"{role}={one.bound}:{one.target}" for role, one in roles.items())
            yield ScenarioTest.from_parent(
                self, name=f"{scenario.scenario}[{name}]", scenario=scenario, roles=roles
            )


class ScenarioTest(pytest.Item):
    """Played in its set-up, so that what could not be judged is an error; judged in its call."""

    def __init__(self, *, scenario: Scenario, roles: dict[str, Binding], **more: Any) -> None:
        super().__init__(**more)
        self._scenario = scenario
        self._roles = roles
        self._result: RunResult | None = None

    def setup(self) -> None:
        """Play it."""
        self.stash[PLACE] = (self._shown_path(), 1)
        result = self._result = bench_of(self.config).play(self._scenario, self._roles, self)
        culprit = _culprit(result)
        if culprit is not None:
            self.stash[PLACE] = (self._shown_path(), line_of(self._source(), culprit.number))
        if result.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip(result.reason or "it does not apply to these stations")
        if result.verdict is Verdict.INCONCLUSIVE:
            raise StepUnclearError(self._described(result))

    def runtest(self) -> None:
        """Judge it."""
        if self._result is not None and self._result.verdict is Verdict.FAILED:
            raise ScenarioFailedError(self._described(self._result))

    def run_began(self, drivers: Mapping[str, StationDriver]) -> None:
        """Its frames are read when it has ended."""

    def run_ended(self, result: RunResult, drivers: Mapping[str, StationDriver]) -> None:  # noqa: ARG002
        """Keep what was seen."""
        self.stash[FRAMES] = {role: driver.event_log.frames() for role, driver in drivers.items()}

    def _described(self, result: RunResult) -> str:
        culprit = _culprit(result)
        if culprit is None:
            return result.reason
        words = bench_of(self.config).words
        return f"step {culprit.number} {culprit.title}\n{details(culprit, words)}"

    def _source(self) -> Source:
        return read_source(self.path.read_text(encoding="utf-8"), str(self.path))

    def _shown_path(self) -> str:
        root = self.config.rootpath
        return str(self.path.relative_to(root) if self.path.is_relative_to(root) else self.path)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The step, in a few lines; the traceback would be ours."""
        if isinstance(excinfo.value, ScenarioFailedError | StepUnclearError):
            file, line = self.stash[PLACE]
            return f"{file}:{line}: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """For `file:line` of the summary."""
        return self.path, self.stash.get(PLACE, ("", 1))[1] - 1, self.name


def _culprit(result: RunResult) -> StepResult | None:
    leaves = [leaf for step in result.steps for leaf in step.leaves()]
    bad = [leaf for leaf in leaves if leaf.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE)]
    return bad[0] if bad else None


def line_of(source: Source, number: str) -> int:
    """Where a step stands, by its number (`3.1`)."""
    path: tuple[str | int, ...] = ()
    for part in number.split("."):
        path = (*path, "steps", int(part) - 1)
    return source.place(path)[0]
