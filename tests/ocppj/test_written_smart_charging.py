"""What stations say of limits and of what cars need, and what comes back when it is read again.

By hand from the specifications, as in `test_written_messages`.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.model.messages import StationMessage
from ocppj.model.smart_charging import (
    ChargingNeeds,
    ChargingNeedsReply,
    ChargingPeriod,
    ChargingProfile,
    ChargingSchedule,
    ClearedChargingLimit,
    DynamicScheduleReply,
    EVChargingScheduleReply,
    NotifyChargingLimit,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    NotifyPriorityCharging,
    PullDynamicScheduleUpdate,
    ReportChargingProfiles,
    ScheduleUpdate,
    SetChargingProfile,
)
from ocppj.translation import WireCall, translation_for
from ocppj.versions import OcppVersion
from tests.ocppj.test_written_messages import (
    BOTH_2X,
    NOON,
    SMALL,
    TIMES,
    V16,
    V21,
    V201,
    WIRE_NOON,
    answered_again,
    read_again,
    written,
)
from tests.support.charging_profiles import profiles, schedules

LIMITS = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=16.0),))
LIMITS_ON_WIRE = {
    "id": 1,
    "chargingRateUnit": "A",
    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}],
}
NEEDS_AC = ChargingNeeds(
    energy_transfer="AC_three_phase",
    departure_at=NOON,
    energy_wh=12_000,
    min_current_a=6,
    max_current_a=16,
    max_voltage_v=230,
)
NEEDS_DC = ChargingNeeds(
    energy_transfer="DC", max_current_a=300, max_voltage_v=400, max_power_w=120_000, soc=20
)
GOLDEN_2X: list[tuple[StationMessage, str, dict[str, Any]]] = [
    (
        ReportChargingProfiles(  # K09
            9,
            0,
            "CSO",
            (ChargingProfile(profile_id=5, purpose="TxDefaultProfile", schedules=(LIMITS,)),),
            is_last=False,
        ),
        "ReportChargingProfiles",
        {
            "requestId": 9,
            "chargingLimitSource": "CSO",
            "evseId": 0,
            "chargingProfile": [
                {
                    "id": 5,
                    "stackLevel": 0,
                    "chargingProfilePurpose": "TxDefaultProfile",
                    "chargingProfileKind": "Absolute",
                    "chargingSchedule": [LIMITS_ON_WIRE],
                }
            ],
            "tbc": True,
        },
    ),
    (
        NotifyChargingLimit("EMS", None, is_grid_critical=False, schedules=(LIMITS,)),  # K12.FR.02, .03
        "NotifyChargingLimit",
        {
            "chargingLimit": {"chargingLimitSource": "EMS", "isGridCritical": False},
            "chargingSchedule": [LIMITS_ON_WIRE],
        },
    ),
    (
        ClearedChargingLimit("EMS", 1),  # K13.FR.02
        "ClearedChargingLimit",
        {"chargingLimitSource": "EMS", "evseId": 1},
    ),
    (
        NotifyEVChargingNeeds(1, NEEDS_AC, 3),  # K15.FR.01, .06
        "NotifyEVChargingNeeds",
        {
            "evseId": 1,
            "maxScheduleTuples": 3,
            "chargingNeeds": {
                "requestedEnergyTransfer": "AC_three_phase",
                "departureTime": WIRE_NOON,
                "acChargingParameters": {
                    "energyAmount": 12_000,
                    "evMinCurrent": 6,
                    "evMaxCurrent": 16,
                    "evMaxVoltage": 230,
                },
            },
        },
    ),
    (
        NotifyEVChargingNeeds(1, NEEDS_DC),
        "NotifyEVChargingNeeds",
        {
            "evseId": 1,
            "chargingNeeds": {
                "requestedEnergyTransfer": "DC",
                "dcChargingParameters": {
                    "evMaxCurrent": 300,
                    "evMaxVoltage": 400,
                    "evMaxPower": 120_000,
                    "stateOfCharge": 20,
                },
            },
        },
    ),
    (
        NotifyEVChargingSchedule(1, LIMITS, NOON),  # K15.FR.10
        "NotifyEVChargingSchedule",
        {"evseId": 1, "timeBase": WIRE_NOON, "chargingSchedule": LIMITS_ON_WIRE},
    ),
]
GOLDEN_21: list[tuple[StationMessage, str, dict[str, Any]]] = [
    (
        NotifyChargingLimit("EMS", is_local_generation=True),  # K27.FR.03
        "NotifyChargingLimit",
        {"chargingLimit": {"chargingLimitSource": "EMS", "isLocalGeneration": True}},
    ),
    (
        NotifyEVChargingNeeds(  # K18.FR.01, .06, .21
            1,
            ChargingNeeds(energy_transfer="AC_BPT", control_mode="ScheduledControl", max_power_w=11_000),
            at=NOON,
        ),
        "NotifyEVChargingNeeds",
        {
            "evseId": 1,
            "chargingNeeds": {
                "requestedEnergyTransfer": "AC_BPT",
                "controlMode": "ScheduledControl",
                "v2xChargingParameters": {"maxChargePower": 11_000},
            },
            "timestamp": WIRE_NOON,
        },
    ),
    (
        NotifyEVChargingSchedule(1, LIMITS, NOON, 3),  # K18.FR.10
        "NotifyEVChargingSchedule",
        {
            "evseId": 1,
            "timeBase": WIRE_NOON,
            "chargingSchedule": LIMITS_ON_WIRE,
            "selectedChargingScheduleId": 3,
        },
    ),
    (
        NotifyPriorityCharging("T", is_activated=True),  # K21.FR.05
        "NotifyPriorityCharging",
        {"transactionId": "T", "activated": True},
    ),
    (
        PullDynamicScheduleUpdate(5),  # K28.FR.10
        "PullDynamicScheduleUpdate",
        {"chargingProfileId": 5},
    ),
]


@pytest.mark.parametrize(
    ("version", "message", "action", "payload"),
    [(version, *row) for version in BOTH_2X for row in GOLDEN_2X] + [(V21, *row) for row in GOLDEN_21],
)
def test_a_message_of_limits_is_this_frame(
    version: OcppVersion, message: StationMessage, action: str, payload: dict[str, Any]
) -> None:
    """Field by field."""
    assert written(version, message) == WireCall(action, payload)
    assert read_again(version, message) == message


def test_versions_without_a_message_tell_nothing() -> None:
    """1.6 has none of them, 2.0.1 no priority charging."""
    assert translation_for(V16).request(ClearedChargingLimit("EMS")) is None
    assert translation_for(V201).request(NotifyPriorityCharging("T", is_activated=True)) is None


FROM_2X = st.one_of(
    st.builds(
        ReportChargingProfiles,
        SMALL,
        SMALL,
        st.sampled_from(["CSO", "EMS"]),
        st.lists(profiles(V201), min_size=1, max_size=2).map(tuple),
        st.booleans(),
    ),
    st.builds(
        NotifyChargingLimit,
        st.just("SO"),
        st.none() | SMALL,
        st.none() | st.booleans(),
        schedules=st.lists(schedules(V201), max_size=2).map(tuple),
    ),
    st.builds(ClearedChargingLimit, st.just("SO"), st.none() | SMALL),
    st.builds(NotifyEVChargingNeeds, SMALL, st.sampled_from([NEEDS_AC, NEEDS_DC]), st.none() | SMALL),
    st.builds(NotifyEVChargingSchedule, SMALL, schedules(V201), TIMES),
)


@pytest.mark.parametrize("version", BOTH_2X)
@given(message=FROM_2X)
def test_what_is_said_of_limits_comes_back(version: OcppVersion, message: StationMessage) -> None:
    """Model → wire → model."""
    assert read_again(version, message) == message


@pytest.mark.parametrize("version", BOTH_2X)
@pytest.mark.parametrize("reason", [None, "NoProfile"])
def test_what_is_answered_to_a_car(version: OcppVersion, reason: str | None) -> None:
    """K15.FR.03 to .05, .11, .12."""
    needs = ChargingNeedsReply("Rejected", reason)
    assert answered_again(version, "NotifyEVChargingNeeds", needs) == needs
    schedule = EVChargingScheduleReply("Accepted", reason)
    assert answered_again(version, "NotifyEVChargingSchedule", schedule) == schedule


@pytest.mark.parametrize(
    "reply",
    [
        DynamicScheduleReply("Accepted", ScheduleUpdate(limit=7.0, discharge_limit_l3=-2.0)),
        DynamicScheduleReply("Rejected", reason_code="InvalidProfile"),
    ],
)
def test_limits_that_are_pulled_come_back(reply: DynamicScheduleReply) -> None:
    """2.1 K28.FR.07, .12."""
    assert answered_again(V21, "PullDynamicScheduleUpdate", reply) == reply


def test_a_car_that_names_no_control_mode_may_still_speak_iso_15118_20() -> None:
    """K18.FR.06: its parameters are those of V2X; Scheduled is assumed (2.14 controlMode)."""
    needs = {"requestedEnergyTransfer": "AC_BPT", "v2xChargingParameters": {}}
    text = json.dumps({"evseId": 1, "chargingNeeds": needs}).encode()
    request = codec_for(V21).decode_request("NotifyEVChargingNeeds", text).message
    message = translation_for(V21).message("NotifyEVChargingNeeds", request, [])
    assert isinstance(message, NotifyEVChargingNeeds)
    assert message.needs == ChargingNeeds(energy_transfer="AC_BPT", control_mode="ScheduledControl")
    bare = codec_for(V21).decode_request(
        "NotifyEVChargingNeeds", b'{"evseId":1,"chargingNeeds":{"requestedEnergyTransfer":"WPT"}}'
    )
    assert translation_for(V21).message("NotifyEVChargingNeeds", bare.message, []) == NotifyEVChargingNeeds(
        1, ChargingNeeds(energy_transfer="WPT")
    )


def test_a_schedule_in_local_time_has_no_zone() -> None:
    """2.1 useLocalTime: whatever zone is written is disregarded."""
    profile = {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [LIMITS_ON_WIRE | {"startSchedule": "2026-11-24T12:00:00-05:00"}],
    }
    for more, starts_at in (({"useLocalTime": True}, NOON), ({}, NOON + timedelta(hours=5))):
        payload = {
            "evseId": 0,
            "chargingProfile": profile
            | {
                "chargingSchedule": [
                    profile["chargingSchedule"][0] | more  # type: ignore[index] # a list
                ]
            },
        }
        request = codec_for(V21).decode_request("SetChargingProfile", json.dumps(payload).encode()).message
        command = translation_for(V21).command("SetChargingProfile", request)
        assert isinstance(command, SetChargingProfile)
        assert command.profile.schedules[0].starts_at == starts_at
