"""The durable half of the central system as a whole.

::

    async with await Central.open(database, clock=clock, bus=bus, has_outbox=broker is not None) as central:
        # .message_store and .command_log go to the gateway, .records and .history to the API,
        # .tokens to the policies, .outbox to runtime.mqtt.Publisher,
        # .stored_registration and .is_known to csms.defaults
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from csms.central.batch import BatchWriter
from csms.central.command_log import RecordedCommands
from csms.central.epochs import EPOCH_BLOCK, Epochs
from csms.central.fleet_counts import FleetCounts, FleetNeeds
from csms.central.history import StoredHistory
from csms.central.lost_ends import LostEnds
from csms.central.message_writer import MessageWriter
from csms.central.operator_log import OperatorLog
from csms.central.outbox import Outbox, StoredEvents
from csms.central.ownership import StoredOwnership
from csms.central.quarantine import Quarantine
from csms.central.records import StoredRecords
from csms.central.reservation_ends import ReservationEnds
from csms.central.stations import KnownStations
from csms.central.tallies import Tallies
from csms.central.tokens import KnownTokens
from csms.domain.commands import Outcome
from csms.domain.station_events import StationEvent
from csms.metrics import Metrics
from csms.rules.command_ends import finished_event
from csms.rules.rows import CommandEndRow
from csms.rules.state import Decision
from csms.storage.commands import end_open_commands, open_commands
from csms.storage.counters import EPOCH, open_turns, reserve
from csms.storage.kept_messages import KEPT_PER_ACTION
from csms.storage.links import close_all
from csms.storage.outbox import write_outbox
from csms.storage.reservations import forget_answers
from csms.storage.stations import all_chosen, registration_of
from ocppj.vocabulary import RegistrationStatus, StationId
from runtime.clock import Clock
from runtime.database import Database
from runtime.events import EventBus
from runtime.lifecycle import Background

INTERRUPTED = "the server was stopped before the end was known"


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
    """Ends reservations whose time has passed; made by `open`."""

    def __init__(
        self,
        database: Database,
        message_writer: MessageWriter,
        tokens: KnownTokens,
        known: KnownStations,
        outbox: Outbox,
    ) -> None:
        self.message_store = message_writer
        self.command_log = RecordedCommands(message_writer)
        self.tokens = tokens
        self.known = known
        self.outbox = outbox
        self.records = StoredRecords(database, tokens, known, message_writer)
        self.history = StoredHistory(database)
        self.ownership = StoredOwnership()
        self.quarantine = Quarantine(database, message_writer, self.records.last_version)
        self._database = database
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
        work_asked: Callable[[], None] = lambda: None,
    ) -> "Central":
        """Read what is known, end what an earlier process left open. The tables come with migration 0001."""
        now = clock.now()
        known = KnownStations(await database.run_read(all_chosen))
        tokens = await KnownTokens.open(database, clock)
        outbox = Outbox(database)

        def prepare(connection: Connection) -> int:
            _end_what_was_open(connection, now, has_outbox=has_outbox)
            open_turns(connection)
            return reserve(connection, EPOCH, EPOCH_BLOCK)

        last_epoch = await database.run_write(prepare)
        # Each process has a block of epochs of its own: it is known by where that begins.
        writer = BatchWriter(last_epoch + 1, has_outbox=has_outbox, kept_per_action=kept_per_action)
        message_writer = MessageWriter(
            database,
            bus,
            writer,
            clock=clock,
            epochs=Epochs(last_epoch),
            committed=outbox.wake,
            work_asked=work_asked,
        )
        tallies = await Tallies.open(database, bus)
        operator_log = OperatorLog(bus, tallies, message_writer)
        if metrics is not None:
            _show(metrics, message_writer)
            _show_tallies(metrics, tallies)
        central = cls(database, message_writer, tokens, known, outbox)
        central.tallies = tallies
        central.operator_log = operator_log
        central.events = StoredEvents(outbox, bus, has_outbox=has_outbox)
        central.lost_ends = LostEnds(database, message_writer, clock, central._tasks)
        central.reservation_ends = ReservationEnds(database, message_writer, clock, central._tasks)
        return central

    async def __aenter__(self) -> "Central":
        self._tasks.start(self.message_store.run(), name="message writer")
        self.lost_ends.start()
        self.reservation_ends.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Write what was accepted; the database is closed by whoever opened it, after this."""
        self.lost_ends.stop()
        self.reservation_ends.stop()
        await self.message_store.stop()
        await self._tasks.close()

    async def stored_registration(self, station_id: StationId) -> RegistrationStatus | None:
        """What the station was told at its last boot, for `PlainBootPolicy`."""
        return await self._database.run_read(lambda connection: registration_of(connection, station_id))

    def announce(self, station_event: StationEvent) -> None:
        """Tell news of other parts over bus and outbox, after all that was before them."""
        self.message_store.note(Decision(None, (), (station_event,)))

    def fleet_counts(self, needs: FleetNeeds, clock: Clock) -> FleetCounts:
        """What counts the fleet once a minute; whoever starts it runs it."""
        return FleetCounts(self._database, self.tallies, needs, clock)

    async def has_seen(self, station_id: StationId) -> bool:
        """Whether the station was ever here, or was made known before."""
        return await self.records.station(station_id) is not None

    def is_known(self, station_id: StationId) -> bool:
        """Whether somebody made the station known, for `PlainAdmission`."""
        return self.known.is_known(station_id)


def _end_what_was_open(connection: Connection, at: datetime, *, has_outbox: bool) -> None:
    """After a kill: no link is up, and no command that was sent will ever be answered to us."""
    close_all(connection, at, INTERRUPTED)
    forget_answers(connection, INTERRUPTED, at)
    left = open_commands(connection)
    if not left:
        return
    end_open_commands(connection, Outcome.UNKNOWN.value, INTERRUPTED, at)
    if has_outbox:
        write_outbox(connection, [_interrupted(row, at) for row in left])


def _interrupted(row: Row[Any], at: datetime) -> StationEvent:
    end = CommandEndRow(
        command_id=row.command_id,
        outcome=Outcome.UNKNOWN,
        status=None,
        error_code=None,
        error_description=INTERRUPTED,
        at=at,
    )
    return finished_event(end, StationId(row.station_id), row.command, row.origin)


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
