"""One run from end to end: the stations are made or found, the scenario is played, everything is put away."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from ocppj.timestamps import time_to_wire
from runtime.chance import Chance, SeededChance
from runtime.client import ApiClient, ApiRefused
from runtime.clock import Clock, ScaledClock
from runtime.lifecycle import Background
from simulator.errors import SimulatorError
from simulator.model.template import StationTemplate, identify, load_template
from simulator.scenario.bindings import Binding
from simulator.scenario.document import Scenario
from simulator.scenario.errors import BindingError
from simulator.scenario.hands import Rig
from simulator.scenario.pace import RunPace
from simulator.scenario.runner import Runner, StepListener
from simulator.scenario.scope import Scope
from simulator.scenario.station_drivers.driver import DriverContext, Prompter, StationDriver
from simulator.scenario.station_drivers.simulated import SimulatedDriver
from simulator.scenario.station_drivers.wired import find_wired
from simulator.scenario.steps.run_context import RunContext
from simulator.scenario.values import Language
from simulator.scenario.verdicts import RunResult
from simulator.scenario.vocabulary import moments
from simulator.scenario.words import RunTexts
from simulator.station.station import Station

FRAMES_KEPT = 0
"""By the stations themselves: the feeds keep what expectations look at."""
KNOWN_ALREADY = "station_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What runs have around them. `people` is the clock of people; `factor` how much faster stations live.

    `api` is None where the central system has none, or none that may be asked.
    """

    ocpp_url: str
    api: ApiClient | None
    prompter: Prompter
    people: Clock
    language: Language = "en"
    factor: float = 1.0
    seed: int = 1
    given: Mapping[str, Any] = field(default_factory=dict)
    evidence: "Sequence[EvidenceKeeper]" = ()
    rig: Rig | None = None


class EvidenceKeeper(Protocol):
    """Whoever keeps what shows how a run went and why it ended as it did."""

    def run_began(self, drivers: Mapping[str, StationDriver]) -> None:
        """Its drivers are there; no step was played."""
        ...

    def run_ended(self, result: RunResult, drivers: Mapping[str, StationDriver]) -> None:
        """A run has its verdict; its drivers still have what they saw."""
        ...


class RunListener(StepListener):
    """A listener to whole runs too."""

    def run_started(self, run: RunResult) -> None:
        """Its stations are there."""

    def run_ended(self, run: RunResult) -> None:
        """It has a verdict."""


def check_binding(binding: Binding) -> None:
    """Raises BindingError where a simulated station cannot be made; one on the wire is looked for later."""
    if binding.bound == "sim":
        _template(binding)


async def run_scenario(
    scenario: Scenario, roles: Mapping[str, Binding], settings: RunSettings, listener: RunListener
) -> RunResult:
    """Play a scenario once. Raises BindingError, ApiError where it cannot begin."""
    words = RunTexts(settings.language)
    async with Background("scenario") as tasks:
        shared = _shared(roles, settings, words, tasks)
        drivers = await _drivers(roles, settings, shared)
        result = RunResult(
            scenario=scenario.scenario,
            title=scenario.title[settings.language],
            stations=", ".join(driver.title for driver in drivers.values()),
            bindings=", ".join(f"{role}={one.bound}:{one.target}" for role, one in roles.items()),
            versions=tuple(driver.version.label for driver in drivers.values()),
            seed=settings.seed,
            started_at=time_to_wire(settings.people.now()),
        )
        listener.run_started(result)
        scope = _scope(scenario.variables, settings, drivers)
        context = RunContext(drivers, scope, shared.pace, words, settings.api)
        for keeper in settings.evidence:
            keeper.run_began(drivers)

        async def admit() -> None:
            for role, binding in roles.items():
                if binding.bound == "sim" and scenario.roles[role].admission == "accept":
                    await _admit(settings.api, drivers[role].station_id)

        await Runner(scenario, context, settings.people, listener, admit=admit).run(result)
        for keeper in settings.evidence:
            keeper.run_ended(result, drivers)
    listener.run_ended(result)
    return result


@asynccontextmanager
async def opened_stations(roles: Mapping[str, Binding], settings: RunSettings) -> AsyncIterator[RunContext]:
    """Stations without a scenario: steps are played on them one by one. Raises BindingError, ApiError."""
    words = RunTexts(settings.language)
    async with Background("stations") as tasks:
        shared = _shared(roles, settings, words, tasks)
        drivers = await _drivers(roles, settings, shared)
        for role, binding in roles.items():
            if binding.bound == "sim":
                await _admit(settings.api, drivers[role].station_id)
        yield RunContext(drivers, _scope({}, settings, drivers), shared.pace, words, settings.api)


def _shared(
    roles: Mapping[str, Binding], settings: RunSettings, words: RunTexts, tasks: Background
) -> DriverContext:
    """What drivers have in common: a station on the wire lives in real time, and so does all beside it."""
    is_wired = any(binding.bound == "wire" for binding in roles.values())
    factor = 1.0 if is_wired else settings.factor
    clock = ScaledClock(factor, start=settings.people.now()) if factor != 1 else settings.people
    return DriverContext(RunPace(clock, factor), words, tasks, settings.rig)


async def _drivers(
    roles: Mapping[str, Binding], settings: RunSettings, shared: DriverContext
) -> dict[str, StationDriver]:
    chance = SeededChance(settings.seed)
    return {role: await _driver(binding, settings, shared, chance) for role, binding in roles.items()}


def _scope(
    variables: Mapping[str, Any], settings: RunSettings, drivers: Mapping[str, StationDriver]
) -> Scope:
    now = settings.people.now()
    run = f"{int(now.timestamp() * 1000):X}"  # not of the seed: what a run makes must be new each time
    scope = Scope({"seed": settings.seed, "run": run[-8:], "turn": 1, **moments(now)})
    for role, driver in drivers.items():
        for name, value in driver.fields.items():
            if value is not None:
                scope.put(f"{role}.{name}", value)
    given = {name: scope.fill(value) for name, value in {**variables, **settings.given}.items()}
    for name, value in given.items():
        scope.put(name, value)
    return scope


async def _driver(
    binding: Binding, settings: RunSettings, shared: DriverContext, chance: Chance
) -> StationDriver:
    if binding.bound == "wire":
        if settings.api is None:
            raise BindingError(
                f"{binding}: a station on the wire is seen through the central system; set BORNE_API"
            )
        return await find_wired(binding.role, binding.target, settings.api, settings.prompter, shared)
    template = _template(binding)
    try:
        identity = identify(template, chance=chance)
        station = Station(
            template,
            identity,
            url=settings.ocpp_url,
            clock=shared.pace.clock,
            chance=chance,
            frames_kept=FRAMES_KEPT,
        )
    except SimulatorError as error:
        raise BindingError(f"{binding}: {error}") from None
    return SimulatedDriver(binding.role, binding.target, station, settings.ocpp_url, shared)


def _template(binding: Binding) -> StationTemplate:
    try:
        return load_template(binding.target)
    except SimulatorError as error:
        raise BindingError(f"{binding}: {error}") from None


async def _admit(api: ApiClient | None, station_id: str) -> None:
    """Have the central system let it in; whoever may not say so sees at the boot what it does."""
    if api is None:
        return
    try:
        await api.post("/stations", {"station_id": station_id, "admission": "accept"})
    except ApiRefused as error:
        if error.code not in (KNOWN_ALREADY, "role_required"):
            raise
