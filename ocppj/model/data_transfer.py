"""Data transfer: a vendor's own words, in both directions; and those of the Open Charge Alliance's paper on
California pricing, which gives 1.6 messages for costs.

They go to stations whose configuration key CustomDisplayCostAndPrice is true; their data is JSON as text.
Costs are in the station's currency, with taxes.
"""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from ocppj.model.command import Command, CommandAnswer
from ocppj.model.tariffs import MICRO

COSTS_VENDOR = "org.openchargealliance.costmsg"
DISPLAYS_COST = "CustomDisplayCostAndPrice"
"""The configuration key by which a station says that it shows costs."""


class TransferAnswer(CommandAnswer, frozen=True):
    """What came back: text, or any other JSON value as text."""

    text: str | None = None


class TransferData(Command, frozen=True):
    """Send a vendor's own message."""

    name: ClassVar[str] = "data-transfer"
    answer: ClassVar[type[CommandAnswer]] = TransferAnswer

    vendor_id: Annotated[str, Meta(min_length=1, max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    text: str | None = None


class DataTransfer(msgspec.Struct, frozen=True, gc=False):
    """`text` is the payload as JSON text, or 1.6's plain string."""

    vendor_id: str
    message_id: str | None = None
    text: str | None = None


class DataTransferResponse(msgspec.Struct, frozen=True, gc=False):
    """Status is Accepted, Rejected, UnknownMessageId or UnknownVendorId."""

    status: str
    text: str | None = None


class RunningCost(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a transaction costs so far, and of when that is."""

    transaction_id: int
    timestamp: str
    meter_value: int
    """Of the energy register, in Wh."""
    cost: float
    state: Literal["Charging", "Idle"] = "Charging"

    @property
    def cost_micro(self) -> int:
        """In micro-units."""
        return round(self.cost * MICRO)


class FinalCost(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a transaction has cost."""

    transaction_id: int
    cost: float
    price_text: str = ""

    @property
    def cost_micro(self) -> int:
        """In micro-units."""
        return round(self.cost * MICRO)


class SetUserPrice(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A driver's own price, as a text; without an id token it is that of whoever charges."""

    price_text: str
    id_token: str | None = None


CostMessage = RunningCost | FinalCost | SetUserPrice
_KINDS: dict[str, type[CostMessage]] = {
    each.__name__: each for each in (RunningCost, FinalCost, SetUserPrice)
}


def cost_transfer(message: CostMessage) -> TransferData:
    """The command that carries it."""
    return TransferData(COSTS_VENDOR, type(message).__name__, msgspec.json.encode(message).decode())


def is_cost_message(command: TransferData) -> bool:
    """Whether it is one that the paper knows."""
    return command.vendor_id == COSTS_VENDOR and command.message_id in _KINDS


def cost_message(command: TransferData) -> CostMessage | None:
    """What such a command carries; None where its data cannot be read."""
    kind = _KINDS[command.message_id or ""]
    try:
        return msgspec.json.decode(command.text or "", type=kind)
    except msgspec.MsgspecError:
        return None
