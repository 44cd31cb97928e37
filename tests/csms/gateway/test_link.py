"""One live station: what it may say when, what becomes of what is not accepted, and how it is restored."""

import asyncio

import pytest

from csms.domain.commands import Outcome, TriggerMessage
from csms.domain.events import HeartbeatReceived, TransactionReported
from csms.domain.links import LinkSecurity
from csms.errors import StorageUnavailable
from csms.gateway.limits import GatewayLimits
from csms.ports import BootDecision
from ocppj.session import Direction
from ocppj.vocabulary import RegistrationStatus, StationId, TriggeredMessage
from tests.support.gateway import GatewaySite, gateway_site
from tests.support.wire_station import BOOTS, VERSIONS, WireStation

CP1 = StationId("cp1")
PENDING = BootDecision(RegistrationStatus.PENDING, 30, "NotYet", "not configured")
AT = "2026-01-05T12:00:00Z"
START = {"connectorId": 1, "idTag": "A", "meterStart": 5, "timestamp": AT}
EVENT = {
    "eventType": "Started",
    "timestamp": AT,
    "triggerReason": "CablePluggedIn",
    "seqNo": 0,
    "transactionInfo": {"transactionId": "t-1"},
}
STATUSES = {
    "1.6": {"connectorId": 1, "errorCode": "NoError", "status": "Available"},
    "2.0.1": {"timestamp": AT, "connectorStatus": "Available", "evseId": 1, "connectorId": 1},
}
STATUSES["2.1"] = STATUSES["2.0.1"]


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
    assert not any(isinstance(each.event, HeartbeatReceived) for each in site.journal.stored)
    assert len(site.journal.stored) == 1


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


async def test_billing_data_of_1_6_is_taken_before_accepted(site: GatewaySite) -> None:
    """Rule 4: a 1.6 station deletes a transaction message that is refused, so it is stored, and noted."""
    site.boot.decision = PENDING
    async with site.station(boots=False) as station:
        await station.boot()
        assert (await station.ask("StartTransaction", START))["transactionId"] == 1
    stored = site.journal.stored[-1]
    assert isinstance(stored.event, TransactionReported)
    assert stored.findings == ("before-accepted",)


async def test_billing_data_of_2_x_is_kept_before_it_is_refused(site: GatewaySite) -> None:
    """B02.FR.09 wants the SecurityError; the message is in quarantine before the station hears it."""
    site.boot.decision = PENDING
    async with site.station(version="2.0.1", boots=False) as station:
        await station.boot()
        site.journal.is_held = True
        refused = await station.post("TransactionEvent", EVENT)
        await site.journal.until(lambda: site.journal.quarantined)
        assert not refused.done()
        site.journal.release()
        assert (await refused)[2] == "SecurityError"
    (station_id, raw, reason) = site.journal.quarantined[0]
    assert (station_id, reason) == (CP1, "before-accepted")
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


# --- What cannot be accepted --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "action", "payload", "code"),
    [
        ("1.6", "StartTransaction", {"connectorId": 1}, "ProtocolError"),
        ("1.6", "MeterValues", {"connectorId": "x", "meterValue": []}, "TypeConstraintViolation"),
        ("2.0.1", "TransactionEvent", {"seqNo": 1}, "OccurrenceConstraintViolation"),
        ("2.1", "TransactionEvent", EVENT | {"timestamp": "yesterday"}, "FormatViolation"),
    ],
)
async def test_invalid_billing_data_is_kept_before_it_is_refused(
    site: GatewaySite, version: str, action: str, payload: dict[str, object], code: str
) -> None:
    """Rule 4, RPC-10: quarantine first, then the CALLERROR of the version; the link goes on."""
    async with site.station(version=version) as station:
        site.journal.is_held = True
        refused = await station.post(action, payload)
        await site.journal.until(lambda: site.journal.quarantined)
        assert not refused.done()
        site.journal.release()
        assert (await refused)[2] == code
        assert (await station.ask("Heartbeat"))["currentTime"]
        assert f"refused:{code}" in site.findings()
    assert site.journal.quarantined[0][2].startswith(code)


