"""What a station does when something is to charge no longer, or again."""

from ocppj.model.availability import ChangeAvailability
from simulator.station.command_handlers.context import CommandContext, Handled, Handler, answered


def _change(station: CommandContext, c: ChangeAvailability) -> Handled:
    """The answer first, then the status of what has changed (2.0.1 G03, G04)."""
    status = station.connectors.set_availability(c.availability, c.evse_id, c.connector_id)
    return answered(c, status, station.connectors.refresh)


HANDLERS: dict[type, Handler] = {ChangeAvailability: _change}
