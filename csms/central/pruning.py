"""When which table is pruned: after so many rows, inside the transaction that wrote them."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection

from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow
from csms.rules.display_rows import DisplayMessageRow
from csms.rules.rows import (
    AnnouncedReportRow,
    AnswerRow,
    BootRow,
    CommandRow,
    ConnectorRow,
    ConnectorStateRow,
    KeptMessageRow,
    LinkOpenedRow,
    QuarantineRow,
    ReservationRow,
    Row,
    SampleRow,
    SecurityEventRow,
    VariableRow,
)
from csms.rules.transfer_rows import TransferRow
from csms.storage.announced_reports import ANNOUNCED_KEPT, prune_announced_reports
from csms.storage.answers import ANSWERS_KEPT, prune_answers
from csms.storage.charging_profiles import LIMITS_KEPT, PROFILES_KEPT, prune_limits, prune_profiles
from csms.storage.display_messages import DISPLAY_MESSAGES_KEPT, prune_display_messages
from csms.storage.kept_messages import (
    KEPT_PER_ACTION,
    prune_kept_messages,
    prune_kept_messages_of,
)
from csms.storage.link_history import BOOTS_KEPT, LINKS_KEPT, prune_boots, prune_link_history
from csms.storage.pruning import (
    CONNECTORS_KEPT,
    STATION_QUARANTINE_KEPT,
    VARIABLES_KEPT,
    prune_commands,
    prune_connector_states,
    prune_connectors,
    prune_outbox,
    prune_quarantine,
    prune_quarantine_of,
    prune_samples,
    prune_security_events,
    prune_strangers,
    prune_variables,
)
from csms.storage.reservations import RESERVATIONS_KEPT, prune_reservations
from csms.storage.transfers import TRANSFERS_KEPT, prune_transfers

PRUNED_EVERY = 10_000
"""So many rows a table may grow beyond what is kept."""
BYTES_OF_A_ROW = 10_000
"""A large message in quarantine counts for several rows."""
STATES_PRUNED_EVERY = 8
"""Batches that write states of connectors, after which one station of the batch is pruned of them. Whoever
writes most is pruned most: no count of each station is kept, and a restart forgets none."""

TABLES: dict[str, Callable[[Connection], None]] = {
    "quarantine": prune_quarantine,
    "security_events": prune_security_events,
    "commands": prune_commands,
    "stations": prune_strangers,
    "outbox": prune_outbox,
    "meter_samples": prune_samples,
    "kept_messages": prune_kept_messages,
}
_KINDS: dict[type[Row], str] = {
    SecurityEventRow: "security_events",
    CommandRow: "commands",
    LinkOpenedRow: "stations",
    KeptMessageRow: "kept_messages",
}

StationPruning = tuple[str, int, Callable[[Connection, Iterable[Any]], None], Callable[[Any], Hashable]]

PER_STATION: dict[type[Row], StationPruning] = {
    AnswerRow: ("answers", ANSWERS_KEPT, prune_answers, lambda row: row.station_id),
    VariableRow: ("variables", VARIABLES_KEPT, prune_variables, lambda row: row.station_id),
    QuarantineRow: (
        "quarantine",
        STATION_QUARANTINE_KEPT,
        prune_quarantine_of,
        lambda row: row.station_id,
    ),
    LinkOpenedRow: ("link_history", LINKS_KEPT, prune_link_history, lambda row: row.link.station_id),
    BootRow: ("boots", BOOTS_KEPT, prune_boots, lambda row: row.station_id),
    ConnectorRow: ("connectors", CONNECTORS_KEPT, prune_connectors, lambda row: row.record.station_id),
    AnnouncedReportRow: (
        "announced_reports",
        ANNOUNCED_KEPT,
        prune_announced_reports,
        lambda row: row.station_id,
    ),
    ReservationRow: (
        "reservations",
        RESERVATIONS_KEPT,
        prune_reservations,
        lambda row: row.station_id,
    ),
    ChargingProfileRow: ("charging_profiles", PROFILES_KEPT, prune_profiles, lambda row: row.station_id),
    ChargingLimitRow: ("charging_limits", LIMITS_KEPT, prune_limits, lambda row: row.station_id),
    DisplayMessageRow: (
        "display_messages",
        DISPLAY_MESSAGES_KEPT,
        prune_display_messages,
        lambda row: row.station_id,
    ),
    TransferRow: ("transfers", TRANSFERS_KEPT, prune_transfers, lambda row: row.station_id),
    KeptMessageRow: (
        "kept_messages",
        KEPT_PER_ACTION,
        prune_kept_messages_of,
        lambda row: (row.station_id, row.action),
    ),
}
"""What is kept of each station, or of each of its actions; its rows never exceed twice as many."""


class Growth(msgspec.Struct, frozen=True, gc=False):
    """How many rows a batch wrote."""

    tables: Counter[str] = Counter()
    stations: Counter[tuple[str, Hashable]] = Counter()


class Pruning:
    """Counts rows and prunes; what it counted moves on only with `committed`.

    `kept_per_action` is of reports, of each station and action.
    """

    def __init__(self, kept_per_action: int = KEPT_PER_ACTION) -> None:
        self._tables: Counter[str] = Counter()
        self._stations: Counter[tuple[str, Hashable]] = Counter()
        self._per_station = dict(PER_STATION)
        if kept_per_action != KEPT_PER_ACTION:
            name, _, _, key_of = PER_STATION[KeptMessageRow]
            prune = partial(prune_kept_messages_of, kept=kept_per_action)
            self._per_station[KeptMessageRow] = (name, kept_per_action, prune, key_of)
        self._kept = {name: kept for name, kept, _, _ in self._per_station.values()}
        self._batches_of_states = 0

    def prune(self, connection: Connection, rows: Mapping[type[Row], Sequence[Any]], events: int) -> Growth:
        """Prune what has grown enough with these rows."""
        growth = _growth(rows, events)
        for name, count in growth.tables.items():
            if self._tables[name] + count >= PRUNED_EVERY:
                TABLES[name](connection)
        full: dict[str, list[Hashable]] = {}
        for (name, key), count in growth.stations.items():
            if self._stations[name, key] + count >= self._kept[name]:
                full.setdefault(name, []).append(key)
        for name, _, prune, _ in self._per_station.values():
            if name in full:
                prune(connection, full[name])
        if states := rows.get(ConnectorStateRow):
            self._prune_states(connection, states)
        return growth

    def _prune_states(self, connection: Connection, states: Sequence[ConnectorStateRow]) -> None:
        turn, is_later = divmod(self._batches_of_states, STATES_PRUNED_EVERY)
        self._batches_of_states += 1
        if not is_later:
            prune_connector_states(connection, (states[turn % len(states)].record.station_id,))

    def committed(self, growth: Growth) -> None:
        """The rows are stored, and what was due is pruned."""
        for name, count in growth.tables.items():
            total = self._tables[name] + count
            self._tables[name] = total if total < PRUNED_EVERY else 0
        for key, count in growth.stations.items():
            total = self._stations[key] + count
            self._stations[key] = total if total < self._kept[key[0]] else 0


def _growth(rows: Mapping[type[Row], Sequence[Any]], events: int) -> Growth:
    tables = Counter({name: len(rows[kind]) for kind, name in _KINDS.items() if kind in rows})
    tables["outbox"] = events
    tables["quarantine"] = sum(map(_weight, rows.get(QuarantineRow, ())))
    strays = sum(row.transaction_no is None for row in rows.get(SampleRow, ()))
    if strays:
        tables["meter_samples"] = strays
    stations: Counter[tuple[str, Hashable]] = Counter()
    for kind, (name, _, _, key_of) in PER_STATION.items():
        for row in rows.get(kind, ()):
            stations[name, key_of(row)] += _weight(row)
    return Growth(tables, stations)


def _weight(row: Row) -> int:
    """How many rows it counts for: a large message for several."""
    if isinstance(row, QuarantineRow):
        return 1 + len(row.raw) // BYTES_OF_A_ROW
    return 1 + row.payload_bytes // BYTES_OF_A_ROW if isinstance(row, KeptMessageRow) else 1
