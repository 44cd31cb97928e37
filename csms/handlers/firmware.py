"""FirmwareStatusNotification."""

from csms.handlers.context import Context
from ocppj.model.firmware import FirmwareStatusNotification
from ocppj.model.messages import Acknowledged


def firmware_status_reported(event: FirmwareStatusNotification, context: Context) -> Acknowledged:  # noqa: ARG001 - table
    """Taken note of."""
    return Acknowledged()
