"""Which profiles a station takes, and what it gives up or reports.

2.0.1 and 2.1 K01, K09, K10; 1.6 §5.5, §5.16. A refusal names its clause, and the reason code of 2.x.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeVar

from charging.schedule.composite import STATION, Installed
from charging.schedule.shapes import (
    ABSOLUTE,
    DYNAMIC,
    EXTERNAL,
    RECURRING,
    RELATIVE,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    ProfileShape,
    ScheduleShape,
)

P = TypeVar("P", bound=ProfileShape)


class ProfileRefusal(NamedTuple):
    """Why a profile is not taken. `code` is of appendix 5 of 2.x, `text` for people."""

    code: str
    clause: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLimits:
    """What a station can, and how its version keeps profiles apart."""

    max_stack_level: int
    units: frozenset[str]
    periods_most: int
    profiles_most: int
    purposes: frozenset[str]
    kinds: frozenset[str]
    replaces_same_level: bool
    """1.6 §3.13.2: one of the same purpose and level is replaced; 2.x does so by id alone, and refuses."""
    needs_transaction_id: bool
    """2.x K01.FR.03; in 1.6 §7.8 a TxProfile may do without."""
    allows_relative_absolute: bool
    """1.6 §7.13: without a start, a schedule is relative; 2.x K01.FR.40 wants one."""
    switches_phases: bool = False
    """It can charge on fewer phases than it has (2.x Phases3to1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionThere:
    """The transaction at the EVSE that a profile is for. `ids`: all by which it may be named."""

    evse_id: int
    ids: frozenset[str]


def profile_refusal(
    held: Sequence[Installed[ProfileShape]],
    wanted: ProfileShape,
    evse_id: int,
    limits: StoreLimits,
    *,
    phases_of: dict[int, int | None],
    running: Iterable[TransactionThere],
    is_for_start: bool = False,
) -> ProfileRefusal | None:
    """Why a station does not take a profile for an EVSE; None: it does.

    `phases_of` has each EVSE with its phases (None: DC); `is_for_start`: it comes with a remote start, and
    its transaction has yet to begin (1.6 §5.16.2, 2.x K05).
    """
    if evse_id != STATION and evse_id not in phases_of:
        return ProfileRefusal("UnknownEvse", "K01.FR.28", f"there is no EVSE {evse_id}")
    return (
        _purpose_refusal(wanted, evse_id, limits)
        or (None if is_for_start else _transaction_refusal(wanted, evse_id, limits, running))
        or _size_refusal(wanted, limits)
        or _kind_refusal(wanted, limits)
        or _phase_refusal(wanted, _phases_at(evse_id, phases_of), limits)
        or _place_refusal(held, wanted, evse_id, limits)
    )


def _purpose_refusal(wanted: ProfileShape, evse_id: int, limits: StoreLimits) -> ProfileRefusal | None:
    purpose = wanted.purpose
    if purpose == EXTERNAL:
        text = "only others than the central system set external constraints"
        return ProfileRefusal("InvalidProfile", "K01.FR.22", text)
    if purpose not in limits.purposes:
        return ProfileRefusal("UnsupportedPurpose", "2.1 SupportedAdditionalPurposes", f"no {purpose} here")
    if purpose == STATION_MAX and evse_id != STATION:
        text = f"a {STATION_MAX} is for the whole station, EVSE 0"
        return ProfileRefusal("InvalidProfile", "K04.FR.03", text)
    if purpose == TX and evse_id == STATION:
        return ProfileRefusal("InvalidProfile", "K01.FR.16", "a TxProfile is for one EVSE, never for 0")
    if purpose != TX and wanted.transaction_id is not None:
        text = "only a TxProfile names a transaction"
        return ProfileRefusal("InvalidProfile", "ChargingProfileType.transactionId", text)
    return None


def _transaction_refusal(
    wanted: ProfileShape, evse_id: int, limits: StoreLimits, running: Iterable[TransactionThere]
) -> ProfileRefusal | None:
    if wanted.purpose != TX:
        return None
    there = next((each for each in running if each.evse_id == evse_id), None)
    if there is None:
        return ProfileRefusal("TxNotFound", "K01.FR.09", f"nobody charges at EVSE {evse_id}")
    if wanted.transaction_id is None:
        text = "a TxProfile names its transaction"
        needs = limits.needs_transaction_id
        return ProfileRefusal("InvalidProfile", "K01.FR.03", text) if needs else None
    if wanted.transaction_id not in there.ids:
        text = f"another transaction than {wanted.transaction_id} runs at EVSE {evse_id}"
        return ProfileRefusal("TxNotFound", "K01.FR.33", text)
    return None


def _size_refusal(wanted: ProfileShape, limits: StoreLimits) -> ProfileRefusal | None:
    if not 0 <= wanted.stack_level <= limits.max_stack_level:
        text = f"stack level {wanted.stack_level} is above {limits.max_stack_level}"
        return ProfileRefusal("InvalidStackLevel", "SmartChargingCtrlr.ProfileStackLevel", text)
    if len(wanted.schedules) != 1:
        return ProfileRefusal("InvalidSchedule", "K01.FR.34", "without ISO 15118 there is one schedule")
    schedule = wanted.schedules[0]
    if schedule.unit not in limits.units:
        return ProfileRefusal("UnsupportedRateUnit", "K01.FR.26", f"no limits in {schedule.unit} here")
    if len(schedule.periods) > limits.periods_most:
        text = f"{len(schedule.periods)} periods are more than {limits.periods_most}"
        return ProfileRefusal("TooManyElements", "SmartChargingCtrlr.PeriodsPerSchedule", text)
    return _period_refusal(schedule)


def _period_refusal(schedule: ScheduleShape) -> ProfileRefusal | None:
    starts = [each.start_s for each in schedule.periods]
    if not starts or starts[0] != 0:
        return ProfileRefusal("InvalidSchedule", "K01.FR.31", "the first period begins at 0")
    if any(later <= earlier for earlier, later in pairwise(starts)):
        return ProfileRefusal("InvalidSchedule", "K01.FR.35", "periods stand in the order of their start")
    return None


def _kind_refusal(wanted: ProfileShape, limits: StoreLimits) -> ProfileRefusal | None:
    kind, schedule = wanted.kind, wanted.schedules[0]
    if kind not in limits.kinds:
        return ProfileRefusal("UnsupportedKind", "2.1 SupportsDynamicProfiles", f"no {kind} profiles here")
    if wanted.update_interval_s is not None and kind != DYNAMIC:
        return ProfileRefusal("InvalidProfile", "K28.FR.04", "only a dynamic profile is updated")
    if kind == DYNAMIC and len(schedule.periods) != 1:
        return ProfileRefusal("InvalidSchedule", "K28.FR.03", "a dynamic profile has one period")
    return _start_refusal(wanted, schedule, limits)


def _start_refusal(
    wanted: ProfileShape, schedule: ScheduleShape, limits: StoreLimits
) -> ProfileRefusal | None:
    kind = wanted.kind
    if kind == RELATIVE and wanted.purpose == STATION_MAX:
        text = f"a {STATION_MAX} has nothing to be relative to"
        return ProfileRefusal("InvalidProfile", "K01.FR.38", text)
    if kind == RELATIVE and schedule.starts_at is not None:
        return ProfileRefusal("InvalidSchedule", "K01.FR.41", "a relative schedule has no start")
    needs_start = kind == RECURRING or (kind == ABSOLUTE and not limits.allows_relative_absolute)
    if needs_start and schedule.starts_at is None:
        return ProfileRefusal("InvalidSchedule", "K01.FR.40", "the schedule says no start")
    if kind == RECURRING and wanted.recurrence is None:
        text = "a recurring profile says how often"
        return ProfileRefusal("InvalidProfile", "ChargingProfileType.recurrencyKind", text)
    return None


def _phases_at(evse_id: int, phases_of: dict[int, int | None]) -> int | None:
    """Of the station as a whole those of the EVSE that has the most."""
    if evse_id != STATION:
        return phases_of[evse_id]
    known = [each for each in phases_of.values() if each is not None]
    return max(known, default=None)


def _phase_refusal(wanted: ProfileShape, phases: int | None, limits: StoreLimits) -> ProfileRefusal | None:
    """For DC, phases are ignored (K01.FR.44); more than there are do not matter (K01.FR.45)."""
    if phases is None:
        return None
    for period in wanted.schedules[0].periods:
        if period.phase_to_use is not None:
            clause = "K01.FR.48" if period.phases == 1 else "K01.FR.19"
            return ProfileRefusal("InvalidSchedule", clause, "the phase cannot be chosen here")
        if period.phases is not None and period.phases < phases and not limits.switches_phases:
            text = f"no fewer than {phases} phases can be ensured"
            return ProfileRefusal("InvalidSchedule", "K01.FR.43", text)
    return None


def _place_refusal(
    held: Sequence[Installed[ProfileShape]], wanted: ProfileShape, evse_id: int, limits: StoreLimits
) -> ProfileRefusal | None:
    """Whether it may stand beside what is held."""
    left = without_replaced(held, wanted, evse_id, replaces_same_level=limits.replaces_same_level)
    same_id = next((each for each in held if each.profile.profile_id == wanted.profile_id), None)
    if same_id is not None and same_id.profile.purpose == EXTERNAL:
        text = f"profile {wanted.profile_id} is an external constraint"
        return ProfileRefusal("InvalidProfile", "K01.FR.05", text)
    if not limits.replaces_same_level:
        twin = next((each for each in left if _collides(each, wanted, evse_id)), None)
        if twin is not None:
            text = f"profile {twin.profile.profile_id} has the same purpose and stack level"
            return ProfileRefusal("DuplicateProfile", _duplicate_clause(wanted, evse_id, twin), text)
    if len(left) >= limits.profiles_most:
        text = f"{limits.profiles_most} profiles are held already"
        return ProfileRefusal("OutOfStorage", "SmartChargingCtrlr.Entries[ChargingProfiles]", text)
    return None


def _collides(other: Installed[ProfileShape], wanted: ProfileShape, evse_id: int) -> bool:
    """Whether both could lead at once (K01.FR.06, .39, .52, .53)."""
    one = other.profile
    if (one.purpose, one.stack_level) != (wanted.purpose, wanted.stack_level):
        return False
    if wanted.purpose == TX and one.transaction_id != wanted.transaction_id:
        return False
    is_default = wanted.purpose == TX_DEFAULT and STATION in (other.evse_id, evse_id)
    return (other.evse_id == evse_id or is_default) and overlap(one, wanted)


def overlap(one: ProfileShape, other: ProfileShape) -> bool:
    """Whether both are valid at some instant."""
    return not (
        (one.valid_to is not None and other.valid_from is not None and one.valid_to <= other.valid_from)
        or (other.valid_to is not None and one.valid_from is not None and other.valid_to <= one.valid_from)
    )


def _duplicate_clause(wanted: ProfileShape, evse_id: int, twin: Installed[ProfileShape]) -> str:
    if wanted.purpose == TX:
        return "K01.FR.39"
    if twin.evse_id == evse_id:
        return "K01.FR.06"
    return "K01.FR.52" if evse_id == STATION else "K01.FR.53"


def without_replaced(
    held: Sequence[Installed[P]], wanted: ProfileShape, evse_id: int, *, replaces_same_level: bool
) -> tuple[Installed[P], ...]:
    """What is left beside a profile that is taken: that of its id is replaced (K01.FR.05), in 1.6 that of its
    purpose and level on the connector too (§5.16.3).
    """

    def stays(each: Installed[P]) -> bool:
        has, place = each.profile, each.evse_id
        if has.profile_id == wanted.profile_id:
            return False
        is_same = (has.purpose, has.stack_level, place) == (wanted.purpose, wanted.stack_level, evse_id)
        return not (replaces_same_level and is_same)

    return tuple(each for each in held if stays(each))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCriterion:
    """All that is given must hold (1.6 errata 3.25, K09.FR.04 to .06, K10)."""

    profile_ids: frozenset[int] = frozenset()
    evse_id: int | None = None
    purpose: str | None = None
    stack_level: int | None = None
    sources: frozenset[str] = frozenset()

    def covers(self, each: Installed[ProfileShape]) -> bool:
        """Whether a profile is meant."""
        profile = each.profile
        return (
            (not self.profile_ids or profile.profile_id in self.profile_ids)
            and self.evse_id in (None, each.evse_id)
            and self.purpose in (None, profile.purpose)
            and self.stack_level in (None, profile.stack_level)
            and (not self.sources or each.source in self.sources)
        )


def to_clear(held: Iterable[Installed[P]], by: ProfileCriterion) -> tuple[Installed[P], ...]:
    """What a station gives up; never what others than the central system have set (K10.FR.03, .06)."""
    return tuple(each for each in held if each.profile.purpose != EXTERNAL and by.covers(each))
