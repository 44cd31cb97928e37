"""OCPP 1.6, reservations: the wire and the model. Their ends are told by statuses and transactions alone."""

from typing import Any

from ocppj.model.reservations import CancelReservation, ReserveNow
from ocppj.timestamps import deadline_from_wire, time_to_wire
from ocppj.translator import CommandTranslator, present
from ocppj.v16 import convert
from ocppj.v16.status import answered_by_status


def _reserve_to_v16(c: ReserveNow) -> dict[str, Any]:
    group = convert.id_token_to_v16(c.group_id_token) if c.group_id_token is not None else None
    return present(
        {
            "connectorId": convert.connector_to_v16(c.evse_id),
            "expiryDate": time_to_wire(c.expires_at),
            "idTag": convert.id_token_to_v16(c.id_token),
            "parentIdTag": group,
            "reservationId": c.reservation_id,
        }
    )


def _reserve_from_v16(m: Any) -> ReserveNow:
    """Connector 0 is any (§6.37)."""
    evse_id, _ = convert.connector_from_v16(m.connector_id)
    group = convert.id_token_from_v16(m.parent_id_tag) if m.parent_id_tag is not None else None
    return ReserveNow(
        m.reservation_id,
        convert.id_token_from_v16(m.id_tag),
        deadline_from_wire(m.expiry_date),
        evse_id or None,
        group_id_token=group,
    )


def _reserve_refusal(c: ReserveNow) -> str | None:
    if c.connector_type is None:
        return None
    return "OCPP 1.6 has no types of connectors: leave connector_type away, or say which EVSE (evse_id)"


def _cancel_to_v16(c: CancelReservation) -> dict[str, Any]:
    return {"reservationId": c.reservation_id}


def _cancel_from_v16(m: Any) -> CancelReservation:
    return CancelReservation(m.reservation_id)


COMMANDS: tuple[CommandTranslator, ...] = (
    answered_by_status(
        ReserveNow,
        "ReserveNow",
        request_to_wire=_reserve_to_v16,
        request_from_wire=_reserve_from_v16,
        refusal=_reserve_refusal,
        fields={
            "connectorId": "evse_id",
            "expiryDate": "expires_at",
            "idTag": "id_token",
            "parentIdTag": "group_id_token",
        },
    ),
    answered_by_status(
        CancelReservation,
        "CancelReservation",
        request_to_wire=_cancel_to_v16,
        request_from_wire=_cancel_from_v16,
    ),
)