async def test_what_cannot_be_quarantined_is_not_refused(site: GatewaySite) -> None:
    """Rule 5: without a place to keep it the station must keep it, so the socket closes without an answer."""
    async with site.station() as station:
        site.journal.error = StorageUnavailable("disk full")
        answer = await station.post("StartTransaction", {"connectorId": 1})
        assert (await station.until_closed())[0] == 1013
        assert isinstance(answer.exception(), ConnectionError)


async def test_what_is_no_billing_data_is_refused_at_once(site: GatewaySite) -> None:
    """Only messages that may not get lost go into quarantine."""
    async with site.station() as station:
        assert (await station.call("Authorize", {"idTag": ["A"]}))[2] == "TypeConstraintViolation"
    assert site.journal.quarantined == []


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        ("1.6", "SignCertificate", {"csr": "x"}),
        ("2.0.1", "NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "DC"}}),
        ("2.1", "NotifyEVChargingNeeds", {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "DC"}}),
    ],
)
async def test_what_has_no_handler_yet_says_so(
    site: GatewaySite, version: str, action: str, payload: dict[str, object]
) -> None:
    """RPC-08: NotSupported and a finding, never an invented answer."""
    async with site.station(version=version) as station:
        assert (await station.call(action, payload))[2] == "NotSupported"
        assert f"no-handler:{action}" in site.findings()


async def test_a_send_is_never_answered(site: GatewaySite) -> None:
    """2.1 part 4 §4.2.4: neither with a result nor with an error."""
    stream = {"id": 1, "pending": 0, "basetime": AT, "data": [{"t": 0, "v": "1"}]}
    async with site.station(version="2.1") as station:
        await station.send([6, "s1", "NotifyPeriodicEventStream", stream])
        await station.send([6, "s2", "NotifyPeriodicEventStream", {}])
        await station.ask("Heartbeat")
        assert [frame[1] for frame in station.frames] == ["BootNotification-1", "Heartbeat-2"]
        assert "no-handler:NotifyPeriodicEventStream" in site.findings()


async def test_findings_are_noted_once_and_bounded(site: GatewaySite) -> None:
    """What was put up with shows at the link; a station that does everything wrong costs a fixed amount."""
    async with site.station() as station:
        for number in range(40):
            await station.call("Heartbeat", {f"odd{number}": 1})
        await station.ask("DataTransfer", {"vendorId": 7})
        assert site.findings().count("unknown-property") == 1
        assert "number-for-string" in site.findings()
        for number in range(60):
            await station.call(f"Strange{number}")
        assert len(site.findings()) <= 32


# --- Strays, limits, faults of ours -------------------------------------------------------------------------


async def strays(station: WireStation, count: int) -> None:
    """Answers that nobody asked for."""
    for number in range(count):
        await station.send([3, f"x{number}", {}] if number % 2 else [4, f"x{number}", "GenericError", "", {}])


async def test_answers_to_nothing_are_counted_and_then_cut_off(site: GatewaySite) -> None:
    """RES-02: 99 are borne and noted, the hundredth ends the connection; nothing piles up."""
    async with site.station() as station:
        await strays(station, 99)
        assert (await station.call("Heartbeat"))[0] == 3
        assert "stray-answer" in site.findings()
        await strays(station, 1)
        assert (await station.until_closed())[0] == 1008


