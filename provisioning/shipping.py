"""What an order is delivered as: boxes, which may come on different dates, and what is digital."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ocppj.vocabulary import StationId


@dataclass(frozen=True, slots=True)
class BoxItem:
    """A station, or a part of one, with its `station_id`; any other article by its name alone."""

    station_id: StationId | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedBox:
    """A box of a shipment. A station may be in several, and is there once all of them are."""

    box_id: str
    order_id: str
    label: str
    """What is written on it; each once in an order."""
    shipment: str
    shipped_on: date
    expected_on: date | None = None
    items: tuple[BoxItem, ...] = ()
    received_at: datetime | None = None
    received_by: str | None = None


class EntitlementKind(StrEnum):
    """What is delivered digitally: it is in no box."""

    SERVICE_PLAN = "service-plan"
    ASSURE = "assure"
    ACTIVATION = "activation"
    INSTALLATION = "installation"
    COMMISSIONING = "commissioning"


ON_SITE = frozenset({EntitlementKind.INSTALLATION, EntitlementKind.COMMISSIONING})
"""Bought services whose people come only once the site is approved."""


class EntitlementState(StrEnum):
    """How far one is on a day."""

    NEW = "new"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """So many of something digital, from a day on; without an end it does not expire."""

    entitlement_id: str
    order_id: str
    kind: EntitlementKind
    count: int
    starts_on: date
    expires_on: date | None = None

    def state(self, on: date) -> EntitlementState:
        """How far it is that day; the last one is still its own."""
        if on < self.starts_on:
            return EntitlementState.NEW
        is_over = self.expires_on is not None and on > self.expires_on
        return EntitlementState.EXPIRED if is_over else EntitlementState.ACTIVE


def missing_boxes(boxes: Iterable[ShippedBox]) -> dict[StationId, tuple[str, ...]]:
    """The boxes that are not in, of each station of which any is on its way."""
    found: dict[StationId, list[str]] = {}
    for box in boxes:
        for item in box.items:
            if box.received_at is None and item.station_id is not None:
                found.setdefault(item.station_id, []).append(box.label)
    return {station_id: tuple(sorted(labels)) for station_id, labels in found.items()}
