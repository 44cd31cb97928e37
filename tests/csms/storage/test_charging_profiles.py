"""Charging profiles, limits of others and composite schedules, written and read back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from sqlalchemy import Connection

from csms.domain.charging_profiles import LimitsWanted, ProfileState, ProfilesWanted
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, CompositeRow
from csms.storage.charging_profiles import (
    composites_of,
    find_limits,
    find_profiles,
    load_arguments,
    load_limits,
    load_profiles,
    load_versions,
    prune_limits,
    prune_profiles,
    write_charging_limits,
    write_charging_profiles,
    write_composites,
)
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from ocppj.versions import OcppVersion
from runtime.database import Database
from tests.support.charging_profiles import profiles
from tests.support.inbound import CP1, CP2, NOON, minutes
from tests.support.plans import assert_is_indexed

SCHEDULE = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=-3.0, phases=9),), starts_at=NOON)
"""What a station says is kept, also where nobody may ask for it."""
PROFILE = ChargingProfile(profile_id=1, purpose="TxDefaultProfile", schedules=(SCHEDULE,))


def row(entry_id: str, minute: float = 0, **more: Any) -> ChargingProfileRow:
    """A profile."""
    values: dict[str, Any] = {
        "entry_id": entry_id,
        "station_id": CP1,
        "evse_id": 1,
        "profile": PROFILE,
        "source": "CSO",
        "state": ProfileState.HELD,
        "asked_at": minutes(minute),
        "moved_at": minutes(minute),
    }
    return ChargingProfileRow(**values | more)


def limit(source: str = "EMS", minute: float = 0, **more: Any) -> ChargingLimitRow:
    """A limit of somebody else."""
    values: dict[str, Any] = {
        "station_id": CP1,
        "evse_id": 0,
        "source": source,
        "is_grid_critical": True,
        "is_local_generation": None,
        "schedules": (SCHEDULE,),
        "since": minutes(minute),
        "reported_at": minutes(minute),
    }
    return ChargingLimitRow(**values | more)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profile=profiles(OcppVersion.V21))
async def test_a_profile_is_read_as_it_was_written(database: Database, profile: ChargingProfile) -> None:
    """Whatever it says; written again it is changed."""
    first = row("c1", profile=profile, transaction_id="T", reason="why", asked_by="api:ann", reported_at=NOON)

    def run(connection: Connection) -> None:
        write_charging_profiles(connection, [first])
        assert load_profiles(connection, [CP1, CP2]) == [first]
        later = replace(first, state=ProfileState.CLEARED, moved_at=minutes(5), evse_id=2)
        write_charging_profiles(connection, [later])
        assert load_profiles(connection, [CP1]) == []
        assert find_profiles(connection, ProfilesWanted(CP1, is_open=False), 10) == [later]

    await database.run_write(run)


async def test_profiles_are_listed_latest_first(database: Database) -> None:
    """Of a station, open or over, going on from one of them."""
    rows = [row("a"), row("b", 1, state=ProfileState.REFUSED), row("c", 2, station_id=CP2), row("d", 2)]

    def run(connection: Connection) -> None:
        write_charging_profiles(connection, rows)
        names = [each.entry_id for each in find_profiles(connection, ProfilesWanted(), 10)]
        assert names == ["d", "c", "b", "a"]
        going_on = find_profiles(connection, ProfilesWanted(CP1), 1, (minutes(2), "d"))
        assert [each.entry_id for each in going_on] == ["b"]
        assert [
            each.entry_id for each in find_profiles(connection, ProfilesWanted(CP1, is_open=True), 10)
        ] == [
            "d",
            "a",
        ]
        prune_profiles(connection, [CP1], kept=2)
        assert [each.entry_id for each in find_profiles(connection, ProfilesWanted(), 10)] == ["d", "c", "a"]

    await database.run_write(run)


async def test_limits_are_kept_one_for_each_source_and_evse(database: Database) -> None:
    """Told last first; the oldest go."""
    rows = [limit(), limit("SO", 1), limit("EMS", 2, evse_id=1, cleared_at=minutes(2)), limit(station_id=CP2)]

    def run(connection: Connection) -> None:
        write_charging_limits(connection, rows)
        write_charging_limits(connection, [again := limit("EMS", 0, reported_at=minutes(3), schedules=())])
        assert load_limits(connection, [CP2]) == [rows[3]]
        assert find_limits(connection, LimitsWanted(), 10) == [again, rows[2], rows[1], rows[3]]
        assert find_limits(connection, LimitsWanted(CP1, is_open=True), 10) == [again, rows[1]]
        assert find_limits(connection, LimitsWanted(CP1, is_open=False), 10) == [rows[2]]
        place = (minutes(2), CP1, 1, "EMS")
        assert find_limits(connection, LimitsWanted(), 1, place) == [rows[1]]
        prune_limits(connection, [CP1, CP2], kept=2)
        assert find_limits(connection, LimitsWanted(), 10) == [again, rows[2], rows[3]]

    await database.run_write(run)


async def test_the_last_composite_schedule_of_each_evse_is_kept(database: Database) -> None:
    """With its periods."""
    first = CompositeRow(
        station_id=CP1,
        evse_id=1,
        unit="A",
        starts_at=NOON,
        duration_s=60,
        periods=SCHEDULE.periods,
        answered_at=NOON,
    )

    def run(connection: Connection) -> None:
        write_composites(connection, [first, replace(first, evse_id=0)])
        write_composites(connection, [later := replace(first, unit="W", answered_at=minutes(1))])
        assert composites_of(connection, CP1) == [replace(first, evse_id=0), later]
        assert composites_of(connection, CP2) == []

    await database.run_write(run)


READS: dict[str, Any] = {
    "load_profiles": lambda c: load_profiles(c, [CP1]),
    "load_limits": lambda c: load_limits(c, [CP1]),
    "load_versions": lambda c: load_versions(c, [CP1]),
    "load_arguments": lambda c: load_arguments(c, ["c1"]),
    "profiles": lambda c: find_profiles(c, ProfilesWanted(), 100, (NOON, "a")),
    "limits": lambda c: find_limits(c, LimitsWanted(), 100, (NOON, CP1, 0, "EMS")),
    "composites": lambda c: composites_of(c, CP1),
}


@pytest.mark.parametrize("name", READS)
async def test_everything_that_is_read_has_its_index(database: Database, name: str) -> None:
    """No walk through a table."""
    await assert_is_indexed(database, READS[name])
