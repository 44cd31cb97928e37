"""`borne fleet`: many simulated stations against any central system."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from borne.bench.fleet_screen import FleetJson, FleetTable
from borne.station_command import (
    DEFAULT_URL,
    AsJson,
    CaFile,
    Fast,
    Password,
    Seconds,
    Template,
    Url,
    clock_of,
    template_or_refuse,
    trust,
)
from runtime.chance import SystemChance
from runtime.clock import SystemClock
from runtime.lifecycle import Stop, run_process
from simulator.errors import SimulatorError
from simulator.fleet import Fleet, FleetPlan, FleetSummary

DONE, FAILED, CANNOT_RUN, STOPPED = 0, 1, 3, 130
LOOK_EVERY_S = {True: 0.5, False: 5.0}
"""Between two looks: on a terminal, and elsewhere."""

Endpoint = Annotated[str | None, typer.Argument(help="The same as --url.", show_default=False)]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=20_000, help="How many stations.")]
Prefix = Annotated[
    str | None,
    typer.Option(help="Station ids are PREFIX00001 and so on; by default MACs.", show_default=False),
]
First = Annotated[int, typer.Option(min=0, help="Number of the first station.")]
Token = Annotated[str, typer.Option(help="The token that all cars charge with.")]
ChargeEvery = Annotated[
    float | None,
    typer.Option(min=1, help="Seconds from one car to the next at each station.", show_default=False),
]
ChargeFor = Annotated[float, typer.Option(min=1, help="Seconds that a car charges.")]
ConnectsPerS = Annotated[float, typer.Option("--connects", min=0.1, help="Stations powered up per second.")]


def fleet(
    endpoint: Endpoint = None,
    *,
    url: Url = DEFAULT_URL,
    count: Count = 10,
    template: Template = "ac-16",
    prefix: Prefix = None,
    first: First = 1,
    password: Password = None,
    token: Token = "FLEET",  # noqa: S107 - a token of drivers, not a secret
    charge_every: ChargeEvery = None,
    charge_for: ChargeFor = 60.0,
    connects: ConnectsPerS = 50.0,
    fast: Fast = 1.0,
    ca: CaFile = None,
    seconds: Seconds = None,
    as_json: AsJson = False,
) -> None:
    """Run many simulated stations against any central system, with cars that come and go.

    Exit code 0 after --seconds with every station accepted, 1 if one was not, 3 if none ever connected, 130
    after Ctrl-C.
    """
    plan = FleetPlan(
        template=template_or_refuse(template),
        url=endpoint or url,
        count=count,
        prefix=prefix,
        first=first,
        password=password,
        id_token=token,
        connects_per_s=connects,
        charge_every_s=charge_every,
        charge_for_s=charge_for,
    )
    clock, tls = clock_of(fast), trust(ca)

    async def run(stop: Stop) -> int:
        try:
            made = Fleet(plan, clock, SystemChance(), tls=tls)
        except SimulatorError as error:
            raise typer.BadParameter(str(error)) from None
        return await _run(made, stop, seconds, as_json=as_json)

    raise typer.Exit(run_process(run))


async def _run(made: Fleet, stop: Stop, seconds: float | None, *, as_json: bool) -> int:
    console = Console(highlight=False)
    title = f"{len(made.stations)} stations, {made.plan.template.model}, {made.plan.url}"
    was_connected = False
    with FleetJson(console) if as_json else FleetTable(console, title) as screen:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(made.run(), name="fleet")
            clock = SystemClock()
            look_s = LOOK_EVERY_S[console.is_terminal]
            began_at = looked_at = clock.monotonic()
            code: int | None = None
            while code is None:
                await wait_for_stop(stop, look_s if seconds is None else min(look_s, seconds))
                now_s = clock.monotonic()
                summary = made.summary()
                screen.show(summary, now_s - looked_at)
                looked_at = now_s
                was_connected |= summary.connected > 0
                if stop.is_requested:
                    code = STOPPED
                elif seconds is not None and now_s - began_at >= seconds:
                    code = _verdict(summary, was_connected=was_connected)
            running.cancel()
    return code


def _verdict(summary: FleetSummary, *, was_connected: bool) -> int:
    if not was_connected:
        return CANNOT_RUN
    return DONE if summary.accepted == summary.stations else FAILED


async def wait_for_stop(stop: Stop, seconds: float) -> None:
    """Until somebody asks for the stop, but no longer than that."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
