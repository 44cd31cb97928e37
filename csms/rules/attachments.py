"""Parts of messages that are kept with their transaction as they came: signed values, cost details."""

import msgspec

from csms.domain.inbound import Inbound
from csms.rules.rows import AttachmentRow
from ocppj.model.metering import MeterValues
from ocppj.model.transactions import TransactionEvent

SIGNED_VALUE, COST_DETAILS = "signed-value", "cost-details"


SPACED_MOST = 128 * 1024
"""Bytes of cost details: longer ones are mostly white space, which goes."""


class _Payload(msgspec.Struct):
    costDetails: msgspec.Raw = msgspec.Raw()  # noqa: N815 - the wire's word


_decode = msgspec.json.Decoder(tuple[int, str, str, _Payload]).decode


def attachment_rows(
    inbound: Inbound, event: TransactionEvent | MeterValues, transaction_no: int
) -> tuple[AttachmentRow, ...]:
    """One row per part; their number and length are bounded before (`ocppj.attached`)."""
    has_details = isinstance(event, TransactionEvent) and event.has_cost_details
    if not event.signed_values and not has_details:
        return ()
    details = _cost_details(inbound.raw) if has_details else None
    parts = [] if details is None else [(COST_DETAILS, details)]
    parts += [(SIGNED_VALUE, text) for text in event.signed_values]
    return tuple(AttachmentRow(transaction_no, kind, text, inbound.received_at) for kind, text in parts)


def _cost_details(raw: bytes) -> str | None:
    """The text of 2.1's costDetails, digit by digit."""
    try:
        details = bytes(_decode(raw)[3].costDetails)
        if len(details) > SPACED_MOST:
            details = msgspec.json.format(details, indent=-1)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return details.decode("utf-8", "replace") or None
