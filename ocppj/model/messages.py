"""What stations send and what they are answered: the messages of all blocks together."""

import msgspec

from ocppj.model.authorization import Authorize, AuthorizeResponse
from ocppj.model.availability import StatusNotification
from ocppj.model.boot import BootNotification, BootNotificationResponse, Heartbeat, HeartbeatResponse
from ocppj.model.customers import NotifyCustomerInformation
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse
from ocppj.model.diagnostics import LogStatusNotification, NotifyEvent
from ocppj.model.display import NotifyDisplayMessages
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.metering import MeterValues
from ocppj.model.monitoring import NotifyMonitoringReport
from ocppj.model.reports import MessageKept, SendKept
from ocppj.model.reservations import ReservationStatusUpdate
from ocppj.model.security import SecurityEventNotification
from ocppj.model.smart_charging import (
    ChargingNeedsReply,
    ClearedChargingLimit,
    DynamicScheduleReply,
    EVChargingScheduleReply,
    NotifyChargingLimit,
    NotifyEVChargingNeeds,
    NotifyEVChargingSchedule,
    NotifyPriorityCharging,
    PullDynamicScheduleUpdate,
    ReportChargingProfiles,
)
from ocppj.model.transactions import TransactionEvent, TransactionEventResponse
from ocppj.model.variables import NotifyReport

StationMessage = (
    BootNotification
    | Heartbeat
    | StatusNotification
    | Authorize
    | TransactionEvent
    | MeterValues
    | DataTransfer
    | NotifyReport
    | SecurityEventNotification
    | FirmwareStatusNotification
    | LogStatusNotification
    | ReservationStatusUpdate
    | ReportChargingProfiles
    | NotifyChargingLimit
    | ClearedChargingLimit
    | NotifyEVChargingNeeds
    | NotifyEVChargingSchedule
    | NotifyPriorityCharging
    | PullDynamicScheduleUpdate
    | NotifyEvent
    | NotifyDisplayMessages
    | NotifyMonitoringReport
    | NotifyCustomerInformation
    | MessageKept
    | SendKept
)
"""A request of a station."""


class Acknowledged(msgspec.Struct, frozen=True, gc=False):
    """The response of those whose answer says nothing more."""


class Unanswered(msgspec.Struct, frozen=True, gc=False):
    """What a SEND gets (2.1 part 4 §4.2.4): nothing is sent."""


Reply = (
    BootNotificationResponse
    | HeartbeatResponse
    | Acknowledged
    | Unanswered
    | AuthorizeResponse
    | TransactionEventResponse
    | DataTransferResponse
    | ChargingNeedsReply
    | EVChargingScheduleReply
    | DynamicScheduleReply
)
"""The response to a station's request."""
