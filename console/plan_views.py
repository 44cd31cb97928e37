"""What the pages of jobs show and do for whoever plans them. Refusals are raised as Problem."""

from datetime import date, timedelta

from access.actions import Permission, may
from access.guard import checked, scope_checked
from access.principals import Principal
from provisioning.api.finding import no_job, no_site
from provisioning.api.job_views import JobView, job_view
from provisioning.api.jobs import JobBody, JobChangesBody, job_request
from provisioning.api.problems import refusing
from provisioning.app import Provisioning
from provisioning.details import mac_label
from provisioning.owners import site_resource
from provisioning.records import Place
from provisioning.storage.jobs import JobsWanted, Spot

SHOWN_SINCE = timedelta(days=30)
BOXES_PROPOSED = 200


class PlanViews:
    """Functions for pages; each asks whether its reader may plan there."""

    def __init__(self, provisioning: Provisioning) -> None:
        self._known, self._jobs = provisioning.station_cache, provisioning.use_cases.jobs

    @property
    def today(self) -> date:
        """By the server's clock."""
        return self._known.clock.now().date()

    async def jobs(self, who: Principal, limit: int, after: Spot | None) -> tuple[list[JobView], Spot | None]:
        """Those of sites where they plan, the earliest first, and where the list goes on."""
        scope = scope_checked(who, Permission.PLAN_JOBS)
        since = self.today - SHOWN_SINCE
        wanted = JobsWanted(scope=scope, own_scope=scope, account=who.name, since=since)
        found = await self._jobs.every(wanted, limit + 1, after)
        last = found[limit - 1].job if len(found) > limit else None
        rows = [job_view(self._known, each) for each in found[:limit]]
        return rows, (last.day, last.job_id) if last is not None else None

    async def job(self, who: Principal, job_id: str) -> JobView:
        """One that they may plan. Raises Problem 404."""
        with refusing():
            shown = await self._jobs.one(job_id)
        site = self._known.sites[shown.job.site_id]
        checked(who, Permission.PLAN_JOBS, site_resource(site), lambda: no_job(job_id))
        return job_view(self._known, shown)

    def sites(self, who: Principal) -> list[tuple[str, str]]:
        """Where they may plan, by name."""
        found = [
            each for each in self._known.sites.values() if may(who, Permission.PLAN_JOBS, site_resource(each))
        ]
        return sorted(((each.site_id, each.name) for each in found), key=lambda each: each[1].casefold())

    @staticmethod
    def check_may_plan(who: Principal) -> None:
        """Raises Problem 403."""
        scope_checked(who, Permission.PLAN_JOBS)

    def site_name(self, who: Principal, site_id: str) -> str:
        """Of a site where they may plan. Raises Problem 404."""
        site = self._known.sites.get(site_id)
        if site is None:
            raise no_site(site_id)
        checked(who, Permission.PLAN_JOBS, site_resource(site), lambda: no_site(site_id))
        return site.name

    def places(self, site_id: str) -> list[tuple[Place, str]]:
        """Of a site, by name, each with the box that is there, if any."""
        found = [each for each in self._known.places.values() if each.site_id == site_id]
        ordered = sorted(found, key=lambda each: each.name.casefold())
        return [(each, self._known.station_at(each.place_id) or "") for each in ordered]

    def boxes(self) -> list[str]:
        """What may be meant for a place: boxes that are ours and at none."""
        free = [each for each in self._known.devices.values() if each.is_ours and each.place_id is None]
        return sorted(mac_label(each) or each.station_id for each in free)[:BOXES_PROPOSED]

    async def plan(self, who: Principal, body: JobBody) -> str:
        """The id of the new job."""
        self.site_name(who, body.site_id)
        with refusing():
            made = await self._jobs.plan(body.site_id, job_request(self._jobs, body), who.name)
        return made.job.job_id

    async def change(self, who: Principal, job_id: str, body: JobChangesBody) -> None:
        """Its day, installer, note and places."""
        await self.job(who, job_id)
        with refusing():
            await self._jobs.change(job_id, job_request(self._jobs, body), who.name)

    async def cancel(self, who: Principal, job_id: str) -> None:
        """It stays readable."""
        await self.job(who, job_id)
        with refusing():
            await self._jobs.cancel(job_id, who.name)
