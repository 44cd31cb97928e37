"""Tariffs and cost: what a driver is shown of what charging costs (I)."""

from typing import Annotated, ClassVar

from msgspec import Meta

from ocppj.model.command import ONLY_2X, Command
from ocppj.versions import OcppVersion

MICRO = 1_000_000
GREATEST_COST_MICRO = 10**15
"""A thousand million of a currency: beyond it a decimal of the wire could lose a micro-unit."""


class CostUpdated(Command, frozen=True):
    """Show a driver what a running transaction costs so far, taxes included; a 2.x station answers nothing.

    Without it the cost goes with the answers to transaction messages (I02.FR.01: either of the two).
    """

    name: ClassVar[str] = "cost-updated"
    versions: ClassVar[frozenset[OcppVersion]] = ONLY_2X
    instead: ClassVar[str] = "data-transfer with RunningCost of org.openchargealliance.costmsg"

    transaction_id: Annotated[str, Meta(min_length=1, max_length=36)]
    cost_micro: Annotated[int, Meta(ge=0, le=GREATEST_COST_MICRO)]
    """In micro-units of the station's currency."""
