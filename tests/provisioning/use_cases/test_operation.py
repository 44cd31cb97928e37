"""Activating, suspending, resuming, and what changes after the activation."""

import pytest

from csms.ports import ChangePart
from ocppj.model.local_list import SendLocalList
from ocppj.model.variables import SetVariables
from ocppj.vocabulary import IdToken, StationId
from provisioning.activation.runs import StepName
from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.lifecycle import Lifecycle
from provisioning.storage.runs import RUNS_KEPT
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import HEARTBEAT, PRICE, TIME_ZONE, ScriptedStation

NO_PART = ChangePart(lambda _: None, lambda: None)
"""The central system stores nothing with it."""


async def refusal(work: object) -> ProvisioningProblem:
    """The problem that `work` ends with."""
    with pytest.raises(ProvisioningProblem) as raised:
        await work  # type: ignore[misc] # a coroutine
    return raised.value


def site_id(world: World) -> str:
    """Where the station is."""
    site = world.provisioning.station_cache.site_of(ID)
    assert site is not None
    return site.site_id


async def test_only_a_station_at_a_place_is_activated(world: World) -> None:
    """The installer comes first."""
    operation = world.provisioning.use_cases.operation
    await world.order(MAC)
    assert (await refusal(operation.activate(ID, "owner"))).code is Code.NOT_LOCALIZED
    assert (await refusal(operation.activate(StationId("x"), "owner"))).code is Code.STATION_UNKNOWN
    assert world.device().requested_at is None


async def test_repeating_the_activation_does_every_step_again(world: World, station: ScriptedStation) -> None:
    """The way out of every drift and refusal: what was repaired meanwhile is found."""
    station.refused[HEARTBEAT] = "Rejected"
    await world.active(station)
    first = world.run().run_id
    assert world.remarks()
    station.refused.clear()
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(60)
    assert world.run().run_id != first
    assert world.steps()["clock"] == "done"
    assert world.remarks() == []
    assert world.state() is Lifecycle.ACTIVE


async def test_single_steps_can_be_asked_again(world: World, v201: ScriptedStation) -> None:
    """In the same run: what the others left behind stays in sight."""
    v201.refused[HEARTBEAT] = "Rejected"
    await world.active(v201)
    run, sent = world.run(), len(v201.got(SetVariables))
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.ACCESS_LIST,))
    await world.passes(60)
    assert world.run().run_id == run.run_id
    assert world.run().finished_at is not None
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["E_KEY_REFUSED"]
    assert len(v201.got(SendLocalList)) == 2
    assert len(v201.got(SetVariables)) == sent + 1


async def test_a_changed_tariff_reaches_active_stations_and_is_pending_until_proved(
    world: World, station: ScriptedStation
) -> None:
    """Offline it waits, and is shown; back online it is set, read back, and shown no more."""
    await world.active(station)
    world.stations.drop(ID)
    tariff = await world.tariff(energy_micro_per_kwh=300_000)
    await world.provisioning.use_cases.sites.change_site(
        site_id(world), "owner", tariff_id=tariff.tariff.tariff_id
    )
    assert world.state() is Lifecycle.ACTIVE
    assert world.remarks() == [
        "W_CHANGE_PENDING A change is pending: tariff. The station has not confirmed it yet."
    ]
    details = world.provisioning.details.details(ID)
    assert details.tariff == tariff.tariff.tariff_id
    assert details.tariff_shown is None
    assert details.activation is not None
    assert "tariff" in details.activation.pending
    await world.passes(3600)
    await world.stations.connect(station)
    await world.passes(30)
    assert world.remarks() == []
    assert world.provisioning.details.details(ID).tariff_shown == tariff.tariff.tariff_id


async def test_a_tariff_taken_away_leaves_no_price_on_the_display(
    world: World, v201: ScriptedStation
) -> None:
    """Nobody is charged any more; a display that still asks for money would be wrong."""
    tariff = await world.tariff()
    await world.active(v201, tariff_id=tariff.tariff.tariff_id)
    await world.provisioning.use_cases.sites.change_site(site_id(world), "owner", tariff_id=None)
    await world.passes(30)
    assert v201.variables[PRICE] == "Gratuit / Free"
    assert world.device().tariff_shown is None
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.TARIFF,))
    await world.passes(30)
    assert world.steps()["tariff"] == "skipped"


