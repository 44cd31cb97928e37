"""What a station does when an EVSE is to be kept free for somebody."""

from ocppj.model.reservations import CancelReservation, ReserveNow
from simulator.command_handlers.context import CommandContext, Handled, Handler, accepted, answered, rejected


def _place(station: CommandContext, c: ReserveNow) -> Handled:
    """The answer first, then the status of what is reserved now (2.x H01.FR.23)."""
    status = station.reservations.place(c)
    return answered(c, status, station.reservations.settle)


def _cancel(station: CommandContext, c: CancelReservation) -> Handled:
    if not station.reservations.cancel(c.reservation_id):
        return rejected(c)
    return accepted(c, station.reservations.settle)


HANDLERS: dict[type, Handler] = {ReserveNow: _place, CancelReservation: _cancel}
