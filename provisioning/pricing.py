"""`SitePrices`: the tariff at a station is that of its place's site. `PriceRemarks`: what it finds no measure
for.
"""

from collections.abc import Callable
from itertools import groupby

from charging.tariff import Tariff, in_zone
from ocppj.vocabulary import StationId
from provisioning.conditions import Unmeasured
from provisioning.observed import Observed
from provisioning.station_cache import StationCache


class SitePrices:
    """Fills `csms.ports.TariffSource`: the price in force now. A transaction keeps the one of its start."""

    def __init__(self, station_cache: StationCache) -> None:
        self._station_cache = station_cache

    async def tariff_for(self, station_id: StationId) -> Tariff | None:
        """None where the station is at no place, or its site has no tariff."""
        return self.current(station_id)

    def current(self, station_id: StationId) -> Tariff | None:
        """The same, at once."""
        site = self._station_cache.site_of(station_id)
        tariff = self.named(site.tariff_id) if site is not None else None
        return in_zone(tariff, site.zone) if site is not None and tariff is not None else tariff

    def named(self, tariff_id: str | None) -> Tariff | None:
        """The tariff of this id."""
        found = self._station_cache.tariffs.get(tariff_id) if tariff_id else None
        return found.tariff if found is not None else None


class PriceRemarks:
    """Where a component has a price, and the station there told nothing of it in its last transactions.

    Said as soon as the price is set, before the next transaction; gone when one measures it, or with the
    price.
    """

    def __init__(self, prices: SitePrices, station_cache: StationCache, observed: Observed) -> None:
        self._prices, self._station_cache, self._observed = prices, station_cache, observed

    def at_station(self, station_id: StationId) -> tuple[Unmeasured, ...]:
        """At one station."""
        untold = self._observed.untold.get(station_id)
        if untold is None:
            return ()
        tariff, site = self._prices.current(station_id), self._station_cache.site_of(station_id)
        if tariff is None or site is None:
            return ()
        return tuple(
            Unmeasured(station_id, component, since, tariff.tariff_id, site.site_id)
            for component, since in untold.items()
            if component in tariff.metered
        )

    def by_tariff(self) -> dict[str, list[Unmeasured]]:
        """At all stations, by the id of their tariff; by station."""
        return self._by(lambda each: each.tariff_id)

    def by_site(self) -> dict[str, list[Unmeasured]]:
        """The same by the id of their site."""
        return self._by(lambda each: each.site_id)

    def _by(self, key: Callable[[Unmeasured], str]) -> dict[str, list[Unmeasured]]:
        every = [each for station_id in sorted(self._observed.untold) for each in self.at_station(station_id)]
        return {name: list(some) for name, some in groupby(sorted(every, key=key), key)}
