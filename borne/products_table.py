"""Product files as a table for people."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table

from borne.terminal import one_line
from runtime.wording import Phrase

_COLUMNS = (
    Phrase("produit", "product"),
    Phrase("version", "version"),
    Phrase("nom", "name"),
    Phrase("fabricant et modèle", "vendor and model"),
    Phrase("OCPP", "OCPP"),
    Phrase("micrologiciel voulu", "wanted firmware"),
    Phrase("mesuré avant la tension", "measured before power"),
)
ANY = Phrase("n'importe lequel", "any")


def products_table(found: Iterable[Mapping[str, Any]], language: str) -> Table:
    """Rows of `GET /products`."""
    table = Table(*(column.in_(language) for column in _COLUMNS), box=box.SIMPLE_HEAD)
    for each in found:
        patterns = zip(each["vendors"], each["models"], strict=True)
        cells = (
            each["product_id"],
            str(each["version"]),
            each["name"][language],
            ", ".join(f"{vendor} {model}" for vendor, model in patterns),
            ", ".join(each["ocpp"]),
            ", ".join(each["wanted_firmware"]) or ANY.in_(language),
            ", ".join(one["name"][language] for one in each["before_power"]) or "–",
        )
        table.add_row(*map(one_line, cells))
    return table
