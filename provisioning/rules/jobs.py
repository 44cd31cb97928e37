"""What planning, changing and cancelling a job comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.install_policy import Certification, lacking_families
from provisioning.records import Job, JobStop
from runtime.audit import Act


class JobChange(StrEnum):
    """What is done to a job, as it is kept."""

    PLANNED = "job-planned"
    CHANGED = "job-changed"
    CANCELLED = "job-cancelled"


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What somebody wants of a job; what was not given is None. `is_given` names the fields that were."""

    day: date | None = None
    stops: tuple[JobStop, ...] | None = None
    account: str | None = None
    note: str | None = None
    given: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What is stored: the job, whether its site is there, which places are on that, and who is at them."""

    job: Job | None
    is_site_known: bool
    places: frozenset[str]
    occupants: Mapping[str, StationId]
    certifications: Sequence[Certification] = ()
    """Those of who is to do it."""
    families: Mapping[StationId, str] = field(default_factory=dict)
    """Of each box the family of products that who installs it is certified for; none is asked of others."""


def planned(facts: JobFacts, job: Job) -> ChangeSet:
    """A new job. Raises ProvisioningProblem: E_SITE_UNKNOWN, E_PLACE_UNKNOWN, E_NOT_CERTIFIED."""
    if not facts.is_site_known:
        raise ProvisioningProblem(Code.SITE_UNKNOWN, id=job.site_id)
    made = replace(job, stops=_settled_stops(facts, job.stops, ()))
    _check_certified(facts, made)
    return _kept(made, job.created_at, job.created_by, JobChange.PLANNED)


def replanned(facts: JobFacts, job_id: str, wanted: JobRequest, at: datetime, by: str) -> ChangeSet:
    """A job that is to be otherwise. Raises ProvisioningProblem: E_JOB_UNKNOWN, E_JOB_CANCELLED,
    E_PLACE_UNKNOWN, E_NOT_CERTIFIED.
    """
    job = _open(facts.job, job_id)
    stops = job.stops if wanted.stops is None else _settled_stops(facts, wanted.stops, job.stops)
    changed = replace(
        job,
        day=wanted.day or job.day,
        stops=stops,
        account=wanted.account if "account" in wanted.given else job.account,
        note=wanted.note if "note" in wanted.given else job.note,
    )
    _check_certified(facts, changed)
    return _kept(changed, at, by, JobChange.CHANGED)


def called_off(job: Job | None, job_id: str, at: datetime, by: str) -> ChangeSet:
    """A job that nobody does. Raises ProvisioningProblem: E_JOB_UNKNOWN, E_JOB_CANCELLED."""
    return _kept(replace(_open(job, job_id), cancelled_at=at), at, by, JobChange.CANCELLED)


def job_subject(job_id: str) -> str:
    """What acts on a job are kept under: no station's id has a `/`."""
    return f"job/{job_id}"


def is_stop_done(stop: JobStop, occupant: StationId | None) -> bool:
    """Whether the box that is meant for a place is there, or any but the one that it replaces."""
    if stop.station_id is not None:
        return occupant == stop.station_id
    return occupant not in (None, stop.replaces)


def _open(job: Job | None, job_id: str) -> Job:
    if job is None:
        raise ProvisioningProblem(Code.JOB_UNKNOWN, job=job_id)
    if job.cancelled_at is not None:
        raise ProvisioningProblem(Code.JOB_CANCELLED, job=job_id)
    return job


def _check_certified(facts: JobFacts, job: Job) -> None:
    """Who is chosen may install every box of the job on its day; nobody is chosen, nobody is asked."""
    wanted = {family for each in job.boxes if (family := facts.families.get(each)) is not None}
    lacking = lacking_families(wanted, facts.certifications, job.day) if job.account is not None else ()
    if lacking:
        family, day = ", ".join(lacking), job.day.isoformat()
        raise ProvisioningProblem(Code.NOT_CERTIFIED, account=job.account, family=family, day=day)


def _settled_stops(
    facts: JobFacts, wanted: tuple[JobStop, ...], known: tuple[JobStop, ...]
) -> tuple[JobStop, ...]:
    """Each with the box that it replaces: of a place that was in the job already, the one from then."""
    replaced = {each.place_id: each.replaces for each in known}
    for stop in wanted:
        if stop.place_id not in facts.places:
            raise ProvisioningProblem(Code.PLACE_UNKNOWN, id=stop.place_id)
    return tuple(_settled_stop(each, facts, replaced) for each in wanted)


def _settled_stop(stop: JobStop, facts: JobFacts, replaced: Mapping[str, StationId | None]) -> JobStop:
    if stop.place_id in replaced:
        return replace(stop, replaces=replaced[stop.place_id])
    there = facts.occupants.get(stop.place_id)
    return replace(stop, replaces=there if there != stop.station_id else None)


def _kept(job: Job, at: datetime, by: str, what: JobChange) -> ChangeSet:
    act = Act(job_subject(job.job_id), at, by, what.value, result=job.account, reference=job.site_id)
    return ChangeSet(act.cause, jobs=[job], acts=[act])
