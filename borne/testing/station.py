"""A station in a test: each method is a step of a scenario, played at once; one that fails fails the test."""

from collections.abc import Mapping
from typing import Any

from borne.testing.loop_thread import LoopThread
from runtime.clock import Clock
from runtime.yaml_source import Source
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.files import scenario_in
from simulator.scenario.junit import details
from simulator.scenario.runner import Runner
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.steps.run_context import RunContext
from simulator.scenario.verdicts import RunResult, StepResult, Verdict

CAPTURED = "captured"


class StepUnclearError(Exception):
    """It could not be judged: nobody did it, a rig failed. An error of the test, no failure."""


class _Nobody:
    def step_started(self, step: StepResult) -> None:
        """Nothing is shown."""

    def step_ended(self, step: StepResult) -> None:
        """Nothing is shown."""


class StationUnderTest:
    """What the fixture `station` is."""

    def __init__(self, loop: LoopThread, context: RunContext, clock: Clock) -> None:
        self._loop = loop
        self._context = context
        self._clock = clock

    @property
    def driver(self) -> StationDriver:
        """Of its only role."""
        return self._context.drivers["a"]

    @property
    def station_id(self) -> str:
        """As it connects."""
        return self.driver.station_id

    @property
    def version(self) -> str:
        """`1.6`, `2.0.1` or `2.1`."""
        return self.driver.version.label

    @property
    def frames(self) -> list[SeenFrame]:
        """All that was seen."""
        return self.driver.event_log.frames()

    def connect(self) -> None:
        """Switch it on, and see it connected."""
        self.step({"connect": None})

    def disconnect(self) -> None:
        """Cut its network."""
        self.step({"disconnect": None})

    def reconnect(self) -> None:
        """Bring it back."""
        self.step({"reconnect": None})

    def power_cut(self) -> None:
        """Off and on again."""
        self.step({"power_cut": None})

    def plug(self, evse: int = 1, connector: int = 1) -> None:
        """A cable with a car."""
        self.step({"plug": {"evse": evse, "connector": connector}})

    def unplug(self, evse: int = 1, connector: int = 1) -> None:
        """Pull it."""
        self.step({"unplug": {"evse": evse, "connector": connector}})

    def present(self, token: str, evse: int = 1) -> None:
        """Hold a token to the reader."""
        self.step({"present": {"token": token, "evse": evse}})

    def allow(self, token: str) -> None:
        """See that a token may charge."""
        self.step({"allow": token})

    def status(self, status: str, evse: int | None = None, *, within: str | None = None) -> None:
        """Wait until every connector, or those of an EVSE, have it."""
        self.step({"status": {"is": status, **({"evse": evse} if evse is not None else {})}}, within=within)

    def command(self, name: str, *, answer: Any = None, **arguments: Any) -> None:
        """A command of the central system; the station must agree, unless `answer` says otherwise."""
        self.step({"command": name, "with": arguments, **({"answer": answer} if answer is not None else {})})

    def expect(
        self,
        action: str | Mapping[str, Any],
        match: Any = None,
        *,
        sender: str = "station",
        within: str | None = None,
        capture: str | None = None,
    ) -> Any:
        """A CALL that fits `match`, or an event (`{"event": "boot"}`); returns what is captured of it."""
        return self.step({"expect": _wanted(action, match, sender)}, within=within, capture=capture)

    def never(
        self,
        action: str | Mapping[str, Any],
        match: Any = None,
        *,
        sender: str = "station",
        within: str | None = None,
    ) -> None:
        """See that it does not come, by default for 5 s."""
        self.step({"never": _wanted(action, match, sender)}, within=within)

    def step(self, step: Mapping[str, Any], *, within: str | None = None, capture: str | None = None) -> Any:
        """Any step of a scenario, as its file would have it. Raises AssertionError, StepUnclearError."""
        body = dict(step)
        if within is not None:
            body["within"] = within
        if capture is not None:
            body["capture"] = {CAPTURED: capture}
        content = {"scenario": "test", "title": "Test", "steps": [body]}
        scenario = scenario_in(Source("the test's step", content))
        result = RunResult("test", "Test", self.driver.title, (self.version,), 0, "")
        self._loop.run(Runner(scenario, self._context, self._clock, _Nobody()).run(result))
        done = result.steps[0]
        if result.verdict is Verdict.FAILED:
            raise AssertionError(self._described(done))
        if result.verdict is not Verdict.PASSED:
            raise StepUnclearError(result.reason or self._described(done))
        return self._context.scope.fill(f"${{{CAPTURED}}}") if capture is not None else None

    def _described(self, step: StepResult) -> str:
        return f"{step.title}\n{details(step, self._context.words)}"


def _wanted(action: str | Mapping[str, Any], match: Any, sender: str) -> dict[str, Any]:
    wanted = dict(action) if isinstance(action, Mapping) else {"call": action, "from": sender}
    return wanted if match is None else {**wanted, "match": match}
