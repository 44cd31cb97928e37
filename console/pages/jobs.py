"""Jobs, for whoever plans them: which there are, what is missing before anybody travels, and their form."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict
from urllib.parse import quote, urlencode

from starlette.responses import Response

from console.forms import WHOLE, FieldsWrong, TypedField, read_body, refusals_at_fields
from console.navigation import JOBS
from console.page_routes import POST, PageRoute, see_other
from console.pages.install import missing_row
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from provisioning.api.job_views import JobView
from provisioning.api.jobs import JobBody, JobChangesBody
from provisioning.storage.jobs import Spot

ROWS_SHOWN = 50
NEW, ONE = f"{JOBS}/new", f"{JOBS}/{{job_id}}"
TEXTS = ("day", "installer", "note")


class JobLine(TypedDict):
    """A job as one of a list: `state` in words, `look` for its badge."""

    href: str
    name: str
    day: str
    installer: str
    state: str
    look: str
    missing: str


class StopField(TypedDict):
    """A place in the form: whether the job has it, and the box that is meant for it."""

    place_id: str
    name: str
    is_chosen: bool
    box: str
    now: str


async def jobs(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The earliest first."""
    after = visit.given("after")
    found, on = await views.of_jobs.jobs(visit.who, ROWS_SHOWN, _spot(after))
    values = {
        "rows": [_line(each, visit.words) for each in found],
        "has_sites": bool(views.of_jobs.sites(visit.who)),
        "first": JOBS if after else "",
        "next": f"{JOBS}?{urlencode({'after': f'{on[0].isoformat()} {on[1]}'})}" if on else "",
    }
    return Shown("jobs.html", "jobs.title", values)


