"""Plays one scenario on its stage, step by step, and judges it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from runtime.clock import Clock
from runtime.patterns import shown
from simulator.scenario import model
from simulator.scenario.model import VERSIONS, Scenario, Step
from simulator.scenario.performing import asking, watching
from simulator.scenario.performing.hands import do_by_hand
from simulator.scenario.performing.stage import Stage
from simulator.scenario.scope import CaptureError, NoValueError
from simulator.scenario.titles import name_of, title_of
from simulator.scenario.verdicts import (
    Failed,
    Inconclusive,
    NotApplicable,
    Outcome,
    RunResult,
    StepResult,
    Verdict,
    verdict_of,
)


class Listener(Protocol):
    """Whoever shows the progress."""

    def step_started(self, step: StepResult) -> None:
        """A step begins; its title and number are set."""
        ...

    def step_ended(self, step: StepResult) -> None:
        """It has ended."""
        ...


class Runner:
    """Plays a scenario. `people` is the clock of people: durations in reports are theirs."""

    def __init__(self, scenario: Scenario, stage: Stage, people: Clock, listener: Listener) -> None:
        self._scenario = scenario
        self._stage = stage
        self._people = people
        self._listener = listener

    async def run(self, result: RunResult) -> None:
        """Fill `result`: steps, verdict, reason."""
        began = self._people.monotonic()
        stage = self._stage
        reason = why_not(self._scenario, stage)
        if reason is not None:
            result.verdict, result.reason = Verdict.NOT_APPLICABLE, reason
            result.steps = [self._unasked(step, number) for number, step in _numbered(self._scenario.steps)]
            return
        await self._play_all(self._scenario.steps, "", result.steps)
        result.verdict = verdict_of(result.steps)
        if result.verdict is not Verdict.PASSED:
            result.cleanup = await self._put_back()
        result.seconds = self._people.monotonic() - began

    async def _play_all(self, steps: Sequence[Step], prefix: str, results: list[StepResult]) -> None:
        """One after the other, until one stops the rest; `results` grow as they come."""
        is_stopped = False
        for number, step in _numbered(steps, prefix):
            result = self._unasked(step, number)
            results.append(result)
            if not is_stopped:
                await self._play(step, result)
                is_bad = result.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE)
                is_stopped = is_bad and not step.keep_going

    async def _put_back(self) -> list[StepResult]:
        """What can be put back is put back; what cannot decides nothing."""
        results: list[StepResult] = []
        for number, step in _numbered(self._scenario.on_failure, "↩ "):
            result = self._unasked(step, number)
            results.append(result)
            try:
                self._stage.scope.fill(step.model_dump(by_alias=True))
            except NoValueError:  # what would be put back was never done
                continue
            await self._play(step, result)
        return results

    async def _play(self, step: Step, result: StepResult) -> None:
        stage, words = self._stage, self._stage.words
        self._listener.step_started(result)
        began = self._people.monotonic()
        stage.notes = []
        try:
            await self._do(step, result)
            result.verdict = result.verdict or Verdict.PASSED
            result.line = "; ".join(note for note in stage.notes if note)
        except Outcome as outcome:
            self._note(result, step, outcome)
        except NoValueError as error:
            self._note(result, step, Inconclusive(words.say("no_value", name=error.name)))
        except CaptureError as error:
            self._note(result, step, Failed(words.say("nothing_to_capture", path=error.path)))
        except ValueError as error:
            self._note(result, step, Inconclusive(words.say("bad_value", problem=error)))
        except asyncio.CancelledError:
            self._note(result, step, Inconclusive(words.say("interrupted")))
            raise
        finally:
            result.seconds = self._people.monotonic() - began
            result.mistakes = tuple(stage.take_mistakes())
            self._listener.step_ended(result)

    def _note(self, result: StepResult, step: Step, outcome: Outcome) -> None:
        result.verdict = outcome.verdict
        result.text = outcome.text
        result.expected = outcome.expected
        result.found = outcome.found
        advice = step.advice[self._stage.words.language] if step.advice is not None else None
        result.advice = advice or outcome.advice

    async def _do(self, step: Step, result: StepResult) -> None:
        stage = self._stage
        reason = not_here(step, stage)
        if reason is not None:
            raise NotApplicable(reason)
        self._check_condition(step)
        if step.begins_action:
            stage.actor(step).feed.set_mark()
        match step:
            case model.Group():
                await self._do_group(step, result)
            case model.Check():
                value = stage.scope.fill(step.check)
                text = stage.words.say("is_otherwise", value=shown(value))
                stage.compare(stage.scope.fill(step.is_), value, text)
                stage.notes.append(shown(value))
            case model.Wait():
                await stage.pace.clock.sleep(step.wait)
            case _ if type(step) in _PERFORMERS:
                await _PERFORMERS[type(step)](step, stage)
            case _:
                await do_by_hand(step, stage)

    def _check_condition(self, step: Step) -> None:
        """Raises NotApplicable where a step's `when` does not hold."""
        if step.when is None:
            return
        stage = self._stage
        value, pattern = stage.scope.fill(step.when.value), stage.scope.fill(step.when.is_)
        if list(stage.compiled(pattern).differences(value)):
            text = stage.words.say("not_when", value=shown(value), wanted=shown(pattern))
            raise NotApplicable(text)

    async def _do_group(self, group: model.Group, result: StepResult) -> None:
        """`result` has the steps of the last turn that was done."""
        stage = self._stage
        turn, verdict = 1, Verdict.INCONCLUSIVE
        try:
            async with self._limit(group):
                for turn in range(1, group.repeat + 1):
                    stage.scope.put("turn", turn)
                    result.steps = []
                    await self._play_all(group.steps, f"{result.number}.", result.steps)
                    verdict = verdict_of(result.steps)
                    if verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE):
                        break
        except TimeoutError:
            within = stage.seconds(group, 0.0)
            raise Failed(stage.words.say("took_too_long", within=within)) from None
        result.verdict = verdict
        stage.notes = []  # its steps have told theirs
        if group.repeat > 1:
            result.text = stage.words.say("turn", turn=turn, turns=group.repeat)

    @asynccontextmanager
    async def _limit(self, group: model.Group) -> AsyncIterator[None]:
        """TimeoutError after `within` of the run's own time."""
        if group.within is None:
            yield
            return
        pace = self._stage.pace
        async with pace.clock.timeout(pace.patience_s(group.within)):
            yield

    def _unasked(self, step: Step, number: str) -> StepResult:
        title = title_of(step, self._stage.scope, self._stage.words)
        result = StepResult(number, title, name=name_of(step), is_group=isinstance(step, model.Group))
        if isinstance(step, model.Group):
            result.steps = [self._unasked(each, below) for below, each in _numbered(step.steps, f"{number}.")]
        return result


