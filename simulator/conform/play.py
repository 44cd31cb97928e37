"""Plays one case: makes the tool's end and the driver of the other side, plays the scenario, and judges."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ocppj.aio.connection import Connection
from ocppj.aio.endpoint import Receiver, Silence
from ocppj.aio.server import OcppServer
from ocppj.timestamps import time_to_wire
from ocppj.versions import OcppVersion
from runtime.chance import SeededChance
from runtime.client import ApiClient, ApiRefused
from runtime.clock import Clock
from runtime.lifecycle import Background
from simulator.conform.baseline import CaseBaseline, PutBackRules
from simulator.conform.case import ConformCase, preparations
from simulator.conform.csms_driver import PlayedStationDriver
from simulator.conform.features import missing
from simulator.conform.mutants import CaseMutant
from simulator.conform.peer import PeerParts, ToolPeer
from simulator.conform.replies import ReplyBook
from simulator.conform.results import CaseResult, judge
from simulator.conform.station_driver import (
    CENTRAL_HOST,
    CaseCentral,
    CaseStationDriver,
    CaseWiredDriver,
    ToolLog,
    dial_in_memory,
    tokens_of,
)
from simulator.model.template import identify, load_template
from simulator.scenario.conversation import Conversation, SeenFrame, Sender
from simulator.scenario.event_log import EventLog
from simulator.scenario.hands import Rig
from simulator.scenario.pace import RunPace
from simulator.scenario.runner import Runner, StepListener
from simulator.scenario.scope import Scope
from simulator.scenario.station_drivers.driver import DriverContext, Prompter, StationDriver
from simulator.scenario.steps.run_context import CsmsOperator, RunContext
from simulator.scenario.verdicts import RunResult, Verdict
from simulator.scenario.vocabulary import moments
from simulator.scenario.words import RunTexts
from simulator.station.station import Station

VERSION = OcppVersion.V201
STATION_PASSWORD = "conform-0123456789"  # noqa: S105 - of stations that live for one case
MUTANT_PATIENCE_S = 0.5
"""In real time."""
KNOWN_ALREADY = "station_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSettings:
    """What every case of a run has around it; `values` and `features` stand over those that ship."""

    clock: Clock
    words: RunTexts
    seed: int = 1
    is_strict: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    tokens: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    features: Mapping[str, bool] = field(default_factory=dict)


class Nobody:
    """Listens to no step."""

    def step_started(self, step: Any) -> None:
        """Nothing is shown."""

    def step_ended(self, step: Any) -> None:
        """Nothing is shown."""


class _Both:
    """Two listeners."""

    def __init__(self, *listeners: StepListener) -> None:
        self._listeners = listeners

    def step_started(self, step: Any) -> None:
        """Both hear it."""
        for each in self._listeners:
            each.step_started(step)

    def step_ended(self, step: Any) -> None:
        """Both hear it."""
        for each in self._listeners:
            each.step_ended(step)


@dataclass(slots=True)
class _Bench:
    """The parts of one case that is being played."""

    case: ConformCase
    settings: CaseSettings
    plays: Sender
    mutant: CaseMutant | None
    event_log: EventLog
    peer: ToolPeer

    async def play(
        self,
        driver: StationDriver,
        pace: RunPace,
        listener: StepListener,
        *,
        api: ApiClient | None = None,
        operator: CsmsOperator | None = None,
    ) -> CaseResult:
        """All its steps."""
        case, settings = self.case, self.settings
        result = RunResult(
            scenario=case.case_id,
            title=case.title,
            stations=driver.title,
            versions=(driver.version.label,),
            seed=settings.seed,
            started_at=time_to_wire(settings.clock.now()),
            bindings=f"a={driver.bound}",
        )
        scope = _scope(case, settings, driver)
        context = RunContext(
            {"a": driver}, scope, pace, settings.words, api, tool=self.peer, operator=operator
        )
        heard: StepListener = listener
        if self.mutant is not None:
            self.mutant.scope, self.mutant.event_log = scope, self.event_log
            heard = _Both(self.mutant, listener)
        await Runner(case.scenario, context, settings.clock, heard).run(result)
        warnings = judge(result, is_strict=settings.is_strict)
        return CaseResult(case.case_id, case.title, result, self.event_log.frames(), warnings)


def not_applicable(case: ConformCase, settings: CaseSettings) -> CaseResult | None:
    """The result of a case whose features nobody declares. Raises ConformError where that is no condition."""
    declared = dict(preparations(case.side).features) | dict(settings.features)
    reason = missing(case.needs, declared)
    if reason is None:
        return None
    run = RunResult(
        scenario=case.case_id,
        title=case.title,
        stations="",
        versions=(VERSION.label,),
        seed=settings.seed,
        started_at=time_to_wire(settings.clock.now()),
        verdict=Verdict.NOT_APPLICABLE,
        reason=reason,
    )
    return CaseResult(case.case_id, case.title, run)


def _bench(case: ConformCase, settings: CaseSettings, plays: Sender, mutant: CaseMutant | None) -> _Bench:
    shared = preparations(case.side)
    event_log = EventLog(Conversation(VERSION))
    tokens = {**shared.tokens, **settings.tokens}
    clock = settings.clock
    parts = PeerParts(
        version=VERSION,
        replies=ReplyBook(shared.replies, tokens_of(tokens), lambda: time_to_wire(clock.now())),
        clock=clock,
        chance=SeededChance(settings.seed),
        words=settings.words,
        mutant=mutant,
    )
    return _Bench(case, settings, plays, mutant, event_log, ToolPeer(plays, event_log, parts))


def _scope(case: ConformCase, settings: CaseSettings, driver: StationDriver) -> Scope:
    now = settings.clock.now()
    run = f"{int(now.timestamp() * 1000):X}"[-8:]
    scope = Scope({"seed": settings.seed, "run": run, "turn": 1, **moments(now)})
    for name, value in driver.fields.items():
        if value is not None:
            scope.put(f"a.{name}", value)
    shared = preparations(case.side)
    for name, one in {**shared.tokens, **settings.tokens}.items():
        scope.put(name, one["id_token"])
    given = {**case.scenario.variables, **settings.values}
    for name, value in {name: scope.fill(value) for name, value in given.items()}.items():
        scope.put(name, value)
    return scope


async def play_simulated(
    case: ConformCase,
    template: str,
    settings: CaseSettings,
    listener: StepListener | None = None,
    *,
    is_mutant: bool = False,
) -> CaseResult:
    """A station case against a simulated station, on a loop of virtual time."""
    clock = settings.clock
    mutant = CaseMutant(case, "station") if is_mutant else None
    bench = _bench(case, settings, "csms", mutant)
    chance = SeededChance(settings.seed)
    model = load_template(case.template or template)
    identity = identify(model, chance=chance)
    central = CaseCentral(identity.station_id, bench.peer.receiver, (STATION_PASSWORD,))
    bench.peer.password_changed = central.require
    async with OcppServer(central, clock=clock) as server, Background("case") as tasks:
        station = Station(
            model,
            identity,
            url=f"ws://{CENTRAL_HOST}/ocpp",
            clock=clock,
            chance=chance,
            password=STATION_PASSWORD,
            frames_kept=0,
            dial=dial_in_memory(server),
        )
        shared = DriverContext(RunPace(clock), settings.words, tasks)
        driver = CaseStationDriver("a", template, station, f"ws://{CENTRAL_HOST}/ocpp", shared)
        driver.event_log = bench.event_log
        return await bench.play(driver, shared.pace, listener or Nobody())


class WiredPeers:
    """Hands the connection of the station on the wire to the case that is being played."""

    def __init__(self) -> None:
        self.peer: ToolPeer | None = None

    def receiver(self, connection: Connection) -> Receiver:
        """Where the station dials between two cases, the next one has it."""
        if self.peer is None:
            connection.close(reason="no case is being played")
            return Silence()
        return self.peer.receiver(connection)

    def use(self, peer: ToolPeer) -> None:
        """The next case; the connection of the one before ends, so that each begins alike."""
        before, self.peer = self.peer, peer
        if before is not None:
            before.hang_up()


@dataclass(frozen=True, slots=True)
class WiredStation:
    """A station that dials the tool's port, and whoever is its hands."""

    station_id: str
    peers: WiredPeers
    prompter: Prompter
    rig: Rig | None = None
    password: str | None = None
    password_changed: Callable[[str], None] | None = None
    seen: Callable[[SeenFrame], None] | None = None
    """What a frame sets off on the bench."""


