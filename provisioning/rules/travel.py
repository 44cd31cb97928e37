"""Ready to travel? What an installer would miss on site, each with who clears it and how. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from access.actions import Permission, may
from access.principals import Principal, Resource
from ocppj.vocabulary import StationId
from provisioning.blockers import Blocker, Code, Severity
from provisioning.catalogue import blocker
from provisioning.gates.facts import PreparedFacts
from provisioning.gates.site_prepared import site_blocker
from provisioning.install_policy import NOTICE
from provisioning.records import Device, Job, JobStop, Place, Site
from provisioning.rules.jobs import is_stop_done
from provisioning.rules.names import shown_name
from runtime.wording import Phrase


@dataclass(frozen=True, slots=True)
class TravelFacts:
    """What is known of a job. `person` is the installer's account, None where there is none of that name;
    `boxes` are the devices that are meant for its places, `occupants` who is at them now.
    """

    site: Site
    person: Principal | None
    places: Mapping[str, Place]
    boxes: Mapping[StationId, Device]
    occupants: Mapping[str, StationId]
    missing_boxes: Mapping[StationId, tuple[str, ...]]
    """Of each station those of its boxes that are not in."""
    to_commission: frozenset[StationId]
    """Those that the team is to commission after the installation."""
    has_address: bool
    """Whether the address that stations connect to is set."""
    has_contact: bool
    """Whether there is somebody to ring."""
    prepared: PreparedFacts | None = None
    """How far the site is prepared, where somebody prepares it or a service on it was bought."""
    unread: Phrase | None = None
    """Install guides that the installer has not read."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is missing, for a place of the job or for all of it."""

    blocker: Blocker
    place_id: str | None = None
    station_id: StationId | None = None


def missing_of(job: Job, facts: TravelFacts) -> tuple[Missing, ...]:
    """All that is missing, what holds up the journey first."""
    found = [*(Missing(each) for each in _of_job(job, facts))]
    for stop in job.stops:
        if not is_stop_done(stop, facts.occupants.get(stop.place_id)):
            found += [Missing(each, stop.place_id, stop.station_id) for each in _of_stop(stop, facts)]
            if stop.station_id in facts.to_commission and job.day < job.created_at.date() + NOTICE:
                found.append(Missing(_late(job, stop.station_id), stop.place_id, stop.station_id))
    return tuple(sorted(found, key=lambda each: each.blocker.severity is Severity.NOTE))


def is_ready(missing: tuple[Missing, ...]) -> bool:
    """Whether nothing but notes is left."""
    return all(each.blocker.severity is Severity.NOTE for each in missing)


def _of_job(job: Job, facts: TravelFacts) -> Iterator[Blocker]:
    site = facts.site
    yield from _of_installer(job, facts)
    if (unprepared := site_blocker(facts.prepared)) is not None:
        yield unprepared
    if facts.unread is not None:
        yield blocker(Code.GUIDE_UNREAD, account=job.account, guides=facts.unread, site_id=site.site_id)
    if not facts.has_address:
        yield blocker(Code.JOB_NO_URL)
    if site.tariff_id is None:
        yield blocker(Code.JOB_NO_TARIFF, site=site.name, site_id=site.site_id)
    if site.hours is None:
        yield blocker(Code.JOB_NO_HOURS, site=site.name, site_id=site.site_id)
    if not site.address:
        yield blocker(Code.JOB_NO_ADDRESS, site=site.name, site_id=site.site_id)
    if not facts.has_contact:
        yield blocker(Code.JOB_NO_CONTACT)


def _of_installer(job: Job, facts: TravelFacts) -> Iterator[Blocker]:
    site = facts.site
    if job.account is None:
        yield blocker(Code.JOB_NO_INSTALLER, job=job.job_id)
    elif facts.person is None:
        yield blocker(Code.JOB_NO_ACCOUNT, account=job.account)
    elif not may(facts.person, Permission.CLAIM, Resource(site.organisation_id, site.site_id)):
        names = {"account": job.account, "site": site.name, "organisation": site.organisation_id}
        yield blocker(Code.JOB_NO_ACCESS, **names)


def _late(job: Job, station_id: StationId) -> Blocker:
    proposed = (job.created_at.date() + NOTICE).isoformat()
    return blocker(Code.DC_LATE_NOTICE, mac=shown_name(station_id), date=proposed, job=job.job_id)


def _of_stop(stop: JobStop, facts: TravelFacts) -> Iterator[Blocker]:
    place = facts.places[stop.place_id].name
    there = facts.occupants.get(stop.place_id)
    if there is not None and there != stop.replaces:
        yield blocker(Code.PLACE_TAKEN, place=place, station=shown_name(there), id=there)
    if stop.station_id is None:
        yield blocker(Code.JOB_NO_BOX, place=place)
        return
    name = {"mac": shown_name(stop.station_id), "id": stop.station_id}
    device = facts.boxes.get(stop.station_id)
    if device is None or not device.is_ours:
        yield blocker(Code.JOB_BOX_NOT_ORDERED, **name)
        return
    if device.place_id is not None:
        yield blocker(Code.JOB_BOX_ELSEWHERE, **name)
    if labels := facts.missing_boxes.get(stop.station_id, ()):
        yield blocker(Code.BOXES_MISSING, boxes=", ".join(labels), order=device.order_id or "", **name)
    if device.claim_hash is None:
        yield blocker(Code.JOB_NO_CODE, **name)
    if device.first_seen_at is None:
        yield blocker(Code.JOB_BOX_UNSEEN, **name)
