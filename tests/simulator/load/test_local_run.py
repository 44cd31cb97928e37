"""A load run: every station boots, messages flow for the time, and what fails is counted by its reason."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from ocppj.aio.endpoint import Refuse
from ocppj.session import Request
from ocppj.versions import OcppVersion
from runtime.chance import SeededChance
from runtime.clock import SystemClock
from runtime.lifecycle import Stop
from simulator.load.errors import ServerUnreachableError, StationRefusedError
from simulator.load.local_run import LocalRun, first_of
from simulator.load.plan import LoadPlan, Mix
from tests.support.answering import AnsweringLink, agree, answering

BOTH = pytest.mark.parametrize("version", [OcppVersion.V16, OcppVersion.V201])


def plan_for(url: str, **changes: Any) -> LoadPlan:
    return replace(LoadPlan(url=url, stations=5, seconds=0.2, connecting=3, timeout_s=5.0), **changes)


@asynccontextmanager
async def running(plan: LoadPlan) -> AsyncIterator[LocalRun]:
    """Stations leave, whatever the test does."""
    run = LocalRun(plan, SystemClock(), SeededChance(1))
    try:
        yield run
    finally:
        await run.finish()


@BOTH
@pytest.mark.parametrize("mix", list(Mix))
async def test_closed_loop_of_each_mix_is_clean(version: OcppVersion, mix: Mix) -> None:
    """The central system takes every message strictly; nothing fails."""
    async with answering() as central:
        async with running(plan_for(central.url, version=version, mix=mix)) as run:
            await run.boot(Stop())
            assert run.progress().booted == run.progress().connected == 5
            await run.measure(Stop())
            report = await run.finish()
        assert report.is_clean, report.failures
        assert report.boots.answered == 5
        assert report.answered == len(central.actions()) - 5 > 5
        assert report.seconds >= 0.2
        message_ids = [request.message_id for link in central.links for request in link.requests]
        assert len(set(message_ids)) == len(message_ids)


async def test_fixed_rate_is_kept() -> None:
    """As many messages as were due, however fast the server answers."""
    async with answering() as central, running(plan_for(central.url, rate=100.0, seconds=0.3)) as run:
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert report.is_clean
        assert 30 <= report.answered <= report.seconds * 100 + 1
        assert report.send_lag.count > 0


async def test_rate_that_the_server_cannot_keep_is_a_failure() -> None:
    """What was due and could not be sent until the end is counted, and the run is not clean."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | None:
        beats = sum(each.action == "Heartbeat" for each in link.requests)
        return agree(link, request) if beats <= 2 else None

    plan = plan_for("", stations=1, rate=200.0, seconds=0.1, timeout_s=0.2)
    async with answering(script) as central, running(replace(plan, url=central.url)) as run:
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert report.answered == 2
        assert report.unsent > 0
        assert not report.is_clean


async def test_identity_and_password_go_out() -> None:
    """Station ids have the prefix and the number; Basic auth is the station's own."""
    plan = plan_for("", prefix="RIG", first=7, stations=2, password="secret-enough")
    async with answering() as central, running(replace(plan, url=central.url)) as run:
        await run.boot(Stop())
        assert {upgrade.target.identity for upgrade in central.door.upgrades} == {"RIG-00007", "RIG-00008"}
        for upgrade in central.door.upgrades:
            assert upgrade.credentials is not None
            assert upgrade.credentials.username == upgrade.target.identity
            assert upgrade.credentials.password == b"secret-enough"


async def test_refused_messages_are_counted_by_action_and_code() -> None:
    """And the story begins anew instead of resting on an answer that never came."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | str | None:
        return "InternalError" if request.action == "StartTransaction" else agree(link, request)

    plan = plan_for("", mix=Mix.TRANSACTIONS, stations=1)
    async with answering(script) as central, running(replace(plan, url=central.url)) as run:
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert set(central.actions()) == {"BootNotification", "StartTransaction"}
        (why,) = report.failures
        assert why == "StartTransaction: InternalError: as scripted"
        assert report.of("StartTransaction").errors == report.failures[why] > 0
        assert not report.is_clean


async def test_silence_is_a_failure_after_the_timeout() -> None:
    """A run ends in time even if the server answers nothing any more."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | None:
        return None if request.action == "Heartbeat" else agree(link, request)

    async with (
        answering(script) as central,
        running(plan_for(central.url, timeout_s=0.1, seconds=0.1)) as run,
    ):
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert report.failures == {"Heartbeat: no answer within 0.1 s": 5}


