"""`BusEvents`: where changes are told until a central system gives its own way, which reaches brokers."""

from collections.abc import Sequence

from sqlalchemy import Connection

from csms.domain.station_events import StationEvent
from runtime.events import EventBus


class BusEvents:
    """Fills `csms.ports.EventSink` where nothing but the bus is told."""

    def __init__(self, bus: EventBus[StationEvent]) -> None:
        self._bus = bus

    def write(self, connection: Connection, events: Sequence[StationEvent]) -> None:
        """A bus keeps nothing."""

    def publish(self, events: Sequence[StationEvent]) -> None:
        """Told at once."""
        for each in events:
            self._bus.publish(each)
