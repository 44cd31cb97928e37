"""FirmwareStatusNotification: how far an update of the firmware is."""

import msgspec


class FirmwareStatusNotification(msgspec.Struct, frozen=True, gc=False):
    """Also 1.6's SignedFirmwareStatusNotification, which alone has a request id there."""

    status: str
    request_id: int | None = None
