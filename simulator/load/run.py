"""A whole load run, from the plan to the report."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from runtime.chance import Chance
from runtime.clock import Clock
from runtime.lifecycle import Stop
from simulator.load.local_run import LoadRun, LocalRun, first_of
from simulator.load.plan import LoadPlan, allow_sockets
from simulator.load.progress import LoadProgress
from simulator.load.report import LoadReport
from simulator.load.workers import WorkersRun

SHOW_EVERY_S = 0.2


async def run_load(
    plan: LoadPlan,
    processes: int,
    show: Callable[[LoadProgress], None],
    stop: Stop,
    *,
    clock: Clock,
    chance: Chance,
) -> LoadReport:
    """Boot, measure, report. A stop ends it early, with the figures so far. Raises LoadError if it cannot
    begin.
    """
    async with AsyncExitStack() as stack:
        run: LoadRun
        if processes > 1:
            run = await stack.enter_async_context(WorkersRun(plan, processes, clock))
        else:
            allow_sockets(plan.stations)
            run = LocalRun(plan, clock, chance)

        async def show_progress() -> None:
            while True:
                show(run.progress())
                await clock.sleep(SHOW_EVERY_S)

        await first_of(run.boot(stop), show_progress())
        if not stop.is_requested:
            await first_of(run.measure(stop), show_progress())
        return await run.finish()
