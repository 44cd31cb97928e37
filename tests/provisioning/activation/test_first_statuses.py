"""The statuses that follow a boot."""

import asyncio
from collections.abc import Collection

from csms.domain.station_events import StationEvent
from ocppj.vocabulary import StationId
from provisioning.activation.first_statuses import FirstStatuses, no_connectors
from runtime.clock import ManualClock, settle
from tests.support.waiting import PATIENCE_S

ID = StationId("a")


def _report(first: FirstStatuses, clock: ManualClock, evse_id: int, connector_id: int = 1) -> None:
    payload = {"evse_id": evse_id, "connector_id": connector_id, "status": "Available"}
    first.reported(StationEvent("connector.status", ID, clock.now(), payload))


async def _two(_: StationId) -> Collection[tuple[int, int]]:
    return [(0, 0), (1, 1), (2, 1)]


async def test_every_known_connector_has_to_report(clock: ManualClock) -> None:
    """The station itself (EVSE 0) is none; what was said before the boot does not count."""
    first = FirstStatuses(clock, _two)
    _report(first, clock, 1)
    first.booted(ID)
    assert first.is_expected(ID)
    _report(first, clock, 1)
    waiting = asyncio.ensure_future(first.wait(ID))
    await clock.advance(10)
    _report(first, clock, 0)
    await settle()
    assert not waiting.done()
    _report(first, clock, 2)
    await settle()
    assert await waiting
    assert not first.is_expected(ID)


async def test_where_none_is_known_silence_ends_it(clock: ManualClock) -> None:
    """They come one after the other."""
    first = FirstStatuses(clock, no_connectors)
    first.booted(ID)
    waiting = asyncio.ensure_future(first.wait(ID))
    for evse_id in (1, 2, 3):
        await clock.advance(4)
        _report(first, clock, evse_id)
    await clock.advance(4)
    assert not waiting.done()
    await clock.advance(2)
    assert await waiting


async def test_one_that_never_tells_is_not_waited_for_longer(clock: ManualClock) -> None:
    """A minute is enough."""
    first = FirstStatuses(clock, _two)
    waiting = asyncio.ensure_future(first.wait(ID))
    await clock.advance(59)
    assert not waiting.done()
    await clock.advance(2)
    assert await waiting


async def test_several_may_wait_at_once(clock: ManualClock) -> None:
    """Hours, steps and the check after a boot go on together, and who comes later goes on at once."""
    first = FirstStatuses(clock, _two)
    first.booted(ID)
    waiting = [asyncio.ensure_future(first.settled(ID)) for _ in range(3)]
    await settle()
    for evse_id in (1, 2):
        assert not any(each.done() for each in waiting)
        _report(first, clock, evse_id)
        await settle()
    assert all(each.done() for each in waiting)
    await asyncio.wait_for(first.settled(ID), PATIENCE_S)


async def test_boots_that_nobody_waits_for_are_forgotten(clock: ManualClock) -> None:
    """Nothing is kept of them longer than their statuses may take."""
    first = FirstStatuses(clock, _two)
    first.booted(ID)
    await clock.advance(61)
    assert not first.is_expected(ID)
    first.booted(StationId("b"))
    assert list(first._reports) == ["b"]


async def test_another_boot_begins_anew(clock: ManualClock) -> None:
    """Whoever waits is told."""
    first = FirstStatuses(clock, _two)
    first.booted(ID)
    waiting = asyncio.ensure_future(first.wait(ID))
    await settle()
    first.booted(ID)
    await clock.advance(61)
    assert not await waiting
    first.forget(ID)
    assert not first.is_expected(ID)
