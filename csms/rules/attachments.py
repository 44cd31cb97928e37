"""Parts of messages that are kept with their transaction as they came: signed values, cost details."""

import msgspec

from csms.domain.events import Inbound, MeterValuesReported, TransactionReported
from csms.rules.rows import AttachmentRow

SIGNED_VALUE, COST_DETAILS = "signed-value", "cost-details"

LONGEST = 64 * 1024
"""Characters of one part: 2.1 allows 32,768 for a signed value; what is longer stays in the wire log only."""
MOST = 64
"""Parts of one message."""


class _Payload(msgspec.Struct):
    costDetails: msgspec.Raw = msgspec.Raw()  # noqa: N815 - the wire's word


_decode = msgspec.json.Decoder(tuple[int, str, str, _Payload]).decode


def attachment_rows(
    inbound: Inbound, event: TransactionReported | MeterValuesReported, transaction_no: int
) -> tuple[AttachmentRow, ...]:
    """One row per part."""
    has_details = isinstance(event, TransactionReported) and event.has_cost_details
    if not event.signed_values and not has_details:
        return ()
    details = _cost_details(inbound.raw) if has_details else None
    parts = [] if details is None else [(COST_DETAILS, details)]
    parts += [(SIGNED_VALUE, text) for text in event.signed_values]
    return tuple(
        AttachmentRow(transaction_no, kind, text, inbound.received_at)
        for kind, text in parts[:MOST]
        if len(text) <= LONGEST
    )


def _cost_details(raw: bytes) -> str | None:
    """The text of 2.1's costDetails, digit by digit."""
    try:
        details = _decode(raw)[3].costDetails
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return bytes(details).decode("utf-8", "replace") or None
