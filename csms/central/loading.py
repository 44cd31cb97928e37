"""Which rows a batch touches, and one SELECT per table for them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from csms.central.write_requests import (
    LinkEnd,
    ReadmittedMessage,
    ReportsDue,
    ReservationsDue,
    TransferMoved,
    WriteRequest,
)
from csms.domain.announced import REPORTED
from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound, concurrency_of
from csms.domain.links import LinkView
from csms.domain.reviews import EndRequest, ReviewRequest
from csms.rules.availability import charging_state_of
from csms.rules.decide import keeps_answer
from csms.rules.monitored_events import statuses_in
from csms.rules.orphans import orphan_name
from csms.rules.rows import TransactionRow
from csms.rules.state import State, digest_number, transaction_key
from csms.rules.transactions import prices_idle
from csms.storage.announced_reports import load_announced_reports
from csms.storage.answers import load_answers
from csms.storage.charging_profiles import load_arguments, load_limits, load_profiles, load_versions
from csms.storage.connectors import load_connectors
from csms.storage.counters import Turn
from csms.storage.display_messages import load_display_messages
from csms.storage.histories import load_histories
from csms.storage.links import load_links
from csms.storage.reservations import load_reservations
from csms.storage.transactions import (
    load_numbered_transactions,
    load_open_of_tokens,
    load_open_transactions,
    load_transactions,
)
from csms.storage.transfers import load_transfers
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification
from ocppj.model.customers import NotifyCustomerInformation
from ocppj.model.diagnostics import LogStatusNotification, NotifyEvent
from ocppj.model.display import (
    ClearDisplayMessage,
    GetDisplayMessages,
    NotifyDisplayMessages,
    SetDisplayMessage,
)
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Reply, StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.remote_control import RemoteStart
from ocppj.model.reports import MessageKept
from ocppj.model.reservations import ReservationStatusUpdate
from ocppj.model.smart_charging import (
    ClearChargingProfile,
    ClearedChargingLimit,
    GetChargingProfiles,
    NotifyChargingLimit,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    PullDynamicScheduleUpdate,
    ReportChargingProfiles,
    SetChargingProfile,
    UpdateDynamicSchedule,
)
from ocppj.model.transactions import TransactionEvent
from ocppj.model.variables import NotifyReport
from ocppj.vocabulary import ConnectorStatus, StationId, TransactionEventKind

PROFILE_COMMANDS = (
    SetChargingProfile,
    ClearChargingProfile,
    GetChargingProfiles,
    UpdateDynamicSchedule,
    RemoteStart,
)
"""What follows from the answers to these is decided over the profiles of the station."""
PROFILES_REPORTED = ReportChargingProfiles.__name__
RECENT_MOST = 20_000
"""Transactions in memory; beyond, the one that moved longest ago is loaded when it moves again."""


class _Wanted:
    """The keys of a batch."""

    def __init__(self, recent: "RecentTransactions", *, is_shared: bool) -> None:
        self._recent, self._is_shared = recent, is_shared
        self.answers: list[tuple[StationId, int]] = []
        self.named: dict[tuple[StationId, str], bool] = {}
        """Transactions by id; True where the id is a number that may be an orphan's."""
        self.numbers: set[int] = set()
        self.open_of: set[StationId] = set()
        self.connectors_of: set[StationId] = set()
        self.histories_of: set[tuple[StationId, int]] = set()
        self.links_of: set[StationId] = set()
        self.tokens: set[str] = set()
        self.announced: set[tuple[StationId, str, int]] = set()
        self.reservations: set[tuple[StationId, int]] = set()
        self.unknown_reservations_of: set[StationId] = set()
        self.profiles_of: set[StationId] = set()
        self.limits_of: set[StationId] = set()
        self.versions_of: set[StationId] = set()
        self.displays_of: set[StationId] = set()
        self.transfers: set[int] = set()
        self.transfers_of: set[StationId] = set()

    def add(self, write_request: WriteRequest) -> None:
        subject = write_request.subject
        if isinstance(subject, Inbound):
            if self._is_shared:
                self.links_of.add(subject.station_id)
            self._add_message(subject, write_request.proposal)
        elif isinstance(subject, ReadmittedMessage):
            self._add_message(subject.inbound, write_request.proposal)
        elif isinstance(subject, LinkView | LinkEnd):
            self.links_of.add(subject.station_id)
        elif isinstance(subject, ReviewRequest | EndRequest):
            self.numbers.add(subject.transaction_no)
            self.profiles_of.add(subject.station_id)
        elif isinstance(subject, CommandEnding):
            self._add_ending(subject)
        elif isinstance(subject, ReservationsDue):
            self.reservations.update((station_id, number) for station_id, number, _ in subject.keys)
        elif isinstance(subject, ReportsDue):
            rows = (each.row for each in subject.reports)
            self.announced.update((row.station_id, row.action, row.request_id) for row in rows)
        elif isinstance(subject, TransferMoved):
            self.transfers.add(subject.news.number)
            self.transfers_of.add(subject.news.station_id)

    def _add_ending(self, ending: CommandEnding) -> None:
        command, station_id = ending.as_command.command, ending.station_id
        if isinstance(command, PROFILE_COMMANDS):
            self.profiles_of.add(station_id)
            self.versions_of.add(station_id)
            self.open_of.add(station_id)
        if isinstance(command, SetDisplayMessage | GetDisplayMessages | ClearDisplayMessage):
            self.displays_of.add(station_id)
        number = getattr(command, "reservation_id", None)
        if number is not None:
            self.reservations.add((station_id, number))

    def _add_message(self, inbound: Inbound, proposal: Reply) -> None:
        event, station_id = inbound.event, inbound.station_id
        if keeps_answer(event):
            self.answers.append((station_id, digest_number(inbound.digest)))
        if isinstance(event, TransactionEvent):
            self._add_tokens(proposal)
            if event.reservation_id is not None:
                self.reservations.add((station_id, event.reservation_id))
            if event.kind is TransactionEventKind.STARTED and event.evse_id is not None:
                self.histories_of.add((station_id, event.evse_id))
            if event.transaction_id is None:
                self.open_of.add(station_id)
                if prices_idle(proposal):
                    self.connectors_of.add(station_id)
            else:
                self._add_name(station_id, event.transaction_id, is_numbered=event.has_number_of_ours)
            if event.evse_id is not None and self._is_new_there(station_id, event):
                self.open_of.add(station_id)
        elif isinstance(event, MeterValues):
            if event.transaction_id is not None:
                self._add_name(station_id, event.transaction_id, is_numbered=True)
            elif event.evse_id:
                self.open_of.add(station_id)
        else:
            self._add_notification(event, station_id)
        self._add_limits(event, station_id)
        self._add_transfers(event, station_id)

    def _add_transfers(self, event: StationMessage, station_id: StationId) -> None:
        if isinstance(event, BootNotification | FirmwareStatusNotification | LogStatusNotification):
            self.transfers_of.add(station_id)
            self.transfers.add(getattr(event, "request_id", None) or 0)  # numbers begin at 1

    def _add_limits(self, event: StationMessage, station_id: StationId) -> None:
        if isinstance(event, NotifyChargingLimit | ClearedChargingLimit):
            self.limits_of.add(station_id)
            self.profiles_of.add(station_id)
        elif isinstance(event, TransactionEvent):
            if event.kind is not TransactionEventKind.UPDATED:
                self.profiles_of.add(station_id)
        elif isinstance(event, PullDynamicScheduleUpdate):
            self.profiles_of.add(station_id)
        elif isinstance(event, NotifyEVChargingNeeds | NotifyEVChargingSchedule):
            self.open_of.add(station_id)

    def _add_tokens(self, proposal: Reply) -> None:
        for limit in concurrency_of(proposal):
            self.tokens.update(token.value_key for token in limit.tokens)

    def _add_notification(self, event: StationMessage, station_id: StationId) -> None:
        if isinstance(event, StatusNotification):
            self.connectors_of.add(station_id)
            if event.status is ConnectorStatus.RESERVED:
                self.unknown_reservations_of.add(station_id)
            if charging_state_of(event) is not None:
                self.open_of.add(station_id)
        elif isinstance(event, NotifyEvent):
            told = statuses_in(event)
            if told:
                self.connectors_of.add(station_id)
                self.open_of.add(station_id)
            if any(each.status is ConnectorStatus.RESERVED for each in told):
                self.unknown_reservations_of.add(station_id)
        elif isinstance(event, ReportChargingProfiles | NotifyDisplayMessages):
            of_it = self.profiles_of if isinstance(event, ReportChargingProfiles) else self.displays_of
            of_it.add(station_id)
            self.announced.add((station_id, type(event).__name__, event.request_id))
        elif isinstance(event, MessageKept | NotifyMonitoringReport | NotifyCustomerInformation):
            action = event.action if isinstance(event, MessageKept) else type(event).__name__
            if event.request_id is not None:
                self.announced.add((station_id, action, event.request_id))
        elif isinstance(event, ReservationStatusUpdate):
            self.reservations.add((station_id, event.reservation_id))
        elif isinstance(event, NotifyReport):
            self.announced.add((station_id, REPORTED, event.request_id))

    def _is_new_there(self, station_id: StationId, event: TransactionEvent) -> bool:
        """Whether its transaction may end another one on its EVSE: it starts, or that is told now."""
        if event.kind is not TransactionEventKind.UPDATED:
            return event.kind is TransactionEventKind.STARTED
        known = self._recent.get(station_id, event.transaction_id or "")
        return known is None or known.evse_id is None

    def _add_name(self, station_id: StationId, name: str, *, is_numbered: bool) -> None:
        key = (station_id, name)
        self.named[key] = self.named.get(key, False) or is_numbered


