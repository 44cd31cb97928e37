"""Waiting for the connectors to report themselves."""

import asyncio

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from provisioning.activation.statuses import ReportedStatuses
from runtime.clock import ManualClock, settle

ID = StationId("a")


def _report(clock: ManualClock, evse_id: int, status: str, station_id: StationId = ID) -> StationEvent:
    payload = {"evse_id": evse_id, "connector_id": 1, "status": status}
    return StationEvent("connector.status", station_id, clock.now(), payload)


async def test_all_connectors_are_waited_for_and_the_last_word_counts(clock: ManualClock) -> None:
    """They come one after the other; the station itself counts only where it is alone."""
    statuses = ReportedStatuses(clock)
    with statuses.expected(ID) as wait:
        assert statuses.is_expected(ID)
        waiting = asyncio.ensure_future(wait(is_requested=True))
        await settle()
        for evse_id, status in ((0, "Unavailable"), (2, "Available"), (1, "Occupied"), (2, "Unavailable")):
            statuses.reported(_report(clock, evse_id, status))
            await clock.advance(0.5)
        await clock.advance(2)
        assert await waiting == ("Occupied", "Unavailable")
    assert not statuses.is_expected(ID)


async def test_the_station_itself_counts_where_it_says_nothing_else(clock: ManualClock) -> None:
    """Some report connector 0 only."""
    statuses = ReportedStatuses(clock)
    with statuses.expected(ID) as wait:
        statuses.reported(_report(clock, 0, "Available"))
        waiting = asyncio.ensure_future(wait(is_requested=True))
        await clock.advance(3)
        assert await waiting == ("Available",)


async def test_silence_ends_the_wait(clock: ManualClock) -> None:
    """After ten seconds of the clock."""
    statuses = ReportedStatuses(clock)
    with statuses.expected(ID) as wait:
        waiting = asyncio.ensure_future(wait(is_requested=True))
        await clock.advance(9)
        assert not waiting.done()
        await clock.advance(5)
        assert await waiting == ()


async def test_others_and_strangers_are_not_listened_to(clock: ManualClock) -> None:
    """Only the station that was asked."""
    statuses = ReportedStatuses(clock)
    statuses.reported(_report(clock, 1, "Available"))
    with statuses.expected(ID) as wait:
        statuses.reported(_report(clock, 1, "Available", StationId("b")))
        waiting = asyncio.ensure_future(wait(is_requested=True))
        await clock.advance(15)
        assert await waiting == ()


async def test_one_that_was_not_asked_is_waited_for_less(clock: ManualClock) -> None:
    """What it tells because of the change comes at once, or not at all."""
    statuses = ReportedStatuses(clock)
    with statuses.expected(ID) as wait:
        waiting = asyncio.ensure_future(wait(is_requested=False))
        await clock.advance(2.5)
        assert waiting.done()
    with statuses.expected(ID) as wait:
        statuses.reported(_report(clock, 1, "Available"))
        waiting = asyncio.ensure_future(wait(is_requested=False))
        await clock.advance(1.5)
        assert await waiting == ("Available",)
