"""Reservations: an EVSE, or any, is kept free for an id token until a time."""

import enum
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from ocppj.model.availability import STATUS_REPORTS
from ocppj.model.command import GREATEST_NUMBER, MADE_UP, Command, Number
from ocppj.vocabulary import IdToken


class ReserveNow(Command, frozen=True):
    """Keep an EVSE of a station, or any, free for an id token or its group until a time.

    A reservation that a station holds under the same id is replaced (1.6 §5.13, 2.x H01.FR.02).
    """

    name: ClassVar[str] = "reserve"
    brings = STATUS_REPORTS

    reservation_id: Annotated[Number, MADE_UP]
    id_token: IdToken
    expires_at: datetime
    evse_id: Annotated[int, Meta(ge=1, le=GREATEST_NUMBER)] | None = None
    """None: any."""
    connector_type: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    """Any EVSE that has one; 1.6 has no words for it."""
    group_id_token: IdToken | None = None


class ReservationEnd(enum.Enum):
    """How a reservation ended that was not used (ReservationUpdateStatusEnumType)."""

    EXPIRED = "Expired"
    REMOVED = "Removed"
    """Its EVSE broke or was taken out of service (2.x H01.FR.16, .17)."""
    NO_TRANSACTION = "NoTransaction"
    """Its driver came and did not charge (2.1 H03.FR.11)."""


class ReservationStatusUpdate(msgspec.Struct, frozen=True, gc=False):
    """A reservation has ended, and no transaction tells so. 1.6 has no such message."""

    reservation_id: int
    end: ReservationEnd


class CancelReservation(Command, frozen=True):
    """Give up a reservation; a station refuses where it holds none of that id."""

    name: ClassVar[str] = "cancel-reservation"
    brings = (*STATUS_REPORTS, ReservationStatusUpdate)

    reservation_id: Number
