"""One live station: what becomes of what it says, of what cannot be accepted, and of our own faults."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from csms.errors import StorageUnavailable
from csms.gateway.limits import GatewayLimits
from csms.ports import BootDecision
from ocppj.identity import Toleration
from ocppj.model.boot import BootNotification
from ocppj.model.reports import SendKept
from ocppj.session import Direction
from ocppj.vocabulary import RegistrationStatus, StationId
from tests.support.gateway import GatewaySite, gateway_site
from tests.support.payloads import AT, EVENT, STATUSES
from tests.support.waiting import until
from tests.support.wire_station import BOOTS, WireStation

CP1 = StationId("cp1")
PENDING = BootDecision(RegistrationStatus.PENDING, 30, "NotYet", "not configured")


# --- What cannot be accepted --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "action", "payload", "code"),
    [
        ("1.6", "StartTransaction", {"reservationId": 1}, "ProtocolError"),
        ("1.6", "MeterValues", {"connectorId": "x", "meterValue": 1}, "TypeConstraintViolation"),
        ("2.0.1", "TransactionEvent", {"seqNo": 1}, "OccurrenceConstraintViolation"),
        ("2.1", "TransactionEvent", EVENT | {"transactionInfo": []}, "TypeConstraintViolation"),
    ],
)
async def test_invalid_billing_data_is_kept_before_it_is_refused(
    site: GatewaySite, version: str, action: str, payload: dict[str, object], code: str
) -> None:
    """Rule 4, RPC-10: quarantine first, then the CALLERROR of the version; the link goes on."""
    async with site.station(version=version) as station:
        site.message_store.is_held = True
        refused = await station.post(action, payload)
        await site.message_store.until(lambda: site.message_store.quarantined)
        assert not refused.done()
        site.message_store.release()
        assert (await refused)[2] == code
        assert (await station.ask("Heartbeat"))["currentTime"]
        assert f"refused:{code}" in site.findings()
    assert site.message_store.quarantined[0][2].startswith(code)


async def test_what_cannot_be_quarantined_is_not_refused(site: GatewaySite) -> None:
    """Rule 5: without a place to keep it the station must keep it, so the socket closes without an answer."""
    async with site.station() as station:
        site.message_store.error = StorageUnavailable("disk full")
        answer = await station.post("StartTransaction", {"reservationId": 1})
        assert (await station.until_closed())[0] == 1013
        assert isinstance(answer.exception(), ConnectionError)


async def test_what_is_no_billing_data_is_refused_at_once(site: GatewaySite) -> None:
    """Only messages that may not get lost go into quarantine."""
    async with site.station() as station:
        assert (await station.call("Authorize", {"idTag": ["A"]}))[2] == "TypeConstraintViolation"
    assert site.message_store.quarantined == []


DC = {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "DC"}}
STREAM = {"id": 1, "pending": 0, "basetime": AT, "data": [{"t": 0, "v": "1"}]}


@pytest.mark.parametrize(
    ("version", "action", "payload", "status"),
    [
        ("1.6", "SignCertificate", {"csr": "x"}, "Rejected"),
    ],
)
async def test_what_is_not_built_is_refused_in_the_words_of_the_specification(
    site: GatewaySite, version: str, action: str, payload: dict[str, object], status: str
) -> None:
    """And with a finding: never an answer that something was decided."""
    async with site.station(version=version) as station:
        assert (await station.ask(action, payload))["status"] == status
        assert f"no-handler:{action}" in site.findings()
        assert [type(each.event) for each in site.message_store.stored] == [BootNotification]


@pytest.mark.parametrize(
    ("version", "action", "payload"),
    [
        ("1.6", "ClearCache", {}),
        ("2.0.1", "ClearCache", {}),
        ("2.1", "ClearCache", {}),
        ("2.1", "NotifyPeriodicEventStream", STREAM),
    ],
)
async def test_what_no_station_asks_is_not_supported(
    site: GatewaySite, version: str, action: str, payload: dict[str, object]
) -> None:
    """RPC-08: NotSupported and a finding; a SEND's action as a CALL has no answer (2.1 N15.FR.01)."""
    async with site.station(version=version) as station:
        assert (await station.call(action, payload))[2] == "NotSupported"
        assert f"no-handler:{action}" in site.findings()


async def test_a_send_is_kept_and_never_answered(site: GatewaySite) -> None:
    """2.1 part 4 §4.2.4: neither with a result nor with an error, and its like for no CALL's action."""
    async with site.station(version="2.1") as station:
        await station.send([6, "s1", "NotifyPeriodicEventStream", STREAM])
        await station.send([6, "s2", "NotifyPeriodicEventStream", {}])
        await station.send([6, "s3", "Heartbeat", {}])
        for number in range(2 * GatewayLimits().queued_requests):  # none of them waits for anything
            await station.send([6, f"more-{number}", "NotifyPeriodicEventStream", STREAM])
        await station.ask("Heartbeat")
        assert [frame[1] for frame in station.frames] == ["BootNotification-1", "Heartbeat-2"]
        kept = [each.message_id for each in site.message_store.stored if isinstance(each.event, SendKept)]
        assert kept[:3] == ["s1", "more-0", "more-1"]


