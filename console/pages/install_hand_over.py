"""The end of a power-up on the phone: what was seen, the photos, and certificates, which are verified too."""

import json
from collections.abc import Sequence

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from console.forms import checked
from console.page_routes import POST, PageRoute, see_other
from console.pages.install import HOME, ON_SITE, installing_of
from console.pages.install_claim import wants_json
from console.pages.install_station import STATION, shown_station, station_path
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from console.words import Words
from provisioning.api.bodies import ChecksBody
from provisioning.hand_over import VerifiedFile
from runtime.http import Problem
from runtime.texts import instant_text

VERIFY = f"{HOME}/verify"
PHOTOS = f"{STATION}/photos"
FILES_MOST = 26
"""A certificate, its frames, and the photos of a run."""


async def checks(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Lines of the product's checklist that somebody has looked at."""
    installing = installing_of(visit, views)
    text = visit.request.path_params["station_id"]
    try:
        body = checked(ChecksBody, {"checks": [name for name in await visit.form() if name]})
        await installing.tick(visit.who, text, body.checks)
    except Problem as problem:
        return await shown_station(visit, installing, {}, problem)
    return see_other(station_path(text))


async def photo(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """A photo from a browser without script, as its camera made it."""
    installing = installing_of(visit, views)
    text = visit.request.path_params["station_id"]
    async with visit.request.form(max_files=1, max_fields=2) as form:
        sent, item = form.get("photo"), str(form.get("item") or "")
        content = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        await installing.add_photo(visit.who, text, item, content)
    except Problem as problem:
        if wants_json(visit):
            return JSONResponse({"text": visit.words.problem(problem)}, problem.status)
        return await shown_station(visit, installing, {}, problem)
    return see_other(f"{station_path(text)}#hand_over")


async def verify_page(visit: PageVisit, views: ConsoleViews) -> Shown:
    """Where a certificate is dropped; the page has what a browser needs to verify it by itself."""
    return _verify_shown(visit, installing_of(visit, views).published_keys(), None)


async def verify_files(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The same by the server, for a browser that cannot."""
    installing = installing_of(visit, views)
    async with visit.request.form(max_files=FILES_MOST, max_fields=1) as form:
        main = form.get("certificate")
        content = await main.read() if isinstance(main, UploadFile) else b""
        beside = [
            (each.filename or "", await each.read())
            for each in form.getlist("beside")
            if isinstance(each, UploadFile) and each.filename
        ]
    found = await installing.verified(content, beside)
    return _verify_shown(visit, installing.published_keys(), found)


def _verify_shown(visit: PageVisit, keys: str, found: VerifiedFile | None) -> Shown:
    words = visit.words
    values = {
        "keys": keys,
        "reasons": json.dumps(VerifiedFile.reasons(words.language), ensure_ascii=False),
        "verdicts": json.dumps({each: words.of("certified", each) for each in VerifiedFile.VERDICTS}),
        "found": _found_values(found, words) if found is not None else None,
    }
    return Shown("install_verify.html", "install.verify_title", values, headers=ON_SITE)


def _found_values(found: VerifiedFile, words: Words) -> dict[str, object]:
    is_french = words.language == "fr"
    return {
        "trust": found.trust,
        "head": words.of("trust", found.trust),
        "refused": [words.as_is(each.fr if is_french else each.en) for each in found.refused],
        "facts": _facts(found, words),
        "items": [
            (words.as_is(title.fr if is_french else title.en), words.of("certified", verdict), verdict)
            for title, verdict in found.items
        ],
    }


def _facts(found: VerifiedFile, words: Words) -> Sequence[tuple[str, str]]:
    told = (
        (words("install.fact_station"), found.station),
        (words("install.fact_place"), found.place),
        (words("install.fact_by"), found.by),
        (words("install.fact_at"), words.instant(instant_text(found.at))),
        (words("install.fact_issuer"), found.issuer),
    )
    return [each for each in told if each[1]]


ROUTES = (
    PageRoute(f"{STATION}/checks", checks, POST),
    PageRoute(PHOTOS, photo, POST),
    PageRoute(VERIFY, verify_page),
    PageRoute(VERIFY, verify_files, POST),
)
