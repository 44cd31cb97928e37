"""/sites/{id}/budget: what a site may draw in all, and how it is shared."""

from typing import Annotated, Any, Literal

from fastapi import Response
from pydantic import Field

from charging.budget import ShareStrategy
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import READER, SiteKeeper
from provisioning.app import Provisioning
from provisioning.storage.budgets import SITE_POWER, SiteBudget, load_budget, remove_budget, save_budget
from runtime.audit import Act, record_acts
from runtime.bodies import Body
from runtime.http import Problem
from runtime.paging import json_response
from runtime.routers import ApiRouter
from runtime.texts import instant_text
from runtime.views import InstantText, View
from runtime.wording import Phrase, WayOut
from runtime.work.storage import write_work

MOST = 1_000_000_000
PRIORITIES_MOST = 1000


class BudgetBody(Body):
    """What a site may draw in all."""

    most: Annotated[float, Field(ge=0, le=MOST)]
    """In amperes on each phase, or in watts of all phases."""
    unit: Literal["A", "W"] = "A"
    strategy: ShareStrategy = ShareStrategy.EQUAL
    """`equal`, `first-come`, or `priority`."""
    priorities: Annotated[tuple[str, ...], Field(max_length=PRIORITIES_MOST)] = ()
    """Stations, the first comes first; for `priority`."""


class StationShareView(View, frozen=True, kw_only=True):
    """What a station is to have (`share_a`) and may draw now (`limit_a`), in amperes on each phase.

    `unlimited` says why it cannot be limited, and then it counts with `limit_a`: `offline`, `refuses` its
    limit, `exceeds` it, or is `quiet` as it is under test.
    """

    station_id: str
    share_a: float
    limit_a: float
    charges: int
    unlimited: str | None


class SiteBudgetView(View, frozen=True, kw_only=True):
    """What a site may draw in all, who said so, and how it was shared last."""

    site_id: str
    most: float
    unit: str
    most_a: float
    strategy: str
    priorities: tuple[str, ...]
    changed_at: InstantText
    changed_by: str
    shared_at: str | None
    shares: tuple[StationShareView, ...]
    limits_a: float
    """What all stations may draw now."""


async def _found(provisioning: Provisioning, site_id: str) -> SiteBudget:
    provisioning.use_cases.sites.site(site_id)
    database = provisioning.station_cache.database
    budget = await database.run_read(lambda connection: load_budget(connection, site_id))
    if budget is None:
        raise no_budget(site_id)
    return budget


def build_budgets_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of budgets."""
    router = ApiRouter(route_class=ProvisioningRoute)

    @router.get("/sites/{site_id}/budget", dependencies=[READER])
    async def one(site_id: str) -> Response:
        """What a site may draw in all, and how it is shared among its stations."""
        return json_response(budget_view(await _found(provisioning, site_id)))

    _add_changes(router, provisioning)
    return router


def _add_changes(router: ApiRouter, provisioning: Provisioning) -> None:
    sites, cache = provisioning.use_cases.sites, provisioning.station_cache

    @router.put("/sites/{site_id}/budget")
    async def replace(site_id: str, body: BudgetBody, who: SiteKeeper) -> Response:
        """Set what a site may draw in all; it is shared at once, and whenever a charge begins or ends.

        So it is when a station comes, goes, or does not keep to its limit.
        """
        sites.site(site_id)
        now = cache.clock.now()
        budget = SiteBudget(
            site_id=site_id,
            most=body.most,
            unit=body.unit,
            strategy=body.strategy,
            priorities=body.priorities,
            changed_at=now,
            changed_by=who.name,
        )
        act = Act(f"site:{site_id}", now, who.name, "budget-set", f"{body.most:g} {body.unit}")

        def write(connection: Any) -> None:
            save_budget(connection, budget)
            record_acts(connection, [act])
            write_work(connection, [SITE_POWER.request(site_id, now, cause="budget")])

        await cache.database.run_write(write)
        cache.work_enqueued()
        return json_response(budget_view(await _found(provisioning, site_id)))

    @router.delete("/sites/{site_id}/budget", status_code=204)
    async def remove(site_id: str, who: SiteKeeper) -> Response:
        """The site may draw what its stations can; they give up their limits."""
        await _found(provisioning, site_id)
        now = cache.clock.now()
        act = Act(f"site:{site_id}", now, who.name, "budget-removed")

        def write(connection: Any) -> None:
            remove_budget(connection, site_id)
            record_acts(connection, [act])
            write_work(connection, [SITE_POWER.request(site_id, now, cause="budget")])

        await cache.database.run_write(write)
        cache.work_enqueued()
        return Response(status_code=204)


def no_budget(site_id: str) -> Problem:
    """Nobody has said what the site may draw."""
    text = Phrase(f"Le site {site_id} n'a pas de budget de puissance", f"Site {site_id} has no power budget")
    way_out = WayOut(
        "Donnez-lui-en un.",
        "Give it one.",
        command="ctl put /sites/{id}/budget",
        route="PUT /api/v1/sites/{site_id}/budget",
    )
    return Problem(404, "budget_unknown", text, way_out.at(site_id))


def budget_view(budget: SiteBudget) -> SiteBudgetView:
    """A budget."""
    views = tuple(
        StationShareView(
            station_id=name,
            share_a=each.share_a,
            limit_a=round(each.limit_a, 1),
            charges=each.charges,
            unlimited=each.unlimited,
        )
        for name, each in sorted(budget.sharing.items())
    )
    return SiteBudgetView(
        site_id=budget.site_id,
        most=budget.most,
        unit=budget.unit,
        most_a=round(budget.amperes, 1),
        strategy=budget.strategy.value,
        priorities=budget.priorities,
        changed_at=instant_text(budget.changed_at),
        changed_by=budget.changed_by,
        shared_at=instant_text(budget.shared_at),
        shares=views,
        limits_a=round(sum(each.limit_a for each in views), 1),
    )
