"""The meter of an EVSE: an energy register that integrates what the car takes, over the injected clock."""

from datetime import datetime

from msgspec.structs import replace

from ocppj.vocabulary import ENERGY_REGISTER, MeterSample
from simulator.model.vehicle import Vehicle

VOLTAGE_V = 230.0
"""Phase to neutral."""


class Meter:
    """`register_wh` only ever grows; times are seconds of the clock's monotonic time.

    The car's battery is part of the picture, since what it takes depends on what it holds.
    """

    __slots__ = ("_limit_w", "_read_at", "_register_wh", "_stored_wh", "_vehicle", "phases")

    def __init__(self, register_wh: float = 0.0, *, phases: int = 3) -> None:
        self.phases = phases
        self._register_wh = register_wh
        self._vehicle: Vehicle | None = None
        self._stored_wh = 0.0
        self._limit_w = 0.0
        self._read_at = 0.0

    def preset(self, register_wh: float) -> None:
        """Go on from a register that was kept."""
        self._register_wh = register_wh

    def connect(self, vehicle: Vehicle, now: float) -> None:
        """A car is plugged in; no energy flows yet."""
        self._vehicle, self._stored_wh, self._limit_w, self._read_at = vehicle, vehicle.arrival_wh, 0.0, now

    def disconnect(self, now: float) -> None:
        """The car is gone."""
        self.energy_wh(now)
        self._vehicle, self._limit_w = None, 0.0

    def offer(self, limit_w: float, now: float) -> None:
        """From now on the car is offered `limit_w`; 0 opens the contactor."""
        self.energy_wh(now)
        self._limit_w = max(0.0, limit_w)

    @property
    def offered_w(self) -> float:
        """What the car is offered."""
        return self._limit_w

    @property
    def is_offered(self) -> bool:
        """Whether the contactor is closed."""
        return self._limit_w > 0.0

    def energy_wh(self, now: float) -> float:
        """The register."""
        elapsed_s = now - self._read_at
        self._read_at = now
        if self._vehicle is not None and self._limit_w > 0.0 and elapsed_s > 0.0:
            stored_wh = self._vehicle.stored_after(self._stored_wh, elapsed_s, self._limit_w)
            self._register_wh += stored_wh - self._stored_wh
            self._stored_wh = stored_wh
        return self._register_wh

    def power_w(self, now: float) -> float:
        """What flows right now."""
        self.energy_wh(now)
        return self._vehicle.power_w(self._stored_wh, self._limit_w) if self._vehicle is not None else 0.0

    def charge_share(self, now: float) -> float | None:
        """The car's state of charge, 0 to 1; None without a car."""
        self.energy_wh(now)
        return self._stored_wh / self._vehicle.battery_wh if self._vehicle is not None else None

    def seconds_until_full(self, now: float) -> float:
        """How long until the car takes nothing more."""
        self.energy_wh(now)
        if self._vehicle is None:
            return float("inf")
        return self._vehicle.seconds_until_full(self._stored_wh, self._limit_w)

    def samples(
        self, measurands: tuple[str, ...], now: float, at: datetime, context: str
    ) -> tuple[MeterSample, ...]:
        """The asked-for measurands, coherent with one another: power is voltage times current times phases.

        A measurand that this meter does not have is left out.
        """
        found: list[MeterSample] = []
        for measurand in measurands:
            found += self._sampled(measurand, now, at, context)
        return tuple(found)

    def _sampled(self, measurand: str, now: float, at: datetime, context: str) -> list[MeterSample]:
        power_w = self.power_w(now)
        match measurand:
            case "Energy.Active.Import.Register":
                value, unit = self._register_wh, "Wh"
            case "Power.Active.Import":
                value, unit = power_w, "W"
            case "Power.Offered":
                value, unit = self._limit_w, "W"
            case "Current.Import":
                current_a = round(power_w / (VOLTAGE_V * self.phases), 2)
                sample = MeterSample(measurand, current_a, "A", at, None, "Outlet", context)
                return [replace(sample, phase=f"L{number}") for number in self._phases]
            case "Voltage":
                sample = MeterSample(measurand, VOLTAGE_V, "V", at, None, "Outlet", context)
                return [replace(sample, phase=f"L{number}-N") for number in self._phases]
            case "SoC":
                share = self.charge_share(now)
                if share is None:
                    return []
                return [MeterSample("SoC", round(share * 100, 1), "percent", at, None, "EV", context)]
            case _:
                return []
        return [MeterSample(measurand, round(value, 1), unit, at, None, "Outlet", context)]

    @property
    def _phases(self) -> range:
        return range(1, self.phases + 1)


MEASURANDS = (
    ENERGY_REGISTER,
    "Power.Active.Import",
    "Power.Offered",
    "Current.Import",
    "Voltage",
    "SoC",
)
"""What the meter can sample."""
