"""Profiles for the tests of charging.schedule: plain objects with what is read there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from charging.schedule.composite import Installed, Situation
from charging.schedule.rates import Supply
from charging.schedule.shapes import ABSOLUTE, TX_DEFAULT, ProfileShape
from charging.schedule.timing import Timing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
AC = Supply(22_080.0)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Period:
    """A period."""

    start_s: int
    limit: float | None
    phases: int | None = None
    limit_l2: float | None = None
    limit_l3: float | None = None
    phase_to_use: int | None = None


@dataclass(frozen=True)
class Schedule:
    """A schedule."""

    periods: tuple[Period, ...]
    unit: str = "A"
    starts_at: datetime | None = NOON
    duration_s: int | None = None
    use_local_time: bool = False


@dataclass(frozen=True)
class Profile:
    """A profile; the default of all EVSEs from noon on."""

    schedules: Sequence[Schedule]
    profile_id: int = 1
    purpose: str = TX_DEFAULT
    kind: str = ABSOLUTE
    stack_level: int = 0
    recurrence: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: str | None = None
    max_offline_s: int | None = None
    update_interval_s: int | None = None


def schedule(*limits: tuple[int, float], unit: str = "A", **more: object) -> Schedule:
    """A schedule of (start in seconds, limit)."""
    return Schedule(tuple(Period(*each) for each in limits), unit, **more)  # type: ignore[arg-type]


def profile(*limits: tuple[int, float], unit: str = "A", **more: object) -> Profile:
    """A profile of (start in seconds, limit); what is of the schedule goes to it."""
    of_schedule = {
        name: more.pop(name) for name in ("starts_at", "duration_s", "use_local_time") if name in more
    }
    return Profile((schedule(*limits, unit=unit, **of_schedule),), **more)  # type: ignore[arg-type]


def held(of: ProfileShape, evse_id: int = 0, at: datetime = NOON) -> Installed[ProfileShape]:
    """The profile, installed."""
    return Installed(of, evse_id, at)


def evse(
    evse_id: int = 1,
    *,
    transaction: str | None = "T",
    since: datetime | None = NOON,
    supply: Supply = AC,
    has_priority: bool = False,
) -> Situation:
    """An EVSE where somebody charges since noon."""
    return Situation(
        evse_id=evse_id,
        supply=supply,
        transaction_ids=frozenset({transaction}) if transaction is not None else None,
        timing=Timing(since),
        has_priority=has_priority,
    )
