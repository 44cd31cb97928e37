"""Whether a station is registered: by its boot, by what it was before, and what it may say until then."""

import asyncio

import pytest

from csms.domain.commands import Outcome
from csms.domain.links import LinkSecurity
from csms.domain.quarantine import QuarantineCause
from csms.ports import BootDecision
from ocppj.model.availability import ChangeAvailability
from ocppj.model.boot import Heartbeat
from ocppj.model.remote_control import TriggerMessage
from ocppj.model.transactions import TransactionEvent
from ocppj.vocabulary import Availability, RegistrationStatus, StationId, TriggeredMessage
from tests.support.gateway import GatewaySite
from tests.support.payloads import EVENT, START, STATUSES
from tests.support.waiting import until
from tests.support.wire_station import AGREED, BOOTS, VERSIONS

CP1 = StationId("cp1")
PENDING = BootDecision(RegistrationStatus.PENDING, 30, "NotYet", "not configured")


# --- Boot and registration ----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_boot_is_stored_answered_and_registers(site: GatewaySite, version: str) -> None:
    """B01: the link has the registration from the answer on; heartbeats tell the time and are not stored."""
    async with site.station(version=version) as station:
        link = site.gateway.link(CP1)
        assert link is not None
        assert (link.registration, link.version.label) == (RegistrationStatus.ACCEPTED, version)
        assert link.security is LinkSecurity.UNAUTHENTICATED
        assert await station.ask("Heartbeat") == {"currentTime": "2026-01-05T12:00:00.000Z"}
    assert not any(isinstance(each.event, Heartbeat) for each in site.message_store.stored)
    assert len(site.message_store.stored) == 1


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("status", [RegistrationStatus.PENDING, RegistrationStatus.REJECTED])
async def test_before_accepted_others_are_refused(
    site: GatewaySite, version: str, status: RegistrationStatus
) -> None:
    """CONF-03 (B02.FR.09, B03.FR.07, J-1.6 errata 5.6): SecurityError, and the socket stays."""
    site.boot.decision = BootDecision(status, 30)
    async with site.station(version=version, boots=False) as station:
        assert (await station.boot())["status"] == status.value
        for action, payload in (("Heartbeat", {}), ("StatusNotification", STATUSES[version])):
            refusal = await station.call(action, payload)
            assert refusal[2] == "SecurityError"
        assert (await station.boot())["status"] == status.value


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_before_accepted_what_we_asked_for_is_welcome(site: GatewaySite, version: str) -> None:
    """B02.FR.09: except for messages that a TriggerMessage asks for."""
    site.boot.decision = PENDING
    async with site.station(version=version, boots=False) as station:
        await station.boot()
        assert (await station.call("StatusNotification", STATUSES[version]))[2] == "SecurityError"
        trigger = TriggerMessage(TriggeredMessage.STATUS_NOTIFICATION, 1, 1)
        assert (await site.gateway.send(CP1, trigger, before_accepted=True)).outcome is Outcome.RESULT
        assert await station.ask("StatusNotification", STATUSES[version]) == {}
        assert (await station.call("Heartbeat"))[2] == "SecurityError"


@pytest.mark.parametrize("version", VERSIONS)
async def test_before_accepted_the_status_that_our_availability_provoked_is_welcome(
    site: GatewaySite, version: str
) -> None:
    """1.6 §5.2, 2.0.1 G04.FR.05: the station shall tell it, so refusing it would refuse our own request."""
    site.boot.decision = PENDING
    async with site.station(version=version, boots=False, answers={"ChangeAvailability": AGREED}) as station:
        await station.boot()
        command = ChangeAvailability(Availability.OPERATIVE)
        assert (await site.gateway.send(CP1, command, before_accepted=True)).outcome is Outcome.RESULT
        assert await station.ask("StatusNotification", STATUSES[version]) == {}
        assert (await station.call("Heartbeat"))[2] == "SecurityError"
        assert await station.boot()
        assert await station.ask("StatusNotification", STATUSES[version]) == {}


