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
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.catalogue import Code
from provisioning.credentials import Vault, normalise_claim_code
from provisioning.directory import Directory
from provisioning.errors import ClaimRefused, ProvisioningProblem
from provisioning.identity import MacResolver
from provisioning.office.operation import Operation
from provisioning.records import Device, Place
from provisioning.storage.devices import load_devices, save_device
from provisioning.storage.orders import (
    failed_claims,
    forget_failures,
    installer_of,
    load_adoptions,
    load_claims,
    record_adoption,
    record_claim,
)
from provisioning.storage.runs import close_runs
from provisioning.storage.sites import close_assignment, load_places, open_assignment, save_place

CLAIM_TRIES = 5
CLAIM_LOCK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a station is put: a known place, or a new one on a site."""

    place_id: str | None = None
    site_id: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    floor: str | None = None


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

    async def claim(self, claim: Claim, by: str) -> StationId:
        """Localize a station; it is activated if its site's manager approved in advance.

        Raises ClaimRefused (E_CLAIM_REFUSED, E_CLAIM_LOCKED) or ProvisioningProblem (E_MAC_INVALID,
        E_MAC_IN_USE, E_PLACE_TAKEN, E_PLACE_UNKNOWN, E_SITE_UNKNOWN, E_NAME_TAKEN).
        """
        station_id = self._identify(claim.mac)
        place = self._place(claim.position)
        problem = await self._directory.change(
            lambda connection: self._claim(connection, claim, station_id, place, by),
            stations=[station_id],
            cause=f"claimed by {by}",
        )
        if problem is not None:
            raise ClaimRefused(problem.code, near=self._resolver.near(claim.mac), **problem.fields)
        await self._approved(station_id, by)
        return station_id

    async def adopt(self, identity: str, position: Position | None, note: str | None, by: str) -> Adoption:
        """Take in a station that nobody ordered; put it at a place, or give out a claim code for that."""
        station_id = self._identify(identity)
        place = self._place(position) if position is not None else None
        code = None if place is not None else self._vault.new_claim_code()
        sealed = self._vault.seal(normalise_claim_code(code).encode()) if code else None
        at = self._directory.clock.now()

        def store(connection: Connection) -> None:
            before = _stored(connection, station_id) or self._new_device(station_id)
            adopted = replace(
                before, adopted_at=before.adopted_at or at, claim_hash=sealed or before.claim_hash
            )
            save_device(connection, adopted)
            values = {"station_id": station_id, "at": at, "made_by": by, "note": note}
            record_adoption(connection, {"adoption_id": self._new_id(), **values})
            if place is not None:
                self._put(connection, adopted, place, at, by)

        await self._directory.change(store, stations=[station_id], cause=f"adopted by {by}")
        if place is not None:
            await self._approved(station_id, by)
        return Adoption(station_id, code)

    async def take_away(self, station_id: StationId, by: str) -> bool:
        """End a station's assignment; it has to be claimed and activated anew. False if it was nowhere."""
        self._operation.known(station_id)
        at = self._directory.clock.now()

        def store(connection: Connection) -> bool:
            device = _stored(connection, station_id)
            if device is None or not close_assignment(connection, station_id, at):
                return False
            close_runs(connection, station_id, at)
            save_device(connection, _unactivated(device))
            return True

        was_there = await self._directory.change(store, stations=[station_id], cause=f"taken away by {by}")
        if was_there:
            run = self._directory.runs.pop(station_id, None)
            await self._directory.set_progress(station_id, None)
            await self._directory.settle([station_id] if run else [], "taken away")
        return was_there

    async def unlock(self, target_or_account: str) -> int:
        """Forget the wrong tries of a station or an account; how many there were."""
        mac = find_mac(target_or_account)
        name = self._resolver.resolve(target_or_account) if mac else target_or_account
        return await self._directory.database.run_write(lambda connection: forget_failures(connection, name))

    async def claims(self) -> list[dict[str, Any]]:
        """The last tries to claim, newest first."""
        return await self._directory.database.run_read(load_claims)

    async def adoptions(self) -> list[dict[str, Any]]:
        """The last adoptions, newest first."""
        return await self._directory.database.run_read(load_adoptions)

    def _claim(
        self,
        connection: Connection,
        claim: Claim,
        station_id: StationId,
        place: Place,
        by: str,
    ) -> ClaimRefused | None:
        """In one transaction, so that parallel tries count. A refusal is returned: its try is kept."""
        at = self._directory.clock.now()
        locked_for = _locked_for(connection, station_id, by, at)
        if locked_for is not None:
            return ClaimRefused(Code.CLAIM_LOCKED, hours=math.ceil(locked_for.total_seconds() / 3600))
        device = _stored(connection, station_id)
        code = normalise_claim_code(claim.claim_code).encode()
        is_granted = self._vault.matches(device.claim_hash if device else None, code)
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
            return ClaimRefused(Code.CLAIM_REFUSED)
        self._put(connection, device, place, at, by)
        record_claim(connection, attempt | {"place_id": place.place_id})
        return None

    def _put(self, connection: Connection, device: Device, place: Place, at: datetime, by: str) -> None:
        places = {known.place_id: known for known in load_places(connection)}
        if device.place_id is not None:
            there = places[device.place_id].name
            raise ProvisioningProblem(Code.MAC_IN_USE, place=there, id=device.station_id)
        if place.place_id not in places:
            taken = {known.name.casefold() for known in places.values() if known.site_id == place.site_id}
            if place.name.casefold() in taken:
                raise ProvisioningProblem(Code.NAME_TAKEN, name=place.name)
            save_place(connection, place)
        elif any(other.place_id == place.place_id for other in load_devices(connection)):
            raise ProvisioningProblem(Code.PLACE_TAKEN, place=place.name)
        open_assignment(
            connection,
            assignment_id=self._new_id(),
            station_id=device.station_id,
            place_id=place.place_id,
            at=at,
            reason="localized",
            by=by,
        )

    def _place(self, position: Position) -> Place:
        """A known place, or a new one not stored yet."""
        directory = self._directory
        if position.place_id is not None:
            known = directory.places.get(position.place_id)
            if known is None:
                raise ProvisioningProblem(Code.PLACE_UNKNOWN, id=position.place_id)
            return known
        site_id = position.site_id or (next(iter(directory.sites)) if len(directory.sites) == 1 else None)
        if site_id is None or site_id not in directory.sites:
            raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id or "–")
        name = position.name or "–"
        return Place(self._new_id(), site_id, name, position.latitude, position.longitude, position.floor)

    async def _approved(self, station_id: StationId, by: str) -> None:
        site = self._directory.site_of(station_id)
        if site is not None and site.activates_on_claim:
            await self._operation.activate(station_id, by)

    def _identify(self, text: str) -> StationId:
        try:
            return self._resolver.resolve(text.strip())
        except IdentityRefused as error:
            problem = ProvisioningProblem(
                Code.MAC_INVALID, text=text, reason=error.reason, near=error.nearest
            )
            raise problem from error

    def _new_device(self, station_id: StationId) -> Device:
        mac = find_mac(station_id)
        return Device(station_id, macs=(mac.hex,) if mac else ())

    def _new_id(self) -> str:
        return str(self._directory.chance.uuid())


def _stored(connection: Connection, station_id: StationId) -> Device | None:
    return next(iter(load_devices(connection, [station_id])), None)


def _locked_for(connection: Connection, target: StationId, account: str, at: datetime) -> timedelta | None:
    """How long the station or the account stays locked; None if neither is."""
    tallies = failed_claims(connection, target=target, account=account, since=at - CLAIM_LOCK)
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
        asserted=None,
    )
