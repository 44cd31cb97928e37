"""To whom belongs what the paths of provisioning's routes name."""

from collections.abc import Mapping

from starlette.requests import HTTPConnection

from access.guard import Finder
from access.principals import SERVER, Resource
from access.problems import organisation_unknown
from csms.ports import owner_of_named
from provisioning.api.problems import problem_from
from provisioning.app import Provisioning
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.owners import SiteOwners, place_resource, site_resource, tariff_resource
from runtime.http import Problem


def build_finders(provisioning: Provisioning) -> Mapping[str, Finder]:
    """By the name of the path's parameter. What is not there is nobody's: the route says so."""
    station_cache, resolver = provisioning.station_cache, provisioning.resolver
    owners = SiteOwners(station_cache)

    async def find_station(text: str, _: HTTPConnection) -> Resource:
        return owner_of_named(resolver, owners, text)

    async def find_site(text: str, _: HTTPConnection) -> Resource:
        site = station_cache.sites.get(text)
        return site_resource(site) if site is not None else SERVER

    async def find_place(text: str, _: HTTPConnection) -> Resource:
        place = station_cache.places.get(text)
        return place_resource(station_cache, place) if place is not None else SERVER

    async def find_tariff(text: str, _: HTTPConnection) -> Resource:
        named = station_cache.tariffs.get(text)
        return tariff_resource(named) if named is not None else SERVER

    async def find_job(text: str, _: HTTPConnection) -> Resource:
        job = await provisioning.use_cases.jobs.found(text)
        site = station_cache.sites.get(job.site_id) if job is not None else None
        return site_resource(site) if site is not None else SERVER

    async def find_organisation(text: str, _: HTTPConnection) -> Resource | None:
        return Resource(text) if await provisioning.use_cases.accounts.exists(text) else None

    return {
        "organisation_id": Finder(find_organisation, lambda _: organisation_unknown()),
        "station_id": Finder(find_station, lambda text: problem_from(unknown_station(text))),
        "site_id": Finder(find_site, no_site),
        "place_id": Finder(find_place, no_place),
        "job_id": Finder(find_job, no_job),
        "tariff_id": Finder(find_tariff, no_tariff),
    }


def no_site(site_id: str) -> Problem:
    """There is none of this id."""
    return _no(Code.SITE_UNKNOWN, site_id)


def no_tariff(tariff_id: str) -> Problem:
    """The same of a tariff."""
    return _no(Code.TARIFF_UNKNOWN, tariff_id)


def no_place(place_id: str) -> Problem:
    """The same of a place."""
    return _no(Code.PLACE_UNKNOWN, place_id)


def no_job(job_id: str) -> Problem:
    """The same of a job."""
    return problem_from(ProvisioningProblem(Code.JOB_UNKNOWN, job=job_id))


def _no(code: Code, text: str) -> Problem:
    return problem_from(ProvisioningProblem(code, id=text))
