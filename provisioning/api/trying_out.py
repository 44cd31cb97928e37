"""/stations/{id}/test-window: a station is accepted for minutes, for one token, before it is active."""

from datetime import timedelta

from provisioning.api.bodies import WindowBody
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import Tester
from provisioning.api.stations import known_station
from provisioning.api.window_views import WindowView, window_view
from provisioning.app import Provisioning
from runtime.routers import ApiRouter


def build_trying_out_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of test windows."""
    router = ApiRouter(route_class=ProvisioningRoute, prefix="/stations/{station_id}")
    trying_out = provisioning.use_cases.trying_out

    @router.post("/test-window", status_code=201)
    async def open_window(station_id: str, body: WindowBody, who: Tester) -> WindowView:
        """Open a test window: the station is accepted for 15 minutes at most, and one token may charge."""
        known = await known_station(provisioning, station_id)
        lasts = timedelta(seconds=body.lasts_s)
        return window_view(known, await trying_out.open(known, body.token(), who.name, lasts))

    @router.get("/test-window")
    async def window(station_id: str, who: Tester) -> WindowView:  # noqa: ARG001 - asked
        """The station's last test window."""
        known = await known_station(provisioning, station_id)
        return window_view(known, trying_out.window(known))

    @router.delete("/test-window")
    async def close_window(station_id: str, who: Tester) -> WindowView:
        """Close the test window: what charges is stopped, and the station inoperative until it is active."""
        known = await known_station(provisioning, station_id)
        return window_view(known, await trying_out.close(known, who.name))

    return router