async def test_a_changed_list_reaches_active_stations(world: World, station: ScriptedStation) -> None:
    """Replaced as a whole."""
    await world.active(station)
    site = world.provisioning.station_cache.sites[site_id(world)]
    await world.tokens(site, 30)
    assert "authorization list" in world.remarks()[0]
    await world.passes(30)
    assert len(station.local_list) == 30
    await world.tokens(site, 1)
    await world.passes(30)
    assert list(station.local_list) == ["TAG00000"]
    assert world.remarks() == []


async def test_a_token_that_is_blocked_elsewhere_is_blocked_at_the_stations_that_keep_it(
    world: World, v201: ScriptedStation
) -> None:
    """The central system tells of the change; only lists that hold the token go out again."""
    await world.active(v201)
    site = world.provisioning.station_cache.sites[site_id(world)]
    await world.tokens(site, 2)
    await world.passes(30)
    sent = len(v201.got(SendLocalList))
    listed, other = site_tokens(world)[0], "04FFFFFF"
    assert await world.provisioning.token_changed(IdToken(other), "owner", NO_PART) == 0
    assert await world.provisioning.token_changed(IdToken(listed.value.lower()), "owner", NO_PART) == 1
    await world.passes(30)
    assert len(v201.got(SendLocalList)) == sent + 1


def site_tokens(world: World) -> tuple[IdToken, ...]:
    """The list of the station's site."""
    return world.provisioning.station_cache.sites[site_id(world)].tokens


async def test_a_changed_zone_reaches_stations_that_have_one(world: World, v201: ScriptedStation) -> None:
    """Their clock's zone is set again."""
    await world.active(v201)
    await world.provisioning.use_cases.sites.change_site(site_id(world), "owner", zone="America/Halifax")
    await world.passes(30)
    assert v201.variables[TIME_ZONE] == "America/Halifax"
    assert world.remarks() == []


async def test_two_changes_before_the_station_is_back_both_reach_it(
    world: World, v201: ScriptedStation
) -> None:
    """The second does not push out the first."""
    await world.active(v201)
    world.stations.drop(ID)
    tariff = await world.tariff()
    sites = world.provisioning.use_cases.sites
    await sites.change_site(site_id(world), "owner", tariff_id=tariff.tariff.tariff_id)
    await world.tokens(world.provisioning.station_cache.sites[site_id(world)], 3)
    assert "authorization list, tariff" in world.remarks()[0]
    await world.stations.connect(v201)
    await world.passes(60)
    assert v201.variables[PRICE] == "0,25 $/kWh / $0.25/kWh"
    assert len(v201.local_list) == 3


async def test_a_change_during_a_step_is_not_lost(world: World, v201: ScriptedStation) -> None:
    """The step that was on its way with the old tariff does not count for the new one."""
    first, second = await world.tariff(), await world.tariff(name="Night", energy_micro_per_kwh=100_000)
    await world.active(v201)
    v201.holds = lambda each: isinstance(each, SetVariables) and each.assignments[0].ref == PRICE
    sites = world.provisioning.use_cases.sites
    await sites.change_site(site_id(world), "owner", tariff_id=first.tariff.tariff_id)
    await world.passes(1)
    await sites.change_site(site_id(world), "owner", tariff_id=second.tariff.tariff_id)
    v201.released.set()
    await world.passes(60)
    assert v201.variables[PRICE] == "0,10 $/kWh / $0.10/kWh"
    assert world.device().tariff_shown == second.tariff.tariff_id
    assert world.remarks() == []


