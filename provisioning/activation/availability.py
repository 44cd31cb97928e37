"""Remarks on a station's availability go when their cause has gone: the right status is seen, whoever brought
it about.
"""

from collections.abc import Awaitable, Callable

from csms.domain.records import StationState
from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from provisioning.activation.desired import shows_availability, wanted_availability
from provisioning.activation.runs import SEEN
from provisioning.station_cache import StationCache

StateOf = Callable[[StationId], Awaitable[StationState | None]]
"""What the central system has stored of a station."""


class AvailabilitySeen:
    """Looks at the statuses of those stations whose availability was remarked on."""

    def __init__(self, station_cache: StationCache, state_of: StateOf) -> None:
        self._station_cache, self._state_of = station_cache, state_of

    def is_expected(self, station_id: StationId) -> bool:
        """Whether a status of this station may clear a remark."""
        run = self._station_cache.runs.get(station_id)
        return run is not None and run.remarks_availability(SEEN)

    async def reported(self, event: StationEvent) -> None:
        """A `connector.status` came; what the other connectors last said counts too."""
        station_id = event.station_id
        device = self._station_cache.devices.get(station_id)
        if device is None or not self.is_expected(station_id):
            return
        state = await self._state_of(station_id)
        stored = state.connectors if state is not None else ()
        told = {(each.evse_id, each.connector_id): each.status.value for each in stored}
        told[event.payload["evse_id"], event.payload["connector_id"]] = event.payload["status"]
        # The station itself (EVSE 0) counts only where it says nothing of its connectors.
        states = [status for (evse_id, _), status in told.items() if evse_id] or list(told.values())
        now, site = self._station_cache.clock.now(), self._station_cache.site_of(station_id)
        if shows_availability(wanted_availability(device, site, now), states):
            await self._station_cache.change_run(
                station_id, lambda run: run.with_availability(SEEN), cause="the right status was seen"
            )
