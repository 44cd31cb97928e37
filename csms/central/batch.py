"""One batch in the writer's thread: load what it touches, decide each message in its order, write it all.

A `WriteRequest` is one thing to record. Everything that its decision needs is loaded with one SELECT per
table for the whole batch; everything that was decided is written with one `executemany` per table.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

import msgspec
from sqlalchemy import Connection

from csms.central.loading import RecentTransactions, load_state
from csms.central.pruning import Growth, Pruning
from csms.central.write_requests import (
    EpochWanted,
    LinkEnd,
    ReadmittedMessage,
    ReportsDue,
    ReservationsDue,
    TransferMoved,
    WriteRequest,
)
from csms.domain.commands import CommandEnding
from csms.domain.inbound import Inbound
from csms.domain.links import LinkView
from csms.domain.quarantine import QuarantineCause
from csms.domain.reviews import EndRequest, ReviewRequest
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, CompositeRow, ExceededLimitRow
from csms.rules.command_ends import command_ended
from csms.rules.decide import answer_row, decide, keeps_answer
from csms.rules.display_rows import DisplayMessageRow, DisplayReportWantedRow
from csms.rules.links import epoch_given, is_superseded, link_closed, link_opened
from csms.rules.quarantine import readmitted
from csms.rules.reports import reports_overdue
from csms.rules.reservations import reservations_expired
from csms.rules.reviewing import transaction_decided
from csms.rules.rows import (
    AnnouncedReportRow,
    AnswerRow,
    AttachmentRow,
    BootRow,
    CommandEndRow,
    CommandRow,
    ConnectorRow,
    ConnectorStateRow,
    EpochRow,
    EvseRow,
    FirmwareStatusRow,
    KeptMessageRow,
    LinkClosedRow,
    LinkOpenedRow,
    LogStatusRow,
    QuarantineDecisionRow,
    QuarantineRow,
    ReservationRow,
    ReviewRow,
    Row,
    SampleRow,
    SecurityEventRow,
    TransactionRow,
    VariableRow,
    WorkRow,
    kept_raw,
)
from csms.rules.state import Decision, State
from csms.rules.transfer_rows import TransferRow, TransferStepRow
from csms.rules.transfers import transfer_news
from csms.storage.announced_reports import write_announced_reports
from csms.storage.answers import write_answers
from csms.storage.charging_profiles import (
    write_charging_limits,
    write_charging_profiles,
    write_composites,
)
from csms.storage.commands import write_command_ends, write_commands
from csms.storage.connector_states import write_connector_states
from csms.storage.connectors import write_connectors, write_evses
from csms.storage.counters import EPOCH, TRANSACTION, WRITER, Turn, allot_turn, next_number, write_number
from csms.storage.display_messages import await_display_reports, write_display_messages
from csms.storage.exceeded_limits import write_exceeded_limits
from csms.storage.kept_messages import KEPT_PER_ACTION, write_kept_messages
from csms.storage.link_history import write_boot_history, write_link_beginnings, write_link_ends
from csms.storage.links import write_closed_links, write_opened_links
from csms.storage.outbox import write_outbox
from csms.storage.quarantine import write_quarantine, write_quarantine_decisions
from csms.storage.reservations import write_reservations
from csms.storage.reviews import write_attachments, write_reviews
from csms.storage.samples import write_samples
from csms.storage.security_events import write_security_events
from csms.storage.stations import (
    write_arrivals,
    write_boots,
    write_departures,
    write_firmware_statuses,
    write_log_statuses,
)
from csms.storage.transactions import write_transactions
from csms.storage.transfers import write_transfer_steps, write_transfers
from csms.storage.variables import write_variables
from ocppj.model.transactions import TransactionEventResponse
from ocppj.vocabulary import Epoch, StationId
from runtime.work.storage import write_work

Rows = Sequence[Any]


def _write_epoch(connection: Connection, rows: Rows) -> None:
    write_number(connection, EPOCH, rows[-1].epoch)


def _write_opened(connection: Connection, rows: Rows) -> None:
    write_opened_links(connection, rows)
    write_link_beginnings(connection, rows)
    write_arrivals(connection, rows)


def _write_closed(connection: Connection, rows: Rows) -> None:
    write_closed_links(connection, rows)
    write_link_ends(connection, rows)
    write_departures(connection, rows)


def _write_boots(connection: Connection, rows: Rows) -> None:
    write_boots(connection, rows)
    write_boot_history(connection, rows)


def _write_work(connection: Connection, rows: Rows) -> None:
    write_work(connection, [row.request for row in rows])


WRITERS: dict[type[Row], Callable[[Connection, Rows], None]] = {
    SampleRow: write_samples,
    AttachmentRow: write_attachments,
    ReviewRow: write_reviews,
    AnswerRow: write_answers,
    ConnectorRow: write_connectors,
    ConnectorStateRow: write_connector_states,
    EvseRow: write_evses,
    EpochRow: _write_epoch,
    LinkOpenedRow: _write_opened,
    LinkClosedRow: _write_closed,  # after the openings: the fence is the epoch
    BootRow: _write_boots,
    FirmwareStatusRow: write_firmware_statuses,
    LogStatusRow: write_log_statuses,
    VariableRow: write_variables,
    SecurityEventRow: write_security_events,
    KeptMessageRow: write_kept_messages,
    AnnouncedReportRow: write_announced_reports,
    QuarantineRow: write_quarantine,
    QuarantineDecisionRow: write_quarantine_decisions,
    CommandRow: write_commands,
    CommandEndRow: write_command_ends,
    ReservationRow: write_reservations,
    ChargingProfileRow: write_charging_profiles,
    ChargingLimitRow: write_charging_limits,
    CompositeRow: write_composites,
    ExceededLimitRow: write_exceeded_limits,
    DisplayMessageRow: write_display_messages,
    DisplayReportWantedRow: await_display_reports,
    TransferRow: write_transfers,
    TransferStepRow: write_transfer_steps,
    WorkRow: _write_work,
}


class Written(msgspec.Struct, frozen=True, gc=False):
    """What a batch came to, to be taken over once it is committed."""

    facts: list[Decision]
    transactions: Sequence[TransactionRow] = ()
    growth: Growth = Growth()
    enqueues_work: bool = False
    superseded: Sequence[tuple[StationId, Epoch]] = ()
    """Links that something came over, and that are not their stations' newest: another process has that."""


