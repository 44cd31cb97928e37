"""What a station may say now, and what becomes of it."""

from typing import Any

import pytest

from ocppj.model.authorization import Authorize
from ocppj.model.boot import BootNotification, Heartbeat, HeartbeatResponse
from ocppj.model.messages import StationMessage
from ocppj.model.variables import NotifyReport
from ocppj.session import Request
from ocppj.timestamps import time_from_wire
from ocppj.vocabulary import BootReason, IdToken, RegistrationStatus
from simulator.connection.link import QUEUED_CALLS
from simulator.errors import CallFailedError
from tests.support.answering import NOW, AnsweringLink, agree
from tests.support.simulated import Stage, simulated


def booting(status: str) -> Any:
    """A script with that answer to boots, and a refusal of every token."""

    def script(link: AnsweringLink, request: Request) -> Any:
        if request.action == "BootNotification":
            return {"status": status, "currentTime": NOW, "interval": 500}
        return "InternalError" if request.action == "Authorize" else agree(link, request)

    return script


def told(stage: Stage, message: StationMessage, *, is_requested: bool = False) -> Any:
    """What `tell` gives."""
    return stage.station._parts.sender.send(message, is_requested=is_requested)


@pytest.mark.parametrize(
    ("status", "free", "invited"),
    [("Accepted", True, True), ("Pending", False, True), ("Rejected", False, False)],
)
async def test_what_may_be_said_depends_on_the_registration(status: str, free: bool, invited: bool) -> None:
    """2.0.1 B02.FR.02 and B03.FR.02; a boot always may."""
    async with simulated(script=booting(status)) as stage:
        await stage.advance(2)
        assert stage.station.snapshot().registration is RegistrationStatus(status)
        assert (told(stage, Heartbeat()) is not None) is free
        assert (told(stage, Heartbeat(), is_requested=True) is not None) is invited
        assert told(stage, BootNotification("V", "M", reason=BootReason.TRIGGERED)) is not None
        assert stage.station._parts.sender.is_free is free


async def test_nothing_is_said_without_a_connection_or_words_for_it() -> None:
    """1.6 has no report of variables."""
    async with simulated() as stage:
        assert told(stage, BootNotification("V", "M", reason=BootReason.POWER_UP)) is None
        await stage.boot()
        assert told(stage, NotifyReport(1, 0, True, (), stage.clock.now())) is None


async def test_answer_comes_in_neutral_words_or_as_the_error() -> None:
    """Nobody has to look at it."""
    async with simulated(script=booting("Accepted")) as stage:
        await stage.boot()
        beat, refused = told(stage, Heartbeat()), told(stage, Authorize(IdToken("TAG")))
        given_up = told(stage, Heartbeat())
        given_up.cancel()
        await stage.rest()
        now = time_from_wire(NOW)[0]
        assert now is not None
        assert beat.result() == HeartbeatResponse(now)
        assert isinstance(refused.exception(), CallFailedError)


async def test_full_queue_is_like_no_connection() -> None:
    """The outbox keeps its message, a status is told later."""

    def silent(link: AnsweringLink, request: Request) -> Any:
        return agree(link, request) if request.action != "Heartbeat" else None

    async with simulated(script=silent) as stage:
        await stage.boot()
        for _ in range(QUEUED_CALLS + 1):
            assert told(stage, Heartbeat()) is not None
        assert told(stage, Heartbeat()) is None
        request = stage.station._parts.rules.request(Heartbeat())
        assert request is not None
        assert stage.station._parts.sender.send_call("id", request) is None
