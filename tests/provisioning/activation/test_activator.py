"""From localized to active: the order of the steps, trouble on the way, and who is told."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from csms.domain.commands import Outcome
from csms.domain.links import LinkSecurity
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Reset
from ocppj.model.local_list import SendLocalList
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.variables import SetVariables, VariableAssignment
from ocppj.vocabulary import RegistrationStatus, TriggeredMessage
from provisioning.activation.activator import AGAIN_AFTER, GIVE_UP_ERRORS_AFTER
from provisioning.activation.runs import StepName
from provisioning.blockers import Code
from provisioning.lifecycle import Lifecycle
from provisioning.records import CredentialState
from provisioning.settings import ProvisioningSettings
from runtime.work.storage import find_work
from tests.support.provisioning import ID, MAC, World
from tests.support.stations import DEFAULT_PRICE, HEARTBEAT, PRICE, TIME_ZONE, ScriptedStation

BOOTS = TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION)


async def test_a_claimed_station_becomes_active(world: World, station: ScriptedStation) -> None:
    """Every step is done in order, each read back, and only then is the boot Accepted."""
    tariff = await world.tariff()
    await world.active(station, tariff_id=tariff.tariff.tariff_id)
    assert world.lifecycles() == ["ordered", "powered", "configuring", "active"]
    assert world.steps() == {
        "clock": "done",
        "credential": "done",
        "access_list": "done",
        "hours": "done",
        "tariff": "done",
        "restart": "skipped",
        "release": "done",
    }
    statuses = [answer.status for answer in station.answers]
    assert statuses[-1] is RegistrationStatus.ACCEPTED
    assert set(statuses[:-1]) == {RegistrationStatus.PENDING}
    assert world.lifecycle_status().blocked_by == ()
    assert all(step.evidence for step in world.run().steps if step.state.value == "done")


async def test_the_order_on_the_wire_is_the_order_of_the_steps(
    world: World, station: ScriptedStation
) -> None:
    """Clock, secret, list, availability, tariff, and the boot last."""
    tariff = await world.tariff()
    await world.active(station, tariff_id=tariff.tariff.tariff_id)
    price = DEFAULT_PRICE if station.is_v16 else PRICE
    first = {
        "clock": next(n for n, c in enumerate(station.received) if c == _sets(HEARTBEAT, "300")),
        "secret": next(n for n, c in enumerate(station.received) if "***" in repr(c)),
        "list": station.received.index(station.got(SendLocalList)[0]),
        "hours": station.received.index(station.got(ChangeAvailability)[0]),
        "tariff": next(n for n, c in enumerate(station.received) if _assigns(c, price)),
        "release": len(station.received) - 1 - station.received[::-1].index(BOOTS),
    }
    assert list(first) == sorted(first, key=lambda name: first[name])


async def test_a_station_authenticates_before_anything_else_is_sent(
    world: World, station: ScriptedStation
) -> None:
    """List and tariff go only over the connection that the secret has proved."""
    await world.active(station)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert world.stations.security(ID) is LinkSecurity.BASIC_AUTH
    assert world.provisioning.details.details(ID).is_unauthenticated is False


async def test_a_zone_is_set_only_where_the_version_has_one(world: World, station: ScriptedStation) -> None:
    """1.6 has no variable for it."""
    await world.active(station)
    assert (TIME_ZONE in station.assigned()) is not station.is_v16
    assert station.variables.get(TIME_ZONE, "America/Montreal") == "America/Montreal"


async def test_activation_waits_for_the_manager_where_nobody_approved(
    world: World, v201: ScriptedStation
) -> None:
    """Localized, and told who has to act; the manager's wish starts it."""
    await world.localized(v201, activates_on_claim=False)
    await world.passes(60)
    assert world.state() is Lifecycle.LOCALIZED
    assert world.codes() == ["E_NOT_ACTIVATED"]
    assert v201.received == []
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(30)
    assert world.state() is Lifecycle.ACTIVE
    assert world.run().requested_by == "owner"


