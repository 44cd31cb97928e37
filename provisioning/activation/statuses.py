"""What the connectors of a station report of themselves while it is asked for that."""

from collections.abc import Iterator
from contextlib import contextmanager

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from provisioning.activation.steps import Statuses
from runtime.clock import Clock
from runtime.wakeup import Wakeup

FIRST_WITHIN_S = 10.0
"""How long the first report may take."""
UNASKED_WITHIN_S = 2.0
"""How long the first report may take where the station was not asked for it: it follows the change itself."""
OTHERS_WITHIN_S = 1.0
"""A station reports its connectors one after the other."""


class ReportedStatuses:
    """Listens for stations that were asked for their status, and only for those."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._expected: dict[StationId, tuple[dict[tuple[int, int], str], Wakeup]] = {}

    def is_expected(self, station_id: StationId) -> bool:
        """Whether somebody waits for this station's reports."""
        return station_id in self._expected

    def reported(self, event: StationEvent) -> None:
        """A `connector.status` came."""
        expected = self._expected.get(event.station_id)
        if expected is not None:
            states, alarm = expected
            states[event.payload["evse_id"], event.payload["connector_id"]] = event.payload["status"]
            alarm.ring()

    @contextmanager
    def expected(self, station_id: StationId) -> Iterator[Statuses]:
        """Listen from now on; the value waits for the reports, at most a few seconds.

        Less where the station was not asked for them: what it says of itself counts as well.
        """
        states: dict[tuple[int, int], str] = {}
        alarm = Wakeup(self._clock)
        self._expected[station_id] = states, alarm

        async def wait(*, is_requested: bool) -> tuple[str, ...]:
            deadline = self._clock.monotonic() + (FIRST_WITHIN_S if is_requested else UNASKED_WITHIN_S)
            while not states and (left := deadline - self._clock.monotonic()) > 0:
                await alarm.wait(left)
            before = 0
            while len(states) > before:
                before = len(states)
                await alarm.wait(OTHERS_WITHIN_S)
            # The station itself (EVSE 0) counts only where it says nothing of its connectors.
            own = [state for (evse_id, _), state in sorted(states.items()) if evse_id]
            return tuple(own or states.values())

        try:
            yield wait
        finally:
            del self._expected[station_id]
