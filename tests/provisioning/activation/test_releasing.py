"""The last boot: asked for, waited for, helped, and if it never comes somebody is told."""

from ocppj.model.boot import Reset
from ocppj.model.remote_control import TriggerMessage
from ocppj.vocabulary import Availability, TriggeredMessage
from provisioning.lifecycle import Lifecycle
from tests.support.provisioning import ID, World
from tests.support.stations import ScriptedStation

BOOTS = TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION)


async def test_a_station_that_boots_no_more_is_reconnected(world: World, station: ScriptedStation) -> None:
    """It neither comes on request nor at its interval: a new connection makes it boot."""
    station.boots_on_trigger = station.boots_at_interval = False
    await world.active(station)
    told = [f"{each.sent}: {each.answered}" for each in world.run().steps[6].evidence]
    assert told[1:3] == ["asked to boot: no boot after 40.0 s", "connection closed: booted after 2.0 s"]
    assert station.got(Reset) == []


async def test_one_that_does_not_boot_on_a_new_connection_either_is_restarted(
    world: World, station: ScriptedStation
) -> None:
    """It goes on as if nothing had happened; only a restart makes it boot."""
    station.boots_on_trigger = station.boots_at_interval = station.boots_on_connect = False
    await world.localized(station, activates_on_claim=False)
    await world.stations.boot(ID)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    station.leaves_with_secret, station.secret_from = False, "restart"
    station.boots_after_restart = True
    await world.passes(400)
    assert world.state() is Lifecycle.ACTIVE
    assert len(station.got(Reset)) == 2  # the first one for its secret


async def test_one_that_boots_whatever_is_done_no_more_is_told_of(
    world: World, v201: ScriptedStation
) -> None:
    """Somebody has to switch it off and on; until then it is not said that there is nothing to do."""
    v201.boots_on_trigger = v201.boots_at_interval = False
    await world.localized(v201)
    await world.passes(3)
    v201.boots_on_connect, v201.restarts_when = False, "never"
    await world.passes(300)
    assert world.codes() == ["E_BOOT_MISSING"]
    assert world.lifecycle_status().who_clears == "installer"
    v201.boots_on_connect = True
    world.stations.drop(ID)
    await world.stations.connect(v201)
    await world.passes(5)
    assert world.state() is Lifecycle.ACTIVE
    assert world.remarks() == []


async def test_a_station_that_does_not_boot_on_request_is_left_to_its_interval(
    world: World, station: ScriptedStation
) -> None:
    """It was told to come back after the Pending interval, and does."""
    station.boots_on_trigger = False
    await world.localized(station)
    await world.passes(20)
    assert world.codes() == ["W_WAITING_FOR_BOOT"]
    assert world.device().released_at is not None
    await world.passes(40)
    assert world.state() is Lifecycle.ACTIVE
    assert len([c for c in station.received if c == BOOTS]) == 1


async def test_a_station_on_an_accepted_registration_is_active_without_a_boot(
    world: World, v201: ScriptedStation
) -> None:
    """Moved to another place, it stays connected and accepted: it will not boot again by itself."""
    await world.active(v201)
    answers = len(v201.answers)
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    assert world.state() is Lifecycle.POWERED
    await world.claim(name="P2")
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE
    assert len(v201.answers) == answers
    assert v201.availability is Availability.OPERATIVE