async def test_a_station_claimed_before_it_was_powered_is_activated_when_it_comes(
    world: World, v201: ScriptedStation
) -> None:
    """Facts come in any order."""
    await world.site()
    await world.order(MAC)
    await world.claim()
    assert world.state() is Lifecycle.ORDERED
    await world.passes(3600)
    await world.stations.connect(v201)
    await world.passes(30)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_silent_station_is_tried_again_and_people_are_told(
    world: World, station: ScriptedStation
) -> None:
    """No answer is not a no: the same step again, ever more seldom; it goes on once the station answers."""
    station.script[SetVariables] = lambda _: Outcome.TIMEOUT
    await world.localized(station)
    assert world.codes() == ["W_CONFIGURING"]
    await world.passes(100)
    assert world.codes() == ["E_STEP_STUCK"]
    blocker = world.lifecycle_status().blocked_by[0]
    assert "the step clock does not succeed (no answer)" in blocker.text.en.lower()
    assert "«\N{NO-BREAK SPACE}horloge\N{NO-BREAK SPACE}»" in blocker.text.fr
    assert "elle ne répond pas" in blocker.text.fr
    assert world.steps()["clock"] == "retrying"
    tries = len(station.got(SetVariables))
    await world.passes(3600)
    assert len(station.got(SetVariables)) - tries < 20
    station.script.clear()
    await world.passes(400)
    assert world.state() is Lifecycle.ACTIVE
    assert world.run().steps[0].remarks == ()


async def test_asking_again_ends_the_wait(world: World, v201: ScriptedStation) -> None:
    """Whoever repairs a station and repeats the activation does not wait minutes for the next try."""
    v201.script[SetVariables] = lambda _: Outcome.TIMEOUT
    await world.localized(v201)
    await world.passes(2000)
    v201.script.clear()
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(20)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_station_that_keeps_failing_is_refused_not_asked_for_ever(
    world: World, v201: ScriptedStation
) -> None:
    """A CALLERROR is an answer too: after some tries the step is refused, shown, and the run goes on."""
    v201.script[SendLocalList] = lambda _: "InternalError"
    await world.localized(v201)
    await world.passes(600)
    assert world.steps()["access_list"] == "refused"
    assert len(v201.got(SendLocalList)) == GIVE_UP_ERRORS_AFTER
    assert world.state() is Lifecycle.ACTIVE
    assert world.remarks() == ["E_KEY_REFUSED The station refused authorization list (error InternalError)."]


async def test_a_station_that_goes_away_in_the_middle_goes_on_when_it_is_back(
    world: World, station: ScriptedStation
) -> None:
    """What was settled is not asked again, and meanwhile people see that it is offline."""
    station.script[SendLocalList] = lambda _: Outcome.UNKNOWN
    station.returns_after_s = 5
    await world.localized(station)
    await world.passes(5)  # the reconnect that proves the secret
    station.returns_after_s = 600
    await world.passes(60)
    assert world.codes() == ["E_STATION_OFFLINE"]
    assert world.lifecycle_status().who_clears == "installer"
    assert world.steps()["credential"] == "done"
    station.script.clear()
    clock_sets = [c for c in station.got(SetVariables) if _assigns(c, HEARTBEAT)]
    await world.passes(700)
    assert world.state() is Lifecycle.ACTIVE
    assert [c for c in station.got(SetVariables) if _assigns(c, HEARTBEAT)] == clock_sets


async def test_the_offline_blocker_comes_and_goes_with_the_link(world: World, v201: ScriptedStation) -> None:
    """Also between two steps, when no command was open."""
    v201.script[SetVariables] = lambda _: Outcome.TIMEOUT
    await world.localized(v201)
    await world.passes(500)
    world.stations.drop(ID)
    await world.quiet()
    assert world.codes() == ["E_STATION_OFFLINE"]
    await world.stations.connect(v201)
    await world.quiet()
    assert world.codes() == ["E_STEP_STUCK"]


