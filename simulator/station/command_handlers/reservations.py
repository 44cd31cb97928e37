"""What a station does when an EVSE is to be kept free for somebody."""

from ocppj.model.reservations import CancelReservation, ReserveNow
from ocppj.vocabulary import IdTokenType
from simulator.model.stored_state import KeptReservation
from simulator.station.command_handlers.context import (
    CommandContext,
    Handled,
    Handler,
    accepted,
    answered,
    rejected,
)


def _place(station: CommandContext, c: ReserveNow) -> Handled:
    """The answer first, then the status of what is reserved now (2.x H01.FR.23)."""
    status = station.reservations.place(_kept(c))
    return answered(c, status, station.reservations.settle)


def _kept(c: ReserveNow) -> KeptReservation:
    kind = c.id_token.type
    return KeptReservation(
        c.reservation_id,
        c.id_token.value,
        kind.value if isinstance(kind, IdTokenType) else kind,
        c.id_token.has_type,
        c.expires_at,
        c.evse_id,
        c.connector_type,
        c.group_id_token.value if c.group_id_token is not None else None,
    )


def _cancel(station: CommandContext, c: CancelReservation) -> Handled:
    if not station.reservations.cancel(c.reservation_id):
        return rejected(c)
    return accepted(c, station.reservations.settle)


HANDLERS: dict[type, Handler] = {ReserveNow: _place, CancelReservation: _cancel}
