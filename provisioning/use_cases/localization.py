"""Claiming a station at its place, adopting one that nobody ordered, and taking one away again.

A claim needs the MAC and the claim code. Five wrong tries lock the station and the account for 24
hours; of people only the station (`rules.claim_limits`). Whether the MAC or the code was wrong is never told;
known MACs close to the typed one are, of stations that whoever asks may know of.
"""

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from access.principals import AccessScope
from charging.mac import find_mac
from csms.domain.audit import Change
from csms.ports import IdentityRefused
from ocppj.vocabulary import StationId
from provisioning.blockers import Code
from provisioning.claimant import Claimant
from provisioning.credentials import Vault, normalise_claim_code
from provisioning.errors import ClaimRefused, ProvisioningProblem
from provisioning.identity import MacResolver
from provisioning.install_policy import lacking_families
from provisioning.owners import SiteOwners
from provisioning.records import AdoptionRecord, ClaimAttempt
from provisioning.rules.activation_requests import ActivationRequest
from provisioning.rules.claim_limits import CLAIM_LOCK
from provisioning.rules.localization import (
    AdoptionRequest,
    Claim,
    ClaimFacts,
    ClaimRequest,
    StationFacts,
    adopted,
    claimed,
    removed_from_place,
)
from provisioning.rules.names import mac_fault, read_name
from provisioning.rules.positions import Position
from provisioning.settings import THE_TEAM
from provisioning.station_cache import StationCache, mac_names_of
from provisioning.storage.certifications import load_certifications
from provisioning.storage.claim_keys import load_claim_key
from provisioning.storage.devices import load_device
from provisioning.storage.jobs import open_jobs_of
from provisioning.storage.orders import (
    Moment,
    failed_claims,
    forget_failures,
    installer_of,
    load_adoptions,
    load_claims,
)
from provisioning.storage.positions import load_position
from provisioning.storage.runs import load_run
from provisioning.storage.sites import load_place, load_site_owners
from provisioning.use_cases.operation import Operation
from runtime.wording import Phrase


@dataclass(frozen=True, slots=True)
class AdoptedStation:
    """A station taken in. `claim_code` is for the installer, once; None where it was put at a place."""

    station_id: StationId
    claim_code: str | None = field(default=None, repr=False)


