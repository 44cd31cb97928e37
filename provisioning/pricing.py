"""`SitePrices`: the tariff at a station is that of its place's site."""

from charging.tariff import Tariff
from ocppj.vocabulary import StationId
from provisioning.directory import Directory


class SitePrices:
    """Fills `csms.ports.TariffSource`: the price in force now. A transaction keeps the one of its start."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def tariff_for(self, station_id: StationId) -> Tariff | None:
        """None where the station is at no place, or its site has no tariff."""
        return self.current(station_id)

    def current(self, station_id: StationId) -> Tariff | None:
        """The same, at once."""
        site = self._directory.site_of(station_id)
        return self.named(site.tariff_id) if site is not None else None

    def named(self, tariff_id: str | None) -> Tariff | None:
        """The tariff of this id."""
        found = self._directory.tariffs.get(tariff_id) if tariff_id else None
        return found.tariff if found is not None else None
