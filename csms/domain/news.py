"""What the central system tells the outside about its stations: live over SSE, durable over MQTT.

`event` is a stable name (docs/reference/events.md): `link.connected`, `link.disconnected`, `station.booted`,
`connector.status`, `transaction.started`, `transaction.updated`, `transaction.ended`, `meter.values`,
`variables.reported`, `authorization.requested`, `security.event`, `firmware.status`, `log.status`,
`data.transfer`, `command.finished`, `station.lifecycle`, …
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ocppj.vocabulary import StationId


@dataclass(frozen=True, slots=True)
class StationNews:
    """One piece of news. `payload` holds JSON values only and no secret."""

    event: str
    station_id: StationId
    at: datetime
    payload: dict[str, Any]
