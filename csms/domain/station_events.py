"""What the central system tells the outside about its stations: live over SSE, durable over MQTT.

`event` is a stable name, one of `EVENTS`.
"""

from datetime import datetime
from typing import Any

import msgspec

from ocppj.vocabulary import StationId

EVENTS = (
    "authorization.requested",
    "command.finished",
    "command.reported",
    "command.unreported",
    "connector.status",
    "data.transfer",
    "display.changed",
    "firmware.status",
    "lease.changed",
    "limit.changed",
    "limit.exceeded",
    "limit.obeyed",
    "link.connected",
    "link.disconnected",
    "log.status",
    "message.kept",
    "meter.values",
    "profile.changed",
    "reservation.changed",
    "security.event",
    "station.booted",
    "station.duplicate",
    "station.lifecycle",
    "transaction.ended",
    "transaction.reviewed",
    "transaction.started",
    "transaction.updated",
    "transfer.changed",
    "variables.reported",
)
"""Every name there is; docs/reference/events.md says what each tells."""


class StationEvent(msgspec.Struct, frozen=True, gc=False):
    """One event. `payload` holds JSON values only and no secret."""

    event: str
    station_id: StationId
    at: datetime
    payload: dict[str, Any]
