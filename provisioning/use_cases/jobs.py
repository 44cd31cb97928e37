"""Planning what an installer does on a site on a day, and what it takes along."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from access.principals import Principal
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.gates.facts import Commissioning, PreparedFacts
from provisioning.identity import MacResolver
from provisioning.records import Job, JobStop
from provisioning.rules.jobs import JobFacts, JobRequest, called_off, is_stop_done, planned, replanned
from provisioning.rules.preparing import site_facts, unread_guides
from provisioning.rules.travel import Missing, TravelFacts, missing_of
from provisioning.settings import ProvisioningSettings
from provisioning.shipping import missing_boxes
from provisioning.station_cache import StationCache
from provisioning.storage.certifications import load_certifications
from provisioning.storage.devices import device_at
from provisioning.storage.jobs import (
    JobsWanted,
    Spot,
    load_job,
    load_jobs,
    load_people,
    open_jobs_of,
    places_on,
)
from provisioning.storage.shipping import boxes_with
from provisioning.storage.sites import load_site
from runtime.wording import Phrase

MissingBoxes = Mapping[StationId, tuple[str, ...]]
"""Of each station those of its boxes that are on their way."""


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job, and what is missing before anybody travels. `done` are the places that have their box."""

    job: Job
    missing: tuple[Missing, ...]
    done: frozenset[str]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return len(self.done) == len(self.job.stops)


