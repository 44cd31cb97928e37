"""charging.schedule.store: what a station takes, clause by clause, and what it gives up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from charging.schedule.composite import Installed
from charging.schedule.shapes import (
    DYNAMIC,
    EXTERNAL,
    PRIORITY,
    RECURRING,
    RELATIVE,
    STATION_MAX,
    TX,
    TX_DEFAULT,
    ProfileShape,
)
from charging.schedule.store import (
    ProfileCriterion,
    ProfileRefusal,
    StoreLimits,
    TransactionThere,
    profile_refusal,
    to_clear,
    without_replaced,
)
from tests.charging.schedule.profiles import NOON, Period, Profile, Schedule, held, profile

V2X = StoreLimits(
    max_stack_level=3,
    units=frozenset({"A", "W"}),
    periods_most=3,
    profiles_most=4,
    purposes=frozenset({STATION_MAX, TX_DEFAULT, TX}),
    kinds=frozenset({"Absolute", RECURRING, RELATIVE, DYNAMIC}),
    replaces_same_level=False,
    needs_transaction_id=True,
    allows_relative_absolute=False,
)
V16 = replace(V2X, replaces_same_level=True, needs_transaction_id=False, allows_relative_absolute=True)
RUNNING = (TransactionThere(evse_id=1, ids=frozenset({"T", "17"})),)
OF_T = profile((0, 10), purpose=TX, transaction_id="T")


def refusal(
    wanted: ProfileShape,
    evse_id: int = 1,
    *,
    limits: StoreLimits = V2X,
    has: tuple[Installed[ProfileShape], ...] = (),
    phases: int | None = 3,
    is_for_start: bool = False,
) -> ProfileRefusal | None:
    """Of a station with two EVSEs, where T runs at the first."""
    return profile_refusal(
        has,
        wanted,
        evse_id,
        limits,
        phases_of={1: phases, 2: phases},
        running=RUNNING,
        is_for_start=is_for_start,
    )


def with_periods(*periods: Period, **more: Any) -> Profile:
    """A profile with these."""
    return Profile((Schedule(periods, **more),))


@pytest.mark.parametrize(
    ("wanted", "evse_id", "code", "clause"),
    [
        (profile((0, 10)), 3, "UnknownEvse", "K01.FR.28"),
        (profile((0, 10), purpose=EXTERNAL), 0, "InvalidProfile", "K01.FR.22"),
        (profile((0, 10), purpose=PRIORITY), 0, "UnsupportedPurpose", "2.1 SupportedAdditionalPurposes"),
        (profile((0, 10), purpose=STATION_MAX), 1, "InvalidProfile", "K04.FR.03"),
        (OF_T, 0, "InvalidProfile", "K01.FR.16"),
        (profile((0, 10), transaction_id="T"), 1, "InvalidProfile", "ChargingProfileType.transactionId"),
        (OF_T, 2, "TxNotFound", "K01.FR.09"),
        (replace(OF_T, transaction_id=None), 1, "InvalidProfile", "K01.FR.03"),
        (replace(OF_T, transaction_id="U"), 1, "TxNotFound", "K01.FR.33"),
        (profile((0, 10), stack_level=4), 1, "InvalidStackLevel", "SmartChargingCtrlr.ProfileStackLevel"),
        (Profile((profile((0, 9)).schedules[0],) * 2), 1, "InvalidSchedule", "K01.FR.34"),
        (profile((0, 10), unit="VA"), 1, "UnsupportedRateUnit", "K01.FR.26"),
        (
            profile((0, 9), (1, 9), (2, 9), (3, 9)),
            1,
            "TooManyElements",
            "SmartChargingCtrlr.PeriodsPerSchedule",
        ),
        (profile((1, 10)), 1, "InvalidSchedule", "K01.FR.31"),
        (with_periods(), 1, "InvalidSchedule", "K01.FR.31"),
        (profile((0, 9), (5, 9), (5, 8)), 1, "InvalidSchedule", "K01.FR.35"),
        (profile((0, 9), kind="Odd"), 1, "UnsupportedKind", "2.1 SupportsDynamicProfiles"),
        (profile((0, 9), update_interval_s=5), 1, "InvalidProfile", "K28.FR.04"),
        (profile((0, 9), (5, 8), kind=DYNAMIC), 1, "InvalidSchedule", "K28.FR.03"),
        (
            profile((0, 9), purpose=STATION_MAX, kind=RELATIVE, starts_at=None),
            0,
            "InvalidProfile",
            "K01.FR.38",
        ),
        (profile((0, 9), kind=RELATIVE), 1, "InvalidSchedule", "K01.FR.41"),
        (profile((0, 9), starts_at=None), 1, "InvalidSchedule", "K01.FR.40"),
        (
            profile((0, 9), kind=RECURRING, starts_at=None, recurrence="Daily"),
            1,
            "InvalidSchedule",
            "K01.FR.40",
        ),
        (profile((0, 9), kind=RECURRING), 1, "InvalidProfile", "ChargingProfileType.recurrencyKind"),
        (with_periods(Period(0, 9, 3, phase_to_use=1)), 1, "InvalidSchedule", "K01.FR.19"),
        (with_periods(Period(0, 9, 1, phase_to_use=1)), 1, "InvalidSchedule", "K01.FR.48"),
        (with_periods(Period(0, 9, 1)), 0, "InvalidSchedule", "K01.FR.43"),
    ],
)
def test_what_is_not_taken(wanted: Profile, evse_id: int, code: str, clause: str) -> None:
    """Each refusal names its clause, and says why."""
    found = refusal(wanted, evse_id)
    assert found is not None
    assert (found.code, found.clause) == (code, clause)
    assert found.text


@pytest.mark.parametrize(
    ("wanted", "evse_id"),
    [
        (profile((0, 10)), 0),
        (OF_T, 1),
        (replace(OF_T, transaction_id="17"), 1),
        (profile((0, 10), purpose=STATION_MAX), 0),
        (profile((0, 9), kind=RELATIVE, starts_at=None), 1),
        (profile((0, 9), kind=RECURRING, recurrence="Daily"), 1),
        (profile((0, 9), kind=DYNAMIC, starts_at=None, update_interval_s=5), 1),
        (with_periods(Period(0, 9, 3)), 2),
    ],
)
def test_what_is_taken(wanted: Profile, evse_id: int) -> None:
    """By the same station."""
    assert refusal(wanted, evse_id) is None


def test_what_1_6_allows() -> None:
    """§7.8: a TxProfile without a transaction id; §7.13: no start."""
    assert refusal(replace(OF_T, transaction_id=None), limits=V16) is None
    assert refusal(profile((0, 9), starts_at=None), limits=V16) is None


def test_a_profile_that_comes_with_a_start_needs_no_transaction_yet() -> None:
    """1.6 §5.16.2, 2.x K05."""
    assert refusal(replace(OF_T, transaction_id=None), 2, is_for_start=True) is None
    assert refusal(profile((1, 10), purpose=TX), 2, is_for_start=True) is not None


def test_phases_of_direct_current_are_ignored_and_can_be_switched_where_it_says_so() -> None:
    """K01.FR.43, .44."""
    one = with_periods(Period(0, 9, 1))
    assert refusal(one, phases=None) is None
    assert refusal(one, 0, phases=None) is None
    assert refusal(one, limits=replace(V2X, switches_phases=True)) is None


@pytest.mark.parametrize(
    ("has", "wanted", "evse_id", "clause"),
    [
        (held(profile((0, 9)), 1), profile((0, 8), profile_id=2), 1, "K01.FR.06"),
        (held(profile((0, 9)), 1), profile((0, 8), profile_id=2), 0, "K01.FR.52"),
        (held(profile((0, 9)), 0), profile((0, 8), profile_id=2), 1, "K01.FR.53"),
        (held(OF_T, 1), replace(OF_T, profile_id=2), 1, "K01.FR.39"),
    ],
)
def test_2_x_takes_no_second_one_of_the_same_level(
    has: Installed[ProfileShape], wanted: Profile, evse_id: int, clause: str
) -> None:
    """By id it is replaced, at another level or time it stands beside."""
    found = refusal(wanted, evse_id, has=(has,))
    assert found is not None
    assert (found.code, found.clause) == ("DuplicateProfile", clause)
    assert refusal(replace(wanted, profile_id=1), evse_id, has=(has,)) is None
    assert refusal(replace(wanted, stack_level=1), evse_id, has=(has,)) is None
    assert refusal(wanted, evse_id, has=(has,), limits=V16) is None


def test_those_that_are_never_valid_at_once_stand_beside_each_other() -> None:
    """K01.FR.06: overlapping validity; other EVSEs and transactions too."""
    until, since = replace(profile((0, 9)), valid_to=NOON), profile((0, 8), profile_id=2, valid_from=NOON)
    assert refusal(since, has=(held(until, 1),)) is None
    assert refusal(replace(until, profile_id=3), has=(held(since, 1),)) is None
    later = replace(since, valid_from=NOON - timedelta(seconds=1))
    assert refusal(later, has=(held(until, 1),)) is not None
    assert refusal(later, 2, has=(held(until, 1),)) is None
    assert refusal(replace(OF_T, profile_id=2), has=(held(replace(OF_T, transaction_id="U"), 1),)) is None


def test_external_constraints_are_not_replaced() -> None:
    """K01.FR.05."""
    found = refusal(profile((0, 9)), has=(held(profile((0, 9), purpose=EXTERNAL)),))
    assert found is not None
    assert found.clause == "K01.FR.05"


def test_no_more_than_fit() -> None:
    """One that replaces another needs no room."""
    full = tuple(held(profile((0, 9), profile_id=n, stack_level=n % 2), n // 2) for n in (2, 3, 4, 5))
    found = refusal(profile((0, 9), profile_id=9, stack_level=3), has=full)
    assert found is not None
    assert found.code == "OutOfStorage"
    assert refusal(profile((0, 9), profile_id=5, stack_level=3), has=full) is None


def test_what_is_replaced() -> None:
    """By id in every version; in 1.6 by purpose, level and connector as well (§5.16.3)."""
    has = (held(profile((0, 9)), 1), held(profile((0, 9), profile_id=2), 0), held(OF_T, 1))
    wanted = profile((0, 8), profile_id=7)
    assert without_replaced(has, wanted, 1, replaces_same_level=False) == has
    assert without_replaced(has, wanted, 1, replaces_same_level=True) == has[1:]
    assert without_replaced(has, profile((0, 8)), 2, replaces_same_level=False) == has[1:2]


def test_what_is_cleared() -> None:
    """All that is given must hold (1.6 errata 3.25); external constraints stay (K10.FR.03)."""
    has = (
        held(profile((0, 9)), 1),
        held(profile((0, 9), profile_id=2, stack_level=2), 0),
        held(replace(OF_T, profile_id=3), 1),
        held(profile((0, 9), profile_id=4, purpose=EXTERNAL), 0),
    )

    def ids(by: ProfileCriterion) -> list[int]:
        return [each.profile.profile_id for each in to_clear(has, by)]

    assert ids(ProfileCriterion()) == [1, 2, 3]
    assert ids(ProfileCriterion(profile_ids=frozenset({2, 4}))) == [2]
    assert ids(ProfileCriterion(evse_id=1)) == [1, 3]
    assert ids(ProfileCriterion(evse_id=1, purpose=TX)) == [3]
    assert ids(ProfileCriterion(stack_level=2)) == [2]
    assert ids(ProfileCriterion(sources=frozenset({"EMS"}))) == []
    assert ids(ProfileCriterion(evse_id=2, stack_level=0)) == []
