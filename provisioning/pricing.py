"""`SitePrices`: the tariff at a station is that of its place's site."""

from datetime import datetime

from charging.tariff import Tariff, cost_micro
from ocppj.vocabulary import StationId
from provisioning.directory import Directory


class SitePrices:
    """Fills `csms.ports.TariffSource` and `CostSource`."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def tariff_for(self, station_id: StationId) -> Tariff | None:
        """None where the station is at no place, or its site has no tariff."""
        return self.current(station_id)

    async def cost_micro(
        self,
        station_id: StationId,
        *,
        energy_wh: float,
        duration_s: float,
        started_at: datetime,  # noqa: ARG002 - the port's; tariffs of one price do not look at it
    ) -> int | None:
        """Before tax, in micro-units of the tariff's currency."""
        tariff = self.current(station_id)
        if tariff is None:
            return None
        return cost_micro(tariff, energy_wh=energy_wh, duration_s=duration_s)

    def current(self, station_id: StationId) -> Tariff | None:
        """The same, at once."""
        site = self._directory.site_of(station_id)
        named = self._directory.tariffs.get(site.tariff_id) if site and site.tariff_id else None
        return named.tariff if named else None
