"""A restart for what comes into force only with one: once, in time, and read back."""

from ocppj.model.boot import Reset
from ocppj.model.command import CommandAnswer
from ocppj.model.variables import VariableResult
from ocppj.vocabulary import VariableRef
from provisioning.lifecycle import Lifecycle
from tests.support.provisioning import ID, World
from tests.support.stations import HEARTBEAT, PRICE, ScriptedStation

OFFLINE = VariableRef("AuthCtrlr", "OfflineTxForUnknownIdEnabled")


async def test_a_key_that_needs_a_restart_gets_one_and_is_read_back(
    world: World, station: ScriptedStation
) -> None:
    """Once, at the end; then the value must be there."""
    station.refused[HEARTBEAT] = "RebootRequired"
    await world.active(station)
    assert len(station.got(Reset)) == 1
    assert station.variables[HEARTBEAT] == "300"
    assert world.steps()["clock"] == "done"
    assert world.steps()["restart"] == "done"
    evidence = world.run().steps[5].evidence
    assert any(each.read_back == "300" for each in evidence)


async def test_a_value_that_the_restart_did_not_bring_is_shown(
    world: World, station: ScriptedStation
) -> None:
    """Asked and reported, side by side."""
    station.refused[HEARTBEAT] = "RebootRequired"
    station.restart = lambda: setattr(station, "is_accepted", False)  # type: ignore[method-assign] # it forgets
    await world.active(station)
    assert world.steps()["restart"] == "refused"
    assert world.remarks() == ["E_CONFIG_DRIFT OCPPCommCtrlr.HeartbeatInterval: asked 300, reported 86400."]


async def test_a_station_that_restarts_slowly_is_restarted_once(
    world: World, station: ScriptedStation
) -> None:
    """However late it comes back, its return is the answer: it is not sent away again."""
    station.refused[HEARTBEAT] = "RebootRequired"
    station.restarts_in_s = 300
    await world.localized(station)
    await world.passes(250)
    assert world.steps()["restart"] == "retrying"
    assert world.codes() == ["E_STATION_OFFLINE"]
    await world.passes(120)
    assert len(station.got(Reset)) == 1
    assert world.state() is Lifecycle.ACTIVE


async def test_a_refused_restart_is_shown_and_the_run_goes_on(world: World, v201: ScriptedStation) -> None:
    """The values come into force at its next start."""
    v201.refused[HEARTBEAT] = "RebootRequired"
    v201.script[Reset] = lambda _: "NotSupported"
    await world.active(v201)
    assert world.steps()["restart"] == "lacking"
    assert world.remarks() == ["W_KEY_LACKING The station does not have Reset."]


async def test_a_station_that_agrees_to_restart_and_stays_is_not_waited_for_ever(
    world: World, v201: ScriptedStation
) -> None:
    """It is told of, and the run goes on: the values come into force when it starts some day."""
    v201.refused[HEARTBEAT] = "RebootRequired"
    v201.restarts_when = "never"
    await world.localized(v201)
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE
    assert world.steps()["restart"] == "deferred"
    await world.passes(200)
    assert len(v201.got(Reset)) == 2
    assert world.steps()["restart"] == "refused"
    assert world.remarks() == ["E_KEY_REFUSED The station refused restart (it did not restart)."]


async def test_a_restart_that_needs_an_accepted_station_is_asked_for_once_it_is(
    world: World, station: ScriptedStation
) -> None:
    """Agreed to while pending and not done: the activation goes on at once, and asks again afterwards."""
    station.refused[HEARTBEAT] = "RebootRequired"
    station.restarts_when = "accepted"
    await world.active(station)
    activated = world.device().activated_at
    assert activated is not None
    assert (activated - world.run().started_at).total_seconds() < 30
    assert len(station.got(Reset)) == 2
    assert world.steps()["restart"] == "done"
    assert station.variables[HEARTBEAT] == "300"
    assert world.remarks() == []


async def test_a_restart_on_the_same_connection_is_a_return(world: World, station: ScriptedStation) -> None:
    """It boots, and what waited for that is read back."""
    station.refused[HEARTBEAT] = "RebootRequired"
    station.restarts_softly = True
    await world.active(station)
    assert world.steps()["restart"] == "done"
    assert station.variables[HEARTBEAT] == "300"
    assert "booted on the same connection" in (world.run().steps[5].evidence[1].answered or "")


async def test_a_difference_that_the_restart_ended_is_no_remark_any_more(
    world: World, station: ScriptedStation
) -> None:
    """Its cause is gone: the step that remarked on it is done."""
    station.ignored.add(HEARTBEAT)
    station.later[HEARTBEAT] = "300"
    station.refused[OFFLINE] = "RebootRequired"
    await world.active(station)
    assert world.steps()["restart"] == "done"
    assert world.steps()["clock"] == "done"
    assert world.remarks() == []


async def test_a_value_that_cannot_be_read_after_the_restart_is_not_proved(
    world: World, station: ScriptedStation
) -> None:
    """That the step before was told RebootRequired proves nothing either."""
    station.refused[HEARTBEAT] = "RebootRequired"
    station.later[HEARTBEAT] = "300"
    real = station._read
    station._read = lambda ref: VariableResult(ref, "Accepted") if ref == HEARTBEAT else real(ref)  # type: ignore[method-assign] # write-only
    await world.active(station)
    assert world.steps()["restart"] == "lacking"
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_NOT_PROVED"]


async def test_a_restart_that_is_refused_is_shown(world: World, v201: ScriptedStation) -> None:
    """With the station's word."""
    v201.refused[HEARTBEAT] = "RebootRequired"
    v201.script[Reset] = lambda _: CommandAnswer("Rejected")
    await world.active(v201)
    assert world.remarks() == ["E_KEY_REFUSED The station refused Reset (Rejected)."]


async def test_nothing_restarts_a_station_while_a_vehicle_charges(
    world: World, v201: ScriptedStation
) -> None:
    """Many stations end the charge when they restart."""
    await world.active(v201)
    v201.refused[PRICE] = "RebootRequired"
    world.is_charging = lambda _: True
    tariff = await world.tariff()
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    await world.provisioning.use_cases.sites.change_site(
        site.site_id, "owner", tariff_id=tariff.tariff.tariff_id
    )
    await world.passes(100)
    assert v201.got(Reset) == []
    assert "a vehicle is charging" in " ".join(world.remarks())
    world.is_charging = lambda _: False
    await world.passes(400)
    assert len(v201.got(Reset)) == 1
    assert v201.variables[PRICE] == "0,25 $/kWh / $0.25/kWh"
    assert world.remarks() == []
