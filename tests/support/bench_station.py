"""A simulated station, connected to a real server: what tests of the bench lease."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from runtime.chance import SeededChance
from runtime.clock import SystemClock
from runtime.lifecycle import Background
from simulator.model.template import StationTemplate, identify, load_template
from simulator.station.station import Station
from tests.support.waiting import until

TEMPLATES = {"1.6": "ac-16", "2.0.1": "ac-201", "2.1": "ac-21"}


@asynccontextmanager
async def on_bench(
    ocpp_url: str, template: str, station_id: str, values: Mapping[str, str] | None = None
) -> AsyncIterator[Station]:
    """It is there, and accepted. `values`: what it kept of what it was set to before."""
    kind: StationTemplate = load_template(template)
    kind = kind.model_copy(update={"start_s": 0.0})
    identity = identify(kind, chance=SeededChance(1), station_id=station_id)
    station = Station(kind, identity, url=ocpp_url, clock=SystemClock(), chance=SeededChance(1))
    station.variables.restore(values or {})
    async with Background("bench station") as tasks:
        tasks.start(station.run())
        await until(lambda: station.snapshot().is_accepted)
        yield station