_PERFORMERS: dict[type[Step], Callable[..., Awaitable[None]]] = {
    model.Expect: watching.expect,
    model.Never: watching.never,
    model.Status: watching.status,
    model.Ask: asking.ask,
    model.Command: asking.command,
    model.Call: asking.call,
    model.Allow: asking.allow,
    model.Mark: asking.mark,
}
"""What is not done by hand."""


def _numbered(steps: Sequence[Step], prefix: str = "") -> list[tuple[str, Step]]:
    return [(f"{prefix}{index}", step) for index, step in enumerate(steps, 1)]


def not_here(step: Step, stage: Stage) -> str | None:
    """Why a step with `only` is not for this station; None where it is."""
    actor = stage.actor(step)
    versions = [each for each in step.only if each in VERSIONS]
    kinds = [each for each in step.only if each not in VERSIONS]
    is_out = (versions and actor.version.label not in versions) or (kinds and actor.bound not in kinds)
    return stage.words.say("not_here", scopes=", ".join(step.only)) if is_out else None


def why_not(scenario: Scenario, stage: Stage) -> str | None:
    """Why a scenario does not apply to these stations; None where it does. Asked before the first step."""
    words = stage.words
    for role, actor in stage.actors.items():
        if actor.version.label not in scenario.versions:
            return words.say("no_version", versions=", ".join(scenario.versions))
        if actor.bound == "wire" and not scenario.roles[role].may_be_wired:
            return words.say("no_wire", role=role)
    return _why_no_step(scenario.steps, stage, "")


def _why_no_step(steps: Sequence[Step], stage: Stage, prefix: str) -> str | None:
    for number, step in _numbered(steps, prefix):
        if not_here(step, stage) is not None:
            continue
        key = None
        if step.needs_simulation and stage.actor(step).bound == "wire":
            key = "needs_simulation"
        elif step.needs_api and stage.api is None:
            key = "needs_api"
        if key is not None:
            return stage.words.say(key, step=number, title=title_of(step, stage.scope, stage.words))
        if isinstance(step, model.Group):
            reason = _why_no_step(step.steps, stage, f"{number}.")
            if reason is not None:
                return reason
    return None
