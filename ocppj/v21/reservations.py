"""OCPP 2.1, reservations: what 2.0.1 has no word for."""

from ocppj.model.reservations import ReservationEnd, ReservationStatusUpdate
from ocppj.translator import MessageTranslator
from ocppj.v2x.reservations import ended_from_v2x, ended_to_v2x

MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=ReservationStatusUpdate,
        action="ReservationStatusUpdate",
        carries=lambda m: m.end is ReservationEnd.NO_TRANSACTION,  # H03.FR.11
        request_from_wire=ended_from_v2x,
        request_to_wire=ended_to_v2x,
    ),
)
