"""MAC addresses: every common spelling of EUI-48 and EUI-64, one canonical form, aliases, near misses.

ChargePoint's station MACs are EUI-64 in four quads with `0000`, not `fffe`, in the middle: they are no
stretched EUI-48 and are never cut to twelve digits.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

_PAIRS = re.compile(
    r"(?:[0-9a-f]{2}([:\-. ]))(?:[0-9a-f]{2}\1){4}(?:[0-9a-f]{2}|(?:[0-9a-f]{2}\1){2}[0-9a-f]{2})"
)
_QUADS = re.compile(r"[0-9a-f]{4}([:\-. ])[0-9a-f]{4}\1[0-9a-f]{4}(?:\1[0-9a-f]{4})?")
_HALVES = re.compile(r"[0-9a-f]{6}([:\-. ])[0-9a-f]{6}")
_BARE = re.compile(r"(?:0x)?([0-9a-f]{12}|[0-9a-f]{16})")
_SEPARATORS = str.maketrans("", "", ":-. ")

# What people and cameras read on a label for what is printed there.
_MISREAD = str.maketrans("oqilsz", "001152")
_CONFUSED = (frozenset("0d"), frozenset("8b"), frozenset("5s"), frozenset("1i"))


class MacInvalid(ValueError):  # noqa: N818 - named by what is wrong
    """Not a MAC address; the text says which rule it breaks."""


@dataclass(frozen=True, slots=True, order=True)
class Mac:
    """A MAC in canonical form: `hex` is 12 or 16 lower-case digits without separators. Make one
    with `parse_mac`.
    """

    hex: str

    @property
    def kind(self) -> Literal["eui48", "eui64"]:
        """By its length."""
        return "eui48" if len(self.hex) == 12 else "eui64"

    @property
    def is_local(self) -> bool:
        """Whether the locally administered bit is set, as in every simulated station's MAC."""
        return bool(int(self.hex[:2], 16) & 0b10)

    @property
    def aliases(self) -> frozenset[str]:
        """Every canonical hex that names the same device: itself, and the EUI-48 inside an EUI-64
        with `fffe`.
        """
        if self.kind == "eui48":
            return frozenset({self.hex, f"{self.hex[:6]}fffe{self.hex[6:]}"})
        if self.hex[6:10] == "fffe":
            return frozenset({self.hex, self.hex[:6] + self.hex[10:]})
        return frozenset({self.hex})

    @property
    def label(self) -> str:
        """As printed on labels: `AA:BB:CC:DD:EE:FF`, or `0024:B100:0002:9F81` for an EUI-64."""
        width = 2 if self.kind == "eui48" else 4
        digits = self.hex.upper()
        return ":".join(digits[i : i + width] for i in range(0, len(digits), width))

    def __str__(self) -> str:
        return self.label


def parse_mac(text: str) -> Mac:
    """Read any common spelling: `:` `-` `.` or space between pairs, quads or halves; bare; `0x` in front; any
    case.

    Raises MacInvalid, also for all zeros, broadcast and multicast addresses and for digits that are not
    ASCII.
    """
    spelled = text.strip().lower() if text.isascii() else ""
    if not any(form.fullmatch(spelled) for form in (_PAIRS, _QUADS, _HALVES, _BARE)):
        raise MacInvalid(
            f"{text[:64]!r} is not a MAC address: write 12 digits like AA:BB:CC:DD:EE:FF, "
            "or 16 like 0024:B100:0002:9F81, with the digits 0-9 and A-F"
        )
    digits = spelled.translate(_SEPARATORS)
    digits = digits.removeprefix("0x")
    if set(digits) in ({"0"}, {"f"}):
        raise MacInvalid(
            f"{text[:64]!r} is no station's MAC address: it is all zeros or the broadcast address"
        )
    if int(digits[:2], 16) & 1:
        raise MacInvalid(f"{text[:64]!r} is a multicast address, not a station's MAC address")
    return Mac(digits)


def find_mac(text: str) -> Mac | None:
    """The MAC that `text` spells, or None."""
    try:
        return parse_mac(text)
    except MacInvalid:
        return None


def nearest(text: str, known: Iterable[Mac], limit: int = 3) -> tuple[Mac, ...]:
    """Known MACs that `text` was probably meant to be, best first: equal but for what is easily misread on a
    label (O/0, D/0, B/8, S/5, I/1), with two neighbours swapped, one digit wrong, missing or added.
    """
    digits = text.strip().lower().removeprefix("0x").translate(_SEPARATORS)
    ranked = sorted((rank, mac) for mac in known if (rank := _distance(digits, mac.hex)) is not None)
    return tuple(mac for _, mac in ranked[:limit])


def _distance(digits: str, known: str) -> int | None:
    """0: only misread; 1: one slip of the finger; None: something else."""
    if len(digits) == len(known):
        pairs = list(zip(digits, known, strict=True))
        wrong = [i for i, (a, b) in enumerate(pairs) if a != b]
        if all(_is_misread(*pairs[i]) for i in wrong):
            return 0
        is_swap = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and pairs[wrong[0]] == pairs[wrong[1]][::-1]
        return 1 if len(wrong) == 1 or is_swap else None
    longer, shorter = sorted((digits, known), key=len, reverse=True)
    if len(longer) - len(shorter) != 1:
        return None
    return 1 if shorter in {"".join(kept) for kept in combinations(longer, len(shorter))} else None


def _is_misread(a: str, b: str) -> bool:
    return a.translate(_MISREAD) == b.translate(_MISREAD) or frozenset((a, b)) in _CONFUSED
