"""Which handler answers which event: the one list of what the central system understands."""

from collections.abc import Callable
from typing import Any

from csms.handlers.authorization import authorization_requested
from csms.handlers.boot import heartbeat_received, station_booted
from csms.handlers.context import Context, Proposal
from csms.handlers.data_transfer import data_transfer_received
from csms.handlers.transactions import transaction_reported
from ocppj.model.authorization import Authorize
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, Heartbeat
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Acknowledged, StationMessage, Unanswered
from ocppj.model.metering import MeterValues
from ocppj.model.reports import MessageKept, SendKept
from ocppj.model.reservations import ReservationStatusUpdate
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent
from ocppj.model.variables import NotifyReport

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
    StatusNotification: acknowledged,
    Authorize: authorization_requested,
    TransactionEvent: transaction_reported,
    MeterValues: acknowledged,
    DataTransfer: data_transfer_received,
    NotifyReport: acknowledged,
    SecurityEventNotification: acknowledged,
    FirmwareStatusNotification: acknowledged,
    LogStatusNotification: acknowledged,
    ReservationStatusUpdate: acknowledged,
    MessageKept: acknowledged,
    SendKept: left_unanswered,
}


def propose(event: StationMessage, context: Context) -> Proposal:
    """The reply to an event, or the work that finds it."""
    return HANDLERS[type(event)](event, context)
