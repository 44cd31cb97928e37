"""Limits that stations exceed, and which stations there is anything to compare of."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, or_, select, tuple_

from csms.domain.charging_profiles import PERHAPS_HELD, LimitsWanted
from csms.rules.charging_rows import ExceededLimitRow
from csms.rules.exceeded_limits import PowerNow
from csms.storage.charging_tables import charging_limits, charging_profiles, exceeded_limits
from csms.storage.scopes import of_scope
from csms.storage.tables import transactions
from ocppj.vocabulary import StationId
from runtime.database import to_micros
from runtime.database.statements import Values, insert_or_update

LOOKED_AT_MOST = 500
"""Stations at one look."""
_table = exceeded_limits.c
_COLUMNS = tuple(column.name for column in exceeded_limits.columns)


def _values(row: ExceededLimitRow) -> Values:
    return (
        row.station_id,
        row.evse_id,
        row.transaction_id,
        row.limit_w,
        row.power_w,
        to_micros(row.since),
        to_micros(row.moved_at),
        to_micros(row.ended_at) if row.ended_at is not None else None,
    )


write_exceeded_limits = insert_or_update(exceeded_limits, _COLUMNS, _values).write


def limited_stations(connection: Connection, after: str = "", limit: int = LOOKED_AT_MOST) -> list[StationId]:
    """Those where something goes on under a limit, and those that were found exceeding one, by name."""
    running = transactions.c
    station = running.station_id
    held = charging_profiles.c
    has_profile = exists().where(
        held.station_id == station, held.state.in_(sorted(each.value for each in PERHAPS_HELD))
    )
    has_limit = exists().where(
        charging_limits.c.station_id == station, charging_limits.c.cleared_at.is_(None)
    )
    charging = select(station).where(running.ended_at.is_(None), station > after, or_(has_profile, has_limit))
    found = {row[0] for row in connection.execute(charging.distinct().order_by(station).limit(limit))}
    known = select(_table.station_id).where(_table.ended_at.is_(None), _table.station_id > after)
    found |= {row[0] for row in connection.execute(known.distinct().order_by(_table.station_id).limit(limit))}
    return [StationId(each) for each in sorted(found)[:limit]]


def powers_at(connection: Connection, station_id: StationId) -> list[PowerNow]:
    """What the transactions that go on have last metered, one at each EVSE: the latest."""
    table = transactions.c
    query = select(table.evse_id, table.power_w, table.power_at).where(
        table.station_id == station_id, table.ended_at.is_(None), table.evse_id > 0
    )
    rows = connection.execute(query.order_by(table.started_at))
    return list({row.evse_id: PowerNow(row.evse_id, row.power_w, row.power_at) for row in rows}.values())


def exceeded_of(connection: Connection, station_id: StationId) -> list[ExceededLimitRow]:
    """What a station exceeds now."""
    query = select(exceeded_limits).where(_table.station_id == station_id, _table.ended_at.is_(None))
    return [ExceededLimitRow(**each) for each in connection.execute(query).mappings()]


def find_exceeded(
    connection: Connection, wanted: LimitsWanted, limit: int, after: tuple[datetime, str, int] | None = None
) -> Sequence[ExceededLimitRow]:
    """Those that fit, the latest first: of each EVSE the last."""
    query = select(exceeded_limits).where(of_scope(_table.station_id, wanted.scope))
    if wanted.station_id is not None:
        query = query.where(_table.station_id == wanted.station_id)
    if wanted.is_open is not None:
        query = query.where(_table.ended_at.is_(None) if wanted.is_open else _table.ended_at.is_not(None))
    place = (_table.since, _table.station_id, _table.evse_id)
    if after is not None:
        query = query.where(tuple_(*place) < after)
    rows = connection.execute(query.order_by(*(each.desc() for each in place)).limit(limit)).mappings()
    return [ExceededLimitRow(**each) for each in rows]
