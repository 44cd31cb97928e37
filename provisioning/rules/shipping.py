"""What shipping, receiving and delivering digitally come to. A manifest is taken whole, or its wrong lines
are named. Pure.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ManifestFault, ManifestRefused, ProvisioningProblem
from provisioning.records import Order
from provisioning.shipping import BoxItem, Entitlement, EntitlementKind, ShippedBox
from runtime.audit import Act
from runtime.wording import Phrase

MARKS = ("\t", ";", ",")
HEADING = "box"
CELLS = 3
DIGITAL = frozenset(each.value for each in EntitlementKind) | {
    "service plan",
    "plan de service",
    "forfait de service",
    "plan assure",
}
"""Articles that nobody ships."""

_NO_BOX = Phrase("dites dans quelle boîte", "say in which box")
_NOTHING = Phrase("donnez une borne ou un article", "give a station or an article")
_CELLS = Phrase("boîte, borne, article : pas plus", "box, station, article: no more")
_STRANGE = Phrase("cette borne n'est pas de cette commande", "this station is not of this order")
_TAKEN = Phrase("cette boîte est déjà expédiée", "this box is shipped already")
_DIGITAL = Phrase("livré numériquement : aucune boîte ne le contient", "delivered digitally: it is in no box")
_TWICE = Phrase("cette ligne s'y trouve déjà", "this line is there already")


class OrderChange(StrEnum):
    """What is done to an order, as it is kept."""

    SHIPPED = "order-shipped"
    RECEIVED = "order-received"
    ENTITLED = "order-entitled"
    CONTACTS = "order-contacts-changed"


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """A line of a manifest: where it stands, its box, a station by any of its names or another article."""

    where: str
    box: str
    station: str = ""
    article: str = ""
    station_id: StationId | None = None
    """Which that is; None where nobody knows it."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What leaves on a day."""

    reference: str
    shipped_on: date
    expected_on: date | None
    lines: tuple[ManifestLine, ...]


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """What is stored of an order: its stations, and the boxes that are shipped."""

    name: str
    order: Order | None
    stations: frozenset[StationId] = frozenset()
    boxes: tuple[ShippedBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, when."""

    at: datetime
    by: str


def manifest_lines(text: str) -> tuple[ManifestLine, ...]:
    """The lines of a CSV file: box, station, article; with or without a heading. Raises ManifestRefused."""
    mark = next((each for each in MARKS if each in text), MARKS[-1])
    reader = csv.reader(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines(), delimiter=mark)
    found: list[ManifestLine] = []
    wrong: list[ManifestFault] = []
    for cells in reader:
        stripped = [each.strip() for each in cells]
        if not any(stripped) or (not found and stripped[0].casefold() == HEADING):
            continue
        where = f"csv.{reader.line_num}"
        if len(stripped) > CELLS:
            wrong.append(ManifestFault(where, _CELLS))
            continue
        box, station, article = [*stripped, "", ""][:CELLS]
        found.append(ManifestLine(where, box, station, article))
    if wrong:
        raise ManifestRefused(wrong)
    return tuple(found)


def shipped(facts: DeliveryFacts, shipment: Shipment, box_ids: Sequence[str], deed: Deed) -> ChangeSet:
    """New boxes on their way: all, or none. `box_ids` are as many as there can be boxes.

    Raises ProvisioningProblem: E_ORDER_UNKNOWN; ManifestRefused with each line that is wrong.
    """
    order = _known(facts)
    if wrong := list(_faults(facts, shipment.lines)):
        raise ManifestRefused(wrong)
    items: dict[str, list[BoxItem]] = {}
    for line in shipment.lines:
        items.setdefault(line.box, []).append(BoxItem(line.station_id, line.article or None))
    change = _recorded(order, deed, OrderChange.SHIPPED, shipment.reference)
    change.boxes += [
        ShippedBox(
            box_id=box_id,
            order_id=order.order_id,
            label=label,
            shipment=shipment.reference,
            shipped_on=shipment.shipped_on,
            expected_on=shipment.expected_on,
            items=tuple(inside),
        )
        for box_id, (label, inside) in zip(box_ids, items.items(), strict=False)
    ]
    return change


def received(facts: DeliveryFacts, labels: Sequence[str], deed: Deed) -> ChangeSet:
    """Boxes are in; one that was in before stays so.

    Raises ProvisioningProblem: E_ORDER_UNKNOWN, E_BOX_UNKNOWN.
    """
    order = _known(facts)
    known = {each.label: each for each in facts.boxes}
    change = _recorded(order, deed, OrderChange.RECEIVED, " ".join(labels))
    for label in labels:
        if label not in known:
            raise ProvisioningProblem(Code.BOX_UNKNOWN, label=label, order=order.reference)
        if known[label].received_at is None:
            change.boxes.append(replace(known[label], received_at=deed.at, received_by=deed.by))
    return change


def entitled(facts: DeliveryFacts, entitlement: Entitlement, deed: Deed) -> ChangeSet:
    """Something is delivered digitally. Raises ProvisioningProblem: E_ORDER_UNKNOWN."""
    order = _known(facts)
    change = _recorded(order, deed, OrderChange.ENTITLED, entitlement.kind.value)
    change.entitlements.append(replace(entitlement, order_id=order.order_id))
    change.about |= facts.stations
    return change


def contacts_changed(facts: DeliveryFacts, deed: Deed, contacts: Mapping[str, str | None]) -> ChangeSet:
    """Another `contact`, `manager_contact` or `receiving_contact`.

    Raises ProvisioningProblem: E_ORDER_UNKNOWN.
    """
    order = _known(facts)
    change = _recorded(order, deed, OrderChange.CONTACTS, " ".join(sorted(contacts)))
    change.changed_orders.append(replace(order, **contacts))  # type: ignore[arg-type] # the API gives contacts alone
    return change


def _faults(facts: DeliveryFacts, lines: Sequence[ManifestLine]) -> Iterator[ManifestFault]:
    taken, seen = {each.label for each in facts.boxes}, set()
    for line in lines:
        key = (line.box, line.station_id, line.article.casefold())
        fault = _fault(line, facts.stations, taken) or (_TWICE if line.station and key in seen else None)
        seen.add(key)
        if fault is not None:
            yield ManifestFault(line.where, fault)


def _fault(line: ManifestLine, stations: frozenset[StationId], taken: set[str]) -> Phrase | None:
    if not line.box:
        return _NO_BOX
    if not line.station and not line.article:
        return _NOTHING
    if line.box in taken:
        return _TAKEN
    if line.station and line.station_id not in stations:
        return _STRANGE
    return _DIGITAL if line.article.casefold() in DIGITAL else None


def _known(facts: DeliveryFacts) -> Order:
    if facts.order is None:
        raise ProvisioningProblem(Code.ORDER_UNKNOWN, id=facts.name)
    return facts.order


def _recorded(order: Order, deed: Deed, what: OrderChange, result: str) -> ChangeSet:
    act = Act(f"order/{order.order_id}", deed.at, deed.by, what.value, result, reference=order.reference)
    return ChangeSet(act.cause, acts=[act])
