"""The front door: who replaces whom, what a command comes to, and what a failing database does to others."""

import asyncio
from typing import Any

import pytest
import websockets

from csms.domain.commands import Outcome, RawCall
from csms.errors import StorageUnavailable
from csms.gateway.attempts import Attempt
from csms.ports import BootDecision
from ocppj.aio.endpoint import AttemptReason
from ocppj.dividing import MessageLimits
from ocppj.errors import InvalidMessageError, UnknownActionError
from ocppj.model.authorization import ClearCache
from ocppj.model.boot import Reset
from ocppj.model.command import Command
from ocppj.model.local_list import SendLocalList
from ocppj.model.variables import (
    GetBaseReport,
    GetReport,
    GetVariables,
    SetVariables,
    VariableAssignment,
    VariablePattern,
)
from ocppj.vocabulary import (
    CONFIGURATION_KEY_COMPONENT,
    AuthorizationStatus,
    Epoch,
    IdToken,
    IdTokenInfo,
    LocalListEntry,
    LocalListUpdate,
    RegistrationStatus,
    StationId,
    VariableRef,
)
from runtime.errors import DatabaseProblem
from tests.support.gateway import GatewaySite, gateway_site
from tests.support.waiting import patient_http, until
from tests.support.wire_station import AGREED, basic

CP1 = StationId("cp1")
PASSWORD = VariableRef("SecurityCtrlr", "BasicAuthPassword")


async def status_of(site: GatewaySite, station_id: str = "CP1") -> tuple[int, str | None]:
    """What an upgrade is answered, and its Retry-After."""
    station = await site.raw()
    station.send_upgrade(f"/ocpp/{station_id}")
    head = (await station.read_head()).decode()
    lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    return int(head.split(" ")[1]), lines.get("Retry-After")


# --- One connection per station -----------------------------------------------------------------------------


async def test_the_newest_connection_wins_and_ends_the_open_calls(site: GatewaySite) -> None:
    """Quirk 20, CMD-01: what is open or waits on the old socket ends at once as replaced."""
    async with asyncio.TaskGroup() as group, site.station(answers={"Reset": None}) as old:
        commands = [group.create_task(site.gateway.send(CP1, Reset())) for _ in range(2)]
        await old.until_asked("Reset")
        site.admission.passwords[CP1] = b"secret"
        async with site.station(additional_headers=basic("CP1", "secret")) as new:
            assert [(await each).outcome for each in commands] == [Outcome.REPLACED] * 2
            assert (await old.until_closed())[0] == 4000
            assert (await new.ask("Heartbeat"))["currentTime"]
    assert len(old.asked) == 1


