"""Lists narrowed to organisations and sites, by the database; on both databases."""

from typing import Any

import pytest
from sqlalchemy import literal_column, select

from access.principals import AccessScope
from csms.domain.station_lists import OwnedStation, StationsWanted
from csms.storage.scopes import of_scope
from csms.storage.station_lists import count_stations, list_stations, write_owned_stations
from csms.storage.tables import stations
from ocppj.vocabulary import StationId
from runtime.database import Database
from tests.support.inbound import NOON
from tests.support.scopes import EVERYTHING

OWNED = [
    OwnedStation(StationId("a"), "active"),
    OwnedStation(StationId("b"), "active", site_id="s1"),
    OwnedStation(StationId("c"), "active", site_id="s2", organisation_id="autre"),
    OwnedStation(StationId("d"), "active", site_id="s3", organisation_id="autre"),
]
AUTRE = AccessScope(frozenset({"autre"}))
ONE_SITE = AccessScope(sites=frozenset({"s2"}))
CASES = [
    (EVERYTHING, "abx"),
    (AUTRE, "cd"),
    (ONE_SITE, "c"),
    (AccessScope(sites=frozenset({"s1"})), "b"),
    (AccessScope(frozenset({"default"}), frozenset({"s3"})), "abdx"),
    (AccessScope(frozenset({"default", "autre"})), "abcdx"),
    (AccessScope(is_everywhere=True), "abcdx"),
    (AccessScope(), ""),
    (None, "abcdx"),
]


@pytest.mark.parametrize(("scope", "expected"), CASES)
async def test_rows_of_stations_and_rows_about_them(
    database: Database, scope: AccessScope | None, expected: str
) -> None:
    """What is told of a station follows it; one that is not stored (x) belongs to who runs the server."""

    def found(connection: Any) -> tuple[str, str, int]:
        write_owned_stations(connection, OWNED, NOON)
        told = select(stations.c.station_id).union_all(select(literal_column("'x'"))).subquery()
        rows = connection.execute(select(told.c.station_id).where(of_scope(told.c.station_id, scope)))
        about = "".join(sorted(row.station_id for row in rows))
        wanted = StationsWanted(scope=scope)
        listed = "".join(list_stations(connection, wanted, 10))
        return about, listed, count_stations(connection, wanted)[0]

    about, listed, count = await database.run_write(found)
    assert about == expected
    assert (listed, count) == (expected.replace("x", ""), len(expected.replace("x", "")))
