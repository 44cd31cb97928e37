"""Reports that no message of the model describes: their answer decides nothing, and they are kept."""

from datetime import datetime

import msgspec


class MessageKept(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A report of any action, as it came but for its secrets.

    `request_id` is of the request of ours that asked for it; `is_last` is false while more follows (`tbc`).
    `payload` is JSON text in the words of its version; None where it is too long (`payload_bytes`).
    """

    action: str
    request_id: int | None = None
    seq_no: int | None = None
    is_last: bool | None = None
    at: datetime | None = None
    payload: str | None
    payload_bytes: int


class SendKept(MessageKept, frozen=True, gc=False, kw_only=True):
    """The same of a SEND (2.1), which nobody answers: it does not come again."""
