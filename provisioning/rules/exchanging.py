"""Two boxes that were claimed the wrong way round, and one that takes the place of a defective one. Pure.

Place, price, hours and access stay where they are; both boxes keep their histories, with dated assignments.
"""

from dataclasses import dataclass, replace

from csms.domain.audit import Change
from ocppj.vocabulary import StationId
from provisioning.activation.runs import ActivationRun, StepName
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet, NoteTopic
from provisioning.errors import ProvisioningProblem, unknown_station
from provisioning.records import Assignment, Device, Place, Site
from provisioning.rules.activation_requests import ActivationRequest, request_act, request_activation
from provisioning.rules.sites import steps_for
from runtime.audit import Act

EXCHANGED = "exchanged"
"""Why an assignment began."""


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """A box, its run, and where it is."""

    station_id: StationId
    device: Device | None
    run: ActivationRun | None
    place: Place | None
    site: Site | None


def exchanged(
    one: PlacedBox, other: PlacedBox, activation: ActivationRequest, ids: tuple[str, str]
) -> ChangeSet:
    """Each at the other's place, and told what is different there; the parts of one change.

    Boxes of two organisations were not claimed the wrong way round: the other one is unknown here, whoever
    asks. Raises ProvisioningProblem: E_SAME_STATION, E_NOT_LOCALIZED, E_STATION_UNKNOWN.
    """
    if one.station_id == other.station_id:
        raise ProvisioningProblem(Code.SAME_STATION)
    sites = one.site, other.site
    if None not in sites and len({each.organisation_id for each in sites if each is not None}) > 1:
        raise unknown_station(other.station_id)
    change = ChangeSet(f"exchanged by {activation.by}")
    for box, there, assignment_id in ((one, other, ids[0]), (other, one, ids[1])):
        _put(change, box, there, activation, assignment_id)
    return change


def make_room(change: ChangeSet, old: Device, new: StationId, activation: ActivationRequest) -> None:
    """A box leaves its place because another one takes it: it has to be claimed and activated anew."""
    change.note(old.station_id, NoteTopic.ACTIVATION, None)
    change.closed[old.station_id] = activation.at
    change.ended_runs[old.station_id] = activation.at
    change.put(old, unactivated(old))
    swapped = Change.SWAPPED.value
    change.acts.append(
        Act(old.station_id, activation.at, activation.by, swapped, result=new, reference=old.place_id)
    )


def unactivated(device: Device) -> Device:
    """It is nowhere, and nobody asked for its activation."""
    return replace(
        device,
        place_id=None,
        requested_at=None,
        released_at=None,
        activated_at=None,
        suspended_at=None,
        suspend_reason=None,
    )


def new_steps(before: Site, after: Site) -> tuple[StepName, ...]:
    """What a box has to be told that comes from one site to another."""
    lists = before.tokens, before.is_list_exclusive
    is_listed_otherwise = lists != (after.tokens, after.is_list_exclusive)
    return (*steps_for(before, after), *((StepName.ACCESS_LIST,) if is_listed_otherwise else ()))


def _put(
    change: ChangeSet, box: PlacedBox, there: PlacedBox, activation: ActivationRequest, assignment_id: str
) -> None:
    device, here = box.device, box.site
    if device is None or box.place is None or here is None:
        raise ProvisioningProblem(Code.NOT_LOCALIZED, id=box.station_id)
    if there.place is None or there.site is None:
        raise ProvisioningProblem(Code.NOT_LOCALIZED, id=there.station_id)
    place, station_id = there.place, box.station_id
    change.closed[station_id] = activation.at
    change.opened.append(
        Assignment(assignment_id, station_id, place.place_id, activation.at, EXCHANGED, activation.by)
    )
    moved = replace(device, place_id=place.place_id)
    change.put(device, moved)
    what = Change.EXCHANGED.value
    change.acts.append(
        Act(station_id, activation.at, activation.by, what, result=place.name, reference=place.place_id)
    )
    names = new_steps(here, there.site)
    if names and device.requested_at is not None:
        own = replace(
            activation,
            names=names,
            run_id=f"{activation.run_id}-{assignment_id[:8]}",
            is_requested_here=False,
        )
        change.acts.append(request_act(request_activation(change, moved, box.run, own), own))
