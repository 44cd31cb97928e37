"""Orders and installers: who bought which boxes, and who may localize them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.boxes import KnownBoxes
from provisioning.change_set import ChangeSet
from provisioning.credentials import Vault, normalise_claim_code
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.identity import canonical_name
from provisioning.install_policy import Certification
from provisioning.records import Device, Installer, Order
from provisioning.rules.names import read_mac, read_name
from provisioning.rules.purchasing import (
    CancelFacts,
    OrderFacts,
    assert_distinct,
    cancelled,
    names_of,
    ordered,
    renamed,
)
from provisioning.station_cache import StationCache
from provisioning.storage.certifications import load_certifications
from provisioning.storage.devices import load_boxes, load_device, stations_with_past
from provisioning.storage.orders import (
    Moment,
    count_orders,
    find_order,
    is_reference_taken,
    load_installers,
    load_orders,
)
from provisioning.storage.sites import load_place
from runtime.audit import Act
from runtime.slices import in_slices
from runtime.wording import Phrase

SLICE = 50
"""Lines whose codes are sealed in one turn of the loop."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One box: its MAC or, for boxes without one, the identity it connects with. More MACs are aliases."""

    mac: str | None = None
    identity: str | None = None
    more_macs: tuple[str, ...] = ()
    serial: str | None = None
    model: str | None = None
    claim_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OrderedStation:
    """A line as accepted. `claim_code` is shown this once; only its hash is stored."""

    station_id: StationId
    claim_code: str = field(repr=False)


