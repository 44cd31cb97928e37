"""/jobs: what an installer is to do on a site on a day, and all of it for the phone before travel."""

from datetime import date
from typing import Annotated, Self

from fastapi import Depends, Query, Request, Response
from pydantic import Field, model_validator

from access.actions import Permission, may, scope_of
from access.guard import checked
from access.principals import Principal
from provisioning.api.finding import no_job, no_site
from provisioning.api.job_views import JobPackView, JobView, job_view, pack_view
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import GUARD
from provisioning.app import Provisioning
from provisioning.owners import site_resource
from provisioning.rules.jobs import JobRequest
from provisioning.storage.jobs import JobsWanted, Spot
from provisioning.use_cases.jobs import Jobs, PlannedJob
from runtime.bodies import Body
from runtime.paging import Page, PageWanted, bad_after, cut, json_response, list_response
from runtime.routers import ApiRouter
from runtime.wording import Phrase

PLACES_MOST = 500
"""Of one job."""
JobReader = Annotated[Principal, Depends(GUARD.requires(Permission.READ_JOBS))]
JobLister = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.READ_JOBS))]
JobPlanner = Annotated[Principal, Depends(GUARD.requires(Permission.PLAN_JOBS))]
JobPlannerAnywhere = Annotated[Principal, Depends(GUARD.requires_anywhere(Permission.PLAN_JOBS))]
Text = Annotated[str, Field(min_length=1, max_length=200)]
_TWICE = Phrase("nommez chaque emplacement et chaque borne une fois", "name each place and each station once")


class JobPlaceBody(Body):
    """A place of the site, and the box meant for it (a MAC in any spelling, or an id)."""

    place_id: str = Field(min_length=1, max_length=64)
    station_id: str | None = Field(default=None, min_length=1, max_length=64)


Places = Annotated[list[JobPlaceBody], Field(min_length=1, max_length=PLACES_MOST)]


class _JobFields(Body):
    """What a job may say."""

    installer: Text | None = None
    note: str | None = Field(default=None, max_length=2000)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        found: list[JobPlaceBody] = getattr(self, "places", None) or []
        boxes = [each.station_id for each in found if each.station_id is not None]
        if len({each.place_id for each in found}) < len(found) or len(set(boxes)) < len(boxes):
            raise ValueError(_TWICE)
        return self


class JobBody(_JobFields):
    """A job. `installer` is the login of a person, who may be invited later."""

    site_id: str = Field(min_length=1, max_length=64)
    day: date
    places: Places


class JobChangesBody(_JobFields):
    """What changes of a job; absent members stay, null takes the installer or the note away."""

    day: date | None = None
    places: Places | None = None


def build_jobs_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of jobs."""
    router = ApiRouter(route_class=ProvisioningRoute)
    _add_reading(router, provisioning)
    _add_planning(router, provisioning)
    return router


def _add_reading(router: ApiRouter, provisioning: Provisioning) -> None:
    jobs, known = provisioning.use_cases.jobs, provisioning.station_cache

    @router.get("/jobs", response_model=list[JobView])
    async def every(
        *,
        request: Request,
        page: PageWanted,
        who: JobLister,
        site: str | None = None,
        since: date | None = None,
        mine: bool = False,
        cancelled: Annotated[bool, Query(description="Those that were cancelled too.")] = False,
    ) -> Response:
        """Jobs by day; installers see their own, `mine` for whoever plans them too."""
        wanted = JobsWanted(
            scope=scope_of(who, Permission.PLAN_JOBS),
            own_scope=scope_of(who, Permission.READ_JOBS),
            account=who.name,
            site_id=site,
            since=since,
            is_mine=mine,
            is_cancelled=cancelled,
        )
        found = await jobs.every(wanted, page.limit + 1, _spot(page))
        listed = cut(found, lambda each: f"{each.job.day.isoformat()} {each.job.job_id}", page, None)
        return list_response(request, listed.shown_as(lambda each: job_view(known, each)))

    @router.get("/jobs/{job_id}", response_model=JobView)
    async def one(job_id: str, who: JobReader) -> Response:
        """One job: its places, and what is missing before anybody travels."""
        return json_response(job_view(known, _theirs(provisioning, await jobs.one(job_id), who)))

    @router.get("/jobs/{job_id}/pack", response_model=JobPackView)
    async def pack(job_id: str, who: JobReader) -> Response:
        """The whole job, for a phone that will have no network on site."""
        shown = _theirs(provisioning, await jobs.one(job_id), who)
        return json_response(pack_view(known, shown, jobs.settings), {"cache-control": "no-store"})


def _add_planning(router: ApiRouter, provisioning: Provisioning) -> None:
    jobs, known = provisioning.use_cases.jobs, provisioning.station_cache

    @router.post("/jobs", status_code=201, response_model=JobView)
    async def plan(body: JobBody, who: JobPlannerAnywhere) -> Response:
        """Plan a job: its site and places, the boxes meant for them, the installer and the day."""
        site = known.sites.get(body.site_id)
        if site is None:
            raise no_site(body.site_id)
        checked(who, Permission.PLAN_JOBS, site_resource(site), lambda: no_site(body.site_id))
        made = await jobs.plan(body.site_id, job_request(jobs, body), who.name)
        return json_response(job_view(known, made), status=201)

    @router.patch("/jobs/{job_id}", response_model=JobView)
    async def change(job_id: str, body: JobChangesBody, who: JobPlanner) -> Response:
        """Change a job; `places` replace those that it had."""
        return json_response(job_view(known, await jobs.change(job_id, job_request(jobs, body), who.name)))

    @router.delete("/jobs/{job_id}", response_model=JobView)
    async def cancel(job_id: str, who: JobPlanner) -> Response:
        """Cancel a job; it stays readable."""
        return json_response(job_view(known, await jobs.cancel(job_id, who.name)))


def job_request(jobs: Jobs, body: JobBody | JobChangesBody) -> JobRequest:
    """The installer is the job's `account`."""
    stops = None
    if body.places is not None:
        stops = tuple(jobs.stop(each.place_id, each.station_id) for each in body.places)
    given = {"account" if each == "installer" else each for each in body.model_fields_set}
    return JobRequest(body.day, stops, body.installer, body.note, frozenset(given))


def _theirs(provisioning: Provisioning, shown: PlannedJob, who: Principal) -> PlannedJob:
    """The job, if it is theirs or they plan jobs there. Raises Problem 404."""
    site = provisioning.station_cache.sites[shown.job.site_id]
    if shown.job.account != who.name and not may(who, Permission.PLAN_JOBS, site_resource(site)):
        raise no_job(shown.job.job_id)
    return shown


def _spot(page: Page) -> Spot | None:
    if page.after is None:
        return None
    day, _, job_id = page.after.partition(" ")
    try:
        return date.fromisoformat(day), job_id
    except ValueError:
        raise bad_after(page.after) from None
