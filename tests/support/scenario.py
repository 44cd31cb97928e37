"""Playing scenarios in tests: a listener that keeps what it hears, and hands that answer prompts."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ocppj.versions import OcppVersion
from runtime.client import ApiClient
from runtime.clock import ManualClock
from runtime.lifecycle import Background
from simulator.scenario.conversation import Conversation, Sender
from simulator.scenario.event_log import EventLog
from simulator.scenario.files import parse_scenario
from simulator.scenario.pace import RunPace
from simulator.scenario.run import RunListener
from simulator.scenario.runner import Runner
from simulator.scenario.scope import Scope
from simulator.scenario.station_drivers.driver import Bound, StationDriver, WireAnswer
from simulator.scenario.steps.run_context import RunContext
from simulator.scenario.values import Language
from simulator.scenario.verdicts import RunResult, StepResult
from simulator.scenario.words import RunTexts


@dataclass
class Watcher(RunListener):
    """Keeps the numbers of what began and ended."""

    started: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    runs: list[RunResult] = field(default_factory=list)

    def step_started(self, step: StepResult) -> None:
        """A step begins."""
        self.started.append(step.number)

    def step_ended(self, step: StepResult) -> None:
        """A step has ended."""
        self.ended.append(step.number)

    def run_ended(self, run: RunResult) -> None:
        """A run has ended."""
        self.runs.append(run)


@dataclass
class Hands:
    """Somebody in front of a station: `acts` does what a prompt says; `presses` Enter then, or not."""

    acts: Callable[[str], object] = lambda _text: None
    presses: bool = False
    is_interactive: bool = True
    asked: list[str] = field(default_factory=list)

    async def request(self, text: str) -> None:
        """Do it."""
        self.asked.append(text)
        self.acts(text)
        if not self.presses:
            await asyncio.Event().wait()


def told(result: RunResult) -> str:
    """What came of a run, for the message of a failed assertion."""
    steps = [leaf for step in (*result.steps, *result.cleanup) for leaf in step.leaves()]
    lines = [f"{s.number} {s.title}: {s.verdict} {s.text} {s.expected} {s.found} {s.line}" for s in steps]
    return "\n".join([f"{result.verdict} {result.reason} seed {result.seed}", *lines])


class ScriptedDriver:
    """Implements `driver.StationDriver` on a test's word: what is done is noted, `call` sends."""

    def __init__(
        self, version: OcppVersion = OcppVersion.V16, *, bound: Bound = "sim", clock: ManualClock
    ) -> None:
        self.role = "a"
        self.bound: Bound = bound
        self.station_id = "CS-1"
        self.version = version
        self.event_log = EventLog(Conversation(version))
        self.done: list[str] = []
        self.then: dict[str, Callable[[], object]] = {}
        """What happens when something is done."""
        self.known: dict[tuple[int, int], str] = {(1, 1): "Available"}
        self._clock = clock
        self._count = 0

    @property
    def title(self) -> str:
        """For people."""
        return f"a = {self.bound}:scripted"

    @property
    def fields(self) -> dict[str, Any]:
        """Little."""
        return {"id": self.station_id, "version": self.version.label}

    def connectors(self) -> list[tuple[int, int]]:
        """Those that are known."""
        return sorted(self.known)

    def earlier_status(self, place: tuple[int, int]) -> str | None:
        """As it is known."""
        return self.known.get(place)

    def call(self, action: str, payload: Any, answer: Any = None) -> None:
        """Call the central system, which answers."""
        self._count += 1
        message_id = f"m{self._count}"
        self.frame("station", [2, message_id, action, payload])
        self.frame("csms", [3, message_id, {} if answer is None else answer])

    def frame(self, sender: Sender, message: Any) -> None:
        """Any frame."""
        self.event_log.add(sender, json.dumps(message), self._clock.now())

    def boot(self, status: str = "Accepted", **more: Any) -> None:
        """A BootNotification of 1.6 with its answer."""
        payload = {"chargePointVendor": "V", "chargePointModel": "M"} | more
        now = self._clock.now().isoformat()
        self.call("BootNotification", payload, {"status": status, "currentTime": now, "interval": 300})

    def status(self, connector_id: int, status: str) -> None:
        """A StatusNotification of 1.6."""
        self.call(
            "StatusNotification", {"connectorId": connector_id, "errorCode": "NoError", "status": status}
        )

    async def connect(self, *, fresh: bool, within_s: float | None) -> str:
        """Noted."""
        return self._note(f"connect {fresh} {within_s}")

    async def disconnect(self, within_s: float | None) -> str:
        """Noted."""
        return self._note("disconnect")

    async def reconnect(self, within_s: float | None) -> str:
        """Noted."""
        return self._note("reconnect")

    async def power_cut(self, within_s: float | None) -> str:
        """Noted."""
        return self._note("power_cut")

    async def plug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Noted."""
        return self._note(f"plug {evse_id}.{connector_id}")

    async def unplug(self, evse_id: int, connector_id: int, within_s: float | None) -> str:
        """Noted."""
        return self._note(f"unplug {evse_id}.{connector_id}")

    async def present(
        self, token: str, evse_id: int, within_s: float | None, contract: str | None = None
    ) -> str:
        """Noted."""
        return self._note(f"present {token} {evse_id}")

    async def prompt(self, text: str, within_s: float | None, hand: str | None = None) -> str:
        """Noted."""
        return self._note(f"prompt {text}")

    async def fault(self, evse_id: int, connector_id: int, code: str) -> str:
        """Noted."""
        return self._note(f"fault {evse_id}.{connector_id} {code}")

    async def clear_fault(self, evse_id: int, connector_id: int) -> str:
        """Noted."""
        return self._note(f"clear_fault {evse_id}.{connector_id}")

    async def send(self, text: str) -> str:
        """Noted."""
        return self._note(f"send {text}")

    async def request(self, action: str, payload: Mapping[str, Any], within_s: float) -> WireAnswer:
        """Noted, and answered with nothing in it."""
        self._note(f"request {action}")
        return WireAnswer(payload={})

    def _note(self, what: str) -> str:
        self.done.append(what)
        if (happening := self.then.get(what.split(maxsplit=1)[0])) is not None:
            happening()
        return f"noted {what}"


async def played(
    text: str,
    driver: ScriptedDriver,
    clock: ManualClock,
    *,
    api: ApiClient | None = None,
    language: Language = "en",
    **values: Any,
) -> RunResult:
    """The result of a file's steps, with time passing whenever everything waits for it."""
    scenario = parse_scenario(f"scenario: x\ntitle: X\n{text}", "x.yaml")
    scope = Scope({"run": "R", "turn": 1, "a.id": driver.station_id} | scenario.variables | values)
    drivers: dict[str, StationDriver] = {"a": driver}
    context = RunContext(drivers, scope, RunPace(clock), RunTexts(language), api)
    result = RunResult("x", "X", driver.title, (driver.version.label,), seed=1, started_at="")
    async with Background("run") as tasks:
        task = tasks.start(Runner(scenario, context, clock, Watcher()).run(result))
        for _ in range(10_000):
            if task.done():
                break
            await clock.advance(0.5)
        await task
    return result


def verdicts(result: RunResult) -> list[str]:
    """`1 passed`, of every step that has none in it."""
    return [f"{leaf.number} {leaf.verdict or 'unasked'}" for step in result.steps for leaf in step.leaves()]
