"""A load run in this process: its stations, and the phases they go through."""

import asyncio
from collections.abc import Coroutine
from typing import Any, NoReturn, Protocol

from ocppj.aio.limits import Limits
from ocppj.aio.watch import Watch
from ocppj.codec import codec_for
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.lifecycle import Stop
from runtime.surviving import attempt
from simulator.load.errors import LoadError, ServerUnreachableError, StationRefusedError
from simulator.load.pace import FAILED, ClosedLoop, FixedRate, LoadPace
from simulator.load.plan import LoadPlan
from simulator.load.progress import CONNECTING, FINISHING, RUNNING, LoadProgress
from simulator.load.report import LoadReport
from simulator.load.station import LoadStation, SharedState

CLOSE_WITHIN_S = 2.0
LOOK_EVERY_S = 1.0
LONGEST_MESSAGE = 1 << 20
HOW_TO_START = "Is the server running there? `borne up --unknown accept` starts one that takes these stations"
HOW_TO_ACCEPT = (
    "Load stations need a server that accepts stations nobody ordered: `borne up --unknown accept`; "
    "where it asks for a password, give --password"
)


class LoadRun(Protocol):
    """A run in this process or in several. Its phases, in order."""

    async def boot(self, stop: Stop) -> None:
        """Connect and boot every station, or as many as can be; returns early when a stop is asked for."""
        ...

    async def measure(self, stop: Stop) -> None:
        """Make load for the planned time, or until a stop is asked for."""
        ...

    def progress(self) -> LoadProgress:
        """Where it is now."""
        ...

    async def finish(self) -> LoadReport:
        """What was measured; the stations leave."""
        ...


class LocalRun:
    """Implements `LoadRun` in this process. Make it in a running loop."""

    def __init__(self, plan: LoadPlan, clock: Clock, chance: Chance) -> None:
        self._plan = plan
        self._clock = clock
        self._report = LoadReport(plan.url, plan.version.label, plan.stations, plan.mix.value, plan.rate)
        self._pace: LoadPace = ClosedLoop(clock)
        if plan.rate is not None:
            self._pace = FixedRate(plan.rate, clock, self._report.send_lag.record)
        self._shared = SharedState(
            plan=plan,
            run_id=chance.letters(6),
            codec=codec_for(plan.version),
            clock=clock,
            watch=Watch(_limits(plan), clock),
            pace=self._pace,
            report=self._report,
            ended=self._look_at_end,
        )
        self._stations = [LoadStation(self._shared, number) for number in range(plan.stations)]
        self._phase = CONNECTING
        self._began = clock.monotonic()
        self._all_answered = asyncio.Event()
        self._all_gone = asyncio.Event()

    async def boot(self, stop: Stop) -> None:
        """Connect and boot, `plan.connecting` stations at a time. The first one goes alone: what is wrong
        with all of them is better said once. Raises LoadError.
        """
        self._began = self._clock.monotonic()
        waiting = iter(self._stations)
        await first_of(_lead(next(waiting)), stop.wait())

        async def join_in_turn() -> None:
            for station in waiting:
                try:
                    await station.join()
                except LoadError as error:
                    self._report.failed(str(error))
                except Exception as error:  # noqa: BLE001 - one station's trouble must not end the run of all
                    self._report.failed(repr(error))

        async def join_all() -> None:
            async with asyncio.TaskGroup() as joining:
                for _ in range(min(self._plan.connecting, self._plan.stations)):
                    joining.create_task(join_in_turn())

        await first_of(join_all(), stop.wait())
        self._report.is_stopped = stop.is_requested
        self._report.boot_seconds = self._clock.monotonic() - self._began

    async def measure(self, stop: Stop) -> None:
        """Start the pace, stop it in time, and wait for the answers that are still to come."""
        plan, sleep = self._plan, self._clock.sleep
        self._phase = RUNNING
        self._began = self._clock.monotonic()
        self._pace.start(self._stations)
        await first_of(stop.wait(), self._all_gone.wait(), sleep(plan.seconds), self._give_up_late())
        self._pace.stop()
        self._phase = FINISHING
        self._report.is_stopped = stop.is_requested
        self._look_at_end()
        last = (self._all_answered.wait(), self._all_gone.wait(), sleep(plan.timeout_s + LOOK_EVERY_S))
        await first_of(*last, self._give_up_late())
        self._report.seconds = self._clock.monotonic() - self._began
        self._report.unsent = self._pace.owed

    def progress(self) -> LoadProgress:
        """Where it is now."""
        return LoadProgress(
            phase=self._phase,
            elapsed_s=self._clock.monotonic() - self._began,
            connected=self._shared.connected,
            booted=self._report.booted,
            answered=self._report.answered,
            failed=sum(self._report.failures.values()),
        )

    async def finish(self) -> LoadReport:
        """What was measured; the stations leave, those that the server does not let go are cut off."""
        self._shared.is_closing = True
        for station in self._stations:
            station.close()
        if self._shared.connected:
            await first_of(self._all_gone.wait(), self._clock.sleep(CLOSE_WITHIN_S))
        for station in self._stations:
            station.abort()
        self._shared.watch.stop()
        return self._report

    async def _give_up_late(self) -> NoReturn:
        """One look at all open messages in a second, instead of a timer for each."""
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            now = self._clock.monotonic()
            for station in self._stations:
                attempt(station.check, now, event=FAILED, number=station.number)

    def _look_at_end(self) -> None:
        """A message or a connection has ended: was it the last one?"""
        shared = self._shared
        if shared.connected == 0:
            self._all_gone.set()
        if self._phase == FINISHING and shared.open_calls == 0 and self._pace.owed == 0:
            self._all_answered.set()


async def first_of(*works: Coroutine[Any, Any, object]) -> None:
    """Run all of them until one has ended, and cancel the others. The error of one that fails is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def _lead(station: LoadStation) -> None:
    """Join, or say what to do so that the others can."""
    try:
        await station.join()
    except ServerUnreachableError as error:
        raise ServerUnreachableError(f"{error}. {HOW_TO_START}") from error
    except StationRefusedError as error:
        raise StationRefusedError(f"{station.station_id}: {error}. {HOW_TO_ACCEPT}") from error


def _limits(plan: LoadPlan) -> Limits:
    """These stations ping nobody and take whatever comes."""
    return Limits(
        handshake_s=plan.timeout_s,
        ping_every_s=None,
        silent_after_s=None,
        close_within_s=CLOSE_WITHIN_S,
        max_message_bytes=LONGEST_MESSAGE,
    )
