"""/certifications: who may install which products; and a station's commissioning."""

from datetime import date
from typing import Annotated, Self

from fastapi import Request, Response
from pydantic import Field, model_validator

from provisioning.api.bodies import Name
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import FOUNDER, ORDERER, Founder
from provisioning.api.station_views import LedStationAnswer, led_station_view
from provisioning.api.stations import known_station
from provisioning.app import Provisioning
from provisioning.install_policy import Certification
from runtime.bodies import Body
from runtime.paging import PageWanted, json_response, list_response, part_of
from runtime.routers import ApiRouter
from runtime.views import View
from runtime.wording import Phrase

_ORDERED = Phrase("la fin vient après le début", "the end comes after the beginning")


class CertificationBody(Body):
    """Somebody, by their login, may install a family of products (`certification` of a product file)."""

    account: Name
    family: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(_ORDERED)
        return self


class CommissioningBody(Body):
    """What was found, for the audit."""

    note: str | None = Field(default=None, max_length=500)


class CertificationAnswer(View, frozen=True, kw_only=True):
    """Who may install what; `is_valid` says whether that is so today."""

    account: str
    family: str
    valid_from: str
    valid_to: str | None
    is_valid: bool


ANSWERS = {
    "GET /api/v1/certifications": list[CertificationAnswer],
    "POST /api/v1/certifications": CertificationAnswer,
    "POST /api/v1/stations/{station_id}/commissioning": LedStationAnswer,
}
"""By route."""


def build_installing_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of who installs and who commissions."""
    router = ApiRouter(route_class=ProvisioningRoute)
    purchasing, clock = provisioning.use_cases.purchasing, provisioning.station_cache.clock

    def shown(certification: Certification) -> CertificationAnswer:
        ends = certification.valid_to
        return CertificationAnswer(
            account=certification.account,
            family=certification.family,
            valid_from=certification.valid_from.isoformat(),
            valid_to=ends.isoformat() if ends is not None else None,
            is_valid=certification.is_valid(clock.now().date()),
        )

    @router.get("/certifications", dependencies=[ORDERER])
    async def certifications(request: Request, page: PageWanted) -> Response:
        """Who may install which family of products, from when to when."""
        found = await purchasing.certifications()
        listed = part_of(found, lambda each: f"{each.account} {each.family}", page)
        return list_response(request, listed.shown_as(shown))

    @router.post("/certifications", status_code=201)
    async def certify(body: CertificationBody, who: Founder) -> Response:
        """Keep that somebody is certified; an end that is past takes it away."""
        made = await purchasing.certify(Certification(**body.model_dump()), who.name)
        return json_response(shown(made), status=201)

    @router.post("/stations/{station_id}/commissioning", dependencies=[FOUNDER])
    async def commission(station_id: str, body: CommissioningBody, who: Founder) -> Response:
        """Say that a station is commissioned: the team does that, and no installer or manager."""
        known = await known_station(provisioning, station_id)
        await provisioning.use_cases.operation.commission(known, body.note, who.name)
        return json_response(led_station_view(provisioning, known))

    return router
