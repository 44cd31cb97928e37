"""Boxes of an order from what was pasted: one a line, its MAC first; serial number, model and claim code
where they are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.pasted_lines import PastedLine, WrongLine, pasted_lines
from console.words import Words
from provisioning.errors import ProvisioningProblem
from provisioning.rules.names import mac_fault, read_mac

CELLS = ("mac", "serial", "model", "claim_code")
HEADINGS = frozenset({"mac", "mac address", "mac_address", "adresse mac"})
MOST_LINES = 1000
SHORTEST_CODE, LONGEST_CODE, LONGEST_TEXT = 8, 64, 64


@dataclass(frozen=True, slots=True)
class OrderLines:
    """What was pasted, all or nothing: the boxes as the API takes them, unless a line is `wrong`."""

    boxes: Sequence[Mapping[str, str]] = ()
    wrong: tuple[WrongLine, ...] = ()
    count: int = 0


def order_lines(text: str, words: Words) -> OrderLines:
    """Every line, or what is wrong with which."""
    lines = pasted_lines(text, HEADINGS)
    first: dict[str, int] = {}
    wrong = []
    for line in lines:
        fault = _fault(line, first, words)
        if fault:
            wrong.append(WrongLine(line.number, ", ".join(line.cells), fault))
    if wrong:
        return OrderLines(wrong=tuple(wrong), count=len(lines))
    boxes = [{name: text for name, text in zip(CELLS, each.cells, strict=False) if text} for each in lines]
    return OrderLines(boxes, count=len(lines))


def _fault(line: PastedLine, first: dict[str, int], words: Words) -> str:
    """Empty where nothing is wrong; `first` is where each MAC came first."""
    if len(line.cells) > len(CELLS):
        return words("order_lines.too_many_cells")
    try:
        mac = read_mac(line.cell(0)).label
    except ProvisioningProblem:
        return words.phrase(mac_fault(line.cell(0)))
    if (known := first.setdefault(mac, line.number)) != line.number:
        return words("tokens.twice", line=known)
    if any(len(line.cell(place)) > LONGEST_TEXT for place in (1, 2)):
        return words("tokens.too_long", most=LONGEST_TEXT)
    code = line.cell(3)
    if code and not SHORTEST_CODE <= len(code) <= LONGEST_CODE:
        return words("order_lines.code_length", least=SHORTEST_CODE, most=LONGEST_CODE)
    return ""