@pytest.mark.parametrize(
    ("is_accepted", "size", "code"),
    [
        (False, 64 << 10, None),
        (False, (64 << 10) + 1, 1009),
        (True, (64 << 10) + 1, None),
        (True, 1 << 20, None),
        (True, (1 << 20) + 1, 1009),
    ],
)
async def test_messages_have_a_limit_that_grows_with_trust(
    site: GatewaySite, is_accepted: bool, size: int, code: int | None
) -> None:
    """WIRE-02: 64 KiB before Accepted, 1 MiB after; one byte more is 1009."""
    if not is_accepted:
        site.boot.decision = PENDING
    async with site.station(boots=False, compression=None) as station:
        await station.boot()
        head = '[2,"big","DataTransfer",{"vendorId":"v","data":"'
        await station.send(f'{head}{"x" * (size - len(head) - 3)}"}}]')
        if code is not None:
            assert (await station.until_closed())[0] == code
        else:
            await station.until_frames(2)
            assert await station.boot()


async def test_a_port_that_fails_closes_only_that_socket(site: GatewaySite) -> None:
    """Rule 5 and 12 of reliability: no answer, so that the station asks again; the neighbour goes on."""
    async with site.station("CP2") as neighbour:
        async with site.station(boots=False) as station:
            site.boot.error = RuntimeError("no idea")
            boot = await station.post("BootNotification", BOOTS["1.6"])
            assert (await station.until_closed())[0] == 1013
            assert isinstance(boot.exception(), ConnectionError)
        assert (await neighbour.call("Heartbeat"))[0] == 3


async def test_a_port_that_thinks_too_long_closes_the_socket() -> None:
    """C-14: no answer later than the limit on an open socket; the station asks again on a new one."""
    async with (
        gateway_site(GatewayLimits(answer_within_s=0.05)) as site,
        site.station(boots=False) as station,
    ):
        site.boot.gate = asyncio.Event()
        await station.post("BootNotification", BOOTS["1.6"])
        assert (await station.until_closed())[0] == 1013


async def test_every_frame_is_recorded_as_it_came(site: GatewaySite) -> None:
    """Both ways and byte for byte, also what cannot be read."""
    async with site.station() as station:
        await station.send('{"not": "a frame"}')
        await station.send('[2,"h1","Heartbeat",{}]')
        await station.until_frames(2)
    kept = [(way, raw) for _, way, raw in site.frames.kept]
    assert (Direction.IN, b'{"not": "a frame"}') in kept
    assert kept[-1] == (Direction.OUT, b'[3,"h1",{"currentTime":"2026-01-05T12:00:00.000Z"}]')


async def test_only_heartbeats_and_their_answers_are_marked_for_the_log(site: GatewaySite) -> None:
    """However a station writes them; the word alone makes no heartbeat, and a refusal is worth keeping."""
    beats = (' [ 2 , "h1" , "Heartbeat" , {} ]', '[2,"h2","Heartbeat",{}]')
    others = (
        '[2,"d1","DataTransfer",{"vendorId":"Heartbeat"}]',
        '[2,"h3","Heartbeat",{"no":["Heartbeat"]}',
        '[2,"s1","Heartbeats",{}]',
        '["Heartbeat"]',
    )
    async with site.station() as station:
        for text in (*beats, *others):
            await station.send(text)
        await station.until_frames(len(beats) + 3)
    marked = [bytes(raw) for raw in site.frames.heartbeats]
    assert [raw for raw in marked if b"Heartbeat" in raw] == [text.encode() for text in beats]
    answers = [raw for raw in marked if b"currentTime" in raw]
    assert [raw[:7] for raw in answers] == [b'[3,"h1"', b'[3,"h2"']
    assert len(marked) == 4


async def test_a_call_before_the_answer_is_served_and_named(site: GatewaySite) -> None:
    """C-13: it breaks OCPP-J §4.1.1, and is a finding."""
    async with site.station() as station:
        site.journal.is_held = True
        first = await station.post("StatusNotification", STATUSES["1.6"])
        second = await station.post("StatusNotification", STATUSES["1.6"] | {"connectorId": 2})
        await site.journal.until(lambda: len(site.journal.stored) == 3)
        site.journal.release()
        assert (await first)[0] == (await second)[0] == 3
        assert "overlapping-call" in site.findings()
