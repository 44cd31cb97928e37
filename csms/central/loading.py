"""Which rows a batch touches, and one SELECT per table for them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from csms.central.jobs import Job, LinkEnd
from csms.domain.events import ConnectorStatusReported, Inbound, MeterValuesReported, TransactionReported
from csms.domain.links import LinkView
from csms.rules.decide import keeps_answer
from csms.rules.orphans import orphan_name
from csms.rules.state import State, digest_number
from csms.storage.answers import load_answers
from csms.storage.connectors import load_connectors
from csms.storage.links import load_epochs
from csms.storage.transactions import load_open_transactions, load_transactions
from ocppj.vocabulary import StationId, TransactionEventKind


class _Wanted:
    """The keys of a batch."""

    def __init__(self) -> None:
        self.answers: list[tuple[StationId, int]] = []
        self.named: dict[tuple[StationId, str], bool] = {}
        """Transactions by id; True where the id is a number that may be an orphan's."""
        self.open_of: set[StationId] = set()
        self.connectors_of: set[StationId] = set()
        self.links_of: set[StationId] = set()

    def add(self, job: Job) -> None:
        subject = job.subject
        if isinstance(subject, Inbound):
            self._add_message(subject)
        elif isinstance(subject, LinkView | LinkEnd):
            self.links_of.add(subject.station_id)

    def _add_message(self, inbound: Inbound) -> None:
        event, station_id = inbound.event, inbound.station_id
        if keeps_answer(event):
            self.answers.append((station_id, digest_number(inbound.digest)))
        if isinstance(event, TransactionReported):
            if event.transaction_id is None:
                self.open_of.add(station_id)
            else:
                self._add_name(station_id, event.transaction_id, is_numbered=event.seq_no is None)
            if event.transaction_id is None and event.kind is TransactionEventKind.ENDED:
                self.open_of.add(station_id)
        elif isinstance(event, MeterValuesReported):
            if event.transaction_id is not None:
                self._add_name(station_id, event.transaction_id, is_numbered=True)
        elif isinstance(event, ConnectorStatusReported):
            self.connectors_of.add(station_id)

    def _add_name(self, station_id: StationId, name: str, *, is_numbered: bool) -> None:
        key = (station_id, name)
        self.named[key] = self.named.get(key, False) or is_numbered


def load_state(connection: Connection, jobs: Sequence[Job], numbers: dict[str, int]) -> State:
    """The rows that these jobs are decided over."""
    wanted = _Wanted()
    for job in jobs:
        wanted.add(job)
    state = State()
    state.numbers = dict(numbers)
    if wanted.answers:
        for answer in load_answers(connection, wanted.answers):
            state.add_answer(answer)
    _load_transactions(connection, wanted, state)
    if wanted.connectors_of:
        for record in load_connectors(connection, wanted.connectors_of):
            state.connectors[record.station_id, record.evse_id, record.connector_id] = record
    if wanted.links_of:
        state.epochs = load_epochs(connection, wanted.links_of)
    return state


def _load_transactions(connection: Connection, wanted: _Wanted, state: State) -> None:
    """Those that are named; for numbers that are not ours, the orphans that may go by them."""
    if wanted.named:
        for row in load_transactions(connection, wanted.named):
            state.add_transaction(row)
    orphans = [
        (station_id, orphan_name(name))
        for (station_id, name), is_numbered in wanted.named.items()
        if is_numbered and state.transaction(station_id, name) is None
    ]
    if orphans:
        for row in load_transactions(connection, orphans):
            state.add_transaction(row)
    if wanted.open_of:
        for row in load_open_transactions(connection, wanted.open_of):
            state.add_transaction(row)
