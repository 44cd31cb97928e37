"""OCPP 2.x, reservations: the wire and the model."""

from typing import Any

from ocppj.model.messages import StationMessage
from ocppj.model.reservations import (
    CancelReservation,
    ReservationEnd,
    ReservationStatusUpdate,
    ReserveNow,
)
from ocppj.timestamps import deadline_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, MessageTranslator, present
from ocppj.v2x import convert
from ocppj.v2x.status import answered_by_status

# --- What stations send ----------------------------------------------------------------------------------


_ENDS = {end.value: end for end in ReservationEnd}


def ended_from_v2x(m: Any, findings: list[str]) -> StationMessage:  # noqa: ARG001 - table
    """The reservation is over, whatever the word."""
    return ReservationStatusUpdate(
        m.reservation_id, _ENDS.get(m.reservation_update_status, ReservationEnd.REMOVED)
    )


def ended_to_v2x(m: ReservationStatusUpdate) -> dict[str, Any]:
    """The request."""
    return {"reservationId": m.reservation_id, "reservationUpdateStatus": m.end.value}


MESSAGES: tuple[MessageTranslator, ...] = (
    MessageTranslator(
        message=ReservationStatusUpdate,
        action="ReservationStatusUpdate",
        carries=lambda m: m.end is not ReservationEnd.NO_TRANSACTION,  # 2.1 has it
        request_from_wire=ended_from_v2x,
        request_to_wire=ended_to_v2x,
    ),
)


# --- What stations are asked ------------------------------------------------------------------------------


def _reserve_to_v2x(c: ReserveNow) -> dict[str, Any]:
    group = convert.id_token_to_v2x(c.group_id_token) if c.group_id_token is not None else None
    return present(
        {
            "id": c.reservation_id,
            "expiryDateTime": time_to_wire(c.expires_at),
            "connectorType": c.connector_type,
            "idToken": convert.id_token_to_v2x(c.id_token),
            "evseId": c.evse_id,
            "groupIdToken": group,
        }
    )


def _reserve_from_v2x(m: Any) -> ReserveNow:
    return ReserveNow(
        m.id,
        convert.id_token_from_v2x(m.id_token),
        deadline_from_wire(m.expiry_date_time),
        m.evse_id,
        m.connector_type,
        convert.id_token_from_v2x(m.group_id_token) if m.group_id_token is not None else None,
    )


def _cancel_to_v2x(c: CancelReservation) -> dict[str, Any]:
    return {"reservationId": c.reservation_id}


def _cancel_from_v2x(m: Any) -> CancelReservation:
    return CancelReservation(m.reservation_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ReserveNow,
        "ReserveNow",
        request_to_wire=_reserve_to_v2x,
        request_from_wire=_reserve_from_v2x,
        fields={"id": "reservation_id", "expiryDateTime": "expires_at", "type": "id_token_type"},
    ),
    answered_by_status(
        CancelReservation,
        "CancelReservation",
        request_to_wire=_cancel_to_v2x,
        request_from_wire=_cancel_from_v2x,
    ),
)
