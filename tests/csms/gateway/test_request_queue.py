"""Requests of one station have their turn in the order in which they came, and cannot pile up without end."""

import asyncio
import json

import pytest
from websockets.frames import Frame, Opcode

from csms.gateway.limits import GatewayLimits
from ocppj.vocabulary import StationId
from tests.support.gateway import GatewaySite, gateway_site
from tests.support.waiting import until
from tests.support.wire_station import BOOTS

CP1 = StationId("cp1")
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}


async def test_a_thousand_pipelined_requests_are_all_answered_in_order(site: GatewaySite) -> None:
    """RES-04: a station that never waits is served all the same; none is lost, none overtakes another."""
    async with site.station() as station:
        answers = [await station.post("StatusNotification", STATUS, message_id=f"s{n}") for n in range(1000)]
        assert {(await answer)[0] for answer in answers} == {3}
        assert [frame[1] for frame in station.frames[1:]] == [f"s{n}" for n in range(1000)]
        assert [each.message_id for each in site.message_store.stored[1:]] == [f"s{n}" for n in range(1000)]


async def test_different_requests_are_all_answered(site: GatewaySite) -> None:
    """RES-04: also where some ask a port, some the database and some nobody."""
    kinds = [("Heartbeat", {}), ("Authorize", {"idTag": "A"}), ("StatusNotification", STATUS), ("Fly", {})]
    async with site.station() as station:
        answers = [(await station.post(*kinds[n % 4]), n % 4) for n in range(1000)]
        for answer, kind in answers:
            assert (await answer)[0] == (4 if kind == 3 else 3)


async def test_who_waits_for_a_port_holds_up_only_itself(site: GatewaySite) -> None:
    """A slow verdict on a token makes its own station wait, not its neighbour."""
    site.tokens.gate = asyncio.Event()
    async with site.station() as station, site.station("CP2") as neighbour:
        verdict = await station.post("Authorize", {"idTag": "A"})
        beat = await station.post("Heartbeat")
        assert (await neighbour.call("Heartbeat"))[0] == 3
        assert not verdict.done()
        site.tokens.gate.set()
        assert (await verdict)[0] == (await beat)[0] == 3


async def test_too_much_at_once_is_read_no_further() -> None:
    """C-13: beyond the limit the socket is not read until the database has caught up; then all goes on."""
    limits = GatewayLimits(queued_requests=4)
    async with gateway_site(limits) as site, site.station() as station:
        site.message_store.is_held = True
        answers = [await station.post("StatusNotification", STATUS) for _ in range(4)]
        await site.message_store.until(lambda: len(site.message_store.stored) == 5)
        for _ in range(200):
            answers.append(await station.post("StatusNotification", STATUS))
        transport = site.gateway._context.links[CP1].connection._transport
        await until(lambda: not transport.is_reading())
        assert len(site.message_store.stored) == 5  # the boot and the first four
        site.message_store.release()
        assert {(await answer)[0] for answer in answers} == {3}
        assert transport.is_reading()
        assert len(site.message_store.stored) == 205


@pytest.mark.parametrize("known", [{"connectorId": 1}, {}], ids=["stored", "kept as it came"])
async def test_what_waits_for_the_database_is_bounded_in_bytes(known: dict[str, int]) -> None:
    """Long messages stop the reading after a few: in memory they are long, however short on the wire."""
    limits = GatewayLimits(queued_request_bytes=50_000)
    samples = [{"timestamp": "2026-01-01T00:00:00Z", "sampledValue": [{"value": "1"}] * 1000}]
    metered = known | {"meterValue" if known else "unknown": samples}
    async with gateway_site(limits) as site, site.station() as station:
        site.message_store.is_held = True
        answers = [await station.post("MeterValues", metered) for _ in range(40)]
        transport = site.gateway._context.links[CP1].connection._transport
        await until(lambda: not transport.is_reading())
        assert len(site.message_store.stored) + len(site.message_store.quarantined) < 10
        site.message_store.release()
        assert {(await answer)[0] for answer in answers} == ({3} if known else {4})
        assert transport.is_reading()


async def test_a_flood_in_one_read_waits_and_is_answered() -> None:
    """What came before reading could stop waits in the connection: bounded, and none of it is lost."""
    limits = GatewayLimits(queued_requests=4)
    async with gateway_site(limits) as site:
        station = await site.raw()
        await station.open()
        station.send_frame(Opcode.TEXT, json.dumps([2, "b", "BootNotification", BOOTS["1.6"]]).encode())
        await station.read_frame()
        site.message_store.is_held = True
        frames = [json.dumps([2, f"f{number}", "StatusNotification", STATUS]) for number in range(500)]
        station.write(b"".join(Frame(Opcode.TEXT, text.encode()).serialize(mask=True) for text in frames))
        connection = site.gateway._context.links[CP1].connection
        await until(lambda: not connection._transport.is_reading())
        assert len(site.message_store.stored) <= 5
        site.message_store.release()
        answered = [json.loads((await station.read_frame())[1])[1] for _ in range(500)]
        assert answered == [f"f{number}" for number in range(500)]


async def test_what_waits_for_a_lost_socket_is_dropped(site: GatewaySite) -> None:
    """The station asks again on its next connection; what was given to the database stays there."""
    site.tokens.gate = asyncio.Event()
    async with site.station() as station:
        await station.post("Authorize", {"idTag": "A"})
        await station.post("StatusNotification", STATUS)
        await site.message_store.until(lambda: len(site.message_store.stored) >= 1)
        station.ws.transport.abort()
        await site.message_store.until(lambda: site.message_store.closed)
    site.tokens.gate.set()
    async with site.station() as station:
        assert (await station.call("Heartbeat"))[0] == 3
    assert "StatusNotification" not in {type(each.event).__name__ for each in site.message_store.stored}
