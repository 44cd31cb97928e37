"""FirmwareStatusNotification."""

from csms.domain.events import Acknowledged, FirmwareStatusReported
from csms.handlers.context import Context


def firmware_status_reported(event: FirmwareStatusReported, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
