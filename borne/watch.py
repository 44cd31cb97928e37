"""`borne ctl watch`: the live table of any running server, until Ctrl-C."""

import asyncio

from borne.invocation import this_program
from borne.language import Speech
from borne.live_stations import LiveStations
from borne.live_table import Hints, Screen, screen_for, until_nobody_reads, watch
from borne.terminal import Terminal
from runtime.client import ApiClient, ApiError
from runtime.clock import SystemClock
from runtime.errors import RuntimeProblem, first_of
from runtime.lifecycle import Stop, run_process


def run_watch(token: str | None, speech: Speech) -> int:
    """Watch until stopped; the exit code."""
    return run_process(lambda stop: _watch(token, speech, stop))


async def _watch(token: str | None, speech: Speech, stop: Stop) -> int:
    clock, hints = SystemClock(), Hints(this_program(), (speech.text("leave"),))
    failure: BaseException | None = None
    try:
        async with ApiClient(token=token) as api:
            with until_nobody_reads(), screen_for(Terminal(), clock, speech, hints) as screen:
                await until_stopped(LiveStations(api, clock), screen, speech, stop)
    except* ApiError as group:
        failure = first_of(group)
    if failure is not None:
        raise RuntimeProblem(failure.words if isinstance(failure, ApiError) else str(failure)) from failure
    return 0


async def until_stopped(live: LiveStations, screen: Screen, speech: Speech, stop: Stop) -> None:
    """Show the stations until `stop` is requested."""
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch(live, screen, speech), name="watch")
        await stop.wait()
        watching.cancel()
