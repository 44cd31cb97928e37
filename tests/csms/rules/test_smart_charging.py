"""What stations report of limits, and what cars ask for."""

import pytest

from csms.rules.rows import AnnouncedReportRow, KeptMessageRow
from ocppj.model.messages import Acknowledged, Reply, StationMessage
from ocppj.model.reports import MessageKept
from ocppj.model.smart_charging import (
    ChargingNeeds,
    ChargingNeedsReply,
    ChargingPeriod,
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
)
from tests.support.inbound import CP1, NOON, Bench

SCHEDULE = ChargingSchedule(unit="A", periods=(ChargingPeriod(limit=6.0),))


def kept(action: str, request_id: int | None = None) -> MessageKept:
    """As it came."""
    return MessageKept(action=action, payload="{}", payload_bytes=2, request_id=request_id, is_last=True)


@pytest.mark.parametrize(
    "event",
    [
        NotifyChargingLimit("EMS", report=kept("NotifyChargingLimit")),
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
    """As the handler proposes."""
    bench = Bench()
    assert bench.send(event, proposal=reply) == reply
    assert bench.rows == []
