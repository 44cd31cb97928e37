"""DataTransfer from stations: no vendor's extensions are known here, and saying so is the right answer."""

from csms.handlers.context import Context
from ocppj.model.data_transfer import DataTransfer, DataTransferResponse


def data_transfer_received(event: DataTransfer, context: Context) -> DataTransferResponse:  # noqa: ARG001 - table
    """The vendor is not known (OCPP 1.6 §4.3, 2.0.1 P02.FR.06)."""
    return DataTransferResponse("UnknownVendorId")