async def test_a_send_of_who_is_not_accepted_is_dropped(site: GatewaySite) -> None:
    """It costs no row, and is a finding (2.0.1 B02.FR.09); nobody answers it either."""
    site.boot.decision = PENDING
    async with site.station(version="2.1", boots=False) as station:
        assert (await station.boot())["status"] == "Pending"
        await station.send([6, "s1", "NotifyPeriodicEventStream", STREAM])
        assert (await station.call("NotifyDisplayMessages", {"requestId": 1}))[2] == "SecurityError"
        assert len(station.frames) == 2
        assert [type(each.event) for each in site.message_store.stored] == [BootNotification]
        assert "refused:SecurityError" in site.findings()


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


CUT_OFF = "too many messages that cannot be accepted, or that nobody asked for"
FEW = GatewayLimits(useless_messages=50, useless_messages_before_accepted=10)
"""Small enough for a test; the clock of the site stands still, so nothing is forgotten."""


async def test_answers_to_nothing_are_counted_and_then_cut_off() -> None:
    """RES-02: so many are borne and noted, one more ends the connection with 1008; nothing piles up."""
    async with gateway_site(FEW) as site, site.station() as station:
        await strays(station, 50)
        assert (await station.call("Heartbeat"))[0] == 3
        assert "stray-answer" in site.findings()
        await strays(station, 1)
        assert (await station.until_closed())[0] == 1008
        assert site.gateway.metrics.cut_off["stray-answer",] == 1


USELESS: dict[str, str | list[Any]] = {
    "bad frames": "nonsense",
    "empty texts": "",
    "broken payloads": [2, "1", "StatusNotification", {"connectorId": "one"}],
    "actions we do not have": [2, "1", "Fly", {}],
}


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
@pytest.mark.parametrize("kind", USELESS)
async def test_a_flood_of_what_is_refused_is_cut_off(kind: str, version: str) -> None:
    """Each is answered until there were too many: then 1008 says why, and the log and a counter say who."""
    async with gateway_site(FEW) as site, site.station(version=version) as station:
        with capture_logs() as logs:
            for _ in range(51):
                await station.send(USELESS[kind])
            code, reason = await station.until_closed()
        assert (code, reason) == (1008, CUT_OFF)
        assert [line["station_id"] for line in logs if line["event"] == "station_cut_off"] == ["cp1"]
        assert sum(site.gateway.metrics.cut_off.values()) == 1


@pytest.mark.parametrize("kind", USELESS)
async def test_the_limit_is_lower_before_the_boot(kind: str) -> None:
    """Anybody may be that: a stranger is cut off after ten, an accepted station after fifty."""
    async with gateway_site(FEW) as site, site.station(boots=False) as station:
        for _ in range(11):
            await station.send(USELESS[kind])
        assert (await station.until_closed())[0] == 1008
    async with gateway_site(FEW) as site, site.station() as station:
        for _ in range(11):
            await station.send(USELESS[kind])
        assert (await station.call("Heartbeat"))[0] == 3


async def test_time_forgives_and_honest_messages_count_for_nothing() -> None:
    """A station whose firmware errs now and then stays; what is right is never counted."""
    async with gateway_site(FEW) as site, site.station() as station:
        for _ in range(4):
            for _ in range(49):
                await station.send("nonsense")
            for _ in range(100):
                assert (await station.call("Heartbeat"))[0] == 3
            await site.clock.advance(1)  # fifty are forgotten


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
        gateway_site(GatewayLimits(answer_within_s=20.0)) as site,
        site.station(boots=False) as station,
    ):
        site.boot.gate = asyncio.Event()
        await station.post("BootNotification", BOOTS["1.6"])
        await until(lambda: site.boot.asked)
        await site.clock.advance(20.0)
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
        site.message_store.is_held = True
        first = await station.post("StatusNotification", STATUSES["1.6"])
        second = await station.post("StatusNotification", STATUSES["1.6"] | {"connectorId": 2})
        await site.message_store.until(lambda: len(site.message_store.stored) == 3)
        site.message_store.release()
        assert (await first)[0] == (await second)[0] == 3
        assert "overlapping-call" in site.findings()


async def test_pings_without_answer_are_a_finding(site: GatewaySite) -> None:
    """Quirk 16: the transport says so, the link shows it."""
    station = await site.raw()
    await station.open()
    site.gateway._context.links[CP1].noticed(Toleration.PINGS_UNANSWERED)
    assert site.findings() == ("pings_unanswered",)


@pytest.mark.parametrize(("code", "label"), [(1001, "1001"), (3777, "other"), (4999, "other")])
async def test_made_up_close_codes_are_one_line_of_the_metrics(
    site: GatewaySite, code: int, label: str
) -> None:
    """Two thousand codes are free to be made up: each would be a series for ever."""
    async with site.station() as station:
        await station.ws.close(code)
        await site.message_store.until(lambda: site.message_store.closed)
    assert set(site.gateway.metrics.closed) == {(label,)}
