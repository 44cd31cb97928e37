"""What of a charging profile is read here. Whatever has these attributes will do: the profile of a message,
a stored one, one made for a test.

Words are those of 2.1. Instants are aware; of a schedule with `use_local_time` only the wall time of
`starts_at` counts, whatever its zone (2.1 ChargingScheduleType).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

STATION_MAX = "ChargingStationMaxProfile"
TX_DEFAULT = "TxDefaultProfile"
TX = "TxProfile"
EXTERNAL = "ChargingStationExternalConstraints"
PRIORITY = "PriorityCharging"
LOCAL_GENERATION = "LocalGeneration"
PURPOSES = (STATION_MAX, TX_DEFAULT, TX, EXTERNAL, PRIORITY, LOCAL_GENERATION)

ABSOLUTE, RECURRING, RELATIVE, DYNAMIC = "Absolute", "Recurring", "Relative", "Dynamic"
DAILY, WEEKLY = "Daily", "Weekly"
AMPERES, WATTS = "A", "W"


class PeriodShape(Protocol):
    """From `start_s` after the schedule's start on."""

    @property
    def start_s(self) -> int: ...
    @property
    def limit(self) -> float | None: ...
    @property
    def limit_l2(self) -> float | None: ...
    @property
    def limit_l3(self) -> float | None: ...
    @property
    def phases(self) -> int | None: ...
    @property
    def phase_to_use(self) -> int | None: ...


class ScheduleShape(Protocol):
    """Periods in the order of their start, in one unit."""

    @property
    def unit(self) -> str: ...
    @property
    def periods(self) -> Sequence[PeriodShape]: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def duration_s(self) -> int | None: ...
    @property
    def use_local_time(self) -> bool: ...


class ProfileShape(Protocol):
    """A profile. Of several schedules (ISO 15118) the first is followed: which a car chose is unknown."""

    @property
    def profile_id(self) -> int: ...
    @property
    def purpose(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def stack_level(self) -> int: ...
    @property
    def schedules(self) -> Sequence[ScheduleShape]: ...
    @property
    def recurrence(self) -> str | None: ...
    @property
    def valid_from(self) -> datetime | None: ...
    @property
    def valid_to(self) -> datetime | None: ...
    @property
    def transaction_id(self) -> str | None: ...
    @property
    def max_offline_s(self) -> int | None: ...
    @property
    def update_interval_s(self) -> int | None: ...
