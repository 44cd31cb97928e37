"""What a product asks of who installs it: a certification, and a commissioning by the team."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from provisioning.gates.facts import Commissioning
from provisioning.products.product import Product


def lacking_families(
    families: Collection[str], certifications: Iterable["Certification"], on: date
) -> tuple[str, ...]:
    """Those for which none of these is valid that day."""
    valid = {each.family for each in certifications if each.is_valid(on)}
    return tuple(sorted(set(families) - valid))


NOTICE = timedelta(days=14)
"""So long before the installation somebody asks for a commissioning on the same day."""


@dataclass(frozen=True, slots=True)
class InstallPolicy:
    """`certification` is the product family that an installer is certified for; None asks for none."""

    certification: str | None = None
    commissioning: Commissioning = Commissioning.NONE
    product: str = ""
    """Its id."""


def policy_of_product(product: Product) -> InstallPolicy:
    """A DC product is commissioned, whatever its file says of that."""
    stated = Commissioning(product.commissioning)
    is_asked = product.is_dc and stated is Commissioning.NONE
    return InstallPolicy(
        product.certification, Commissioning.MANAGED if is_asked else stated, product.product
    )


@dataclass(frozen=True, slots=True)
class Certification:
    """Somebody may install a family of products, from a day to a day; without an end until further notice."""

    account: str
    family: str
    valid_from: date
    valid_to: date | None = None

    def is_valid(self, on: date) -> bool:
        """Whether it counts that day; the last one is still its own."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
