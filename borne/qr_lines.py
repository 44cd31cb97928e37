"""A QR code as lines of text, for a terminal that a phone looks at."""

from collections.abc import Iterator

import segno

HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Two rows of modules make a line: characters are twice as high as wide."""
BORDER = 2


def qr_lines(text: str) -> Iterator[str]:
    """The code, light modules drawn: terminals are dark, and readers take it either way round."""
    rows = [
        [not module for module in row] for row in segno.make_qr(text, error="l").matrix_iter(border=BORDER)
    ]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(HALVES[pair] for pair in zip(upper, lower, strict=True))