async def play_wired(
    case: ConformCase,
    wired: WiredStation,
    settings: CaseSettings,
    listener: StepListener | None = None,
    *,
    is_mutant: bool = False,
) -> CaseResult:
    """A station case against a station that dials the tool's port."""
    bench = _bench(case, settings, "csms", CaseMutant(case, "station") if is_mutant else None)
    wired.peers.use(bench.peer)
    async with Background("case") as tasks:
        shared = DriverContext(RunPace(settings.clock), settings.words, tasks, wired.rig)
        log = ToolLog(wired.station_id, VERSION.label, bench.peer, settings.clock)
        driver = CaseWiredDriver("a", await log.station(), log, wired.prompter, shared)
        driver.event_log, driver.peer = bench.event_log, bench.peer
        driver.boot_calls = preparations(case.side).boot_calls
        peer = bench.peer
        peer.baseline = CaseBaseline(
            PutBackRules.of(preparations(case.side).put_back), peer.request_unseen, wired.password
        )
        if wired.password_changed is not None:
            peer.password_changed = wired.password_changed
        if wired.seen is not None:
            bench.event_log.listen(wired.seen)
        try:
            return await bench.play(driver, shared.pace, listener or Nobody())
        finally:
            await driver.put_back()


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralUnderTest:
    """Where it is, and who operates it: `api` this program's own, `operator` any other."""

    url: str
    station_id: str
    api: ApiClient | None = None
    operator: CsmsOperator | None = None
    password: str | None = None


