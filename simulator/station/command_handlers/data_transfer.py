"""What a station does with messages of vendors: it has none of its own."""

from ocppj.model.data_transfer import TransferData
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, answered


def _transfer(station: CommandContext, c: TransferData) -> Handled:
    return answered(c, "UnknownMessageId" if c.vendor_id == station.vendor else "UnknownVendorId")


HANDLERS: dict[type, Handler] = {TransferData: _transfer}
