"""The examples of docs/howto/write-a-scenario.md do what the page says."""

import re

import pytest

from simulator.scenario.files import parse_scenario
from simulator.scenario.verdicts import Verdict
from tests.scenarios.conftest import Bench
from tests.support.scenario import told
from tests.support.sources import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")
HOWTO = (ROOT / "docs" / "howto" / "write-a-scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", HOWTO, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("template", ["ac-16", "ac-201"])
@pytest.mark.parametrize("example", EXAMPLES, ids=[text.split()[1] for text in EXAMPLES])
async def test_every_example_passes(example: str, template: str, bench: Bench) -> None:
    """Simulated, for both versions."""
    scenario = parse_scenario(example, "example.yaml")
    seed = 500 + len(example) + len(template)
    result = await bench.play(scenario, f"sim:{template}", seed=seed)
    assert result.verdict is Verdict.PASSED, told(result)