@pytest.mark.parametrize("after", [SetVariables, SendLocalList, ChangeAvailability, TriggerMessage, Reset])
async def test_a_restart_of_the_server_loses_nothing(
    world: World, station: ScriptedStation, after: type
) -> None:
    """Whatever was being asked when it went down, the run goes on where it stopped."""
    station.refused[HEARTBEAT] = "RebootRequired"
    hit = asyncio.Event()

    def interrupt(_: object) -> Outcome:
        hit.set()
        return Outcome.TIMEOUT

    station.script[after] = interrupt
    await world.localized(station)
    for _ in range(60):
        if hit.is_set():
            break
        await world.passes(1)
    assert hit.is_set()
    done = [name for name, state in world.steps().items() if state in ("done", "skipped")]
    station.script.clear()
    await world.restart()
    assert world.codes() == ["E_STATION_OFFLINE"]
    assert [name for name, state in world.steps().items() if state in ("done", "skipped")] == done
    station.is_accepted = False
    await world.stations.connect(station)
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE
    assert world.run().finished_at is not None


async def test_a_station_taken_away_during_its_activation_is_not_released(
    world: World, v201: ScriptedStation
) -> None:
    """The old run is over; when it is claimed again, everything is asked anew."""
    v201.script[TriggerMessage] = lambda _: Outcome.TIMEOUT
    await world.localized(v201)
    await world.passes(15)
    assert world.run().current is not None
    current = world.run().current
    assert current is not None
    assert current.step is StepName.RELEASE
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    assert world.device().released_at is None
    v201.script.clear()
    await world.passes(100)
    assert world.state() is Lifecycle.POWERED
    assert ID not in world.provisioning.station_cache.runs
    await world.claim(name="P2")
    assert world.device().released_at is None
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_an_old_run_releases_nothing(world: World, v201: ScriptedStation) -> None:
    """The station was taken away and claimed again while the old run was about to release it."""
    await world.localized(v201, activates_on_claim=False)
    world.stations.drop(ID)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    old = world.run()
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    await world.claim(name="P2")
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    activator = world.provisioning._activator
    assert activator is not None
    await activator._mark_released(old, is_accepted=True)
    assert (world.device().released_at, world.device().activated_at) == (None, None)
    await activator._mark_released(world.run(), is_accepted=False)
    assert world.device().released_at is not None
    assert world.state() is Lifecycle.CONFIGURING


async def test_a_run_that_was_asked_for_more_is_not_finished(world: World, v201: ScriptedStation) -> None:
    """The last step was done with just when the owner changed the list."""
    await world.active(v201)
    world.stations.drop(ID)
    done = world.run()
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.ACCESS_LIST,))
    activator = world.provisioning._activator
    assert activator is not None
    await activator._finish(done)
    assert world.run().finished_at is None


async def test_stations_that_are_stuck_do_not_hold_up_the_others(
    world: World, settings: ProvisioningSettings
) -> None:
    """Waiting takes no slot: one command open at a time, and a station beside ten silent ones gets active."""
    await world.stop()
    await world.start(
        ProvisioningSettings(pepper_path=settings.pepper_path, parallel_commands=1, command_timeout_s=1)
    )
    site = await world.site()
    macs = [f"02:B0:16:00:00:{number:02X}" for number in range(11)]
    await world.order(*macs)
    for number, mac in enumerate(macs):
        one = ScriptedStation(mac)
        if number < 10:
            one.script[SetVariables] = lambda _: Outcome.TIMEOUT
        await world.stations.connect(one)
        await world.claim(mac, site_id=site.site_id, name=f"P{number}")
    await world.passes(120)
    states = [world.state(station_id) for station_id in world.provisioning.station_cache.devices]
    assert states.count(Lifecycle.ACTIVE) == 1
    assert states.count(Lifecycle.CONFIGURING) == 10


