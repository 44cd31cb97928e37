"""The rows of smart charging: profiles at stations, limits of others, what stations expect to let flow."""

from datetime import datetime

from csms.domain.charging_profiles import PERHAPS_HELD, ProfileState
from csms.rules.rows import Row
from ocppj.model.smart_charging import ChargingPeriod, ChargingProfile, ChargingSchedule
from ocppj.vocabulary import StationId


class ChargingProfileRow(Row, frozen=True, gc=False, kw_only=True):
    """A charging profile at a station as a whole; also the state that what follows is decided over.

    `entry_id` is the id of the command that set it, or is made of what a station reported without that.
    `evse_id` 0 is the whole station. `asked_by` as in a command's row; None: others set it. `reported_at`:
    when the station last said that it holds it.
    """

    entry_id: str
    station_id: StationId
    evse_id: int
    profile: ChargingProfile
    source: str
    """Who limits (ChargingLimitSourceEnumType); `CSO` is the central system."""
    transaction_id: str | None = None
    """Of a TxProfile, once it is known."""
    state: ProfileState
    reason: str | None = None
    asked_by: str | None = None
    asked_at: datetime
    moved_at: datetime
    reported_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the station may hold it."""
        return self.state in PERHAPS_HELD


class ChargingLimitRow(Row, frozen=True, gc=False, kw_only=True):
    """A limit that somebody else has set, by who it is and where (2.x K11 to K13, 2.1 K27). `evse_id` 0 is
    the whole station; without schedules nobody said how much it is.
    """

    station_id: StationId
    evse_id: int
    source: str
    is_grid_critical: bool | None
    is_local_generation: bool | None
    schedules: tuple[ChargingSchedule, ...]
    since: datetime
    reported_at: datetime
    cleared_at: datetime | None = None


class CompositeRow(Row, frozen=True, gc=False, kw_only=True):
    """What a station last answered when it was asked what it expects to let flow (K08)."""

    station_id: StationId
    evse_id: int
    unit: str
    starts_at: datetime
    duration_s: int
    periods: tuple[ChargingPeriod, ...]
    answered_at: datetime


class ExceededLimitRow(Row, frozen=True, gc=False, kw_only=True):
    """A station takes more than it may, at an EVSE or, at EVSE 0, in all; `ended_at`: it no longer does."""

    station_id: StationId
    evse_id: int
    transaction_id: str | None
    limit_w: float
    power_w: float
    """What was metered last of what is too much."""
    since: datetime
    moved_at: datetime
    ended_at: datetime | None = None
