"""Data transfer: a vendor's own words, in both directions."""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from ocppj.model.command import Command, CommandAnswer


class TransferAnswer(CommandAnswer, frozen=True):
    """What came back: text, or any other JSON value as text."""

    text: str | None = None


class TransferData(Command, frozen=True):
    """Send a vendor's own message."""

    name: ClassVar[str] = "data-transfer"
    answer: ClassVar[type[CommandAnswer]] = TransferAnswer

    vendor_id: Annotated[str, Meta(min_length=1, max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    text: str | None = None


class DataTransfer(msgspec.Struct, frozen=True, gc=False):
    """`text` is the payload as JSON text, or 1.6's plain string."""

    vendor_id: str
    message_id: str | None = None
    text: str | None = None


class DataTransferResponse(msgspec.Struct, frozen=True, gc=False):
    """Status is Accepted, Rejected, UnknownMessageId or UnknownVendorId."""

    status: str
    text: str | None = None
