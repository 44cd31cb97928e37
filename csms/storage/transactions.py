"""Transactions: loaded by id or by being open, written as a whole, read back for people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, tuple_

from csms.domain.records import TransactionRecord, TransactionsWanted
from csms.domain.reviews import Review
from csms.rules.replies import tariff_from_text
from csms.rules.rows import TransactionRow
from csms.rules.state import transaction_key
from csms.storage.scopes import of_scope
from csms.storage.tables import transactions
from ocppj.vocabulary import ChargingState, IdToken, IdTokenType, StationId
from runtime.database import UtcDateTime, from_micros, to_micros
from runtime.database.rows import texts_of
from runtime.database.statements import (
    INTEGER,
    TEXT,
    Keyed,
    Values,
    insert_or_update,
    update_some,
)

OPEN_LOADED = 4096
"""Open transactions that one batch looks at; no station has so many connectors."""

_COLUMNS = tuple(column.name for column in transactions.columns)
_SELECTED = ", ".join(f"t.{name}" for name in _COLUMNS)

GENERATIONS_LOADED = 4
"""Of one id: messages come late, but not by several restarts of a station's counter."""

_BY_KEY = Keyed(
    f"""
SELECT {_SELECTED} FROM wanted CROSS JOIN transactions AS t
ON t.station_id = wanted.station_id AND t.transaction_key = wanted.transaction_key
AND t.generation > (
    SELECT max(g.generation) - {GENERATIONS_LOADED} FROM transactions AS g
    WHERE g.station_id = t.station_id AND g.transaction_key = t.transaction_key
)
""",  # noqa: S608 - column names
    station_id=TEXT,
    transaction_key=TEXT,
)

_BY_NUMBER = Keyed(
    f"SELECT {_SELECTED} FROM wanted"  # noqa: S608
    " CROSS JOIN transactions AS t ON t.transaction_no = wanted.transaction_no",
    transaction_no=INTEGER,
)

_OPEN = Keyed(
    f"SELECT {_SELECTED} FROM wanted CROSS JOIN transactions AS t"  # noqa: S608
    f" ON t.station_id = wanted.station_id AND t.ended_at IS NULL LIMIT {OPEN_LOADED}",
    station_id=TEXT,
)

_OPEN_OF_TOKENS = Keyed(
    f"SELECT {_SELECTED} FROM wanted CROSS JOIN transactions AS t"  # noqa: S608
    f" ON t.id_token_key = wanted.id_token_key AND t.ended_at IS NULL LIMIT {OPEN_LOADED}",
    id_token_key=TEXT,
)

Known = Mapping[int, TransactionRow]

_CHARGING_STATES = {state.value: state for state in ChargingState}
_TOKEN_TYPES: dict[str, IdTokenType] = {kind.value: kind for kind in IdTokenType}


def load_transactions(connection: Connection, keys: Iterable[tuple[StationId, str]]) -> list[TransactionRow]:
    """The transactions with these stations and ids; of each id the latest ones."""
    wanted = [(station_id, transaction_key(name)) for station_id, name in keys]
    return [_row(values) for values in _BY_KEY.rows(connection, wanted)]


def load_numbered_transactions(connection: Connection, numbers: Iterable[int]) -> list[TransactionRow]:
    """The transactions with these numbers of ours."""
    return [_row(values) for values in _BY_NUMBER.rows(connection, numbers)]


def load_open_transactions(connection: Connection, station_ids: Iterable[StationId]) -> list[TransactionRow]:
    """Those of these stations that go on."""
    return [_row(values) for values in _OPEN.rows(connection, station_ids)]


def load_open_of_tokens(connection: Connection, value_keys: Iterable[str]) -> list[TransactionRow]:
    """Those of tokens with these values that go on, at whichever station."""
    return [_row(values) for values in _OPEN_OF_TOKENS.rows(connection, value_keys)]


def _values(row: TransactionRow) -> Values:
    token = row.id_token
    return (
        row.transaction_no,
        row.station_id,
        transaction_key(row.transaction_id),
        row.transaction_id,
        row.evse_id,
        row.connector_id,
        token.value if token is not None else None,
        token_type_text(token) if token is not None else None,
        token.value_key if token is not None else None,
        row.token_rank,
        to_micros(row.started_at),
        to_micros(row.first_received_at),
        _micros(row.ended_at),
        to_micros(row.last_event_at),
        to_micros(row.last_received_at),
        row.charging_state.value if row.charging_state is not None else None,
        _micros(row.state_since),
        row.idle_s,
        row.meter_start_wh,
        _micros(row.meter_start_at),
        row.meter_stop_wh,
        _micros(row.meter_stop_at),
        row.meter_peak_wh,
        row.is_start_given,
        row.is_stop_given,
        row.energy_wh,
        row.power_w,
        _micros(row.power_at),
        row.stopped_reason,
        row.cost_micro,
        row.tariff,
        row.remote_start_id,
        row.reservation_id,
        row.is_offline,
        row.has_start,
        row.start_key,
        row.start_reply,
        row.end_reply,
        row.seq_nos,
        row.end_seq_no,
        _micros(row.superseded_at),
        " ".join(row.flags),
        row.meter_marks,
        row.meter_doubts,
        row.meter_before_wh,
        row.power_limit_w,
        _micros(row.authorized_at),
        row.review,
        row.generation,
        row.course,
    )


