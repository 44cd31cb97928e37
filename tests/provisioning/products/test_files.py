"""Product files: the shipped ones, the operator's own, and which one fits a station."""

from pathlib import Path

import pytest

from provisioning.products.files import (
    GENERIC,
    Products,
    ProductsUnusable,
    is_wanted_firmware,
    shipped_products,
)
from simulator.model.template import shipped_templates
from tests.provisioning.products.test_product import TEXT


def test_what_ships_is_readable_and_has_a_generic_product() -> None:
    """One that any station fits; every id once."""
    names = [each.product for each in shipped_products()]
    assert GENERIC in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("vendor", "model", "product"),
    [
        ("RIVEBLEUE", " rb-22 ", "rivebleue-rb22"),
        ("Boreal", "Duo 22", "boreal-22"),
        ("Boreal", "Solo", GENERIC),
        (None, None, GENERIC),
    ],
)
def test_a_station_has_the_product_that_says_most_of_it(
    vendor: str | None, model: str | None, product: str
) -> None:
    """Whatever the case; the generic one where no file knows it."""
    assert Products.load().fitting(vendor, model).product == product


def test_what_a_template_of_the_simulator_reports_is_what_its_product_wants() -> None:
    """A simulated station of a known make passes its own list."""
    products = Products.load()
    for template in shipped_templates().values():
        product = products.fitting(template.vendor, template.model)
        assert is_wanted_firmware(product, template.firmware)
        assert template.version in product.ocpp


def test_an_own_file_replaces_a_shipped_one_and_the_closest_pattern_wins(tmp_path: Path) -> None:
    """By its id; a longer pattern says more."""
    (tmp_path / "a.yaml").write_text(TEXT.replace("box-1", "boreal-22").replace("Acme", "Boreal"))
    wide = TEXT.replace("box-1", "wide").replace("B-*", '"*"').replace("Acme", "Boreal")
    (tmp_path / "b.yaml").write_text(wide)
    products = Products.load(tmp_path)
    assert products.by_id["boreal-22"].version == 3
    assert products.fitting("Boreal", "B-7").product == "boreal-22"
    assert products.fitting("Boreal", "Duo 22").product == "wide"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"a.yaml": TEXT.replace("photos", "photoz").encode()}, "a.yaml:11:1: nothing here is called"),
        ({"a.yaml": b"\xff\xfe"}, "cannot be read as UTF-8"),
        ({"a.yaml": TEXT.encode(), "b.yaml": TEXT.encode()}, "the product box-1 is in a.yaml too"),
        (None, "there is no such folder"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start_with_its_line(
    tmp_path: Path, texts: dict[str, bytes] | None, told: str
) -> None:
    """A typing error must not be found on site."""
    folder = tmp_path / "own"
    if texts is not None:
        folder.mkdir()
        for name, content in texts.items():
            (folder / name).write_bytes(content)
    with pytest.raises(ProductsUnusable, match=told):
        Products.load(folder)


def test_firmware_without_a_wish_is_any() -> None:
    """Otherwise one of the patterns."""
    generic, rb22 = Products.load().by_id[GENERIC], Products.load().by_id["rivebleue-rb22"]
    assert is_wanted_firmware(generic, "0.0.1")
    assert [is_wanted_firmware(rb22, each) for each in ("4.2.1", "5.0")] == [True, False]
