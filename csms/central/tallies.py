"""What stations do now, in numbers kept by the news: nothing is counted anew when somebody asks."""

from collections.abc import Callable

from sqlalchemy import Connection, select

from csms.domain.news import StationNews
from csms.domain.reviews import Review
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
    """Faulted connectors, charges under way, energy. Told of every piece of news, once, in their order."""

    def __init__(self, faulted: set[Connector], charging: set[int], held: set[int]) -> None:
        self.energy_wh = 0.0
        """Of the transactions that ended since the start; of held ones once a person has decided."""
        self._faulted, self._charging, self._held = faulted, charging, held

    @classmethod
    async def open(cls, database: Database, bus: EventBus[StationNews]) -> "Tallies":
        """Read what is stored, once, and listen from then on."""

        def read(connection: Connection) -> "Tallies":
            faulted: set[Connector] = {(one[0], one[1], one[2]) for one in connection.execute(_FAULTED)}
            charging, held = set(connection.scalars(_OPEN)), set(connection.scalars(_HELD))
            return cls(faulted, charging, held)

        tallies = await database.run_read(read)
        bus.listen(tallies.hear)
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

    def hear(self, news: StationNews) -> None:
        """Count one piece of news."""
        count = _COUNTED.get(news.event)
        if count is not None:
            count(self, news)

    def _goes_on(self, news: StationNews) -> None:
        self._charging.add(_charge(news))

    def _ended(self, news: StationNews) -> None:
        self._charging.discard(_charge(news))
        if news.payload.get("is_held"):
            self._held.add(_charge(news))  # what is provisional is not counted
        elif not news.payload.get("is_correction") or _charge(news) in self._held:
            self._decided(news)

    def _reviewed(self, news: StationNews) -> None:
        if _charge(news) in self._held:
            self._decided(news)

    def _decided(self, news: StationNews) -> None:
        self._held.discard(_charge(news))
        self.energy_wh += max(news.payload.get("energy_wh") or 0.0, 0.0)

    def _connector(self, news: StationNews) -> None:
        key = (str(news.station_id), news.payload["evse_id"], news.payload["connector_id"])
        if news.payload["status"] == ConnectorStatus.FAULTED.value:
            self._faulted.add(key)
        else:
            self._faulted.discard(key)


def _charge(news: StationNews) -> int:
    """Our number of the transaction: its id may come again."""
    number: int = news.payload["number"]
    return number


_COUNTED: dict[str, Callable[[Tallies, StationNews], None]] = {
    "connector.status": Tallies._connector,  # noqa: SLF001 - the class's own table
    "transaction.started": Tallies._goes_on,  # noqa: SLF001
    "transaction.updated": Tallies._goes_on,  # noqa: SLF001 # an end that was assumed may have been none
    "transaction.ended": Tallies._ended,  # noqa: SLF001
    "transaction.reviewed": Tallies._reviewed,  # noqa: SLF001
}