async def test_an_activation_is_work_that_says_what_it_waits_for(
    world: World, station: ScriptedStation
) -> None:
    """People see it beside the rest; nothing of it stays behind once it is over or needless."""

    async def waiting() -> list[tuple[str, str | None]]:
        pieces = await world.database.run_read(lambda c: find_work(c, subjects=[ID]))
        ours = [each for each in pieces if each.kind == "activation" and not each.state.is_over]
        return [(each.state.value, each.reason.en if each.reason else None) for each in ours]

    await world.localized(station, activates_on_claim=False)
    world.stations.drop(ID)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.quiet()
    assert await waiting() == [("waiting", "the station is not connected")]
    await world.provisioning.use_cases.localization.remove_from_place(ID, "sam")
    await world.quiet()
    assert await waiting() == []
    site = await world.site(name="Other")
    await world.claim(site_id=site.site_id)
    await world.stations.connect(station)
    await world.passes(120)
    assert world.state() is Lifecycle.ACTIVE
    assert await waiting() == []


async def test_trouble_of_our_own_is_logged_and_tried_again(
    world: World, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not end a station's activation, nor the others'."""
    await world.localized(v201, activates_on_claim=False)
    station_cache = world.provisioning.station_cache
    real, failures = station_cache.change_run, iter([OSError("disk full"), OSError("disk full")])

    async def failing(*args: object, **kwargs: object) -> object:
        for failure in failures:
            raise failure
        return await real(*args, **kwargs)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(station_cache, "change_run", failing)
    with capture_logs() as logs:
        await world.provisioning.use_cases.operation.activate(ID, "owner")
        await world.passes(2)
    assert {line["event"] for line in logs} == {"work_raised"}
    assert world.state() is Lifecycle.CONFIGURING
    await world.passes(120)
    assert world.state() is Lifecycle.ACTIVE


async def test_trouble_of_our_own_that_stays_is_told(
    world: World, v201: ScriptedStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After eight tries people read what failed; it is tried again by itself."""
    await world.localized(v201, activates_on_claim=False)
    station_cache = world.provisioning.station_cache

    async def failing(*_: object, **__: object) -> object:
        raise OSError("disk full")

    with monkeypatch.context() as broken, capture_logs():
        broken.setattr(station_cache, "change_run", failing)
        await world.provisioning.use_cases.operation.activate(ID, "owner")
        await world.passes(200)
        [note] = [each for each in world.lifecycle_status().blocked_by if each.code is Code.STEP_STUCK]
        assert "disk full" in note.text.en
    await world.passes(AGAIN_AFTER.total_seconds() + 60)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_rejected_station_that_was_adopted_waits_for_its_boot(
    world: World, settings: ProvisioningSettings, v201: ScriptedStation
) -> None:
    """Nothing may be sent to a rejected station (2.0.1 B03.FR.03); people see what is waited for."""
    await world.stop()
    await world.start(ProvisioningSettings(pepper_path=settings.pepper_path, unknown="reject"))
    site = await world.site()
    await world.stations.connect(v201)
    assert v201.answers[-1].status is RegistrationStatus.REJECTED
    await world.order(MAC)
    await world.claim(site_id=site.site_id)
    assert world.codes() == ["E_NOT_SEEN"]
    assert v201.received == []
    await world.passes(1000)
    assert world.state() is Lifecycle.ACTIVE


async def test_a_station_online_before_its_boot_is_answered_is_shown_so(
    world: World, v201: ScriptedStation
) -> None:
    """It is not offline, and it is not being configured yet."""
    await world.localized(v201, activates_on_claim=False)
    world.stations.drop(ID)
    v201.boots_on_connect = False
    await world.stations.connect(v201)
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(2)
    assert world.codes() == ["W_NOT_BOOTED"]
    v201.boots_on_connect = True
    await world.stations.boot(ID)
    await world.passes(60)
    assert world.state() is Lifecycle.ACTIVE


async def test_steps_take_their_time_from_the_clock(world: World, v201: ScriptedStation) -> None:
    """What is stored is when it happened."""
    began = world.clock.now()
    await world.active(v201)
    run = world.run()
    assert run.finished_at is not None
    assert began <= run.started_at <= run.steps[0].changed_at <= run.finished_at
    assert run.finished_at - began < timedelta(minutes=2)


def _sets(ref: object, value: str) -> object:
    return SetVariables((VariableAssignment(ref, value),))  # type: ignore[arg-type] # a VariableRef


def _assigns(command: object, ref: object) -> bool:
    return isinstance(command, SetVariables) and command.assignments[0].ref == ref
