"""The secret: made by the server, proved by a new connection; until then what was valid stays valid."""

import pytest
from structlog.testing import capture_logs

from csms.domain.commands import Outcome
from csms.domain.links import LinkSecurity
from ocppj.model.boot import Reset
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.variables import SetVariables
from ocppj.vocabulary import RegistrationStatus, TriggeredMessage
from provisioning.activation.runs import StepName
from provisioning.lifecycle import Lifecycle
from provisioning.records import CredentialState
from tests.support.provisioning import ID, World
from tests.support.stations import PROFILE, SECRET, ScriptedStation

TRIGGER = TriggerMessage(TriggeredMessage.BOOT_NOTIFICATION)


async def test_a_station_proves_its_secret_by_reconnecting(world: World, station: ScriptedStation) -> None:
    """1.6 sends the key's twenty bytes, 2.0.1 the password's forty characters."""
    await world.active(station)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert station.password is not None
    assert len(station.password) == (20 if station.is_v16 else 40)
    assert station.got(Reset) == []


async def test_a_station_may_reconnect_by_itself(world: World, station: ScriptedStation) -> None:
    """As soon as it has its key; it is not disconnected once more, and the evidence tells all of it."""
    await world.active(station)
    assert world.stations._epoch == 2
    told = [(each.sent, each.answered, each.read_back) for each in world.run().steps[1].evidence]
    assert told[-2][0] == f"set {SECRET}=***"
    assert told[-1] == ("left alone", "back after 2.0 s", "authenticated")
    assert station.got(Reset) == []


async def test_one_that_leaves_with_every_secret_and_uses_none_is_found_out(
    world: World, station: ScriptedStation
) -> None:
    """One secret, one restart; not a new secret at each of its returns."""
    station.leaves_with_secret, station.secret_from = True, "never"
    await world.active(station)
    assert world.provisioning.details.details(ID).credential == "refused"
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]) == 1
    assert len(station.got(Reset)) == 1


async def test_after_that_nothing_else_is_let_in(world: World, station: ScriptedStation) -> None:
    """A MAC is a name, not a proof; and whoever comes without the secret is told of."""
    await world.active(station)
    world.stations.drop(ID)
    station.password, secret = None, station.password
    assert await world.stations.connect(station) is None
    station.password = b"x" * 20
    assert await world.stations.connect(station) is None
    assert station.denials == ["credentials_missing", "credentials_wrong"]
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["E_SECRET_MISSING"]
    station.password = secret
    assert await world.stations.connect(station) == ID
    assert world.lifecycle_status().remarks == ()


async def test_a_station_that_takes_a_secret_only_when_it_starts_is_restarted(
    world: World, station: ScriptedStation
) -> None:
    """First a new connection, which proves nothing, then a restart, which does."""
    station.secret_from = "restart"
    await world.active(station)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert len(station.got(Reset)) == 1
    assert world.steps()["credential"] == "done"
    assert world.steps()["restart"] == "skipped"


async def test_a_secret_that_asks_for_a_restart_is_not_restarted_twice(
    world: World, v16: ScriptedStation
) -> None:
    """`RebootRequired` is served by the step itself."""
    v16.secret_from, v16.refused[SECRET] = "restart", "RebootRequired"
    await world.active(v16)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert len(v16.got(Reset)) == 1


async def test_a_v16_station_at_profile_0_is_raised_to_1(world: World, v16: ScriptedStation) -> None:
    """It knows its key but never sends it (1.6 security whitepaper §2.2); the profile only goes up."""
    v16.variables[PROFILE] = "0"
    await world.active(v16)
    assert v16.variables[PROFILE] == "1"
    assert world.device().credential.state is CredentialState.VERIFIED
    assert v16.got(Reset) == []


@pytest.mark.parametrize("profile", ["1", "2", "3"])
async def test_a_profile_is_never_lowered(world: World, v16: ScriptedStation, profile: str) -> None:
    """Also where the station stays unauthenticated."""
    v16.variables[PROFILE], v16.secret_from = profile, "never"
    await world.active(v16)
    assert v16.variables[PROFILE] == profile