async def play_central(
    case: ConformCase,
    central: CentralUnderTest,
    settings: CaseSettings,
    listener: StepListener | None = None,
    *,
    is_mutant: bool = False,
) -> CaseResult:
    """A central-system case: the tool is the station."""
    mutant = CaseMutant(case, "csms") if is_mutant else None
    bench = _bench(case, settings, "station", mutant)
    driver = PlayedStationDriver(
        central.station_id,
        central.url,
        bench.peer,
        bench.event_log,
        password=central.password,
        clock=settings.clock,
        words=settings.words,
    )
    driver.is_let_in_anyway = is_mutant
    pace, heard = _MutantPace(settings.clock) if is_mutant else RunPace(settings.clock), listener or Nobody()
    if central.api is not None:
        await _admit(central.api, central.station_id, central.password)
    try:
        return await bench.play(driver, pace, heard, api=central.api, operator=central.operator)
    finally:
        await driver.disconnect(None)


class _MutantPace(RunPace):
    """A mutant's frames never come: what a central system does, it does at once."""

    def patience_s(self, within_s: float) -> float:
        """Short."""
        return min(within_s, MUTANT_PATIENCE_S)


async def _admit(api: ApiClient, station_id: str, password: str | None) -> None:
    """Have the central system let it in, with its password where it has one."""
    try:
        await api.post("/stations", {"station_id": station_id, "admission": "accept"})
    except ApiRefused as error:
        if error.code != KNOWN_ALREADY:
            raise
    if password is not None:
        await api.put(f"/stations/{station_id}/credential", {"password": password})


def with_proof(result: CaseResult, mutant_run: CaseResult) -> CaseResult:
    """What the mutant's run says of the case: it must have failed at a validation."""
    culprit = mutant_run.culprit
    proved = culprit is not None and culprit.verdict is Verdict.FAILED and culprit.clause is not None
    proof = "" if proved else f"its mutant {mutant_run.verdict}: {mutant_run.why or 'nothing failed'}"
    return replace(result, proved=proved, proof=proof)
