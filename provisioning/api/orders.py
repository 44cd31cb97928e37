"""/orders, /installers, /claims, /adoptions."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from charging.mac import find_mac
from ocppj.vocabulary import StationId
from provisioning.api.bodies import AdoptionBody, ClaimBody, InstallerBody, OrderBody
from provisioning.api.problems import ProvisioningRoute
from provisioning.app import Provisioning
from provisioning.catalogue import Code
from provisioning.details import mac_label
from provisioning.errors import ProvisioningProblem
from provisioning.office.localization import Claim
from provisioning.records import Installer, Order
from runtime.http import Principal, Role, principal, require

ANYONE = Depends(principal)
MANAGER = Depends(require(Role.MANAGER))
ADMINISTRATOR = Depends(require())
Manager = Annotated[Principal, MANAGER]
InstallerRole = Annotated[Principal, Depends(require(Role.INSTALLER))]
Administrator = Annotated[Principal, ADMINISTRATOR]


def build_orders_router(provisioning: Provisioning) -> APIRouter:
    """The routes of orders and of what ties stations to places."""
    router = APIRouter(route_class=ProvisioningRoute)
    _add_orders(router, provisioning)
    _add_claims(router, provisioning)
    return router


def _add_orders(router: APIRouter, provisioning: Provisioning) -> None:
    purchasing, directory = provisioning.office.purchasing, provisioning.directory

    @router.post("/orders", status_code=201)
    async def order(body: OrderBody, who: Manager) -> dict[str, Any]:
        """Order stations. The claim codes are told this once: print them on the labels."""
        lines = [line.line() for line in body.lines]
        made, stations = await purchasing.order(body.reference, lines, body.contact, who.name)
        boxes = [
            {
                "station_id": each.station_id,
                "mac": mac_label(directory.devices[each.station_id]),
                "claim_code": each.claim_code,
            }
            for each in stations
        ]
        return _order_json(made) | {"lines": boxes}

    @router.get("/orders", dependencies=[ANYONE])
    async def orders() -> list[dict[str, Any]]:
        """All orders with their stations, newest first."""
        lines: dict[str, list[dict[str, Any]]] = {}
        for device in directory.devices.values():
            box = {"station_id": device.station_id, "mac": mac_label(device), "serial": device.serial}
            lines.setdefault(device.order_id or "", []).append(box)
        return [
            _order_json(each) | {"lines": lines.get(each.order_id, [])} for each in await purchasing.orders()
        ]

    @router.post("/installers", status_code=201, dependencies=[MANAGER])
    async def register(body: InstallerBody) -> dict[str, Any]:
        """Register an installer."""
        made = await purchasing.register_installer(body.name, body.account, body.email, body.company)
        return _installer_json(made)

    @router.get("/installers", dependencies=[ANYONE])
    async def installers() -> list[dict[str, Any]]:
        """All installers."""
        return [_installer_json(each) for each in await purchasing.installers()]


def _add_claims(router: APIRouter, provisioning: Provisioning) -> None:
    localization = provisioning.office.localization

    @router.post("/claims", status_code=201)
    async def claim(body: ClaimBody, who: InstallerRole) -> dict[str, Any]:
        """Localize a station: its MAC and claim code from the label, its name and position."""
        wanted = Claim(body.mac, body.claim_code.get_secret_value(), body.position())
        station_id = await localization.claim(wanted, who.name)
        return _station_json(provisioning, station_id)

    @router.get("/claims", dependencies=[MANAGER])
    async def claims() -> list[dict[str, Any]]:
        """The last tries to claim, newest first."""
        return [each | {"at": each["at"].isoformat()} for each in await localization.claims()]

    @router.delete("/claims/locks/{target}", dependencies=[ADMINISTRATOR])
    async def unlock(target: str) -> dict[str, int]:
        """Unlock a station or an account after too many wrong tries."""
        return {"forgotten": await localization.unlock(target)}

    @router.post("/adoptions", status_code=201)
    async def adopt(body: AdoptionBody, who: Administrator) -> dict[str, Any]:
        """Take in a station that nobody ordered; without a position a claim code comes back, once."""
        position = body.position.position() if body.position else None
        adopted = await localization.adopt(body.station_id, position, body.note, who.name)
        return _station_json(provisioning, adopted.station_id) | {"claim_code": adopted.claim_code}

    @router.get("/adoptions", dependencies=[ANYONE])
    async def adoptions() -> list[dict[str, Any]]:
        """The last adoptions, newest first."""
        return [each | {"at": each["at"].isoformat()} for each in await localization.adoptions()]


def known_station(provisioning: Provisioning, text: str) -> StationId:
    """The station that `text` names in any spelling. Raises ProvisioningProblem: E_MAC_UNKNOWN."""
    near = provisioning.resolver.near(text)
    mac = find_mac(text)
    station_id = provisioning.resolver.resolve(text) if mac or ":" not in text else None
    if station_id is None or station_id not in provisioning.directory.devices:
        raise ProvisioningProblem(Code.MAC_UNKNOWN, near=near)
    return station_id


def _station_json(provisioning: Provisioning, station_id: StationId) -> dict[str, Any]:
    return {"station_id": station_id, **provisioning.details.details(station_id)}


def _order_json(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "reference": order.reference,
        "contact": order.contact,
        "created_at": order.created_at.isoformat(),
        "created_by": order.created_by,
    }


def _installer_json(installer: Installer) -> dict[str, Any]:
    return {
        "installer_id": installer.installer_id,
        "name": installer.name,
        "account": installer.account,
        "email": installer.email,
        "company": installer.company,
    }
