"""/stations/{id}/exchange and /swap: boxes that change places."""

from typing import Annotated

from fastapi import Header, Response
from pydantic import Field, SecretStr

from access.actions import Permission
from access.guard import checked
from provisioning.api.problems import ProvisioningRoute, problem_from
from provisioning.api.roles import Claimer, ClaimerAnywhere
from provisioning.api.station_views import LedStationAnswer, led_station_view
from provisioning.api.stations import known_station
from provisioning.app import Provisioning
from provisioning.claimant import Claimant
from provisioning.errors import unknown_station
from provisioning.owners import SiteOwners
from runtime.bodies import Body
from runtime.paging import json_response
from runtime.routers import ApiRouter

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=8, max_length=128)]


class ExchangeBody(Body):
    """The other station, by its id or MAC in any spelling."""

    station_id: str = Field(min_length=1, max_length=64)


class SwapBody(Body):
    """The new box, as on its label."""

    mac: str = Field(min_length=1, max_length=64)
    claim_code: Annotated[SecretStr, Field(min_length=1, max_length=64)]


def build_exchanges_router(provisioning: Provisioning) -> ApiRouter:
    """The routes by which boxes change places."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}")
    exchanging, owners = provisioning.use_cases.exchanging, SiteOwners(provisioning.station_cache)

    @router.post("/exchange", response_model=LedStationAnswer)
    async def exchange(
        station_id: str, body: ExchangeBody, who: Claimer, anywhere: ClaimerAnywhere
    ) -> Response:
        """Exchange two stations that were claimed the wrong way round; both keep their histories."""
        known = await known_station(provisioning, station_id)
        other = await known_station(provisioning, body.station_id)
        unknown = problem_from(unknown_station(body.station_id))
        checked(anywhere, Permission.CLAIM, owners.of_station(other), lambda: unknown)
        await exchanging.exchange(known, other, who.name)
        return json_response(led_station_view(provisioning, known))

    @router.post("/swap", status_code=201, response_model=LedStationAnswer)
    async def swap(
        station_id: str,
        body: SwapBody,
        who: Claimer,  # noqa: ARG001 - asked
        anywhere: ClaimerAnywhere,
        key: Key = None,
    ) -> Response:
        """Put a new box in the place of a defective one; place, price, hours and access stay."""
        old = await known_station(provisioning, station_id)
        new = await exchanging.swap(
            old,
            body.mac,
            body.claim_code.get_secret_value(),
            Claimant.of(anywhere),
            key=key,
        )
        return json_response(led_station_view(provisioning, new), status=201)

    return router
