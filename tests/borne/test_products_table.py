"""Products as a table for people."""

from rich.console import Console

from borne.products_table import products_table

ROW = {
    "product_id": "box-1",
    "version": 2,
    "name": {"fr": "Boîte", "en": "Box"},
    "vendors": ["Acme"],
    "models": ["B-*"],
    "ocpp": ["1.6"],
    "wanted_firmware": [],
    "before_power": [{"name": {"fr": "Continuité", "en": "Continuity"}}],
}


def test_a_product_is_a_line_in_both_languages() -> None:
    """What it is, for which stations, and what is measured first."""
    console = Console(width=200)
    with console.capture() as capture:
        console.print(products_table([ROW], "fr"))
        console.print(products_table([ROW], "en"))
    shown = capture.get()
    for text in ("Boîte", "Box", "Acme B-*", "Continuité", "Continuity", "n'importe lequel", "any"):
        assert text in shown
