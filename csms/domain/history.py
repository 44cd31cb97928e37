"""What has been: the states a connector was in, and the fleet in numbers, as they are read back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ocppj.vocabulary import ConnectorStatus, StationId

FLEET_KEPT_FOR = timedelta(days=366)
"""How long counts of the fleet stay."""


@dataclass(frozen=True, slots=True)
class ConnectorStatesWanted:
    """States of one station's connectors that lasted into `since` … `until`, by our clock; None: no bound."""

    station_id: StationId
    evse_id: int | None = None
    connector_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConnectorStateRecord:
    """A state that a connector was in. `at` is the station's instant, the others are ours.

    `until` is when the next state of this connector was told; None: it is in this one. Whether the station
    was connected all that time is not said here.
    """

    number: int
    evse_id: int
    connector_id: int
    status: ConnectorStatus
    reported: str
    error_code: str | None
    info: str | None
    vendor_error_code: str | None
    at: datetime | None
    received_at: datetime
    until: datetime | None = None

    @property
    def seconds(self) -> float | None:
        """How long it lasted; None where it goes on. A clock of ours that was set back makes it 0."""
        return None if self.until is None else max((self.until - self.received_at).total_seconds(), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetCount:
    """The fleet at the beginning of a minute. Power is that of the stations that are connected.

    `energy_wh` is of the transactions that ended since the first minute that was counted: the difference of
    two counts is what ended between them.
    """

    minute: datetime
    stations_known: int
    stations_online: int
    stations_faulted: int
    stations_blocked: int
    connectors_faulted: int
    charging: int
    power_w: float
    energy_wh: float


@dataclass(frozen=True, slots=True)
class FleetPoint:
    """The minutes of one step together: `minutes` of them were counted; `worst.minute` is when it begins.

    `worst` has the most of everything, but the fewest stations that were online: a fault or an outage of one
    minute is seen at every step.
    """

    minutes: int
    worst: FleetCount
