"""A server as a person starts it, its API, and stations that somebody else runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from runtime.chance import SeededChance
from runtime.client import ApiClient
from runtime.clock import Clock, ScaledClock, SystemClock
from runtime.lifecycle import Background
from simulator.model.template import identify, load_template
from simulator.scenario.bindings import Binding
from simulator.scenario.document import Scenario
from simulator.scenario.files import parse_scenario
from simulator.scenario.hands import Rig
from simulator.scenario.run import RunSettings, run_scenario
from simulator.scenario.verdicts import RunResult
from simulator.station.station import Station
from tests.support.scenario import Hands, Watcher
from tests.support.server import LiveServer, live_server

FAST = 60.0


@dataclass
class Bench:
    """The server with its API, and how to play on it."""

    server: LiveServer
    api: ApiClient
    watcher: Watcher = field(default_factory=Watcher)

    async def play(
        self,
        scenario: Scenario | str,
        binding: str,
        *,
        hands: Hands | None = None,
        seed: int = 1,
        people: Clock | None = None,
        rig: Rig | None = None,
    ) -> RunResult:
        """Play a scenario, or the steps of one, with role `a` bound to `sim:…` or `wire:…`."""
        if isinstance(scenario, str):
            scenario = parse_scenario(f"scenario: x\ntitle: X\nsteps:\n{scenario}", "x.yaml")
        bound, _, target = binding.partition(":")
        settings = RunSettings(
            ocpp_url=self.server.ocpp_url,
            api=self.api,
            prompter=hands or Hands(is_interactive=False),
            people=people or SystemClock(),
            factor=FAST,
            seed=seed,
            rig=rig,
        )
        role = Binding("a", "wire" if bound == "wire" else "sim", target)
        return await run_scenario(scenario, {"a": role}, settings, self.watcher)


class Elsewhere:
    """A station that somebody else runs, and whoever stands in front of it."""

    def __init__(
        self, server: LiveServer, template: str, mac: str, tasks: Background, *, fast: float = FAST
    ) -> None:
        kind = load_template(template)
        self.version = kind.version
        self.station = Station(
            kind,
            identify(kind, mac=mac),
            url=server.ocpp_url,
            clock=ScaledClock(fast),
            chance=SeededChance(7),
        )
        self._tasks = tasks
        self._is_on = False

    @property
    def binding(self) -> str:
        """As a role is bound to it."""
        return f"wire:{self.station.station_id}"

    def switch_on(self) -> None:
        """For the first time, or again."""
        if self._is_on:
            self.station.power_cut()
        else:
            self._is_on = True
            self._tasks.start(self.station.run())

    async def accepted(self) -> None:
        """Switch it on and wait until it is at rest."""
        self.switch_on()
        await self.station.wait_until(lambda now: now.is_accepted, 600)

    def obey(self, text: str) -> None:
        """Do what a prompt says."""
        match text.partition(" ")[0]:
            case "Switch":
                self.switch_on()
            case "Plug":
                self.station.plug()
            case "Pull":
                self.station.unplug()
            case "Present":
                self._tasks.start(self.station.present("ANY"))
            case "Take":
                self.station.drop_link()
            case "Bring":
                self.station.restore_link()
            case other:
                raise AssertionError(other)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bench(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """A server on which whom nobody ordered waits."""
    folder = tmp_path_factory.mktemp("var")
    async with (
        live_server(folder, unknown="quarantine", pending_interval_s=5) as live,
        ApiClient(live.running.http_url, live.running.token) as api,
    ):
        yield Bench(live, api)


@pytest_asyncio.fixture(loop_scope="module")
async def tasks() -> AsyncIterator[Background]:
    """Owns the stations of a test."""
    async with Background("elsewhere") as owner:
        yield owner
