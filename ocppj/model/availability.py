"""StatusNotification: what a connector is doing."""

from datetime import datetime

import msgspec

from ocppj.vocabulary import ChargingState, ConnectorStatus


class StatusNotification(msgspec.Struct, frozen=True, gc=False):
    """`reported` is the version's own word (1.6 has nine); EVSE 0 is the whole station (1.6 only).

    `charging_state` is what 1.6 tells in it of the transaction there; 2.x has TransactionEvents for that.
    """

    evse_id: int
    connector_id: int
    status: ConnectorStatus
    reported: str
    at: datetime | None = None
    error_code: str | None = None
    info: str | None = None
    vendor_error_code: str | None = None
    charging_state: ChargingState | None = None
