"""From the order to the door: who is told, which boxes are on their way, what is delivered digitally."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from csms.ports import ChangePart, IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.identity import MacResolver
from provisioning.records import Order
from provisioning.rules.shipping import (
    Deed,
    DeliveryFacts,
    ManifestLine,
    Shipment,
    contacts_changed,
    entitled,
    received,
    shipped,
)
from provisioning.shipment_mail import shipment_words
from provisioning.shipping import Entitlement, ShippedBox
from provisioning.station_cache import StationCache
from provisioning.storage.orders import find_order
from provisioning.storage.shipping import boxes_of, entitlements_of, stations_of_order
from runtime.mail.postman import Postman


class Delivering:
    """What becomes of an order after it was made. Orders go by their id or their reference."""

    def __init__(self, station_cache: StationCache, resolver: MacResolver) -> None:
        self._station_cache, self._resolver = station_cache, resolver
        self.postman: Postman | None = None
        """Whom letters are given; the wiring gives it."""

    async def ship(self, name: str, shipment: Shipment, by: str) -> list[ShippedBox]:
        """Boxes leave: all of the manifest, or none. Raises ProvisioningProblem: E_ORDER_UNKNOWN;
        ManifestRefused with each line that is wrong.
        """
        known = replace(shipment, lines=tuple(map(self._resolved, shipment.lines)))
        box_ids = [str(self._station_cache.chance.uuid()) for _ in shipment.lines]
        deed = self._deed(by)
        await self._change(
            name, lambda facts: self._with_letter(shipped(facts, known, box_ids, deed), facts.order)
        )
        if self.postman is not None:
            self.postman.wake()
        return await self.boxes(name)

    async def receive(self, name: str, labels: list[str], by: str) -> list[ShippedBox]:
        """Boxes are in. Raises ProvisioningProblem: E_ORDER_UNKNOWN, E_BOX_UNKNOWN."""
        deed = self._deed(by)
        await self._change(name, lambda facts: received(facts, labels, deed))
        return await self.boxes(name)

    async def entitle(self, name: str, entitlement: Entitlement, by: str) -> list[Entitlement]:
        """Deliver something digitally. Raises ProvisioningProblem: E_ORDER_UNKNOWN."""
        deed = self._deed(by)
        new = replace(entitlement, entitlement_id=str(self._station_cache.chance.uuid()))
        await self._change(name, lambda facts: entitled(facts, new, deed))
        return await self.entitlements(name)

    async def change_contacts(self, name: str, contacts: Mapping[str, str | None], by: str) -> Order:
        """Say whom to ring about an order. Raises ProvisioningProblem: E_ORDER_UNKNOWN."""
        deed = self._deed(by)
        change = await self._change(name, lambda facts: contacts_changed(facts, deed, contacts))
        return change.changed_orders[0]

    async def boxes(self, name: str) -> list[ShippedBox]:
        """Those of an order. Raises ProvisioningProblem: E_ORDER_UNKNOWN."""
        order = await self._order(name)
        read = self._station_cache.database.run_read
        return await read(lambda connection: boxes_of(connection, order.order_id))

    async def entitlements(self, name: str) -> list[Entitlement]:
        """The same of what is delivered digitally."""
        order = await self._order(name)
        read = self._station_cache.database.run_read
        return await read(lambda connection: entitlements_of(connection, order.order_id))

    async def _order(self, name: str) -> Order:
        order = await self._station_cache.database.run_read(lambda connection: find_order(connection, name))
        if order is None:
            raise ProvisioningProblem(Code.ORDER_UNKNOWN, id=name)
        return order

    async def _change(self, name: str, decide: Callable[[DeliveryFacts], ChangeSet]) -> ChangeSet:
        def load(connection: Connection) -> DeliveryFacts:
            order = find_order(connection, name)
            if order is None:
                return DeliveryFacts(name, None)
            stations = stations_of_order(connection, order.order_id)
            return DeliveryFacts(name, order, stations, tuple(boxes_of(connection, order.order_id)))

        return await self._station_cache.change(load, decide)

    def _with_letter(self, change: ChangeSet, order: Order | None) -> ChangeSet:
        """With what who receives the boxes is told, where the order says whom to write to."""
        words = shipment_words(change, order)
        if self.postman is not None and order is not None and words is not None:
            postman = self.postman
            letter = postman.letter(*words, f"order/{order.order_id}")
            change.parts.append(
                ChangePart(lambda connection: postman.write(connection, letter), lambda: None)
            )
        return change

    def _resolved(self, line: ManifestLine) -> ManifestLine:
        return replace(line, station_id=self._station(line.station)) if line.station else line

    def _station(self, text: str) -> StationId | None:
        try:
            return self._resolver.resolve(text)
        except IdentityRefused:
            return None

    def _deed(self, by: str) -> Deed:
        return Deed(self._station_cache.clock.now(), by)