_KEYS = frozenset({"transaction_no", "station_id", "transaction_key", "transaction_id", "generation"})
_MOVING = (
    "last_event_at",
    "last_received_at",
    "charging_state",
    "state_since",
    "idle_s",
    "meter_stop_wh",
    "meter_stop_at",
    "meter_peak_wh",
    "meter_marks",
    "energy_wh",
    "power_w",
    "power_at",
    "seq_nos",
)
"""What one more reading, or state, changes; no index holds any of it."""
_lasting = attrgetter(*(name for name in TransactionRow.__struct_fields__ if name not in _MOVING))
_BEGUN = frozenset({"started_at", "id_token", "id_token_type", "id_token_key"})
"""What stays from the start of nearly every transaction, and is in the indexes of all of them."""
_begun = attrgetter("started_at", "id_token")
_LATER = ("transaction_no", *(name for name in _COLUMNS if name not in _KEYS | _BEGUN))
_later_places = itemgetter(*(_COLUMNS.index(name) for name in _LATER))


def _later_values(row: TransactionRow) -> Values:
    return tuple(_later_places(_values(row)))


def _moving_values(row: TransactionRow) -> Values:
    return (
        row.transaction_no,
        to_micros(row.last_event_at),
        to_micros(row.last_received_at),
        row.charging_state.value if row.charging_state is not None else None,
        _micros(row.state_since),
        row.idle_s,
        row.meter_stop_wh,
        _micros(row.meter_stop_at),
        row.meter_peak_wh,
        row.meter_marks,
        row.energy_wh,
        row.power_w,
        _micros(row.power_at),
        row.seq_nos,
    )


_Rows = list[TransactionRow]
_write_all = insert_or_update(
    transactions, _COLUMNS, _values, updated=[name for name in _COLUMNS if name not in _KEYS]
).write
_write_later = update_some(transactions, _LATER, _later_values).write
_write_moving = update_some(transactions, ("transaction_no", *_MOVING), _moving_values).write


def write_transactions(connection: Connection, rows: Sequence[TransactionRow], known: Known) -> None:
    """Rows as they are now, one of each transaction. `known` tells how they are stored: where one only goes
    on, what moves is written, and no index is touched, which is most of the cost; where one ends, none but
    those of open ones.
    """
    moving, later, others = _Rows(), _Rows(), _Rows()
    for row in rows:
        before = known.get(row.transaction_no)
        if before is None or _begun(before) != _begun(row):
            others.append(row)
        elif _lasting(before) == _lasting(row):
            moving.append(row)
        else:
            later.append(row)
    _write_all(connection, others)
    _write_later(connection, later)
    _write_moving(connection, moving)


def _row(v: Any) -> TransactionRow:
    return TransactionRow(
        transaction_no=v[0],
        station_id=v[1],
        transaction_id=v[3],
        evse_id=v[4],
        connector_id=v[5],
        id_token=token_from_texts(v[6], v[7]) if v[6] is not None else None,
        token_rank=v[9],
        started_at=from_micros(v[10]),
        first_received_at=from_micros(v[11]),
        ended_at=_instant(v[12]),
        last_event_at=from_micros(v[13]),
        last_received_at=from_micros(v[14]),
        charging_state=_CHARGING_STATES.get(v[15]),
        state_since=_instant(v[16]),
        idle_s=v[17],
        meter_start_wh=v[18],
        meter_start_at=_instant(v[19]),
        meter_stop_wh=v[20],
        meter_stop_at=_instant(v[21]),
        meter_peak_wh=v[22],
        is_start_given=v[23] == 1,
        is_stop_given=v[24] == 1,
        energy_wh=v[25],
        power_w=v[26],
        power_at=_instant(v[27]),
        stopped_reason=v[28],
        cost_micro=v[29],
        tariff=v[30],
        remote_start_id=v[31],
        reservation_id=v[32],
        is_offline=v[33] == 1,
        has_start=v[34] == 1,
        start_key=v[35],
        start_reply=v[36],
        end_reply=v[37],
        seq_nos=v[38],
        end_seq_no=v[39],
        superseded_at=_instant(v[40]),
        flags=tuple(v[41].split()),
        meter_marks=v[42],
        meter_doubts=v[43],
        meter_before_wh=v[44],
        power_limit_w=v[45],
        authorized_at=_instant(v[46]),
        review=v[47],
        generation=v[48],
        course=v[49],
    )


