"""Trying a station out on site: opening and closing its test window."""

from datetime import timedelta

from ocppj.vocabulary import IdToken, StationId
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.records import TestWindow
from provisioning.rules.trying_out import LONGEST, WindowOpening, end_window, open_window
from provisioning.station_cache import StationCache


class TryingOut:
    """What an installer does before a station is active."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache

    async def open(
        self, station_id: StationId, id_token: IdToken, by: str, lasts: timedelta = LONGEST
    ) -> TestWindow:
        """Open its window, or go on with another token. Raises ProvisioningProblem: E_TEST_REFUSED."""
        opening = WindowOpening(id_token, self._station_cache.clock.now(), by, lasts)
        await self._station_cache.change_station(station_id, lambda device, _: open_window(device, opening))
        return self.window(station_id)

    async def close(self, station_id: StationId, by: str) -> TestWindow:
        """Close it before its time. Raises ProvisioningProblem: E_NO_TEST_WINDOW."""
        if not self.window(station_id).is_open:
            raise ProvisioningProblem(Code.NO_TEST_WINDOW, id=station_id)
        at = self._station_cache.clock.now()
        await self._station_cache.change_station(station_id, lambda device, _: end_window(device, at, by))
        return self.window(station_id)

    def window(self, station_id: StationId) -> TestWindow:
        """The last one. Raises ProvisioningProblem: E_NO_TEST_WINDOW."""
        device = self._station_cache.devices.get(station_id)
        if device is None or device.test_window is None:
            raise ProvisioningProblem(Code.NO_TEST_WINDOW, id=station_id)
        return device.test_window
