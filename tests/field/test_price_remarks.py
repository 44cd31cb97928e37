"""A price for what a station never measures is said before its next charge: the kind of field case P2."""

from pathlib import Path
from typing import Any

import pytest

from ocppj.vocabulary import StationId
from tests.support.payloads import START
from tests.support.server import LiveServer, live_server, server
from tests.support.waiting import until
from tests.support.wire_station import WireStation

__all__ = ["server"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "2026-01-05T12:{:02}:00Z"


async def charge(station: WireStation, number: int, *, energy_wh: int | None, state: str | None) -> None:
    """A whole transaction of 2.x, with or without what may have a price."""
    info = {"transactionId": f"T{number}"} | ({"chargingState": state} if state else {})
    for seq_no, kind in enumerate(("Started", "Ended")):
        payload: dict[str, Any] = {
            "eventType": kind,
            "timestamp": AT.format(number * 2 + seq_no),
            "triggerReason": "Authorized",
            "seqNo": seq_no,
            "transactionInfo": info,
            "evse": {"id": 1, "connectorId": 1},
        }
        if energy_wh is not None:
            read = {"value": seq_no * energy_wh}
            payload["meterValue"] = [{"timestamp": payload["timestamp"], "sampledValue": [read]}]
        await station.ask("TransactionEvent", payload)


async def site_with(server: LiveServer, station_id: str, name: str) -> str:
    """A site, with the station at a place of it."""
    site = {"name": name, "zone": "America/Montreal", "activates_on_claim": False}
    site_id = str((await server.post("/sites", site, 201))["site_id"])
    position = {"site_id": site_id, "name": "P1", "latitude": 45.5, "longitude": -73.6}
    await server.post("/adoptions", {"station_id": station_id, "position": position}, 201)
    return site_id


def said(server: LiveServer, station_id: str) -> list[str]:
    """The components that its price finds no measure for, as its page tells them."""
    parts = server.running.parts
    assert parts is not None
    remarks = parts.details.details(StationId(station_id)).remarks
    return [str(each.about) for each in remarks if each.code == "W_NOT_MEASURED"]


async def priced(server: LiveServer, name: str, **prices: int) -> str:
    """The id of a tariff."""
    body = {"name": name, "currency": "CAD"} | prices
    return str((await server.post("/tariffs", body, 201))["tariff_id"])


async def give(server: LiveServer, site_id: str, tariff_id: str | None) -> list[tuple[str, str]]:
    """Give the site a tariff; (station, component) of what the answer remarks."""
    changed = await server.api.patch(f"/sites/{site_id}", json={"tariff_id": tariff_id})
    assert changed.status_code == 200, changed.text
    return [(each["station_id"], each["component"]) for each in changed.json()["remarks"]]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
async def test_a_price_per_kwh_where_no_energy_is_sent_is_said_before_the_next_charge(
    server: LiveServer, version: str
) -> None:
    """At the station, at the tariff, and in the answer that gives it to the site; a measured one ends it."""
    name = f"silent-{version}"
    tariff_id = await priced(server, name, energy_micro_per_kwh=250_000)
    async with server.station(name, version) as station:
        await charge(station, 1, energy_wh=None, state="Charging")
        site_id = await site_with(server, name, name)
        assert said(server, name) == []
        await give(server, site_id, tariff_id)
        await until(lambda: said(server, name) == ["energy"])
        shown = (await server.get(f"/tariffs/{tariff_id}"))["remarks"]
        assert [(each["code"], each["station_id"], each["component"]) for each in shown] == [
            ("W_NOT_MEASURED", name, "energy")
        ]
        assert await give(server, site_id, None) == []
        assert said(server, name) == []
        assert await give(server, site_id, tariff_id) == [(name, "energy")]
        await charge(station, 2, energy_wh=None, state="Charging")
        assert said(server, name) == ["energy"]
        await charge(station, 3, energy_wh=7000, state="Charging")
        await until(lambda: said(server, name) == [])
        assert (await server.get(f"/tariffs/{tariff_id}"))["remarks"] == []


async def test_an_idle_fee_where_no_status_is_sent_is_known_after_a_restart(tmp_path: Path) -> None:
    """P2's kind on 1.6: one that never says that it charges, or does not, is billed for no idle time."""
    async with live_server(tmp_path) as server:
        async with server.station("p2-silent") as station:
            started = await station.ask("StartTransaction", START)
            stop = {"transactionId": started["transactionId"], "meterStop": 9000, "timestamp": AT.format(50)}
            await station.ask("StopTransaction", stop)
        site_id = await site_with(server, "p2-silent", "P2")
        await give(server, site_id, await priced(server, "I", energy_micro_per_kwh=1, idle_micro_per_h=1))
        await until(lambda: said(server, "p2-silent") == ["idle"])
    async with live_server(tmp_path) as server:
        await until(lambda: said(server, "p2-silent") == ["idle"])
