"""Leases, baselines and tags: read and written in single, short transactions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, tuple_, union, update

from csms.domain.leases import (
    BaselineState,
    BaselineValue,
    BenchStation,
    BenchWanted,
    Lease,
    LeaseEnd,
    LeaseState,
    LeasesWanted,
    Restoration,
)
from csms.storage.lease_tables import IS_OPEN, lease_baselines, leases, station_tags
from csms.storage.scopes import of_scope
from ocppj.vocabulary import StationId
from runtime.database.rows import add_row, save_row

LEASES_KEPT = 10_000
"""Those that are over, all stations together."""
STATIONS_MOST = 1000
"""Of the bench, that are looked at for a wish."""

_table = leases.c
_encode = msgspec.json.Encoder().encode
_restoration = msgspec.json.Decoder(Restoration).decode
_baseline = msgspec.json.Decoder(list[BaselineValue]).decode


def _values(lease: Lease) -> dict[str, Any]:
    return {
        "lease_id": lease.lease_id,
        "station_id": lease.station_id,
        "holder": lease.holder,
        "purpose": lease.purpose,
        "tags": " ".join(lease.tags),
        "lasts_s": lease.lasts_s,
        "since": lease.since,
        "renewed_at": lease.renewed_at,
        "expires_at": lease.expires_at,
        "state": lease.state.value,
        "baseline": lease.baseline.value,
        "end_cause": lease.end.value if lease.end is not None else None,
        "ended_at": lease.ended_at,
        "ended_by": lease.ended_by,
        "reason": lease.reason,
        "restoration": _encode(lease.restoration).decode() if lease.restoration is not None else None,
        "moved_at": lease.moved_at,
    }


def _lease(row: Row[Any]) -> Lease:
    return Lease(
        lease_id=row.lease_id,
        station_id=StationId(row.station_id),
        holder=row.holder,
        purpose=row.purpose,
        tags=tuple(row.tags.split()),
        lasts_s=row.lasts_s,
        since=row.since,
        renewed_at=row.renewed_at,
        expires_at=row.expires_at,
        state=LeaseState(row.state),
        baseline=BaselineState(row.baseline),
        end=LeaseEnd(row.end_cause) if row.end_cause is not None else None,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        reason=row.reason,
        restoration=_restoration(row.restoration) if row.restoration is not None else None,
        moved_at=row.moved_at,
    )


def add_lease(connection: Connection, lease: Lease) -> bool:
    """Store a new one; False where another one of the station is open."""
    return add_row(connection, leases, _values(lease))


def change_lease(connection: Connection, lease: Lease) -> None:
    """It is so now; once it is over, what the station was before is forgotten, and so are the oldest."""
    connection.execute(update(leases).where(_table.lease_id == lease.lease_id).values(_values(lease)))
    if lease.is_open:
        return
    connection.execute(delete(lease_baselines).where(lease_baselines.c.lease_id == lease.lease_id))
    over = select(_table.lease_id).where(~IS_OPEN)
    too_old = over.order_by(_table.since.desc(), _table.lease_id.desc()).offset(LEASES_KEPT)
    connection.execute(delete(leases).where(_table.lease_id.in_(too_old.limit(LEASES_KEPT))))


def one_lease(connection: Connection, lease_id: str, *, locks: bool = False) -> Lease | None:
    """One; `locks`: nobody else changes it before the transaction ends."""
    query = select(leases).where(_table.lease_id == lease_id)
    row = connection.execute(query.with_for_update() if locks else query).first()
    return _lease(row) if row is not None else None


def open_lease_of(connection: Connection, station_id: StationId) -> Lease | None:
    """The one of this station that is not over."""
    row = connection.execute(select(leases).where(_table.station_id == station_id, IS_OPEN)).first()
    return _lease(row) if row is not None else None


def open_leases_of(connection: Connection, station_ids: Collection[StationId]) -> Mapping[StationId, Lease]:
    """Those of these stations that are not over."""
    rows = connection.execute(select(leases).where(_table.station_id.in_(station_ids), IS_OPEN))
    return {each.station_id: each for each in map(_lease, rows)}


def find_leases(
    connection: Connection,
    wanted: LeasesWanted,
    limit: int = 100,
    after: tuple[datetime, str] | None = None,
) -> list[Lease]:
    """Those that fit, latest first."""
    query = select(leases).where(of_scope(_table.station_id, wanted.scope))
    if wanted.station_id is not None:
        query = query.where(_table.station_id == wanted.station_id)
    if wanted.is_open is not None:
        query = query.where(IS_OPEN if wanted.is_open else ~IS_OPEN)
    if after is not None:
        query = query.where(tuple_(_table.since, _table.lease_id) < after)
    ordered = query.order_by(_table.since.desc(), _table.lease_id.desc())
    return [_lease(row) for row in connection.execute(ordered.limit(limit))]


def save_baseline(connection: Connection, lease_id: str, values: Sequence[BaselineValue]) -> None:
    """What the station was when the lease began."""
    save_row(connection, lease_baselines, {"lease_id": lease_id, "content": _encode(values).decode()})


def baseline_of_lease(connection: Connection, lease_id: str) -> list[BaselineValue]:
    """The same again; nothing where it was never read."""
    query = select(lease_baselines.c.content).where(lease_baselines.c.lease_id == lease_id)
    content = connection.execute(query).scalar()
    return _baseline(content) if content is not None else []


def set_tags(connection: Connection, station_id: StationId, tags: Collection[str]) -> None:
    """The station has these tags, and no other."""
    connection.execute(delete(station_tags).where(station_tags.c.station_id == station_id))
    rows = [{"station_id": station_id, "tag": each} for each in sorted(set(tags))]
    if rows:
        connection.execute(insert(station_tags), rows)


def bench_stations(
    connection: Connection, wanted: BenchWanted, limit: int = 100, after: StationId | None = None
) -> list[BenchStation]:
    """The stations of the bench in order of their ids: those with a tag, and those that somebody has."""
    tagged, held = select(station_tags.c.station_id), select(_table.station_id).where(IS_OPEN)
    known = union(tagged, held).subquery()
    query = select(known.c.station_id).where(of_scope(known.c.station_id, wanted.scope))
    if wanted.tags:
        query = query.where(known.c.station_id.in_(_with_all(wanted.tags)))
    if after is not None:
        query = query.where(known.c.station_id > after)
    found = connection.execute(query.order_by(known.c.station_id).limit(limit)).scalars()
    station_ids = [StationId(each) for each in found]
    tags, open_ones = tags_of(connection, station_ids), open_leases_of(connection, station_ids)
    return [BenchStation(each, tags.get(each, ()), open_ones.get(each)) for each in station_ids]


def tags_of(
    connection: Connection, station_ids: Collection[StationId]
) -> Mapping[StationId, tuple[str, ...]]:
    """The tags of these stations, each in order."""
    query = select(station_tags).where(station_tags.c.station_id.in_(station_ids))
    found: dict[StationId, tuple[str, ...]] = {}
    for row in connection.execute(query.order_by(station_tags.c.tag)):
        found[row.station_id] = (*found.get(row.station_id, ()), row.tag)
    return found


def _with_all(tags: Collection[str]) -> Any:
    wanted = set(tags)
    found = select(station_tags.c.station_id).where(station_tags.c.tag.in_(wanted))
    return found.group_by(station_tags.c.station_id).having(func.count() == len(wanted))
