"""A site's opening hours: its week, the days that are different, and how it is open now."""

from starlette.responses import Response

from access.actions import Permission
from console.forms import WHOLE, FieldsWrong, read_body, refusals_at_fields
from console.page_routes import POST, PageRoute, see_other
from console.rendering import Shown
from console.site_values import SITES, day_names, open_text, site_href
from console.site_views import SiteRow
from console.views import ConsoleViews
from console.visit import PageVisit
from console.week_form import TypedHours, typed_from, typed_in
from provisioning.api.bodies import HoursBody

PATH = f"{SITES}/{{site_id}}/hours"
SAVE, SAME = "save", "same"
"""What a button of the form does; every other value is a day that gets one more period."""


async def hours_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """What holds now."""
    row = _site(visit, views)
    return _shown(visit, row, typed_from(row.hours))


async def set_hours(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Replaced: its stations open or close at once. The other buttons only change the form."""
    row, form, words = _site(visit, views), await visit.form(), visit.words
    typed, act = typed_in(form, words), form.get("act", SAVE)
    if act == SAME:
        return _shown(visit, row, typed.same_on_all_days())
    if act != SAVE:
        return _shown(visit, row, typed.with_one_more(act))
    if typed.is_wrong:
        return _shown(visit, row, typed, words("hours.correct_first"), status=422)
    try:
        with refusals_at_fields(words):
            await views.of_sites.set_hours(
                visit.who, row.site.site_id, read_body(HoursBody, typed.as_body(), words)
            )
    except FieldsWrong as wrong:
        return _shown(visit, row, typed, wrong.faults.get(WHOLE, words("hours.correct_first")), wrong.status)
    return see_other(f"{visit.path}?done=1")


def _site(visit: PageVisit, views: ConsoleViews) -> SiteRow:
    """Raises Problem."""
    return views.of_sites.site(visit.who, visit.request.path_params["site_id"], Permission.MANAGE_SITES)


def _shown(visit: PageVisit, row: SiteRow, typed: TypedHours, fault: str = "", status: int = 200) -> Shown:
    values = {
        "site": row.site,
        "back": site_href(row.site.site_id),
        "is_open": row.hours.is_open,
        "open_text": open_text(row.hours, visit.words),
        "typed": typed,
        "week": list(zip(day_names(visit.words), typed.week, strict=True)),
        "fault": fault,
        "is_done": bool(visit.given("done")),
    }
    heading = visit.words("hours.title", name=row.site.name)
    return Shown("opening_hours.html", "sites.title", values, heading=heading, status=status)


ROUTES = (PageRoute(PATH, hours_form), PageRoute(PATH, set_hours, POST))
