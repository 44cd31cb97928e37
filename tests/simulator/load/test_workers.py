"""A run in several processes: the same phases, figures that add up, and no process left behind."""

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocppj.aio.connection import Connection
from ocppj.session import Request
from runtime.chance import SeededChance
from runtime.clock import SystemClock
from runtime.lifecycle import Stop
from simulator.load import workers
from simulator.load.errors import ServerUnreachableError, StationRefusedError, WorkerFailedError
from simulator.load.plan import LoadPlan
from simulator.load.progress import RUNNING, LoadProgress
from simulator.load.run import run_load
from simulator.load.workers import WorkersRun
from tests.support.answering import AnsweringLink, agree, answering


def plan_for(url: str, **changes: Any) -> LoadPlan:
    return replace(LoadPlan(url=url, stations=5, seconds=0.3, timeout_s=5.0), **changes)


def pids_of_workers() -> set[str]:
    """Processes of this machine that run a worker."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"simulator.load.worker" in command:
                found.add(entry.name)
    return found


async def test_processes_share_the_stations_and_add_their_figures() -> None:
    """Each station once; all answers counted; the message ids of the processes differ."""
    seen: list[LoadProgress] = []
    before = pids_of_workers()
    async with answering() as central:
        report = await run_load(
            plan_for(central.url), 2, seen.append, Stop(), clock=SystemClock(), chance=SeededChance()
        )
        assert report.is_clean, report.failures
        assert sorted(upgrade.target.identity for upgrade in central.door.upgrades) == [
            f"LOAD-{number:05d}" for number in range(5)
        ]
        assert report.boots.answered == report.booted == 5
        assert report.answered == len(central.actions()) - 5 > 0
        message_ids = [request.message_id for link in central.links for request in link.requests]
        assert len(set(message_ids)) == len(message_ids)
    assert any(look.phase == RUNNING for look in seen)
    assert pids_of_workers() <= before


async def test_one_process_runs_here() -> None:
    """Without a child."""
    async with answering() as central:
        report = await run_load(
            plan_for(central.url), 1, lambda _: None, Stop(), clock=SystemClock(), chance=SeededChance()
        )
        assert report.is_clean


async def test_stop_reaches_every_process() -> None:
    """A run of a minute ends at once, with the figures of all."""
    stop = Stop()

    def script(link: AnsweringLink, request: Request) -> dict[str, Any]:
        if request.action == "Heartbeat":
            stop.request()
        return agree(link, request)

    async with answering(script) as central:
        plan = plan_for(central.url, seconds=60.0)
        report = await run_load(plan, 2, lambda _: None, stop, clock=SystemClock(), chance=SeededChance())
        assert report.is_stopped
        assert report.seconds < 30
        assert report.answered > 0


async def test_error_of_a_process_is_the_run_s() -> None:
    """With its kind and its words."""
    async with answering() as central:
        url = central.url
    with pytest.raises(ServerUnreachableError, match="cannot connect"):
        await run_load(plan_for(url), 2, lambda _: None, Stop(), clock=SystemClock(), chance=SeededChance())


async def test_refused_stations_are_the_run_s_error_too() -> None:
    """Whichever process hears it first."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any]:
        return agree(link, request) | {"status": "Rejected"}

    async with answering(script) as central:
        with pytest.raises(StationRefusedError, match="Rejected"):
            await run_load(
                plan_for(central.url), 2, lambda _: None, Stop(), clock=SystemClock(), chance=SeededChance()
            )


async def test_process_that_dies_ends_the_run_with_an_error() -> None:
    """No figures are made up for it."""
    async with answering() as central, WorkersRun(plan_for(central.url), 2, SystemClock()) as run:
        await run.boot(Stop())
        for worker in run._workers[:1]:
            assert worker._process is not None
            worker._process.kill()
        with pytest.raises(WorkerFailedError, match="without its figures"):
            await run.measure(Stop())


async def test_process_that_stays_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that no longer answers does not keep the run from ending."""
    monkeypatch.setattr(workers, "END_WITHIN_S", 0.05)
    before = pids_of_workers()
    async with answering() as central, WorkersRun(plan_for(central.url), 2, SystemClock()) as run:
        await run.boot(Stop())
        for worker in run._workers:
            assert worker._process is not None
            worker._process.send_signal(signal.SIGSTOP)
    assert pids_of_workers() <= before


@pytest.mark.parametrize("processes", [1, 2])
async def test_stop_while_stations_boot(processes: int) -> None:
    """No load follows; the report says how far it came."""
    stop = Stop()

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | None:
        is_first = link.connection.peer.port == ports[0]
        if not is_first:
            stop.request()
        return agree(link, request) if is_first else None

    ports: list[int] = []
    async with answering(script) as central:
        original = central.door.receiver

        def remember(connection: Connection) -> AnsweringLink:
            ports.append(connection.peer.port)
            return original(connection)  # type: ignore[return-value] # the door was given their class

        central.door.receiver = remember
        plan = plan_for(central.url, timeout_s=60.0)
        report = await run_load(
            plan, processes, lambda _: None, stop, clock=SystemClock(), chance=SeededChance()
        )
    assert report.is_stopped
    assert report.booted <= 1
    assert report.answered == 0
