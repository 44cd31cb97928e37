"""MeterValues: readings outside of a transaction's own messages."""

import msgspec

from ocppj.vocabulary import MeterSample


class MeterValues(msgspec.Struct, frozen=True, gc=False):
    """`transaction_id` only in 1.6, 0 and negative ids mean none (quirk 35).

    `evse_id` is None where it could not be read.
    """

    evse_id: int | None
    transaction_id: str | None
    samples: tuple[MeterSample, ...]
    signed_values: tuple[str, ...] = ()
