"""Smart charging: limits over time, who sets them, and what a car wants (1.6 §3.13, 2.x block K).

A profile holds for an EVSE or, at EVSE 0, for the whole station. Words are those of 2.1. Not in here are the
prices and signatures of ISO 15118 and the curves of bidirectional charging.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Final, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from ocppj.model.command import (
    GREATEST_NUMBER,
    INSIDE,
    MADE_UP,
    ONLY_2X,
    Command,
    CommandAnswer,
    Number,
)
from ocppj.model.reports import MessageKept
from ocppj.versions import OcppVersion

ProfilePurpose = Literal[
    "ChargingStationMaxProfile",
    "TxDefaultProfile",
    "TxProfile",
    "ChargingStationExternalConstraints",
    "PriorityCharging",
    "LocalGeneration",
]
"""The last two are of 2.1. External constraints are set by others than the central system (K01.FR.22)."""
EXTERNAL_CONSTRAINTS: Final = "ChargingStationExternalConstraints"
ProfileKind = Literal["Absolute", "Recurring", "Relative", "Dynamic"]
RecurrenceKind = Literal["Daily", "Weekly"]
RateUnit = Literal["A", "W"]
"""Amperes on each phase, watts of all phases together."""
SOURCES = ("CSO", "EMS", "SO", "Other")
"""Who limits (ChargingLimitSourceEnumType); 2.1 allows other words."""
ONLY_21 = frozenset({OcppVersion.V21})
PERIODS_MOST = 1024
SCHEDULES_MOST = 3
PROFILES_NAMED_MOST = 100
LONGEST_SCHEDULE_S = 10 * 366 * 86_400
GREATEST_RATE = 1e9

Rate = Annotated[float, Meta(ge=0, le=GREATEST_RATE)]
Discharge = Annotated[float, Meta(ge=-GREATEST_RATE, le=0)]
Setpoint = Annotated[float, Meta(ge=-GREATEST_RATE, le=GREATEST_RATE)]
Stack = Annotated[int, Meta(ge=0, le=GREATEST_NUMBER)]
Phases = Annotated[int, Meta(ge=1, le=3)]
Seconds = Annotated[int, Meta(ge=0, le=LONGEST_SCHEDULE_S)]
ProfileNumber = Annotated[int, Meta(ge=-(2**31), le=GREATEST_NUMBER)]
"""Those of others than the central system are negative, as a rule (K11.FR.06)."""


class RateValues(msgspec.Struct, frozen=True, kw_only=True):
    """Limits and setpoints: of all phases, or of L1 where there are values for L2 and L3. All but `limit` are
    of 2.1.
    """

    limit: Rate | None = None
    limit_l2: Rate | None = None
    limit_l3: Rate | None = None
    discharge_limit: Discharge | None = None
    discharge_limit_l2: Discharge | None = None
    discharge_limit_l3: Discharge | None = None
    setpoint: Setpoint | None = None
    setpoint_l2: Setpoint | None = None
    setpoint_l3: Setpoint | None = None
    setpoint_reactive: Setpoint | None = None
    setpoint_reactive_l2: Setpoint | None = None
    setpoint_reactive_l3: Setpoint | None = None


RATE_FIELDS = RateValues.__struct_fields__


class ChargingPeriod(RateValues, frozen=True, kw_only=True):
    """From `start_s` after the schedule's start until the next one."""

    start_s: Seconds = 0
    phases: Phases | None = None
    """None: 3 of an AC station."""
    phase_to_use: Phases | None = None
    """With one phase, where the station can choose."""
    operation_mode: Annotated[str, Meta(max_length=20)] | None = None
    """2.1; None: ChargingOnly."""


class LimitAtSoc(msgspec.Struct, frozen=True):
    """Once the car's battery is as full as that (2.1)."""

    soc: Annotated[int, Meta(ge=0, le=100)]
    limit: Rate


class ChargingSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """Limits over time. Without a start it is relative to when energy could first flow."""

    unit: RateUnit
    periods: Annotated[tuple[ChargingPeriod, ...], Meta(min_length=1, max_length=PERIODS_MOST)]
    starts_at: datetime | None = None
    duration_s: Seconds | None = None
    """None: the last period goes on."""
    min_rate: Rate | None = None
    """Below it charging is inefficient."""
    schedule_id: Annotated[int, INSIDE] = 1
    use_local_time: bool = False
    """The wall time of `starts_at` counts, wherever the station is (2.1)."""
    randomized_delay_s: Seconds | None = None
    """2.1: periods after the first begin up to so much later."""
    limit_at_soc: LimitAtSoc | None = None


class ChargingProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Limits for a purpose. Of several with the same purpose the highest stack level leads."""

    profile_id: Annotated[ProfileNumber, MADE_UP]
    purpose: ProfilePurpose
    schedules: Annotated[tuple[ChargingSchedule, ...], Meta(min_length=1, max_length=SCHEDULES_MOST)]
    """More than one only for a car that chooses by ISO 15118 (2.x)."""
    kind: ProfileKind = "Absolute"
    stack_level: Stack = 0
    recurrence: RecurrenceKind | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: Annotated[str, Meta(min_length=1, max_length=36)] | None = None
    """Of a TxProfile."""
    max_offline_s: Seconds | None = None
    """2.1: so long it stays valid without a connection."""
    invalid_after_offline: bool = False
    """2.1: and after that for ever."""
    update_interval_s: Seconds | None = None
    """2.1: how often a station asks for new limits of a dynamic one."""
    updated_at: Annotated[datetime | None, INSIDE] = None
    """2.1: when those came last."""


# --- Profiles ----------------------------------------------------------------------------------------------


class SetChargingProfile(Command, frozen=True):
    """Limit an EVSE, a transaction or the whole station (EVSE 0) over time.

    One of the same id is replaced; in 1.6 also one of the same purpose and stack level.
    """

    name: ClassVar[str] = "set-charging-profile"

    evse_id: Number
    profile: ChargingProfile

    @property
    def never_sent(self) -> str | None:
        """Why no central system asks this; None: it may."""
        return _external_refusal(self.profile.purpose)  # K01.FR.22


class ClearChargingProfile(Command, frozen=True):
    """Give up the profiles that meet all that is said; `Unknown` where a station holds none of them."""

    name: ClassVar[str] = "clear-charging-profile"

    profile_id: ProfileNumber | None = None
    evse_id: Number | None = None
    purpose: ProfilePurpose | None = None
    stack_level: Stack | None = None

    @property
    def never_sent(self) -> str | None:
        """Why no central system asks this; None: it may."""
        return _external_refusal(self.purpose)  # K10.FR.06


def _external_refusal(purpose: str | None) -> str | None:
    if purpose != EXTERNAL_CONSTRAINTS:
        return None
    return f"{EXTERNAL_CONSTRAINTS} are set and cleared by others than the central system: purpose"


class ReportChargingProfiles(msgspec.Struct, frozen=True):
    """Some of the profiles that a station was asked for; `is_last` is false while more follow."""

    request_id: int
    evse_id: int
    source: str
    profiles: tuple[ChargingProfile, ...]
    is_last: bool = True
    report: MessageKept | None = None
    """The request as it came; who receives it adds that."""


class GetChargingProfiles(Command, frozen=True):
    """Ask a 2.x station which profiles it holds; without any condition, for all of them."""

    name: ClassVar[str] = "get-charging-profiles"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "ask for the composite schedule"
    brings = (ReportChargingProfiles,)

    request_id: Annotated[Number, MADE_UP]
    evse_id: Number | None = None
    profile_ids: Annotated[tuple[ProfileNumber, ...], Meta(max_length=PROFILES_NAMED_MOST)] = ()
    purpose: ProfilePurpose | None = None
    stack_level: Stack | None = None
    sources: Annotated[tuple[str, ...], Meta(max_length=4)] = ()


class CompositeSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """What a station expects to come of all its limits."""

    evse_id: int
    unit: str
    periods: tuple[ChargingPeriod, ...]
    starts_at: datetime | None = None
    duration_s: int | None = None


class CompositeScheduleAnswer(CommandAnswer, frozen=True):
    """The schedule, where the station has one."""

    schedule: CompositeSchedule | None = None


class GetCompositeSchedule(Command, frozen=True):
    """Ask what a station expects to let flow from now on, at an EVSE or, at EVSE 0, in all."""

    name: ClassVar[str] = "get-composite-schedule"
    answer: ClassVar[type[CommandAnswer]] = CompositeScheduleAnswer

    evse_id: Number
    duration_s: Annotated[int, Meta(ge=1, le=LONGEST_SCHEDULE_S)] = 86_400
    unit: RateUnit | None = None


# --- Limits of others --------------------------------------------------------------------------------------


class NotifyChargingLimit(msgspec.Struct, frozen=True):
    """Somebody else than the central system limits a station (2.x K11, K12), or gives it more (2.1 K27)."""

    source: str
    evse_id: int | None = None
    """None: the whole station."""
    is_grid_critical: bool | None = None
    is_local_generation: bool | None = None
    schedules: tuple[ChargingSchedule, ...] = ()
    report: MessageKept | None = None


class ClearedChargingLimit(msgspec.Struct, frozen=True):
    """They do so no longer (2.x K13)."""

    source: str
    evse_id: int | None = None
    report: MessageKept | None = None


# --- Cars --------------------------------------------------------------------------------------------------


class ChargingNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """What a car says that it needs (ISO 15118)."""

    energy_transfer: str
    departure_at: datetime | None = None
    energy_wh: float | None = None
    min_current_a: float | None = None
    max_current_a: float | None = None
    max_voltage_v: float | None = None
    max_power_w: float | None = None
    capacity_wh: float | None = None
    soc: int | None = None
    """State of charge in percent."""
    control_mode: str | None = None
    """Only ISO 15118-20 has one (2.1)."""

    @property
    def is_of_15118_20(self) -> bool:
        """Whether the car speaks that."""
        return self.control_mode is not None


class NotifyEVChargingNeeds(msgspec.Struct, frozen=True):
    """A car has said what it needs (2.x K15, K17; 2.1 K18)."""

    evse_id: int
    needs: ChargingNeeds
    max_schedule_tuples: int | None = None
    at: datetime | None = None


class ChargingNeedsReply(msgspec.Struct, frozen=True, gc=False):
    """Accepted or Processing: a profile follows; Rejected, in ISO 15118-20 NoChargingProfile: none does."""

    status: str
    reason_code: str | None = None


class NotifyEVChargingSchedule(msgspec.Struct, frozen=True):
    """How a car is going to charge (2.x K15.FR.10, K16.FR.05); relative to `time_base`."""

    evse_id: int
    schedule: ChargingSchedule
    time_base: datetime | None = None
    selected_schedule_id: int | None = None


class EVChargingScheduleReply(msgspec.Struct, frozen=True, gc=False):
    """Accepted: it is within our limits (2.x K15.FR.11, .12)."""

    status: str
    reason_code: str | None = None


# --- Priority and dynamic charging (2.1) -------------------------------------------------------------------


def updated_profile(profile: ChargingProfile, update: RateValues, at: datetime) -> ChargingProfile:
    """A dynamic profile with new limits in its one period (K28.FR.03, .06, .09); what is not said stays."""
    schedule, *others = profile.schedules
    said = {name: value for name in RATE_FIELDS if (value := getattr(update, name)) is not None}
    periods = (replace(schedule.periods[0], **said), *schedule.periods[1:])
    return replace(profile, schedules=(replace(schedule, periods=periods), *others), updated_at=at)


class UsePriorityCharging(Command, frozen=True):
    """Let a transaction charge by the profile for priority, or no longer."""

    name: ClassVar[str] = "use-priority-charging"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_21
    instead: ClassVar[str] = "set a TxProfile with a higher stack level"

    transaction_id: Annotated[str, Meta(min_length=1, max_length=36)]
    activate: bool = True


class NotifyPriorityCharging(msgspec.Struct, frozen=True):
    """A transaction charges with priority, or no longer (2.1 K21, K22)."""

    transaction_id: str
    is_activated: bool
    report: MessageKept | None = None


class ScheduleUpdate(RateValues, frozen=True, kw_only=True):
    """New limits of a dynamic profile (2.1 K28)."""


class UpdateDynamicSchedule(Command, frozen=True):
    """Give a dynamic profile new limits at once."""

    name: ClassVar[str] = "update-dynamic-schedule"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_21
    instead: ClassVar[str] = "set the profile again"

    profile_id: ProfileNumber
    update: ScheduleUpdate


class PullDynamicScheduleUpdate(msgspec.Struct, frozen=True, gc=False):
    """A station asks for new limits of a dynamic profile (2.1 K28.FR.10)."""

    profile_id: int


class DynamicScheduleReply(msgspec.Struct, frozen=True):
    """The limits, or that there is no such profile (2.1 K28.FR.07, .12)."""

    status: str
    update: ScheduleUpdate | None = None
    reason_code: str | None = None


ReportedLimits = ReportChargingProfiles | NotifyChargingLimit | ClearedChargingLimit | NotifyPriorityCharging
"""What stations report of limits; the answer says nothing."""
