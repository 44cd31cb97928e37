"""Availability: what is meant to charge at all, and what a connector is doing."""

from datetime import datetime
from typing import ClassVar

import msgspec

from ocppj.model.command import Command, CommandAnswer, Number, ScheduledAnswer
from ocppj.model.diagnostics import STATUS_EVENTS
from ocppj.vocabulary import Availability, ChargingState, ConnectorStatus


class StatusNotification(msgspec.Struct, frozen=True, gc=False):
    """`reported` is the version's own word (1.6 has nine); EVSE 0 is the whole station (1.6 only).

    `charging_state` tells 1.6's kinds of Occupied apart. `has_charging_state`: it says what a transaction
    there does (1.6 §4.9); 2.x has TransactionEvents for that.
    """

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    reported: str = ""
    at: datetime | None = None
    error_code: str | None = None
    info: str | None = None
    vendor_error_code: str | None = None
    charging_state: ChargingState | None = None
    has_charging_state: bool = False


STATUS_REPORTS = (StatusNotification, *STATUS_EVENTS)
"""How a station tells a connector's new status: 2.x may do it as an event of the variable."""


class ChangeAvailability(Command, frozen=True):
    """Make a station (EVSE 0), an EVSE or a connector operative or inoperative."""

    name: ClassVar[str] = "change-availability"
    answer: ClassVar[type[CommandAnswer]] = ScheduledAnswer
    brings = STATUS_REPORTS  # 1.6 §5.2, §4.9, 2.x G03.FR.04, G04.FR.05

    availability: Availability
    evse_id: Number = 0
    connector_id: Number | None = None
