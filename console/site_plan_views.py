"""What pages show and do of the plans of sites, in the views that the API tells."""

from collections.abc import Sequence
from concurrent.futures import Executor

from access.actions import Permission, may
from access.guard import checked
from access.principals import Principal
from console.label_photo import PHOTO_BYTES_LIMIT, PhotoError
from console.plan_values import PlanFigure, plan_figures
from console.run_photo import read_photo
from console.words import Words
from provisioning.api.finding import no_site
from provisioning.api.problems import problem_from, refusing
from provisioning.api.site_plan_views import site_plan_view
from provisioning.api.site_views import PlaceAnswer
from provisioning.app import Provisioning
from provisioning.owners import site_resource
from provisioning.rules.site_plans import NO_PICTURE, plan_refused


class SitePlanViews:
    """Functions for pages; each asks whether its reader may. Refusals are raised as Problem."""

    def __init__(self, provisioning: Provisioning, thread: Executor) -> None:
        self._known, self._plans = provisioning.station_cache, provisioning.use_cases.site_plans
        self._thread = thread

    async def figures(
        self, who: Principal, site_id: str, places: Sequence[PlaceAnswer], words: Words
    ) -> list[PlanFigure]:
        """The plans of a site, each with the places of its floor."""
        self._check(who, site_id, Permission.READ)
        plans = await self._plans.of_site(site_id)
        may_change = may(who, Permission.MANAGE_SITES, site_resource(self._known.sites[site_id]))
        answers = [site_plan_view(each) for each in plans]
        return plan_figures(plans, answers, places, words, may_change=may_change)

    async def put(self, who: Principal, site_id: str, floor: str, content: bytes) -> None:
        """A photo or drawing of a floor, made as small as it can be looked at."""
        self._check(who, site_id, Permission.MANAGE_SITES)
        refused = problem_from(plan_refused(site_id, NO_PICTURE))
        if len(content) > PHOTO_BYTES_LIMIT:
            raise refused
        try:
            picture = await read_photo(content, self._thread)
        except PhotoError as error:
            raise refused from error
        with refusing():
            await self._plans.put(site_id, floor, picture.content, who.name)

    async def remove(self, who: Principal, site_id: str, plan_id: str) -> None:
        """Take one away."""
        self._check(who, site_id, Permission.MANAGE_SITES)
        with refusing():
            await self._plans.remove(site_id, plan_id)

    def _check(self, who: Principal, site_id: str, action: Permission) -> None:
        known = self._known.sites.get(site_id)
        if known is None:
            raise no_site(site_id)
        checked(who, action, site_resource(known), lambda: no_site(site_id))
