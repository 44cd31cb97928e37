"""Boxes on their way, and what is delivered digitally."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from ocppj.vocabulary import StationId
from provisioning.shipping import BoxItem, Entitlement, EntitlementKind, ShippedBox
from provisioning.storage.delivery_tables import box_items, entitlements, shipped_boxes
from provisioning.storage.tables import devices
from runtime.database.rows import save_row
from runtime.rows import execute_many, rows_with


def boxes_of(connection: Connection, order_id: str) -> list[ShippedBox]:
    """Those of an order, by shipment and label."""
    return _boxes(connection, shipped_boxes.c.order_id == order_id)


def boxes_with(connection: Connection, station_ids: Collection[StationId]) -> list[ShippedBox]:
    """Those that any of these stations is in, and that are not received."""
    query = select(box_items.c.box_id).distinct()
    found = {row.box_id for row in rows_with(connection, query, box_items.c.station_id, station_ids)}
    open_ones = select(shipped_boxes.c.box_id).where(shipped_boxes.c.received_at.is_(None))
    rows = [row.box_id for row in rows_with(connection, open_ones, shipped_boxes.c.box_id, found)]
    return _boxes(connection, shipped_boxes.c.box_id.in_(rows)) if rows else []


def stations_of_order(connection: Connection, order_id: str) -> frozenset[StationId]:
    """Its stations."""
    rows = connection.execute(select(devices.c.station_id).where(devices.c.order_id == order_id))
    return frozenset(StationId(row.station_id) for row in rows)


def save_box(connection: Connection, box: ShippedBox) -> None:
    """Insert a box or change it, with what is in it."""
    values = {
        "box_id": box.box_id,
        "order_id": box.order_id,
        "label": box.label,
        "shipment": box.shipment,
        "shipped_on": box.shipped_on.isoformat(),
        "expected_on": box.expected_on.isoformat() if box.expected_on else None,
        "received_at": box.received_at,
        "received_by": box.received_by,
    }
    save_row(connection, shipped_boxes, values)
    connection.execute(delete(box_items).where(box_items.c.box_id == box.box_id))
    rows = [
        {
            "box_id": box.box_id,
            "position": position,
            "station_id": each.station_id,
            "article": each.article,
        }
        for position, each in enumerate(box.items)
    ]
    execute_many(connection, insert(box_items), rows)


def entitlements_of(connection: Connection, order_id: str) -> list[Entitlement]:
    """Those of an order, by kind."""
    query = select(entitlements).where(entitlements.c.order_id == order_id)
    rows = connection.execute(query.order_by(entitlements.c.kind, entitlements.c.entitlement_id))
    return [
        Entitlement(
            entitlement_id=row.entitlement_id,
            order_id=row.order_id,
            kind=EntitlementKind(row.kind),
            count=row.quantity,
            starts_on=date.fromisoformat(row.starts_on),
            expires_on=date.fromisoformat(row.expires_on) if row.expires_on else None,
        )
        for row in rows
    ]


def save_entitlement(connection: Connection, entitlement: Entitlement) -> None:
    """Insert one."""
    values = {
        "entitlement_id": entitlement.entitlement_id,
        "order_id": entitlement.order_id,
        "kind": entitlement.kind.value,
        "quantity": entitlement.count,
        "starts_on": entitlement.starts_on.isoformat(),
        "expires_on": entitlement.expires_on.isoformat() if entitlement.expires_on else None,
    }
    connection.execute(insert(entitlements).values(**values))


def _boxes(connection: Connection, condition: ColumnElement[bool]) -> list[ShippedBox]:
    query = select(shipped_boxes).where(condition).order_by(shipped_boxes.c.shipped_on, shipped_boxes.c.label)
    rows = connection.execute(query).all()
    items: dict[str, list[BoxItem]] = {row.box_id: [] for row in rows}
    ordered = select(box_items).order_by(box_items.c.box_id, box_items.c.position)
    for item in rows_with(connection, ordered, box_items.c.box_id, items):
        station_id = StationId(item.station_id) if item.station_id is not None else None
        items[item.box_id].append(BoxItem(station_id, item.article))
    return [
        ShippedBox(
            box_id=row.box_id,
            order_id=row.order_id,
            label=row.label,
            shipment=row.shipment,
            shipped_on=date.fromisoformat(row.shipped_on),
            expected_on=date.fromisoformat(row.expected_on) if row.expected_on else None,
            items=tuple(items[row.box_id]),
            received_at=row.received_at,
            received_by=row.received_by,
        )
        for row in rows
    ]
