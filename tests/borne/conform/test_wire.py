"""Station cases over a real socket: a simulated station of another process, whose hands are commands."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from borne.conform.config import ConformConfig, StationConfig
from borne.conform.suite import Choice, Suite, chosen_cases
from borne.rig.bench import open_bench
from runtime.clock import SystemClock
from simulator.conform.results import CaseResult
from simulator.scenario.verdicts import Verdict
from simulator.scenario.words import RunTexts
from tests.support.scenario import Hands

CASES = ("TC_D_01", "TC_E_32", "TC_H_01", "TC_K_01")
"""Of a list, a charge, a reservation and a charging profile: what each leaves behind is put back."""
PASSWORD = "conform-0123456789"
RIG = """
hands:
  plug: sh -c 'echo plug $BORNE_RIG_EVSE $BORNE_RIG_CONNECTOR > hands'
  unplug: sh -c 'echo unplug $BORNE_RIG_EVSE $BORNE_RIG_CONNECTOR > hands'
  present: sh -c 'echo token $BORNE_RIG_TOKEN $BORNE_RIG_EVSE > hands'
  power_off: sh -c 'echo power off > hands'
  power_on: sh -c 'echo power on > hands'
"""
TEMPLATE = """
version: "2.0.1"
vendor: Boreal
model: Duo 22
mac_prefix: "02:B0:20"
evses: [{max_power_w: 22080, phases: 3}, {max_power_w: 22080, phases: 3}]
start_s: 1
variables: {OCPPCommCtrlr.RetryBackOffWaitMinimum: "1", OCPPCommCtrlr.RetryBackOffRandomRange: "0"}
"""


def free_port() -> int:
    """One that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def station(folder: Path, port: int) -> AsyncIterator[None]:
    """`borne station`, which reads what the rig writes; ended with SIGKILL, as benches are."""
    (folder / "rig.yaml").write_text(RIG, encoding="utf-8")
    (folder / "station.yaml").write_text(TEMPLATE, encoding="utf-8")
    os.mkfifo(folder / "hands")
    hands = os.open(folder / "hands", os.O_RDWR)  # there is always a writer: the pipe never ends
    command = ["-m", "borne", "station", f"ws://127.0.0.1:{port}/ocpp/BENCH-1", "--template", "station.yaml"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        "--fast",
        "20",
        "--json",
        cwd=folder,
        env={**os.environ, "BORNE_STATION_PASSWORD": PASSWORD},
        stdin=hands,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        os.close(hands)
        process.kill()
        await process.wait()


def suite(port: int, published: list[CaseResult]) -> Suite:
    """The cases of a few blocks."""
    choice = Choice(side="cs", only=CASES)
    config = ConformConfig(station=StationConfig(listen=f"127.0.0.1:{port}", password=PASSWORD))
    return Suite(
        cases=chosen_cases(choice),
        config=config,
        choice=choice,
        words=RunTexts("en"),
        publish=published.append,
    )


async def test_hands_that_are_commands_need_no_terminal(tmp_path: Path) -> None:
    """The same verdicts as in memory, one case after the other on the same station."""
    port = free_port()
    published: list[CaseResult] = []
    async with (
        station(tmp_path, port),
        open_bench(tmp_path / "rig.yaml", SystemClock(), print) as bench,
    ):
        await suite(port, published).wired_station("BENCH-1", Hands(is_interactive=False), bench)
    simulated = suite(port, [])
    in_memory = await asyncio.to_thread(simulated.simulated_station, "ac-201")
    assert {each.case_id: each.why for each in published} == dict.fromkeys(
        [each.case_id for each in in_memory], ""
    )
    assert [each.verdict for each in published] == [each.verdict for each in in_memory]
    assert all(each.verdict is Verdict.PASSED for each in published)
