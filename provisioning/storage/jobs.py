"""Jobs with their places, and what is read of an installer's account."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, insert, or_, select

from access.memberships import principal_of
from access.principals import AccessScope, Account, AccountKind, Principal
from access.scopes import in_scope
from ocppj.vocabulary import StationId
from provisioning.records import Job, JobStop
from provisioning.storage.tables import job_places, jobs, places, sites
from runtime.database.rows import save_row
from runtime.rows import execute_many, rows_with

Spot = tuple[date, str]
"""Where a list of jobs goes on: the day and the id of the last one shown."""


@dataclass(frozen=True, slots=True)
class JobsWanted:
    """Which jobs: of sites in `scope`, and those of `account` at sites in `own_scope`."""

    scope: AccessScope
    own_scope: AccessScope
    account: str
    site_id: str | None = None
    since: date | None = None
    is_mine: bool = False
    is_cancelled: bool = False


def load_jobs(connection: Connection, wanted: JobsWanted, limit: int, after: Spot | None = None) -> list[Job]:
    """Jobs by day, the earliest first."""
    query = select(jobs).join(sites, sites.c.site_id == jobs.c.site_id).where(*_conditions(wanted))
    if after is not None:
        day, job_id = after[0].isoformat(), after[1]
        query = query.where(or_(jobs.c.day > day, and_(jobs.c.day == day, jobs.c.job_id > job_id)))
    return _jobs(connection, query.order_by(jobs.c.day, jobs.c.job_id).limit(limit))


def load_job(connection: Connection, job_id: str) -> Job | None:
    """One job."""
    return next(iter(_jobs(connection, select(jobs).where(jobs.c.job_id == job_id))), None)


def open_jobs_of(connection: Connection, account: str) -> list[Job]:
    """The jobs of an installer that nobody cancelled, by day."""
    theirs = select(jobs).where(jobs.c.account == account, jobs.c.cancelled_at.is_(None))
    return _jobs(connection, theirs.order_by(jobs.c.day, jobs.c.job_id))


def load_person(connection: Connection, name: str | None) -> Principal | None:
    """Who logs in with this name, and as what."""
    return principal_of(connection, Account(AccountKind.PERSON, name)) if name is not None else None


def load_people(connection: Connection, names: Collection[str]) -> dict[str, Principal]:
    """Those of these names that can log in."""
    found = ((name, load_person(connection, name)) for name in sorted(names))
    return {name: person for name, person in found if person is not None}


def places_on(connection: Connection, site_id: str, place_ids: Collection[str]) -> frozenset[str]:
    """Those of these places that are on the site."""
    query = select(places.c.place_id).where(places.c.site_id == site_id)
    return frozenset(row.place_id for row in rows_with(connection, query, places.c.place_id, place_ids))


def save_job(connection: Connection, job: Job) -> None:
    """Insert a job or change it, with its places."""
    values = {
        "job_id": job.job_id,
        "site_id": job.site_id,
        "day": job.day.isoformat(),
        "account": job.account,
        "note": job.note,
        "created_at": job.created_at,
        "created_by": job.created_by,
        "cancelled_at": job.cancelled_at,
    }
    save_row(connection, jobs, values)
    connection.execute(delete(job_places).where(job_places.c.job_id == job.job_id))
    rows = [
        {
            "job_id": job.job_id,
            "place_id": each.place_id,
            "position": position,
            "station_id": each.station_id,
            "replaces": each.replaces,
        }
        for position, each in enumerate(job.stops)
    ]
    execute_many(connection, insert(job_places), rows)


def _conditions(wanted: JobsWanted) -> list[ColumnElement[bool]]:
    columns = sites.c.organisation_id, sites.c.site_id
    mine = and_(jobs.c.account == wanted.account, in_scope(wanted.own_scope, *columns))
    found: list[ColumnElement[bool]] = [
        mine if wanted.is_mine else or_(in_scope(wanted.scope, *columns), mine)
    ]
    if wanted.site_id is not None:
        found.append(jobs.c.site_id == wanted.site_id)
    if wanted.since is not None:
        found.append(jobs.c.day >= wanted.since.isoformat())
    if not wanted.is_cancelled:
        found.append(jobs.c.cancelled_at.is_(None))
    return found


def _jobs(connection: Connection, query: Select[Any]) -> list[Job]:
    rows = connection.execute(query).all()
    stops: dict[str, list[JobStop]] = {row.job_id: [] for row in rows}
    ordered = select(job_places).order_by(job_places.c.job_id, job_places.c.position)
    for stop in rows_with(connection, ordered, job_places.c.job_id, stops):
        stops[stop.job_id].append(JobStop(stop.place_id, _station(stop.station_id), _station(stop.replaces)))
    return [_job(row, tuple(stops[row.job_id])) for row in rows]


def _job(row: Row[Any], stops: tuple[JobStop, ...]) -> Job:
    return Job(
        row.job_id,
        row.site_id,
        date.fromisoformat(row.day),
        stops,
        row.created_at,
        row.created_by,
        row.account,
        row.note,
        row.cancelled_at,
    )


def _station(text: str | None) -> StationId | None:
    return StationId(text) if text is not None else None
