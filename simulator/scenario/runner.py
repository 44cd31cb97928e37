"""Goes through one scenario step by step, and judges it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from runtime.clock import Clock
from runtime.patterns import shown
from simulator.scenario import model
from simulator.scenario.document import Scenario
from simulator.scenario.hands import RigTrouble
from simulator.scenario.model import VERSIONS, Step
from simulator.scenario.own_access import OwnAccess, api_steps, read_own_access
from simulator.scenario.scope import CaptureError, NoValueError
from simulator.scenario.steps import api_requests, expectations
from simulator.scenario.steps.actions import do_action
from simulator.scenario.steps.run_context import RunContext
from simulator.scenario.titles import name_of, title_of, titles_of
from simulator.scenario.verdicts import (
    Failed,
    Inconclusive,
    NotApplicable,
    RunResult,
    StepOutcome,
    StepResult,
    Verdict,
    verdict_of,
)


class StepListener(Protocol):
    """Whoever shows the progress."""

    def step_started(self, step: StepResult) -> None:
        """A step begins; its title and number are set."""
        ...

    def step_ended(self, step: StepResult) -> None:
        """It has ended."""
        ...


async def _nobody() -> None:
    """Nobody has to be let in."""


class Runner:
    """Plays a scenario. `people` is the clock of people: durations in reports are theirs."""

    def __init__(
        self,
        scenario: Scenario,
        context: RunContext,
        people: Clock,
        listener: StepListener,
        *,
        admit: Callable[[], Awaitable[None]] = _nobody,
    ) -> None:
        self._scenario = scenario
        self._context = context
        self._people = people
        self._listener = listener
        self._has_rig_failed = False
        self._admit = admit
        """Has the central system let the stations in, once it is known that all of it can be done."""

    async def run(self, result: RunResult) -> None:
        """Fill `result`: steps, verdict, reason."""
        began = self._people.monotonic()
        reason = why_not(self._scenario, self._context)
        if reason is not None:
            result.verdict, result.reason = Verdict.NOT_APPLICABLE, reason
            result.steps = [self._unasked(step, number) for number, step in _numbered(self._scenario.steps)]
            return
        if await self._lacks_role(result):
            return
        await self._admit()
        await self._play_all(self._scenario.steps, "", result.steps)
        result.verdict = verdict_of(result.steps)
        result.rig_failed = self._has_rig_failed
        if result.verdict is not Verdict.PASSED:
            result.cleanup = await self._put_back()
        result.seconds = self._people.monotonic() - began

    async def _lacks_role(self, result: RunResult) -> bool:
        """Whether the role of whoever asks lacks a step; what each needs stands in `result`."""
        context, words = self._context, self._context.words
        access = await read_own_access(context.api) if context.api is not None else None
        if access is None:
            return False
        lacking = self._lacking(access)
        if not lacking:
            return False
        result.steps = [self._unasked(step, number) for number, step in _numbered(self._scenario.steps)]
        result.cleanup = [
            self._unasked(step, number) for number, step in _numbered(self._scenario.on_failure, "↩ ")
        ]
        for step in (leaf for each in (*result.steps, *result.cleanup) for leaf in each.leaves()):
            if (outcome := lacking.get(step.number)) is not None:
                self._listener.step_started(step)
                step.verdict, step.text, step.advice = outcome.verdict, outcome.text, outcome.advice
                self._listener.step_ended(step)
        key = "lacks_role" if len(lacking) == 1 else "lacks_roles"
        numbers = ", ".join(lacking)
        result.reason = words.text(key, who=access.name, role=access.role, steps=numbers)
        result.verdict, result.lacks_role = Verdict.INCONCLUSIVE, True
        return True

    def _lacking(self, access: OwnAccess) -> dict[str, Inconclusive]:
        """By the number of a step, why its role is another. One that is not for this station needs none."""
        words = self._context.words
        found: dict[str, Inconclusive] = {}
        for number, step in api_steps(self._scenario):
            for request in step.requests if self._may_be_played(step) else ():
                if roles := access.roles_lacking(request):
                    joined = words.text("or").join(roles)
                    text = words.text("role_of_step", request=request, roles=joined)
                    found[number] = Inconclusive(text, advice=words.text("take_a_role"))
        return found

    def _may_be_played(self, step: Step) -> bool:
        """As far as one knows before."""
        if not_here(step, self._context) is not None:
            return False
        try:
            self._check_condition(step)
        except NotApplicable:
            return False
        except NoValueError:  # known when it comes to it
            return True
        return True

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
                self._context.scope.fill(step.model_dump(by_alias=True))
            except NoValueError:  # what would be put back was never done
                continue
            await self._play(step, result)
        return results

    async def _play(self, step: Step, result: StepResult) -> None:
        context, words = self._context, self._context.words
        self._listener.step_started(result)
        began = self._people.monotonic()
        context.notes = []
        try:
            await self._do(step, result)
            result.verdict = result.verdict or Verdict.PASSED
            result.line = "; ".join(note for note in context.notes if note)
        except StepOutcome as outcome:
            self._note(result, step, outcome)
        except NoValueError as error:
            self._note(result, step, Inconclusive(words.text("no_value", name=error.name)))
        except CaptureError as error:
            self._note(result, step, Failed(words.text("nothing_to_capture", path=error.path)))
        except ValueError as error:
            self._note(result, step, Inconclusive(words.text("bad_value", problem=error)))
        except asyncio.CancelledError:
            self._note(result, step, Inconclusive(words.text("interrupted")))
            raise
        finally:
            result.seconds = self._people.monotonic() - began
            result.mistakes = tuple(context.pop_mistakes())
            self._listener.step_ended(result)

    def _note(self, result: StepResult, step: Step, outcome: StepOutcome) -> None:
        self._has_rig_failed |= isinstance(outcome, RigTrouble)
        result.verdict = outcome.verdict
        result.text = outcome.text
        result.expected = outcome.expected
        result.found = outcome.found
        advice = step.advice[self._context.words.language] if step.advice is not None else None
        result.advice = advice or outcome.advice

    async def _do(self, step: Step, result: StepResult) -> None:
        context = self._context
        reason = not_here(step, context)
        if reason is not None:
            raise NotApplicable(reason)
        self._check_condition(step)
        if step.begins_action:
            context.driver(step).event_log.set_mark()
        match step:
            case model.GroupStep():
                await self._do_group(step, result)
            case model.CheckStep():
                value = context.scope.fill(step.check)
                text = context.words.text("is_otherwise", value=shown(value))
                context.compare(context.scope.fill(step.is_), value, text)
                context.notes.append(shown(value))
            case model.WaitStep():
                await context.pace.clock.sleep(step.wait)
            case _ if type(step) in _STEPS:
                await _STEPS[type(step)](step, context)
            case _:
                await do_action(step, context)

    def _check_condition(self, step: Step) -> None:
        """Raises NotApplicable where a step's `when` does not hold."""
        if step.when is None:
            return
        context = self._context
        value, pattern = context.scope.fill(step.when.value), context.scope.fill(step.when.is_)
        if list(context.compiled(pattern).differences(value)):
            text = context.words.text("not_when", value=shown(value), wanted=shown(pattern))
            raise NotApplicable(text)

    async def _do_group(self, group: model.GroupStep, result: StepResult) -> None:
        """`result` has the steps of the last turn that was done."""
        context = self._context
        turn, verdict = 1, Verdict.INCONCLUSIVE
        try:
            async with self._limit(group):
                for turn in range(1, group.repeat + 1):
                    context.scope.put("turn", turn)
                    result.steps = []
                    await self._play_all(group.steps, f"{result.number}.", result.steps)
                    verdict = verdict_of(result.steps)
                    if verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE):
                        break
        except TimeoutError:
            within = context.seconds(group, 0.0)
            raise Failed(context.words.text("took_too_long", within=within)) from None
        result.verdict = verdict
        context.notes = []  # its steps have told theirs
        if group.repeat > 1:
            result.text = context.words.text("turn", turn=turn, turns=group.repeat)

    @asynccontextmanager
    async def _limit(self, group: model.GroupStep) -> AsyncIterator[None]:
        """TimeoutError after `within` of the run's own time."""
        if group.within is None:
            yield
            return
        pace = self._context.pace
        async with pace.clock.timeout(pace.patience_s(group.within)):
            yield

    def _unasked(self, step: Step, number: str) -> StepResult:
        title = title_of(step, self._context.scope, self._context.words)
        result = StepResult(number, title, name=name_of(step), is_group=isinstance(step, model.GroupStep))
        result.titles = titles_of(step, self._context.scope)
        result.clause, result.is_wanted_by_tool = step.clause, step.wanted_by == "tool"
        if isinstance(step, model.GroupStep):
            result.steps = [self._unasked(each, below) for below, each in _numbered(step.steps, f"{number}.")]
        return result


