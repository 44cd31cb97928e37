"""What a frame sets off on the bench, and how long after it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from borne.rig.acting import perform
from borne.rig.config import FrameHook
from borne.station_cli.log_lines import masked_content
from runtime.clock import Clock
from runtime.lifecycle import Background
from runtime.patterns import compile_pattern, fits
from simulator.scenario.conversation import SeenFrame
from simulator.scenario.hands import HandAction, RigFailedError
from simulator.scenario.station_drivers.driver import StationDriver
from simulator.scenario.verdicts import RunResult


@dataclass(frozen=True, slots=True)
class Fired:
    """A hook that was set off. `after_s` is from its frame to its beginning, `done_s` to its end."""

    name: str
    action: str
    after_s: float
    done_s: float
    problem: str = ""

    @property
    def line(self) -> str:
        """For people."""
        began = f"{self.name}: {self.after_s * 1000:.1f} ms after {self.action}"
        if self.problem:
            return f"{began}, and failed: {self.problem}"
        return f"{began}, done after {self.done_s * 1000:.1f} ms"


class FrameHooks:
    """Implements `simulator.scenario.run.EvidenceKeeper`. What they do decides no verdict."""

    def __init__(
        self,
        hooks: Iterable[FrameHook],
        folder: Path,
        tasks: Background,
        clock: Clock,
        publish: Callable[[Fired], None],
    ) -> None:
        self._hooks = [(each, compile_pattern(each.on.match)) for each in hooks]
        self._folder = folder
        self._tasks = tasks
        self._clock = clock
        self._publish = publish
        self._leave: list[Callable[[], None]] = []

    def run_began(self, drivers: Mapping[str, StationDriver]) -> None:
        """Listen to every station."""
        for driver in drivers.values():
            self._leave.append(driver.event_log.listen(self.listener(driver.station_id, driver.bound)))

    def run_ended(self, result: RunResult, drivers: Mapping[str, StationDriver]) -> None:  # noqa: ARG002
        """No longer."""
        for leave in self._leave:
            leave()
        self._leave.clear()

    def listener(self, station_id: str, bound: str = "sim") -> Callable[[SeenFrame], None]:
        """For the frames of one station. Those of a simulated one bear its own, faster time: they are counted
        from when they are seen, the others from when the central system had them.
        """

        def seen(frame: SeenFrame) -> None:
            late_s = max(0.0, (self._clock.now() - frame.at).total_seconds()) if bound == "wire" else 0.0
            for hook, pattern in self._hooks:
                on = hook.on
                if frame.kind != "call" or (frame.action, frame.sender) != (on.call, on.from_):
                    continue
                if fits(pattern, frame.payload):
                    began = self._clock.monotonic() - late_s
                    self._tasks.start(self._fire(hook, station_id, frame, began), name=hook.name)

        return seen

    async def _fire(self, hook: FrameHook, station_id: str, frame: SeenFrame, began: float) -> None:
        action = HandAction(
            name=hook.name,
            station_id=station_id,
            arguments={
                "action": frame.action,
                "message_id": frame.message_id,
                "payload": json.dumps(_masked(frame)),
            },
        )
        after_s, problem = self._clock.monotonic() - began, ""
        try:
            await perform(hook, action, self._folder, self._clock)
        except RigFailedError as error:
            problem = str(error)
        self._publish(Fired(hook.name, str(frame.action), after_s, self._clock.monotonic() - began, problem))


def _masked(frame: SeenFrame) -> object:
    """The payload without its secrets: a command's arguments are seen by everybody on the machine."""
    content = masked_content(frame.raw.encode()).get("frame")
    return content[3] if isinstance(content, list) and len(content) > 3 else None
