"""Where a transaction begins and ends: TxStartPoint and TxStopPoint as a table. Pure.

OCPP 2.0.1 part 2 §2.6.6: each value is a condition that holds or does not. A transaction begins as soon as
one of the start points holds (E01), and ends as soon as a stop point that held holds no longer (E06).
`DataSigned` is missing: the meters here sign nothing, and not all values need to exist (§2.6.4).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple


class EvseFacts(NamedTuple):
    """What is so at an EVSE right now."""

    is_parked: bool = False
    """A car stands there; it comes right before its cable does and leaves right after it."""
    is_connected: bool = False
    """The cable is in at both ends."""
    is_authorized: bool = False
    is_flowing: bool = False
    """Energy goes into the car."""


NOTHING = EvseFacts()

_CONDITIONS: dict[str, Callable[[EvseFacts], bool]] = {
    "ParkingBayOccupancy": lambda facts: facts.is_parked,
    "EVConnected": lambda facts: facts.is_connected,
    "Authorized": lambda facts: facts.is_authorized,
    "PowerPathClosed": lambda facts: facts.is_connected and facts.is_authorized,
    "EnergyTransfer": lambda facts: facts.is_flowing,
}
TRANSACTION_POINTS = tuple(_CONDITIONS)
"""The values that a station here can be given."""

_ENDS_AS = {"PowerPathClosed": ("EVConnected", "Authorized")}
"""§2.6.6.2: as a stop point it is exactly the same as both."""


def begins(start_points: Iterable[str], facts: EvseFacts) -> bool:
    """Whether a transaction is to be started (E01.FR.01 to .06)."""
    return any(_CONDITIONS[point](facts) for point in start_points)


def ends(stop_points: Iterable[str], before: EvseFacts, after: EvseFacts) -> bool:
    """Whether what has changed ends the transaction (E06.FR.01 to .07)."""
    points = {condition for point in stop_points for condition in _ENDS_AS.get(point, (point,))}
    return any(_CONDITIONS[point](before) and not _CONDITIONS[point](after) for point in points)
