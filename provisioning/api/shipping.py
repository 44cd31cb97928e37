"""/orders/{id}: whom to ring, shipments and their boxes, what is delivered digitally."""

from datetime import date
from typing import Annotated, Self

from fastapi import Request, Response
from pydantic import Field, model_validator

from provisioning.api.bodies import Name
from provisioning.api.order_lists import order_seen
from provisioning.api.problems import ProvisioningRoute
from provisioning.api.roles import READER, Orderer
from provisioning.api.shipping_views import entitlement_view, shipped_box_view
from provisioning.app import Provisioning
from provisioning.errors import ManifestRefused
from provisioning.rules.shipping import ManifestLine, Shipment, manifest_lines
from provisioning.shipping import Entitlement, EntitlementKind, ShippedBox
from runtime.bodies import Body, FieldsRefused, WrongField
from runtime.paging import PageWanted, json_response, list_response, part_of
from runtime.routers import ApiRouter
from runtime.wording import Phrase

BOXES_MOST, ITEMS_MOST, LINES_MOST = 200, 100, 1000
"""Of one shipment, of one box, and of a manifest."""
CSV_MOST = 200_000
_ONE_OF_BOTH = Phrase("donnez boxes, ou csv", "give boxes, or csv")
_ORDERED = Phrase("la fin vient après le début", "the end comes after the beginning")
_TOO_MANY = Phrase("au plus {most} lignes à la fois", "at most {most} lines at a time")
Label = Annotated[str, Field(min_length=1, max_length=64)]


class OrderContactsBody(Body):
    """Whom to ring; absent members stay, null takes one away."""

    contact: Name | None = None
    manager_contact: Name | None = None
    receiving_contact: Name | None = None


class BoxItemBody(Body):
    """A station of the order by any of its names, or another article; a part of a station has both."""

    station: str = Field(default="", max_length=64)
    article: str = Field(default="", max_length=200)


class ShippedBoxBody(Body):
    """A box, and what is in it."""

    label: Label
    items: Annotated[list[BoxItemBody], Field(min_length=1, max_length=ITEMS_MOST)]


class ShipmentBody(Body):
    """What leaves on a day: its boxes, or the lines of a CSV file (box, station, article)."""

    reference: Name
    shipped_on: date
    expected_on: date | None = None
    boxes: list[ShippedBoxBody] = Field(default_factory=list, max_length=BOXES_MOST)
    csv: str = Field(default="", max_length=CSV_MOST)

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if bool(self.boxes) is bool(self.csv.strip()):
            raise ValueError(_ONE_OF_BOTH)
        return self

    def lines(self) -> tuple[ManifestLine, ...]:
        """Each item with where it stands. Raises ManifestRefused."""
        if self.csv.strip():
            return manifest_lines(self.csv)
        return tuple(
            ManifestLine(
                f"boxes.{number}.items.{place}", box.label, item.station.strip(), item.article.strip()
            )
            for number, box in enumerate(self.boxes)
            for place, item in enumerate(box.items)
        )


class ReceiptBody(Body):
    """Boxes that are in, by what is written on them."""

    boxes: Annotated[list[Label], Field(min_length=1, max_length=BOXES_MOST)]


class EntitlementBody(Body):
    """What is delivered digitally, and for how long."""

    kind: EntitlementKind
    count: int = Field(default=1, ge=1, le=10_000)
    starts_on: date
    expires_on: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.expires_on is not None and self.expires_on < self.starts_on:
            raise ValueError(_ORDERED)
        return self


def build_shipping_router(provisioning: Provisioning) -> ApiRouter:
    """The routes of what becomes of an order."""
    router = ApiRouter(route_class=ProvisioningRoute)
    _add_boxes(router, provisioning)
    _add_digital(router, provisioning)
    return router


def _add_boxes(router: ApiRouter, provisioning: Provisioning) -> None:
    delivering, known = provisioning.use_cases.delivering, provisioning.station_cache

    def shown(request: Request, boxes: list[ShippedBox], page: PageWanted) -> Response:
        listed = part_of(boxes, lambda each: f"{each.shipped_on.isoformat()} {each.label}", page)
        return list_response(request, listed.shown_as(lambda each: shipped_box_view(known, each)))

    @router.patch("/orders/{order_id}")
    async def change(order_id: str, body: OrderContactsBody, who: Orderer) -> Response:
        """Say whom to ring about an order: its manager, and who takes the boxes in."""
        contacts = body.model_dump(exclude_unset=True)
        made = await delivering.change_contacts(order_id, contacts, who.name)
        return json_response(await order_seen(provisioning, who, made.order_id))

    @router.get("/orders/{order_id}/shipments", dependencies=[READER])
    async def shipments(request: Request, order_id: str, page: PageWanted) -> Response:
        """The boxes of an order by the day on which they left: what is in them, and which are in."""
        return shown(request, await delivering.boxes(order_id), page)

    @router.post("/orders/{order_id}/shipments", status_code=201)
    async def ship(order_id: str, body: ShipmentBody, who: Orderer) -> Response:
        """Ship boxes: the whole manifest, or none of it and each line that is wrong."""
        try:
            lines = body.lines()
            if len(lines) > LINES_MOST:
                raise FieldsRefused(WrongField("csv", _TOO_MANY.filled({"most": LINES_MOST})))
            shipment = Shipment(body.reference, body.shipped_on, body.expected_on, lines)
            boxes = await delivering.ship(order_id, shipment, who.name)
        except ManifestRefused as refused:
            wrong = [WrongField(each.where, each.fault) for each in refused.faults]
            raise FieldsRefused(*wrong) from refused
        return json_response([shipped_box_view(known, each) for each in boxes], status=201)

    @router.post("/orders/{order_id}/receipts")
    async def receive(order_id: str, body: ReceiptBody, who: Orderer) -> Response:
        """Say which boxes are in."""
        boxes = await delivering.receive(order_id, body.boxes, who.name)
        return json_response([shipped_box_view(known, each) for each in boxes])


def _add_digital(router: ApiRouter, provisioning: Provisioning) -> None:
    delivering, clock = provisioning.use_cases.delivering, provisioning.station_cache.clock

    @router.get("/orders/{order_id}/entitlements", dependencies=[READER])
    async def entitlements(request: Request, order_id: str, page: PageWanted) -> Response:
        """What of an order is delivered digitally: plans and services, and whether they still run."""
        found = await delivering.entitlements(order_id)
        listed = part_of(found, lambda each: f"{each.kind.value} {each.entitlement_id}", page)
        today = clock.now().date()
        return list_response(request, listed.shown_as(lambda each: entitlement_view(each, today)))

    @router.post("/orders/{order_id}/entitlements", status_code=201)
    async def entitle(order_id: str, body: EntitlementBody, who: Orderer) -> Response:
        """Deliver a plan or a service digitally."""
        wanted = Entitlement(entitlement_id="", order_id="", **body.model_dump())
        found = await delivering.entitle(order_id, wanted, who.name)
        today = clock.now().date()
        return json_response([entitlement_view(each, today) for each in found], status=201)
