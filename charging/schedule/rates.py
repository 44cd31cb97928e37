"""How much may flow: in all, and on each phase. Limits in amperes are for each phase, those in watts for all
phases together (1.6 §7.12, K01.FR.50, .51).

What an installation can is the upper end of every limit, and how many phases it has.
"""

import math
from dataclasses import dataclass

from charging.schedule.shapes import AMPERES, PeriodShape

PHASES_ASSUMED = 3
"""Of a period for AC that says none (K01.FR.49)."""
TENTHS = 10
"""1.6 §7.14: a limit has one digit after the point at most. Rounded down: never more than is allowed."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What an EVSE, or a station, is connected to. The voltage is that of the area, not a measured one."""

    max_w: float
    phases: int = 3
    voltage_v: float = 230.0
    is_dc: bool = False

    @property
    def at_most(self) -> "FlowRate":
        """All that it can."""
        return FlowRate(self.max_w, self.max_w / (self.voltage_v * self.phases), self.phases)


@dataclass(frozen=True, slots=True)
class FlowRate:
    """Both must be kept: `power_w` of all phases together, `current_a` of each of `phases`."""

    power_w: float
    current_a: float
    phases: int

    def lowest(self, other: "FlowRate") -> "FlowRate":
        """What keeps both; the fewest phases of the two (2.1 §3.8)."""
        return FlowRate(
            min(self.power_w, other.power_w),
            min(self.current_a, other.current_a),
            min(self.phases, other.phases),
        )

    def plus(self, other: "FlowRate") -> "FlowRate":
        """Both together."""
        return FlowRate(
            self.power_w + other.power_w,
            self.current_a + other.current_a,
            max(self.phases, other.phases),
        )

    def watts(self, voltage_v: float) -> float:
        """What may flow in all."""
        return min(self.power_w, self.current_a * voltage_v * self.phases)

    def amperes(self, voltage_v: float) -> float:
        """What may flow on each phase."""
        return min(self.current_a, self.power_w / (voltage_v * self.phases))

    def within(self, voltage_v: float) -> "FlowRate":
        """The same, each of both no more than the other allows."""
        return FlowRate(self.watts(voltage_v), self.amperes(voltage_v), self.phases)

    def limit(self, unit: str, voltage_v: float) -> float:
        """In a schedule's unit, rounded down to tenths."""
        value = self.amperes(voltage_v) if unit == AMPERES else self.watts(voltage_v)
        return math.floor(value * TENTHS + 1e-6) / TENTHS


NO_LIMIT = FlowRate(math.inf, math.inf, PHASES_ASSUMED)


def rate_of(period: PeriodShape, unit: str, supply: Supply) -> FlowRate:
    """What a period allows; no limit where it says none (2.1: its mode needs none).

    More phases than there are do not make the limit another one (1.6 errata 3.34). A DC EVSE has no phases
    (K01.FR.44). Of limits for single phases (2.1) a current is the least of them, a power their sum.
    """
    phases = supply.phases if supply.is_dc else min(period.phases or PHASES_ASSUMED, supply.phases)
    if period.limit is None:
        return FlowRate(math.inf, math.inf, phases)
    limits = [max(0.0, each) for each in (period.limit, period.limit_l2, period.limit_l3) if each is not None]
    if unit == AMPERES:
        return FlowRate(math.inf, min(limits), phases)
    return FlowRate(sum(limits), math.inf, phases)