@pytest.mark.parametrize("version", VERSIONS)
async def test_nothing_is_asked_between_a_boot_and_its_answer(site: GatewaySite, version: str) -> None:
    """Only the answer tells the station whether it may be asked; what was ready to go leaves after it."""
    async with (
        asyncio.TaskGroup() as group,
        site.station(version=version, answers={"ClearCache": AGREED}) as station,
    ):
        site.boot.gate = asyncio.Event()
        boot = await station.post("BootNotification", BOOTS[version])
        link = site.gateway._context.links[CP1]
        await until(lambda: link._registering.is_booting)
        call = group.create_task(site.gateway.call(CP1, "ClearCache", {}))
        await until(lambda: link._calls is not None and link._calls._waiting)
        site.boot.gate.set()
        assert (await call).outcome is Outcome.RESULT
        assert (await boot)[2]["status"] == "Accepted"
        kinds = [frame[0] for frame in station.frames]
        assert kinds == [3, 3, 2]


async def test_a_boot_that_waits_for_its_turn_holds_calls_too(site: GatewaySite) -> None:
    """It has come in; that something else is answered first changes nothing."""
    site.tokens.gate = asyncio.Event()
    async with asyncio.TaskGroup() as group, site.station(answers={"ClearCache": AGREED}) as station:
        authorize = await station.post("Authorize", {"idTag": "A"})
        boot = await station.post("BootNotification", BOOTS["1.6"])
        heard = await station.post("Heartbeat")
        link = site.gateway._context.links[CP1]
        await until(lambda: link._registering.is_booting)
        call = group.create_task(site.gateway.call(CP1, "ClearCache", {}))
        site.tokens.gate.set()
        assert (await call).outcome is Outcome.RESULT
        assert (await authorize)[0] == (await boot)[0] == (await heard)[0] == 3
        order = [frame[2] if frame[0] == 2 else frame[1].split("-")[0] for frame in station.frames]
        assert order.index("ClearCache") > order.index("BootNotification")


async def test_a_link_counts_its_boots(site: GatewaySite) -> None:
    """A soft restart may keep the connection: only the count tells that it happened."""
    async with site.station() as station:
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.boots == 1
        await station.boot()
        await station.ask("Heartbeat")
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.boots == 2


async def test_billing_data_of_1_6_is_taken_before_accepted(site: GatewaySite) -> None:
    """Rule 4: a 1.6 station deletes a transaction message that is refused, so it is stored, and noted."""
    site.boot.decision = PENDING
    async with site.station(boots=False) as station:
        await station.boot()
        assert (await station.ask("StartTransaction", START))["transactionId"] == 1
    stored = site.message_store.stored[-1]
    assert isinstance(stored.event, TransactionEvent)
    assert stored.findings == ("before-accepted",)


async def test_billing_data_of_2_x_is_kept_before_it_is_refused(site: GatewaySite) -> None:
    """B02.FR.09 wants the SecurityError; the message is in quarantine before the station hears it."""
    site.boot.decision = PENDING
    async with site.station(version="2.0.1", boots=False) as station:
        await station.boot()
        site.message_store.is_held = True
        refused = await station.post("TransactionEvent", EVENT)
        await site.message_store.until(lambda: site.message_store.quarantined)
        assert not refused.done()
        site.message_store.release()
        assert (await refused)[2] == "SecurityError"
    (station_id, raw, reason, cause) = site.message_store.quarantined[0]
    assert (station_id, reason, cause) == (CP1, "before-accepted", QuarantineCause.EARLY)
    assert b"CablePluggedIn" in raw


async def test_what_comes_with_a_boot_waits_for_its_answer(site: GatewaySite) -> None:
    """A station that does not wait is judged by the answer to its boot, not by what it was before."""
    site.boot.gate = asyncio.Event()
    async with site.station(boots=False) as station:
        boot = await station.post("BootNotification", BOOTS["1.6"])
        status = await station.post("StatusNotification", STATUSES["1.6"])
        beat = await station.post("Heartbeat")
        site.boot.gate.set()
        assert [(await each)[0] for each in (boot, status, beat)] == [3, 3, 3]
        assert station.frames[0][1].startswith("BootNotification")


