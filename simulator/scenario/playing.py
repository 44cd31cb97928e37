"""One run from end to end: the stations are made or found, the scenario is played, everything is put away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ocppj.timestamps import time_to_wire
from runtime.chance import Chance, SeededChance
from runtime.client import ApiClient, ApiRefused
from runtime.clock import Clock, ScaledClock
from runtime.lifecycle import Background
from simulator.errors import SimulatorError
from simulator.model.template import StationTemplate, identify, load_template
from simulator.scenario.actors.actor import Actor, Prompter, Scene
from simulator.scenario.actors.simulated import SimulatedActor
from simulator.scenario.actors.wired import find_wired
from simulator.scenario.casting import Binding
from simulator.scenario.errors import BindingError
from simulator.scenario.model import Scenario
from simulator.scenario.pace import Pace
from simulator.scenario.performing.stage import Stage
from simulator.scenario.runner import Listener, Runner
from simulator.scenario.scope import Scope
from simulator.scenario.values import Language
from simulator.scenario.verdicts import RunResult
from simulator.scenario.words import Words
from simulator.station.station import Station

FRAMES_KEPT = 0
"""By the stations themselves: the feeds keep what expectations look at."""
KNOWN_ALREADY = "station_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
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
    evidence: "KeepsRuns | None" = None


class KeepsRuns(Protocol):
    """Whoever keeps what shows why a run ended as it did."""

    def run_ended(self, result: RunResult, actors: Mapping[str, Actor]) -> None:
        """A run has its verdict; its actors still have what they saw."""
        ...


class ShowsRuns(Listener):
    """A listener that also hears of whole runs."""

    def run_started(self, run: RunResult) -> None:
        """Its stations are there."""

    def run_ended(self, run: RunResult) -> None:
        """It has a verdict."""


def check_binding(binding: Binding) -> None:
    """Raises BindingError where a simulated station cannot be made; one on the wire is looked for later."""
    if binding.bound == "sim":
        _template(binding)


async def play(
    scenario: Scenario, roles: Mapping[str, Binding], around: Surroundings, listener: ShowsRuns
) -> RunResult:
    """Play a scenario once. Raises BindingError, ApiError where it cannot begin."""
    words = Words(around.language)
    is_wired = any(binding.bound == "wire" for binding in roles.values())
    factor = 1.0 if is_wired else around.factor  # real stations live in real time
    clock = ScaledClock(factor, start=around.people.now()) if factor != 1 else around.people
    chance = SeededChance(around.seed)
    async with Background("scenario") as tasks:
        scene = Scene(Pace(clock, factor), words, tasks)
        actors = {
            role: await _actor(scenario, binding, around, scene, chance) for role, binding in roles.items()
        }
        result = RunResult(
            scenario=scenario.scenario,
            title=scenario.title[around.language],
            stations=", ".join(actor.title for actor in actors.values()),
            bindings=", ".join(f"{role}={one.bound}:{one.target}" for role, one in roles.items()),
            versions=tuple(actor.version.label for actor in actors.values()),
            seed=around.seed,
            started_at=time_to_wire(around.people.now()),
        )
        listener.run_started(result)
        scope = _scope(scenario, around, actors)
        stage = Stage(actors, scope, scene.pace, words, around.api)
        await Runner(scenario, stage, around.people, listener).run(result)
        if around.evidence is not None:
            around.evidence.run_ended(result, actors)
    listener.run_ended(result)
    return result


def _scope(scenario: Scenario, around: Surroundings, actors: Mapping[str, Actor]) -> Scope:
    now = around.people.now()
    run = f"{int(now.timestamp() * 1000):X}"  # not of the seed: what a run makes must be new each time
    scope = Scope({"seed": around.seed, "run": run[-8:], "turn": 1, "now": time_to_wire(now)})
    for role, actor in actors.items():
        for name, value in actor.fields.items():
            if value is not None:
                scope.put(f"{role}.{name}", value)
    given = {name: scope.fill(value) for name, value in (scenario.variables | dict(around.given)).items()}
    for name, value in given.items():
        scope.put(name, value)
    return scope


async def _actor(
    scenario: Scenario, binding: Binding, around: Surroundings, scene: Scene, chance: Chance
) -> Actor:
    if binding.bound == "wire":
        if around.api is None:
            raise BindingError(
                f"{binding}: a station on the wire is seen through the central system; set BORNE_API"
            )
        return await find_wired(binding.role, binding.target, around.api, around.prompter, scene)
    template = _template(binding)
    try:
        identity = identify(template, chance=chance)
        station = Station(
            template,
            identity,
            url=around.ocpp_url,
            clock=scene.pace.clock,
            chance=chance,
            frames_kept=FRAMES_KEPT,
        )
    except SimulatorError as error:
        raise BindingError(f"{binding}: {error}") from None
    if around.api is not None and scenario.roles[binding.role].admission == "accept":
        await _admit(around.api, station.station_id)
    return SimulatedActor(binding.role, binding.target, station, around.ocpp_url, scene)


def _template(binding: Binding) -> StationTemplate:
    try:
        return load_template(binding.target)
    except SimulatorError as error:
        raise BindingError(f"{binding}: {error}") from None


async def _admit(api: ApiClient, station_id: str) -> None:
    """Have the central system let it in; whoever may not say so sees at the boot what it does."""
    try:
        await api.post("/stations", {"station_id": station_id, "admission": "accept"})
    except ApiRefused as error:
        if error.code not in (KNOWN_ALREADY, "role_required"):
            raise
