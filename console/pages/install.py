"""The installer's home: what is to be done today, and a way to any station at hand."""

from access.actions import Permission
from console.install_views import InstallViews
from console.page_routes import PageRoute
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from provisioning.api.job_views import JobPackView, JobView, MissingView, PackPlaceView
from runtime.http import Problem
from runtime.wording import Phrase, WayOut

HOME = "/install"
ON_SITE = {
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), serial=()"
}
"""These pages alone may ask for camera and position."""
NO_SITE = Phrase("Ce compte n'installe sur aucun site", "This account installs at no site")
NEEDS_MANAGER = WayOut(
    "Demandez à la personne qui gère le site de vous y donner le rôle d'installation.",
    "Ask whoever manages the site to give you the installer's role there.",
    "/",
)


async def jobs(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Their jobs, the earliest first."""
    installing = installing_of(visit, views)
    found = await installing.jobs(visit.who)
    rows = [{"job": each, "day": visit.words.day(each.day), "left": _left(each)} for each in found]
    return Shown("install.html", "install.title", {"rows": rows}, headers=ON_SITE)


async def job(visit: PageVisit, views: ConsoleViews) -> Shown:
    """One job: what is missing before anybody travels, and its places."""
    installing, words = installing_of(visit, views), visit.words
    pack = await installing.job(visit.who, visit.request.path_params["job_id"])
    plans = await installing.plans.figures(visit.who, pack.site.site_id, (), words)
    values = {
        "pack": pack,
        "day": words.day(pack.job.day),
        "missing": [missing_row(each, words) for each in pack.job.missing],
        "places": [_place_row(each, pack) for each in pack.places],
        "pages": [
            f"{HOME}/claim",
            *(f"{HOME}/stations/{each.station_id}" for each in pack.stations),
            *(each["picture"] for each in plans),
        ],
    }
    return Shown("install_job.html", "install.title", values, heading=pack.site.name, headers=ON_SITE)


def installing_of(visit: PageVisit, views: ConsoleViews) -> InstallViews:
    """What the pages below `/install` show. Raises Problem for who installs nowhere."""
    if views.installing is None or not views.installing.is_for(visit.who):
        raise Problem(403, "not_allowed", NO_SITE, NEEDS_MANAGER, permission=Permission.CLAIM.value)
    return views.installing


def missing_row(missing: MissingView, words: Words) -> dict[str, str]:
    """What is missing, who clears it and how."""
    is_french = words.language == "fr"
    return {
        "text": words.as_is(missing.text_fr if is_french else missing.text_en),
        "way_out": words.as_is(missing.way_out_fr if is_french else missing.way_out_en),
        "who": words.of("clearer", missing.who_clears),
        "severity": missing.severity,
    }


def _left(job: JobView) -> int:
    return sum(not each.is_done for each in job.stops)


def _place_row(place: PackPlaceView, pack: JobPackView) -> dict[str, object]:
    station = next((each for each in pack.stations if each.station_id == place.station_id), None)
    return {"place": place, "station": station}


ROUTES = (PageRoute(HOME, jobs), PageRoute(f"{HOME}/jobs/{{job_id}}", job))
