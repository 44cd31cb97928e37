"""What a car asks for (ISO 15118), and limits that a station asks for: the refusal of the specification."""

from csms.handlers.context import Context
from ocppj.model.smart_charging import (
    ChargingNeedsReply,
    DynamicScheduleReply,
    EVChargingScheduleReply,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    PullDynamicScheduleUpdate,
)

UNSUPPORTED = "UnsupportedRequest"
"""OCPP 2.1 appendix 5: «This request is not supported.»"""


def needs_notified(event: NotifyEVChargingNeeds, context: Context) -> ChargingNeedsReply:  # noqa: ARG001 - table
    """No schedule follows (K15.FR.04, K17.FR.04): the station's own profiles hold.

    In an ISO 15118-20 session Rejected says that the energy transfer is not possible (K18.FR.22): there it is
    for what nobody here can control, discharging, and charging goes on without a profile (K18.FR.04).
    """
    needs = event.needs
    is_bidirectional = "BPT" in needs.energy_transfer
    status = "NoChargingProfile" if needs.is_of_15118_20 and not is_bidirectional else "Rejected"
    return ChargingNeedsReply(status, UNSUPPORTED)


def car_schedule_notified(
    event: NotifyEVChargingSchedule,  # noqa: ARG001 - table
    context: Context,  # noqa: ARG001
) -> EVChargingScheduleReply:
    """Whether it lies within the limits of a schedule of ours; there is none (K15.FR.12, K17.FR.12)."""
    return EVChargingScheduleReply("Rejected", UNSUPPORTED)


def update_pulled(event: PullDynamicScheduleUpdate, context: Context) -> DynamicScheduleReply:  # noqa: ARG001 - table
    """«If no data can be provided by CSMS, then the response will only contain status.» (2.1 1.62.2)"""
    return DynamicScheduleReply("Rejected", reason_code=UNSUPPORTED)
