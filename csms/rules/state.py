"""What the rules decide over: the rows that a batch touches, as loaded, and as decided so far.

`State` is filled once per batch and then moves on with each decision (`apply`), so that the messages of one
batch see each other in their order of arrival.
"""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

import msgspec

from csms.domain.inbound import Inbound
from csms.domain.records import ConnectorRecord
from csms.domain.station_events import StationEvent
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow
from csms.rules.display_rows import DisplayMessageRow
from csms.rules.replies import reply_from_text
from csms.rules.rows import (
    AnnouncedReportRow,
    AnswerRow,
    ConnectorRow,
    EpochRow,
    LinkClosedRow,
    LinkOpenedRow,
    ReservationRow,
    Row,
    TransactionRow,
)
from csms.rules.transfer_rows import TransferRow
from ocppj.model.messages import Reply
from ocppj.vocabulary import Epoch, StationId


class Decision(msgspec.Struct, frozen=True, gc=False):
    """A decision: what to answer, what to write, and what to tell."""

    reply: Reply | None = None
    rows: tuple[Row, ...] = ()
    events: tuple[StationEvent, ...] = ()
    objection: str | None = None
    """Why a message from quarantine is not taken in; then there is nothing else."""


class StoredLink(msgspec.Struct, frozen=True, gc=False):
    """The newest link of a station, wherever it is."""

    epoch: Epoch
    is_open: bool


class EvseHistory(msgspec.Struct, frozen=True, gc=False):
    """An EVSE before a transaction: its own limit, and the register as the last one found and left it."""

    power_limit_w: float | None = None
    register_start_wh: float | None = None
    register_stop_wh: float | None = None


def digest_number(digest: bytes) -> int:
    """The first 64 bits of a digest as the signed integer that the database indexes."""
    return int.from_bytes(digest[:8], "big", signed=True)


def transaction_key(transaction_id: str) -> str:
    """The form to compare ids by: identifierString has no case (OCPP 2.0.1 part 2, primitive types)."""
    return transaction_id.lower()


