"""What waits for people, found and counted by the database; and since when each station does."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    null,
    or_,
    select,
    type_coerce,
    update,
)

from access.principals import AccessScope
from csms.domain.quarantine import QuarantineState
from csms.domain.reviews import Review
from csms.domain.station_lists import OwnedStation
from csms.domain.waiting import FleetNow, Undecided, WaitingPart, WaitingStation, WaitingWanted
from csms.storage.scopes import of_scope, of_stations
from csms.storage.tables import connectors, links, quarantine, stations, transactions
from ocppj.vocabulary import ConnectorStatus, StationId
from runtime.database import UtcDateTime
from runtime.database.rows import texts_of

_station = stations.c
_of_link = and_(links.c.station_id == _station.station_id, links.c.disconnected_at.is_(None))
_is_online = exists().where(_of_link)
_of_fault = and_(
    connectors.c.station_id == _station.station_id, connectors.c.status == ConnectorStatus.FAULTED.value
)
_is_faulted = exists().where(_of_fault)
_is_silent = and_(_station.is_due_online, ~_is_online)
_is_ill = or_(_is_silent, _is_faulted)
_link_ended = (
    select(links.c.disconnected_at).where(links.c.station_id == _station.station_id).scalar_subquery()
)
_silent_since = case((_is_silent, func.coalesce(_link_ended, _station.last_seen_at)), else_=null())
_faulted_since = select(func.min(connectors.c.status_since)).where(_of_fault).scalar_subquery()


def _earliest(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """Of two, of which each may be missing."""
    return case((one.is_(None), other), (other.is_(None), one), (one < other, one), else_=other)


_since: ColumnElement[Any] = type_coerce(
    _earliest(_earliest(_station.waits_since, _silent_since), _faulted_since), UtcDateTime()
)


def note_turns(connection: Connection, rows: Iterable[OwnedStation], at: datetime) -> None:
    """These are about to be written: those that wait for somebody else than before do so from now on."""
    by_turn: dict[str | None, list[StationId]] = {}
    for row in rows:
        by_turn.setdefault(row.who_clears if row.in_the_way else None, []).append(row.station_id)
    for turn, ids in by_turn.items():
        is_other = _station.who_clears.is_distinct_from(turn)
        since = null() if turn is None else at
        those = _station.station_id.in_(texts_of(ids))
        connection.execute(update(stations).where(those, is_other).values(waits_since=since))


def note_waiting(connection: Connection, rows: Sequence[OwnedStation], at: datetime) -> None:
    """These were written: those that wait, and of which nobody knew since when, wait from now on."""
    waiting = [each.station_id for each in rows if each.in_the_way]
    if waiting:
        those = _station.station_id.in_(texts_of(waiting))
        connection.execute(
            update(stations).where(those, _station.waits_since.is_(None)).values(waits_since=at)
        )


def waiting_stations(connection: Connection, wanted: WaitingWanted, limit: int, offset: int) -> WaitingPart:
    """Those that wait the longest, from a number on."""
    query = _waiting(wanted)
    order = case((_since.is_(None), 0), else_=1), _since, _station.station_id
    found = connection.execute(query.order_by(*order).limit(limit).offset(offset))
    total = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    return WaitingPart(tuple(WaitingStation(StationId(row.station_id), row.since) for row in found), total)


def _waiting(wanted: WaitingWanted) -> Select[Any]:
    is_in_the_way = _station.in_the_way > 0
    is_turn = and_(is_in_the_way, _station.who_clears.in_(sorted(wanted.turns)))
    is_theirs = and_(of_stations(wanted.own_scope), or_(is_turn, _is_ill)) if wanted.turns else false()
    fits = and_(or_(is_in_the_way, _is_ill), not_(is_theirs)) if wanted.is_for_others else is_theirs
    query = select(_station.station_id, _since.label("since"))
    return query.where(of_stations(wanted.scope), fits)


def held_transactions(connection: Connection, scope: AccessScope, most: int) -> Undecided:
    """Those that wait for a person, up to so many."""
    column = transactions.c
    query = select(func.coalesce(column.ended_at, column.started_at).label("at"))
    query = query.where(column.review == Review.HELD.value, of_scope(column.station_id, scope))
    return _undecided(connection, query, most)


def quarantined_messages(connection: Connection, scope: AccessScope, most: int) -> Undecided:
    """Those that wait for a person, up to so many."""
    column = quarantine.c
    query = select(column.received_at.label("at")).order_by(column.quarantine_id)
    query = query.where(column.state == QuarantineState.WAITING.value, of_scope(column.station_id, scope))
    return _undecided(connection, query, most)


def _undecided(connection: Connection, query: Select[Any], most: int) -> Undecided:
    some = query.limit(most).subquery()
    oldest = type_coerce(func.min(some.c.at), UtcDateTime())
    count, since = connection.execute(select(func.count(), oldest).select_from(some)).one()
    return Undecided(count, since)


def fleet_now(connection: Connection, scope: AccessScope) -> FleetNow:
    """The stations of a scope in numbers."""
    is_theirs = of_stations(scope)
    up = links.alias()
    is_up = and_(up.c.station_id == _station.station_id, up.c.disconnected_at.is_(None))
    charging = (
        select(func.count(), func.coalesce(func.sum(transactions.c.power_w), 0.0))
        .select_from(transactions.join(links, links.c.station_id == transactions.c.station_id))
        .where(transactions.c.ended_at.is_(None), links.c.disconnected_at.is_(None))
        .where(of_scope(transactions.c.station_id, scope))
    )

    def counted(query: Select[Any]) -> int:
        return int(connection.execute(query.where(is_theirs)).scalar_one())

    some = select(func.count()).select_from(stations)
    faulted = select(func.count(_station.station_id.distinct())).select_from(
        connectors.join(stations, connectors.c.station_id == _station.station_id)
    )
    count, power_w = connection.execute(charging).one()
    return FleetNow(
        stations=counted(some),
        online=counted(select(func.count()).select_from(up.join(stations, is_up))),
        faulted=counted(faulted.where(connectors.c.status == ConnectorStatus.FAULTED.value)),
        silent=counted(some.where(_is_silent)),
        charging=int(count),
        power_w=float(power_w),
    )