async def test_of_two_that_come_at_once_the_one_with_the_greater_number_stays(
    site: GatewaySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the two connections is there first."""
    first: asyncio.Future[Epoch] = asyncio.get_running_loop().create_future()
    asked: list[asyncio.Future[Epoch]] = []
    given = site.message_store.next_epoch

    def held() -> asyncio.Future[Epoch]:
        asked.append(given())
        return first

    monkeypatch.setattr(site.message_store, "next_epoch", held)
    site.admission.passwords[CP1] = b"secret"
    headers = basic("CP1", "secret")
    late = await site.raw()
    late.send_upgrade("/ocpp/CP1", authorization=headers["Authorization"])
    await until(lambda: asked)
    number = await asked[0]
    monkeypatch.setattr(site.message_store, "next_epoch", given)
    async with site.station(additional_headers=headers) as station:
        first.set_result(number)
        assert b" 101 " in await late.read_head()
        assert await late.read_close() == 4000
        assert (await station.ask("Heartbeat"))["currentTime"]
        assert [each.epoch for each in site.message_store.opened] == [number + 1]


# --- Other nodes --------------------------------------------------------------------------------------------


async def test_a_link_ends_when_its_station_has_a_newer_one_elsewhere(site: GatewaySite) -> None:
    """Told of an older link of the station, this node does nothing."""
    async with site.station() as station:
        (link,) = site.gateway.links()
        assert link.node == "here"
        site.gateway.supersede(CP1, Epoch(link.epoch - 1))
        site.gateway.supersede(StationId("cp2"), link.epoch)
        assert (await station.ask("Heartbeat"))["currentTime"]
        site.gateway.supersede(CP1, link.epoch)
        code, reason = await station.until_closed()
    assert (code, reason) == (4000, "replaced by a newer connection of this station")


async def test_links_that_are_not_recorded_are_told_anew(site: GatewaySite) -> None:
    """What is recorded with their number needs nothing."""
    async with site.station("CP1"), site.station("CP2"), site.station("CP3"):
        epochs = {link.station_id: link.epoch for link in site.gateway.links()}
        site.message_store.opened.clear()
        site.gateway.record_missing({CP1: epochs[CP1], StationId("cp2"): Epoch(epochs[StationId("cp2")] + 9)})
        assert [link.station_id for link in site.message_store.opened] == ["cp2", "cp3"]


async def test_the_close_of_an_old_socket_never_touches_the_new_link(site: GatewaySite) -> None:
    """REL-01: whenever the old one ends, the new one stays, and the end is told with the old epoch."""
    site.admission.passwords[CP1] = b"secret"
    headers = basic("CP1", "secret")
    async with (
        site.station(additional_headers=headers) as old,
        site.station(additional_headers=headers) as new,
    ):
        await old.until_closed()
        await site.message_store.until(lambda: site.message_store.closed)
        link = site.gateway.link(CP1)
        assert link is not None
        assert link.epoch == 2
        assert site.message_store.closed[0][:2] == (CP1, 1)
        assert (await new.ask("Heartbeat"))["currentTime"]
        assert len(site.gateway.links()) == 1
    assert [(station, epoch) for station, epoch, _ in site.message_store.closed] == [(CP1, 1), (CP1, 2)]


async def test_spellings_of_one_identity_are_one_station(site: GatewaySite) -> None:
    """SEC-06: case and percent-encoding make no second link."""
    site.admission.passwords[CP1] = b"secret"
    async with (
        site.station("CP1", additional_headers=basic("CP1", "secret")) as old,
        site.station("%63p1", additional_headers=basic("cp1", "secret")),
    ):
        assert (await old.until_closed())[0] == 4000
        assert [link.station_id for link in site.gateway.links()] == ["cp1"]


async def test_fifty_reconnects_at_once_leave_one_link(site: GatewaySite) -> None:
    """REL-01: however they overlap, each older epoch is closed and exactly one stays."""
    site.admission.passwords[CP1] = b"secret"
    url = f"ws://127.0.0.1:{site.port}/ocpp/CP1"

    async def connect() -> websockets.ClientConnection:
        return await websockets.connect(
            url, subprotocols=[websockets.Subprotocol("ocpp1.6")], additional_headers=basic("CP1", "secret")
        )

    sockets = await asyncio.gather(*(connect() for _ in range(50)))
    await site.message_store.until(lambda: len(site.message_store.closed) == 49)
    link = site.gateway.link(CP1)
    assert link is not None
    assert sorted([epoch for _, epoch, _ in site.message_store.closed] + [link.epoch]) == list(range(1, 51))
    await asyncio.gather(*(socket.close() for socket in sockets))


# --- Commands -----------------------------------------------------------------------------------------------


async def test_a_command_ends_with_what_the_station_answered(site: GatewaySite) -> None:
    """CMD-01: result, with the raw payload and its place in the wire log; recorded once as sent and ended."""
    async with site.station(answers={"Reset": {"status": "Rejected"}}):
        outcome = await site.gateway.send(CP1, Reset())
    assert outcome.outcome is Outcome.RESULT
    assert outcome.answer is not None
    assert (outcome.answer.status, outcome.is_accepted) == ("Rejected", False)
    assert outcome.payload == {"status": "Rejected"}
    assert outcome.seq is not None
    assert b"Rejected" in site.frames.kept[outcome.seq - 1][2]
    assert [each[0] for each in site.commands.sent] == [outcome.command_id]
    assert site.commands.finished == [(outcome.command_id, outcome)]


async def test_a_raw_call_is_recorded_like_a_command(site: GatewaySite) -> None:
    """Who asked what, and how it ended; one that no station understands is not sent, and not recorded."""
    async with site.station(answers={"ClearCache": {"status": "Rejected"}}):
        with pytest.raises(UnknownActionError):
            await site.gateway.call(CP1, "Fly", {}, origin="api:ann")
        outcome = await site.gateway.call(CP1, "ClearCache", {}, origin="api:ann")
    assert site.commands.sent == [(outcome.command_id, CP1, RawCall("ClearCache", {}, ClearCache()))]
    assert site.commands.origins == ["api:ann"]
    assert "hunter2" not in repr(RawCall("ChangeConfiguration", {"value": "hunter2"}))
    assert site.commands.finished == [(outcome.command_id, outcome)]


async def test_commands_to_nobody_are_offline(site: GatewaySite) -> None:
    """Never sent, and still recorded with one end each."""
    assert (await site.gateway.send(CP1, Reset())).outcome is Outcome.OFFLINE
    assert (await site.gateway.call(CP1, "Reset", {"type": "Soft"})).outcome is Outcome.OFFLINE
    assert len(site.commands.sent) == len(site.commands.finished) == 2
    assert not await site.gateway.disconnect(CP1, code=1000, reason="")


@pytest.mark.parametrize(
    ("registration", "before_accepted", "outcome"),
    [
        (RegistrationStatus.PENDING, False, Outcome.OFFLINE),
        (RegistrationStatus.PENDING, True, Outcome.RESULT),
        (RegistrationStatus.REJECTED, True, Outcome.OFFLINE),
    ],
)
async def test_who_is_not_accepted_is_not_commanded(
    site: GatewaySite, registration: RegistrationStatus, before_accepted: bool, outcome: Outcome
) -> None:
    """B03.FR.03: nothing to a rejected station; to a pending one only what configures it (B02.FR.02)."""
    site.boot.decision = BootDecision(registration, 30)
    async with site.station(boots=False, answers={"Reset": {"status": "Accepted"}}) as station:
        await station.boot()
        ended = await site.gateway.send(CP1, Reset(), before_accepted=before_accepted)
    assert ended.outcome is outcome


async def test_nothing_is_sent_before_the_boot_was_answered(site: GatewaySite) -> None:
    """Rule 8: many stations drop the link when they are asked before their boot (quirk 22)."""
    async with site.station(boots=False) as station:
        sending = site.gateway.send(CP1, Reset(), timeout_s=1.0, before_accepted=True)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(sending)
            await site.clock.advance(1.0)
        ended = task.result()
        assert ended.outcome is Outcome.OFFLINE
        assert "boot was not answered" in (ended.error_description or "")
        assert station.frames == []


async def test_a_command_waits_for_the_boot_of_a_station_that_is_back(site: GatewaySite) -> None:
    """A station that reconnects can be asked as soon as it is registered again, and is not called offline."""
    async with asyncio.TaskGroup() as group, site.station(boots=False, answers={"Reset": AGREED}) as station:
        command = group.create_task(site.gateway.send(CP1, Reset()))
        await station.boot()
        assert (await command).outcome is Outcome.RESULT
        assert station.frames[0][1].startswith("BootNotification")


async def test_a_command_waits_no_longer_than_the_connection(site: GatewaySite) -> None:
    """Who leaves before it is registered was never asked."""
    async with asyncio.TaskGroup() as group, site.station(boots=False) as station:
        command = group.create_task(site.gateway.send(CP1, Reset()))
        await station.ws.close()
        assert (await command).outcome is Outcome.OFFLINE


async def test_what_a_version_lacks_is_said_before_the_wire(site: GatewaySite) -> None:
    """1.6 has no base report: the reason is there without asking, and nothing is sent."""
    async with site.station() as station:
        assert "1.6 has no GetBaseReport" in (site.gateway.unsupported_reason(CP1, GetBaseReport(1)) or "")
        ended = await site.gateway.send(CP1, GetBaseReport(1))
        assert ended.outcome is Outcome.UNSUPPORTED
        assert station.asked == []
    assert site.gateway.unsupported_reason(CP1, GetBaseReport(1)) is None


async def test_a_command_of_several_calls_stops_at_the_first_that_fails(site: GatewaySite) -> None:
    """1.6 sets one key per CALL; after an error the rest is not sent."""
    both = tuple(
        VariableAssignment(VariableRef(CONFIGURATION_KEY_COMPONENT, name), "1") for name in ("A", "B")
    )
    async with site.station(answers={"ChangeConfiguration": ("InternalError", "full")}) as station:
        ended = await site.gateway.send(CP1, SetVariables(both))
        assert (ended.outcome, ended.error_code) == (Outcome.ERROR, "InternalError")
        assert len(station.asked) == 1


class Limits:
    """What a station has reported, or why nobody knows."""

    def __init__(self, found: MessageLimits | None) -> None:
        self.found = found

    async def limits(self, station_id: StationId, command: Command) -> MessageLimits:
        """The same of each."""
        if self.found is None:
            raise DatabaseProblem("gone")
        return self.found


async def test_a_station_is_asked_no_more_at_once_than_it_takes(site: GatewaySite) -> None:
    """B06.FR.05: in several messages; what cannot be divided, and where nobody knows, nothing is sent."""
    refs = tuple(VariableRef("OCPPCommCtrlr", name) for name in ("HeartbeatInterval", "OfflineThreshold"))
    results = [
        {
            "component": {"name": ref.component},
            "variable": {"name": ref.variable},
            "attributeStatus": "Accepted",
            "attributeValue": "1",
        }
        for ref in refs
    ]
    sender = site.gateway._sender
    answers = {"GetVariables": {"getVariableResult": results[:1]}}
    async with site.station(version="2.0.1", answers=answers) as station:
        sender._station_limits = Limits(MessageLimits(1))
        ended = await site.gateway.send(CP1, GetVariables(refs))
        assert (ended.outcome, len(station.asked)) == (Outcome.RESULT, 2)
        patterns = (VariablePattern("C"), VariablePattern("D"))
        ended = await site.gateway.send(CP1, GetReport(1, (), patterns))
        assert (ended.outcome, len(station.asked)) == (Outcome.UNSUPPORTED, 2)
        sender._station_limits = Limits(None)
        ended = await site.gateway.send(CP1, GetVariables(refs))
        assert (ended.outcome, len(station.asked)) == (Outcome.BUSY, 2)


async def test_the_rest_of_a_list_is_not_sent_to_who_refused_the_first(site: GatewaySite) -> None:
    """D01.FR.03: what follows is added to it."""
    site.gateway._sender._station_limits = Limits(MessageLimits(1))
    entries = tuple(LocalListEntry(IdToken(name), IdTokenInfo(AuthorizationStatus.ACCEPTED)) for name in "ab")
    command = SendLocalList(5, LocalListUpdate.FULL, entries)
    for status, sent in (("Failed", 1), ("Accepted", 2)):
        async with site.station(version="2.0.1", answers={"SendLocalList": {"status": status}}) as station:
            ended = await site.gateway.send(CP1, command)
            assert (ended.answer.status, len(station.asked)) == (status, sent)  # type: ignore[union-attr]


async def test_a_raw_call_is_checked_before_it_is_sent(site: GatewaySite) -> None:
    """The caller's fault is the caller's error; what is right goes out as it is."""
    async with site.station(answers={"ClearCache": {"status": "Accepted"}}) as station:
        with pytest.raises(UnknownActionError):
            await site.gateway.call(CP1, "Fly", {})
        with pytest.raises(InvalidMessageError):
            await site.gateway.call(CP1, "Reset", {"type": "Maybe"})
        assert (await site.gateway.call(CP1, "ClearCache", {})).payload == {"status": "Accepted"}
        assert [frame[2] for frame in station.asked] == ["ClearCache"]


async def test_a_secret_leaves_no_trace(site: GatewaySite) -> None:
    """SEC-10: the password goes over the wire, and nowhere else; also where the answer repeats it."""
    secret = "correct-horse-battery"
    echo = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
    results: dict[str, Any] = {
        "SetVariables": {
            "setVariableResult": [
                echo
                | {
                    "attributeStatus": "Rejected",
                    "attributeStatusInfo": {"reasonCode": "x", "additionalInfo": f"bad {secret}"},
                }
            ]
        },
        "GetVariables": {
            "getVariableResult": [echo | {"attributeStatus": "Accepted", "attributeValue": secret}]
        },
    }
    async with site.station(version="2.0.1", answers=results) as station:
        assignment = VariableAssignment(PASSWORD, secret, is_secret=True)
        await site.gateway.send(CP1, SetVariables((assignment,)))
        read = await site.gateway.send(CP1, GetVariables((PASSWORD,)))
        assert secret in str(station.asked)
    recorded = b"".join(frame for _, _, frame in site.frames.kept)
    assert secret.encode() not in recorded
    assert b"***" in recorded
    assert secret not in repr(site.commands.sent)
    assert secret not in str(read.payload)


async def test_a_command_goes_on_when_its_caller_gives_up(site: GatewaySite) -> None:
    """CMD-01: a browser that is closed leaves no command without an end."""
    async with site.station(answers={"Reset": None}) as station:
        async with asyncio.TaskGroup() as group:
            caller = group.create_task(site.gateway.send(CP1, Reset()))
            call = await station.until_asked("Reset")
            caller.cancel()
        assert site.commands.finished == []
        await station.send([3, call[1], {"status": "Accepted"}])
        await station.ask("Heartbeat")
    assert [outcome.outcome for _, outcome in site.commands.finished] == [Outcome.RESULT]


async def test_leaving_closes_every_link_and_ends_every_command() -> None:
    """REL-04: 1012 to each station, `unknown` for what was open: nobody waits for ever."""
    async with asyncio.TaskGroup() as group:
        async with gateway_site() as site:
            manager = site.station(answers={"Reset": None})
            station = await manager.__aenter__()
            command = group.create_task(site.gateway.send(CP1, Reset()))
            await station.until_asked("Reset")
        assert (await station.until_closed())[0] == 1012
        assert (await command).outcome is Outcome.UNKNOWN
        await manager.__aexit__(None, None, None)
    assert len(site.commands.finished) == 1


async def test_a_station_can_be_sent_away(site: GatewaySite) -> None:
    """With the code and the words of who asked for it."""
    async with site.station() as station:
        assert await site.gateway.disconnect(CP1, code=1008, reason="not today")
        assert await station.until_closed() == (1008, "not today")


# --- A database that fails ----------------------------------------------------------------------------------


async def test_what_cannot_be_stored_closes_the_socket_and_the_door(site: GatewaySite) -> None:
    """DBX-01, rule 5: 1013 without an answer, 503 with Retry-After for newcomers, later in again."""
    async with site.station() as station:
        site.message_store.error = StorageUnavailable("disk full")
        start = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2026-01-05T12:00:00Z"}
        answer = await station.post("StartTransaction", start)
        assert (await station.until_closed())[0] == 1013
        assert isinstance(answer.exception(), ConnectionError)
    assert await status_of(site) == (503, "10")
    site.message_store.error = None
    await site.clock.advance(1.9)
    assert (await status_of(site))[0] == 503
    await site.clock.advance(0.2)
    async with site.station() as station:
        assert (await station.ask("StartTransaction", start))["transactionId"] > 0


async def test_a_link_that_cannot_be_noted_is_not_kept(site: GatewaySite) -> None:
    """A station whose arrival cannot be stored is sent away: its epoch would fence nothing."""
    site.message_store.is_held = True
    async with site.station(boots=False) as station:
        await site.message_store.until(lambda: site.message_store.opened)
        site.message_store.error = StorageUnavailable("disk full")
        site.message_store.release()
        assert (await station.until_closed())[0] == 1013


async def test_who_cannot_be_given_a_number_is_not_let_in(site: GatewaySite) -> None:
    """Nothing can be stored: better said before the connection is there."""
    site.message_store.error = StorageUnavailable("disk full")
    assert await status_of(site) == (503, "10")
    assert site.gateway.turns_away


# --- Those who do not come in -------------------------------------------------------------------------------


async def test_foreign_subprotocols_end_the_handshake_politely(site: GatewaySite) -> None:
    """OCPP-J 1.6 §3.2: 101 without the header, then close; kept as an attempt."""
    station = await site.raw()
    head = await station.open(sec_websocket_protocol="ocpp1.5, soap")
    assert b"sec-websocket-protocol" not in head.lower()
    assert await station.read_close() == 1002
    assert site.gateway.links() == []
    assert [each.reason for each in latest(site)] == [AttemptReason.FOREIGN_SUBPROTOCOL]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Station id read"), ("fr-CA", "Identifiant de borne")]
)
async def test_a_person_is_told_what_to_type(site: GatewaySite, language: str, words: str) -> None:
    """A plain GET shows the decoded identity, the exact string, and why the last attempts failed."""
    station = await site.raw()
    await station.open("/ocpp/CP1", sec_websocket_protocol="ocpp1.5")
    url = f"http://127.0.0.1:{site.port}/ocpp/%43P1"
    async with patient_http() as browser:
        page = await browser.get(url, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert words in page.text
    assert "<code>CP1</code>" in page.text
    assert f"ws://127.0.0.1:{site.port}/ocpp/%43P1" in page.text
    assert "offers none of ocpp2.1" in page.text


def latest(site: GatewaySite) -> list[Attempt]:
    """The failed attempts, newest first."""
    return site.gateway.attempts.latest()


async def test_every_refusal_is_counted_and_kept(site: GatewaySite) -> None:
    """I10: nothing is refused without a trace, and the cause is for the operator only."""
    site.admission.passwords[CP1] = b"secret"
    assert (await status_of(site))[0] == 401
    (attempt,) = latest(site)
    assert (attempt.reason, attempt.cause, attempt.identity) == (
        AttemptReason.REFUSED,
        "credentials_missing",
        "CP1",
    )
    assert "credentials_missing" not in attempt.detail
    assert site.gateway.metrics.attempts["refused",] == 1


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic Q1AxOndyb25n",  # CP1:wrong
        "Basic Q1AxOg==",  # CP1:
        "Basic Q1AyOnNlY3JldA==",  # CP2:secret
        "Basic !!!",
        "Bearer secret",
        "Basic Q1AxO3NlY3JldA==",  # CP1;secret
    ],
)
async def test_all_refusals_look_the_same(site: GatewaySite, authorization: str | None) -> None:
    """SEC-01, SEC-12: known or not, wrong, missing or unreadable: one 401, byte for byte."""
    site.admission.passwords[CP1] = site.admission.passwords[StationId("cp2")] = b"secret"
    site.admission.passwords[StationId("stranger")] = b"\x00"
    answers = []
    for identity in ("CP1", "stranger"):
        station = await site.raw()
        station.send_upgrade(f"/ocpp/{identity}", authorization=authorization)
        answer = await station.read_to_end()
        answers.append(b"\r\n".join(line for line in answer.split(b"\r\n") if not line.startswith(b"Date:")))
    assert answers[0] == answers[1]
    assert answers[0].startswith(b"HTTP/1.1 401")
    assert b'WWW-Authenticate: Basic realm="OCPP"' in answers[0]
    assert site.gateway.links() == []
