"""CALLs to a station: one open at a time, a bounded queue behind it, and exactly one end for each."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from csms.domain.commands import CommandOutcome, Outcome
from csms.gateway.call_queue import unready_reason
from csms.gateway.limits import GatewayLimits
from ocppj.model.remote_control import RemoteStart
from ocppj.vocabulary import IdToken, RegistrationStatus, StationId
from tests.support.gateway import GatewaySite, gateway_site
from tests.support.wire_station import AGREED

CP1 = StationId("cp1")


@pytest.fixture
async def group() -> AsyncIterator[asyncio.TaskGroup]:
    """Where calls wait for their end."""
    async with asyncio.TaskGroup() as opened:
        yield opened


def start(
    group: asyncio.TaskGroup, site: GatewaySite, action: str = "ClearCache", timeout_s: float = 30.0
) -> asyncio.Task[CommandOutcome]:
    """A raw call on its way."""
    payload = {"type": "Soft"} if action == "Reset" else {}
    return group.create_task(site.gateway.call(CP1, action, payload, timeout_s=timeout_s))


async def test_only_one_call_is_open_and_the_others_follow_in_order(
    site: GatewaySite, group: asyncio.TaskGroup
) -> None:
    """CMD-03: the next CALL leaves when the one before has ended, and the station is answered meanwhile."""
    async with site.station(answers={"ClearCache": None, "Reset": None}) as station:
        calls = [start(group, site, action) for action in ("ClearCache", "Reset", "ClearCache")]
        for number, action in enumerate(("ClearCache", "Reset", "ClearCache"), 1):
            for _ in range(10):  # crossing calls are legal (part 4 §4.1.1)
                assert (await station.call("Heartbeat"))[0] == 3
            assert len(station.asked) == number
            assert station.asked[-1][2] == action
            await station.send([3, station.asked[-1][1], AGREED])
            assert (await calls[number - 1]).outcome is Outcome.RESULT


async def test_an_error_of_the_station_is_the_end(site: GatewaySite, group: asyncio.TaskGroup) -> None:
    """CMD-01: code and words come back, and the next call may go."""
    async with site.station(answers={"ClearCache": ("InternalError", "no cache"), "Reset": AGREED}):
        refused = await start(group, site)
        assert (refused.outcome, refused.error_code) == (Outcome.ERROR, "InternalError")
        assert refused.error_description == "no cache"
        assert (await start(group, site, "Reset")).outcome is Outcome.RESULT


@pytest.mark.parametrize("answer", [{}, {"status": 5.5}, {"status": ["Accepted"]}])
@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
async def test_an_answer_that_breaks_its_schema_is_an_error(
    site: GatewaySite, group: asyncio.TaskGroup, version: str, answer: dict[str, object]
) -> None:
    """CMD-04: it ends the call, the raw answer is kept, and 2.1 is told so with a CALLRESULTERROR."""
    async with site.station(version=version, answers={"ClearCache": answer}) as station:
        ended = await start(group, site)
        if answer == {"status": 5.5}:  # a number for text is read, as a word that no version has
            assert ended.outcome is Outcome.RESULT
            return
        assert ended.outcome is Outcome.ERROR
        assert "breaks its schema" in (ended.error_description or "")
        assert ended.may_be_done
        assert ended.seq is not None
        assert (await station.call("Heartbeat"))[0] == 3
        told = [frame for frame in station.frames if frame[0] == 5]
        assert [frame[1] for frame in told] == ([station.asked[0][1]] if version == "2.1" else [])


async def test_an_answer_is_given_on_in_text_that_can_be_kept(
    site: GatewaySite, group: asyncio.TaskGroup
) -> None:
    """Half a character and NUL go into no database and no HTTP response; unknown fields are shown too."""
    async with site.station(answers={"ClearCache": {"status": "a\ud800", "x\x00": ["\x00"]}}):
        ended = await start(group, site)
        assert ended.payload == {"status": "a\ufffd", "x\u2400": ["\u2400"]}


async def test_a_late_answer_counts_for_nothing(site: GatewaySite, group: asyncio.TaskGroup) -> None:
    """CMD-02: after the timeout the next CALL is out; the old answer is a stray and is not taken for its."""
    async with site.station(answers={"ClearCache": None}) as station:
        first = start(group, site, timeout_s=5)
        late = await station.until_asked("ClearCache")
        second = start(group, site, timeout_s=60)
        await site.clock.advance(5)
        ended = await first
        assert (ended.outcome, ended.error_description) == (Outcome.TIMEOUT, "no answer within 5 s")
        timely = await station.until_asked("ClearCache", 2)
        await station.send([3, late[1], {"status": "Rejected"}])
        await station.send([3, timely[1], AGREED])
        assert (await second).payload == AGREED
        assert "stray-answer" in site.findings()


async def test_the_queue_has_an_end(group: asyncio.TaskGroup) -> None:
    """C-12: what does not fit is told so at once, and nothing is lost of what does."""
    limits = GatewayLimits(queued_commands=2)
    async with gateway_site(limits) as site, site.station(answers={"ClearCache": None}) as station:
        calls = [start(group, site) for _ in range(5)]
        assert [(await each).outcome for each in calls[3:]] == [Outcome.BUSY] * 2
        station.answers["ClearCache"] = AGREED
        await station.send([3, (await station.until_asked("ClearCache"))[1], AGREED])
        assert [(await each).outcome for each in calls[:3]] == [Outcome.RESULT] * 3


async def test_waiting_for_a_turn_has_an_end(site: GatewaySite, group: asyncio.TaskGroup) -> None:
    """A call that never got its turn is busy, and is never sent afterwards."""
    async with site.station(answers={"ClearCache": None, "Reset": AGREED}) as station:
        blocking = start(group, site, timeout_s=60)
        waiting = start(group, site, "Reset", timeout_s=10)
        await station.until_asked("ClearCache")
        await site.clock.advance(10)
        assert (await waiting).outcome is Outcome.BUSY
        await station.send([3, station.asked[0][1], AGREED])
        assert (await blocking).outcome is Outcome.RESULT
        await station.call("Heartbeat")
        assert [frame[2] for frame in station.asked] == ["ClearCache"]


async def test_a_lost_socket_leaves_sent_unknown_and_waiting_offline(
    site: GatewaySite, group: asyncio.TaskGroup
) -> None:
    """Rule 7: what was sent may have happened; what was not cannot have."""
    async with site.station(answers={"ClearCache": None}) as station:
        sent, waiting = start(group, site), start(group, site)
        await station.until_asked("ClearCache")
        station.ws.transport.abort()
        assert (await sent).outcome is Outcome.UNKNOWN
        assert (await waiting).outcome is Outcome.OFFLINE


async def test_a_call_while_closing_is_offline(site: GatewaySite) -> None:
    """The socket says goodbye: nothing new is sent on it."""
    async with site.station() as station:
        await site.gateway.disconnect(CP1, code=1000, reason="bye")
        assert (await site.gateway.call(CP1, "ClearCache", {})).outcome is Outcome.OFFLINE
        await station.until_closed()


async def test_each_call_ends_exactly_once(site: GatewaySite, group: asyncio.TaskGroup) -> None:
    """CMD-01, I4: whatever happens, as many ends as calls, and at most one is unknown."""
    async with site.station(answers={"ClearCache": None}) as station:
        calls = [start(group, site) for _ in range(20)]
        for number in range(1, 11):
            await station.send([3, (await station.until_asked("ClearCache", number))[1], AGREED])
        await station.until_asked("ClearCache", 11)
        station.ws.transport.abort()
        outcomes = [(await each).outcome for each in calls]
    assert outcomes == [Outcome.RESULT] * 10 + [Outcome.UNKNOWN] + [Outcome.OFFLINE] * 9


async def test_what_breaks_its_schema_is_not_sent(site: GatewaySite) -> None:
    """What the version has no words for (1.6: an id token of 30 letters) is refused with the field named."""
    async with site.station() as station:
        ended = await site.gateway.send(CP1, RemoteStart(IdToken("T" * 30), 1))
        assert ended.outcome is Outcome.UNSUPPORTED
        assert "OCPP 1.6 cannot say id_token" in str(ended.error_description)
        assert station.asked == []


def test_who_may_be_called() -> None:
    """The reason is in words, with the clause where there is one."""
    accepted, pending, rejected = RegistrationStatus
    assert unready_reason(accepted, before_accepted=False) is None
    assert unready_reason(pending, before_accepted=True) is None
    assert "pending" in (unready_reason(pending, before_accepted=False) or "")
    assert "B03.FR.03" in (unready_reason(rejected, before_accepted=True) or "")
    assert "boot" in (unready_reason(None, before_accepted=True) or "")
