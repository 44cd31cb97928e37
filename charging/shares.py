"""One power for several: who gets how much of it."""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")


def equal_shares(most: float, wanted: Mapping[K, float]) -> dict[K, float]:
    """Nobody gets more than they want; of the rest, all get the same.

    Who wants less than an equal share gets that, and what they leave is shared by the others.
    """
    shares: dict[K, float] = {}
    left = max(0.0, most)
    for count, key in zip(
        range(len(wanted), 0, -1), sorted(wanted, key=lambda each: wanted[each]), strict=True
    ):
        shares[key] = min(wanted[key], left / count)
        left -= shares[key]
    return shares
