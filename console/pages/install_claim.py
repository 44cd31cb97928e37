"""Tying the box in front of somebody to its place: label, place, position, sent once."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pydantic import Field, SecretStr, field_validator, model_validator
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from console.forms import checked
from console.install_views import InstallViews
from console.page_routes import POST, PageRoute, see_other
from console.pages.install import HOME, ON_SITE, installing_of
from console.rendering import Shown
from console.views import ConsoleViews
from console.visit import PageVisit
from provisioning.rules.localization import Claim
from provisioning.rules.positions import Position
from runtime.bodies import Body
from runtime.http import Problem
from runtime.wording import Phrase

CLAIM = f"{HOME}/claim"
LABEL = f"{HOME}/label"
NEW_PLACE = "new"
NAME_IT = Phrase(
    "un nouvel emplacement a besoin d'un nom ou d'un numéro", "a new place needs a name or a number"
)
FIELDS = (
    "mac",
    "code",
    "place",
    "site",
    "name",
    "floor",
    "latitude",
    "longitude",
    "accuracy_m",
    "plan_x",
    "plan_y",
    "job",
    "key",
)


class ClaimForm(Body):
    """What an installer says of a box and its place; a place of the job, or a new one on a site."""

    mac: str = Field(min_length=1, max_length=64)
    code: SecretStr = Field(min_length=1, max_length=64)
    place: str | None = Field(default=None, max_length=64)
    site: str | None = Field(default=None, max_length=64)
    name: str | None = Field(default=None, max_length=100)
    floor: str | None = Field(default=None, max_length=50)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    accuracy_m: float | None = Field(default=None, ge=0, le=1e7)
    plan_x: float | None = Field(default=None, ge=0, le=1)
    plan_y: float | None = Field(default=None, ge=0, le=1)
    key: str | None = Field(default=None, min_length=8, max_length=128)

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_missing(cls, text: Any) -> Any:
        return None if isinstance(text, str) and not text.strip() else text

    @field_validator("latitude", "longitude", mode="before")
    @classmethod
    def _has_a_point(cls, text: Any) -> Any:
        """French writes 45,5."""
        return text.replace(",", ".") if isinstance(text, str) else text

    @model_validator(mode="after")
    def _new_place_has_a_name(self) -> "ClaimForm":
        if self.is_new and self.name is None:
            raise ValueError(NAME_IT)
        return self

    @property
    def is_new(self) -> bool:
        """Whether it is at none of the places that the page listed."""
        return self.place in (None, NEW_PLACE)

    def claim(self) -> Claim:
        """For the use case."""
        position = Position(
            place_id=None if self.is_new else self.place,
            site_id=self.site if self.is_new else None,
            name=self.name if self.is_new else None,
            latitude=self.latitude,
            longitude=self.longitude,
            floor=self.floor,
            accuracy_m=self.accuracy_m,
            plan_x=self.plan_x,
            plan_y=self.plan_y,
        )
        return Claim(self.mac, self.code.get_secret_value(), position)


async def claim_form(visit: PageVisit, views: ConsoleViews) -> Shown:
    """The form, filled in with what the label's link says."""
    return await _form(visit, installing_of(visit, views), {name: visit.given(name) for name in FIELDS})


async def claim(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """Done, and on to the box; or the form again with what is wrong. To the page's script as JSON."""
    installing, given = installing_of(visit, views), await visit.form()
    try:
        wanted = checked(ClaimForm, {each: given.get(each, "") for each in ClaimForm.model_fields})
        station_id = await installing.claim(visit.who, wanted.claim(), wanted.key)
    except Problem as problem:
        if wants_json(visit):
            said = {"text": visit.words.problem(problem), "code": problem.code}
            return JSONResponse(said, problem.status)
        return await _form(visit, installing, given, problem)
    path = f"{HOME}/stations/{station_id}"
    return JSONResponse({"next": path}) if wants_json(visit) else see_other(path)


async def label(visit: PageVisit, views: ConsoleViews) -> Shown | Response:
    """A photo of the label: the form again, with what it says."""
    installing = installing_of(visit, views)
    async with visit.request.form(max_files=1, max_fields=len(FIELDS)) as form:
        photo = form.get("photo")
        content = await photo.read() if isinstance(photo, UploadFile) else b""
        given = {name: str(form.get(name) or "") for name in FIELDS}
    try:
        found = await installing.label_on(content)
    except Problem as problem:
        return await _form(visit, installing, given, problem)
    given |= {"mac": found.mac.label if found.mac else given["mac"], "code": found.code or given["code"]}
    return see_other(f"{CLAIM}?{urlencode({name: text for name, text in given.items() if text})}")


def wants_json(visit: PageVisit) -> bool:
    """Whether the page's script asks."""
    return "application/json" in visit.request.headers.get("accept", "")


async def _form(
    visit: PageVisit, installing: InstallViews, given: Mapping[str, str], problem: Problem | None = None
) -> Shown:
    words, job_id = visit.words, given.get("job", "")
    pack = await installing.job(visit.who, job_id) if job_id else None
    shown = {name: given.get(name, "") for name in FIELDS}
    if pack is not None and not shown["floor"]:
        shown["floor"] = await installing.last_floor(pack.site.site_id) or ""
    values = {
        "given": shown,
        "key": installing.new_key() if problem else given.get("key") or installing.new_key(),
        "places": [each for each in pack.places if not each.is_done] if pack else [],
        "site": pack.site if pack else None,
        "team": pack.team if pack else None,
        "sites": installing.sites(visit.who),
        "plans": await installing.plans.figures(visit.who, pack.site.site_id, (), words) if pack else [],
        "fault": words.problem(problem) if problem else "",
        "near": list(problem.extra.get("nearest", [])) if problem else [],
        "new_place": NEW_PLACE,
    }
    status = problem.status if problem else 200
    return Shown("install_claim.html", "install.claim", values, status=status, headers=ON_SITE)


ROUTES = (PageRoute(CLAIM, claim_form), PageRoute(CLAIM, claim, POST), PageRoute(LABEL, label, POST))
