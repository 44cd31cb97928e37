"""The durable half of the central system as a whole.

::

    async with await Central.open(database, clock=clock, bus=bus, has_outbox=broker is not None) as central:
        # .message_store and .command_log go to the gateway, .records and .history to the API,
        # .tokens to the policies, .outbox to runtime.mqtt.Publisher
"""

from collections.abc import Callable

from csms.central.batch import BatchWriter
from csms.central.command_log import RecordedCommands
from csms.central.fleet_counts import FleetCounts, FleetNeeds
from csms.central.history import StoredHistory
from csms.central.limit_watch import LimitWatch
from csms.central.lost_ends import LostEnds
from csms.central.message_writer import MessageWriter
from csms.central.nodes import Nodes
from csms.central.operator_log import OperatorLog
from csms.central.outbox import Outbox, StoredEvents
from csms.central.ownership import StoredOwnership
from csms.central.quarantine import Quarantine
from csms.central.records import StoredRecords
from csms.central.report_ends import ReportEnds
from csms.central.reservation_ends import ReservationEnds
from csms.central.stations import KnownStations
from csms.central.stored_limits import StoredLimits
from csms.central.tallies import Tallies
from csms.central.tokens import KnownTokens
from csms.domain.station_events import StationEvent
from csms.metrics import Metrics
from csms.rules.state import Decision
from csms.storage.kept_messages import KEPT_PER_ACTION
from csms.storage.stations import all_chosen
from ocppj.vocabulary import StationId
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.lifecycle import Background


class Central:
    """An async context manager: entering starts the message writer, leaving writes what it has accepted."""

    operator_log: OperatorLog
    """Tells how it goes; made by `open`."""
    tallies: Tallies
    """What stations do now; made by `open`."""
    lost_ends: LostEnds
    """Ends transactions whose end never came; made by `open`."""
    events: StoredEvents
    """Where other parts tell what their changes come to; made by `open`."""
    reservation_ends: ReservationEnds
    report_ends: ReportEnds
    """Ends reservations whose time has passed; made by `open`."""
    limit_watch: LimitWatch
    """Compares what flows with what may flow; made by `open`."""
    nodes: Nodes
    """This process among those that share the database; made by `open`."""

    def __init__(
        self,
        database: Database,
        message_writer: MessageWriter,
        tokens: KnownTokens,
        known: KnownStations,
        outbox: Outbox,
        *,
        node: str,
    ) -> None:
        self.message_store = message_writer
        self.command_log = RecordedCommands(message_writer, node)
        self.tokens = tokens
        self.known = known
        self.outbox = outbox
        self.records = StoredRecords(database, tokens, known, message_writer)
        self.history = StoredHistory(database)
        self.station_limits = StoredLimits(database)
        self.ownership = StoredOwnership()
        self.quarantine = Quarantine(database, message_writer, self.records.last_version)
        self.database = database
        self._tasks = Background("central")

    @classmethod
    async def open(
        cls,
        database: Database,
        *,
        clock: Clock,
        bus: EventBus[StationEvent],
        metrics: Metrics | None = None,
        has_outbox: bool,
        kept_per_action: int = KEPT_PER_ACTION,
        work_enqueued: Callable[[], None] = lambda: None,
        node: str = "",
        is_alone: bool = True,
    ) -> "Central":
        """Read what is known, end what an earlier process left open. The tables come with migration 0001.

        `node` names this process, over its restarts too; where it `is_alone`, no other shares the database.
        """
        known = KnownStations(await database.run_read(all_chosen))
        tokens = await KnownTokens.open(database, clock)
        outbox = Outbox(database)
        events = StoredEvents(outbox, bus, has_outbox=has_outbox)
        nodes = Nodes(database, events, clock, node, is_alone=is_alone)
        await nodes.join()
        writer = BatchWriter(nodes.number, has_outbox=has_outbox, kept_per_action=kept_per_action)
        message_writer = MessageWriter(
            database,
            bus,
            writer,
            clock=clock,
            committed=outbox.wake,
            work_enqueued=work_enqueued,
        )
        tallies = await Tallies.open(database, bus)
        operator_log = OperatorLog(bus, tallies, message_writer)
        if metrics is not None:
            _show(metrics, message_writer)
            _show_tallies(metrics, tallies)
        central = cls(database, message_writer, tokens, known, outbox, node=node)
        central.nodes = nodes
        central.tallies = tallies
        central.operator_log = operator_log
        central.events = events
        central.lost_ends = LostEnds(database, message_writer, clock, central._tasks)
        central.reservation_ends = ReservationEnds(database, message_writer, clock, central._tasks)
        central.report_ends = ReportEnds(database, message_writer, clock, central._tasks)
        central.limit_watch = LimitWatch(database, message_writer, clock, central._tasks)
        return central

    async def __aenter__(self) -> "Central":
        self._tasks.start(self.message_store.run(), name="message writer")
        self.lost_ends.start()
        self.reservation_ends.start()
        self.report_ends.start()
        self.limit_watch.start()
        self.nodes.start(self._tasks)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write what was accepted; the database is closed by whoever opened it, after this."""
        self.lost_ends.stop()
        self.reservation_ends.stop()
        self.report_ends.stop()
        self.limit_watch.stop()
        await self.message_store.stop()
        await self.nodes.leave()
        await self._tasks.close()

    def announce(self, station_event: StationEvent) -> None:
        """Tell news of other parts over bus and outbox, after all that was before them."""
        self.message_store.note(Decision(None, (), (station_event,)))

    def fleet_counts(self, needs: FleetNeeds, clock: Clock) -> FleetCounts:
        """What counts the fleet once a minute; whoever starts it runs it."""
        return FleetCounts(self.database, self.tallies, needs, clock)

    async def has_seen(self, station_id: StationId) -> bool:
        """Whether the station was ever here, or was made known before."""
        return await self.records.station(station_id) is not None


def _show(metrics: Metrics, message_writer: MessageWriter) -> None:
    metrics.gauge(
        "borne_recorder_waiting", "Messages that wait to be stored", lambda: float(message_writer.waiting)
    )
    metrics.gauge("borne_recorder_stored", "Messages stored", lambda: float(message_writer.stored))
    metrics.gauge("borne_recorder_age_seconds", "Age of what is being stored", lambda: message_writer.age_s)
    metrics.gauge(
        "borne_recorder_batches", "Commits of the message writer", lambda: float(message_writer.batches)
    )
    metrics.gauge(
        "borne_recorder_failures", "Messages that were not stored", lambda: float(message_writer.failures)
    )


def _show_tallies(metrics: Metrics, tallies: Tallies) -> None:
    metrics.gauge("borne_connectors_faulted", "Connectors that are faulted", lambda: float(tallies.faulted))
    metrics.gauge("borne_transactions_open", "Charges that go on", lambda: float(tallies.charging))
    metrics.gauge(
        "borne_energy_wh", "Energy of the transactions that ended since the start", lambda: tallies.energy_wh
    )
