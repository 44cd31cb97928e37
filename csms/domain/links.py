"""How a live connection of a station looks from outside the gateway."""

import enum
from dataclasses import dataclass
from datetime import datetime

from ocppj.versions import OcppVersion
from ocppj.vocabulary import Epoch, RegistrationStatus, StationId


class LinkSecurity(enum.Enum):
    """What a station proved when it connected."""

    UNAUTHENTICATED = "unauthenticated"
    BASIC_AUTH = "basic_auth"
    TLS_BASIC_AUTH = "tls_basic_auth"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A snapshot of a live link. `registration` is None until a boot is answered or one restored; `node` is
    the process that holds it. Of one that another process holds, what is written down is known: that it came
    up, and what its station was told at its last boot.

    `boots` counts the boots answered on it: a station that restarts softly may keep its connection.
    """

    station_id: StationId
    epoch: Epoch
    version: OcppVersion
    peer: str
    security: LinkSecurity
    connected_at: datetime
    last_received_at: datetime
    registration: RegistrationStatus | None
    findings: tuple[str, ...] = ()
    boots: int = 0
    node: str = ""