class Localization:
    """Ties stations to places, and looses them."""

    def __init__(
        self, station_cache: StationCache, vault: Vault, resolver: MacResolver, operation: Operation
    ) -> None:
        self._station_cache, self._vault, self._resolver, self._operation = (
            station_cache,
            vault,
            resolver,
            operation,
        )
        self._owners = SiteOwners(station_cache)
        self.team: Phrase = THE_TEAM
        """Whom people ring; the settings name them."""

    async def claim(
        self, claim: Claim, by: Claimant, *, key: str | None = None, replaces: StationId | None = None
    ) -> StationId:
        """Localize a station; it is activated if its site's manager approved in advance.

        The same claim again, from a phone that got no answer, is granted again. `by` must be a registered
        installer's account, or a person with a job on the site, unless the team itself claims. A place that
        is not in their scope is unknown; the claim of a station at such a place is refused like that of one
        that nobody ordered. With a `key`, it is answered like the first one that had it, and counts once.

        The station that it `replaces` at the place leaves it in the same change.

        What is plainly mistyped costs a person no try, and a wrong code locks the station, not the person.

        Raises ClaimRefused (E_CLAIM_REFUSED, E_CLAIM_MISTYPED, E_CLAIM_LOCKED; of people E_CODE_WRONG,
        E_STATION_LOCKED, E_CLAIM_SLOWED) or ProvisioningProblem (E_CODE_MISTYPED, E_NOT_ON_JOB, E_KEY_REUSED,
        E_INSTALLER_ACCOUNT, E_MAC_INVALID, E_MAC_IN_USE, E_PLACE_TAKEN, E_PLACE_UNKNOWN, E_SITE_MISSING,
        E_SITE_UNKNOWN).
        """
        request = self._claim_request(claim, by, key, replaces)
        change = await self._station_cache.change(
            lambda connection: self._claim_facts(connection, request, by),
            lambda facts: claimed(facts, request),
        )
        if (problem := change.refusal) is not None:
            owners, scope = self._owners, by.scope
            near = self._resolver.near(claim.mac, lambda each: scope.covers(owners.of_station(each)))
            raise ClaimRefused(problem.code, near=near, **problem.fields)
        return request.station_id

    def _claim_facts(self, connection: Connection, request: ClaimRequest, by: Claimant) -> ClaimFacts:
        facts = _claim_facts(connection, request, by)
        device = facts.station.device
        family = self._station_cache.policy_of(device).certification if device is not None else None
        if family is None or not by.needs_installer:
            return facts
        theirs = load_certifications(connection, [by.name])
        lacking = lacking_families({family}, theirs, request.activation.at.date())
        return replace(facts, lacking=family if lacking else None)

    def _claim_request(
        self, claim: Claim, by: Claimant, key: str | None, replaces: StationId | None
    ) -> ClaimRequest:
        request = ClaimRequest(
            claim,
            self._identify(claim.mac),
            self._activation_request(by.name),
            claim_id=self._new_id(),
            place_id=self._new_id(),
            assignment_id=self._new_id(),
            matches=self._vault.matches,
            needs_installer=by.needs_installer,
            is_person=by.is_person,
            team=self.team,
            key=key,
            replaces=replaces,
        )
        return request if key is None else replace(request, sealed=self._vault.seal(request.claim_text))

    async def adopt(
        self,
        identity: str,
        position: Position | None,
        note: str | None,
        by: str,
        scope: AccessScope,
    ) -> AdoptedStation:
        """Take in a station that nobody ordered; put it at a place, or give out a claim code for that.

        One that was ordered has a claim code already: it can only be put at a place. One at a place that is
        not in `scope` is unknown, by the name that was typed.

        Raises ProvisioningProblem: E_MAC_INVALID, E_IDENTITY_INVALID, E_STATION_UNKNOWN, E_ALREADY_ORDERED,
        E_STILL_ASSIGNED, E_MAC_IN_USE, E_PLACE_TAKEN, E_PLACE_UNKNOWN, E_SITE_MISSING, E_SITE_UNKNOWN.
        """
        station_id = self._identify(identity)
        if station_id not in self._station_cache.devices:
            read_name(identity)
        code = self._vault.new_claim_code() if position is None else None
        request = AdoptionRequest(
            identity,
            station_id,
            mac_names_of(station_id),
            position,
            note,
            self._activation_request(by),
            adoption_id=self._new_id(),
            place_id=self._new_id(),
            assignment_id=self._new_id(),
            sealed=self._vault.seal(normalise_claim_code(code).encode()) if code else None,
        )
        await self._station_cache.change(
            lambda connection: _load(connection, station_id, position, scope),
            lambda facts: adopted(facts, request),
        )
        return AdoptedStation(station_id, code)

    async def remove_from_place(self, station_id: StationId, by: str) -> bool:
        """End a station's assignment; it has to be claimed and activated anew. False if it was nowhere."""
        self._operation.known(station_id)
        act = self._station_cache.act(station_id, by, Change.TAKEN_AWAY)
        change = await self._station_cache.change(
            lambda connection: load_device(connection, station_id),
            lambda device: removed_from_place(device, act),
        )
        return bool(change.closed)

    async def unlock(self, target_or_account: str) -> int:
        """Forget the wrong tries of a station or an account; how many there were."""
        named = self._station_cache.station_named(target_or_account.lower())
        mac = find_mac(target_or_account)
        target = self._resolver.resolve(target_or_account) if mac else named or target_or_account.lower()
        return await self._station_cache.database.run_write(
            lambda connection: forget_failures(connection, target=target, account=target_or_account)
        )

    async def claims(
        self, scope: AccessScope, limit: int = 100, after: Moment | None = None
    ) -> list[ClaimAttempt]:
        """Tries to claim, newest first."""
        return await self._station_cache.database.run_read(lambda c: load_claims(c, scope, limit, after))

    async def adoptions(
        self, scope: AccessScope, limit: int = 100, after: Moment | None = None
    ) -> list[AdoptionRecord]:
        """Adoptions, newest first."""
        return await self._station_cache.database.run_read(lambda c: load_adoptions(c, scope, limit, after))

    def _activation_request(self, by: str) -> ActivationRequest:
        return ActivationRequest(by, self._station_cache.clock.now(), self._new_id())

    def _identify(self, text: str) -> StationId:
        try:
            return self._resolver.resolve(text.strip())
        except IdentityRefused as error:
            problem = ProvisioningProblem(
                Code.MAC_INVALID, text=text, reason=mac_fault(text), near=error.nearest
            )
            raise problem from error

    def _new_id(self) -> str:
        return str(self._station_cache.chance.uuid())


def _claim_facts(connection: Connection, request: ClaimRequest, by: Claimant) -> ClaimFacts:
    station_id, since = request.station_id, request.activation.at - CLAIM_LOCK
    of_station, of_account = failed_claims(connection, target=station_id, account=by.name, since=since)
    return ClaimFacts(
        _load(connection, station_id, request.claim.position, by.scope),
        installer_of(connection, by.name),
        of_station,
        of_account,
        tuple(open_jobs_of(connection, by.name)) if by.is_person else (),
        load_device(connection, request.replaces) if request.replaces is not None else None,
        known=load_claim_key(connection, by.name, request.key) if request.key is not None else None,
    )


def _load(
    connection: Connection, station_id: StationId, position: Position | None, scope: AccessScope
) -> StationFacts:
    device, run = load_device(connection, station_id), load_run(connection, station_id)
    place_id = device.place_id if device is not None else None
    there = load_place(connection, place_id) if place_id is not None else None
    owners = {each.site_id: each for each in load_site_owners(connection)} if there else {}
    return StationFacts(
        device,
        run,
        there,
        load_position(connection, position, scope) if position is not None else None,
        is_others=there is not None and not scope.covers(owners[there.site_id]),
    )
