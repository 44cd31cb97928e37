"""What comes late, and what never comes: long queues, second transactions, lost ends, on a real socket."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from csms.central.lost_ends import FREE_FOR, LostEnds
from runtime.clock import SystemClock
from tests.field.test_energy import event, read
from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import VERSIONS, WireStation

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEWER = ("2.0.1", "2.1")


class LateClock(SystemClock):
    """A wall clock that a test puts forward; what waits, waits in real time."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The wall clock: aware, UTC."""
        return super().now() + self.ahead

    def wire(self, minutes: float = 0) -> str:
        """So many minutes from now, as stations write it."""
        return (self.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


CLOCK = LateClock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveServer]:
    """A server whose time can be put forward; it looks for lost ends all the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LostEnds, "every_s", 0.1)
        async with live_server(tmp_path_factory.mktemp("var"), clock=CLOCK) as live:
            await live.add_token("FIELD")
            yield live


async def status(station: WireStation, word: str = "Available") -> None:
    """The status of connector 1, as of now; 2.x has one word for all that is not free."""
    payload: dict[str, Any] = {"connectorId": 1, "timestamp": CLOCK.wire()}
    if station.version == "1.6":
        payload |= {"errorCode": "NoError", "status": word}
    else:
        is_free = word == "Available"
        payload |= {"evseId": 1, "connectorStatus": "Available" if is_free else "Occupied"}
    await station.ask("StatusNotification", payload)


async def start(station: WireStation, at: str, name: str = "T", **more: Any) -> str:
    """A start at 1000 Wh on connector 1; the transaction's id."""
    if station.version == "1.6":
        payload = {"connectorId": 1, "idTag": "FIELD", "meterStart": 1000, "timestamp": at}
        return str((await station.ask("StartTransaction", payload))["transactionId"])
    info = {"transactionId": name} | more
    await event(station, "Started", 0, [read(1000, "Transaction.Begin")], at=at, info=info)
    return name


async def stop(station: WireStation, name: str, at: str, seq_no: int = 1, register: int = 3000) -> None:
    """Its end."""
    if station.version == "1.6":
        payload = {"transactionId": int(name), "meterStop": register, "timestamp": at}
        await station.ask("StopTransaction", payload)
    else:
        info = {"transactionId": name}
        await event(station, "Ended", seq_no, [read(register, "Transaction.End")], at=at, info=info)


async def newest(server: LiveServer, station_id: str) -> dict[str, Any]:
    """The newest transaction of a station."""
    return dict((await server.get("/transactions", station=station_id))[0])


@pytest.mark.parametrize("version", VERSIONS)
async def test_what_waited_behind_a_long_queue_has_the_time_it_tells(
    server: LiveServer, version: str
) -> None:
    """Two hours of old transactions, then one that began ten minutes after the connection."""
    name = f"queue-{version}"
    async with server.station(name, version) as station:
        await status(station)
        begun, over = CLOCK.wire(10), CLOCK.wire(100)
        for number in range(15):
            old = await start(station, CLOCK.wire(-3000), f"old{number}")
            await stop(station, old, CLOCK.wire(-2990))
            CLOCK.ahead += timedelta(minutes=8)
        waited = await start(station, begun, "waited")
        await stop(station, waited, over)
        found = await newest(server, name)
    assert (found["flags"], found["review"]) == ([], None)
    assert (found["started_at"], found["ended_at"]) == (begun, over)


