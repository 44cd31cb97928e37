"""What an account that may only read can take of the server: bounded by number and bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from access.principals import Role, member
from csms.api import live_events, messages
from csms.api.live_events import LiveEvents
from csms.api.sse import LOOK_AGAIN_S, sse_response
from csms.domain.station_events import StationEvent
from runtime.clock import ManualClock, SystemClock
from runtime.events import EventBus
from runtime.feed import NewEvents
from tests.support.central import A16, AT, B201, ServedCentral, build_app, opened_central
from tests.support.plain_ports import OneOwner
from tests.support.waiting import until

ANN, BOB = member("ann", Role.ADMIN), member("bob", Role.MANAGER)
ALL: live_events.Filter = (None, ())


def events(number: int = 1, **payload: Any) -> StationEvent:
    """Something happened."""
    return StationEvent("connector.status", A16, AT, {"number": number} | payload)


async def test_news_is_encoded_once_for_all_listeners(monkeypatch: pytest.MonkeyPatch) -> None:
    """And once more for those who may not see who charges."""
    encoded: list[StationEvent] = []
    show = live_events.event_json
    monkeypatch.setattr(live_events, "event_json", lambda each: encoded.append(each) or show(each))  # type: ignore[func-returns-value]
    live = LiveEvents(EventBus(), SystemClock(), OneOwner())
    told = NewEvents([events(number) for number in range(10)], 0)
    first = live.writer(ALL, ANN)(told)
    for who in (ANN, BOB, ANN):
        assert live.writer(ALL, who)(told) == first
    assert len(encoded) == 10
    live.writer(ALL, member("eve", Role.VIEWER))(told)
    assert len(encoded) == 20


async def test_listeners_share_a_number_of_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is told the newest, and how many it lost."""
    monkeypatch.setattr(live_events, "TICK_BYTES", 0)
    monkeypatch.setattr(live_events, "LEAST_BYTES", 1000)
    live = LiveEvents(EventBus(), SystemClock(), OneOwner())
    text = live.writer(ALL, ANN)(
        NewEvents([events(number, text="x" * 400) for number in range(10)], 3)
    ).decode()
    assert text.startswith('event: dropped\ndata: {"count":11}\n\n')
    assert '"number":9' in text
    assert '"number":8' in text
    assert '"number":7' not in text


async def test_what_a_listener_did_not_ask_for_costs_it_nothing() -> None:
    """Another station's news is neither told nor lost."""
    live = LiveEvents(EventBus(), SystemClock(), OneOwner())
    assert live.writer((B201, ()), ANN)(NewEvents([events()], 0)) == b""
    assert live.writer((None, ("link.*",)), ANN)(NewEvents([events()], 0)) == b""


async def test_too_many_streams_of_one_account_are_refused(
    api: ServedCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 with what to do; a place is free again when a stream ends."""
    paths = ["/api/v1/events", f"/api/v1/stations/{A16}/messages/stream"]
    client = api.client(Role.INSTALLER)
    async with AsyncExitStack() as stack:
        for number in range(live_events.STREAMS_EACH):
            response = await stack.enter_async_context(client.stream("GET", paths[number % 2]))
            assert response.status_code == 200
        for path in paths:
            refused = await client.get(path)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_open")
            assert refused.json()["way_out"]
        async with api.client(Role.MANAGER).stream("GET", paths[0]) as other:
            assert other.status_code == 200
    while True:  # the server notices that they went
        async with client.stream("GET", paths[0]) as again:
            if again.status_code == 200:
                return


async def test_too_many_waits_of_one_account_are_refused(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the places are given back, met or not."""
    import httpx

    monkeypatch.setattr(messages, "WAITS_EACH", 2)
    async with opened_central(tmp_path_factory.mktemp("c")) as central:
        app = build_app(central)

        async def as_installer(scope: Any, receive: Any, send: Any) -> None:
            scope["principal"] = member("ci", Role.INSTALLER)
            await app(scope, receive, send)

        transport = httpx.ASGITransport(app=as_installer)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            url = f"/api/v1/stations/{A16}/expect"
            waiting = [asyncio.ensure_future(client.post(url, json={})) for _ in range(2)]
            with central.wire_log.tap(A16):
                ring = central.wire_log._rings[A16]
                await until(lambda: ring.bus is not None and ring.bus.subscribers == 3)  # the two, and this
            refused = await client.post(url, json={})
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_open")
            central.wire_log.close_taps()
            assert [(await each).status_code for each in waiting] == [408, 408]
            assert (await client.post(url, json={"action": 7})).status_code == 422


async def test_large_frames_come_in_parts(api: ServedCentral) -> None:
    """A hundred frames of a MiB are not one answer; one goes on from `last_seq`."""
    large = b'[2,"m","DataTransfer",{"vendorId":"x","data":"' + b"y" * (900 << 10) + b'"}]'
    numbers = [api.central.record(large) for _ in range(7)]
    client = api.client(Role.INSTALLER)
    seen: list[int] = []
    last = numbers[0] - 1
    while True:
        answer = (await client.get(f"/api/v1/stations/{A16}/messages?limit=100&since={last}")).json()
        if not answer["messages"]:
            break
        assert len(answer["messages"]) <= 2
        seen += [each["seq"] for each in answer["messages"]]
        last = answer["last_seq"]
    assert seen == numbers
    latest = (await client.get(f"/api/v1/stations/{A16}/messages?limit=100")).json()
    assert [each["seq"] for each in latest["messages"]] == numbers[-2:]


async def test_a_live_view_that_is_not_read_keeps_a_number_of_bytes(api: ServedCentral) -> None:
    """The oldest frames go, and it is told how many."""
    with api.central.wire_log.tap(A16) as live:
        for _ in range(12):
            api.central.record(b"x" * (1 << 20))
        assert (len(live.pending()), live.dropped) == (8, 4)
        api.central.record(b"y" * (9 << 20))
        assert len(live.pending()) == 1


async def test_a_stream_ends_for_who_may_not_listen_any_more(clock: ManualClock) -> None:
    """It asks with what it tells, every few seconds at most; what came too late is not told."""
    kept, told, is_over = [True, True, False], [], []

    async def is_kept() -> bool:
        return kept.pop(0)

    async def body() -> AsyncIterator[bytes]:
        yield b"1"
        for text in (b"2", b"3", b"4"):
            await clock.advance(LOOK_AGAIN_S)
            yield text

    async def send(message: Message) -> None:
        told.append(message.get("body"))

    async def receive() -> Message:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    scope: Scope = {
        "type": "http",
        "path": "/events",
        "asgi": {"spec_version": "2.4"},
        "access_kept": is_kept,
    }
    response = sse_response(body(), lambda: is_over.append(True), clock)
    with pytest.raises(ClientDisconnect):
        await response(scope, receive, send)
    assert [each for each in told if each] == [b"1", b"2", b"3"]
    assert is_over == [True]