async def test_a_station_that_refuses_its_secret_is_shown_as_unauthenticated(
    world: World, station: ScriptedStation
) -> None:
    """It is activated all the same: refusing service would help nobody; people see it, and the way out."""
    station.refused[SECRET] = "Rejected"
    await world.active(station)
    details = world.provisioning.details.details(ID)
    assert details.credential == "refused"
    assert details.is_unauthenticated is True
    assert world.stations.security(ID) is LinkSecurity.UNAUTHENTICATED
    assert world.steps()["credential"] == "refused"
    codes = [each.code.value for each in world.lifecycle_status().remarks]
    assert codes == ["E_KEY_REFUSED", "W_CREDENTIAL_REFUSED"]
    assert world.state() is Lifecycle.ACTIVE


async def test_a_station_without_a_key_for_it_is_shown_too(world: World, station: ScriptedStation) -> None:
    """It lacks the variable; nothing is dropped silently."""
    del station.variables[SECRET]
    await world.active(station)
    assert world.provisioning.details.details(ID).credential == "refused"
    assert [each.code.value for each in world.lifecycle_status().remarks] == [
        "W_KEY_LACKING",
        "W_CREDENTIAL_REFUSED",
    ]


async def test_a_station_that_says_yes_and_does_nothing_is_found_out(
    world: World, station: ScriptedStation
) -> None:
    """Accepted is not applied: only a connection with the secret counts."""
    station.secret_from = "never"
    await world.active(station)
    assert world.provisioning.details.details(ID).credential == "refused"
    assert station.answers[-1].status.value == "Accepted"


async def test_one_that_comes_with_the_secret_after_all_is_not_locked_out(
    world: World, v201: ScriptedStation
) -> None:
    """The offer stays open; from then on it counts, and the remark goes."""
    v201.secret_from = "restart"
    v201.script[Reset] = lambda _: "NotSupported"
    await world.active(v201)
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_CREDENTIAL_REFUSED"]
    world.stations.drop(ID)
    v201.restart()  # somebody pulls the plug
    assert await world.stations.connect(v201) == ID
    assert world.device().credential.state is CredentialState.VERIFIED
    assert world.lifecycle_status().remarks == ()


async def test_a_station_that_comes_back_late_is_not_sent_away_again(
    world: World, station: ScriptedStation
) -> None:
    """It takes longer than one waits; its return still is the answer."""
    station.returns_after_s = 300
    await world.localized(station)
    await world.passes(200)
    assert world.steps()["credential"] == "retrying"
    assert world.device().credential.state is CredentialState.OFFERED
    await world.passes(200)
    assert world.state() is Lifecycle.ACTIVE
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]) == 1


async def test_a_slow_station_still_gets_its_restart(world: World, station: ScriptedStation) -> None:
    """What was tried is remembered: the next thing is tried, not the first one again."""
    station.returns_after_s = station.restarts_in_s = 200
    station.secret_from = "restart"
    await world.localized(station)
    await world.passes(900)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert len(station.got(Reset)) == 1
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]) == 1
    assert f"set {SECRET}=***" in [each.sent for each in world.run().steps[1].evidence]


async def test_everything_is_tried_in_turn_within_bounds_and_told(
    world: World, station: ScriptedStation
) -> None:
    """Left alone, asked to boot, asked to restart, disconnected; once accepted asked to restart once more."""
    station.leaves_with_secret, station.secret_from, station.restarts_when = False, "restart", "never"
    began = world.clock.monotonic()
    await world.localized(station)
    for _ in range(60):
        if world.steps()["credential"] == "deferred":
            break
        await world.passes(1)
    assert world.clock.monotonic() - began < 30
    evidence = [each for each in world.run().steps[1].evidence if not each.sent.startswith("read")]
    told = [f"{each.sent}: {each.answered}" for each in evidence]
    assert told[-7:] == [
        "left alone: still there after 6.0 s",
        f"{TRIGGER}: Accepted",
        "asked to boot: booted after 0.0 s",
        "Reset(kind=<ResetKind.ON_IDLE: 'OnIdle'>, evse_id=None): Accepted",
        "asked to restart: still there after 10.0 s",
        "connection closed: back after 2.0 s",
        "restart: put off until the station is accepted",
    ]
    await world.passes(300)
    assert world.state() is Lifecycle.ACTIVE
    assert world.steps()["credential"] == "refused"
    assert len(station.got(Reset)) == 2
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]) == 1


