"""`BusEvents`: where changes are told until a central system gives its own way, which reaches brokers."""

from collections.abc import Sequence

from sqlalchemy import Connection

from csms.domain.news import StationNews
from runtime.events import EventBus


class BusEvents:
    """Fills `csms.ports.EventSink` where nothing but the bus is told."""

    def __init__(self, bus: EventBus[StationNews]) -> None:
        self._bus = bus

    def write(self, connection: Connection, events: Sequence[StationNews]) -> None:
        """A bus keeps nothing."""

    def publish(self, events: Sequence[StationNews]) -> None:
        """Told at once."""
        for each in events:
            self._bus.publish(each)
