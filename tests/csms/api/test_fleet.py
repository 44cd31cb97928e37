"""The stations in a few words: read once, then only those that changed, whoever looks and however often."""

import asyncio
from pathlib import Path

import pytest

from csms.api import FleetQuery
from csms.api import fleet as module
from csms.domain.links import LinkSecurity
from csms.domain.records import StationRecord
from ocppj.versions import OcppVersion
from ocppj.vocabulary import StationId
from tests.support.central import Central, opened_central

ALL = FleetQuery()


def ids(count: int) -> list[StationId]:
    """Stations."""
    return [StationId(f"s{number:03}") for number in range(count)]


def store(central: Central, *station_ids: StationId) -> None:
    """Stations that were seen."""
    for station_id in station_ids:
        central.records.kept[station_id] = StationRecord(station_id, vendor="Acme", model="Duo")


async def test_stations_are_read_once_and_then_only_those_with_news(tmp_path: Path) -> None:
    """Looking costs what has changed, not what is there."""
    async with opened_central(tmp_path) as central:
        store(central, *ids(500))
        await central.fleet.look()
        assert central.records.states_read == ids(500)
        assert central.fleet.find(ALL).station_ids == tuple(ids(500))
        central.records.states_read.clear()
        await central.fleet.look()
        assert central.records.states_read == []
        for _ in range(10):
            central.publish("transaction.updated", StationId("s007"))
        await central.fleet.look()
        assert central.records.states_read == ["s007"]


async def test_news_is_not_kept_only_which_station_it_is_of(tmp_path: Path) -> None:
    """However much happens between two looks, and if nobody ever looks again."""
    async with opened_central(tmp_path) as central:
        store(central, *ids(3))
        await central.fleet.look()
        for _ in range(10_000):
            central.publish("meter.values", StationId("s001"))
        assert central.fleet._changed == {"s001": None}
        assert central.fleet._listening is not None
        assert central.fleet._listening.pending() == []


async def test_whoever_looks_at_the_same_time_waits_for_the_same_work(tmp_path: Path) -> None:
    """Five pages that open at once read each station once."""
    async with opened_central(tmp_path) as central:
        store(central, *ids(50))
        await asyncio.gather(*(central.fleet.look() for _ in range(5)))
        assert len(central.records.states_read) == 50


async def test_a_station_that_connects_is_added_and_counted(tmp_path: Path) -> None:
    """Stored or not yet; one that leaves stays in the list where it is stored."""
    async with opened_central(tmp_path) as central:
        store(central, *ids(2))
        await central.fleet.look()
        assert central.fleet.find(ALL).online == 0
        new = StationId("new")
        central.stations.connect(new, OcppVersion.V16, LinkSecurity.BASIC_AUTH)
        central.publish("link.connected", new)
        await central.fleet.look()
        assert central.fleet.find(ALL) == module.Found((new, *ids(2)), 1)
        del central.stations.live[new]
        central.publish("link.disconnected", new)
        await central.fleet.look()
        assert central.fleet.find(ALL) == module.Found(tuple(ids(2)), 0)


async def test_details_that_change_without_news_are_noticed(tmp_path: Path) -> None:
    """A place that was renamed, a station that was ordered: provisioning tells."""
    async with opened_central(tmp_path) as central:
        await central.fleet.look()
        ordered = StationId("ordered")
        central.details.known[ordered] = {"lifecycle": "ordered", "place": {"name": "North 1"}}
        for changed in central.details.watchers:
            changed(ordered)
        await central.fleet.look()
        assert central.fleet.find(FleetQuery(text="north")).station_ids == (ordered,)
        assert central.fleet.find(FleetQuery(lifecycle="ordered")).station_ids == (ordered,)
        assert central.fleet.find(FleetQuery(lifecycle="active")).station_ids == ()


async def test_a_stranger_that_was_forgotten_leaves_the_list(tmp_path: Path) -> None:
    """Which is no news: all are read again now and then, when somebody looks."""
    async with opened_central(tmp_path) as central:
        store(central, *ids(3))
        await central.fleet.look()
        del central.records.kept[StationId("s001")]
        await central.clock.advance(module.READ_AGAIN_S)
        await central.fleet.look()
        assert central.fleet.find(ALL).station_ids == ("s000", "s002")


async def test_stations_that_could_not_be_read_are_read_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The news of them is gone by then."""
    async with opened_central(tmp_path) as central:
        store(central, *ids(3))
        await central.fleet.look()
        central.publish("transaction.updated", StationId("s001"))

        async def fail(_wanted: object) -> None:
            raise OSError("disk")

        with monkeypatch.context() as patched:
            patched.setattr(central.records, "states", fail)
            with pytest.raises(OSError, match="disk"):
                await central.fleet.look()
        central.records.states_read.clear()
        await central.fleet.look()
        assert central.records.states_read == ["s001"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (FleetQuery(text=" B"), ("b",)),
        (FleetQuery(text="DUO"), ("a", "b", "c")),
        (FleetQuery(text="nothing like it"), ()),
        (FleetQuery(is_online=True), ("c",)),
        (FleetQuery(is_online=False), ("a", "b")),
        (FleetQuery(order="link"), ("c", "a", "b")),
        (FleetQuery(order="blocked", is_descending=True), ("b", "a", "c")),
        (FleetQuery(order="station", is_descending=True), ("c", "b", "a")),
        (FleetQuery(order="version", is_descending=True), ("c", "a", "b")),
    ],
)
async def test_lists_are_filtered_and_ordered(
    tmp_path: Path, query: FleetQuery, found: tuple[str, ...]
) -> None:
    """By what people see of each station."""
    async with opened_central(tmp_path) as central:
        store(central, *map(StationId, "abc"))
        central.stations.connect(StationId("c"), OcppVersion.V16, LinkSecurity.BASIC_AUTH)
        blocked = {"lifecycle": None, "blocked_by": [{"code": "X"}]}
        central.details.known[StationId("b")] = blocked
        await central.fleet.look()
        assert central.fleet.find(query).station_ids == found
        assert central.fleet.find(query) is central.fleet.find(query)  # found once, until something changes


async def test_one_look_does_not_read_a_whole_fleet_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest waits for the next look: what people do must not cost the stations."""
    monkeypatch.setattr(module, "CHANGED_MOST", 10)
    async with opened_central(tmp_path) as central:
        store(central, *ids(25))
        await central.fleet.look()
        for each in ids(25):
            central.publish("connector.status", each)
        seen = []
        for _ in range(3):
            central.records.states_read.clear()
            await central.fleet.look()
            seen.append(len(central.records.states_read))
        assert seen == [10, 10, 5]