async def test_changes_for_stations_that_wait_come_with_their_activation(
    world: World, v201: ScriptedStation
) -> None:
    """Nothing is sent to a station that nobody activated."""
    await world.localized(v201, activates_on_claim=False)
    site = world.provisioning.station_cache.sites[site_id(world)]
    sites = world.provisioning.use_cases.sites
    assert await sites.set_tokens(site.site_id, (), "owner") == 0
    assert v201.received == []


async def test_a_suspended_station_blocks_and_resumes(world: World, v201: ScriptedStation) -> None:
    """With the owner's reason; suspending twice keeps the first time and the last reason."""
    await world.active(v201)
    operation = world.provisioning.use_cases.operation
    await operation.suspend(ID, "forfait expiré", "owner")
    at = world.device().suspended_at
    await world.clock.advance(60)
    await operation.suspend(ID, "travaux", "owner")
    assert world.device().suspended_at == at
    assert world.state() is Lifecycle.SUSPENDED
    (blocker,) = world.lifecycle_status().blocked_by
    assert blocker.text.fr == "La borne est suspendue\N{NO-BREAK SPACE}: travaux."
    assert blocker.who_clears == "owner"
    await operation.resume(ID, "owner")
    await operation.resume(ID, "owner")
    assert world.state() is Lifecycle.ACTIVE


async def test_only_active_stations_are_suspended(world: World) -> None:
    """The answer says how far it is."""
    operation = world.provisioning.use_cases.operation
    await world.order(MAC)
    for work in (operation.suspend(ID, "x", "owner"), operation.resume(ID, "owner")):
        problem = await refusal(work)
        assert problem.code is Code.NOT_ACTIVE
        assert "ordered" in problem.blocker.text.en
    assert (await refusal(operation.suspend(StationId("x"), "y", "z"))).code is Code.STATION_UNKNOWN


async def test_a_forgotten_secret_of_a_station_at_no_place_waits_for_its_activation(world: World) -> None:
    """There is no run to ask for."""
    await world.order(MAC)
    await world.provisioning.use_cases.operation.forget_secret(ID, "admin")
    assert ID not in world.provisioning.station_cache.runs


async def test_the_history_tells_how_it_came_here(world: World, v201: ScriptedStation) -> None:
    """Oldest first, each with its cause."""
    await world.active(v201)
    history = await world.provisioning.use_cases.operation.history(ID)
    states = [each.state for each in history]
    assert states[0] == "ordered"
    assert states[-1] == "active"
    assert history[0].cause == "order PO-1"
    assert history[-1].blocked_by == ""


async def test_old_runs_are_kept_within_bounds(world: World, v201: ScriptedStation) -> None:
    """Their evidence is worth keeping, not for ever."""
    await world.localized(v201, activates_on_claim=False)
    world.stations.drop(ID)
    for _ in range(RUNS_KEPT + 5):
        await world.clock.advance(60)
        await world.provisioning.use_cases.operation.activate(ID, "owner")
    count = "select count(*), sum(is_current), count(distinct started_at) from activation_runs"
    row = await world.database.run_read(lambda c: tuple(c.exec_driver_sql(count).one()))
    assert row == (RUNS_KEPT + 1, 1, RUNS_KEPT + 1)


async def test_who_operates_a_station_is_kept(world: World, v201: ScriptedStation) -> None:
    """Suspended and resumed, its secret given up, steps asked for; what was refused did nothing."""
    operation = world.provisioning.use_cases.operation
    await world.localized(v201, activates_on_claim=False)
    await refusal(operation.suspend(ID, "too early", "mia"))
    await operation.activate(ID, "mia")
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE
    await operation.suspend(ID, "vandalized", "mia")
    await operation.resume(ID, "mia")
    await world.provisioning.use_cases.sites.set_tokens(site_id(world), (), "mia")
    await operation.forget_secret(ID, "ann")
    assert (await world.acts())[2:] == [
        ("mia", "activation-asked-for", None, None),
        ("mia", "suspended", None, "vandalized"),
        ("mia", "resumed", None, None),
        ("mia", "activation-asked-for", "access_list", None),
        ("ann", "secret-forgotten", None, None),
        ("ann", "activation-asked-for", "credential", None),
    ]
