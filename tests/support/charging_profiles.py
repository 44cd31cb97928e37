"""Strategies for charging profiles, in the form in which a version says them."""

from datetime import UTC, datetime
from typing import Any, get_args

from hypothesis import strategies as st

from ocppj.model.smart_charging import (
    RATE_FIELDS,
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    LimitAtSoc,
    ProfilePurpose,
    RateValues,
)
from ocppj.versions import OcppVersion

V16, _, V21 = OcppVersion
_times = st.integers(1_600_000_000_000, 2_200_000_000_000).map(
    lambda ms: datetime.fromtimestamp(ms / 1000, UTC)
)
_tenths = st.integers(0, 100_000).map(lambda tenths: tenths / 10)
_seconds = st.integers(0, 10**6)
PURPOSES = {
    V16: ["ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile"],
    OcppVersion.V201: ["ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile"],
    V21: [each for each in get_args(ProfilePurpose) if each != "ChargingStationExternalConstraints"],
}
KINDS = {
    V16: ["Absolute", "Recurring", "Relative"],
    OcppVersion.V201: ["Absolute", "Recurring", "Relative"],
    V21: ["Absolute", "Recurring", "Relative", "Dynamic"],
}


def rate_values(version: OcppVersion, kind: type[RateValues], **more: Any) -> st.SearchStrategy[Any]:
    """A limit; 2.1 has it for each phase, and setpoints."""
    if version is not V21:
        return st.builds(kind, limit=_tenths, **more)
    below = _tenths.map(lambda value: -value)
    rates = {name: st.none() | (below if name.startswith("discharge") else _tenths) for name in RATE_FIELDS}
    return st.builds(kind, **rates, **more)


def schedules(version: OcppVersion) -> st.SearchStrategy[ChargingSchedule]:
    """A schedule."""
    periods = rate_values(
        version,
        ChargingPeriod,
        start_s=_seconds,
        phases=st.none() | st.integers(1, 3),
        phase_to_use=st.none() if version is V16 else st.none() | st.integers(1, 3),
        operation_mode=st.sampled_from([None, "ChargingOnly"]) if version is V21 else st.none(),
    )
    newest: dict[str, Any] = {}
    if version is V21:
        newest = {
            "use_local_time": st.booleans(),
            "randomized_delay_s": st.none() | _seconds,
            "limit_at_soc": st.none() | st.builds(LimitAtSoc, st.integers(0, 100), _tenths),
        }
    return st.builds(
        ChargingSchedule,
        unit=st.sampled_from(["A", "W"]),
        periods=st.lists(periods, min_size=1, max_size=3).map(tuple),
        starts_at=st.none() | _times,
        duration_s=st.none() | _seconds,
        min_rate=st.none() | _tenths,
        schedule_id=st.just(1) if version is V16 else _seconds,
        **newest,
    )


def profiles(version: OcppVersion, purpose: str | None = None) -> st.SearchStrategy[ChargingProfile]:
    """A profile; with a purpose, one that no transaction is named by."""
    ids = st.integers(1, 9).map(str) if version is V16 else st.text("abc", min_size=1, max_size=36)
    newest: dict[str, Any] = {}
    if version is V21:
        newest = {
            "max_offline_s": st.none() | _seconds,
            "invalid_after_offline": st.booleans(),
            "update_interval_s": st.none() | _seconds,
            "updated_at": st.none() | _times,
        }
    most = 1 if version is V16 else 3
    return st.builds(
        ChargingProfile,
        profile_id=st.integers(-1000, 2**31 - 1),
        purpose=st.sampled_from(PURPOSES[version]) if purpose is None else st.just(purpose),
        schedules=st.lists(schedules(version), min_size=1, max_size=most).map(tuple),
        kind=st.sampled_from(KINDS[version]),
        stack_level=st.integers(0, 10),
        recurrence=st.sampled_from([None, "Daily", "Weekly"]),
        valid_from=st.none() | _times,
        valid_to=st.none() | _times,
        transaction_id=st.none() if purpose is not None else st.none() | ids,
        **newest,
    )