class RecentTransactions:
    """Open transactions as they are stored, as long as they move."""

    def __init__(self, most: int = RECENT_MOST) -> None:
        self._most = most
        self._rows: dict[tuple[StationId, str], TransactionRow] = {}

    def get(self, station_id: StationId, transaction_id: str) -> TransactionRow | None:
        """The transaction, if it moved lately."""
        return self._rows.get((station_id, transaction_key(transaction_id)))

    def forget(self) -> None:
        """Somebody else may have moved them."""
        self._rows.clear()

    def apply(self, rows: Sequence[TransactionRow]) -> None:
        """These were stored."""
        known = self._rows
        for row in rows:
            key = row.station_id, transaction_key(row.transaction_id)
            before = known.pop(key, None)
            if before is not None and before.generation > row.generation:
                known[key] = before
            elif row.ended_at is None:
                known[key] = row
        while len(known) > self._most:
            del known[next(iter(known))]


def load_state(
    connection: Connection,
    write_requests: Sequence[WriteRequest],
    recent: RecentTransactions,
    turn: Turn,
    *,
    is_shared: bool = False,
) -> State:
    """The rows that these requests are decided over. `is_shared`: another process writes too, and may have
    newer links of these stations.
    """
    wanted = _Wanted(recent, is_shared=is_shared)
    for write_request in write_requests:
        wanted.add(write_request)
    state = State(turn.last_number, turn.last_epoch)
    if wanted.answers:
        for answer in load_answers(connection, wanted.answers):
            state.add_answer(answer)
    _load_transactions(connection, wanted, state, recent)
    for row in load_open_of_tokens(connection, wanted.tokens) if wanted.tokens else ():
        state.add_stored(row)
    if wanted.connectors_of:
        for record in load_connectors(connection, wanted.connectors_of):
            state.connectors[record.station_id, record.evse_id, record.connector_id] = record
    if wanted.histories_of:
        state.histories = load_histories(connection, wanted.histories_of)
    if wanted.links_of:
        state.links = load_links(connection, wanted.links_of)
    if wanted.reservations or wanted.unknown_reservations_of:
        for one in load_reservations(connection, wanted.reservations, wanted.unknown_reservations_of):
            state.add_reservation(one)
    for report in load_announced_reports(connection, wanted.announced) if wanted.announced else ():
        state.add_announced(report)
    _load_displays(connection, wanted, state)
    _load_transfers(connection, wanted, state)
    _load_profiles(connection, wanted, state)
    return state


