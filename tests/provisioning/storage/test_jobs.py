"""Jobs as rows, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from access.principals import DEFAULT, AccessScope
from ocppj.vocabulary import StationId
from provisioning.records import Job, JobStop, Place, Site
from provisioning.storage.jobs import (
    JobsWanted,
    load_job,
    load_jobs,
    load_people,
    load_person,
    open_jobs_of,
    places_on,
    save_job,
)
from provisioning.storage.sites import save_place, save_site
from runtime.database import Database

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NOTHING = AccessScope()
EVERYTHING = AccessScope(frozenset({DEFAULT, "autre"}))


def job(job_id: str, day: int, site: str = "s", account: str | None = "sam") -> Job:
    """One with two places of its site."""
    stops = (JobStop(f"{site}q", StationId("b"), StationId("a")), JobStop(f"{site}p"))
    return Job(job_id, site, date(2026, 5, day), stops, NOW, "ann", account=account, note="note")


@pytest.fixture
async def filled(database: Database) -> Database:
    """Two sites of two organisations, three jobs."""

    def write(connection: Connection) -> None:
        for site, whose in (("s", DEFAULT), ("t", "autre")):
            save_site(connection, Site(site, site, "UTC", organisation_id=whose))
            for place in "pq":
                save_place(connection, Place(site + place, site, place))
        for each in (job("1", 6), job("2", 5), job("3", 5, "t", "kim")):
            save_job(connection, each)

    await database.run_write(write)
    return database


def wanted(**fields: object) -> JobsWanted:
    """All of whoever may plan everywhere."""
    given = {"scope": EVERYTHING, "own_scope": EVERYTHING, "account": "ann"} | fields
    return JobsWanted(**given)  # type: ignore[arg-type] # fields


async def ids(
    database: Database, limit: int = 10, after: tuple[date, str] | None = None, **fields: object
) -> str:
    """Those that are found, in their order."""
    found = await database.run_read(lambda c: load_jobs(c, wanted(**fields), limit, after))
    return "".join(each.job_id for each in found)


async def test_a_job_comes_back_as_it_was(filled: Database) -> None:
    """Its places in their order; changed, it has its new ones only."""
    assert await filled.run_read(lambda c: load_job(c, "1")) == job("1", 6)
    fewer = Job("1", "s", date(2026, 5, 7), (JobStop("sp"),), NOW, "ann", cancelled_at=NOW)
    await filled.run_write(lambda c: save_job(c, fewer))
    assert await filled.run_read(lambda c: load_job(c, "1")) == fewer
    assert await filled.run_read(lambda c: load_job(c, "none")) is None


async def test_a_list_goes_by_day_and_goes_on(filled: Database) -> None:
    """Also within a day."""
    assert await ids(filled) == "231"
    assert await ids(filled, 1) == "2"
    assert await ids(filled, 10, (date(2026, 5, 5), "2")) == "31"


async def test_a_list_is_narrowed(filled: Database) -> None:
    """By site, day, installer; those that were cancelled are left away."""
    assert await ids(filled, site_id="s") == "21"
    assert await ids(filled, since=date(2026, 5, 6)) == "1"
    assert await ids(filled, account="kim", is_mine=True) == "3"
    assert await ids(filled, scope=AccessScope(frozenset({"autre"})), own_scope=NOTHING) == "3"
    assert await ids(filled, scope=NOTHING, account="kim") == "3"
    assert await ids(filled, scope=NOTHING, own_scope=NOTHING, account="kim") == ""
    gone = Job("1", "s", date(2026, 5, 6), (), NOW, "ann", account="sam", cancelled_at=NOW)
    await filled.run_write(lambda c: save_job(c, gone))
    assert await ids(filled) == "23"
    assert await ids(filled, is_cancelled=True) == "231"
    assert [each.job_id for each in await filled.run_read(lambda c: open_jobs_of(c, "sam"))] == ["2"]


async def test_places_are_those_of_the_site(filled: Database) -> None:
    """Another site's are not."""
    assert await filled.run_read(lambda c: places_on(c, "s", ["sp", "tp", "none"])) == {"sp"}


async def test_nobody_has_an_account_that_nobody_made(filled: Database) -> None:
    """Nor has nobody."""
    assert await filled.run_read(lambda c: load_person(c, "sam")) is None
    assert await filled.run_read(lambda c: load_person(c, None)) is None
    assert await filled.run_read(lambda c: load_people(c, {"sam"})) == {}
