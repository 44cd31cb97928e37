"""How stations are now: kept by the news, bounded, and forgotten when it is over."""

import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace

from csms.domain.records import ConnectorRecord, StationRecord, StationState
from csms.domain.station_events import StationEvent
from ocppj.vocabulary import ConnectorStatus, StationId
from provisioning.observed import BOXES_LIMIT, BOXES_REMEMBERED, CROWDED_LIMIT, FAULTS_LIMIT, Observed
from tests.support.provisioning import ID, MAC, World


@pytest.fixture
async def observed(world: World) -> Observed:
    """Of a world with one ordered station."""
    await world.order(MAC)
    return Observed(world.provisioning.station_cache)


def events(world: World, event: str, **payload: Any) -> StationEvent:
    """Something happened to the station."""
    return StationEvent(event, ID, world.clock.now(), payload)


def status(world: World, status: str, *, evse_id: int = 1, error: str | None = None) -> StationEvent:
    """A connector's status."""
    told = {"evse_id": evse_id, "connector_id": 1, "reported": status, "info": None}
    return events(world, "connector.status", **told, status=status, error_code=error)


def boot(world: World, serial: str) -> StationEvent:
    """A box presents itself."""
    return events(world, "station.booted", vendor="Acme", model="One", serial_number=serial)


async def test_a_fault_stays_until_the_connector_says_otherwise(world: World, observed: Observed) -> None:
    """Since when it was first reported; news of healthy connectors is not even looked at."""
    assert not observed.is_concerned(status(world, "Available"))
    assert observed.is_concerned(status(world, "Available", error="NoError"))
    observed.status_reported(status(world, "Faulted"))
    (first,) = observed.conditions(ID, is_online=True).faults
    await world.clock.advance(60)
    observed.status_reported(status(world, "Faulted"))
    assert observed.conditions(ID, is_online=True).faults == (first,)
    assert observed.is_concerned(status(world, "Available"))
    observed.status_reported(status(world, "Available"))
    assert observed.conditions(ID, is_online=True).faults == ()


async def test_what_was_stored_is_known_after_a_restart(world: World, observed: Observed) -> None:
    """Faults, and since when a station that we lead was not heard."""
    at = world.clock.now()
    faulted = ConnectorRecord(ID, 1, 2, ConnectorStatus.FAULTED, "Faulted", at)
    stranger = StationRecord(StationId("cp"), last_seen_at=at)
    observed.recall(StationState(StationRecord(ID, last_seen_at=at), [faulted], []))
    observed.recall(StationState(stranger, [], []))
    conditions = observed.conditions(ID, is_online=False)
    assert [each.connector_id for each in conditions.faults] == [2]
    assert conditions.offline_since == at
    assert observed.conditions(StationId("cp"), is_online=False).offline_since is None


async def test_silence_begins_with_the_end_of_the_link(world: World, observed: Observed) -> None:
    """And ends with the next one."""
    observed.link_changed(events(world, "link.disconnected", epoch=1, reason=""))
    assert observed.conditions(ID, is_online=False).offline_since == world.clock.now()
    observed.link_changed(events(world, "link.connected", epoch=2))
    assert observed.conditions(ID, is_online=True).offline_since is None


async def test_a_box_that_is_turned_away_is_remembered_for_a_while(world: World, observed: Observed) -> None:
    """Counted by address; new only once, so that nobody is told each time."""
    assert observed.turned_away(ID, "192.0.2.9", world.clock.now())
    assert not observed.turned_away(ID, "192.0.2.9", world.clock.now())
    here, there = observed.conditions(ID, is_online=True, address="192.0.2.1").boxes
    assert (here.address, here.times) == ("192.0.2.1", 0)
    assert (there.address, there.times) == ("192.0.2.9", 2)
    await world.clock.advance(BOXES_REMEMBERED.total_seconds() + 1)
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes == ()


async def test_boxes_that_take_turns_are_told_by_their_serials(world: World, observed: Observed) -> None:
    """Each link takes the place of the other's; a station that replaces its own dead link is one box."""
    for serial in ("A", "A", "A"):
        observed.link_changed(events(world, "link.connected", epoch=1))
        observed.booted(boot(world, serial), "192.0.2.1")
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes == ()
    for serial in ("B", "A"):
        observed.link_changed(events(world, "link.connected", epoch=1))
        observed.booted(boot(world, serial), f"192.0.2.{serial}")
    boxes = observed.conditions(ID, is_online=True, address="192.0.2.A").boxes
    assert {(each.serial_number, each.address) for each in boxes} == {("A", "192.0.2.A"), ("B", "192.0.2.B")}


