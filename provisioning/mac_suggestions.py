"""`MacSuggestions`: which known MACs somebody may have meant, found without looking at all of them.

Anybody can make the server ask this by typing nonsense, so it costs the same however many are known: MACs
are kept by their shape, in which digits that are easily misread are equal, and the shapes one slip away from
the typed one are looked up. `charging.mac.nearest` then decides among those few.
"""

from collections.abc import Iterator

from charging.mac import Mac, nearest

_SHAPE = str.maketrans("oqdilszb", "00011528", ":-. ")
_DIGITS = "012345679ace8f"
LENGTHS = range(11, 18)
"""Twelve or sixteen digits, one more or less."""


class MacSuggestions:
    """The known MACs, by shape."""

    def __init__(self) -> None:
        self._by_shape: dict[str, set[str]] = {}

    def add(self, mac: str) -> None:
        """Know this one (canonical hex)."""
        self._by_shape.setdefault(_shape(mac), set()).add(mac)

    def discard(self, mac: str) -> None:
        """Forget it; harmless when it is not known."""
        shape = _shape(mac)
        same = self._by_shape.get(shape, set())
        same.discard(mac)
        if not same:
            self._by_shape.pop(shape, None)

    def near(self, text: str) -> tuple[Mac, ...]:
        """The known MACs that `text` may have been meant to be, best first."""
        shape = _shape(text)
        if len(shape) not in LENGTHS:
            return ()
        found = {mac for each in _slips(shape) for mac in self._by_shape.get(each, ())}
        return nearest(text, (Mac(mac) for mac in sorted(found)))


def _shape(text: str) -> str:
    return text.strip().lower().removeprefix("0x").translate(_SHAPE)


def _slips(shape: str) -> Iterator[str]:
    """The shape itself, and what one wrong, swapped, missing or additional digit makes of it."""
    yield shape
    for at in range(len(shape)):
        head, tail = shape[:at], shape[at + 1 :]
        yield head + tail
        if tail:
            yield head + tail[0] + shape[at] + tail[1:]
        for digit in _DIGITS:
            yield head + digit + tail
            yield head + digit + shape[at:]
    for digit in _DIGITS:
        yield shape + digit
