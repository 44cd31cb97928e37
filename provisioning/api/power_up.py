"""/stations/{id}/power-up: the checklist of an installer who powers up a station."""

from fastapi import Request

from provisioning.api.bodies import ChecksBody, FinishBody, ReadingsBody
from provisioning.api.certificates import key_unusable
from provisioning.api.power_up_views import PowerUpView, power_up_view
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import Tester
from provisioning.api.stations import known_station
from provisioning.app import Provisioning
from provisioning.issuer import IssuerKeyUnusable
from runtime.routers import ApiRouter


def build_power_up_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of the power-up checklist."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}")
    power_ups = provisioning.power_ups

    def base_of(request: Request) -> str:
        return station_base(provisioning, request.url.hostname)

    @router.get("/power-up")
    async def checklist(request: Request, station_id: str, who: Tester) -> PowerUpView:  # noqa: ARG001 - asked
        """The power-up checklist as it stands: each item, by what it was judged, and who clears it."""
        known = await known_station(provisioning, station_id)
        return power_up_view(await power_ups.look(known), base_of(request))

    @router.post("/power-up", status_code=201)
    async def begin(request: Request, station_id: str, who: Tester) -> PowerUpView:
        """Begin a run of the checklist; readings of an earlier one do not count in it."""
        known = await known_station(provisioning, station_id)
        return power_up_view(
            await power_ups.begin(known, who.name), station_base(provisioning, request.url.hostname)
        )

    @router.put("/power-up/readings")
    async def measure(request: Request, station_id: str, body: ReadingsBody, who: Tester) -> PowerUpView:
        """Type in what was measured before power, by the ids of the product file; its bounds judge it."""
        known = await known_station(provisioning, station_id)
        state = await power_ups.measure(known, body.readings, who.name)
        return power_up_view(state, base_of(request))

    @router.put("/power-up/checks")
    async def tick(request: Request, station_id: str, body: ChecksBody, who: Tester) -> PowerUpView:
        """Tick lines of the product's checklist: whoever asks has seen that they are so."""
        known = await known_station(provisioning, station_id)
        state = await power_ups.tick(known, body.checks, who.name)
        return power_up_view(state, base_of(request))

    @router.post("/power-up/finish")
    async def finish(
        request: Request, station_id: str, who: Tester, body: FinishBody | None = None
    ) -> PowerUpView:
        """End the run: what is found now is its record, and signed; what is open stays open in it."""
        known = await known_station(provisioning, station_id)
        handed_to = body.handed_to if body is not None else None
        try:
            state = await power_ups.finish(known, who.name, handed_to)
        except IssuerKeyUnusable as problem:
            raise key_unusable(problem) from problem
        return power_up_view(state, base_of(request))

    return router


def station_base(provisioning: Provisioning, host: str | None) -> str:
    """Where stations connect, without an id: as the settings say, else by the name under which whoever asks
    reached this server.
    """
    if provisioning.use_cases.jobs.settings.ocpp_url:
        return provisioning.use_cases.jobs.settings.ocpp_url
    port, is_secure = provisioning.station_port
    shown = f"[{host}]" if host is not None and ":" in host else host or "localhost"
    return f"{'wss' if is_secure else 'ws'}://{shown}:{port}/ocpp"
