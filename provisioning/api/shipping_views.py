"""Boxes on their way and digital deliveries, as the API tells them."""

from datetime import date

from provisioning.details import mac_label
from provisioning.shipping import Entitlement, ShippedBox
from provisioning.station_cache import StationCache
from runtime.texts import instant_text
from runtime.views import View


class BoxItemAnswer(View, frozen=True, kw_only=True):
    """A station, or a part of it; or another article."""

    station_id: str | None
    mac: str | None
    article: str | None


class ShippedBoxAnswer(View, frozen=True, kw_only=True):
    """A box of a shipment, and whether it is in."""

    label: str
    shipment: str
    shipped_on: str
    expected_on: str | None
    received_at: str | None
    received_by: str | None
    items: tuple[BoxItemAnswer, ...]


class EntitlementAnswer(View, frozen=True, kw_only=True):
    """Something that is delivered digitally; `state` is that of today: new, active or expired."""

    entitlement_id: str
    kind: str
    count: int
    starts_on: str
    expires_on: str | None
    state: str


def shipped_box_view(known: StationCache, box: ShippedBox) -> ShippedBoxAnswer:
    """A box."""
    items = []
    for each in box.items:
        device = known.devices.get(each.station_id) if each.station_id is not None else None
        mac = mac_label(device) if device is not None else None
        items.append(BoxItemAnswer(station_id=each.station_id, mac=mac, article=each.article))
    return ShippedBoxAnswer(
        label=box.label,
        shipment=box.shipment,
        shipped_on=box.shipped_on.isoformat(),
        expected_on=box.expected_on.isoformat() if box.expected_on else None,
        received_at=instant_text(box.received_at) if box.received_at else None,
        received_by=box.received_by,
        items=tuple(items),
    )


def entitlement_view(entitlement: Entitlement, today: date) -> EntitlementAnswer:
    """A digital delivery."""
    return EntitlementAnswer(
        entitlement_id=entitlement.entitlement_id,
        kind=entitlement.kind.value,
        count=entitlement.count,
        starts_on=entitlement.starts_on.isoformat(),
        expires_on=entitlement.expires_on.isoformat() if entitlement.expires_on else None,
        state=entitlement.state(today).value,
    )
