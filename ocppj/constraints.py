"""What the schemas ask that msgspec cannot say: marks on the types of the generated message classes.

`ocppj.reading` obeys them; `extra` never reaches msgspec's own validation.
"""

from decimal import Decimal

from msgspec import Meta

OPEN_OBJECT = Meta(extra={"requires": "vendorId", "max_length": 255})
"""CustomDataType: any JSON object whose `vendorId` is a string of at most 255 characters."""

TENTHS = Meta(extra={"multiple_of": "0.1"})
"""A limit of a charging profile, in steps of 0.1 (`multipleOf`, OCPP 1.6 §7.9)."""


def is_multiple(value: float, step: str) -> bool:
    """Whether `value` is a multiple of `step`, as decimals: 0.1 times 3 is 0.3 here (`multipleOf`)."""
    # repr gives the shortest decimal that reads back as the same float: what the sender wrote
    number = Decimal(repr(value))
    return number.is_finite() and number % Decimal(step) == 0
