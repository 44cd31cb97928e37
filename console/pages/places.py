"""Places of a site: one more, another name, another pin. Price and history stay with them."""

from collections.abc import Mapping

from starlette.responses import Response

from access.actions import Permission
from console.forms import WHOLE, FieldsWrong, TypedField, filled, read_body, refusals_at_fields
from console.page_routes import POST, PageRoute, see_other
from console.rendering import Shown
from console.site_values import SITES, site_href
from console.views import ConsoleViews
from console.visit import PageVisit
from provisioning.api.bodies import PlaceBody, PlaceChanges

NEW, ONE = f"{SITES}/{{site_id}}/places/new", "/places/{place_id}"
FIELDS = ("name", "floor", "latitude", "longitude")
NUMBERS = frozenset({"latitude", "longitude"})


async def new_place(visit: PageVisit, views: ConsoleViews) -> Shown:
    """An empty form."""
    site_id = visit.request.path_params["site_id"]
    views.of_sites.site(visit.who, site_id, Permission.MANAGE_SITES)
    return _form(visit, site_href(site_id), {})


async def make_place(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Made; the site's page has it."""
    typed, site_id = await visit.form(), visit.request.path_params["site_id"]
    views.of_sites.site(visit.who, site_id, Permission.MANAGE_SITES)
    try:
        body = read_body(PlaceBody, {**_fields(typed), "site_id": site_id}, visit.words)
        with refusals_at_fields(visit.words, "name"):
            await views.of_sites.add_place(visit.who, body)
    except FieldsWrong as wrong:
        return _form(visit, site_href(site_id), typed, wrong.faults, wrong.status)
    return see_other(f"{site_href(site_id)}?done=1")


async def place_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """What it is now."""
    found = views.of_sites.place(visit.who, visit.request.path_params["place_id"], Permission.MANAGE_SITES)
    typed = {
        "name": found.name,
        "floor": found.floor or "",
        "latitude": "" if found.latitude is None else str(found.latitude),
        "longitude": "" if found.longitude is None else str(found.longitude),
    }
    return _form(visit, site_href(found.site_id), typed)


async def change_place(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Changed."""
    typed, place_id = await visit.form(), visit.request.path_params["place_id"]
    found = views.of_sites.place(visit.who, place_id, Permission.MANAGE_SITES)
    try:
        body = read_body(PlaceChanges, _fields(typed), visit.words)
        with refusals_at_fields(visit.words, "name"):
            await views.of_sites.change_place(visit.who, place_id, body)
    except FieldsWrong as wrong:
        return _form(visit, site_href(found.site_id), typed, wrong.faults, wrong.status)
    return see_other(f"{site_href(found.site_id)}?done=1")


def _fields(typed: Mapping[str, str]) -> dict[str, object]:
    """As the API takes it; a decimal comma is one."""
    given = filled({name: typed.get(name, "") for name in FIELDS})
    numbers = {name: text.replace(",", ".") for name in NUMBERS if (text := given[name]) is not None}
    return {**given, "name": given["name"] or "", **numbers}


def _form(
    visit: PageVisit,
    back: str,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> Shown:
    words, wrong = visit.words, faults or {}
    fields = [
        TypedField(
            name,
            words(f"place_field.{name}"),
            typed.get(name, ""),
            wrong.get(name, ""),
            hint=words.find("place_hint", name) or "",
            kind="number" if name in NUMBERS else "text",
            is_required=name == "name",
        )
        for name in FIELDS
    ]
    is_new = "place_id" not in visit.request.path_params
    values = {"back": back, "fields": fields, "fault": wrong.get(WHOLE, ""), "is_new": is_new}
    heading = words("place.new" if is_new else "place.change")
    return Shown("place_form.html", "sites.title", values, heading=heading, status=status)


ROUTES = (
    PageRoute(NEW, new_place),
    PageRoute(NEW, make_place, POST),
    PageRoute(ONE, place_form),
    PageRoute(ONE, change_place, POST),
)
