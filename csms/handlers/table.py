"""Which handler answers which event: those whose answer says something."""

from collections.abc import Callable
from typing import Any

from csms.handlers.authorization import authorization_requested
from csms.handlers.boot import heartbeat_received, station_booted
from csms.handlers.context import Context, Proposal
from csms.handlers.data_transfer import data_transfer_received
from csms.handlers.smart_charging import car_schedule_notified, needs_notified, update_pulled
from csms.handlers.transactions import transaction_reported
from ocppj.model.authorization import Authorize
from ocppj.model.boot import BootNotification, Heartbeat
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.messages import Acknowledged, StationMessage, Unanswered
from ocppj.model.reports import SendKept
from ocppj.model.smart_charging import (
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    PullDynamicScheduleUpdate,
)
from ocppj.model.transactions import TransactionEvent

ACKNOWLEDGED, UNANSWERED = Acknowledged(), Unanswered()


def acknowledged(event: StationMessage, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """The empty answer: what follows from the message is decided where it is stored."""
    return ACKNOWLEDGED


def left_unanswered(event: SendKept, context: Context) -> Unanswered:  # noqa: ARG001 - table
    """Taken note of, and nobody is told (2.1 N15.FR.02)."""
    return UNANSWERED


HANDLERS: dict[type[StationMessage], Callable[[Any, Context], Proposal]] = {
    BootNotification: station_booted,
    Heartbeat: heartbeat_received,
    Authorize: authorization_requested,
    TransactionEvent: transaction_reported,
    DataTransfer: data_transfer_received,
    NotifyEVChargingNeeds: needs_notified,
    NotifyEVChargingSchedule: car_schedule_notified,
    PullDynamicScheduleUpdate: update_pulled,
    SendKept: left_unanswered,
}
"""Those whose answer says something; all others are acknowledged."""


def propose(event: StationMessage, context: Context) -> Proposal:
    """The reply to an event, or the work that finds it."""
    return HANDLERS.get(type(event), acknowledged)(event, context)
