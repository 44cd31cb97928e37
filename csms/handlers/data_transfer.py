"""DataTransfer from stations: no vendor's extensions are known here, and saying so is the right answer."""

from csms.domain.events import DataTransferReceived, DataTransferReply
from csms.handlers.context import Context


def data_transfer_received(event: DataTransferReceived, context: Context) -> DataTransferReply:  # noqa: ARG001 - table
    """The vendor is not known (OCPP 1.6 §4.3, 2.0.1 P02.FR.06)."""
    return DataTransferReply("UnknownVendorId")
