"""What a product asks of who installs it, and how long a certification counts."""

from datetime import date

import pytest

from provisioning.gates.facts import Commissioning
from provisioning.install_policy import Certification, InstallPolicy, lacking_families, policy_of_product
from provisioning.products.files import Products

GENERIC = Products.load().fitting(None, None)
DAY = date(2026, 5, 5)


@pytest.mark.parametrize(
    ("is_dc", "stated", "asked"),
    [
        (False, "none", Commissioning.NONE),
        (True, "none", Commissioning.MANAGED),
        (False, "managed", Commissioning.MANAGED),
        (True, "unknown", Commissioning.UNKNOWN),
        (False, "unknown", Commissioning.UNKNOWN),
    ],
)
def test_a_dc_product_is_commissioned(stated: str, asked: Commissioning, *, is_dc: bool) -> None:
    """Whatever its file says of that; the products that ship ask for nothing else."""
    product = GENERIC.model_copy(update={"is_dc": is_dc, "commissioning": stated})
    assert policy_of_product(product) == InstallPolicy(None, asked, "generic")
    assert policy_of_product(GENERIC.model_copy(update={"certification": "dc"})).certification == "dc"


def test_no_product_that_ships_needs_a_certificate() -> None:
    """A bench and the demo need no step more."""
    for product in Products.load().by_id.values():
        assert policy_of_product(product) == InstallPolicy(product=product.product)


def test_a_certification_counts_on_its_last_day() -> None:
    """And not the day before its first; one without an end counts on."""
    some = Certification("sam", "dc", DAY, date(2026, 6, 1))
    days = {date(2026, 5, 4): False, DAY: True, date(2026, 6, 1): True, date(2026, 6, 2): False}
    assert {day: some.is_valid(day) for day in days} == days
    assert Certification("sam", "dc", DAY).is_valid(date(2099, 1, 1))


def test_what_is_lacking_is_named() -> None:
    """Of several families those that none is valid for."""
    held = [Certification("sam", "dc", DAY), Certification("sam", "ac", date(2026, 7, 1))]
    assert lacking_families({"dc", "ac", "zz"}, held, DAY) == ("ac", "zz")
    assert lacking_families({"dc"}, held, DAY) == ()