def _load_transfers(connection: Connection, wanted: _Wanted, state: State) -> None:
    if wanted.transfers or wanted.transfers_of:
        for transfer in load_transfers(connection, wanted.transfers_of, wanted.transfers):
            state.add_transfer(transfer)


def _load_displays(connection: Connection, wanted: _Wanted, state: State) -> None:
    if wanted.displays_of:
        for message in load_display_messages(connection, wanted.displays_of):
            state.add_display_message(message)


def _load_profiles(connection: Connection, wanted: _Wanted, state: State) -> None:
    if wanted.profiles_of:
        for profile in load_profiles(connection, wanted.profiles_of):
            state.add_profile(profile)
    if wanted.limits_of:
        for limit in load_limits(connection, wanted.limits_of):
            state.add_limit(limit)
    if wanted.versions_of:
        state.versions = load_versions(connection, wanted.versions_of)
    asked = [row.command_id for row in state.announced.values() if row.action == PROFILES_REPORTED]
    if asked:
        state.arguments = load_arguments(connection, asked)


def _load_transactions(
    connection: Connection, wanted: _Wanted, state: State, recent: RecentTransactions
) -> None:
    """Those that are named; for numbers that are not ours, the orphans that may go by them."""
    unknown = []
    for station_id, name in wanted.named:
        row = recent.get(station_id, name)
        if row is not None:
            state.add_stored(row)
        if row is None or row.generation > 1:  # it may be of the one before
            unknown.append((station_id, name))
    if unknown:
        for row in load_transactions(connection, unknown):
            state.add_stored(row)
    orphans = [
        (station_id, orphan_name(name))
        for station_id, name in unknown
        if wanted.named[station_id, name] and state.transaction(station_id, name) is None
    ]
    if orphans:
        for row in load_transactions(connection, orphans):
            state.add_stored(row)
        wanted.open_of.update(station_id for station_id, _ in orphans)  # it may mean one of those
    if wanted.numbers:
        for row in load_numbered_transactions(connection, wanted.numbers):
            state.add_stored(row)
    if wanted.open_of:
        for row in load_open_transactions(connection, wanted.open_of):
            state.add_stored(row)