class BatchWriter:
    """Writes batches. What it remembers between them moves on only with `committed`.

    It remembers the open transactions that moved lately: while nobody else writes they need no loading.
    `number` is the process's own, to know whether another one wrote since; numbers come from the database.
    """

    def __init__(self, number: int, *, has_outbox: bool, kept_per_action: int = KEPT_PER_ACTION) -> None:
        self._number = number
        self._has_outbox = has_outbox
        self._recent = RecentTransactions()
        self._is_shared = False
        self._pruning = Pruning(kept_per_action)

    def write(self, connection: Connection, write_requests: Sequence[WriteRequest]) -> Written:
        """Load, decide, write; the caller commits."""
        turn = self._allot_turn(connection)
        state = load_state(connection, write_requests, self._recent, turn, is_shared=self._is_shared)
        decided: list[Decision] = []
        for write_request in write_requests:
            facts = _decided(state, write_request)
            if facts.rows:
                state.apply(facts.rows)
            decided.append(facts)
        rows = _by_table(decided)
        transactions = cast("list[TransactionRow]", rows.pop(TransactionRow, []))
        if transactions:
            write_transactions(connection, transactions, state.stored)
        for kind, write in WRITERS.items():
            if kind in rows:
                write(connection, rows[kind])
        self._write_events(connection, decided)
        if state.last_number != turn.last_number:
            write_number(connection, TRANSACTION, state.last_number)
        events = sum(len(facts.events) for facts in decided) if self._has_outbox else 0
        growth = self._pruning.prune(connection, rows, events)
        superseded = _superseded(state, write_requests) if self._is_shared else ()
        return Written(decided, transactions, growth, WorkRow in rows, superseded)

    def keep_raw(self, connection: Connection, write_request: WriteRequest, reason: str) -> Written:
        """Keep a message of which nothing else can be stored, and answer it all the same (quirk 25).

        A 1.6 start gets its number; what follows under it becomes an orphan.
        """
        inbound, reply = cast("Inbound", write_request.subject), write_request.proposal
        row = kept_raw(inbound, QuarantineCause.NOT_STORED, reason)
        if isinstance(reply, TransactionEventResponse) and not reply.transaction_id:
            reply = TransactionEventResponse(str(next_number(connection, TRANSACTION)), reply.info)
        rows: dict[type[Row], list[Row]] = {QuarantineRow: [row]}
        if keeps_answer(inbound.event):
            rows[AnswerRow] = [answer_row(inbound, reply)]
        for kind, kind_rows in rows.items():
            WRITERS[kind](connection, kind_rows)
        growth = self._pruning.prune(connection, rows, 0)
        return Written([Decision(reply, (row,))], growth=growth)

    def committed(self, written: Written) -> None:
        """It is durable: go on from there."""
        self._recent.apply(written.transactions)
        self._pruning.committed(written.growth)

    def _write_events(self, connection: Connection, decided: Sequence[Decision]) -> None:
        if self._has_outbox:
            events = [each for facts in decided for each in facts.events]
            if events:
                write_outbox(connection, events)

    def _allot_turn(self, connection: Connection) -> Turn:
        """The last numbers. What is remembered is worth nothing once another one wrote."""
        turn = allot_turn(connection)
        if turn.writer != self._number:
            self._recent.forget()
            self._is_shared = True
            write_number(connection, WRITER, self._number)
        return turn


