"""Product files: those that ship, and the operator's own; which one fits a station."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path

from provisioning.products.product import AppliesTo, Product
from runtime.errors import RuntimeProblem
from runtime.strict_file import parse_model
from runtime.wording import Phrase
from runtime.yaml_source import FileFlawed, Flaw

GENERIC = "generic"
"""The product of stations that no file knows."""
SUFFIX = ".yaml"


class ProductsUnusable(RuntimeProblem):
    """A product file cannot be read or breaks a rule."""


class Products:
    """All products by their id. One of the operator's replaces a shipped one of the same id."""

    def __init__(self, products: Iterable[Product]) -> None:
        self.by_id: Mapping[str, Product] = {each.product: each for each in products}

    @classmethod
    def load(cls, folder: Path | None = None) -> "Products":
        """The shipped ones, and a folder's. Raises ProductsUnusable with every flaw, by file and line."""
        return cls([*shipped_products(), *(own_products(folder) if folder is not None else ())])

    def fitting(self, vendor: str | None, model: str | None) -> Product:
        """The one whose pattern says the most of this station; the generic one where none does."""
        found = [
            (_weight(pattern), each.product)
            for each in self.by_id.values()
            for pattern in each.applies_to
            if each.product != GENERIC and fits(pattern, vendor, model)
        ]
        return self.by_id[max(found)[1] if found else GENERIC]


@cache
def shipped_products() -> tuple[Product, ...]:
    """The products that ship with the program; read once."""
    entries = sorted(files("provisioning.products").iterdir(), key=lambda each: each.name)
    texts = [(each.name, each.read_text(encoding="utf-8")) for each in entries if each.name.endswith(SUFFIX)]
    return tuple(parse_product(text, name) for name, text in texts)


def own_products(folder: Path) -> list[Product]:
    """The products of a folder. Raises ProductsUnusable."""
    if not folder.is_dir():
        rule = "there is no such folder; make it, or name another"
        raise _unusable(FileFlawed(str(folder), [Flaw(1, 1, rule)]))
    found: dict[str, Path] = {}
    products: list[Product] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        product = _read(path)
        if (first := found.setdefault(product.product, path)) != path:
            rule = f"the product {product.product} is in {first.name} too; give each its own id"
            raise _unusable(FileFlawed(str(path), [Flaw(1, 1, rule)]))
        products.append(product)
    return products


def parse_product(text: str, where: str) -> Product:
    """A product from a text. Raises FileFlawed with every flaw, by line and column."""
    return parse_model(Product, text, where)


def fits(pattern: AppliesTo, vendor: str | None, model: str | None) -> bool:
    """Whether a station that says so of itself is meant."""
    return _is_like(vendor, pattern.vendor) and _is_like(model, pattern.model)


def is_wanted_firmware(product: Product, firmware: str) -> bool:
    """Whether this version will do."""
    return not product.wanted_firmware or any(_is_like(firmware, each) for each in product.wanted_firmware)


def _is_like(text: str | None, pattern: str) -> bool:
    return fnmatchcase((text or "").strip().casefold(), pattern.casefold())


def _weight(pattern: AppliesTo) -> int:
    """How much a pattern says: letters that stand for themselves."""
    return sum(each not in "*?" for each in pattern.vendor + pattern.model)


def _read(path: Path) -> Product:
    try:
        return parse_product(path.read_text(encoding="utf-8"), str(path))
    except FileFlawed as error:
        raise _unusable(error) from error
    except (OSError, UnicodeDecodeError) as error:
        rule = f"the file cannot be read as UTF-8 text: {error}"
        raise _unusable(FileFlawed(str(path), [Flaw(1, 1, rule)])) from error


def _unusable(error: FileFlawed) -> ProductsUnusable:
    return ProductsUnusable(
        Phrase(f"Fichier de produit inutilisable : {error}", f"A product file cannot be used: {error}")
    )
