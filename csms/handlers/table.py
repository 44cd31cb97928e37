"""Which handler answers which event: the one list of what the central system understands."""

from collections.abc import Callable
from typing import Any

from csms.handlers.authorization import authorization_requested
from csms.handlers.availability import connector_status_reported
from csms.handlers.boot import heartbeat_received, station_booted
from csms.handlers.context import Context, Proposal
from csms.handlers.data_transfer import data_transfer_received
from csms.handlers.diagnostics import log_status_reported
from csms.handlers.firmware import firmware_status_reported
from csms.handlers.keeping import message_kept, send_kept
from csms.handlers.metering import meter_values_reported
from csms.handlers.security import security_event_reported
from csms.handlers.transactions import transaction_reported
from csms.handlers.variables import variables_reported
from ocppj.model.authorization import Authorize
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, Heartbeat
from ocppj.model.data_transfer import DataTransfer
from ocppj.model.diagnostics import LogStatusNotification
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import StationMessage
from ocppj.model.metering import MeterValues
from ocppj.model.reports import MessageKept, SendKept
from ocppj.model.security import SecurityEventNotification
from ocppj.model.transactions import TransactionEvent
from ocppj.model.variables import NotifyReport

HANDLERS: dict[type[StationMessage], Callable[[Any, Context], Proposal]] = {
    BootNotification: station_booted,
    Heartbeat: heartbeat_received,
    StatusNotification: connector_status_reported,
    Authorize: authorization_requested,
    TransactionEvent: transaction_reported,
    MeterValues: meter_values_reported,
    DataTransfer: data_transfer_received,
    NotifyReport: variables_reported,
    SecurityEventNotification: security_event_reported,
    FirmwareStatusNotification: firmware_status_reported,
    LogStatusNotification: log_status_reported,
    MessageKept: message_kept,
    SendKept: send_kept,
}


def propose(event: StationMessage, context: Context) -> Proposal:
    """The reply to an event, or the work that finds it."""
    return HANDLERS[type(event)](event, context)
