"""The format of product files is documented, to the last word."""

from provisioning.products.files import parse_product
from provisioning.products.product import ConnectorKind, FieldKind, Product
from runtime.strict_file import words_of
from tests.support.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "products.md").read_text(encoding="utf-8")


def test_every_word_of_a_file_stands_in_the_reference() -> None:
    """Fields, what they may ask for, and kinds of connectors."""
    words = {*words_of(Product), *FieldKind, *ConnectorKind} - {"fr", "en"}
    assert sorted(each for each in words if f"`{each}`" not in PAGE) == []


def test_the_example_is_a_good_file() -> None:
    """As it stands there."""
    text = PAGE.split("```yaml\n", 1)[1].split("```", 1)[0]
    assert parse_product(text, "products.md").product == "acme-b7"
