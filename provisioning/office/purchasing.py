"""Orders and installers: who bought which boxes, and who may localize them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.credentials import Vault, normalise_claim_code
from provisioning.directory import Directory, Touched
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.identity import canonical_name
from provisioning.office.names import (
    absorb_namesakes,
    read_mac,
    read_name,
    shown_name,
    without_taken_serial,
)
from provisioning.records import Device, Installer, Order
from provisioning.storage.devices import forget_device, load_device, save_device, save_names
from provisioning.storage.orders import (
    Moment,
    count_orders,
    find_order,
    is_reference_taken,
    load_installers,
    load_orders,
    save_installer,
    save_order,
)
from provisioning.storage.sites import load_place
from runtime.wording import Phrase


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

    def __init__(self, directory: Directory, vault: Vault) -> None:
        self._directory, self._vault = directory, vault

    async def order(
        self, reference: str, lines: Sequence[OrderLine], contact: str | None, by: str
    ) -> tuple[Order, list[OrderedStation]]:
        """Store an order. Codes are made where none is given.

        Raises ProvisioningProblem: E_MAC_INVALID, E_ALREADY_ORDERED, E_NAME_TAKEN.
        """
        directory = self._directory
        order_id = str(directory.chance.uuid())
        order = Order(order_id, reference, contact, directory.clock.now(), by)
        wanted = [self._device(line, order_id) for line in lines]
        _assert_distinct([device for device, _ in wanted])
        touched = Touched(stations={device.station_id for device, _ in wanted})

        def store(connection: Connection) -> None:
            if is_reference_taken(connection, reference):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=reference)
            save_order(connection, order)
            for line, _ in wanted:
                touched.stations |= _keep_line(connection, line)
                touched.acts.append(directory.act(line.station_id, by, Change.ORDERED, reference=reference))

        await directory.change(store, touched, cause=f"order {reference}")
        return order, [OrderedStation(device.station_id, code) for device, code in wanted]

    async def cancel(self, station_id: StationId, by: str) -> None:
        """Take a station out of its order, or take back its adoption: nobody ordered it any more.

        Raises ProvisioningProblem: E_STATION_UNKNOWN, E_STILL_ASSIGNED.
        """
        directory, act = self._directory, self._directory.act(station_id, by, Change.ORDER_CANCELLED)

        def store(connection: Connection) -> None:
            device = load_device(connection, station_id)
            if device is None:
                raise unknown_station(station_id)
            if device.place_id is not None:
                place = load_place(connection, device.place_id)
                name = place.name if place is not None else device.place_id
                raise ProvisioningProblem(Code.STILL_ASSIGNED, place=name, id=station_id)
            if device.first_seen_at is None and forget_device(connection, station_id):
                return
            save_device(connection, replace(device, order_id=None, adopted_at=None, claim_hash=None))

        await directory.change(store, Touched(stations={station_id}, acts=[act]), cause=act.cause)

    async def add_mac(self, station_id: StationId, text: str, by: str) -> Device:
        """Another MAC, or identity, that a station goes by: it connects with its Wi-Fi's, not the label's.

        Raises ProvisioningProblem: E_STATION_UNKNOWN, E_MAC_INVALID, E_ALREADY_ORDERED.
        """
        name, is_mac = read_name(text)
        act = self._directory.act(station_id, by, Change.NAME_ADDED, result=name)
        touched = Touched(stations={station_id}, acts=[act])

        def store(connection: Connection) -> None:
            device = load_device(connection, station_id)
            if device is None:
                raise unknown_station(station_id)
            if is_mac:
                named = replace(device, macs=tuple(dict.fromkeys((*device.macs, name))))
            else:
                named = replace(device, aliases=tuple(dict.fromkeys((*device.aliases, name))))
            absorbed = absorb_namesakes(connection, named)
            touched.stations |= {other.station_id for other in absorbed}
            save_device(connection, _with_facts(named, absorbed))
            save_names(connection, named)

        await self._directory.change(store, touched, cause=act.cause)
        return self._directory.devices[station_id]

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

        if station_id not in self._directory.devices:
            raise unknown_station(station_id)
        act = self._directory.act(station_id, by, Change.CLAIM_CODE_MADE)
        await self._directory.change_device(station_id, coded, cause=act)
        return code

    async def orders(self, limit: int = 100, after: Moment | None = None) -> list[Order]:
        """Orders, newest first."""
        return await self._directory.database.run_read(lambda c: load_orders(c, limit, after))

    async def order_named(self, name: str) -> Order | None:
        """One order, by its id or its reference."""
        return await self._directory.database.run_read(lambda c: find_order(c, name))

    async def count_orders(self) -> int:
        """How many there are."""
        return await self._directory.database.run_read(count_orders)

    async def register_installer(
        self, name: str, account: str, email: str | None, company: str | None
    ) -> Installer:
        """Register a person who localizes stations. Raises ProvisioningProblem: E_NAME_TAKEN."""
        directory = self._directory
        installer = Installer(str(directory.chance.uuid()), name, account, email, company)
        now = directory.clock.now()

        def store(connection: Connection) -> None:
            if any(known.account == account for known in load_installers(connection)):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=account)
            save_installer(connection, installer, now)

        await directory.change(store, Touched(), cause="installer registered")
        return installer

    async def installers(self) -> list[Installer]:
        """All installers."""
        return await self._directory.database.run_read(load_installers)

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


def _assert_distinct(lines: Sequence[Device]) -> None:
    """No box twice, under whatever name; serial numbers aside."""
    seen: set[str] = set()
    for line in lines:
        names = {line.station_id, *line.macs, *line.aliases} - {(line.serial or "").lower()}
        if names & seen:
            raise ProvisioningProblem(
                Code.ALREADY_ORDERED, mac=shown_name(min(names & seen)), id=line.station_id
            )
        seen |= names


def _keep_line(connection: Connection, line: Device) -> set[StationId]:
    """Store a line on top of what is known of the box; the records that this was found to be, too."""
    line = without_taken_serial(connection, line)
    absorbed = absorb_namesakes(connection, line)
    device = _with_facts(_ordered(load_device(connection, line.station_id), line), absorbed)
    save_device(connection, device)
    save_names(connection, device)
    return {other.station_id for other in absorbed}


def _ordered(stored: Device | None, line: Device) -> Device:
    """It may have shown up before it was ordered."""
    if stored is None:
        return line
    if stored.order_id is not None:
        raise ProvisioningProblem(Code.ALREADY_ORDERED, mac=shown_name(line.station_id), id=stored.station_id)
    return replace(
        stored,
        macs=line.macs,
        aliases=line.aliases,
        serial=line.serial or stored.serial,
        model=stored.model or line.model,
        order_id=line.order_id,
        claim_hash=line.claim_hash,
    )


def _with_facts(device: Device, absorbed: Sequence[Device]) -> Device:
    """What was learnt of the box under its other names."""
    for other in absorbed:
        device = replace(
            device,
            vendor=device.vendor or other.vendor,
            model=device.model or other.model,
            firmware=device.firmware or other.firmware,
            serial=device.serial or other.serial,
            first_seen_at=device.first_seen_at or other.first_seen_at,
        )
    return device
