"""Claiming a station at its place, adopting one that nobody ordered, and taking one away again.

A claim needs the MAC and the claim code. Five wrong tries lock the station and the account for 24
hours. Whether the MAC or the code was wrong is never told; known MACs close to the typed one are.
"""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from charging.mac import find_mac
from csms.domain.audit import Change
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.credentials import Vault, is_mistyped, normalise_claim_code
from provisioning.directory import Directory, Topic, Touched, mac_names_of
from provisioning.errors import ClaimRefused, ProvisioningProblem
from provisioning.identity import MacResolver
from provisioning.office.names import mac_fault, read_name, shown_name
from provisioning.office.operation import Operation
from provisioning.office.positions import Position, settled
from provisioning.records import Device, Place
from provisioning.storage.devices import device_at, load_device, save_device, save_names
from provisioning.storage.orders import (
    Moment,
    failed_claims,
    forget_failures,
    installer_of,
    load_adoptions,
    load_claims,
    record_adoption,
    record_claim,
)
from provisioning.storage.runs import end_run
from provisioning.storage.sites import (
    close_assignment,
    load_place,
    load_site,
    open_assignment,
    save_place,
)
from runtime.audit import Act

CLAIM_TRIES = 5
CLAIM_LOCK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an installer types at the station."""

    mac: str
    claim_code: str = field(repr=False)
    position: Position


@dataclass(frozen=True, slots=True)
class Adoption:
    """A station taken in. `claim_code` is for the installer, once; None where it was put at a place."""

    station_id: StationId
    claim_code: str | None = field(default=None, repr=False)


class Localization:
    """Ties stations to places, and looses them."""

    def __init__(
        self, directory: Directory, vault: Vault, resolver: MacResolver, operation: Operation
    ) -> None:
        self._directory, self._vault, self._resolver, self._operation = directory, vault, resolver, operation

    async def claim(self, claim: Claim, by: str, *, needs_installer: bool = True) -> StationId:
        """Localize a station; it is activated if its site's manager approved in advance.

        The same claim again, from a phone that did not get the answer, is granted again. `by` must be a
        registered installer's account, unless the team itself claims. Raises ClaimRefused (E_CLAIM_REFUSED,
        E_CLAIM_MISTYPED, E_CLAIM_LOCKED) or ProvisioningProblem (E_INSTALLER_ACCOUNT, E_MAC_INVALID,
        E_MAC_IN_USE, E_PLACE_TAKEN, E_PLACE_UNKNOWN, E_SITE_MISSING, E_SITE_UNKNOWN).
        """
        station_id = self._identify(claim.mac)
        touched = Touched(stations={station_id})

        def store(connection: Connection) -> ClaimRefused | None:
            if needs_installer and installer_of(connection, by) is None:
                raise ProvisioningProblem(Code.INSTALLER_ACCOUNT, account=by)
            place = settled(connection, claim.position, self._new_id())
            touched.places.add(place.place_id)
            problem = self._claim(connection, claim, station_id, place, by)
            if problem is None:
                touched.acts.append(self._at_place(station_id, by, Change.CLAIMED, place))
            return problem

        problem = await self._directory.change(store, touched, cause=f"claimed by {by}")
        if problem is not None:
            raise ClaimRefused(problem.code, near=self._resolver.near(claim.mac), **problem.fields)
        self._operation.on_requested(station_id)
        return station_id

    async def adopt(self, identity: str, position: Position | None, note: str | None, by: str) -> Adoption:
        """Take in a station that nobody ordered; put it at a place, or give out a claim code for that.

        One that was ordered has a claim code already: it can be put at a place. Raises ProvisioningProblem.
        """
        station_id = self._identify(identity)
        if station_id not in self._directory.devices:
            read_name(identity)
        code = self._vault.new_claim_code() if position is None else None
        sealed = self._vault.seal(normalise_claim_code(code).encode()) if code else None
        at = self._directory.clock.now()
        touched = Touched(stations={station_id})

        def store(connection: Connection) -> None:
            device = load_device(connection, station_id) or Device(station_id, mac_names_of(station_id))
            if device.order_id is not None and position is None:
                raise ProvisioningProblem(Code.ALREADY_ORDERED, mac=shown_name(station_id), id=station_id)
            if device.place_id is not None and position is None:  # it has spent its code, and needs none
                known = self._directory.places.get(device.place_id)
                name = known.name if known is not None else device.place_id
                raise ProvisioningProblem(Code.STILL_ASSIGNED, place=name, id=station_id)
            adopted = replace(
                device, adopted_at=device.adopted_at or at, claim_hash=sealed or device.claim_hash
            )
            save_device(connection, adopted)
            save_names(connection, adopted)
            values = {"station_id": station_id, "at": at, "made_by": by, "note": note}
            record_adoption(connection, {"adoption_id": self._new_id(), **values})
            place = settled(connection, position, self._new_id()) if position is not None else None
            if place is not None:
                touched.places.add(place.place_id)
                self._put(connection, adopted, place, by)
            touched.acts.append(self._at_place(station_id, by, Change.ADOPTED, place, reason=note))

        await self._directory.change(store, touched, cause=f"adopted by {by}")
        self._operation.on_requested(station_id)
        return Adoption(station_id, code)

    async def take_away(self, station_id: StationId, by: str) -> bool:
        """End a station's assignment; it has to be claimed and activated anew. False if it was nowhere."""
        self._operation.known(station_id)
        at = self._directory.clock.now()

        def store(connection: Connection) -> bool:
            device = load_device(connection, station_id)
            if device is None or not close_assignment(connection, station_id, at):
                return False
            end_run(connection, station_id, at)
            save_device(connection, _unactivated(device))
            touched.acts.append(act)
            return True

        act = self._directory.act(station_id, by, Change.TAKEN_AWAY)
        touched = Touched(stations={station_id})
        was_there = await self._directory.change(store, touched, cause=act.cause)
        await self._directory.note(station_id, Topic.ACTIVATION, None)
        return was_there

    async def unlock(self, target_or_account: str) -> int:
        """Forget the wrong tries of a station or an account; how many there were."""
        named = self._directory.station_named(target_or_account.lower())
        mac = find_mac(target_or_account)
        target = self._resolver.resolve(target_or_account) if mac else named or target_or_account.lower()
        return await self._directory.database.run_write(
            lambda connection: forget_failures(connection, target=target, account=target_or_account)
        )

    async def claims(self, limit: int = 100, after: Moment | None = None) -> list[dict[str, Any]]:
        """Tries to claim, newest first."""
        return await self._directory.database.run_read(lambda c: load_claims(c, limit, after))

    async def adoptions(self, limit: int = 100, after: Moment | None = None) -> list[dict[str, Any]]:
        """Adoptions, newest first."""
        return await self._directory.database.run_read(lambda c: load_adoptions(c, limit, after))

    def _claim(
        self, connection: Connection, claim: Claim, station_id: StationId, place: Place, by: str
    ) -> ClaimRefused | None:
        """In one transaction, so that parallel tries count. A refusal is returned: its try is kept."""
        at = self._directory.clock.now()
        tallies = failed_claims(connection, target=station_id, account=by, since=at - CLAIM_LOCK)
        locked_for = _locked_for(tallies, at)
        if locked_for is not None:
            is_station = tallies[0][0] >= CLAIM_TRIES
            hours = math.ceil(locked_for.total_seconds() / 3600)
            return ClaimRefused(Code.CLAIM_LOCKED, hours=hours, locked=station_id if is_station else by)
        device = load_device(connection, station_id)
        code = normalise_claim_code(claim.claim_code)
        is_granted = self._vault.matches(device.claim_hash if device else None, code.encode())
        attempt = {
            "claim_id": self._new_id(),
            "target": station_id,
            "station_id": device.station_id if device else None,
            "account": by,
            "installer_id": installer_of(connection, by),
            "at": at,
            "is_granted": is_granted,
        }
        if device is None or not is_granted:
            record_claim(connection, attempt)
            tries = CLAIM_TRIES - 1 - max(count for count, _ in tallies)
            return ClaimRefused(
                Code.CLAIM_MISTYPED if is_mistyped(code) else Code.CLAIM_REFUSED, tries=max(tries, 0)
            )
        self._put(connection, device, place, by)
        record_claim(connection, attempt | {"place_id": place.place_id})
        return None

    def _put(self, connection: Connection, device: Device, place: Place, by: str) -> None:
        """Put a station at a place, and activate it there if the site's manager approved in advance."""
        if device.place_id == place.place_id:
            save_place(connection, place)
            return
        if device.place_id is not None:
            there = load_place(connection, device.place_id)
            name = there.name if there is not None else device.place_id
            raise ProvisioningProblem(Code.MAC_IN_USE, place=name, id=device.station_id)
        other = device_at(connection, place.place_id)
        if other is not None:
            raise ProvisioningProblem(Code.PLACE_TAKEN, place=place.name, station=shown_name(other), id=other)
        save_place(connection, place)
        open_assignment(
            connection,
            assignment_id=self._new_id(),
            station_id=device.station_id,
            place_id=place.place_id,
            at=self._directory.clock.now(),
            reason="localized",
            by=by,
        )
        site = load_site(connection, place.site_id)
        if site is not None and site.activates_on_claim:
            self._operation.request(connection, device, by, is_asked=True)

    def _at_place(
        self, station_id: StationId, by: str, what: Change, place: Place | None, reason: str | None = None
    ) -> Act:
        where = (place.name, place.place_id) if place is not None else (None, None)
        act = self._directory.act
        return act(station_id, by, what, result=where[0], reason=reason, reference=where[1])

    def _identify(self, text: str) -> StationId:
        try:
            return self._resolver.resolve(text.strip())
        except IdentityRefused as error:
            problem = ProvisioningProblem(
                Code.MAC_INVALID, text=text, reason=mac_fault(text), near=error.nearest
            )
            raise problem from error

    def _new_id(self) -> str:
        return str(self._directory.chance.uuid())


def _locked_for(tallies: list[tuple[int, datetime | None]], at: datetime) -> timedelta | None:
    """How long the station or the account stays locked; None if neither is."""
    locks = [last + CLAIM_LOCK - at for count, last in tallies if count >= CLAIM_TRIES and last is not None]
    return max(locks, default=None)


def _unactivated(device: Device) -> Device:
    return replace(
        device,
        requested_at=None,
        released_at=None,
        activated_at=None,
        suspended_at=None,
        suspend_reason=None,
    )
