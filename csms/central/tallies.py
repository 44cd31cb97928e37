"""What stations do now, in numbers kept by the news: nothing is counted anew when somebody asks."""

from collections.abc import Callable

from sqlalchemy import Connection, select

from csms.domain.reviews import Review
from csms.domain.station_events import StationEvent
from csms.storage.tables import connectors, transactions
from ocppj.vocabulary import ConnectorStatus
from runtime.database import Database
from runtime.events import EventBus

Connector = tuple[str, object, object]
_FAULTED = select(connectors.c.station_id, connectors.c.evse_id, connectors.c.connector_id).where(
    connectors.c.status == ConnectorStatus.FAULTED.value
)
_HELD = select(transactions.c.transaction_no).where(
    transactions.c.review == Review.HELD.value, transactions.c.ended_at.is_not(None)
)
_OPEN = select(transactions.c.transaction_no).where(transactions.c.ended_at.is_(None))


class Tallies:
    """Faulted connectors, charges under way, energy. Told of every event, once, in their order."""

    def __init__(self, faulted: set[Connector], charging: set[int], held: set[int]) -> None:
        self.energy_wh = 0.0
        """Of the transactions that ended since the start; of held ones once a person has decided."""
        self._faulted, self._charging, self._held = faulted, charging, held

    @classmethod
    async def open(cls, database: Database, bus: EventBus[StationEvent]) -> "Tallies":
        """Read what is stored, once, and listen from then on."""

        def read(connection: Connection) -> "Tallies":
            faulted: set[Connector] = {(one[0], one[1], one[2]) for one in connection.execute(_FAULTED)}
            charging, held = set(connection.scalars(_OPEN)), set(connection.scalars(_HELD))
            return cls(faulted, charging, held)

        tallies = await database.run_read(read)
        bus.listen(tallies.receive)
        return tallies

    @property
    def faulted(self) -> int:
        """Connectors that are faulted."""
        return len(self._faulted)

    @property
    def stations_faulted(self) -> int:
        """Stations of which something is faulted: counted anew each time, unlike the others."""
        return len({station_id for station_id, _, _ in self._faulted})

    @property
    def charging(self) -> int:
        """Transactions that have not ended."""
        return len(self._charging)

    def receive(self, event: StationEvent) -> None:
        """Count one event."""
        count = _COUNTED.get(event.event)
        if count is not None:
            count(self, event)

    def _goes_on(self, event: StationEvent) -> None:
        self._charging.add(_charge(event))

    def _ended(self, event: StationEvent) -> None:
        self._charging.discard(_charge(event))
        if event.payload.get("is_held"):
            self._held.add(_charge(event))  # what is provisional is not counted
        elif not event.payload.get("is_correction") or _charge(event) in self._held:
            self._decided(event)

    def _reviewed(self, event: StationEvent) -> None:
        if _charge(event) in self._held:
            self._decided(event)

    def _decided(self, event: StationEvent) -> None:
        self._held.discard(_charge(event))
        if event.payload.get("is_test"):
            return
        self.energy_wh += max(event.payload.get("energy_wh") or 0.0, 0.0)

    def _connector(self, event: StationEvent) -> None:
        key = (
            str(event.station_id),
            event.payload["evse_id"],
            event.payload["connector_id"],
        )
        if event.payload["status"] == ConnectorStatus.FAULTED.value:
            self._faulted.add(key)
        else:
            self._faulted.discard(key)


def _charge(event: StationEvent) -> int:
    """Our number of the transaction: its id may come again."""
    number: int = event.payload["number"]
    return number


_COUNTED: dict[str, Callable[[Tallies, StationEvent], None]] = {
    "connector.status": Tallies._connector,  # noqa: SLF001 - the class's own table
    "transaction.started": Tallies._goes_on,  # noqa: SLF001
    "transaction.updated": Tallies._goes_on,  # noqa: SLF001 # an end that was assumed may have been none
    "transaction.ended": Tallies._ended,  # noqa: SLF001
    "transaction.reviewed": Tallies._reviewed,  # noqa: SLF001
}