async def test_a_restart_that_needs_an_accepted_station_is_asked_for_again(
    world: World, station: ScriptedStation
) -> None:
    """Many agree to it while they are pending, and do nothing: the activation goes on, and asks once more."""
    station.leaves_with_secret, station.secret_from, station.restarts_when = False, "restart", "accepted"
    await world.localized(station)
    for _ in range(60):
        if world.state() is Lifecycle.ACTIVE:
            break
        await world.passes(1)
    began = world.run().started_at
    activated = world.device().activated_at
    assert activated is not None
    assert (activated - began).total_seconds() < 40
    assert world.steps()["credential"] == "deferred"
    assert [each.code.value for each in world.lifecycle_status().remarks] == ["W_CHANGE_PENDING"]
    await world.passes(60)
    assert world.steps()["credential"] == "done"
    assert world.device().credential.state is CredentialState.VERIFIED
    assert world.lifecycle_status().remarks == ()
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]) == 1


async def test_a_boot_on_the_same_connection_is_a_return(world: World, station: ScriptedStation) -> None:
    """A soft restart may keep the connection; the new secret is used with the next one."""
    station.leaves_with_secret, station.restarts_softly = False, True
    await world.active(station)
    evidence = [each for each in world.run().steps[1].evidence if not each.sent.startswith("read")]
    told = [f"{each.sent}: {each.answered}" for each in evidence]
    assert told[-3:] == [
        "Reset(kind=<ResetKind.ON_IDLE: 'OnIdle'>, evse_id=None): Accepted",
        "asked to restart: booted after 5.0 s",
        "connection closed: back after 2.0 s",
    ]
    assert world.device().credential.state is CredentialState.VERIFIED


async def test_a_restart_of_the_server_between_offer_and_proof_locks_nobody_out(
    world: World, station: ScriptedStation
) -> None:
    """The sealed secret is stored before it is sent."""
    station.returns_after_s = 60
    await world.localized(station)
    await world.passes(1)
    assert world.device().credential.state is CredentialState.OFFERED
    await world.restart()
    assert world.device().credential.state is CredentialState.OFFERED
    await world.passes(300)
    assert world.state() is Lifecycle.ACTIVE
    assert world.device().credential.state is CredentialState.VERIFIED
    assert len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]) == 1


async def test_a_secret_whose_answer_was_lost_is_replaced(world: World, v201: ScriptedStation) -> None:
    """Whether the station has the first one or not, the second one counts."""
    lost = iter([Outcome.UNKNOWN])

    def lose(command: SetVariables) -> Outcome | None:
        return next(lost, None) if command.assignments[0].ref == SECRET else None

    v201.script[SetVariables] = lose
    await world.active(v201)
    assert world.device().credential.state is CredentialState.VERIFIED


async def test_a_verified_secret_is_left_alone_when_the_activation_is_repeated(
    world: World, station: ScriptedStation
) -> None:
    """The station is not sent away for nothing."""
    await world.active(station)
    secret, links = station.password, world.stations._epoch
    await world.provisioning.use_cases.operation.activate(ID, "owner")
    await world.passes(60)
    assert world.run().finished_at is not None
    assert station.password == secret
    assert world.stations._epoch == links


async def test_another_secret_is_made_where_it_is_asked_for_by_name(
    world: World, station: ScriptedStation
) -> None:
    """The one before is valid until the new one has worked, and the record tells what was sent."""
    await world.active(station)
    old = station.password
    asked_before = len([c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET])
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.CREDENTIAL,))
    await world.passes(30)
    assert world.run().finished_at is not None
    assert world.steps()["credential"] == "done"
    assert station.password not in (None, old)
    sets = [c for c in station.got(SetVariables) if c.assignments[0].ref == SECRET]
    assert len(sets) == asked_before + 1
    assert f"set {SECRET}=***" in [each.sent for each in world.run().steps[1].evidence]
    world.stations.drop(ID)
    new, station.password = station.password, old
    assert await world.stations.connect(station) is None
    station.password = new
    assert await world.stations.connect(station) == ID