class Jobs:
    """Plans them, and tells whether they are ready."""

    def __init__(
        self, station_cache: StationCache, resolver: MacResolver, settings: ProvisioningSettings
    ) -> None:
        self._station_cache, self._resolver, self.settings = station_cache, resolver, settings

    def stop(self, place_id: str, text: str | None) -> JobStop:
        """A place, and the box that is meant for it in any spelling.

        Raises ProvisioningProblem: E_STATION_UNKNOWN, E_MAC_UNKNOWN.
        """
        return JobStop(place_id, self._box(text) if text is not None else None)

    async def plan(self, site_id: str, wanted: JobRequest, by: str) -> PlannedJob:
        """A new job. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PLACE_UNKNOWN."""
        station_cache = self._station_cache
        now, job_id = station_cache.clock.now(), str(station_cache.chance.uuid())
        stops = wanted.stops or ()
        day = wanted.day or now.date()
        job = Job(job_id, site_id, day, stops, now, by, wanted.account, wanted.note)

        def load(connection: Connection) -> JobFacts:
            return self._with_policy(connection, _load(connection, None, site_id, stops), job)

        change = await station_cache.change(load, lambda facts: planned(facts, job))
        return await self._shown(change.jobs[0])

    async def change(self, job_id: str, wanted: JobRequest, by: str) -> PlannedJob:
        """The job otherwise. Raises ProvisioningProblem: E_JOB_UNKNOWN, E_JOB_CANCELLED, E_PLACE_UNKNOWN."""
        now = self._station_cache.clock.now()

        def load(connection: Connection) -> JobFacts:
            job = load_job(connection, job_id)
            facts = _load(connection, job, job.site_id if job is not None else "", wanted.stops or ())
            if job is None:
                return facts
            account = wanted.account if "account" in wanted.given else job.account
            stops = job.stops if wanted.stops is None else wanted.stops
            return self._with_policy(connection, facts, replace(job, account=account, stops=stops))

        change = await self._station_cache.change(
            load, lambda facts: replanned(facts, job_id, wanted, now, by)
        )
        return await self._shown(change.jobs[0])

    async def cancel(self, job_id: str, by: str) -> PlannedJob:
        """Nobody does it. Raises ProvisioningProblem: E_JOB_UNKNOWN, E_JOB_CANCELLED."""
        now = self._station_cache.clock.now()
        change = await self._station_cache.change(
            lambda connection: load_job(connection, job_id), lambda job: called_off(job, job_id, now, by)
        )
        return await self._shown(change.jobs[0])

    async def one(self, job_id: str) -> PlannedJob:
        """A job. Raises ProvisioningProblem: E_JOB_UNKNOWN."""
        job = await self.found(job_id)
        if job is None:
            raise ProvisioningProblem(Code.JOB_UNKNOWN, job=job_id)
        return await self._shown(job)

    async def found(self, job_id: str) -> Job | None:
        """The job, if there is one."""
        return await self._station_cache.database.run_read(lambda connection: load_job(connection, job_id))

    async def every(self, wanted: JobsWanted, limit: int, after: Spot | None = None) -> list[PlannedJob]:
        """Jobs by day, the earliest first."""

        def load(connection: Connection) -> tuple[list[Job], dict[str, Principal], MissingBoxes]:
            found = load_jobs(connection, wanted, limit, after)
            people = load_people(connection, {each.account for each in found if each.account})
            return found, people, _missing_boxes(connection, found)

        found, people, missing = await self._station_cache.database.run_read(load)
        return [self._with_missing(each, people.get(each.account or ""), missing) for each in found]

    async def open_of(self, account: str, since: date) -> Sequence[Job]:
        """What an installer has left to do from that day on, or has not done of the days before."""
        found = await self._station_cache.database.run_read(lambda c: open_jobs_of(c, account))
        return [each for each in found if each.day >= since or not self._is_done(each)]

    async def _shown(self, job: Job) -> PlannedJob:
        names = {job.account} if job.account else set()

        def load(connection: Connection) -> tuple[dict[str, Principal], MissingBoxes]:
            return load_people(connection, names), _missing_boxes(connection, [job])

        people, missing = await self._station_cache.database.run_read(load)
        return self._with_missing(job, people.get(job.account or ""), missing)

    def _with_missing(self, job: Job, person: Principal | None, missing: MissingBoxes) -> PlannedJob:
        facts = self._facts(job, person, missing)
        done = frozenset(
            each.place_id for each in job.stops if is_stop_done(each, facts.occupants.get(each.place_id))
        )
        return PlannedJob(job, missing_of(job, facts), done)

    def _facts(self, job: Job, person: Principal | None, missing: MissingBoxes) -> TravelFacts:
        known, settings = self._station_cache, self.settings
        return TravelFacts(
            site=known.sites[job.site_id],
            person=person,
            places={each.place_id: known.places[each.place_id] for each in job.stops},
            boxes={each: known.devices[each] for each in job.boxes if each in known.devices},
            occupants=_occupants(known, [each.place_id for each in job.stops]),
            missing_boxes=missing,
            to_commission=self._to_commission(job),
            has_address=bool(settings.ocpp_url),
            has_contact=bool(settings.team_phone),
            prepared=self._prepared(job),
            unread=self._unread(job),
        )

    def _prepared(self, job: Job) -> PreparedFacts | None:
        known = self._station_cache
        there = (known.devices.get(each) for each in job.boxes)
        is_serviced = any(each is not None and each.order_id in known.serviced_orders for each in there)
        preparation = known.preparations.get(job.site_id)
        return site_facts(known.sites[job.site_id], preparation, known.product_named, is_serviced=is_serviced)

    def _unread(self, job: Job) -> Phrase | None:
        """Guides for its boxes that who is to do it has not read, where the site is prepared."""
        known = self._station_cache
        preparation = known.preparations.get(job.site_id)
        if preparation is None or job.account is None:
            return None
        there = (known.devices[each] for each in job.boxes if each in known.devices)
        products = (known.product_named(known.policy_of(each).product) for each in there)
        return unread_guides(preparation, [each for each in products if each is not None], job.account)

    def _to_commission(self, job: Job) -> frozenset[StationId]:
        known = self._station_cache
        there = (known.devices[each] for each in job.boxes if each in known.devices)
        return frozenset(
            each.station_id
            for each in there
            if each.commissioned_at is None and known.policy_of(each).commissioning is not Commissioning.NONE
        )

    def _with_policy(self, connection: Connection, facts: JobFacts, job: Job) -> JobFacts:
        """With what the products of its boxes ask of who is to do it, and what those are certified for."""
        known = self._station_cache
        families = {
            each: family
            for each in job.boxes
            if each in known.devices
            and (family := known.policy_of(known.devices[each]).certification) is not None
        }
        theirs = load_certifications(connection, [job.account]) if families and job.account else []
        return replace(facts, families=families, certifications=theirs)

    def _is_done(self, job: Job) -> bool:
        at = self._station_cache.station_at
        return all(is_stop_done(each, at(each.place_id)) for each in job.stops)

    def _box(self, text: str) -> StationId:
        try:
            return self._resolver.resolve(text.strip())
        except IdentityRefused as refused:
            raise unknown_station(text, refused.nearest) from refused


def _missing_boxes(connection: Connection, jobs: Iterable[Job]) -> MissingBoxes:
    stations = {station_id for job in jobs for station_id in job.boxes}
    return missing_boxes(boxes_with(connection, stations))


def _occupants(known: StationCache, place_ids: Collection[str]) -> dict[str, StationId]:
    there = ((each, known.station_at(each)) for each in place_ids)
    return {place_id: station_id for place_id, station_id in there if station_id is not None}


def _load(connection: Connection, job: Job | None, site_id: str, stops: Sequence[JobStop]) -> JobFacts:
    wanted = [each.place_id for each in stops]
    on_site = places_on(connection, site_id, wanted)
    there = ((each, device_at(connection, each)) for each in sorted(on_site))
    return JobFacts(
        job,
        load_site(connection, site_id) is not None,
        on_site,
        {place_id: station_id for place_id, station_id in there if station_id is not None},
    )
