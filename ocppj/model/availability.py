"""StatusNotification: what a connector is doing."""

from datetime import datetime

import msgspec

from ocppj.vocabulary import ChargingState, ConnectorStatus


class StatusNotification(msgspec.Struct, frozen=True, gc=False):
    """`reported` is the version's own word (1.6 has nine); EVSE 0 is the whole station (1.6 only).

    `charging_state` tells 1.6's kinds of Occupied apart. `tells_charging`: it says what a transaction there
    does (1.6 §4.9); 2.x has TransactionEvents for that.
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
    tells_charging: bool = False