@pytest.mark.parametrize("version", NEWER)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_no_message_of_a_second_transaction_is_hidden(
    server: LiveServer, version: str, order: tuple[int, int]
) -> None:
    """An id that comes again, and its end: late, before its start, or under a number that was used."""
    name = f"second-{version}-{order[0]}"
    async with server.station(name, version) as station:
        await start(station, CLOCK.wire(-100), "T")
        await stop(station, "T", CLOCK.wire(-90))
        starts, ends = CLOCK.wire(-60), CLOCK.wire(-50)
        for part in order:
            if part == 0:
                await start(station, starts, "T")
            else:
                await stop(station, "T", ends, register=4500)
        second, first = await server.get("/transactions", station=name)
    assert (first["energy_wh"], first["flags"]) == (2000, [])
    assert (second["energy_wh"], second["ended_at"], second["flags"]) == (3500, ends, [])
    assert await server.get("/quarantine", station=name) == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_free_connector_ends_its_transaction_while_its_station_is_there(
    server: LiveServer, version: str
) -> None:
    """Nobody waits for ever for an end that was never sent."""
    name = f"free-{version}"
    async with server.station(name, version) as station:
        await start(station, CLOCK.wire())
        await status(station)
        CLOCK.ahead += FREE_FOR + timedelta(minutes=1)
        await until_ended(server, name)
    assert (await newest(server, name))["flags"] == ["end-missing"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_station_out_of_reach_still_has_the_end_to_send(server: LiveServer, version: str) -> None:
    """It went away just after its connector became free: what it kept comes when it is back."""
    name, other = f"away-{version}", f"away-{version}-control"
    async with server.station(name, version) as station:
        number = await start(station, CLOCK.wire())
        await status(station)
    await server.until_offline(name)
    async with server.station(other, version) as control:
        await start(control, CLOCK.wire())
        await status(control)
        CLOCK.ahead += FREE_FOR + timedelta(minutes=1)
        await until_ended(server, other)
    assert (await newest(server, name))["is_open"]
    async with server.station(name, version) as station:
        await stop(station, number, over := CLOCK.wire(-10))
        found = await newest(server, name)
    assert (found["energy_wh"], found["ended_at"], found["flags"]) == (2000, over, [])


@pytest.mark.parametrize("version", NEWER)
async def test_a_transaction_without_a_car_goes_on_at_a_free_connector(
    server: LiveServer, version: str
) -> None:
    """2.x: it may end with the parking bay, and its connector is free until then."""
    name, other = f"idle-{version}", f"idle-{version}-control"
    async with server.station(name, version) as station, server.station(other, version) as control:
        await start(station, CLOCK.wire(), chargingState="Idle")
        await start(control, CLOCK.wire(), chargingState="Charging")
        await status(station)
        await status(control)
        CLOCK.ahead += FREE_FOR + timedelta(minutes=1)
        await until_ended(server, other)
        assert (await newest(server, name))["is_open"]
        await stop(station, "T", CLOCK.wire())
        assert (await newest(server, name))["energy_wh"] == 2000


async def until_ended(server: LiveServer, station_id: str) -> None:
    """Wait until a transaction of the station has ended."""
    query = "SELECT 1 FROM transactions WHERE station_id = ? AND ended_at IS NOT NULL"
    await until(lambda: server.rows(query, station_id))


@pytest.mark.parametrize("version", VERSIONS)
async def test_signed_values_beyond_all_measure_are_named(server: LiveServer, version: str) -> None:
    """A long charge keeps hundreds of them; what is left out is a finding, and the energy counts."""
    name = f"signed-{version}"
    async with server.station(name, version) as station:
        number = await start(station, CLOCK.wire(-30))
        for count, finding in ((300, False), (500, True)):
            await values(station, number, count, count)
            link = await server.link(name)
            assert link is not None
            assert ("attachment-cut" in link["findings"]) is finding
            kept = (await server.get(f"/transactions/{number}", station=name))["attachments"]
            assert len(kept) >= 300
        assert (await newest(server, name))["energy_wh"] == 500


async def values(station: WireStation, number: str, count: int, energy_wh: int) -> None:
    """So many signed values in one message."""
    register = 1000 + energy_wh
    if station.version == "1.6":
        signed: dict[str, Any] = {"value": "A1", "format": "SignedData"}
        sampled = [{"value": str(register)}, *[signed] * count]
        value = {"timestamp": CLOCK.wire(), "sampledValue": sampled}
        payload = {"connectorId": 1, "transactionId": int(number), "meterValue": [value]}
        await station.ask("MeterValues", payload)
        return
    signed = {
        "signedMeterData": "A1",
        "signingMethod": "",
        "encodingMethod": "OCMF",
        "publicKey": "",
    }
    sampled = [read(register, signedMeterValue=signed)] * count
    await event(station, "Updated", energy_wh, sampled, at=CLOCK.wire(), info={"transactionId": number})
