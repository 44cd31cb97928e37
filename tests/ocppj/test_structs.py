"""What the generated classes are made of: absence, exact names, tenths, and vendors' own data."""

import decimal
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.structs import CustomData, Opt, Tenths, WireStruct, is_in_tenths, read_extra, write_extra
from ocppj.v21.messages import AFRRSignalRequest

ENCODER = msgspec.json.Encoder(enc_hook=write_extra)


class Example(WireStruct, kw_only=True):
    """One of each."""

    first_name: str
    limit_value: Opt[Tenths] = None
    custom_data: Opt[CustomData] = None


DECODER = msgspec.json.Decoder(Example, dec_hook=read_extra)


def test_names_are_exact_and_absence_is_not_written() -> None:
    """snake_case here, camelCase on the wire, no null ever."""
    assert ENCODER.encode(Example(first_name="x")) == b'{"firstName":"x"}'
    with pytest.raises(msgspec.ValidationError, match="needs a number"):
        DECODER.decode(b'{"firstName":"x","limitValue":null}')
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        DECODER.decode(b'{"firstName":"x","firstname":1}')
    assert set(AFRRSignalRequest.__struct_encode_fields__) == {"customData", "timestamp", "signal"}


def test_schemas_are_of_draft_6_unless_they_say_so() -> None:
    """The class knows, because 1.6 has both."""
    assert WireStruct.DRAFT == 6


def test_tenths_and_vendor_data_go_both_ways() -> None:
    """As the number and the object that they are."""
    raw = b'{"firstName":"x","limitValue":16.1,"customData":{"vendorId":"v","a":1}}'
    message = DECODER.decode(raw)
    assert message == Example(first_name="x", limit_value=16.1, custom_data={"vendorId": "v", "a": 1})
    assert ENCODER.encode(message) == raw
    assert type(write_extra(Tenths(16.1))) is float


@given(st.integers(-(10**15), 10**15))
def test_every_tenth_is_one(tenths: int) -> None:
    """As the nearest float of a decimal with one place."""
    assert is_in_tenths(tenths / 10)


@given(st.integers(1, 10**6).filter(lambda tenths: tenths % 10 != 0))
def test_a_neighbour_of_a_tenth_is_none(tenths: int) -> None:
    """Ten times as much may well round to an integer: `16.1` and the next float do."""
    for towards in (0.0, math.inf):
        assert not is_in_tenths(math.nextafter(tenths / 10, towards))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_decimal_on_the_wire_decides(number: float) -> None:
    """Not the binary fraction behind it; however large or small."""
    with decimal.localcontext(prec=800):
        expected = decimal.Decimal(repr(number)) % decimal.Decimal("0.1") == 0
    assert is_in_tenths(number) == expected


@pytest.mark.parametrize("value", [True, "16.1", None, [16.1], 16.15, 10**400])
def test_what_is_no_tenth(value: Any) -> None:
    """Refused with the one error that the decoder wraps."""
    with pytest.raises(ValueError, match="needs a"):
        read_extra(Tenths, value)


@pytest.mark.parametrize("value", [None, [], {}, {"vendorId": 1}, {"vendorId": "x" * 256}])
def test_vendor_data_needs_its_vendor(value: Any) -> None:
    """2.0.1 part 4 §9: at most 255 characters, anything beside it."""
    longest = {"vendorId": "x" * 255, "more": [value]}
    assert read_extra(CustomData, longest) == longest
    with pytest.raises(ValueError, match="vendorId"):
        read_extra(CustomData, value)


def test_nothing_else_is_written() -> None:
    """The encoder's own error for what is no JSON value."""
    with pytest.raises(TypeError, match="object is no JSON value"):
        ENCODER.encode(object())
