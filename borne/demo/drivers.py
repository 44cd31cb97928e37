"""The demo's drivers: they come, plug in, present a token, charge a while and leave."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from borne.demo.opening import Opening
from borne.demo.plan import DRIVERS, TARIFF, DemoStation, Driver
from borne.demo.stage import Stage
from charging.tariff import amount_text
from runtime.client import ApiError
from simulator.errors import SimulatorError
from simulator.station.charging import TokenOutcome, TokenResult

FIRST_CHARGES_S = (80.0, 150.0, 60.0, 100.0)
"""Of the first car at each EVSE: at the first closing some EVSEs are free and some are not."""
CHARGE_S = (90.0, 240.0)
GAP_S = (15.0, 45.0)
BEFORE_CLOSING_S = 45.0
HANDS_S = 2.0
"""From the cable to the token, and from one EVSE's first car to the next one's."""
RECEIPT_TRIES = 10


class DriverActions(Protocol):
    """What a driver does at a station (`simulator.station.station.Station`)."""

    def plug(self, evse_id: int = 1) -> object:
        """Put the cable in. Raises SimulatorError."""
        ...

    def unplug(self, evse_id: int = 1) -> object:
        """Pull it; that ends a charge. Raises SimulatorError."""
        ...

    async def present(self, id_token: str, evse_id: int = 1) -> TokenResult:
        """Hold a token to the reader."""
        ...


class Drivers:
    """A handful of people who share the demo's stations."""

    def __init__(self, stage: Stage, opening: Opening) -> None:
        self._api, self._live, self._opening = stage.api, stage.live, opening
        self._story, self._speech = stage.story, stage.speech
        self._clock, self._chance = stage.clock, stage.chance
        self._waiting: asyncio.Queue[Driver] = asyncio.Queue(len(DRIVERS))
        self._first_charges = iter(FIRST_CHARGES_S)
        for driver in DRIVERS:
            self._waiting.put_nowait(driver)

    async def visit(self, box: DemoStation, station: DriverActions, evse_id: int) -> None:
        """One car after the other at one EVSE, until cancelled."""
        charge_s = next(self._first_charges, None)
        while True:
            await self._opening.wait(BEFORE_CLOSING_S)
            await self._live.until(lambda stations: is_free(stations, box, evse_id) or None)
            driver = await self._waiting.get()
            try:
                await self._charge(driver, box, station, evse_id, charge_s or self._chance.uniform(*CHARGE_S))
            except SimulatorError as problem:
                self._story.write("refused", who=driver.name, mac=box.mac, reason=problem)
            finally:
                self._waiting.put_nowait(driver)
            charge_s = None
            await self._clock.sleep(self._chance.uniform(*GAP_S))

    async def _charge(
        self, driver: Driver, box: DemoStation, station: DriverActions, evse_id: int, charge_s: float
    ) -> None:
        fields = {"who": driver.name, "mac": box.mac, "evse": evse_id}
        station.plug(evse_id)
        await self._clock.sleep(HANDS_S)
        self._story.write("arrives", token=driver.id_token, **fields)
        result = await station.present(driver.id_token, evse_id)
        if result.outcome is TokenOutcome.REFUSED:
            self._story.write("refused", reason=result.reason, **fields)
            station.unplug(evse_id)
            return
        await self._clock.sleep(charge_s)
        station.unplug(evse_id)
        energy, cost = await self._receipt(driver, box)
        self._story.write("leaves", energy=energy, cost=cost, **fields)

    async def _receipt(self, driver: Driver, box: DemoStation) -> tuple[str, str]:
        """What the server says was charged: energy, and what it costs; as far as it knows yet."""
        receipt: dict[str, Any] = {}
        for _ in range(RECEIPT_TRIES):
            await self._clock.sleep(HANDS_S / 4)
            try:
                found = await self._api.get(
                    "/transactions", station=box.station_id, id_token=driver.id_token, limit=1
                )
            except ApiError:
                continue
            receipt = found[0] if found else {}
            if receipt and not receipt["is_open"]:
                break
        cost_micro = receipt.get("cost_micro")
        return self._speech.energy(receipt.get("energy_wh")), self._price(cost_micro)

    def _price(self, cost_micro: int | None) -> str:
        if cost_micro is None:
            return ""
        amount = amount_text(
            cost_micro, TARIFF["currency"], "fr-CA" if self._speech.language == "fr" else "en"
        )
        return f", {amount}"


def is_free(stations: Mapping[str, dict[str, Any]], box: DemoStation, evse_id: int) -> bool:
    """Whether somebody can charge there: the station is active and online, and a connector is available."""
    station = stations.get(box.station_id, {})
    is_there = station.get("lifecycle") == "active" and station.get("is_online", False)
    return is_there and any(
        each["evse_id"] == evse_id and each["status"] == "Available" for each in station["connectors"]
    )
