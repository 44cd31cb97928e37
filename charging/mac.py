"""MAC addresses: every common spelling of EUI-48 and EUI-64, one canonical form, aliases, near misses.

ChargePoint's station MACs are EUI-64 in four quads with `0000`, not `fffe`, in the middle: they are no stretched
EUI-48 and are never cut to twelve digits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


class MacInvalid(ValueError):
    """Not a MAC address; the text says which rule it breaks."""


@dataclass(frozen=True, slots=True, order=True)
class Mac:
    """A MAC in canonical form: `hex` is 12 or 16 lower-case digits without separators."""

    hex: str

    @property
    def kind(self) -> Literal["eui48", "eui64"]:
        """By its length."""
        return "eui48" if len(self.hex) == 12 else "eui64"

    @property
    def is_local(self) -> bool:
        """Whether the locally administered bit is set, as in every simulated station's MAC."""
        raise NotImplementedError

    @property
    def aliases(self) -> frozenset[str]:
        """Every canonical hex that names the same device: itself, and the EUI-48 inside an EUI-64 with `fffe`."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """As printed on labels: `AA:BB:CC:DD:EE:FF`, or `0024:B100:0002:9F81` for an EUI-64."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.label


def parse_mac(text: str) -> Mac:
    """Read any common spelling: `:` `-` `.` or space between pairs or quads, bare, any case, `0x` in front.

    Raises MacInvalid, also for all zeros, broadcast and multicast addresses and for digits that are not ASCII.
    """
    raise NotImplementedError


def find_mac(text: str) -> Mac | None:
    """The MAC that `text` spells, or None."""
    raise NotImplementedError


def nearest(text: str, known: Iterable[Mac], limit: int = 3) -> tuple[Mac, ...]:
    """Known MACs one digit away from `text`, or equal after the usual misreadings (O/0, D/0, B/8, S/5, I/1)."""
    raise NotImplementedError
