"""What a station does with messages of vendors: it has none of its own, and those of costs in 1.6."""

from ocppj.model.data_transfer import (
    DISPLAYS_COST,
    FinalCost,
    RunningCost,
    SetUserPrice,
    TransferData,
    cost_message,
    is_cost_message,
)
from ocppj.vocabulary import CONFIGURATION_KEY_COMPONENT, VariableRef
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, answered

_KEY = VariableRef(CONFIGURATION_KEY_COMPONENT, DISPLAYS_COST)


def _transfer(station: CommandContext, c: TransferData) -> Handled:
    if is_cost_message(c) and (station.variables.value(_KEY) or "").lower() == "true":
        return answered(c, "Accepted" if _show(station, c) else "Rejected")
    return answered(c, "UnknownMessageId" if c.vendor_id == station.vendor else "UnknownVendorId")


def _show(station: CommandContext, c: TransferData) -> bool:
    """Whether it could be read, and there is somebody to show it to."""
    display = station.cost_display
    match cost_message(c):
        case RunningCost() as told:
            return display.show_running(str(told.transaction_id), told.cost_micro)
        case FinalCost() as told:
            return display.show_final_of(str(told.transaction_id), told.cost_micro, told.price_text)
        case SetUserPrice() as told:
            return display.show_price(told.price_text, told.id_token)
        case _:
            return False


HANDLERS: dict[type, Handler] = {TransferData: _transfer}
