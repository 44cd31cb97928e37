"""What the tests of one pytest session share: the loop, the central system, the rig and the log."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from borne.rig.acting import BenchRig
from borne.rig.config import DEFAULT_FILE, read_rig
from borne.run_central import CentralSystem, central_system
from borne.testing.loop_thread import LoopThread
from borne.testing.server import BorneServer
from borne.testing.station import StationUnderTest
from runtime.clock import SystemClock
from runtime.logs import configure_logs
from simulator.scenario.bindings import Binding, bind_roles, parse_binding
from simulator.scenario.document import Scenario
from simulator.scenario.hands import HandAction
from simulator.scenario.run import (
    EvidenceKeeper,
    RunListener,
    RunSettings,
    opened_stations,
    run_scenario,
)
from simulator.scenario.verdicts import RunResult, StepResult
from simulator.scenario.words import RunTexts

USUAL = "sim:ac-201"
FACTOR = 20.0
"""How much faster than people simulated stations live."""


class SyncRig:
    """What the fixture `rig` is."""

    def __init__(self, loop: LoopThread, rig: BenchRig) -> None:
        self._loop = loop
        self._rig = rig

    def act(self, name: str, **arguments: Any) -> None:
        """Have it done. Raises RigFailedError."""
        station = str(arguments.pop("station", ""))
        self._loop.run(self._rig.act(HandAction(name=name, station_id=station, arguments=arguments)))

    def can(self, name: str) -> bool:
        """Whether a machine does it."""
        return self._rig.can(name)


class NoPerson:
    """Implements `Prompter`: nobody looks at a test that runs."""

    is_interactive = False

    async def request(self, text: str) -> None:
        """Never asked."""


class _Silent(RunListener):
    def step_started(self, step: StepResult) -> None:
        """Nothing is shown."""

    def step_ended(self, step: StepResult) -> None:
        """Nothing is shown."""


class BenchSession:
    """Made by the first test that asks; each part when it is needed."""

    def __init__(self, *, station: str | None, url: str | None, rig: str | None) -> None:
        self.words = RunTexts("en")
        self._binding = station
        self._url = url
        self._rig_file = Path(rig) if rig is not None else None
        self._stack = ExitStack()
        self._count = 0

    @cached_property
    def _loop(self) -> LoopThread:
        return self._stack.enter_context(LoopThread())

    @cached_property
    def _log(self) -> Any:
        return self._stack.enter_context(
            tempfile.NamedTemporaryFile("w+", encoding="utf-8", prefix="borne-pytest-", suffix=".log")
        )

    def log_text(self) -> str:
        """What a server of this session said so far."""
        self._log.flush()
        return Path(self._log.name).read_text(encoding="utf-8")

    @cached_property
    def central(self) -> CentralSystem:
        """The one that runs where a station is on the wire, or is named; else one of its own."""
        configure_logs("critical", copy=self._log)
        logging.captureWarnings(capture=False)  # pytest has its own way with warnings
        is_wired = (self._binding or "").startswith("wire:")
        manager = central_system(
            url=self._url, is_wired=is_wired, wants_own=not is_wired and self._url is None, words=self.words
        )
        held = self._loop.hold(manager)
        self._stack.callback(held.close)
        return held.value

    @cached_property
    def server(self) -> BorneServer:
        """For tests."""
        return BorneServer(self._loop, self.central)

    @cached_property
    def _bench_rig(self) -> BenchRig | None:
        config = read_rig(self._rig_file)
        folder = (self._rig_file or DEFAULT_FILE).absolute().parent
        return BenchRig(config, folder, SystemClock()) if config is not None else None

    @property
    def rig(self) -> SyncRig | None:
        """For tests."""
        return SyncRig(self._loop, self._bench_rig) if self._bench_rig is not None else None

    def settings(self, evidence: tuple[EvidenceKeeper, ...] = ()) -> RunSettings:
        """Of the next run; each has a seed of its own, so that its stations have other names."""
        self._count += 1
        return RunSettings(
            ocpp_url=self.central.ocpp_url,
            api=self.central.api,
            prompter=NoPerson(),
            people=SystemClock(),
            factor=FACTOR,
            seed=self._count,
            evidence=evidence,
            rig=self._bench_rig,
        )

    @contextmanager
    def station(self, binding: str | None = None) -> Iterator[StationUnderTest]:
        """One for a test. Raises BindingError."""
        bound = parse_binding(f"a={binding or self._binding or USUAL}")
        held = self._loop.hold(opened_stations({"a": bound}, self.settings()))
        try:
            yield StationUnderTest(self._loop, held.value, SystemClock())
        finally:
            held.close()

    def roles(self, scenario: Scenario) -> list[dict[str, Binding]]:
        """Who plays a scenario: `--borne-station` its first role."""
        first = next(iter(scenario.roles))
        wanted = [parse_binding(f"{first}={self._binding}")] if self._binding is not None else []
        return bind_roles(scenario, wanted)

    def play(self, scenario: Scenario, roles: dict[str, Binding], keeper: EvidenceKeeper) -> RunResult:
        """A scenario, once. Raises BindingError, ApiError."""
        return self._loop.run(run_scenario(scenario, roles, self.settings((keeper,)), _Silent()))

    def close(self) -> None:
        """All of it ends."""
        self._stack.close()
