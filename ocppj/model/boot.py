"""Boot: who a station is, what time it is, and how it starts again."""

from datetime import datetime
from typing import ClassVar

import msgspec

from ocppj.model.command import Command, CommandAnswer, Number, ScheduledAnswer
from ocppj.vocabulary import BootReason, RegistrationStatus, ResetKind


class Reset(Command, frozen=True):
    """Restart a station, or one EVSE of a 2.x station: when idle, or at once."""

    name: ClassVar[str] = "reset"
    answer: ClassVar[type[CommandAnswer]] = ScheduledAnswer

    kind: ResetKind = ResetKind.ON_IDLE
    evse_id: Number | None = None


class BootNotification(msgspec.Struct, frozen=True, gc=False):
    """A station has started. 1.6 tells no reason, 2.x no meter."""

    vendor: str
    model: str
    serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial_number: str | None = None
    reason: BootReason | None = None


class BootNotificationResponse(msgspec.Struct, frozen=True, gc=False):
    """`interval_s`: of heartbeats if accepted, else until the next boot. 1.6 says no reason."""

    status: RegistrationStatus
    interval_s: int
    current_time: datetime | None
    """None where a station could not read it."""
    reason_code: str | None = None
    additional_info: str | None = None


class Heartbeat(msgspec.Struct, frozen=True, gc=False):
    """A station is there."""


class HeartbeatResponse(msgspec.Struct, frozen=True, gc=False):
    """What time it is."""

    current_time: datetime
