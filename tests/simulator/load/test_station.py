"""What a load station does when things do not go as usual; the usual is in test_run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ocppj.aio.limits import Limits
from ocppj.aio.watch import Watch
from ocppj.codec import codec_for
from ocppj.session import Failure, Request
from ocppj.versions import OcppVersion
from runtime.clock import ManualClock, SystemClock
from simulator.load.errors import StationRefusedError
from simulator.load.pace import ClosedLoop
from simulator.load.plan import LoadPlan
from simulator.load.report import LoadReport
from simulator.load.station import STRAY, LoadStation, SharedState
from tests.support.answering import NOW, AnsweringLink, Script, agree, answering
from tests.support.waiting import until


@asynccontextmanager
async def joined(
    script: Script, version: OcppVersion = OcppVersion.V16
) -> AsyncIterator[tuple[LoadStation, AnsweringLink, SharedState, ManualClock]]:
    """A booted station, its link at the other end, and the clock that stands."""
    clock = ManualClock()
    async with answering(script) as central:
        plan = LoadPlan(url=central.url, version=version, stations=1, timeout_s=10.0)
        shared = SharedState(
            plan=plan,
            run_id="RUN",
            codec=codec_for(version),
            clock=clock,
            watch=Watch(Limits(), SystemClock()),
            pace=ClosedLoop(clock),
            report=LoadReport(plan.url, version.label, 1),
            ended=lambda: None,
        )
        station = LoadStation(shared, 0)
        await station.join()
        try:
            yield station, central.links[0], shared, clock
        finally:
            shared.is_closing = True
            station.abort()
            shared.watch.stop()


def silent_after_boot(link: AnsweringLink, request: Request) -> dict[str, Any] | None:
    return agree(link, request) if request.action == "BootNotification" else None


async def test_deadline_passes_once_and_the_late_answer_is_a_failure_of_its_own() -> None:
    """Nothing is given up early, and nothing twice."""
    async with joined(silent_after_boot) as (station, link, shared, clock):
        station.send_next(clock.monotonic())
        await link.until(lambda: len(link.requests) == 2)
        assert not station.is_idle
        await clock.advance(9.9)
        station.check(clock.monotonic())
        assert not shared.report.failures
        await clock.advance(0.1)
        station.check(clock.monotonic())
        station.check(clock.monotonic())
        assert shared.report.failures == {"Heartbeat: no answer within 10 s": 1}
        assert shared.report.of("Heartbeat").errors == 1
        assert shared.open_calls == 0
        assert station.is_idle
        station.text_received(b'[3,"%b",{"currentTime":"%b"}]' % (b"RUN-0-2", NOW.encode()))
        assert shared.report.failures[STRAY] == 1


async def test_latency_counts_from_when_the_message_was_due() -> None:
    """However late it was sent."""
    async with joined(silent_after_boot) as (station, link, shared, clock):
        await clock.advance(5.0)
        station.send_next(2.0)
        await clock.advance(1.0)
        await link.until(lambda: len(link.requests) == 2)
        station.text_received(b'[3,"%b",{"currentTime":"%b"}]' % (b"RUN-0-2", NOW.encode()))
        assert shared.report.of("Heartbeat").max_ms == pytest.approx(4000, rel=1e-3)


@pytest.mark.parametrize("version", [OcppVersion.V16, OcppVersion.V201])
async def test_what_the_server_sends_wrong_is_refused_and_does_no_harm(version: OcppVersion) -> None:
    """A CALL that breaks its schema gets a CALLERROR; what cannot be read gets nothing."""
    async with joined(agree, version) as (station, link, shared, _):
        payload = b'{"type":"Sideways"}'
        link.connection.send(link.session.call_encoded("odd", "Reset", payload, deadline=0.0))
        await link.until(lambda: len(link.heard) == 1)
        link.connection.send(b"[3]")
        link.ask("ClearCache", {})
        await link.until(lambda: len(link.heard) == 2)
        codes = [failure.code for failure in link.heard if isinstance(failure, Failure)]
        assert codes == ["PropertyConstraintViolation", "NotSupported"]
        assert shared.report.asked == 2
        assert station.is_idle
        assert not shared.report.failures


async def test_connection_lost_while_idle_is_counted() -> None:
    """With the server's own words."""
    async with joined(agree) as (station, link, shared, _):
        link.connection.close(1012, "restarting")
        await link.until_closed()
        assert shared.report.failures == {"connection lost: 1012 restarting": 1}
        assert shared.report.lost_connections == 1
        assert shared.connected == 0
        assert not station.is_idle


async def _refused(station: LoadStation) -> str:
    """Why it could not join."""
    with pytest.raises(StationRefusedError) as refused:
        await station.join()
    return str(refused.value)


async def test_boot_that_is_never_answered_ends_by_the_deadline() -> None:
    """The connection was made, and that is all."""
    async with answering(lambda _link, _request: None) as central:
        plan = LoadPlan(url=central.url, stations=1, timeout_s=20.0)
        clock = ManualClock()
        shared = SharedState(
            plan=plan,
            run_id="RUN",
            codec=codec_for(plan.version),
            clock=clock,
            watch=Watch(Limits(), SystemClock()),
            pace=ClosedLoop(clock),
            report=LoadReport(plan.url, "1.6", 1),
            ended=lambda: None,
        )
        station = LoadStation(shared, 0)
        async with asyncio.TaskGroup() as group:
            joining = group.create_task(_refused(station))
            await until(lambda: shared.open_calls)
            await clock.advance(20.0)
        assert "not booted within 20 s" in joining.result()
        await clock.advance(1)
        station.check(clock.monotonic())
        assert shared.report.boots.errors == 1
        assert shared.open_calls == 0
        shared.is_closing = True
        station.abort()
        shared.watch.stop()
