"""What a claim, an adoption and a taking away come to."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.credentials import is_mistyped, normalise_claim_code
from provisioning.errors import ClaimRefused, ProvisioningProblem, unknown_station
from provisioning.records import Assignment, Device, Job, Place
from provisioning.rules.activation_requests import ActivationRequest, request_activation
from provisioning.rules.claim_keys import KeyedClaim
from provisioning.rules.claim_limits import Tally, person_lock, program_lock, slip_of, tries_left
from provisioning.rules.exchanging import make_room, unactivated
from provisioning.rules.names import shown_name
from provisioning.rules.positions import Position, PositionFacts, settled
from provisioning.settings import THE_TEAM
from runtime.audit import Act
from runtime.wording import Phrase


@dataclass(frozen=True, slots=True)
class Claim:
    """What an installer types at the station."""

    mac: str
    claim_code: str = field(repr=False)
    position: Position


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """A claim with who makes it when, and the ids of what it may make. `matches` compares with a seal."""

    claim: Claim
    station_id: StationId
    activation: ActivationRequest
    claim_id: str
    place_id: str
    assignment_id: str
    matches: Callable[[bytes | None, bytes], bool]
    needs_installer: bool
    is_person: bool = False
    """People misread labels: other limits hold for them."""
    team: Phrase = THE_TEAM
    """Whom they ring."""
    replaces: StationId | None = None
    """The box that is to leave the place."""
    key: str | None = None
    """The same again is the same claim, sent anew by who did not get the answer."""
    sealed: bytes = field(default=b"", repr=False)
    """What it says, so that a key is not taken for another one."""

    @property
    def claim_text(self) -> bytes:
        """All that it says, for the seal."""
        return repr(
            (self.station_id, normalise_claim_code(self.claim.claim_code), self.claim.position)
        ).encode()


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What is stored of a station that is put somewhere, and of that place. `there` is where it is now."""

    device: Device | None
    run: ActivationRun | None
    there: Place | None
    position: PositionFacts | None
    is_others: bool = False
    """It is at a place where whoever asks has nothing to say."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """The same, with what was tried before: on the station, and by the account."""

    station: StationFacts
    installer_id: str | None
    of_station: Tally
    of_account: Tally
    jobs: tuple[Job, ...] = ()
    """What the person has to do, on all sites; nobody else has any."""
    replaced: Device | None = None
    """The box that is to leave the place."""
    lacking: str | None = None
    """The family of products that the station is of, and that the account is not certified for."""
    known: KeyedClaim | None = None
    """What was answered to the claim with this key."""


def claimed(facts: ClaimFacts, request: ClaimRequest) -> ChangeSet:
    """The station at its place, activated if the site's manager approved in advance; or a refusal.

    Raises ProvisioningProblem for what is no try: E_INSTALLER_ACCOUNT, E_NOT_CERTIFIED, E_MAC_IN_USE,
    E_PLACE_TAKEN, those of the position and, of people, E_CODE_MISTYPED and E_NOT_ON_JOB.
    """
    by, station_id = request.activation.by, request.station_id
    change = ChangeSet(f"claimed by {by}")
    if facts.known is not None:
        change.refusal = facts.known.answer(request.claim_text, request.matches, request.team)
        return change
    where = facts.station.position or PositionFacts(None)
    place = settled(request.claim.position, where, request.place_id)
    jobs = tuple(each for each in facts.jobs if each.site_id == place.site_id)
    if request.needs_installer and facts.installer_id is None and not jobs:
        raise ProvisioningProblem(Code.INSTALLER_ACCOUNT, account=by)
    code = normalise_claim_code(request.claim.claim_code)
    if request.is_person and (slip := slip_of(request.claim.mac, station_id, code, jobs, request.team)):
        raise slip
    change.refusal = _lock_of(facts, request)
    if change.refusal is not None:
        return change
    device = facts.station.device
    is_right = request.matches(device.claim_hash if device else None, code.encode())
    is_granted = is_right and not facts.station.is_others
    if device is None or not is_granted:
        change.claims.append(_attempt(facts, request, is_granted=False))
        change.refusal = _wrong(facts, request, code)
        _keep_key(change, request, change.refusal)
        return change
    if facts.lacking is not None:
        day = request.activation.at.date().isoformat()
        raise ProvisioningProblem(Code.NOT_CERTIFIED, account=by, family=facts.lacking, day=day)
    station = _with_room(change, facts, request)
    put_at_place(change, station, device, place, request.activation, request.assignment_id)
    change.claims.append(_attempt(facts, request, is_granted=True) | {"place_id": place.place_id})
    change.acts.append(_at_place(station_id, request.activation, Change.CLAIMED, place))
    _keep_key(change, request, None)
    return change


def _with_room(change: ChangeSet, facts: ClaimFacts, request: ClaimRequest) -> StationFacts:
    """What is stored of the station and its place when the box that is to leave it has left. Who wanted that
    one active wants the new one so.
    """
    where, old = facts.station.position, facts.replaced
    if request.replaces == request.station_id:
        raise ProvisioningProblem(Code.SAME_STATION)
    if where is None or old is None:
        return facts.station
    if where.occupant is None:  # it was taken away, who knows when: this may be nobody's intention any more
        name = where.place.name if where.place is not None else ""
        raise ProvisioningProblem(Code.PLACE_LEFT, station=shown_name(old.station_id), place=name)
    if where.occupant != request.replaces:  # the new one is there already, or a third, which keeps the place
        return facts.station
    make_room(change, old, request.station_id, request.activation)
    freed = replace(where, occupant=None, approves=where.approves or old.requested_at is not None)
    return replace(facts.station, position=freed)


def _attempt(facts: ClaimFacts, request: ClaimRequest, *, is_granted: bool) -> dict[str, Any]:
    device = facts.station.device
    return {
        "claim_id": request.claim_id,
        "target": request.station_id,
        "station_id": device.station_id if device else None,
        "account": request.activation.by,
        "installer_id": facts.installer_id,
        "place_id": None,
        "at": request.activation.at,
        "is_granted": is_granted,
    }


def _lock_of(facts: ClaimFacts, request: ClaimRequest) -> ProvisioningProblem | None:
    tallies, at = (facts.of_station, facts.of_account), request.activation.at
    if request.is_person:
        return person_lock(*tallies, request.station_id, request.activation.by, at, request.team)
    return program_lock(*tallies, request.station_id, request.activation.by, at)


def _wrong(facts: ClaimFacts, request: ClaimRequest, code: str) -> ClaimRefused:
    if request.is_person:
        return ClaimRefused(Code.CODE_WRONG, tries=tries_left(facts.of_station), team=request.team)
    code_of = Code.CLAIM_MISTYPED if is_mistyped(code) else Code.CLAIM_REFUSED
    return ClaimRefused(code_of, tries=tries_left(facts.of_station, facts.of_account))


def _keep_key(change: ChangeSet, request: ClaimRequest, refusal: ClaimRefused | None) -> None:
    """What was answered, for who asks again. Locks are not kept: what is sent again may find them open."""
    if request.key is None:
        return
    code, tries = (refusal.code, refusal.fields["tries"]) if refusal is not None else (None, None)
    by, at = request.activation.by, request.activation.at
    change.claim_keys.append(KeyedClaim(by, request.key, request.sealed, at, request.station_id, code, tries))


@dataclass(frozen=True, slots=True)
class AdoptionRequest:
    """A station to take in, with who does it when, and the ids of what it may make. `sealed` is its claim
    code; None where it is put at a place.
    """

    identity: str
    """As it was typed: the station may go by it, and be another organisation's."""
    station_id: StationId
    macs: tuple[str, ...]
    position: Position | None
    note: str | None
    activation: ActivationRequest
    adoption_id: str
    place_id: str
    assignment_id: str
    sealed: bytes | None = field(default=None, repr=False)