class Purchasing:
    """Takes orders and registers installers."""

    def __init__(self, station_cache: StationCache, vault: Vault) -> None:
        self._station_cache, self._vault = station_cache, vault

    async def order(
        self,
        reference: str,
        lines: Sequence[OrderLine],
        contact: str | None,
        by: str,
        *,
        manager_contact: str | None = None,
        receiving_contact: str | None = None,
    ) -> tuple[Order, list[OrderedStation]]:
        """Store an order. Codes are made where none is given.

        Raises ProvisioningProblem: E_MAC_INVALID, E_ALREADY_ORDERED, E_NAME_TAKEN.
        """
        station_cache = self._station_cache
        order_id = str(station_cache.chance.uuid())
        now = station_cache.clock.now()
        order = Order(order_id, reference, contact, now, by, manager_contact, receiving_contact)
        wanted = [self._device(line, order_id) async for some in in_slices(lines, SLICE) for line in some]
        boxes = [device for device, _ in wanted]
        assert_distinct(boxes)
        names = names_of(boxes)
        acts = [station_cache.act(each.station_id, by, Change.ORDERED, reference=reference) for each in boxes]

        def load(connection: Connection) -> OrderFacts:
            return OrderFacts(is_reference_taken(connection, reference), load_boxes(connection, names))

        await station_cache.change(load, lambda facts: ordered(facts, order, boxes, acts), is_big=True)
        return order, [OrderedStation(device.station_id, code) for device, code in wanted]

    async def cancel(self, station_id: StationId, by: str) -> None:
        """Take a station out of its order, or take back its adoption: nobody ordered it any more.

        Raises ProvisioningProblem: E_STATION_UNKNOWN, E_STILL_ASSIGNED.
        """
        act = self._station_cache.act(station_id, by, Change.ORDER_CANCELLED)

        def load(connection: Connection) -> CancelFacts:
            device = load_device(connection, station_id)
            place_id = device.place_id if device is not None else None
            place = load_place(connection, place_id) if place_id is not None else None
            return CancelFacts(device, place, bool(stations_with_past(connection, [station_id])))

        await self._station_cache.change(load, lambda facts: cancelled(facts, station_id, act))

    async def add_mac(self, station_id: StationId, text: str, by: str) -> Device:
        """Another MAC, or identity, that a station goes by: it connects with its Wi-Fi's, not the label's.

        Raises ProvisioningProblem: E_STATION_UNKNOWN, E_MAC_INVALID, E_ALREADY_ORDERED.
        """
        name, is_mac = read_name(text)
        act = self._station_cache.act(station_id, by, Change.NAME_ADDED, result=name)

        def load(connection: Connection) -> KnownBoxes:
            device = load_device(connection, station_id)
            return load_boxes(connection, {name} | (names_of([device]) if device is not None else set()))

        change = await self._station_cache.change(
            load, lambda boxes: renamed(boxes, station_id, name, act, is_mac=is_mac)
        )
        return change.devices[station_id].after

    async def new_claim_code(self, station_id: StationId, by: str) -> str:
        """Another claim code for a station whose label is lost; the old one is worth nothing any more.

        Raises ProvisioningProblem: E_STATION_UNKNOWN.
        """
        code = self._vault.new_claim_code()
        sealed = self._vault.seal(normalise_claim_code(code).encode())

        def coded(stored: Device) -> Device:
            if not stored.is_ours:
                raise unknown_station(station_id)
            return replace(stored, claim_hash=sealed)

        if station_id not in self._station_cache.devices:
            raise unknown_station(station_id)
        act = self._station_cache.act(station_id, by, Change.CLAIM_CODE_MADE)
        await self._station_cache.change_device(station_id, coded, cause=act)
        return code

    async def orders(
        self, limit: int = 100, after: Moment | None = None, *, without_manager: bool = False
    ) -> list[Order]:
        """Orders, newest first; or those whose manager the team has to find."""
        read = self._station_cache.database.run_read
        return await read(lambda c: load_orders(c, limit, after, without_manager=without_manager))

    async def order_named(self, name: str) -> Order | None:
        """One order, by its id or its reference."""
        return await self._station_cache.database.run_read(lambda c: find_order(c, name))

    async def count_orders(self, *, without_manager: bool = False) -> int:
        """How many there are."""
        read = self._station_cache.database.run_read
        return await read(lambda c: count_orders(c, without_manager=without_manager))

    async def register_installer(
        self, name: str, account: str, email: str | None, company: str | None
    ) -> Installer:
        """Register a person who localizes stations. Raises ProvisioningProblem: E_NAME_TAKEN."""
        station_cache = self._station_cache
        installer = Installer(str(station_cache.chance.uuid()), name, account, email, company)
        now = station_cache.clock.now()

        def decide(known: Sequence[Installer]) -> ChangeSet:
            if any(each.account == account for each in known):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=account)
            return ChangeSet("installer registered", installers=[(installer, now)])

        await station_cache.change(load_installers, decide)
        return installer

    async def installers(self) -> list[Installer]:
        """All installers."""
        return await self._station_cache.database.run_read(load_installers)

    async def certify(self, certification: Certification, by: str) -> Certification:
        """Keep that somebody may install a family of products, in place of what was kept of that."""
        now, subject = self._station_cache.clock.now(), f"person/{certification.account}"
        act = Act(subject, now, by, "certified", certification.family)
        change = ChangeSet(act.cause, certifications=[certification], acts=[act])
        await self._station_cache.change(lambda _: None, lambda _: change)
        return certification

    async def certifications(self) -> list[Certification]:
        """All, by account and family."""
        return await self._station_cache.database.run_read(load_certifications)

    def _device(self, line: OrderLine, order_id: str) -> tuple[Device, str]:
        code = line.claim_code or self._vault.new_claim_code()
        sealed = self._vault.seal(normalise_claim_code(code).encode())
        macs = [canonical_name(read_mac(text)) for text in (line.mac, *line.more_macs) if text]
        aliases = [line.serial.lower()] if line.serial else []
        if line.identity:
            name, is_mac = read_name(line.identity)
            macs, aliases = ([*macs, name], aliases) if is_mac else (macs, [name, *aliases])
        if not macs and not line.identity:
            missing = Phrase("il faut une adresse MAC ou une identité", "a MAC or an identity is needed")
            raise ProvisioningProblem(Code.MAC_INVALID, text=line.serial or "–", reason=missing)
        device = Device(
            station_id=StationId(macs[0] if macs else aliases[0]),
            macs=tuple(dict.fromkeys(macs)),
            aliases=tuple(dict.fromkeys(aliases)),
            serial=line.serial,
            model=line.model,
            order_id=order_id,
            claim_hash=sealed,
        )
        return device, code
