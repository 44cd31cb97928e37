"""`borne fleet`: many simulated stations against any central system."""

from typing import Annotated

import typer

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
from runtime.lifecycle import Stop, run_process
from simulator.errors import SimulatorError

Endpoint = Annotated[str | None, typer.Argument(help="The same as --url.", show_default=False)]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=20_000, help="How many stations.")]
Prefix = Annotated[
    str | None,
    typer.Option(help="Station ids are PREFIX00001 and so on; by default MACs.", show_default=False),
]
First = Annotated[int, typer.Option(min=0, help="Number of the first station.")]
Token = Annotated[str, typer.Option(help="The token that all cars charge with; the server must know it.")]
ChargeEvery = Annotated[
    float,
    typer.Option(min=0, help="Seconds from one car to the next at each station, on average; 0: no cars."),
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
    charge_every: ChargeEvery = 120.0,
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
    from borne.station_cli.many_stations import run_fleet
    from simulator.fleet import FleetPlan

    plan = FleetPlan(
        template=template_or_refuse(template),
        url=endpoint or url,
        count=count,
        prefix=prefix,
        first=first,
        password=password,
        id_token=token,
        connects_per_s=connects,
        charge_every_s=charge_every or None,
        charge_for_s=charge_for,
    )
    clock, tls = clock_of(fast), trust(ca)

    async def run(stop: Stop) -> int:
        return await run_fleet(plan, clock, tls, stop, seconds=seconds, as_json=as_json)

    try:
        raise typer.Exit(run_process(run))
    except SimulatorError as error:
        raise typer.BadParameter(str(error)) from None