def _micros(at: Any) -> int | None:
    return to_micros(at) if at is not None else None


def _instant(micros: int | None) -> Any:
    return from_micros(micros) if micros is not None else None


def token_type_text(token: IdToken) -> str:
    """The kind of a token as text; a kind that no version knows is kept as it came."""
    return token.type.value if isinstance(token.type, IdTokenType) else token.type


def token_from_texts(value: str, kind: str) -> IdToken:
    """The token again."""
    return IdToken(value, _TOKEN_TYPES.get(kind, kind))


# --- Reading ----------------------------------------------------------------------------------------------


COUNT_MOST = 100_000
"""Transactions that are counted for people; beyond, nobody waits for the exact number."""

Place = tuple[datetime, int]
"""Where a list of transactions goes on: the start and the number of the last one shown."""


def find_transactions(
    connection: Connection, wanted: TransactionsWanted, limit: int, after: Place | None = None
) -> Sequence[TransactionRecord]:
    """Those that fit, newest first."""
    return [_record(row) for row in connection.execute(newest_transactions(wanted, after).limit(limit))]


def count_transactions(connection: Connection, wanted: TransactionsWanted) -> int | None:
    """How many fit; None for more than COUNT_MOST."""
    some = newest_transactions(wanted).with_only_columns(transactions.c.transaction_no).order_by(None)
    counted = connection.execute(select(func.count()).select_from(some.limit(COUNT_MOST + 1).subquery()))
    count = int(counted.scalar_one())
    return count if count <= COUNT_MOST else None


def open_transactions_of(connection: Connection, station_ids: Iterable[StationId]) -> list[TransactionRecord]:
    """The open ones of these stations, newest first."""
    wanted = texts_of(station_ids)
    query = newest_transactions(TransactionsWanted(is_open=True)).order_by(None)
    found = connection.execute(query.where(transactions.c.station_id.in_(wanted)).limit(OPEN_LOADED))
    return sorted((_record(row) for row in found), key=place_of, reverse=True)


def newest_transactions(wanted: TransactionsWanted, after: Place | None = None) -> Select[Any]:
    """The query: each condition has an index that ends in the order asked for."""
    columns = transactions.c
    query = select(transactions).order_by(columns.started_at.desc(), columns.transaction_no.desc())
    if wanted.station_id is not None:
        query = query.where(columns.station_id == wanted.station_id)
    if wanted.transaction_id is not None:
        query = query.where(columns.transaction_key == transaction_key(wanted.transaction_id))
    if wanted.number is not None:
        query = query.where(columns.transaction_no == wanted.number)
    if wanted.id_token is not None:
        query = query.where(columns.id_token_key == IdToken(wanted.id_token).value_key)
    if wanted.is_open is not None:
        query = query.where(columns.ended_at.is_(None) if wanted.is_open else columns.ended_at.is_not(None))
    query = query.where(of_scope(columns.station_id, wanted.scope))
    if wanted.review is not None:
        query = query.where(columns.review == wanted.review.value)
    if after is not None:
        started_at, number = after
        here = tuple_(columns.started_at, columns.transaction_no)
        query = query.where(here < tuple_(bindparam("after_at", started_at, UtcDateTime), number))
    return query


def place_of(record: TransactionRecord) -> Place:
    """Where the list goes on after it."""
    return record.started_at, record.transaction_no


def _record(row: Row[Any]) -> TransactionRecord:
    tariff = tariff_from_text(row.tariff)
    return TransactionRecord(
        transaction_no=row.transaction_no,
        station_id=StationId(row.station_id),
        transaction_id=row.transaction_id,
        evse_id=row.evse_id,
        connector_id=row.connector_id,
        id_token=token_from_texts(row.id_token, row.id_token_type) if row.id_token is not None else None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        charging_state=_CHARGING_STATES.get(row.charging_state),
        energy_wh=row.energy_wh,
        power_w=row.power_w,
        stopped_reason=row.stopped_reason,
        cost_micro=row.cost_micro,
        flags=tuple(row.flags.split()),
        review=Review(row.review) if row.review is not None else None,
        currency=tariff.currency if tariff is not None else None,
    )
