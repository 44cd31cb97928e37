"""A sheet of labels to print: on each the MAC, the claim code and a QR code that opens the claim."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import segno

from provisioning.rules.labels import claim_link
from provisioning.rules.names import read_mac
from runtime.slices import in_slices

if TYPE_CHECKING:
    from fpdf import FPDF

COLUMNS, ROWS = 3, 7
WIDTH_MM, HEIGHT_MM = 70.0, 42.4
"""Of a label: 21 on a sheet of A4, as they are sold."""
QR_MM, PADDING_MM = 28.0, 5.0
SLICE = 5
"""Labels that are drawn before the loop does something else."""


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """What stands on one; `mac` in any spelling."""

    mac: str
    code: str = field(repr=False)
    model: str = ""


async def label_sheet(labels: Sequence[PrintedLabel], public_url: str, code_word: str) -> bytes:
    """A PDF. Without a public URL the QR code holds MAC and code as text, which every scan of ours reads.

    Raises ProvisioningProblem: E_MAC_INVALID.
    """
    from fpdf import FPDF  # takes long to load

    sheet = FPDF(format="A4")
    sheet.set_auto_page_break(auto=False)
    sheet.set_margin(0)
    place = 0
    async for some in in_slices(labels, SLICE):
        for each in some:
            if place % (COLUMNS * ROWS) == 0:
                sheet.add_page()
            _draw(sheet, each, place % (COLUMNS * ROWS), public_url, code_word)
            place += 1
    return bytes(sheet.output())


def _draw(sheet: "FPDF", label: PrintedLabel, place: int, public_url: str, code_word: str) -> None:
    row, column = divmod(place, COLUMNS)
    x, y = column * WIDTH_MM + PADDING_MM, row * HEIGHT_MM + PADDING_MM
    mac = read_mac(label.mac)
    held = claim_link(public_url, mac, label.code) if public_url else f"{mac.label} {label.code}"
    picture = io.BytesIO()
    segno.make_qr(held, error="m").save(picture, kind="png", scale=6, border=2)
    sheet.image(picture, x, y, QR_MM, QR_MM, alt_text=held)
    told = (
        ("", 7, "MAC"),
        ("B", 8, mac.label),
        ("", 7, code_word),
        ("B", 12, label.code),
        ("", 7, label.model),
    )
    for line, (style, size, text) in enumerate(told):
        sheet.set_font("Helvetica", style, size)
        sheet.text(x + QR_MM + 1, y + 5 + line * 5, text.encode("latin-1", "replace").decode("latin-1"))