async def job(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One: what is missing, and its form."""
    found = await views.of_jobs.job(visit.who, visit.request.path_params["job_id"])
    typed = {"day": found.day, "installer": found.installer or "", "note": found.note or ""}
    typed |= {f"place-{each.place_id}": "1" for each in found.stops}
    typed |= {f"box-{each.place_id}": each.mac or each.station_id or "" for each in found.stops}
    return _shown(visit, views, found, typed)


async def change_job(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Saved, or cancelled; the button says which."""
    job_id, typed = visit.request.path_params["job_id"], await visit.form()
    found = await views.of_jobs.job(visit.who, job_id)
    try:
        with refusals_at_fields(visit.words, "installer", "day"):
            if typed.get("act") == "cancel":
                await views.of_jobs.cancel(visit.who, job_id)
                return see_other(JOBS)
            body = read_body(JobChangesBody, _fields(typed, views, found.site_id), visit.words)
            await views.of_jobs.change(visit.who, job_id, body)
    except FieldsWrong as wrong:
        return _shown(visit, views, found, typed, wrong)
    return see_other(f"{_href(job_id)}?done=1")


async def new_job(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Where first; then the form."""
    of_jobs, site_id = views.of_jobs, visit.given("site")
    if not site_id:
        of_jobs.check_may_plan(visit.who)
        values = {"sites": of_jobs.sites(visit.who), "back": JOBS}
        return Shown("job_site.html", "jobs.title", values, heading=visit.words("jobs.plan"))
    free = {each.place_id for each, box in of_jobs.places(site_id) if not box}
    typed = {"day": of_jobs.today.isoformat()} | {f"place-{each}": "1" for each in free}
    return _new_shown(visit, views, site_id, typed)


async def make_job(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Planned; its page says what is missing."""
    typed, site_id = await visit.form(), visit.given("site")
    views.of_jobs.site_name(visit.who, site_id)
    try:
        body = read_body(JobBody, _fields(typed, views, site_id) | {"site_id": site_id}, visit.words)
        with refusals_at_fields(visit.words, "installer", "day"):
            made = await views.of_jobs.plan(visit.who, body)
    except FieldsWrong as wrong:
        return _new_shown(visit, views, site_id, typed, wrong)
    return see_other(f"{_href(made)}?done=1")


def _fields(typed: Mapping[str, str], views: ConsoleViews, site_id: str) -> dict[str, object]:
    """As the API takes it."""
    places = [
        {
            "place_id": each.place_id,
            "station_id": typed.get(f"box-{each.place_id}", "").strip() or None,
        }
        for each, _ in views.of_jobs.places(site_id)
        if typed.get(f"place-{each.place_id}")
    ]
    texts = {name: typed.get(name, "").strip() or None for name in TEXTS}
    return {**texts, "day": texts["day"] or "", "places": places}


def _stops(typed: Mapping[str, str], views: ConsoleViews, site_id: str, words: Words) -> list[StopField]:
    return [
        {
            "place_id": each.place_id,
            "name": each.name,
            "is_chosen": bool(typed.get(f"place-{each.place_id}")),
            "box": typed.get(f"box-{each.place_id}", ""),
            "now": words("jobs.there_now", station=box) if box else "",
        }
        for each, box in views.of_jobs.places(site_id)
    ]


def _text_fields(typed: Mapping[str, str], wrong: Mapping[str, str], words: Words) -> list[TypedField]:
    return [
        TypedField(
            name,
            words.of("job_field", name),
            typed.get(name, ""),
            wrong.get(name, ""),
            hint=words.find("job_hint", name) or "",
            kind="date" if name == "day" else "text",
            is_required=name == "day",
        )
        for name in TEXTS
    ]


def _form_values(
    visit: PageVisit,
    views: ConsoleViews,
    site_id: str,
    typed: Mapping[str, str],
    refused: FieldsWrong | None,
) -> dict[str, object]:
    wrong = refused.faults if refused is not None else {}
    return {
        "fields": _text_fields(typed, wrong, visit.words),
        "stops": _stops(typed, views, site_id, visit.words),
        "boxes": views.of_jobs.boxes(),
        "fault": wrong.get(WHOLE, ""),
        "places_fault": wrong.get("places", ""),
        "back": JOBS,
    }


def _new_shown(
    visit: PageVisit,
    views: ConsoleViews,
    site_id: str,
    typed: Mapping[str, str],
    refused: FieldsWrong | None = None,
) -> Shown:
    name = views.of_jobs.site_name(visit.who, site_id)
    values = _form_values(visit, views, site_id, typed, refused)
    heading = visit.words("jobs.plan_at", site=name)
    status = refused.status if refused is not None else 200
    return Shown("job_new.html", "jobs.title", values, heading=heading, status=status)


def _shown(
    visit: PageVisit,
    views: ConsoleViews,
    found: JobView,
    typed: Mapping[str, str],
    refused: FieldsWrong | None = None,
) -> Shown:
    words = visit.words
    values = _form_values(visit, views, found.site_id, typed, refused) | {
        "line": _line(found, words),
        "missing": [missing_row(each, words) for each in found.missing],
        "is_cancelled": found.cancelled_at is not None,
        "is_done": bool(visit.given("done")),
        "about": words("jobs.by", name=found.created_by, when=words.instant(found.created_at)),
    }
    status = refused.status if refused is not None else 200
    return Shown("job.html", "jobs.title", values, heading=found.site, status=status)


def _line(found: JobView, words: Words) -> JobLine:
    left = sum(not each.is_done for each in found.stops)
    if found.is_done:
        state, look = words("install.job_done"), "ready"
    elif found.is_ready:
        state, look = words("install.left", count=left), ""
    else:
        state, look = words("install.not_ready"), "waiting"
    first = found.missing[0] if found.missing else None
    missing = (first.text_fr if words.language == "fr" else first.text_en) if first is not None else ""
    return {
        "href": _href(found.job_id),
        "name": found.site,
        "day": words.day(found.day),
        "installer": found.installer or words("jobs.nobody"),
        "state": state,
        "look": look,
        "missing": words.as_is(missing) if missing else "",
    }


def _href(job_id: str) -> str:
    return f"{JOBS}/{quote(job_id, safe='')}"


def _spot(text: str) -> Spot | None:
    """Where the list goes on; None for what is no place: it begins anew."""
    day, _, job_id = text.partition(" ")
    try:
        return (date.fromisoformat(day), job_id) if text else None
    except ValueError:
        return None


ROUTES = (
    PageRoute(JOBS, jobs),
    PageRoute(NEW, new_job),
    PageRoute(NEW, make_job, POST),
    PageRoute(ONE, job),
    PageRoute(ONE, change_job, POST),
)