async def test_a_boot_in_mid_life_changes_the_registration(site: GatewaySite) -> None:
    """BOOT-01: boots again and again are answered; a station that falls back to pending is treated so."""
    async with site.station() as station:
        for _ in range(20):
            assert (await station.boot())["status"] == "Accepted"
        site.boot.decision = PENDING
        assert (await station.boot())["status"] == "Pending"
        assert (await station.call("Heartbeat"))[2] == "SecurityError"


# --- Without a boot -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_that_does_not_boot_is_restored(site: GatewaySite, version: str) -> None:
    """Quirk 21, BOOT-02: it was accepted, so after 5 s it can be commanded; nothing is asked of it."""
    site.boot.restored = RegistrationStatus.ACCEPTED
    async with site.station(version=version, boots=False, answers={"ClearCache": {"status": "Accepted"}}):
        await site.clock.advance(4.9)
        assert site.boot.asked_to_restore == 0
        await site.clock.advance(0.2)
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.registration is RegistrationStatus.ACCEPTED
        assert (await site.gateway.call(CP1, "ClearCache", {})).outcome is Outcome.RESULT


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_first_word_without_a_boot_restores_at_once(site: GatewaySite, version: str) -> None:
    """Quirk 21: who goes on as if nothing had happened is answered as if nothing had happened."""
    site.boot.restored = RegistrationStatus.ACCEPTED
    async with site.station(version=version, boots=False) as station:
        beat, status = (
            await station.post("Heartbeat"),
            await station.post("StatusNotification", STATUSES[version]),
        )
        assert (await beat)[0] == (await status)[0] == 3
        assert [frame[1].split("-")[0] for frame in station.frames] == ["Heartbeat", "StatusNotification"]
        assert station.asked == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_who_was_never_accepted_is_asked_to_boot(site: GatewaySite, version: str) -> None:
    """No registration to go on with: the one thing that may be asked is the boot itself."""
    async with site.station(version=version, boots=False) as station:
        assert (await station.call("Heartbeat"))[2] == "SecurityError"
        assert (await station.until_asked("TriggerMessage"))[3] == {"requestedMessage": "BootNotification"}
        assert (await station.boot())["status"] == "Accepted"
        assert (await station.call("Heartbeat"))[0] == 3
    assert site.boot.asked_to_restore == 1


async def test_a_boot_in_time_needs_no_restoring(site: GatewaySite) -> None:
    """The deadline of the boot is forgotten once it came."""
    site.boot.restored = RegistrationStatus.ACCEPTED
    async with site.station():
        await site.clock.advance(60)
    assert site.boot.asked_to_restore == 0


async def test_what_was_restored_gives_way_to_a_boot(site: GatewaySite) -> None:
    """A late boot counts for more than what the station was before."""
    site.boot.restored = RegistrationStatus.ACCEPTED
    async with site.station(boots=False) as station:
        await station.ask("Heartbeat")
        site.boot.decision = PENDING
        assert (await station.boot())["status"] == "Pending"
        assert (await station.call("Heartbeat"))[2] == "SecurityError"


async def test_a_command_to_a_station_that_does_not_boot_waits_for_the_restoring(site: GatewaySite) -> None:
    """Quirk 21: it is asked once its registration is restored, five seconds after it came."""
    site.boot.restored = RegistrationStatus.ACCEPTED
    async with (
        asyncio.TaskGroup() as group,
        site.station(boots=False, answers={"ClearCache": AGREED}) as station,
    ):
        command = group.create_task(site.gateway.call(CP1, "ClearCache", {}))
        await site.clock.advance(4.9)
        assert station.asked == []
        await site.clock.advance(0.2)
        assert (await command).outcome is Outcome.RESULT
