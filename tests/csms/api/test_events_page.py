"""docs/reference/events.md names every event that can be published."""

import ast
import re

from csms.domain import station_events
from tests.support.sources import ROOT, product_sources

PAGE = (ROOT / "docs" / "reference" / "events.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z]+\.[a-z]+)` \|(.*)$", PAGE, re.MULTILINE))


def published() -> set[str]:
    """Every name written in a `StationEvent("…", …)`, and in the module that lists them."""
    found = set(re.findall(r"`([a-z]+\.[a-z]+)`", station_events.__doc__ or ""))
    for source in product_sources():
        if "StationEvent(" not in source.text:
            continue
        for node in source.nodes:
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("StationEvent"):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def test_every_event_is_on_the_page() -> None:
    """With its payload."""
    names = published()
    assert len(names) >= 16
    assert sorted(names - ROWS.keys()) == []


def test_the_page_names_no_other_event() -> None:
    """What nobody publishes or promises is not documented."""
    assert sorted(ROWS.keys() - published()) == []
