"""What `borne ctl` tells of product files."""

from typing import Annotated

import typer

from borne.ctl import JsonOption, LanguageOption, run_request, speech_of
from borne.terminal import print_json, show_table
from runtime.wording import Phrase

NO_PRODUCTS = Phrase(
    "Rien : les fichiers de produit livrés et les vôtres seraient ici.",
    "Nothing: the product files that ship, and your own, would be here.",
)


def products(
    product_id: Annotated[
        str | None, typer.Argument(help="One product's id; all that is known of it.")
    ] = None,
    *,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """List the products that are known: which stations they are, wanted firmware, what is measured first."""
    if product_id is not None:
        from urllib.parse import quote

        print_json(run_request(lambda api: api.get(f"/products/{quote(product_id, safe='')}")))
        return
    found = run_request(lambda api: api.get_all("/products"))
    if as_json:
        print_json(found)
        return
    from borne.products_table import products_table

    language = speech_of(lang).language
    show_table(products_table(found, language), NO_PRODUCTS, language)