def adopted(facts: StationFacts, request: AdoptionRequest) -> ChangeSet:
    """A station that nobody ordered is ours, and where it was put.

    Raises ProvisioningProblem: E_STATION_UNKNOWN, E_ALREADY_ORDERED, E_STILL_ASSIGNED, E_MAC_IN_USE,
    E_PLACE_TAKEN and those of the position.
    """
    station_id, activation = request.station_id, request.activation
    if facts.is_others:
        raise unknown_station(request.identity)
    device = facts.device or Device(station_id, request.macs)
    if device.order_id is not None and request.position is None:
        raise ProvisioningProblem(Code.ALREADY_ORDERED, mac=shown_name(station_id), id=station_id)
    if device.place_id is not None and request.position is None:  # it has spent its code, and needs none
        name = facts.there.name if facts.there is not None else device.place_id
        raise ProvisioningProblem(Code.STILL_ASSIGNED, place=name, id=station_id)
    change = ChangeSet(f"adopted by {activation.by}")
    ours = replace(
        device,
        adopted_at=device.adopted_at or activation.at,
        claim_hash=request.sealed or device.claim_hash,
    )
    change.put(facts.device, ours)
    values = {
        "station_id": station_id,
        "at": activation.at,
        "made_by": activation.by,
        "note": request.note,
    }
    change.adoptions.append({"adoption_id": request.adoption_id, **values})
    place = None
    if request.position is not None:
        place = settled(request.position, facts.position or PositionFacts(None), request.place_id)
        put_at_place(change, facts, ours, place, activation, request.assignment_id)
    change.acts.append(_at_place(station_id, activation, Change.ADOPTED, place, request.note))
    return change


def put_at_place(  # noqa: PLR0917 - what there is to say of it
    change: ChangeSet,
    facts: StationFacts,
    device: Device,
    place: Place,
    activation: ActivationRequest,
    assignment_id: str,
) -> None:
    """Put a station at a place, and activate it there if the site's manager approved in advance."""
    where = facts.position or PositionFacts(None)
    change.put_place(where.place, place)
    if device.place_id == place.place_id:
        change.put(device, device)
        return
    if device.place_id is not None:
        name = facts.there.name if facts.there is not None else device.place_id
        raise ProvisioningProblem(Code.MAC_IN_USE, place=name, id=device.station_id)
    if where.occupant is not None:
        station = shown_name(where.occupant)
        raise ProvisioningProblem(Code.PLACE_TAKEN, place=place.name, station=station, id=where.occupant)
    change.opened.append(
        Assignment(
            assignment_id,
            device.station_id,
            place.place_id,
            activation.at,
            "localized",
            activation.by,
        )
    )
    placed = replace(device, place_id=place.place_id)
    change.put(device, placed)
    if where.approves:
        request_activation(change, placed, facts.run, activation)


def removed_from_place(device: Device | None, act: Act) -> ChangeSet:
    """It is nowhere, and has to be claimed and activated anew; nothing where it was nowhere."""
    change = ChangeSet(act.cause)
    if device is None:
        return change
    change.note(device.station_id, NoteTopic.ACTIVATION, None)
    if device.place_id is None:
        return change
    change.closed[device.station_id] = act.at
    change.ended_runs[device.station_id] = act.at
    change.put(device, unactivated(device))
    change.acts.append(act)
    return change


def _at_place(
    station_id: StationId,
    activation: ActivationRequest,
    what: Change,
    place: Place | None,
    reason: str | None = None,
) -> Act:
    name, place_id = (place.name, place.place_id) if place is not None else (None, None)
    return Act(
        station_id, activation.at, activation.by, what.value, result=name, reason=reason, reference=place_id
    )
