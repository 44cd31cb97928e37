"""What the generated message classes are made of.

An absent optional field is None, but `null` on the wire is refused: no schema allows it. `Opt[X]` therefore
means `X | None` to the type checker and plain `X` to the decoder. None is never written.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

if TYPE_CHECKING:
    from typing import Optional as Opt

    Tenths = float
    CustomData = dict[str, Any]
else:

    class Opt:
        """An optional field's type, for the decoder."""

        def __class_getitem__(cls, item: Any) -> Any:
            return item

    class Tenths(float):
        """A number with at most one decimal (1.6 charging limits: `multipleOf` 0.1)."""

        __slots__ = ()

    class CustomData(dict):
        """2.x's extension point: `vendorId` and whatever else the vendor adds."""

        __slots__ = ()


__all__ = ["CustomData", "Opt", "Tenths", "WireStruct", "is_in_tenths", "read_extra", "write_extra"]

VENDOR_ID_LENGTH = 255


class WireStruct(msgspec.Struct, rename="camel", omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A JSON object of the protocol: snake_case here, the exact wire names there."""

    DRAFT: ClassVar[int] = 6
    """Which draft of JSON Schema the message's schema follows: they differ on whether `1.0` is an integer."""


def is_in_tenths(number: float) -> bool:
    """Whether a number is a multiple of 0.1, compared as decimals: in floats, 3188 of 3201 limits are not."""
    return number.is_integer() or Decimal(repr(number)) % Decimal("0.1") == 0


def read_extra(kind: type, value: Any) -> Any:
    """The decoder's hook for the two types that it does not know. Raises ValueError."""
    if kind is Tenths:
        return _read_tenths(value)
    vendor_id = value.get("vendorId") if isinstance(value, dict) else None
    if not isinstance(vendor_id, str) or len(vendor_id) > VENDOR_ID_LENGTH:
        raise ValueError("needs an object with a vendorId of at most 255 characters")
    return CustomData(value)


def _read_tenths(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("needs a number")  # noqa: TRY004 - the decoder wraps ValueError only
    try:
        number = Tenths(value)
    except OverflowError:
        raise ValueError("needs a number that can be stored") from None
    if not is_in_tenths(number):
        raise ValueError("needs a multiple of 0.1")
    return number


def write_extra(value: Any) -> Any:
    """The encoder's hook for the one type that it does not know. Raises TypeError for anything else."""
    if isinstance(value, Tenths):
        return float(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