def _decided(state: State, write_request: WriteRequest) -> Decision:
    subject = write_request.subject
    if isinstance(subject, Inbound):
        return decide(state, subject, write_request.proposal)
    if isinstance(subject, ReadmittedMessage):
        return readmitted(state, subject.inbound, write_request.proposal, subject.decision)
    if isinstance(subject, Decision):
        return subject
    return _DECIDED_BY[type(subject)](state, subject)


def _epoch_given(state: State, _wanted: EpochWanted) -> Decision:
    return epoch_given(state)


def _link_closed(state: State, end: LinkEnd) -> Decision:
    return link_closed(state, end.station_id, end.epoch, end.at, end.reason)


def _expired(state: State, due: ReservationsDue) -> Decision:
    return reservations_expired(state, [command_id for _, _, command_id in due.keys], due.at)


def _overdue(state: State, due: ReportsDue) -> Decision:
    return reports_overdue(state, due.reports, due.at)


def _moved(state: State, moved: TransferMoved) -> Decision:
    return transfer_news(state, moved.news, moved.at)


_DECIDED_BY: dict[type, Callable[[State, Any], Decision]] = {
    CommandEnding: command_ended,
    ReservationsDue: _expired,
    ReportsDue: _overdue,
    TransferMoved: _moved,
    ReviewRequest: transaction_decided,
    EndRequest: transaction_decided,
    EpochWanted: _epoch_given,
    LinkView: link_opened,
    LinkEnd: _link_closed,
}


def _superseded(state: State, write_requests: Sequence[WriteRequest]) -> list[tuple[StationId, Epoch]]:
    came_over = [each.subject for each in write_requests if isinstance(each.subject, Inbound | LinkView)]
    return [(it.station_id, it.epoch) for it in came_over if is_superseded(state, it.station_id, it.epoch)]


def _by_table(decided: Sequence[Decision]) -> dict[type[Row], list[Row]]:
    """The rows of each kind in order; of a transaction only what it is in the end."""
    rows: dict[type[Row], list[Row]] = {}
    transactions: dict[int, Row] = {}
    for facts in decided:
        for row in facts.rows:
            if isinstance(row, TransactionRow):
                transactions[row.transaction_no] = row
            else:
                rows.setdefault(type(row), []).append(row)
    if transactions:
        rows[TransactionRow] = list(transactions.values())
    return rows
