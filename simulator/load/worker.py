"""One process of a load run in several: `python -m simulator.load.worker`.

It reads lines on stdin: its plan as JSON, then `boot`, `measure` and `finish`, each answered with a line when
it has ended, and `stop` at any time. It writes lines of JSON on stdout. The end of stdin is a stop, so that a
worker never outlives its run; and the password of a plan stands in no command line.
"""

import asyncio
import json
import signal
import sys
from typing import Any

from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.lifecycle import Background, Stop, run_process
from simulator.load.errors import LoadError
from simulator.load.local_run import LocalRun, first_of
from simulator.load.plan import LoadPlan, allow_sockets

PROGRESS_EVERY_S = 0.2
PHASES_WITHIN_S = 60.0


async def run_worker(stop: Stop) -> int:
    """Do what stdin says until it ends."""
    commands = await _open_stdin()
    plan = LoadPlan.from_json(json.loads(await commands.readline()))
    phases: asyncio.Queue[str | None] = asyncio.Queue(8)
    async with Background("worker") as tasks:
        tasks.start(_read(commands, phases, stop))
        try:
            allow_sockets(plan.stations)
            await _go_through(LocalRun(plan, SystemClock(), SystemChance()), phases, stop)
        except LoadError as error:
            _send({"error": type(error).__name__, "text": str(error)})
    return 0


async def _go_through(run: LocalRun, phases: "asyncio.Queue[str | None]", stop: Stop) -> None:
    async def send_progress() -> None:
        while True:
            _send({"progress": run.progress().to_json()})
            await SystemClock().sleep(PROGRESS_EVERY_S)

    while (phase := await phases.get()) is not None:
        match phase:
            case "boot":
                await first_of(run.boot(stop), send_progress())
            case "measure":
                await first_of(run.measure(stop), send_progress())
            case _:
                _send({"figures": (await run.finish()).packed()})
        _send({"done": phase})


async def _read(commands: asyncio.StreamReader, phases: "asyncio.Queue[str | None]", stop: Stop) -> None:
    async for line in commands:
        word = line.decode().strip()
        if word == "stop":
            stop.request()
        else:
            await phases.put(word)
    stop.request()
    await phases.put(None)


async def _open_stdin() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _send(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(run_process(run_worker, stop_within_s=PHASES_WITHIN_S))
