"""DataTransfer: a vendor's own words."""

import msgspec


class DataTransfer(msgspec.Struct, frozen=True, gc=False):
    """`text` is the payload as JSON text, or 1.6's plain string."""

    vendor_id: str
    message_id: str | None = None
    text: str | None = None


class DataTransferResponse(msgspec.Struct, frozen=True, gc=False):
    """Status is Accepted, Rejected, UnknownMessageId or UnknownVendorId."""

    status: str
    text: str | None = None
