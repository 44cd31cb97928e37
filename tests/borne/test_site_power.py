"""The power of a site on a real server: three stations of three versions, together never above the budget."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from borne import site_power
from tests.support.server import LiveServer, live_server
from tests.support.waiting import until
from tests.support.wire_station import VERSIONS, WireStation

AT = "2026-05-01T10:00:00Z"
AGREES: dict[str, Any] = {
    "SetChargingProfile": {"status": "Accepted"},
    "ClearChargingProfile": {"status": "Accepted"},
}
NAMES = [f"sp-{version.replace('.', '')}" for version in VERSIONS]
MAX_A = 32.0


@dataclass
class Yard:
    """A site with a station of each version."""

    server: LiveServer
    site_id: str
    stations: dict[str, WireStation] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Of its budget."""
        return f"/sites/{self.site_id}/budget"

    async def limit(self, most: float, **more: Any) -> dict[str, Any]:
        """Give it a budget."""
        answer = await self.server.api.put(self.path, json={"most": most} | more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def until_limits(self, *limits: float) -> dict[str, Any]:
        """Once the stations may draw as much as this, each."""
        query = "SELECT sharing FROM site_budgets"

        def is_so() -> bool:
            [(text,)] = self.server.rows(query)
            return text is not None and [json.loads(text)[name]["limit_a"] for name in NAMES] == [*limits]

        await until(is_so)
        return dict(await self.server.get(self.path))

    async def start(self, name: str) -> None:
        """A charge begins there."""
        station = self.stations[name]
        if name == NAMES[0]:
            await station.ask(
                "StartTransaction", {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": AT}
            )
            return
        await station.ask("TransactionEvent", self._event("Started", 0))

    async def end(self, name: str) -> None:
        """It ends: of 2.x."""
        await self.stations[name].ask("TransactionEvent", self._event("Ended", 1))

    def _event(self, kind: str, seq_no: int) -> dict[str, Any]:
        return {
            "eventType": kind,
            "timestamp": AT,
            "triggerReason": "Authorized",
            "seqNo": seq_no,
            "transactionInfo": {"transactionId": "T1"},
            "evse": {"id": 1, "connectorId": 1},
            "idToken": {"idToken": "A", "type": "Central"},
        }

    def drawn_at_most(self) -> list[float]:
        """What all may draw after each answer of a station, once all have a limit."""
        held, sums = dict.fromkeys(NAMES, MAX_A), list[float]()
        seen: set[str] = set()
        query = "SELECT station_id, arguments FROM commands WHERE command = ? ORDER BY finished_at"
        for name, arguments in self.server.rows(query, "set-charging-profile"):
            held[name] = json.loads(arguments)["profile"]["schedules"][0]["periods"][0]["limit"]
            seen.add(name)
            if len(seen) == len(NAMES):
                sums.append(sum(held.values()))
        return sums


@pytest_asyncio.fixture
async def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Yard]:
    """Stations that agree; what was lowered settles at once, since nothing flows here."""
    monkeypatch.setattr(site_power, "SETTLING", timedelta(0))
    monkeypatch.setattr(site_power, "SOON", timedelta(0))
    async with live_server(tmp_path) as server, AsyncExitStack() as stack:
        site = await server.post("/sites", {"name": "Yard", "zone": "America/Montreal"}, 201)
        yard = Yard(server, site["site_id"])
        for name, version in zip(NAMES, VERSIONS, strict=True):
            station = await stack.enter_async_context(server.station(name, version, answers=AGREES))
            yard.stations[name] = station
            position = {"site_id": yard.site_id, "name": name, "latitude": 45.5, "longitude": -73.6}
            await server.post("/adoptions", {"station_id": name, "position": position}, 201)
        yield yard


async def test_stations_share_what_there_is_and_never_take_more(yard: Yard) -> None:
    """When charges begin and end; lower limits before higher ones."""
    made = await yard.limit(32)
    assert (made["most_a"], made["strategy"], made["changed_by"]) == (32.0, "equal", "first")
    await yard.until_limits(6, 6, 6)
    await yard.start(NAMES[0])
    await yard.until_limits(20, 6, 6)
    await yard.start(NAMES[1])
    await yard.until_limits(13, 13, 6)
    await yard.start(NAMES[2])
    found = await yard.until_limits(10.6, 10.6, 10.6)
    assert [each["unlimited"] for each in found["shares"]] == [None] * 3
    assert found["limits_a"] <= 32.0
    await yard.end(NAMES[2])
    await yard.until_limits(13, 13, 6)
    assert max(yard.drawn_at_most()) <= 32.0 + 1e-6


async def test_a_station_that_refuses_takes_its_part_and_the_others_pause(yard: Yard) -> None:
    """It may take its maximum, which leaves 8 A: one of the others charges, the other waits."""
    yard.stations[NAMES[1]].answers["SetChargingProfile"] = {"status": "Rejected"}
    await yard.start(NAMES[0])
    await yard.limit(40)
    found = await yard.until_limits(8, 32, 0)
    assert [each["unlimited"] for each in found["shares"]] == [None, "refuses", None]


async def test_a_budget_is_taken_away_again(yard: Yard) -> None:
    """The stations give up their limits; who may not change sites may not limit them."""
    assert (await yard.server.api.get(yard.path)).json()["code"] == "budget_unknown"
    await yard.limit(22_080, unit="W", strategy="priority", priorities=[NAMES[2]])
    await yard.until_limits(6, 6, 6)
    assert (await yard.server.api.delete(yard.path)).status_code == 204
    cleared = "SELECT 1 FROM charging_profiles WHERE state = 'cleared'"
    await until(lambda: len(yard.server.rows(cleared)) == len(NAMES))
    acts = yard.server.rows("SELECT what FROM acts WHERE subject = ? ORDER BY act_id", f"site:{yard.site_id}")
    assert acts == [("budget-set",), ("budget-removed",)]
    refused = await yard.server.api.put(yard.path, json={"most": -1})
    assert refused.status_code == 422
