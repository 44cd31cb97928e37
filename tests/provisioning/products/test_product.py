"""What a product file may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.products.files import parse_product
from provisioning.products.product import BothTexts, FieldKind, Product, SafetyReading
from runtime.yaml_source import FileFlawed

TEXT = """\
product: box-1
version: 3
name: {fr: Boîte, en: Box}
applies_to: [{vendor: Acme, model: B-*}]
ocpp: [1.6, 2.0.1]
menu:
  path: {fr: Menu, en: Menu}
  fields: [{asks: url, name: {fr: URL, en: URL}}]
before_power:
  - {reading: pe, name: {fr: PE, en: PE}, unit: Ω, at_most: 1}
photos: [{photo: label, name: {fr: Étiquette, en: Label}}]
"""


def test_a_file_is_read() -> None:
    """Numbers that are versions are texts."""
    found = parse_product(TEXT, "box.yaml")
    assert (found.product, found.version, found.ocpp) == ("box-1", 3, ("1.6", "2.0.1"))
    assert found.menu.fields[0].asks is FieldKind.URL
    assert parse_product(TEXT.replace("[1.6, 2.0.1]", "1.6"), "x").ocpp == ("1.6",)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("photos:", "photoz:", "box.yaml:11:1: nothing here is called `photoz`; did you mean `photo`?"),
        ("version: 3\n", "", "box.yaml:1:1: `version` is missing here; add it"),
        ("asks: url", "asks: urls", "box.yaml:8:19: asks: input should be 'url'"),
        (", at_most: 1", "", "a reading needs a bound: give at_least, at_most, or both"),
        ("at_most: 1", "at_most: 1, at_least: 2", "at_least is above at_most"),
        (
            "[{photo: label,",
            "[{photo: label, name: {fr: a, en: b}}, {photo: label,",
            "the photo label is there twice",
        ),
        ("{reading: pe,", "{reading: PE,", "box.yaml:10:15: reading: string should match"),
    ],
)
def test_a_flaw_has_its_line_and_the_nearest_word(before: str, after: str, told: str) -> None:
    """What a person typed is never ignored."""
    with pytest.raises(FileFlawed) as flawed:
        parse_product(TEXT.replace(before, after), "box.yaml")
    assert told in str(flawed.value)


def test_a_reading_is_there_once() -> None:
    """Its name is the key of what was measured."""
    line = "  - {reading: pe, name: {fr: PE, en: PE}, unit: Ω, at_most: 1}\n"
    with pytest.raises(FileFlawed, match="the reading pe is there twice"):
        parse_product(TEXT.replace(line, line + line), "box.yaml")


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-1e6, 1e6) | st.none(),
    st.floats(-1e6, 1e6) | st.none(),
)
def test_a_value_passes_between_its_bounds(value: float, one: float | None, other: float | None) -> None:
    """Both bounds belong to it; a missing one bounds nothing."""
    if one is None and other is None:
        return
    low, high = (one, other) if one is None or other is None or one <= other else (other, one)
    name = BothTexts(fr="a", en="a")
    reading = SafetyReading(reading="x", name=name, unit="V", at_least=low, at_most=high)
    assert reading.is_within(value) is ((low is None or low <= value) and (high is None or value <= high))


def test_what_is_not_given_asks_for_nothing() -> None:
    """A short file is a whole one."""
    found: Product = parse_product(TEXT[: TEXT.index("before_power")], "x")
    assert (found.before_power, found.photos, found.checklist, found.cellular.is_required) == (
        (),
        (),
        (),
        False,
    )
