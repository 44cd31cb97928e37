"""The fleet in numbers, once a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, delete, func, select, type_coerce

from csms.domain.history import FLEET_KEPT_FOR, FleetCount, FleetPoint
from csms.storage.history_tables import fleet_counts
from csms.storage.tables import links, transactions
from runtime.database import UtcDateTime, to_micros
from runtime.database.statements import Values, insert_new

PRUNED_AT_ONCE = 10
"""Minutes: a clock that is a year ahead for an hour must not cost a year of history."""

_MICROSECOND = timedelta(microseconds=1)
_COLUMNS = tuple(column.name for column in fleet_counts.columns)
_OLDEST = (
    select(fleet_counts.c.minute)
    .where(fleet_counts.c.minute < bindparam("kept_since", type_=UtcDateTime()))
    .order_by(fleet_counts.c.minute)
    .limit(PRUNED_AT_ONCE)
)
_PRUNE = delete(fleet_counts).where(fleet_counts.c.minute.in_(_OLDEST))
_POWER = (
    select(func.coalesce(func.sum(transactions.c.power_w), 0.0))
    .select_from(transactions.join(links, links.c.station_id == transactions.c.station_id))
    .where(transactions.c.ended_at.is_(None), links.c.disconnected_at.is_(None))
)


def _values(count: FleetCount) -> Values:
    return (to_micros(count.minute), *(getattr(count, name) for name in _COLUMNS[1:]))


_write = insert_new(fleet_counts, _COLUMNS, _values).write


def write_fleet_count(connection: Connection, count: FleetCount) -> bool:
    """Keep it, and forget what is too old; False where another process has counted this minute already."""
    _write(connection, [count])
    connection.execute(_PRUNE, {"kept_since": count.minute - FLEET_KEPT_FOR})
    found = connection.execute(select(fleet_counts).where(fleet_counts.c.minute == count.minute)).one()
    return _loaded(found) == count


def energy_before(connection: Connection, minute: datetime) -> float:
    """What the last count before this minute had."""
    query = select(fleet_counts.c.energy_wh).where(fleet_counts.c.minute < minute)
    return connection.execute(query.order_by(fleet_counts.c.minute.desc()).limit(1)).scalar() or 0.0


def power_of_connected(connection: Connection) -> float:
    """What the stations that are connected deliver in their open transactions, in W."""
    return float(connection.execute(_POWER).scalar_one())


def fleet_points(
    connection: Connection, since: datetime, until: datetime, step: timedelta
) -> Sequence[FleetPoint]:
    """The counts from `since` to before `until`, oldest first, one for each `step` in which there are any.

    Steps begin at whole multiples of themselves since 1970, in UTC.
    """
    micros = type_coerce(fleet_counts.c.minute, BigInteger)
    begins = type_coerce(micros - micros % (step // _MICROSECOND), UtcDateTime()).label("begins")
    wanted = fleet_counts.c.minute >= since, fleet_counts.c.minute < until
    stepped = select(begins, *fleet_counts.columns).where(*wanted).subquery()
    worst = [
        (func.min if name == "stations_online" else func.max)(stepped.c[name]).label(name)
        for name in _COLUMNS[1:]
    ]
    query = select(stepped.c.begins.label("minute"), func.count().label("minutes"), *worst)
    rows = connection.execute(query.group_by(stepped.c.begins).order_by(stepped.c.begins))
    return [FleetPoint(row.minutes, _loaded(row)) for row in rows]


def _loaded(row: Row[Any]) -> FleetCount:
    return FleetCount(**{name: getattr(row, name) for name in _COLUMNS})
