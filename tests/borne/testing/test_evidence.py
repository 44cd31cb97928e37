"""The folder of a red test."""

import json
from datetime import UTC, datetime
from pathlib import Path

from borne.testing.evidence import folder_name, keep
from ocppj.versions import OcppVersion
from simulator.scenario.conversation import Conversation
from simulator.scenario.event_log import EventLog


def test_frames_log_and_sequence(tmp_path: Path) -> None:
    """Secrets are masked in each."""
    log = EventLog(Conversation(OcppVersion.V201))
    one = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    data = {"setVariableData": [{**one, "attributeValue": "very-secret-0123456"}]}
    log.add("csms", json.dumps([2, "1", "SetVariables", data]), datetime(2026, 1, 5, tzinfo=UTC))
    kept = keep(tmp_path, "tests/a.py::test_b[x/y]", {"a": log.frames()}, "a line\n")
    assert kept.name == "tests-a.py-test_b-x-y"
    texts = {each.name: each.read_text(encoding="utf-8") for each in kept.iterdir()}
    assert set(texts) == {"a.jsonl", "server.log", "sequence.html"}
    assert "SetVariables" in texts["sequence.html"]
    assert all("very-secret" not in text for text in texts.values())


def test_a_name_for_any_test() -> None:
    """Never empty, never long."""
    assert folder_name("::") == "test"
    assert len(folder_name("x" * 500)) == 120
