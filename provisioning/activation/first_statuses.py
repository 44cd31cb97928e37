"""After a boot a station first tells the status of each connector: until then nothing is looked up in it.

OCPP 1.6 §4.9, 2.0.1 B01.FR.05: the status of every connector follows an accepted boot. Small stations answer
what comes in between with nonsense or not at all.
"""

from collections.abc import Awaitable, Callable, Collection

from csms.domain.news import StationNews
from ocppj.vocabulary import StationId
from provisioning.alarm import Alarm
from runtime.clock import Clock

STATUSES_WITHIN_S = 60.0
"""How long they may take; a station that never tells them is not waited for longer."""
OTHERS_WITHIN_S = 5.0
"""Where it is not known which connectors there are: that all have reported is told by the silence after."""

Connectors = Callable[[StationId], Awaitable[Collection[tuple[int, int]]]]
"""The connectors of a station that are known, as (EVSE, connector)."""


async def no_connectors(station_id: StationId) -> Collection[tuple[int, int]]:  # noqa: ARG001 - a Connectors
    """None is known."""
    return ()


class FirstStatuses:
    """Listens from a boot on, for those stations that somebody may want to ask something afterwards."""

    def __init__(self, clock: Clock, connectors: Connectors) -> None:
        self._clock, self._connectors = clock, connectors
        self._heard: dict[StationId, tuple[set[tuple[int, int]], Alarm]] = {}

    def is_expected(self, station_id: StationId) -> bool:
        """Whether this station's reports are waited for."""
        return station_id in self._heard

    def booted(self, station_id: StationId) -> None:
        """From now on its connectors report themselves; what they said before a boot does not count."""
        self._heard[station_id] = set(), Alarm(self._clock)

    def forget(self, station_id: StationId) -> None:
        """Nobody asks this station anything."""
        self._heard.pop(station_id, None)

    def reported(self, news: StationNews) -> None:
        """A `connector.status` came."""
        heard = self._heard.get(news.station_id)
        if heard is not None:
            heard[0].add((news.payload["evse_id"], news.payload["connector_id"]))
            heard[1].ring()

    async def wait(self, station_id: StationId) -> bool:
        """Until all connectors have reported since the boot, or too late; False if it booted again."""
        if station_id not in self._heard:
            self.booted(station_id)
        reported, alarm = heard = self._heard[station_id]
        known = {each for each in await self._connectors(station_id) if each[0]}
        deadline = self._clock.monotonic() + STATUSES_WITHIN_S
        while (left := deadline - self._clock.monotonic()) > 0:
            before = len(reported)
            if known and known <= reported:
                break
            is_last = not known and before > 0
            await alarm.wait(min(left, OTHERS_WITHIN_S if is_last else left))
            if is_last and len(reported) == before:
                break
        is_same = self._heard.get(station_id) is heard
        if is_same:
            del self._heard[station_id]
        return is_same
