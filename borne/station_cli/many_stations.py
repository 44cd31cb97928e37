"""Running a fleet on the terminal, until it is told to stop."""

import asyncio
import ssl

from borne.station_cli.fleet_advice import FleetAdvice
from borne.station_cli.fleet_screen import FleetJson, FleetTable
from borne.terminal import Terminal
from runtime.chance import SystemChance
from runtime.clock import Clock, SystemClock
from runtime.lifecycle import Stop
from simulator.fleet import FleetPlan, FleetSummary, SimulatedFleet

DONE, FAILED, CANNOT_RUN, STOPPED = 0, 1, 3, 130
LOOK_EVERY_S = {True: 0.5, False: 5.0}
"""Between two looks: on a terminal, and elsewhere."""


async def run_fleet(
    plan: FleetPlan,
    clock: Clock,
    tls: ssl.SSLContext | None,
    stop: Stop,
    *,
    seconds: float | None,
    as_json: bool,
) -> int:
    """The exit code: 0 all accepted when the time is up, 1 not all, 3 none ever connected, 130 stopped.

    Raises AddressError, TemplateError.
    """
    fleet = SimulatedFleet(plan, clock, SystemChance(), tls=tls)
    console = Terminal()
    title = f"{plan.count} stations, {plan.template.model}, {plan.url}"
    with FleetJson(console) if as_json else FleetTable(console, title) as screen:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(fleet.run(), name="fleet")
            code = await _watch(fleet, screen, stop, LOOK_EVERY_S[console.is_terminal], seconds)
            running.cancel()
    return code


async def _watch(
    fleet: SimulatedFleet, screen: FleetJson | FleetTable, stop: Stop, look_s: float, seconds: float | None
) -> int:
    """Look again and again; the exit code once it is over."""
    clock = SystemClock()
    began_at = looked_at = clock.monotonic()
    advice = FleetAdvice(fleet.plan.id_token)
    was_connected = False
    while True:
        await _pause(stop, clock, look_s if seconds is None else min(look_s, seconds))
        now_s = clock.monotonic()
        summary = fleet.summary()
        screen.show(summary, now_s - looked_at)
        for text in advice.on(summary, now_s):
            screen.print_text(text)
        looked_at = now_s
        was_connected |= summary.connected > 0
        if stop.is_requested:
            return STOPPED
        if seconds is not None and now_s - began_at >= seconds:
            return _verdict(summary) if was_connected else CANNOT_RUN


def _verdict(summary: FleetSummary) -> int:
    return DONE if summary.accepted == summary.stations else FAILED


async def _pause(stop: Stop, clock: Clock, seconds: float) -> None:
    """Until somebody asks for the stop, but no longer than that."""
    try:
        async with clock.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
