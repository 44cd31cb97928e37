"""Many stations of one kind against one central system, with cars that come and go."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ocppj.aio.limits import Limits
from ocppj.aio.watch import Watch
from ocppj.vocabulary import AuthorizationStatus, RegistrationStatus
from runtime.chance import Chance
from runtime.clock import Clock
from runtime.surviving import survive
from simulator.errors import NotPossibleError, WaitTimeoutError
from simulator.model.connector_states import ConnectorState
from simulator.model.template import StationTemplate, identify
from simulator.station.charging import TokenOutcome
from simulator.station.station import Station

LONGEST_WAIT_S = 86_400.0
"""A visit waits so long at most for its station to be accepted; then the next one tries."""
MAC_DIGITS = 0x1000000
FIRST_MAC = 0xF00000
"""Fleets count from here: low numbers belong to stations that somebody gave a MAC by hand."""
HANDS_S = 2.0
"""Between the cable and the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlan:
    """What is to run. Without `prefix` a station's id is its MAC."""

    template: StationTemplate
    url: str
    count: int
    prefix: str | None = None
    first: int = 1
    password: str | None = None
    id_token: str = "FLEET"  # noqa: S105 - a token of drivers, not a secret
    connects_per_s: float = 50.0
    charge_every_s: float | None = None
    """From one car to the next at a station, on average; None: no cars."""
    charge_for_s: float = 60.0

    def mac(self, number: int) -> str:
        """The MAC of a station: the template's prefix, then its number from `FIRST_MAC` on."""
        digits = f"{(FIRST_MAC + number) % MAC_DIGITS:06X}"
        return f"{self.template.mac_prefix}:{digits[:2]}:{digits[2:4]}:{digits[4:]}"

    def station_id(self, number: int) -> str | None:
        """The id of a station; None: its MAC."""
        return f"{self.prefix}{number:05d}" if self.prefix is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSummary:
    """The fleet at one moment. `troubles` counts the reasons why stations are not connected.

    `refused_as` is the last verdict by which the token was refused, of those counted in `refusals`.
    """

    stations: int
    connected: int
    accepted: int
    pending: int
    rejected: int
    charging: int
    faulted: int
    power_w: float
    energy_wh: float
    frames: int
    queued: int
    charges: int
    refusals: int
    refused_as: AuthorizationStatus | None = None
    troubles: Mapping[str, int]


class SimulatedFleet:
    """The stations, and those who charge there."""

    def __init__(
        self, plan: FleetPlan, clock: Clock, chance: Chance, *, tls: ssl.SSLContext | None = None
    ) -> None:
        """Raises AddressError, TemplateError."""
        self.plan = plan
        self._clock = clock
        self._chance = chance
        self._charges = 0
        self._refusals = 0
        self._refused_as: AuthorizationStatus | None = None
        watch = Watch(Limits(), clock.unscaled)
        self.stations = [
            Station(
                plan.template,
                identify(plan.template, mac=plan.mac(number), station_id=plan.station_id(number)),
                url=plan.url,
                clock=clock,
                chance=chance,
                password=plan.password,
                tls=tls,
                frames_kept=0,
                watch=watch,
            )
            for number in range(plan.first, plan.first + plan.count)
        ]

    async def run(self) -> None:
        """Power on, one after the other; until cancelled."""
        async with asyncio.TaskGroup() as group:
            for station in self.stations:
                name = station.station_id
                group.create_task(
                    survive(station.run(), event="station_failed", station_id=name), name=f"station {name}"
                )
                if self.plan.charge_every_s is not None:
                    cars = self._visits(station, self.plan.charge_every_s)
                    group.create_task(
                        survive(cars, event="visits_failed", station_id=name), name=f"cars at {name}"
                    )
                await self._clock.sleep(1.0 / self.plan.connects_per_s)

    def summary(self) -> FleetSummary:
        """The fleet now."""
        now = [station.snapshot() for station in self.stations]
        status = Counter(one.registration for one in now if one.is_connected)
        states = Counter(connector.state for one in now for connector in one.connectors)
        evses = [evse for one in now for evse in one.evses]
        troubles = Counter(str(station.trouble) for station in self.stations if station.trouble is not None)
        return FleetSummary(
            stations=len(now),
            connected=sum(one.is_connected for one in now),
            accepted=status[RegistrationStatus.ACCEPTED],
            pending=status[RegistrationStatus.PENDING],
            rejected=status[RegistrationStatus.REJECTED],
            charging=states[ConnectorState.CHARGING],
            faulted=states[ConnectorState.FAULTED],
            power_w=sum(evse.power_w for evse in evses),
            energy_wh=sum(evse.energy_wh for evse in evses),
            frames=sum(station.tap.last_seq for station in self.stations),
            queued=sum(one.queued for one in now),
            charges=self._charges,
            refusals=self._refusals,
            refused_as=self._refused_as,
            troubles=dict(troubles.most_common()),
        )

    # Cars

    async def _visits(self, station: Station, every_s: float) -> None:
        await self._clock.sleep(self._chance.uniform(0.0, every_s))
        while True:
            try:
                await station.wait_until(lambda now: now.is_accepted, LONGEST_WAIT_S)
                await self._visit(station)
            except (NotPossibleError, WaitTimeoutError):
                self._refusals += 1
            await self._clock.sleep(self._chance.jitter(every_s, 0.5))

    async def _visit(self, station: Station) -> None:
        """One car: cable, token, a charge, token, cable."""
        evse_id = self._chance.integer(1, len(station.template.evses))
        station.plug(evse_id)
        await self._clock.sleep(HANDS_S)
        result = await station.present(self.plan.id_token, evse_id)
        if result.outcome is TokenOutcome.STARTED:
            self._charges += 1
            await self._clock.sleep(self._chance.jitter(self.plan.charge_for_s, 0.5))
        else:
            self._refusals += 1
            if result.status not in (None, AuthorizationStatus.ACCEPTED):
                self._refused_as = result.status
        station.unplug(evse_id)
