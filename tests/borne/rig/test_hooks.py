"""What frames set off, and how long after them."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from borne.rig.bench import open_bench
from borne.rig.hooks import Fired
from ocppj.versions import OcppVersion
from runtime.clock import ManualClock, SystemClock
from simulator.scenario.conversation import Conversation
from simulator.scenario.event_log import EventLog
from simulator.scenario.verdicts import RunResult
from tests.support.scenario import ScriptedDriver

RIG = """
frames:
  - name: scope
    on: {call: SetVariables, from: csms, match: {setVariableData: <any>}}
    command: sh -c 'echo "$BORNE_RIG_PAYLOAD" >> seen'
  - name: broken
    on: {call: Heartbeat}
    command: sh -c 'exit 1'
"""
SECRET = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}


def result() -> RunResult:
    """Of a run."""
    return RunResult("s", "S", "a", ("2.0.1",), 1, "")


async def test_hooks_fire_and_are_measured(tmp_path: Path) -> None:
    """Only for their frames, with masked secrets; a hook that fails says so."""
    file = tmp_path / "rig.yaml"
    file.write_text(RIG, encoding="utf-8")
    lines: asyncio.Queue[str] = asyncio.Queue()
    driver = ScriptedDriver(OcppVersion.V201, clock=ManualClock())
    clock = SystemClock()
    async with open_bench(file, clock, lines.put_nowait) as bench:
        assert bench.hooks is not None
        bench.hooks.run_began({"a": driver})
        data = {"setVariableData": [{**SECRET, "attributeValue": "very-secret-0123456"}]}
        driver.event_log.add("csms", json.dumps([2, "1", "SetVariables", data]), clock.now())
        driver.event_log.add("station", json.dumps([2, "2", "SetVariables", data]), clock.now())
        line = await lines.get()
        driver.event_log.add("station", json.dumps([2, "3", "Heartbeat", {}]), clock.now())
        broken = await lines.get()
        bench.hooks.run_ended(result(), {"a": driver})
        driver.event_log.add("station", json.dumps([2, "4", "Heartbeat", {}]), clock.now())
    assert line.startswith("scope: ")
    assert "ms after SetVariables, done after " in line
    assert "failed: sh ended with 1" in broken
    assert lines.empty()
    said = (tmp_path / "seen").read_text()
    assert "BasicAuthPassword" in said
    assert "very-secret" not in said


async def test_a_frame_of_the_wire_is_late_already(tmp_path: Path) -> None:
    """It counts from when the central system had it."""
    file = tmp_path / "rig.yaml"
    file.write_text(RIG, encoding="utf-8")
    lines: asyncio.Queue[str] = asyncio.Queue()
    log, clock = EventLog(Conversation(OcppVersion.V201)), SystemClock()
    async with open_bench(file, clock, lines.put_nowait) as bench:
        assert bench.hooks is not None
        log.listen(bench.hooks.listener("CS-1", "wire"))
        log.add("station", json.dumps([2, "1", "Heartbeat", {}]), clock.now() - timedelta(hours=1))
        line = await lines.get()
    assert float(line.split()[1]) >= 3_600_000


def test_a_line_for_people() -> None:
    """Two delays."""
    assert Fired("scope", "Heartbeat", 0.0031, 0.012).line == (
        "scope: 3.1 ms after Heartbeat, done after 12.0 ms"
    )
