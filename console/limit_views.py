"""What limits a station, read for its page."""

from collections.abc import Sequence

from console.limit_values import ShownLimits, station_limits
from console.words import Words
from csms.api import ApiParts
from csms.api.stations import resolved
from csms.domain.charging_profiles import LimitsWanted
from csms.rules.charging_rows import ExceededLimitRow


class LimitViews:
    """Reads them from the central system."""

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts

    async def of_station(self, station_id: str, words: Words) -> ShownLimits | None:
        """None where nobody limits anything."""
        picture = await self._parts.records.charging_picture(resolved(self._parts, station_id))
        return station_limits(picture, self._parts.clock.now(), words)

    async def exceeded(self, station_id: str) -> Sequence[ExceededLimitRow]:
        """Where it takes more than it may."""
        wanted = LimitsWanted(resolved(self._parts, station_id), is_open=True)
        return await self._parts.records.exceeded_limits(wanted)
