"""Each shipped scenario passes against the real server, for 1.6, 2.0.1 and 2.1; power-up also on the wire."""

from dataclasses import replace

import pytest

from runtime.client import ApiClient
from runtime.clock import ScaledClock
from runtime.lifecycle import Background
from simulator.scenario.files import load_scenario, shipped_names
from simulator.scenario.verdicts import Verdict
from tests.scenarios.conftest import Bench, Elsewhere
from tests.support.scenario import Hands, told

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEMPLATES = ("ac-16", "ac-201", "ac-21")
HURRY = 20.0
"""How fast people live: on the wire everything is in their time, and a test charge takes a while."""


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", shipped_names())
async def test_it_passes_simulated(name: str, template: str, bench: Bench) -> None:
    """Every step passes or does not apply; nothing is left unasked."""
    seed = 100 + 10 * shipped_names().index(name) + TEMPLATES.index(template)
    result = await bench.play(load_scenario(name), f"sim:{template}", seed=seed)
    assert result.verdict is Verdict.PASSED, told(result)
    verdicts = {leaf.verdict for step in result.steps for leaf in step.leaves()}
    assert verdicts <= {Verdict.PASSED, Verdict.NOT_APPLICABLE}, told(result)
    assert bench.watcher.runs[-1] is result
    assert sorted(bench.watcher.started) == sorted(bench.watcher.ended)
    assert template in result.stations


@pytest.mark.parametrize(
    ("template", "mac"), [("ac-16", "02:B0:AA:00:00:01"), ("ac-201", "02:B0:AA:00:00:02")]
)
async def test_power_up_passes_on_the_wire(template: str, mac: str, bench: Bench, tasks: Background) -> None:
    """Prompts end by themselves when their effect is seen: nobody presses Enter."""
    elsewhere = Elsewhere(bench.server, template, mac, tasks)
    await bench.api.post("/stations", {"station_id": elsewhere.station.station_id, "admission": "accept"})
    hands = Hands(elsewhere.obey)
    people = ScaledClock(HURRY)
    result = await bench.play(load_scenario("power-up"), elsewhere.binding, hands=hands, people=people)
    assert result.verdict is Verdict.PASSED, told(result)
    assert result.versions == (elsewhere.version,)
    assert [text.split()[0] for text in hands.asked] == ["Switch", "Plug", "Pull"]


async def test_a_station_that_is_on_already_is_not_switched(bench: Bench, tasks: Background) -> None:
    """Its boot is in the wire log; Enter after each prompt does no harm."""
    elsewhere = Elsewhere(bench.server, "ac-16", "02:B0:AA:00:00:03", tasks)
    await bench.api.post("/stations", {"station_id": elsewhere.station.station_id, "admission": "accept"})
    await elsewhere.accepted()
    hands = Hands(elsewhere.obey, presses=True)
    people = ScaledClock(HURRY)
    result = await bench.play(load_scenario("power-up"), elsewhere.binding, hands=hands, people=people)
    assert result.verdict is Verdict.PASSED, told(result)
    assert [text.split()[0] for text in hands.asked] == ["Plug", "Pull"]


async def test_an_activation_on_the_wire_does_not_apply(bench: Bench, tasks: Background) -> None:
    """Nobody is asked to order a station that is there."""
    elsewhere = Elsewhere(bench.server, "ac-16", "02:B0:AA:00:00:04", tasks)
    elsewhere.switch_on()
    await elsewhere.station.wait_until(lambda now: now.registration is not None, 600)
    result = await bench.play(load_scenario("activation"), elsewhere.binding)
    assert result.verdict is Verdict.NOT_APPLICABLE, told(result)
    assert {step.verdict for step in result.steps} == {None}


async def test_an_installer_checks_a_station_that_waits_to_be_activated(
    bench: Bench, tasks: Background
) -> None:
    """With the token of their role: all that can be seen of it is, and the test charge waits."""
    made = await bench.api.put("/access/programs/field-installer", {"role": "installer"})
    # Its clock is checked: one that runs fast would be wrong.
    elsewhere = Elsewhere(bench.server, "ac-16", "02:B0:AA:00:00:05", tasks, fast=1)
    elsewhere.switch_on()
    await elsewhere.station.wait_until(lambda now: now.registration is not None, 600)
    async with ApiClient(bench.api.url, made["token"]) as installer:
        mine = replace(bench, api=installer)
        result = await mine.play(load_scenario("power-up"), elsewhere.binding)
    assert result.verdict is Verdict.PASSED, told(result)
    left_out = [step.name for step in result.steps if step.verdict is Verdict.NOT_APPLICABLE]
    assert left_out == ["Every connector available", "A short test charge"]
    assert "Pending" in result.steps[-1].text
