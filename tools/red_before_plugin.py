"""A pytest plugin of tools/red_before.py: runs the listed tests alone, and writes down how each ended."""

import json
import os
from pathlib import Path

import pytest

REASON = "held_before"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the listed tests, each with the reason that it gives."""
    listed = frozenset(json.loads(Path(os.environ["RED_BEFORE_NEW"]).read_text("utf-8")))
    kept = [item for item in items if item.nodeid in listed]
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in listed])
    for item in kept:
        marker = item.get_closest_marker(REASON)
        if marker is not None:
            item.user_properties.append((REASON, str(marker.args[0])))
    items[:] = kept


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One line for each test that was called; one that could not be set up has failed."""
    if "PYTEST_XDIST_WORKER" in os.environ or (report.when != "call" and report.outcome != "failed"):
        return
    reason = dict(report.user_properties).get(REASON)
    row = {"test": report.nodeid, "outcome": report.outcome, "reason": reason}
    with Path(os.environ["RED_BEFORE_RESULTS"]).open("a", encoding="utf-8") as results:
        results.write(json.dumps(row) + "\n")
