"""What the page of the bench shows and does. Refusals are raised as Problem."""

from collections.abc import Sequence

from access.actions import Permission, may, scope_of
from access.guard import checked, scope_checked
from access.principals import SERVER, Principal
from console.bench_runner import BenchRunner, Hand, PlayableScenario, SimulatedStation
from csms.api import ApiParts
from csms.api.bench import TagsBody
from csms.api.lease_views import BenchStationView, LeaseView, bench_station_view, lease_view
from csms.api.leases import LeaseBody, begin_wished, end_lease, renew_theirs
from csms.api.stations import known_station, may_request
from csms.domain.bench_runs import BenchRun
from csms.domain.leases import BenchWanted, LeasesWanted
from ocppj.vocabulary import StationId
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

STATIONS_SHOWN = 50
LEASES_SHOWN = 10
RUNS_SHOWN = 20
NO_SCENARIO = Phrase("Il n'y a pas de scénario de ce nom", "There is no scenario of this name")
NO_TEMPLATE = Phrase("Il n'y a pas de borne simulée de ce nom", "There is no simulated station of this name")
NOT_PLAYING = Phrase("Rien ne se joue ici", "Nothing is played here")
CHOOSE_ONE = WayOut("Choisissez-en un de la liste.", "Choose one of the list.", "/bench")
START_IT = WayOut("Lancez le serveur par « borne up ».", "Start the server with `borne up`.")


class BenchViews:
    """Stations of the bench, for whoever uses them."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self.runner: BenchRunner | None = None
        """What plays for it; the wiring gives it."""

    def check_may_use(self, who: Principal) -> None:
        """Raises Problem 403."""
        scope_checked(who, Permission.USE_BENCH)

    @staticmethod
    def may_clear(who: Principal) -> bool:
        """Whether they may take a station away from whoever has it."""
        return may(who, Permission.CLEAR_BENCH, SERVER)

    async def stations(
        self, who: Principal, tags: Sequence[str], after: str | None
    ) -> tuple[list[BenchStationView], str | None]:
        """Those of the bench with all of these tags, by id; and after which the list goes on."""
        self.check_may_use(who)
        wanted = BenchWanted(tuple(tags), scope_of(who, Permission.READ))
        start = StationId(after) if after else None
        found = await self._parts.leases.bench(wanted, STATIONS_SHOWN + 1, start)
        shown = found[:STATIONS_SHOWN]
        links = await self._parts.presence.links([each.station_id for each in shown])
        rows = [bench_station_view(each, links.get(each.station_id)) for each in shown]
        return rows, shown[-1].station_id if len(found) > STATIONS_SHOWN else None

    async def leases(self, who: Principal) -> list[LeaseView]:
        """The last ones that are over."""
        wanted = LeasesWanted(is_open=False, scope=scope_of(who, Permission.READ))
        return [lease_view(each) for each in await self._parts.leases.find(wanted, LEASES_SHOWN)]

    async def begin(self, who: Principal, body: LeaseBody) -> LeaseView:
        """Have a station to oneself. Raises Problem."""
        self.check_may_use(who)
        return await begin_wished(self._parts, body, who)

    async def renew(self, who: Principal, lease_id: str) -> LeaseView:
        """Keep it as long again. Raises Problem."""
        self.check_may_use(who)
        return await renew_theirs(self._parts, lease_id, who)

    async def end(self, who: Principal, lease_id: str, reason: str) -> LeaseView:
        """Give it back, or take it away. Raises Problem."""
        self.check_may_use(who)
        return lease_view(await end_lease(self._parts, lease_id, who, reason or None))

    async def set_tags(self, who: Principal, station: str, body: TagsBody) -> None:
        """Say what a station is. Raises Problem."""
        may_request(self._parts, station, who, Permission.USE_BENCH)
        known = await known_station(self._parts, station)
        await self._parts.leases.set_tags(known, body.tags, who.name)

    # Simulated stations and scenarios -------------------------------------------------------------------

    @property
    def has_runner(self) -> bool:
        """Whether simulated stations and scenarios can be started here."""
        return self.runner is not None

    @property
    def templates(self) -> Sequence[tuple[str, str]]:
        """Name and version of the stations that can be started."""
        return self.runner.templates if self.runner is not None else ()

    @property
    def scenarios(self) -> Sequence[PlayableScenario]:
        """Those that can be played."""
        return self.runner.scenarios if self.runner is not None else ()

    def simulated_stations(self, who: Principal) -> Sequence[SimulatedStation]:
        """Those that run; none for who may not use them."""
        is_theirs = may(who, Permission.USE_BENCH, SERVER)
        return self.runner.stations() if self.runner is not None and is_theirs else ()

    def simulated(self, who: Principal, station_id: str) -> SimulatedStation | None:
        """One; None while it does not run. Raises Problem 403."""
        found = self._played(who).stations()
        return next((each for each in found if each.station_id == station_id), None)

    async def start(self, who: Principal, template: str) -> str:
        """Switch a simulated station on; its id. Raises Problem."""
        runner = self._played(who)
        if template not in {name for name, _ in runner.templates}:
            raise Problem(422, "template_unknown", NO_TEMPLATE, CHOOSE_ONE)
        return await runner.start(template, who.name)

    async def stop(self, who: Principal, station_id: str) -> None:
        """Switch it off. Raises Problem."""
        await self._played(who).stop(station_id)

    async def use_hand(
        self, who: Principal, station_id: str, hand: Hand, evse_id: int, id_token: str
    ) -> None:
        """Do something to it. Raises Problem."""
        await self._played(who).use_hand(station_id, hand, evse_id, id_token)

    async def begin_run(self, who: Principal, name: str, on: str, language: str) -> str:
        """Play a scenario: `on` is `sim:TEMPLATE`, `wire:STATION`, or nothing, for what the scenario is
        written for. The id of the run. Raises Problem.
        """
        runner = self._played(who)
        scenario = next((each for each in runner.scenarios if each.name == name), None)
        if scenario is None:
            raise Problem(422, "scenario_unknown", NO_SCENARIO, CHOOSE_ONE)
        kind, _, target = on.partition(":")
        if kind == "wire":
            may_request(self._parts, target, who, Permission.USE_BENCH)
            target = await known_station(self._parts, target)
        elif on and (kind != "sim" or target not in {each for each, _ in runner.templates}):
            raise Problem(422, "template_unknown", NO_TEMPLATE, CHOOSE_ONE)
        bindings = [f"{scenario.roles[0]}={kind}:{target}"] if on else []
        return await runner.begin_run(who, name, bindings, language)

    async def end_run(self, who: Principal, run_id: str) -> None:
        """Stop it. Raises Problem."""
        await self._played(who).end_run(run_id)

    async def prompt_done(self, who: Principal, run_id: str) -> None:
        """What a person was to do is done. Raises Problem."""
        await self._played(who).prompt_done(run_id)

    async def runs(self, who: Principal) -> Sequence[BenchRun]:
        """The latest first; none for who may not play any."""
        is_theirs = may(who, Permission.USE_BENCH, SERVER)
        return await self.runner.runs(RUNS_SHOWN) if self.runner is not None and is_theirs else ()

    async def run(self, who: Principal, run_id: str) -> BenchRun | None:
        """One. Raises Problem."""
        return await self._played(who).run(run_id)

    def _played(self, who: Principal) -> BenchRunner:
        checked(who, Permission.USE_BENCH, SERVER)
        if self.runner is None:
            raise Problem(409, "bench_not_here", NOT_PLAYING, START_IT)
        return self.runner
