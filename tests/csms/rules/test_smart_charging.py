"""What stations report of limits, and what cars ask for."""

import json

import pytest

from csms.rules.charging_rows import ChargingLimitRow
from csms.rules.rows import AnnouncedReportRow, AttachmentRow, KeptMessageRow
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.model.reports import MessageKept
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
    ReportedLimits,
    ScheduleUpdate,
)
from tests.support.inbound import CP1, NOON, STARTED, TAG, Bench, event201

SCHEDULE = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=6.0),))


def kept(action: str, request_id: int | None = None) -> MessageKept:
    """As it came."""
    return MessageKept(action=action, payload="{}", payload_bytes=2, request_id=request_id, is_last=True)


@pytest.mark.parametrize(
    "event",
    [
        ClearedChargingLimit("EMS", report=kept("ClearedChargingLimit")),
        NotifyPriorityCharging("T", is_activated=True, report=kept("NotifyPriorityCharging")),
    ],
)
def test_what_is_reported_of_limits_is_kept_once(event: ReportedLimits) -> None:
    """As it came, and told of; the same message is not kept twice."""
    bench = Bench()
    for _ in range(2):
        assert bench.send(event, "m1", proposal=Acknowledged()) == Acknowledged()
    (row,) = bench.of_kind(KeptMessageRow)
    assert row.action == type(event).__name__
    assert [each.event for each in bench.events] == ["message.kept"]


def test_profiles_complete_the_request_that_asked_for_them() -> None:
    """K09.FR.01, .02."""
    bench = Bench()
    bench.state.add_announced(
        AnnouncedReportRow(
            command_id="c1",
            station_id=CP1,
            action="ReportChargingProfiles",
            request_id=9,
            asked_at=NOON,
            moved_at=NOON,
        )
    )
    event = ReportChargingProfiles(9, 0, "CSO", (), report=kept("ReportChargingProfiles", 9))
    bench.send(event, proposal=Acknowledged())
    assert [each.event for each in bench.events] == ["message.kept", "command.reported"]


def test_without_the_request_as_it_came_there_is_nothing_to_keep() -> None:
    """Whoever receives it adds that."""
    bench = Bench()
    assert bench.send(ClearedChargingLimit("EMS"), proposal=Acknowledged()) == Acknowledged()
    assert bench.of_kind(KeptMessageRow) == []


@pytest.mark.parametrize(
    ("event", "reply"),
    [
        (NotifyEVChargingNeeds(1, ChargingNeeds(energy_transfer="DC")), ChargingNeedsReply("Rejected")),
        (NotifyEVChargingSchedule(1, SCHEDULE), EVChargingScheduleReply("Rejected")),
        (PullDynamicScheduleUpdate(1), DynamicScheduleReply("Rejected")),
    ],
)
def test_what_a_car_asks_for_is_answered(event: StationMessage, reply: Reply) -> None:
    """As the handler proposes; where nothing charges, it is of nothing."""
    bench = Bench()
    assert bench.send(event, proposal=reply) == reply
    assert bench.rows == []


def test_what_a_car_wants_is_kept_with_its_transaction() -> None:
    """K15, K17: what it says, and how it is going to charge."""
    bench = Bench()
    bench.send(event201(STARTED, 0, NOON, id_token=TAG))
    bench.send(event201(STARTED, 0, NOON, id_token=TAG, transaction_id="T2", evse_id=2))
    needs = NotifyEVChargingNeeds(1, ChargingNeeds(energy_transfer="DC", energy_wh=20_000.0))
    bench.send(needs, proposal=ChargingNeedsReply("Rejected"))
    bench.send(NotifyEVChargingSchedule(1, SCHEDULE), proposal=EVChargingScheduleReply("Rejected"))
    rows = bench.of_kind(AttachmentRow)
    number = bench.transaction("T1").transaction_no
    assert [(each.transaction_no, each.kind) for each in rows] == [
        (number, "charging-needs"),
        (number, "charging-schedule"),
    ]
    assert json.loads(rows[0].content)["needs"]["energy_wh"] == 20_000.0


def test_who_pulls_the_limits_of_a_dynamic_profile_gets_them() -> None:
    """K28.FR.08."""
    bench = Bench()
    profile = ChargingProfile(
        profile_id=5, purpose="TxDefaultProfile", schedules=(SCHEDULE,), kind="Dynamic", update_interval_s=60
    )
    bench.send(ReportChargingProfiles(1, 1, "CSO", (profile,)), proposal=Acknowledged())
    reply = bench.send(PullDynamicScheduleUpdate(5), proposal=DynamicScheduleReply("Rejected"))
    assert reply == DynamicScheduleReply("Accepted", ScheduleUpdate(limit=6.0))


def test_a_limit_of_others_is_kept_and_told() -> None:
    """Beside the message as it came."""
    bench = Bench()
    bench.send(NotifyChargingLimit("EMS", 1, report=kept("NotifyChargingLimit")), proposal=Acknowledged())
    assert [each.source for each in bench.of_kind(ChargingLimitRow)] == ["EMS"]
    assert bench.told() == ["message.kept", "limit.changed"]
