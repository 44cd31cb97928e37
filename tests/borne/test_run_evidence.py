"""What is kept of a red run."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from borne.run_evidence import SERVER_LOG, evidence_in
from ocppj.timestamps import time_from_wire
from ocppj.versions import OcppVersion
from runtime.logs import configure_logs, get_logger
from simulator.scenario.conversation import Conversation
from simulator.scenario.event_log import EventLog
from simulator.scenario.verdicts import RunResult, Verdict

AT = time_from_wire("2026-01-05T12:00:00.000Z")[0]
SECRET = "correct-horse-battery"


def drivers() -> dict[str, Any]:
    """A role that heard a secret and a rubbish frame."""
    event_log = EventLog(Conversation(OcppVersion.V16))
    assert AT is not None
    change = {"key": "AuthorizationKey", "value": SECRET}
    event_log.add("csms", json.dumps([2, "1", "ChangeConfiguration", change]), AT)
    event_log.add("station", "rubbish", AT)
    return {"a": SimpleNamespace(event_log=event_log)}


def run(verdict: Verdict) -> RunResult:
    """A run that ended so."""
    return RunResult("power-up", "X", "a", ("1.6",), 1, "", verdict)


@pytest.mark.parametrize("verdict", [Verdict.FAILED, Verdict.INCONCLUSIVE])
def test_a_red_run_leaves_its_frames_and_the_log(tmp_path: Path, verdict: Verdict) -> None:
    """Secrets masked; the log has what the terminal was spared; the run before makes room."""
    (tmp_path / "power-up-1").mkdir()
    (tmp_path / "power-up-1" / "old.jsonl").touch()
    with evidence_in(tmp_path) as evidence:
        configure_logs("error", copy=evidence.log)
        get_logger("test").info("station_booted", station_id="X")
        evidence.run_ended(run(verdict), drivers())
        evidence.keep_log()
    (folder,) = evidence.kept
    assert sorted(path.name for path in folder.iterdir()) == ["a.jsonl", SERVER_LOG]
    first, second = map(json.loads, (folder / "a.jsonl").read_text().splitlines())
    assert (first["from"], first["frame"][2]) == ("csms", "ChangeConfiguration")
    assert (second["from"], second["text"]) == ("station", "rubbish")
    assert SECRET not in (folder / "a.jsonl").read_text()
    assert "station_booted" in (folder / SERVER_LOG).read_text()
    assert evidence.has_log


def test_a_server_elsewhere_keeps_its_own_log(tmp_path: Path) -> None:
    """Its frames are here; an empty file beside them would tell a lie."""
    with evidence_in(tmp_path) as evidence:
        evidence.run_ended(run(Verdict.FAILED), drivers())
        evidence.keep_log()
    assert [path.name for path in evidence.kept[0].iterdir()] == ["a.jsonl"]
    assert not evidence.has_log


def test_a_green_run_leaves_nothing(tmp_path: Path) -> None:
    """Nor one of which nobody wants anything."""
    for folder, verdict in ((tmp_path, Verdict.PASSED), (None, Verdict.FAILED)):
        with evidence_in(folder) as evidence:
            evidence.run_ended(run(verdict), drivers())
            evidence.keep_log()
            assert evidence.kept == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_changes_no_verdict(tmp_path: Path) -> None:
    """It is said."""
    (tmp_path / "file").touch()
    with evidence_in(tmp_path / "file") as evidence:
        evidence.run_ended(run(Verdict.FAILED), drivers())
    assert evidence.kept == []
    assert "cannot be kept" in evidence.troubles[0]