_STEPS: dict[type[Step], Callable[..., Awaitable[None]]] = {
    model.ExpectStep: expectations.expect,
    model.NeverStep: expectations.never,
    model.StatusStep: expectations.status,
    model.ApiRequestStep: api_requests.request_api,
    model.CommandStep: api_requests.command,
    model.CallStep: api_requests.call,
    model.AllowStep: api_requests.allow,
    model.MarkStep: api_requests.mark,
    model.ReplyStep: api_requests.reply,
}
"""What is no action at a station."""


def _numbered(steps: Sequence[Step], prefix: str = "") -> list[tuple[str, Step]]:
    return [(f"{prefix}{index}", step) for index, step in enumerate(steps, 1)]


def not_here(step: Step, context: RunContext) -> str | None:
    """Why a step with `only` is not for this station; None where it is."""
    driver = context.driver(step)
    versions = [each for each in step.only if each in VERSIONS]
    kinds = [each for each in step.only if each not in VERSIONS]
    is_out = (versions and driver.version.label not in versions) or (kinds and driver.bound not in kinds)
    return context.words.text("not_here", scopes=", ".join(step.only)) if is_out else None


def why_not(scenario: Scenario, context: RunContext) -> str | None:
    """Why a scenario does not apply to these stations; None where it does. Asked before the first step."""
    words = context.words
    for role, driver in context.drivers.items():
        if driver.version.label not in scenario.versions:
            return words.text("no_version", versions=", ".join(scenario.versions))
        if driver.bound == "wire" and not scenario.roles[role].may_be_wired:
            return words.text("no_wire", role=role)
    return _why_no_step(scenario.steps, context, "")


def _why_no_step(steps: Sequence[Step], context: RunContext, prefix: str) -> str | None:
    for number, step in _numbered(steps, prefix):
        if not_here(step, context) is not None:
            continue
        key = None
        if step.needs_simulation and context.driver(step).bound == "wire":
            key = "needs_simulation"
        elif context.lacks_api(step):
            key = "needs_api"
        if key is not None:
            return context.words.text(key, step=number, title=title_of(step, context.scope, context.words))
        if isinstance(step, model.GroupStep):
            reason = _why_no_step(step.steps, context, f"{number}.")
            if reason is not None:
                return reason
    return None
