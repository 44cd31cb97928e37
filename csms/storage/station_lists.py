"""Lists of stations: filtered, ordered and counted here; and what provisioning keeps on their rows for it."""

from collections.abc import Sequence
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from csms.domain.links import LinkSecurity
from csms.domain.station_lists import OwnedStation, StationOrder, StationsWanted
from csms.storage.scopes import of_stations
from csms.storage.stations import NEVER_HERE
from csms.storage.tables import connectors, links, stations, transactions
from csms.storage.waiting import note_turns, note_waiting
from ocppj.vocabulary import ConnectorStatus, StationId
from runtime.database.rows import texts_of
from runtime.database.statements import Values, insert_or_update

_station = stations.c
_of_link = and_(links.c.station_id == _station.station_id, links.c.disconnected_at.is_(None))
_is_online = exists().where(_of_link)
_is_proved = exists().where(_of_link, links.c.security != LinkSecurity.UNAUTHENTICATED.value)
_of_fault = and_(
    connectors.c.station_id == _station.station_id, connectors.c.status == ConnectorStatus.FAULTED.value
)
_of_open = and_(transactions.c.station_id == _station.station_id, transactions.c.ended_at.is_(None))
_is_missing = and_(_station.is_due_online, ~_is_online)
_in_the_way = (
    _station.in_the_way
    + case((_is_missing, 1), else_=0)
    + select(func.count()).where(_of_fault).scalar_subquery()
)
"""How much, of what is stored."""
_SEARCHED = (_station.station_id, _station.said, _station.version, _station.words)
"""All in lower case."""


def _summed(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(select(func.sum(column)).where(_of_open).scalar_subquery(), 0.0)


_KEYS: dict[StationOrder, tuple[ColumnElement[Any], ...]] = {
    "station": (func.coalesce(_station.label, _station.station_id),),
    "model": (func.coalesce(_station.vendor, "") + " " + func.coalesce(_station.model, ""),),
    "version": (func.coalesce(_station.version, ""),),
    "link": (case((~_is_online, 2), (_is_proved, 0), else_=1),),
    "lifecycle": (func.coalesce(_station.lifecycle, ""),),
    "blocked": (_in_the_way,),
    "clears": (func.coalesce(_station.who_clears, ""),),
    "power": (case((_is_online, _summed(transactions.c.power_w)), else_=0.0),),
    "energy": (_summed(transactions.c.energy_wh),),
}

_OWNED = tuple(each.name for each in fields(OwnedStation))
_NOBODYS = {
    each.name: None if each.default is MISSING else each.default
    for each in fields(OwnedStation)
    if each.name != "station_id"
} | {"waits_since": None}
"""A row is as it was made, of what is owned."""
_ALL_OWNED = select(*(_station[name] for name in _OWNED)).where(_station.lifecycle.is_not(None))


def _owned_values(row: OwnedStation) -> Values:
    return tuple(getattr(row, name) for name in _OWNED)


_write_owned = insert_or_update(stations, _OWNED, _owned_values).write


def write_owned_stations(connection: Connection, owned: Sequence[OwnedStation], at: datetime) -> None:
    """They are so since `at`."""
    note_turns(connection, owned, at)
    _write_owned(connection, owned)
    note_waiting(connection, owned, at)


def forget_owned_stations(connection: Connection, station_ids: Sequence[StationId]) -> None:
    """Nobody leads them any more; of those that were never here and that nobody chose anything for, nothing
    is left.
    """
    if not station_ids:
        return
    those = _station.station_id.in_(texts_of(station_ids))
    connection.execute(delete(stations).where(those, NEVER_HERE))
    connection.execute(update(stations).where(those).values(_NOBODYS))


def load_owned_stations(connection: Connection) -> list[OwnedStation]:
    """All that somebody leads."""
    return [OwnedStation(**row) for row in connection.execute(_ALL_OWNED).mappings()]


def list_stations(
    connection: Connection,
    wanted: StationsWanted,
    limit: int,
    *,
    after: StationId | None = None,
    offset: int = 0,
) -> list[StationId]:
    """The first that fit, in order, from behind a station on (in the order of ids), or from a number on."""
    query = select(_station.station_id).where(*_conditions(wanted))
    if after is not None:
        query = query.where(_station.station_id > after)
    found = connection.execute(_ordered(query, wanted).limit(limit).offset(offset))
    return [StationId(row.station_id) for row in found]


def count_stations(connection: Connection, wanted: StationsWanted) -> tuple[int, int]:
    """How many fit, and how many of those are online."""
    fitting = select(func.count()).select_from(stations).where(*_conditions(wanted))
    total = connection.execute(fitting).scalar_one()
    if wanted.is_online is not None:
        return total, total if wanted.is_online else 0
    # From the links on: few stations or many, each costs one look.
    up = links.alias()
    is_up = and_(up.c.station_id == _station.station_id, up.c.disconnected_at.is_(None))
    online = select(func.count()).select_from(up.join(stations, is_up)).where(*_conditions(wanted))
    return total, connection.execute(online).scalar_one()


def _ordered(query: Select[Any], wanted: StationsWanted) -> Select[Any]:
    keys = _KEYS[wanted.order] if wanted.order is not None else ()
    directed = [key.desc() if wanted.is_descending else key.asc() for key in keys]
    return query.order_by(*directed, _station.station_id)


def _conditions(wanted: StationsWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.is_online is not None:
        found.append(_is_online if wanted.is_online else ~_is_online)
    if wanted.lifecycle is not None:
        found.append(_station.lifecycle == wanted.lifecycle)
    if wanted.site_id is not None:
        found.append(_station.site_id == wanted.site_id)
    if wanted.scope is not None:
        found.append(of_stations(wanted.scope))
    if wanted.is_blocked is not None:
        blocked = _is_blocked(wanted.troubled)
        found.append(blocked if wanted.is_blocked else ~blocked)
    if text := wanted.text.strip().casefold():
        found.append(or_(*(each.contains(text, autoescape=True) for each in _SEARCHED)))
    return found or [true()]


def _is_blocked(troubled: Sequence[StationId]) -> ColumnElement[bool]:
    is_troubled = _station.station_id.in_(texts_of(troubled)) if troubled else false()
    return or_(_in_the_way > 0, is_troubled)
