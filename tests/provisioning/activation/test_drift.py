"""After each boot it is looked whether a station still has what it was given."""

import pytest
from structlog.testing import capture_logs

from csms.ports import ChangePart
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.local_list import GetLocalListVersion
from ocppj.model.variables import GetVariables, SetVariables
from ocppj.vocabulary import StationId
from provisioning.activation.runs import StepName
from tests.support.provisioning import ID, World
from tests.support.stations import DEFAULT_PRICE, HEARTBEAT, PRICE, TIME_ZONE, ScriptedStation


async def _reboots(world: World, station: ScriptedStation) -> int:
    """It goes off and on, boots, and reports its connectors; how many commands it had got before."""
    world.stations.drop(ID)
    station.is_accepted = station.reports_after_boot = False
    before = len(station.received)
    await world.stations.connect(station)
    await world.passes(3)
    return before


async def test_what_was_lost_over_a_reboot_is_noticed_and_given_again(
    world: World, station: ScriptedStation
) -> None:
    """Price and clock: sent, read back, and told in the history and the log."""
    tariff = await world.tariff()
    await world.active(station, tariff_id=tariff.tariff.tariff_id)
    price = DEFAULT_PRICE if station.is_v16 else PRICE
    shown = station.variables[price]
    station.variables |= {price: "", HEARTBEAT: "86400"}
    if not station.is_v16:
        station.variables[TIME_ZONE] = "UTC"
    with capture_logs() as logs:
        await _reboots(world, station)
        world.stations.report(ID)
        await world.passes(30)
    assert (station.variables[price], station.variables[HEARTBEAT]) == (shown, "300")
    assert station.is_v16 or station.variables[TIME_ZONE] == "America/Montreal"
    (line,) = [each for each in logs if each["event"] == "lost_over_a_boot"]
    assert line["steps"] == ["clock", "tariff"]
    assert world.run().finished_at is not None
    assert world.run().requested_by == "the check after a boot"
    assert world.remarks() == []
    assert station.got(Reset) == []


async def test_a_lost_list_is_sent_again(world: World, station: ScriptedStation) -> None:
    """A station at version 0 has none; one whose list is there gets none."""
    await world.active(station)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.tokens(site, 3)
    await world.passes(30)
    station.local_list, station.list_version = {}, 0
    await _reboots(world, station)
    world.stations.report(ID)
    await world.passes(30)
    assert len(station.local_list) == 3


async def test_nothing_is_looked_up_before_the_first_status_of_every_connector(
    world: World, station: ScriptedStation
) -> None:
    """An accepted station is left alone until then; where nothing is wrong it is only read."""
    await world.active(station)
    before = await _reboots(world, station)
    assert station.received[before:] == []
    world.stations.report(ID)
    await world.passes(4)
    assert station.received[before:] == []
    await world.passes(2)
    looked = station.received[before:]
    assert looked
    assert all(isinstance(each, GetVariables | GetLocalListVersion) for each in looked)
    assert world.run().finished_at is not None


async def test_what_was_changed_while_it_was_away_waits_for_its_first_statuses_too(
    world: World, station: ScriptedStation
) -> None:
    """A step that was asked for again is sent after them."""
    await world.active(station)
    world.stations.drop(ID)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.tokens(site, 3)
    before = await _reboots(world, station)
    assert station.received[before:] == []
    world.stations.report(ID)
    await world.passes(30)
    assert len(station.local_list) == 3


async def test_a_remark_about_a_difference_goes_with_its_cause(
    world: World, station: ScriptedStation
) -> None:
    """What was wrong at the activation is right after a reboot: nobody is sent there for it."""
    station.ignored.add(HEARTBEAT)
    await world.active(station)
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["E_CONFIG_DRIFT"]
    station.variables[HEARTBEAT] = "300"
    await _reboots(world, station)
    world.stations.report(ID)
    await world.passes(30)
    assert world.remarks() == []
    assert world.steps()["clock"] == "done"


