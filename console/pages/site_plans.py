"""Plans of a site: sent as a picture for each floor, taken away."""

from collections.abc import Mapping

from starlette.datastructures import UploadFile
from starlette.responses import Response

from access.actions import Permission
from console.forms import TypedField
from console.page_routes import POST, PageRoute, see_other
from console.rendering import Shown
from console.site_values import SITES, site_href
from console.views import ConsoleViews
from console.visit import PageVisit
from runtime.http import Problem

NEW = f"{SITES}/{{site_id}}/plans/new"
ONE = f"{SITES}/{{site_id}}/plans/{{plan_id}}/remove"


async def plan_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Which floor, and its picture."""
    return _form(visit, views, {})


async def send_plan(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Kept, as small as it can be looked at; an earlier one of the floor goes."""
    site_id = visit.request.path_params["site_id"]
    async with visit.request.form(max_files=1, max_fields=2) as form:
        picture = form.get("picture")
        content = await picture.read() if isinstance(picture, UploadFile) else b""
        typed = {"floor": str(form.get("floor") or "")}
    try:
        await views.of_plans.put(visit.who, site_id, typed["floor"], content)
    except Problem as problem:
        return _form(visit, views, typed, problem)
    return see_other(f"{site_href(site_id)}?done=1")


async def remove_plan(visit: PageVisit, views: ConsoleViews) -> Response:
    """Taken away; places keep where they were on it."""
    site_id, plan_id = visit.request.path_params["site_id"], visit.request.path_params["plan_id"]
    await views.of_plans.remove(visit.who, site_id, plan_id)
    return see_other(f"{site_href(site_id)}?done=1")


def _form(
    visit: PageVisit, views: ConsoleViews, typed: Mapping[str, str], problem: Problem | None = None
) -> Shown:
    words, site_id = visit.words, visit.request.path_params["site_id"]
    row = views.of_sites.site(visit.who, site_id, Permission.MANAGE_SITES)
    values = {
        "back": site_href(site_id),
        "site": row.site,
        "field": TypedField(
            "floor", words("plan.floor"), typed.get("floor", ""), hint=words("plan.floor_hint")
        ),
        "fault": words.problem(problem) if problem else "",
    }
    status = problem.status if problem else 200
    return Shown("site_plan.html", "sites.title", values, heading=words("plan.new"), status=status)


ROUTES = (PageRoute(NEW, plan_form), PageRoute(NEW, send_plan, POST), PageRoute(ONE, remove_plan, POST))
