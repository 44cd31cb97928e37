"""After a boot a station first tells the status of each connector: until then nothing is looked up in it.

OCPP 1.6 errata §3.22, 2.0.1 B01.FR.05: the status of every connector follows an accepted boot. Small
stations answer what comes in between with nonsense or not at all.
"""

from collections.abc import Awaitable, Callable, Collection

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from runtime.clock import Clock
from runtime.wakeup import Wakeup

STATUSES_WITHIN_S = 60.0
"""How long they may take; a station that never tells them is not waited for longer."""
OTHERS_WITHIN_S = 5.0
"""Where it is not known which connectors there are: that all have reported is told by the silence after."""

Connectors = Callable[[StationId], Awaitable[Collection[tuple[int, int]]]]
"""The connectors of a station that are known, as (EVSE, connector)."""


async def no_connectors(station_id: StationId) -> Collection[tuple[int, int]]:  # noqa: ARG001 - a Connectors
    """None is known."""
    return ()


class _Reports:
    """What the connectors of one station said since its boot at `since`, seconds of the monotonic clock."""

    __slots__ = ("is_over", "reported", "since", "wakeups")

    def __init__(self, since: float) -> None:
        self.since, self.is_over = since, False
        self.reported: set[tuple[int, int]] = set()
        self.wakeups: list[Wakeup] = []

    def ring(self) -> None:
        """Wake all who wait."""
        for wakeup in self.wakeups:
            wakeup.ring()


class FirstStatuses:
    """Listens from an accepted boot on. Whoever wants to send something by itself waits here first."""

    def __init__(self, clock: Clock, connectors: Connectors) -> None:
        self._clock, self._connectors = clock, connectors
        self._reports: dict[StationId, _Reports] = {}

    def is_expected(self, station_id: StationId) -> bool:
        """Whether this station's reports are waited for."""
        reports = self._reports.get(station_id)
        return reports is not None and self._clock.monotonic() < reports.since + STATUSES_WITHIN_S

    def booted(self, station_id: StationId) -> None:
        """From now on its connectors report themselves; what they said before a boot does not count."""
        self.forget(station_id)
        now = self._clock.monotonic()
        for oldest in list(self._reports):  # in the order of their boots
            if now < self._reports[oldest].since + STATUSES_WITHIN_S or self._reports[oldest].wakeups:
                break
            del self._reports[oldest]
        self._reports[station_id] = _Reports(now)

    def forget(self, station_id: StationId) -> None:
        """Nothing of this station's last boot is waited for any more."""
        reports = self._reports.pop(station_id, None)
        if reports is not None:
            reports.ring()

    def reported(self, station_event: StationEvent) -> None:
        """A `connector.status` came."""
        reports = self._reports.get(station_event.station_id)
        if reports is not None:
            reports.reported.add((station_event.payload["evse_id"], station_event.payload["connector_id"]))
            reports.ring()

    async def settled(self, station_id: StationId) -> None:
        """Until nothing is expected of this station: at once where it has not just booted."""
        while self.is_expected(station_id):
            await self.wait(station_id)

    async def wait(self, station_id: StationId) -> bool:
        """Until all connectors have reported since the boot, or too late; False if it booted again."""
        if station_id not in self._reports:
            self.booted(station_id)
        reports, wakeup = self._reports[station_id], Wakeup(self._clock)
        reports.wakeups.append(wakeup)
        try:
            await self._wait_for_all(station_id, reports, wakeup)
        finally:
            reports.wakeups.remove(wakeup)
        if self._reports.get(station_id) is reports:
            reports.is_over = True
            del self._reports[station_id]
            reports.ring()
        return reports.is_over

    async def _wait_for_all(self, station_id: StationId, reports: _Reports, wakeup: Wakeup) -> None:
        known = {each for each in await self._connectors(station_id) if each[0]}
        deadline = reports.since + STATUSES_WITHIN_S
        while self._reports.get(station_id) is reports and (left := deadline - self._clock.monotonic()) > 0:
            before = len(reports.reported)
            if known and known <= reports.reported:
                return
            is_last = not known and before > 0
            await wakeup.wait(min(left, OTHERS_WITHIN_S if is_last else left))
            if is_last and len(reports.reported) == before:
                return
