"""A car that takes energy: full power until its battery is nearly full, then ever less, then nothing.

Everything is in closed form, so that energy does not depend on how often somebody reads the meter: from the
taper point on, power falls in a straight line with the energy stored, which makes energy over time an
exponential.
"""

import math
from dataclasses import dataclass

FULL_WITHIN_WH = 1e-6
"""Less than this from full is full: nobody measures a micro-watt-hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """An electric vehicle. `taper_from` and `arrives_with` are shares of the battery, 0 to 1."""

    battery_wh: float = 60_000.0
    max_power_w: float = 11_000.0
    arrives_with: float = 0.4
    taper_from: float = 0.85
    last_share: float = 0.05
    """Share of full power that it still takes right before it is full."""

    @property
    def arrival_wh(self) -> float:
        """Stored when it is plugged in."""
        return self.battery_wh * self.arrives_with

    def power_w(self, stored_wh: float, limit_w: float) -> float:
        """What it takes with `stored_wh` in its battery when it is offered `limit_w`."""
        if stored_wh >= self.battery_wh - FULL_WITHIN_WH:
            return 0.0
        return max(0.0, min(limit_w, self._wanted_w(stored_wh)))

    def stored_after(self, stored_wh: float, seconds: float, limit_w: float) -> float:
        """What is stored after `seconds` at `limit_w`."""
        power_w = self.power_w(stored_wh, limit_w)
        if power_w <= 0.0 or seconds <= 0.0:
            return stored_wh
        bend_wh = self._bend_wh(limit_w)
        if stored_wh < bend_wh:
            until_bend_s = (bend_wh - stored_wh) * 3600 / power_w
            if seconds <= until_bend_s:
                return stored_wh + power_w * seconds / 3600
            return self._tapered(bend_wh, seconds - until_bend_s)
        return self._tapered(stored_wh, seconds)

    def seconds_until_full(self, stored_wh: float, limit_w: float) -> float:
        """How long until it takes nothing any more; infinite when it is offered nothing."""
        power_w = self.power_w(stored_wh, limit_w)
        if stored_wh >= self.battery_wh - FULL_WITHIN_WH:
            return 0.0
        if power_w <= 0.0:
            return math.inf
        bend_wh = max(stored_wh, self._bend_wh(limit_w))
        steady_s = (bend_wh - stored_wh) * 3600 / power_w
        return steady_s + math.log(self._wanted_w(bend_wh) / self._last_w) / self._decay_per_s

    @property
    def _last_w(self) -> float:
        return self.max_power_w * self.last_share

    @property
    def _slope_w_per_wh(self) -> float:
        """How much less it takes for each Wh beyond the taper point."""
        return self.max_power_w * (1 - self.last_share) / (self.battery_wh * (1 - self.taper_from))

    @property
    def _decay_per_s(self) -> float:
        return self._slope_w_per_wh / 3600

    def _wanted_w(self, stored_wh: float) -> float:
        beyond_wh = max(0.0, stored_wh - self.battery_wh * self.taper_from)
        return self.max_power_w - self._slope_w_per_wh * beyond_wh

    def _bend_wh(self, limit_w: float) -> float:
        """From where on the car, not the station, says how much."""
        start_wh = self.battery_wh * self.taper_from
        spare_w = self.max_power_w - min(limit_w, self.max_power_w)
        return min(self.battery_wh, start_wh + spare_w / self._slope_w_per_wh)

    def _tapered(self, stored_wh: float, seconds: float) -> float:
        # dP/dt = -k·P with k the decay; the energy is the integral, capped where the battery is full.
        power_w = self._wanted_w(stored_wh)
        gained_wh = power_w / self._slope_w_per_wh * -math.expm1(-self._decay_per_s * seconds)
        return min(self.battery_wh, stored_wh + gained_wh)