async def test_a_board_that_was_swapped_is_no_second_box(world: World, observed: Observed) -> None:
    """The old one went, the new one came: nobody took anybody's place."""
    for serial in ("A", "B", "C"):
        observed.link_changed(events(world, "link.connected", epoch=1))
        observed.booted(boot(world, serial), "192.0.2.1")
        observed.link_changed(events(world, "link.disconnected", epoch=1, reason=""))
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes == ()


async def test_strangers_cannot_fill_the_memory(world: World, observed: Observed) -> None:
    """Boxes, stations with several, and faults of a station are bounded; the oldest go."""
    at = world.clock.now()
    for number in range(2 * BOXES_LIMIT):
        observed.turned_away(ID, f"192.0.2.{number}", at)
    assert len(observed.conditions(ID, is_online=True, address="x").boxes) == BOXES_LIMIT + 1
    for number in range(CROWDED_LIMIT):
        observed.turned_away(StationId(f"cp{number}"), "192.0.2.9", at)
    assert observed.conditions(ID, is_online=True, address="x").boxes == ()
    for number in range(2 * FAULTS_LIMIT):
        observed.status_reported(status(world, "Faulted", evse_id=number + 1))
    assert len(observed.conditions(ID, is_online=True).faults) == FAULTS_LIMIT


async def test_a_station_that_is_gone_is_forgotten(world: World, observed: Observed) -> None:
    """All of it."""
    observed.status_reported(status(world, "Faulted"))
    observed.turned_away(ID, "192.0.2.9", world.clock.now())
    observed.forget(ID)
    conditions = observed.conditions(ID, is_online=True, address="192.0.2.1")
    assert (conditions.faults, conditions.boxes) == ((), ())


async def test_what_a_station_tells_nothing_of_is_kept_until_it_does(
    world: World, observed: Observed
) -> None:
    """Only the lacking ones are kept; only news that does not fit what is known is looked into."""
    told: list[StationId] = []
    observed.watchers.append(told.append)
    silent = events(world, "transaction.ended", energy_wh=None, charging_state=None)
    in_part = events(world, "transaction.ended", energy_wh=0.0, charging_state=None)
    whole = events(world, "transaction.ended", energy_wh=0.0, charging_state="Charging")
    assert [observed.is_unexpected(each) for each in (silent, in_part, whole)] == [True, True, False]
    observed.note_untold(ID, {"idle": world.clock.now()})
    assert [observed.is_unexpected(each) for each in (silent, in_part, whole)] == [True, False, True]
    observed.note_untold(ID, {"idle": world.clock.now()})
    observed.note_untold(StationId("cp"), {})
    assert (list(observed.untold), told) == ([ID], [ID])
    observed.note_untold(ID, {})
    assert (dict(observed.untold), told) == ({}, [ID, ID])
    observed.note_untold(ID, {"energy": world.clock.now()})
    observed.forget(ID)
    assert not observed.untold


async def test_a_box_that_came_under_an_id_of_its_own_is_no_second_box_any_more(
    world: World, observed: Observed
) -> None:
    """It is known by its address, or by its serial; an id that was known before proves nothing."""
    other = StationId("cp-9")
    observed.turned_away(ID, "192.0.2.9", world.clock.now())
    before = world.clock.now()
    await world.clock.advance(60)
    box = observed.booted(replace(boot(world, "B"), station_id=other), "192.0.2.9")
    assert observed.is_twin(box)
    observed.settled(box, before)
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes != ()
    observed.settled(dataclasses.replace(box, address="192.0.2.8"), world.clock.now())
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes != ()
    observed.settled(box, world.clock.now())
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes == ()
    assert not observed.is_crowded


async def test_one_of_two_that_took_turns_leaves_the_other_alone(world: World, observed: Observed) -> None:
    """By what its boot says, wherever it comes from."""
    for serial in ("A", "B", "A"):
        observed.link_changed(events(world, "link.connected", epoch=1))
        observed.booted(boot(world, serial), f"192.0.2.{serial}")
    assert len(observed.conditions(ID, is_online=True, address="192.0.2.A").boxes) == 2
    await world.clock.advance(60)
    moved = observed.booted(replace(boot(world, "B"), station_id=StationId("cp-9")), "198.51.100.1")
    observed.settled(moved, world.clock.now())
    assert observed.conditions(ID, is_online=True, address="192.0.2.A").boxes == ()


async def test_somebody_can_say_that_one_box_is_left(world: World, observed: Observed) -> None:
    """Until another one comes."""
    observed.turned_away(ID, "192.0.2.9", world.clock.now())
    observed.only_one(ID)
    observed.only_one(StationId("cp-9"))
    assert observed.conditions(ID, is_online=True, address="192.0.2.1").boxes == ()
    assert observed.turned_away(ID, "192.0.2.9", world.clock.now())
    assert len(observed.conditions(ID, is_online=True, address="192.0.2.1").boxes) == 2