async def test_a_refused_change_leaves_the_secret_as_it_is(world: World, station: ScriptedStation) -> None:
    """A01.FR.04: what it has stays valid, and what it refused never is; that is said."""
    await world.active(station)
    station.refused[SECRET] = "Rejected"
    await world.provisioning.use_cases.operation.activate(ID, "owner", (StepName.CREDENTIAL,))
    await world.passes(60)
    assert world.steps()["credential"] == "refused"
    credential = world.device().credential
    assert (credential.state, credential.offered) == (CredentialState.VERIFIED, None)
    codes = [each.code.value for each in world.lifecycle_status().remarks]
    assert codes == ["E_KEY_REFUSED", "W_SECRET_KEPT"]
    world.stations.drop(ID)
    assert await world.stations.connect(station) == ID


async def test_a_station_that_was_reset_gets_a_new_secret(world: World, station: ScriptedStation) -> None:
    """An administrator lets it in again, Pending; then the same proof is asked of it."""
    await world.active(station)
    world.stations.drop(ID)
    old, station.password = station.password, None
    assert await world.stations.connect(station) is None
    await world.provisioning.use_cases.operation.forget_secret(ID, "admin")
    codes = [each.code.value for each in world.lifecycle_status().remarks]
    assert codes == ["W_CHANGE_PENDING", "W_SECRET_FORGOTTEN"]
    station.is_accepted = False
    assert await world.stations.connect(station) == ID
    assert station.answers[-1].status is RegistrationStatus.PENDING
    assert station.answers[-1].reason_code == "W_SECRET_FORGOTTEN"
    await world.passes(60)
    assert world.device().credential.state is CredentialState.VERIFIED
    assert station.password not in (None, old)
    assert world.lifecycle_status().remarks == ()
    assert world.state() is Lifecycle.ACTIVE
    assert station.answers[-1].status is RegistrationStatus.ACCEPTED


async def test_one_that_was_reset_and_refuses_a_new_secret_is_turned_away(
    world: World, v201: ScriptedStation
) -> None:
    """Whoever comes without the old one gets no second chance by waiting, nor by staying: it is cut off."""
    await world.active(v201)
    world.stations.drop(ID)
    old, v201.password, v201.is_accepted = v201.password, None, False
    v201.refused[SECRET] = "Rejected"
    await world.provisioning.use_cases.operation.forget_secret(ID, "admin")
    answered = len(v201.answers)
    assert await world.stations.connect(v201) == ID
    await world.passes(25)
    assert world.steps()["credential"] == "refused"
    assert RegistrationStatus.ACCEPTED not in [each.status for each in v201.answers[answered:]]
    assert world.stations.link(ID) is None
    assert await world.stations.connect(v201) is None
    v201.password = b"x" * 20
    assert await world.stations.connect(v201) is None
    v201.password = old
    assert await world.stations.connect(v201) == ID


async def test_a_charging_station_is_not_restarted_for_its_secret(
    world: World, v201: ScriptedStation
) -> None:
    """A new connection ends no charge, a restart may: it waits."""
    await world.active(v201)
    v201.secret_from, world.is_charging = "restart", lambda _: True
    await world.provisioning.use_cases.operation.forget_secret(ID, "admin")
    await world.passes(120)
    assert v201.got(Reset) == []
    assert "a vehicle is charging" in " ".join(world.remarks())
    world.is_charging = lambda _: False
    await world.passes(400)
    assert len(v201.got(Reset)) == 1
    assert world.device().credential.state is CredentialState.VERIFIED


async def test_no_secret_is_in_the_evidence(world: World, station: ScriptedStation) -> None:
    """What is kept of the exchange has stars; nothing of it is in a log or in the news."""
    with capture_logs() as logs:
        await world.active(station)
    secret = station.assigned()[SECRET]
    assert secret not in repr(logs)
    assert secret not in repr(world.run())
    assert secret not in repr(world.device())
    assert any("***" in each.sent for step in world.run().steps for each in step.evidence)
    stored = await world.database.run_read(lambda c: repr(c.exec_driver_sql("select * from devices").all()))
    steps = await world.database.run_read(
        lambda c: repr(c.exec_driver_sql("select * from activation_steps").all())
    )
    for form in (secret, bytes.fromhex(secret).decode("ascii")):
        assert form not in stored + steps
        assert form not in repr([each.payload for each in world.events.pending()])
