"""A load run in several processes, as the one that started them sees it."""

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from runtime.clock import Clock
from runtime.lifecycle import Stop
from simulator.load.errors import LOAD_ERRORS, WorkerFailedError
from simulator.load.local_run import first_of
from simulator.load.plan import LoadPlan
from simulator.load.progress import LoadProgress
from simulator.load.report import LoadReport

END_WITHIN_S = 5.0
LONGEST_LINE = 1 << 20


class WorkerProcess:
    """One process of the run; `simulator.load.worker` is its other end."""

    def __init__(self, plan: LoadPlan, clock: Clock) -> None:
        self.progress = LoadProgress()
        self._clock = clock
        self.figures: dict[str, Any] | None = None
        self._plan = plan
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; it waits for its first phase."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "simulator.load.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
        self.send(json.dumps(self._plan.to_json()))

    def send(self, word: str) -> None:
        """A phase to begin, or `stop`."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(ConnectionError):
                self._process.stdin.write(word.encode() + b"\n")

    async def go_through(self, phase: str) -> None:
        """Return when it has ended the phase. Raises what ended it early."""
        self.send(phase)
        while True:
            match await self._receive():
                case {"progress": values}:
                    self.progress = LoadProgress(**values)
                case {"error": name, "text": text}:
                    raise LOAD_ERRORS.get(name, WorkerFailedError)(text)
                case {"figures": figures}:
                    self.figures = figures
                case {"done": done} if done == phase:
                    return

    async def end(self) -> None:
        """The end of its stdin is its last stop; one that stays is killed."""
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            async with self._clock.timeout(END_WITHIN_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _receive(self) -> dict[str, Any]:
        if self._process is None or self._process.stdout is None:
            raise WorkerFailedError("a process of the run was not started")
        line = await self._process.stdout.readline()
        if not line:
            raise WorkerFailedError("a process of the run ended without its figures; its own error is above")
        received: dict[str, Any] = json.loads(line)
        return received


class WorkersRun:
    """Implements `local_run.LoadRun`. An async context manager: leaving it ends the processes."""

    def __init__(self, plan: LoadPlan, processes: int, clock: Clock) -> None:
        self._plan = plan
        self._workers = [WorkerProcess(worker, clock) for worker in plan.split(processes)]

    async def __aenter__(self) -> Self:
        for worker in self._workers:
            await worker.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            await worker.end()

    async def boot(self, stop: Stop) -> None:
        """All at the same time. Raises LoadError."""
        await self._all_through("boot", stop)

    async def measure(self, stop: Stop) -> None:
        """All from the moment when the last one has booted."""
        await self._all_through("measure", stop)

    def progress(self) -> LoadProgress:
        """The sum; the phase of the slowest."""
        return LoadProgress.sum_of([worker.progress for worker in self._workers])

    async def finish(self) -> LoadReport:
        """The sum."""
        await self._all_through("finish", Stop())
        plan = self._plan
        report = LoadReport(plan.url, plan.version.label, plan.stations, plan.mix.value, plan.rate)
        for worker in self._workers:
            if worker.figures is None:
                raise WorkerFailedError("a process of the run kept its figures")
            report.add_packed(worker.figures)
        return report

    async def _all_through(self, phase: str, stop: Stop) -> None:
        async def pass_on() -> None:
            await stop.wait()
            for worker in self._workers:
                worker.send("stop")
            await asyncio.Event().wait()  # the workers end the phase, each in its own time

        await first_of(_gather(self._workers, phase), pass_on())


async def _gather(workers: Sequence[WorkerProcess], phase: str) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for worker in workers:
                group.create_task(worker.go_through(phase))
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
