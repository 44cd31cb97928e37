"""Which handler answers which event: the one list of what the central system understands."""

from collections.abc import Callable
from typing import Any

from csms.domain.events import (
    AuthorizationRequested,
    ConnectorStatusReported,
    DataTransferReceived,
    Event,
    FirmwareStatusReported,
    HeartbeatReceived,
    LogStatusReported,
    MeterValuesReported,
    SecurityEventReported,
    StationBooted,
    TransactionReported,
    VariablesReported,
)
from csms.handlers.authorization import authorization_requested
from csms.handlers.availability import connector_status_reported
from csms.handlers.boot import heartbeat_received, station_booted
from csms.handlers.context import Context, Proposal
from csms.handlers.data_transfer import data_transfer_received
from csms.handlers.diagnostics import log_status_reported
from csms.handlers.firmware import firmware_status_reported
from csms.handlers.metering import meter_values_reported
from csms.handlers.security import security_event_reported
from csms.handlers.transactions import transaction_reported
from csms.handlers.variables import variables_reported

HANDLERS: dict[type[Event], Callable[[Any, Context], Proposal]] = {
    StationBooted: station_booted,
    HeartbeatReceived: heartbeat_received,
    ConnectorStatusReported: connector_status_reported,
    AuthorizationRequested: authorization_requested,
    TransactionReported: transaction_reported,
    MeterValuesReported: meter_values_reported,
    DataTransferReceived: data_transfer_received,
    VariablesReported: variables_reported,
    SecurityEventReported: security_event_reported,
    FirmwareStatusReported: firmware_status_reported,
    LogStatusReported: log_status_reported,
}


def propose(event: Event, context: Context) -> Proposal:
    """The reply to an event, or the work that finds it."""
    return HANDLERS[type(event)](event, context)