class State:
    """The loaded rows. What was not loaded counts as absent. `last_number` is the last transaction's,
    `last_epoch` the last connection's.
    """

    def __init__(self, last_number: int = 0, last_epoch: int = 0) -> None:
        self.last_number = last_number
        self.last_epoch = last_epoch
        self.answers: dict[tuple[StationId, int], list[AnswerRow]] = {}
        self.transactions: dict[StationId, dict[str, TransactionRow]] = {}
        self.stored: dict[int, TransactionRow] = {}
        """The transactions as they were loaded."""
        self.numbered: dict[int, TransactionRow] = {}
        """All of them, as they are now; `transactions` has the latest of each id."""
        self.connectors: dict[tuple[StationId, int, int], ConnectorRecord] = {}
        self.links: dict[StationId, StoredLink] = {}
        self.histories: dict[tuple[StationId, int], EvseHistory] = {}
        self.announced: dict[tuple[StationId, str, int], AnnouncedReportRow] = {}
        """By action and request id: the report that was asked for last."""
        self.reservations: dict[str, ReservationRow] = {}
        """By the command that asked for it."""
        self.profiles: dict[StationId, dict[str, ChargingProfileRow]] = {}
        """Those that the stations may hold, by their entries."""
        self.limits: dict[tuple[StationId, int, str], ChargingLimitRow] = {}
        """Of others, by EVSE and source."""
        self.versions: dict[StationId, str] = {}
        """What stations speak of which profiles are decided."""
        self.arguments: dict[str, str] = {}
        """Of commands that asked for a report of profiles."""
        self.display_messages: dict[StationId, dict[int, DisplayMessageRow]] = {}
        """By their number there."""
        self.transfers: dict[int, TransferRow] = {}
        """Of firmware and logs, by their request ids."""

    def ahead(self) -> "State":
        """A copy to go on from within one message: its connectors and reservations move alone."""
        found = copy(self)
        found.connectors, found.reservations = dict(self.connectors), dict(self.reservations)
        return found

    def add_reservation(self, row: ReservationRow) -> None:
        """A reservation as it is now."""
        self.reservations[row.command_id] = row

    def add_profile(self, row: ChargingProfileRow) -> None:
        """A charging profile as it is now."""
        self.profiles.setdefault(row.station_id, {})[row.entry_id] = row

    def add_limit(self, row: ChargingLimitRow) -> None:
        """A limit of others as it is now."""
        self.limits[row.station_id, row.evse_id, row.source] = row

    def add_display_message(self, row: DisplayMessageRow) -> None:
        """A message on a display as it is now."""
        self.display_messages.setdefault(row.station_id, {})[row.message.message_id] = row

    def display_messages_of(self, station_id: StationId) -> list[DisplayMessageRow]:
        """All that are known of a station."""
        return list(self.display_messages.get(station_id, {}).values())

    def add_transfer(self, row: TransferRow) -> None:
        """A transfer as it is now."""
        self.transfers[row.number] = row

    def add_answer(self, row: AnswerRow) -> None:
        """An answer that was given."""
        self.answers.setdefault((row.station_id, row.digest), []).append(row)

    def add_stored(self, row: TransactionRow) -> None:
        """A transaction as it was loaded."""
        self.stored[row.transaction_no] = row
        self.add_transaction(row)

    def add_transaction(self, row: TransactionRow) -> None:
        """A transaction as it is now."""
        self.last_number = max(self.last_number, row.transaction_no)
        self.numbered[row.transaction_no] = row
        named, key = self.transactions.setdefault(row.station_id, {}), transaction_key(row.transaction_id)
        latest = named.get(key)
        if latest is None or row.generation >= latest.generation:
            named[key] = row

    def transaction(self, station_id: StationId, transaction_id: str) -> TransactionRow | None:
        """The latest transaction of an id, whatever the case."""
        return self.transactions.get(station_id, {}).get(transaction_key(transaction_id))

    def generations(self, latest: TransactionRow) -> list[TransactionRow]:
        """It, and the earlier ones of its id, latest first."""
        key = transaction_key(latest.transaction_id)
        return sorted(
            (
                row
                for row in self.numbered.values()
                if row.station_id == latest.station_id and transaction_key(row.transaction_id) == key
            ),
            key=lambda row: row.generation,
            reverse=True,
        )

    def open_transactions(self, station_id: StationId) -> list[TransactionRow]:
        """The station's transactions that go on."""
        return [row for row in self.transactions.get(station_id, {}).values() if row.ended_at is None]

    def first_answer(self, inbound: Inbound, *, by_content: bool) -> Reply | None:
        """The answer that this very message had; with `by_content` also under another message id."""
        for row in self.answers.get((inbound.station_id, digest_number(inbound.digest)), ()):
            if by_content or row.message_id == inbound.message_id:
                return reply_from_text(row.reply)
        return None

    def apply(self, rows: Iterable[Row]) -> None:
        """Go on from a decision."""
        for row in rows:
            remember = _REMEMBER.get(type(row))
            if remember is not None:
                remember(self, row)

    def _remember_connector(self, row: ConnectorRow) -> None:
        record = row.record
        self.connectors[record.station_id, record.evse_id, record.connector_id] = record

    def add_announced(self, row: AnnouncedReportRow) -> None:
        """A report that a command asks for, later than those before."""
        self.announced[row.station_id, row.action, row.request_id] = row

    def _remember_epoch(self, row: EpochRow) -> None:
        self.last_epoch = row.epoch

    def _remember_link(self, row: LinkOpenedRow) -> None:
        self.links[row.link.station_id] = StoredLink(row.link.epoch, is_open=True)

    def _remember_link_end(self, row: LinkClosedRow) -> None:
        self.links[row.station_id] = StoredLink(row.epoch, is_open=False)


_REMEMBER: dict[type[Row], Callable[[State, Any], None]] = {
    AnswerRow: State.add_answer,
    AnnouncedReportRow: State.add_announced,
    ChargingLimitRow: State.add_limit,
    ChargingProfileRow: State.add_profile,
    ReservationRow: State.add_reservation,
    DisplayMessageRow: State.add_display_message,
    TransactionRow: State.add_transaction,
    TransferRow: State.add_transfer,
    ConnectorRow: State._remember_connector,  # noqa: SLF001 - the class's own table
    EpochRow: State._remember_epoch,  # noqa: SLF001
    LinkOpenedRow: State._remember_link,  # noqa: SLF001
    LinkClosedRow: State._remember_link_end,  # noqa: SLF001
}
