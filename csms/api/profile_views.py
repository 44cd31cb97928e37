"""Charging profiles and limits of others, as the API tells them."""

from csms.domain.charging_profiles import ProfileState
from csms.rules.charging_rows import ChargingLimitRow, ChargingProfileRow, ExceededLimitRow
from ocppj.model.smart_charging import ChargingPeriod, ChargingSchedule
from runtime.texts import instant_text
from runtime.views import InstantText, View


class ChargingPeriodView(View, frozen=True, kw_only=True):
    """From `start_s` after its schedule began on. `limit` null: none; of L1 where L2, L3 have theirs."""

    start_s: int
    limit: float | None
    limit_l2: float | None
    limit_l3: float | None
    setpoint: float | None
    phases: int | None


class ChargingScheduleView(View, frozen=True, kw_only=True):
    """Limits over time, in amperes on each phase or watts of all; `starts_at` null: when a charge begins."""

    unit: str
    starts_at: str | None
    duration_s: int | None
    periods: tuple[ChargingPeriodView, ...]


class ChargingProfileView(View, frozen=True, kw_only=True):
    """A charging profile at a station: `evse_id` 0 is all of it. `source` CSO is this server, `asked_by` is
    who asked it; `reported_at`: when the station last said that it holds it. The `entry_id` of one that was
    asked is its command.
    """

    entry_id: str
    station_id: str
    evse_id: int
    profile_id: int
    purpose: str
    kind: str
    recurrence: str | None
    stack_level: int
    source: str
    transaction_id: str | None
    valid_from: str | None
    valid_to: str | None
    schedules: tuple[ChargingScheduleView, ...]
    state: ProfileState
    is_open: bool
    reason: str | None
    asked_by: str | None
    asked_at: InstantText
    moved_at: InstantText
    reported_at: str | None


class ChargingLimitView(View, frozen=True, kw_only=True):
    """A limit that somebody else has set: who (`source`), where, since when; without `schedules` nobody said
    how much it is.
    """

    station_id: str
    evse_id: int
    source: str
    is_grid_critical: bool | None
    is_local_generation: bool | None
    schedules: tuple[ChargingScheduleView, ...]
    since: InstantText
    reported_at: InstantText
    cleared_at: str | None


class ExceededLimitView(View, frozen=True, kw_only=True):
    """A station takes more than it may, at an EVSE or in all (EVSE 0); `ended_at`: it no longer does."""

    station_id: str
    evse_id: int
    transaction_id: str | None
    limit_w: float
    power_w: float
    since: InstantText
    moved_at: InstantText
    ended_at: str | None


def exceeded_view(row: ExceededLimitRow) -> ExceededLimitView:
    """A limit that is exceeded, or was."""
    return ExceededLimitView(
        station_id=row.station_id,
        evse_id=row.evse_id,
        transaction_id=row.transaction_id,
        limit_w=row.limit_w,
        power_w=row.power_w,
        since=instant_text(row.since),
        moved_at=instant_text(row.moved_at),
        ended_at=instant_text(row.ended_at),
    )


def period_view(period: ChargingPeriod) -> ChargingPeriodView:
    """A period."""
    return ChargingPeriodView(
        start_s=period.start_s,
        limit=period.limit,
        limit_l2=period.limit_l2,
        limit_l3=period.limit_l3,
        setpoint=period.setpoint,
        phases=period.phases,
    )


def schedule_view(schedule: ChargingSchedule) -> ChargingScheduleView:
    """A schedule."""
    return ChargingScheduleView(
        unit=schedule.unit,
        starts_at=instant_text(schedule.starts_at),
        duration_s=schedule.duration_s,
        periods=tuple(map(period_view, schedule.periods)),
    )


def profile_view(row: ChargingProfileRow) -> ChargingProfileView:
    """A charging profile."""
    profile = row.profile
    return ChargingProfileView(
        entry_id=row.entry_id,
        station_id=row.station_id,
        evse_id=row.evse_id,
        profile_id=profile.profile_id,
        purpose=profile.purpose,
        kind=profile.kind,
        recurrence=profile.recurrence,
        stack_level=profile.stack_level,
        source=row.source,
        transaction_id=row.transaction_id,
        valid_from=instant_text(profile.valid_from),
        valid_to=instant_text(profile.valid_to),
        schedules=tuple(map(schedule_view, profile.schedules)),
        state=row.state,
        is_open=row.is_open,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=instant_text(row.asked_at),
        moved_at=instant_text(row.moved_at),
        reported_at=instant_text(row.reported_at),
    )


def limit_view(row: ChargingLimitRow) -> ChargingLimitView:
    """A limit of somebody else."""
    return ChargingLimitView(
        station_id=row.station_id,
        evse_id=row.evse_id,
        source=row.source,
        is_grid_critical=row.is_grid_critical,
        is_local_generation=row.is_local_generation,
        schedules=tuple(map(schedule_view, row.schedules)),
        since=instant_text(row.since),
        reported_at=instant_text(row.reported_at),
        cleared_at=instant_text(row.cleared_at),
    )
