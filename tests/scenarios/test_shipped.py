"""Each shipped scenario passes against the real server, for 1.6 and 2.0.1; power-up also on the wire."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from runtime.chance import SeededChance
from runtime.client import ApiClient
from runtime.clock import ScaledClock, SystemClock
from runtime.lifecycle import Background
from simulator.scenario.casting import Binding
from simulator.scenario.files import load_scenario, shipped_names
from simulator.scenario.playing import Surroundings, play
from simulator.scenario.verdicts import RunResult, Verdict
from simulator.station import Station
from simulator.template import identify, load_template
from tests.support.scenario import Hands, Watcher, told
from tests.support.server import LiveServer, live_server

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEMPLATES = ("ac-16", "ac-201")
FAST = 40.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def quarantine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server as a person starts it: whom nobody ordered waits."""
    folder: Path = tmp_path_factory.mktemp("var")
    async with live_server(folder, unknown="quarantine", pending_interval_s=5) as live:
        yield live


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(quarantine: LiveServer) -> AsyncIterator[ApiClient]:
    """Its API, as `borne run` asks it."""
    async with ApiClient(quarantine.running.http_url, quarantine.running.token) as client:
        yield client


def around(server: LiveServer, api: ApiClient, hands: Hands | None = None, seed: int = 1) -> Surroundings:
    """The surroundings of a run on this server."""
    return Surroundings(
        ocpp_url=server.ocpp_url,
        api=api,
        prompter=hands or Hands(is_interactive=False),
        people=SystemClock(),
        factor=FAST,
        seed=seed,
    )


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", shipped_names())
async def test_it_passes_simulated(name: str, template: str, quarantine: LiveServer, api: ApiClient) -> None:
    """Every step passes or does not apply; nothing is left unasked."""
    watcher = Watcher()
    seed = 100 + 10 * shipped_names().index(name) + TEMPLATES.index(template)
    binding = {"a": Binding("a", "sim", template)}
    result = await play(load_scenario(name), binding, around(quarantine, api, seed=seed), watcher)
    assert result.verdict is Verdict.PASSED, told(result)
    verdicts = {leaf.verdict for step in result.steps for leaf in step.leaves()}
    assert verdicts <= {Verdict.PASSED, Verdict.NOT_APPLICABLE}, told(result)
    assert watcher.runs == [result]
    assert sorted(watcher.started) == sorted(watcher.ended)
    assert template in result.stations


class Elsewhere:
    """A station that somebody else runs, and whoever stands in front of it."""

    def __init__(self, server: LiveServer, template: str, mac: str, tasks: Background) -> None:
        kind = load_template(template)
        self.station = Station(
            kind,
            identify(kind, mac=mac),
            url=server.ocpp_url,
            clock=ScaledClock(FAST),
            chance=SeededChance(7),
        )
        self.version = kind.version
        self._tasks = tasks
        self._is_on = False

    def switch_on(self) -> None:
        """For the first time, or again."""
        if self._is_on:
            self.station.power_cut()
        else:
            self._is_on = True
            self._tasks.start(self.station.run())

    def obey(self, text: str) -> None:
        """Do what a prompt says."""
        if "Switch" in text:
            self.switch_on()
        elif "Plug" in text:
            self.station.plug()
        elif "Pull" in text:
            self.station.unplug()
        else:
            raise AssertionError(text)


async def power_up(elsewhere: Elsewhere, hands: Hands, server: LiveServer, api: ApiClient) -> RunResult:
    """Play power-up on the wire."""
    binding = {"a": Binding("a", "wire", elsewhere.station.station_id)}
    return await play(load_scenario("power-up"), binding, around(server, api, hands), Watcher())


@pytest.mark.parametrize("template", TEMPLATES)
async def test_power_up_passes_on_the_wire(template: str, quarantine: LiveServer, api: ApiClient) -> None:
    """Prompts end by themselves when their effect is seen: nobody presses Enter."""
    await api.post("/stations", {"station_id": f"02B0AA00000{len(template)}", "admission": "accept"})
    async with Background("elsewhere") as tasks:
        elsewhere = Elsewhere(quarantine, template, f"02:B0:AA:00:00:0{len(template)}", tasks)
        hands = Hands(elsewhere.obey)
        result = await power_up(elsewhere, hands, quarantine, api)
    assert result.verdict is Verdict.PASSED, told(result)
    assert result.versions == (elsewhere.version,)
    assert [text.split()[0] for text in hands.asked] == ["Switch", "Plug", "Pull"]


async def test_a_station_that_is_on_already_is_not_switched(quarantine: LiveServer, api: ApiClient) -> None:
    """Its boot is in the wire log; Enter after each prompt does no harm."""
    await api.post("/stations", {"station_id": "02B0AA0000AA", "admission": "accept"})
    async with Background("elsewhere") as tasks:
        elsewhere = Elsewhere(quarantine, "ac-16", "02:B0:AA:00:00:AA", tasks)
        elsewhere.switch_on()
        await elsewhere.station.wait_until(lambda now: now.is_accepted, 600)
        hands = Hands(elsewhere.obey, presses=True)
        result = await power_up(elsewhere, hands, quarantine, api)
    assert result.verdict is Verdict.PASSED, told(result)
    assert [text.split()[0] for text in hands.asked] == ["Plug", "Pull"]
