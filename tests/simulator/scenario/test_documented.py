"""The pages about scenarios: complete, and their examples are played."""

import re
from pathlib import Path

import pytest

from runtime.patterns import FORMS, KEYS
from simulator.scenario.document import Scenario, ScenarioRole
from simulator.scenario.files import parse_scenario, shipped_names
from simulator.scenario.model import KINDS, Step
from simulator.scenario.verdicts import Verdict
from simulator.scenario.vocabulary import COMMON_FIELDS, EVENTS, ROLE_FIELDS, RUN_FIELDS
from tests.support.sources import ROOT

REFERENCE = (ROOT / "docs" / "reference" / "scenarios.md").read_text(encoding="utf-8")
HOWTO = (ROOT / "docs" / "howto" / "write-a-scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", HOWTO, re.MULTILINE | re.DOTALL)


def missing(words: list[str]) -> list[str]:
    """Those that the reference does not have."""
    return [word for word in words if word not in REFERENCE]


def test_every_word_is_documented() -> None:
    """Steps, keys, events, fields, patterns, variables, verdicts, and what ships."""
    assert missing([f"`{verb}:" for verb in KINDS]) == []
    assert (
        missing(
            [f"`{key}`" for key in (*Step.model_fields, *Scenario.model_fields, *ScenarioRole.model_fields)]
        )
        == []
    )
    assert missing([f"`{name}`" for name in EVENTS]) == []
    fields = {field for event in EVENTS.values() for field in event} | set(COMMON_FIELDS)
    assert missing([f"`{field}`" for field in sorted(fields)]) == []
    assert missing([f"`{form}`" for form in FORMS]) == []
    assert missing([f"`{key}: " for key in KEYS]) == []
    assert missing([f"`${{a.{name}}}`" for name in ROLE_FIELDS]) == []
    assert missing([f"`${{{name}}}`" for name in RUN_FIELDS]) == []
    assert missing([f"| {verdict} |" for verdict in Verdict]) == []
    assert missing([f"| `{name}` |" for name in shipped_names()]) == []


def test_every_event_has_its_own_fields_beside_it() -> None:
    """In the row of the event."""
    rows = {line for line in REFERENCE.splitlines() if line.startswith("| `")}
    for name, fields in EVENTS.items():
        (row,) = [row for row in rows if f"`{name}`" in row.split("|")[1]]
        assert [field for field in fields if f"`{field}`" not in row] == [], name


@pytest.mark.parametrize("example", EXAMPLES, ids=[text.split()[1] for text in EXAMPLES])
def test_every_example_is_a_scenario(example: str) -> None:
    """As it stands; tests/scenarios plays them."""
    parse_scenario(example, "example.yaml")


def test_there_are_examples() -> None:
    """So that the tests above and in tests/scenarios test something."""
    assert len(EXAMPLES) == 4
    assert Path("docs/howto/write-a-scenario.md").name in REFERENCE
