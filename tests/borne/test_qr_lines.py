"""A code in a terminal is read by what reads codes."""

import pytest
import zxingcpp
from PIL import Image

from borne.qr_lines import HALVES, qr_lines

SCALE = 6


@pytest.mark.parametrize("text", ["https://garage.lan:8443/install", "x" * 100])
def test_a_reader_reads_it(text: str) -> None:
    """Light on dark, as terminals are."""
    halves = {sign: pair for pair, sign in HALVES.items()}
    rows: list[list[bool]] = []
    for line in qr_lines(text):
        pairs = [halves[each] for each in line]
        rows += [[upper for upper, _ in pairs], [lower for _, lower in pairs]]
    picture = Image.new("L", (len(rows[0]), len(rows)))
    picture.putdata([255 * light for row in rows for light in row])
    large = picture.resize((picture.width * SCALE, picture.height * SCALE), Image.Resampling.NEAREST)
    assert [each.text for each in zxingcpp.read_barcodes(large)] == [text]
