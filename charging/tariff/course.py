"""What a session was, as far as its price depends on it: one part after the other, each with what went on.

Whole numbers: energies in thousandths of a Wh, times in milliseconds; meters and clocks do not resolve more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from charging.tariff.restrictions import EvseKind, ReservationUse

MS = 1000
"""In a second; and mWh in a Wh."""


class Activity(StrEnum):
    """What goes on at the EVSE."""

    WAITING = "waiting"
    """Nobody may charge yet, or no vehicle has come."""
    CHARGING = "charging"
    SUSPENDED_EV = "suspended-ev"
    """The vehicle takes nothing that is offered."""
    SUSPENDED_EVSE = "suspended-evse"
    """The station offers nothing."""
    CONNECTED = "connected"
    """The vehicle is there, somebody may charge, and it does not."""
    UNKNOWN = "unknown"
    """The station does not tell."""


@dataclass(frozen=True, slots=True)
class CoursePart:
    """A stretch of time in which one thing went on, with the energy of it, spread evenly."""

    ms: int
    activity: Activity
    energy_mwh: int = 0
    power_w: int | None = None
    current_ma: int | None = None


@dataclass(frozen=True, slots=True)
class ReservedTime:
    """How long an EVSE was held before the session, or until the reservation expired."""

    ms: int
    use: ReservationUse = "used"


@dataclass(frozen=True, slots=True)
class Course:
    """A session. `parts` without gaps from `starts_at` on; none: it never started, only was reserved.

    `is_measured` False: the energy is not known, and counts as none.
    """

    starts_at: datetime
    parts: tuple[CoursePart, ...] = ()
    evse_kind: EvseKind | None = None
    is_measured: bool = True
    reserved: ReservedTime | None = None

    def __post_init__(self) -> None:
        # In any other zone adding a duration would move the hands of the clock instead.
        object.__setattr__(self, "starts_at", self.starts_at.astimezone(UTC))

    @property
    def ms(self) -> int:
        """How long it lasted."""
        return sum(part.ms for part in self.parts)

    @property
    def energy_mwh(self) -> int:
        """All of its energy."""
        return sum(part.energy_mwh for part in self.parts)

    @property
    def is_charging_reported(self) -> bool:
        """Whether the station ever said that it charges: some never do, and charge all the same."""
        return any(part.activity is Activity.CHARGING for part in self.parts)

    @property
    def is_in_vain(self) -> bool:
        """Whether it is known that nothing was taken."""
        return self.is_measured and bool(self.parts) and not any(part.energy_mwh for part in self.parts)


def totals(
    starts_at: datetime, *, energy_wh: float, duration_s: float, idle_s: float = 0.0, is_measured: bool = True
) -> Course:
    """A session of which only the totals are known: it charged first, and was idle in the end."""
    whole = max(thousandths(duration_s), thousandths(idle_s))
    idle = thousandths(idle_s)
    charged = CoursePart(whole - idle, Activity.CHARGING, thousandths(energy_wh))
    parts = (charged, CoursePart(idle, Activity.SUSPENDED_EV)) if idle else (charged,)
    return Course(starts_at, parts, is_measured=is_measured)


def thousandths(value: float) -> int:
    """A measured value as a whole number of thousandths, never less than none."""
    return round(max(value, 0.0) * 1000)


def joined(parts: Iterable[CoursePart]) -> tuple[CoursePart, ...]:
    """The parts without those that nothing went on in, and neighbours that are alike as one."""
    found: list[CoursePart] = []
    for part in parts:
        if not part.ms and not part.energy_mwh:
            continue
        before = found[-1] if found else None
        if before is not None and _is_like(before, part):
            found[-1] = replace(
                before, ms=before.ms + part.ms, energy_mwh=before.energy_mwh + part.energy_mwh
            )
        else:
            found.append(part)
    return tuple(found)


def _is_like(before: CoursePart, part: CoursePart) -> bool:
    """Whether they are one stretch: the same goes on, at the same rate."""
    same = (before.activity, before.power_w, before.current_ma) == (
        part.activity,
        part.power_w,
        part.current_ma,
    )
    return same and before.energy_mwh * part.ms == part.energy_mwh * before.ms
