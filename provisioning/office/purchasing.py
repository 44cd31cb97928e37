"""Orders and installers: who bought which boxes, and who may localize them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from charging.mac import Mac, MacInvalid, parse_mac
from ocppj.vocabulary import StationId
from provisioning.catalogue import Code
from provisioning.credentials import Vault, normalise_claim_code
from provisioning.directory import Directory
from provisioning.errors import ProvisioningProblem
from provisioning.identity import station_id_of
from provisioning.records import Device, Installer, Order
from provisioning.storage.devices import load_devices, save_device
from provisioning.storage.orders import load_installers, load_orders, save_installer, save_order


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
        if len({device.station_id for device, _ in wanted}) < len(wanted):
            raise ProvisioningProblem(Code.ALREADY_ORDERED, mac="A station twice in this order")

        def store(connection: Connection) -> None:
            if any(known.reference == reference for known in load_orders(connection)):
                raise ProvisioningProblem(Code.NAME_TAKEN, name=reference)
            save_order(connection, order)
            stored = {
                device.station_id: device
                for device in load_devices(connection, [d.station_id for d, _ in wanted])
            }
            for device, _ in wanted:
                save_device(connection, _ordered(stored.get(device.station_id), device))

        stations = [device.station_id for device, _ in wanted]
        await directory.change(store, stations=stations, cause=f"order {reference}")
        return order, [OrderedStation(device.station_id, code) for device, code in wanted]

    async def orders(self) -> list[Order]:
        """All orders, newest first."""
        return await self._directory.database.run_read(load_orders)

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

        await directory.change(store, cause="installer registered")
        return installer

    async def installers(self) -> list[Installer]:
        """All installers."""
        return await self._directory.database.run_read(load_installers)

    def _device(self, line: OrderLine, order_id: str) -> tuple[Device, str]:
        code = line.claim_code or self._vault.new_claim_code()
        sealed = self._vault.seal(normalise_claim_code(code).encode())
        macs = [read_mac(text) for text in (line.mac, *line.more_macs) if text]
        station_id = station_id_of(macs[0]) if macs else StationId((line.identity or "").lower())
        if not station_id:
            raise ProvisioningProblem(
                Code.MAC_INVALID, text="An empty line", reason="give a mac or an identity"
            )
        aliases = [name.lower() for name in (line.serial, line.identity) if name]
        device = Device(
            station_id=station_id,
            macs=tuple(dict.fromkeys(alias for mac in macs for alias in (mac.hex, *sorted(mac.aliases)))),
            aliases=tuple(dict.fromkeys(aliases)),
            serial=line.serial,
            model=line.model,
            order_id=order_id,
            claim_hash=sealed,
        )
        return device, code


def read_mac(text: str) -> Mac:
    """A MAC as typed. Raises ProvisioningProblem: E_MAC_INVALID."""
    try:
        return parse_mac(text)
    except MacInvalid as error:
        raise ProvisioningProblem(Code.MAC_INVALID, text=text, reason=error) from error


def _ordered(stored: Device | None, line: Device) -> Device:
    """A line on top of what is known of the box: it may have shown up before it was ordered."""
    if stored is None:
        return line
    if stored.order_id is not None:
        raise ProvisioningProblem(Code.ALREADY_ORDERED, mac=line.station_id)
    return replace(
        stored,
        macs=line.macs,
        aliases=line.aliases,
        serial=line.serial or stored.serial,
        model=stored.model or line.model,
        order_id=line.order_id,
        claim_hash=line.claim_hash,
    )
