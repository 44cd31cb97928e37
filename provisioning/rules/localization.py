"""What a claim, an adoption and a taking away come to."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.credentials import is_mistyped, normalise_claim_code
from provisioning.errors import ClaimRefused, ProvisioningProblem, unknown_station
from provisioning.records import Assignment, Device, Place
from provisioning.rules.activation_requests import ActivationRequest, request_activation
from provisioning.rules.names import shown_name
from provisioning.rules.positions import Position, PositionFacts, settled
from runtime.audit import Act

CLAIM_TRIES = 5
CLAIM_LOCK = timedelta(hours=24)
Tally = tuple[int, datetime | None]
"""Wrong tries within CLAIM_LOCK: how many, and the last one."""


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


def claimed(facts: ClaimFacts, request: ClaimRequest) -> ChangeSet:
    """The station at its place, activated if the site's manager approved in advance; or a refusal.

    Raises ProvisioningProblem for what is no try: E_INSTALLER_ACCOUNT, E_MAC_IN_USE, E_PLACE_TAKEN and those
    of the position.
    """
    by, at, station_id = request.activation.by, request.activation.at, request.station_id
    if request.needs_installer and facts.installer_id is None:
        raise ProvisioningProblem(Code.INSTALLER_ACCOUNT, account=by)
    where = facts.station.position or PositionFacts(None)
    place = settled(request.claim.position, where, request.place_id)
    change = ChangeSet(f"claimed by {by}")
    locked_for = _locked_for((facts.of_station, facts.of_account), at)
    if locked_for is not None:
        is_station = facts.of_station[0] >= CLAIM_TRIES
        hours = math.ceil(locked_for.total_seconds() / 3600)
        locked = station_id if is_station else by
        change.refusal = ClaimRefused(Code.CLAIM_LOCKED, hours=hours, locked=locked)
        return change
    device = facts.station.device
    code = normalise_claim_code(request.claim.claim_code)
    is_right = request.matches(device.claim_hash if device else None, code.encode())
    is_granted = is_right and not facts.station.is_others
    attempt = {
        "claim_id": request.claim_id,
        "target": station_id,
        "station_id": device.station_id if device else None,
        "account": by,
        "installer_id": facts.installer_id,
        "place_id": None,
        "at": at,
        "is_granted": is_granted,
    }
    if device is None or not is_granted:
        change.claims.append(attempt)
        tries = CLAIM_TRIES - 1 - max(facts.of_station[0], facts.of_account[0])
        code_of = Code.CLAIM_MISTYPED if is_mistyped(code) else Code.CLAIM_REFUSED
        change.refusal = ClaimRefused(code_of, tries=max(tries, 0))
        return change
    put_at_place(change, facts.station, device, place, request.activation, request.assignment_id)
    change.claims.append(attempt | {"place_id": place.place_id})
    change.acts.append(_at_place(station_id, request.activation, Change.CLAIMED, place))
    return change


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
    change.put(device, _unactivated(device))
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
        station_id,
        activation.at,
        activation.by,
        what.value,
        result=name,
        reason=reason,
        reference=place_id,
    )


def _locked_for(tallies: tuple[Tally, ...], at: datetime) -> timedelta | None:
    """How long the station or the account stays locked; None if neither is."""
    locks = [last + CLAIM_LOCK - at for count, last in tallies if count >= CLAIM_TRIES and last is not None]
    return max(locks, default=None)


def _unactivated(device: Device) -> Device:
    return replace(
        device,
        place_id=None,
        requested_at=None,
        released_at=None,
        activated_at=None,
        suspended_at=None,
        suspend_reason=None,
    )
