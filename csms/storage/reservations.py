"""Reservations: what was asked, and what became of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, exists, func, or_, select, tuple_, update

from csms.domain.reservations import OPEN, ReservationState, ReservationsWanted
from csms.rules.rows import ReservationRow
from csms.storage.nodes import is_left
from csms.storage.reservation_tables import reservations
from csms.storage.scopes import of_scope
from csms.storage.tables import commands
from ocppj.vocabulary import IdToken, IdTokenType, StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

RESERVATIONS_KEPT = 500
"""Of each station."""
DUE_MOST = 500
"""At one look."""

Key = tuple[StationId, int]
"""A station, and the number of a reservation."""

_COLUMNS = (
    "command_id",
    "number",
    "station_id",
    "id_token",
    "id_token_type",
    "id_token_key",
    "group_id_token",
    "group_id_token_type",
    "evse_id",
    "connector_type",
    "expires_at",
    "state",
    "reason",
    "asked_by",
    "asked_at",
    "moved_at",
    "transaction_no",
    "transaction_id",
)
_table = reservations.c
_is_open = _table.state.in_(sorted(each.value for each in OPEN))


def _values(row: ReservationRow) -> Values:
    group = row.group_id_token
    return (
        row.command_id,
        row.number,
        row.station_id,
        row.id_token.value,
        _type_text(row.id_token),
        row.id_token.value_key,
        group.value if group is not None else None,
        _type_text(group) if group is not None else None,
        row.evse_id,
        row.connector_type,
        to_micros(row.expires_at),
        row.state.value,
        row.reason,
        row.asked_by,
        to_micros(row.asked_at),
        to_micros(row.moved_at),
        row.transaction_no,
        row.transaction_id,
    )


write_reservations = insert_or_update(
    reservations,
    _COLUMNS,
    _values,
    updated=("state", "reason", "moved_at", "transaction_no", "transaction_id"),
).write


def load_reservations(
    connection: Connection, keys: Collection[Key], unknown_of: Collection[StationId]
) -> list[ReservationRow]:
    """Those of these numbers, and those of these stations of which nobody knows whether they are held."""
    numbers = (and_(_table.station_id == station_id, _table.number == number) for station_id, number in keys)
    is_unknown = and_(_table.station_id.in_(list(unknown_of)), _table.state == ReservationState.UNKNOWN.value)
    found = connection.execute(select(reservations).where(or_(is_unknown, *numbers))).mappings()
    return [ReservationRow(**_fields(each)) for each in found]


def due_reservations(connection: Connection, before: datetime) -> list[tuple[StationId, int, str]]:
    """(station, number, command) of those whose time had passed before an instant."""
    query = select(_table.station_id, _table.number, _table.command_id).where(
        _is_open, _table.expires_at <= before
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query.limit(DUE_MOST))]


def forget_answers(connection: Connection, reason: str, at: datetime) -> None:
    """Nobody knows what became of those whose answer was awaited by a node that is gone."""
    is_awaited = exists().where(
        commands.c.command_id == _table.command_id,
        commands.c.finished_at.is_(None),
        ~is_left(commands.c.node),
    )
    asked = update(reservations).where(_table.state == ReservationState.REQUESTED.value, ~is_awaited)
    connection.execute(asked.values(state=ReservationState.UNKNOWN.value, reason=reason, moved_at=at))


def find_reservations(
    connection: Connection,
    wanted: ReservationsWanted,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> list[ReservationRow]:
    """Those that fit, the latest first, from those on that come after this instant and command."""
    query = select(reservations)
    if wanted.station_id is not None:
        query = query.where(_table.station_id == wanted.station_id)
    if wanted.number is not None:
        query = query.where(_table.number == wanted.number)
    if wanted.state is not None:
        query = query.where(_table.state == wanted.state.value)
    if wanted.is_open is not None:
        query = query.where(_is_open if wanted.is_open else ~_is_open)
    if wanted.id_token is not None:
        query = query.where(_table.id_token_key == wanted.id_token.casefold())
    query = query.where(of_scope(_table.station_id, wanted.scope))
    if after is not None:
        query = query.where(tuple_(_table.asked_at, _table.command_id) < after)
    newest = (_table.asked_at.desc(), _table.command_id.desc())
    rows = connection.execute(query.order_by(*newest).limit(limit)).mappings()
    return [ReservationRow(**_fields(each)) for each in rows]


def prune_reservations(
    connection: Connection, station_ids: Iterable[StationId], kept: int = RESERVATIONS_KEPT
) -> None:
    """Those that these stations were asked for last stay, and those that they may hold."""
    for station_id in station_ids:
        newest = func.row_number().over(order_by=(_table.asked_at.desc(), _table.command_id.desc()))
        each = (
            select(_table.command_id, newest.label("place"))
            .where(_table.station_id == station_id, ~_is_open)
            .subquery()
        )
        beyond = select(each.c.command_id).where(each.c.place > kept)
        connection.execute(delete(reservations).where(_table.command_id.in_(beyond)))


def _fields(row: RowMapping) -> dict[str, Any]:
    """A row's columns as the fields of the struct."""
    fields = dict(row)
    fields.pop("id_token_key")
    for name in ("id_token", "group_id_token"):
        value, kind = fields[name], fields.pop(f"{name}_type")
        fields[name] = IdToken(value, _token_type(kind)) if value is not None else None
    return fields | {"state": ReservationState(fields["state"])}


def _type_text(token: IdToken) -> str:
    return token.type.value if isinstance(token.type, IdTokenType) else token.type


def _token_type(text: str) -> IdTokenType | str:
    return next((each for each in IdTokenType if each.value == text), text)
