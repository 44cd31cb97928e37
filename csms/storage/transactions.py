"""Transactions: loaded by id or by being open, written as a whole, read back for people."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from csms.domain.records import TransactionRecord
from csms.rules.rows import TransactionRow
from csms.rules.state import transaction_key
from csms.storage.statements import Values, insert_or_update, json_keys
from csms.storage.tables import transactions
from ocppj.vocabulary import ChargingState, IdToken, IdTokenType, StationId
from runtime.database import from_micros, to_micros

OPEN_LOADED = 4096
"""Open transactions that one batch looks at; no station has so many connectors."""

_COLUMNS = tuple(column.name for column in transactions.columns)
_SELECTED = ", ".join(f"t.{name}" for name in _COLUMNS)

_BY_KEY = f"""
SELECT {_SELECTED} FROM json_each(?) AS wanted CROSS JOIN transactions AS t
ON t.station_id = json_extract(wanted.value, '$[0]')
AND t.transaction_key = json_extract(wanted.value, '$[1]')
"""  # noqa: S608 - column names

_OPEN = f"""
SELECT {_SELECTED} FROM json_each(?) AS wanted CROSS JOIN transactions AS t
ON t.station_id = wanted.value AND t.ended_at IS NULL AND t.superseded_at IS NULL LIMIT {OPEN_LOADED}
"""  # noqa: S608

_CHARGING_STATES = {state.value: state for state in ChargingState}
_TOKEN_TYPES: dict[str, IdTokenType] = {kind.value: kind for kind in IdTokenType}


def load_transactions(connection: Connection, keys: Iterable[tuple[StationId, str]]) -> list[TransactionRow]:
    """The transactions with these stations and ids."""
    wanted = json_keys([station_id, transaction_key(name)] for station_id, name in keys)
    return [_row(values) for values in connection.exec_driver_sql(_BY_KEY, (wanted,))]


def load_open_transactions(connection: Connection, station_ids: Iterable[StationId]) -> list[TransactionRow]:
    """Those of these stations whose end was not reported and that no later start replaced."""
    return [_row(values) for values in connection.exec_driver_sql(_OPEN, (json_keys(station_ids),))]


def _values(row: TransactionRow) -> Values:
    token = row.id_token
    return (
        row.station_id,
        transaction_key(row.transaction_id),
        row.transaction_id,
        row.evse_id,
        row.connector_id,
        token.value if token is not None else None,
        token_type_text(token) if token is not None else None,
        token.key if token is not None else None,
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
    )


write_transactions = insert_or_update(transactions, _COLUMNS, _values).write


def _row(values: Any) -> TransactionRow:
    v = dict(zip(_COLUMNS, values, strict=True))
    return TransactionRow(
        station_id=v["station_id"],
        transaction_id=v["transaction_id"],
        evse_id=v["evse_id"],
        connector_id=v["connector_id"],
        id_token=token_from_texts(v["id_token"], v["id_token_type"]) if v["id_token"] is not None else None,
        token_rank=v["token_rank"],
        started_at=from_micros(v["started_at"]),
        first_received_at=from_micros(v["first_received_at"]),
        ended_at=_instant(v["ended_at"]),
        last_event_at=from_micros(v["last_event_at"]),
        last_received_at=from_micros(v["last_received_at"]),
        charging_state=_CHARGING_STATES.get(v["charging_state"]),
        state_since=_instant(v["state_since"]),
        idle_s=v["idle_s"],
        meter_start_wh=v["meter_start_wh"],
        meter_start_at=_instant(v["meter_start_at"]),
        meter_stop_wh=v["meter_stop_wh"],
        meter_stop_at=_instant(v["meter_stop_at"]),
        meter_peak_wh=v["meter_peak_wh"],
        is_start_given=bool(v["is_start_given"]),
        is_stop_given=bool(v["is_stop_given"]),
        energy_wh=v["energy_wh"],
        power_w=v["power_w"],
        power_at=_instant(v["power_at"]),
        stopped_reason=v["stopped_reason"],
        cost_micro=v["cost_micro"],
        tariff=v["tariff"],
        remote_start_id=v["remote_start_id"],
        reservation_id=v["reservation_id"],
        is_offline=bool(v["is_offline"]),
        has_start=bool(v["has_start"]),
        start_key=v["start_key"],
        start_reply=v["start_reply"],
        end_reply=v["end_reply"],
        seq_nos=v["seq_nos"],
        end_seq_no=v["end_seq_no"],
        superseded_at=_instant(v["superseded_at"]),
        flags=tuple(v["flags"].split()),
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


def find_transactions(
    connection: Connection,
    *,
    station_id: StationId | None,
    transaction_id: str | None,
    id_token: str | None,
    is_open: bool | None,
    limit: int,
) -> Sequence[TransactionRecord]:
    """Those that fit all that is given, newest first."""
    query = _QUERY
    if station_id is not None:
        query = query.where(transactions.c.station_id == station_id)
    if transaction_id is not None:
        query = query.where(transactions.c.transaction_key == transaction_key(transaction_id))
    if id_token is not None:
        query = query.where(transactions.c.id_token_key == IdToken(id_token).key)
    if is_open is not None:
        ended_at = transactions.c.ended_at
        query = query.where(ended_at.is_(None) if is_open else ended_at.is_not(None))
    return [_record(row) for row in connection.execute(query.limit(limit))]


_QUERY: Select[Any] = select(transactions).order_by(
    transactions.c.started_at.desc(), transactions.c.first_received_at.desc()
)


def _record(row: Row[Any]) -> TransactionRecord:
    return TransactionRecord(
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
    )