async def test_answer_that_breaks_its_schema_is_a_failure() -> None:
    """The load is also a strict peer."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | None:
        if request.action != "Heartbeat":
            return agree(link, request)
        link.connection.send(b'[3,"%b",{"currentTime":5}]' % request.message_id.encode())
        return None

    async with answering(script) as central, running(plan_for(central.url)) as run:
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert report.failures
        assert all("breaks its schema" in why for why in report.failures)
        assert report.of("Heartbeat").errors > 0


async def test_lost_connections_end_the_run_early() -> None:
    """With nobody left there is nothing to wait for."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | None:
        if request.action == "Heartbeat":
            link.connection.close(1012, "restarting")
            return None
        return agree(link, request)

    async with answering(script) as central, running(plan_for(central.url, seconds=60.0)) as run:
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert report.seconds < 30
        assert report.lost_connections == 5
        assert report.failures == {"Heartbeat: connection lost: 1012 restarting": 5}


async def test_calls_of_the_server_are_refused_politely() -> None:
    """These stations have nothing to command; it does no harm, and is counted."""
    async with answering() as central, running(plan_for(central.url, stations=1)) as run:
        await run.boot(Stop())
        (link,) = central.links
        link.ask("Reset", {"type": "Soft"})
        await link.until(lambda: link.heard)
        assert link.heard[0].code == "NotSupported"  # type: ignore[union-attr] # a Failure
        assert (await run.finish()).asked == 1


async def test_stop_ends_the_load_at_once() -> None:
    """The figures so far remain, marked as stopped."""
    stop = Stop()

    def script(link: AnsweringLink, request: Request) -> dict[str, Any]:
        if request.action == "Heartbeat":
            stop.request()
        return agree(link, request)

    async with answering(script) as central, running(plan_for(central.url, seconds=60.0)) as run:
        await run.boot(stop)
        await run.measure(stop)
        report = await run.finish()
        assert report.is_stopped
        assert 5 <= report.answered < 100
        assert report.seconds < 30


async def test_nobody_listens() -> None:
    """Said once, with what to do."""
    async with answering() as central:
        url = central.url
    async with running(plan_for(url)) as run:
        with pytest.raises(ServerUnreachableError, match=r"cannot connect.*borne up --unknown accept"):
            await run.boot(Stop())


async def test_server_turns_the_stations_away() -> None:
    """The first station's refusal says what the others need."""
    async with answering() as central, running(plan_for(central.url)) as run:
        central.door.decision = Refuse(401, "Not admitted.")
        with pytest.raises(StationRefusedError, match=r"LOAD-00000.*HTTP 401.*--unknown accept.*--password"):
            await run.boot(Stop())
        assert len(central.door.upgrades) == 1


@pytest.mark.parametrize("status", ["Pending", "Rejected"])
async def test_server_accepts_no_boot(status: str) -> None:
    """Nothing would be answered: better said before the load."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any]:
        return agree(link, request) | {"status": status}

    async with answering(script) as central, running(plan_for(central.url)) as run:
        with pytest.raises(StationRefusedError, match=rf"answered with {status}.*borne up --unknown accept"):
            await run.boot(Stop())


async def test_some_stations_cannot_boot() -> None:
    """The others make their load; each failure is counted."""

    def script(link: AnsweringLink, request: Request) -> dict[str, Any] | str:
        is_odd = link is not link_of_first(central_links)
        return "InternalError" if is_odd and request.action == "BootNotification" else agree(link, request)

    central_links: list[AnsweringLink] = []

    def link_of_first(links: list[AnsweringLink]) -> AnsweringLink:
        return links[0]

    async with answering(script) as central, running(plan_for(central.url)) as run:
        central_links = central.links
        await run.boot(Stop())
        await run.measure(Stop())
        report = await run.finish()
        assert report.booted == 1
        assert report.failures == {"BootNotification: InternalError: as scripted": 4}
        assert report.boots.errors == 4
        assert report.of("Heartbeat").errors == 0


async def test_first_to_end_wins_and_the_rest_is_cancelled() -> None:
    """Its error, if it fails, comes as it is."""
    stop = Stop()

    async def fail() -> None:
        raise StationRefusedError("no")

    await first_of(stop.wait(), SystemClock().sleep(0))
    with pytest.raises(StationRefusedError, match="no"):
        await first_of(stop.wait(), fail())