async def test_one_that_forgets_with_every_start_is_not_restarted_for_ever(
    world: World, station: ScriptedStation
) -> None:
    """One restart for it; then what is missing is a remark until its next boot."""
    await world.active(station)
    station.refused[HEARTBEAT] = "RebootRequired"
    station.variables[HEARTBEAT] = "86400"
    station.restart = lambda: setattr(station, "is_accepted", False)  # type: ignore[method-assign] # it forgets
    await _reboots(world, station)
    world.stations.report(ID)
    await world.passes(600)
    assert len(station.got(Reset)) == 1
    assert world.run().finished_at is not None
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["E_CONFIG_DRIFT"]


async def test_what_it_lacks_and_what_it_refused_is_not_looked_for(
    world: World, station: ScriptedStation
) -> None:
    """That was told at its activation."""
    station.refused[HEARTBEAT] = "Rejected"
    await world.active(station)
    await _reboots(world, station)
    world.stations.report(ID)
    await world.passes(30)
    assert world.run().steps[0].attempts == 1
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == HEARTBEAT]) == 1


async def test_a_station_under_test_is_not_asked_by_itself(world: World, station: ScriptedStation) -> None:
    """Neither read back, nor sent what changed at its site, nor opened or closed; until somebody asks."""
    quiet: set[StationId] = set()
    world.provisioning.is_quiet = quiet.__contains__
    await world.active(station)
    quiet.add(ID)
    station.variables[HEARTBEAT] = "86400"
    before = await _reboots(world, station)
    world.stations.report(ID)
    tariff = await world.tariff()
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    sites = world.provisioning.use_cases.sites
    await sites.change_site(site.site_id, "owner", tariff_id=tariff.tariff.tariff_id)
    await world.tokens(site, 3)
    await world.provisioning.use_cases.operation.suspend(ID, "test", "owner")
    await world.passes(300)
    assert station.received[before:] == []
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.CLOCK,))
    await world.passes(60)
    assert station.variables[HEARTBEAT] == "300"
    assert station.got(ChangeAvailability) == station.got(ChangeAvailability)[:1]
    await world.provisioning.choice_made(ID, False, ChangePart(lambda _: None, quiet.clear))
    await world.passes(10)
    assert len(station.got(ChangeAvailability)) == 2


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_what_changed_at_its_site_before_a_station_was_under_test_waits_and_says_so(
    world: World, station: ScriptedStation, *, is_restarted: bool
) -> None:
    """Nobody asked for it at the station; the end of the test, or asking, lets it go on."""
    quiet = {ID}
    await world.active(station)
    world.stations.drop(ID)
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.provisioning.use_cases.sites.change_site(site.site_id, "owner", zone="America/Toronto")
    if is_restarted:
        await world.restart()
    world.provisioning.is_quiet = quiet.__contains__
    before = len(station.received)
    assert await world.stations.connect(station) == ID
    await world.passes(120)
    assert station.received[before:] == []
    assert [each.code.value for each in world.lifecycle_status().remarks] == [
        "W_CHANGE_PENDING",
        "W_UNDER_TEST",
    ]
    await world.provisioning.choice_made(ID, False, ChangePart(lambda _: None, quiet.clear))
    await world.passes(60)
    assert world.run().finished_at is not None
    assert world.lifecycle_status().remarks == ()


async def test_what_was_asked_for_at_a_station_under_test_is_done_after_a_restart_too(
    world: World, station: ScriptedStation
) -> None:
    """Whoever asked need not ask twice because the server was started again."""
    await world.active(station)
    station.variables[HEARTBEAT] = "86400"
    world.stations.drop(ID)
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.CLOCK,))
    await world.restart()
    world.provisioning.is_quiet = {ID}.__contains__
    assert await world.stations.connect(station) == ID
    await world.passes(60)
    assert station.variables[HEARTBEAT] == "300"
    assert world.run().finished_at is not None
