"""Drivers come when a station is free, charge, and leave with what the server says they took."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from access.principals import Role
from borne.demo.drivers import Drivers, is_free
from borne.demo.opening import Opening
from borne.demo.plan import ORDERED
from borne.demo.stage import Stage
from borne.demo.story import Story
from borne.language import speech_of
from borne.live_stations import LiveStations
from csms.domain.records import TransactionRecord
from ocppj.vocabulary import AuthorizationStatus, IdToken, StationId
from runtime.chance import SeededChance
from runtime.client import ApiClient
from runtime.clock import ManualClock
from simulator.errors import NotPossibleError
from simulator.station.charging import TokenOutcome, TokenResult
from tests.support.central import AT, ServedCentral
from tests.support.waiting import PATIENCE_S

BOX = ORDERED[0]


@dataclass
class HandsOn:
    """A station that writes down what is done to it."""

    done: list[str] = field(default_factory=list)
    outcome: TokenOutcome = TokenOutcome.STARTED
    is_stuck: bool = False

    def plug(self, evse_id: int = 1) -> None:
        """Unless a cable is in already."""
        if self.is_stuck:
            raise NotPossibleError("a cable is in already")
        self.done.append(f"plug {evse_id}")

    def unplug(self, evse_id: int = 1) -> None:
        """The cable goes."""
        self.done.append(f"unplug {evse_id}")

    async def present(self, id_token: str, evse_id: int = 1) -> TokenResult:
        """As scripted."""
        self.done.append(f"present {id_token} {evse_id}")
        return TokenResult(self.outcome, AuthorizationStatus.ACCEPTED, "closed")


@dataclass
class Street:
    """The drivers with everything around them."""

    clock: ManualClock
    live: LiveStations
    opening: Opening
    drivers: Drivers
    lines: list[str]
    api: ServedCentral

    def show(self, **changes: Any) -> None:
        """What the server says of the station."""
        station = {
            "lifecycle": "active",
            "is_online": True,
            "connectors": [{"evse_id": 1, "connector_id": 1, "status": "Available"}],
        }
        self.live._show({BOX.station_id: station | changes}, None)

    async def pass_time(self, seconds: float) -> None:
        """In steps, so that whoever waits on the API comes to act."""
        for _ in range(round(seconds)):
            await self.clock.advance(1)


@pytest.fixture
async def street(api: ServedCentral) -> AsyncIterator[Street]:
    """Drivers who act on a clock that is turned by hand."""
    token = api.client(Role.ADMIN).headers["authorization"].removeprefix("Bearer ")
    lines: list[str] = []
    clock = ManualClock()
    async with ApiClient(api.url, token) as client:
        live = LiveStations(client, clock)
        stage = Stage(
            api=client,
            live=live,
            story=Story(lines.append, "en"),
            speech=speech_of("en"),
            clock=clock,
            chance=SeededChance(1),
        )
        opening = Opening(stage)
        yield Street(clock, live, opening, Drivers(stage, opening), lines, api)


async def test_a_driver_plugs_in_presents_a_token_charges_and_leaves(street: Street) -> None:
    """The receipt is the server's; then the next one comes."""
    hands = HandsOn()
    street.api.central.records.kept_transactions.append(
        TransactionRecord(
            StationId(BOX.station_id), "1", 1, 1, IdToken("04A1B2C3"), AT, AT,
            energy_wh=367.2, cost_micro=105_550,
        )
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        visiting = group.create_task(street.drivers.visit(BOX, hands, 1))
        await street.pass_time(5)
        assert hands.done == [], "nobody comes before the station is active"
        street.show()
        await street.pass_time(10)
        assert hands.done == ["plug 1", "present 04A1B2C3 1"]
        await street.pass_time(80)
        assert hands.done[2:] == ["unplug 1"]
        while len(street.lines) < 2:
            await street.clock.advance(1)
        assert "Alice plugs in at 02:B0:16:00:00:01 (EVSE 1) and presents 04A1B2C3" in street.lines[0]
        assert "Alice leaves" in street.lines[1]
        assert "0.367 kWh, $0.11" in street.lines[1]
        while len(hands.done) < 5:
            await street.clock.advance(1)
        assert hands.done[3:] == ["plug 1", "present 04D4E5F6 1"]
        visiting.cancel()


async def test_a_refused_driver_pulls_the_cable(street: Street) -> None:
    """And the reason is told."""
    hands = HandsOn(outcome=TokenOutcome.REFUSED)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        visiting = group.create_task(street.drivers.visit(BOX, hands, 1))
        street.show()
        await street.pass_time(5)
        assert hands.done[-1] == "unplug 1"
        assert "Alice may not charge at 02:B0:16:00:00:01: closed" in street.lines[-1]
        visiting.cancel()


async def test_a_station_that_somebody_else_uses(street: Street) -> None:
    """Whoever watches may plug in too: the driver goes away, and comes back."""
    hands = HandsOn(is_stuck=True)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        visiting = group.create_task(street.drivers.visit(BOX, hands, 1))
        street.show()
        await street.pass_time(3)
        assert "a cable is in already" in street.lines[-1]
        hands.is_stuck = False
        await street.pass_time(60)
        assert hands.done[:2] == ["plug 1", "present 04D4E5F6 1"]
        visiting.cancel()


async def test_nobody_comes_shortly_before_the_site_closes(street: Street) -> None:
    """They read the hours at the door."""
    hands = HandsOn()
    street.opening.closes_at = street.clock.now() + timedelta(seconds=30)
    street.opening.opens_at = street.clock.now() + timedelta(seconds=90)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        visiting = group.create_task(street.drivers.visit(BOX, hands, 1))
        street.show()
        await street.pass_time(89)
        assert hands.done == []
        await street.pass_time(5)
        assert hands.done[0] == "plug 1"
        visiting.cancel()


@pytest.mark.parametrize(
    ("changes", "is_it"),
    [
        ({}, True),
        ({"lifecycle": "configuring"}, False),
        ({"is_online": False}, False),
        ({"connectors": []}, False),
        ({"connectors": [{"evse_id": 1, "connector_id": 1, "status": "Unavailable"}]}, False),
        ({"connectors": [{"evse_id": 2, "connector_id": 1, "status": "Available"}]}, False),
    ],
)
def test_free_is_active_online_and_available(changes: dict[str, Any], is_it: bool) -> None:
    """At the EVSE in question."""
    station = {
        "lifecycle": "active",
        "is_online": True,
        "connectors": [{"evse_id": 1, "connector_id": 1, "status": "Available"}],
    }
    assert is_free({BOX.station_id: station | changes}, BOX, 1) is is_it
    assert not is_free({}, BOX, 1)
