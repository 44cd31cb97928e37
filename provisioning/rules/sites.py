"""What a change of a site, its hours, its list or its tariffs comes to, for it and for its stations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ocppj.vocabulary import IdToken
from provisioning.activation.runs import ActivationRun, StepName
from provisioning.blockers import Code
from provisioning.change_set import ChangeSet
from provisioning.errors import ProvisioningProblem
from provisioning.records import Device, Site
from provisioning.rules.activation_requests import ActivationRequest, request_act, request_activation

Stations = Sequence[tuple[Device, ActivationRun | None]]


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is stored of a site. `stations` are those on it that take what changes, with their runs."""

    site: Site | None
    is_name_taken: bool = False
    is_tariff_known: bool = True
    needs_billing: bool = False
    """The tariff that it is to have has a price that waits for billing."""
    stations: Stations = ()


def added(facts: SiteFacts, site: Site) -> ChangeSet:
    """A new site. Raises ProvisioningProblem: E_NAME_TAKEN, E_TARIFF_UNKNOWN, E_FLEX_REQUIRED."""
    _check(facts, site)
    change = ChangeSet("site added")
    change.put_site(None, site)
    return change


def changed(
    facts: SiteFacts, site_id: str, fields: Mapping[str, Any], activation: ActivationRequest
) -> ChangeSet:
    """A site with other fields of its own; a new tariff or zone goes to its stations.

    Raises ProvisioningProblem: E_SITE_UNKNOWN, E_NAME_TAKEN, E_TARIFF_UNKNOWN, E_ZONE_UNKNOWN,
    E_FLEX_REQUIRED.
    """
    before = facts.site
    if before is None:
        raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
    after = replace(before, **fields)
    zone = zone_named(after.zone)
    if after.hours is not None:
        after = replace(after, hours=replace(after.hours, zone=zone))
    _check(facts, after)
    change = ChangeSet(f"site changed by {activation.by}")
    change.put_site(before, after)
    names = steps_for(before, after)
    if names:
        request_activations(change, facts.stations, replace(activation, names=names))
    change.about |= {device.station_id for device, _ in facts.stations}
    return change


def steps_for(before: Site, after: Site) -> tuple[StepName, ...]:
    """The steps that send its stations what changed."""
    steps = []
    if after.zone != before.zone:
        steps.append(StepName.CLOCK)
    if after.tariff_id != before.tariff_id:
        steps.append(StepName.TARIFF)
    return tuple(steps)


def listed(
    facts: SiteFacts, site_id: str, tokens: Sequence[IdToken], activation: ActivationRequest
) -> ChangeSet:
    """A site with another authorization list, which its stations get. Raises ProvisioningProblem."""
    if facts.site is None:
        raise ProvisioningProblem(Code.SITE_UNKNOWN, id=site_id)
    distinct = {token.key: token for token in tokens}
    change = ChangeSet("list changed")
    in_order = tuple(distinct[key] for key in sorted(distinct))
    change.put_site(facts.site, replace(facts.site, tokens=in_order))
    request_activations(change, facts.stations, activation)
    return change


def request_activations(change: ChangeSet, stations: Stations, activation: ActivationRequest) -> None:
    """Ask the stations for steps again; those whose activation nobody asked for yet get it then anyway."""
    for number, (device, run) in enumerate(stations):
        if device.requested_at is not None:
            one = (
                activation if run is not None else replace(activation, run_id=f"{activation.run_id}-{number}")
            )
            change.acts.append(request_act(request_activation(change, device, run, one), one))


def zone_named(name: str) -> ZoneInfo:
    """A time zone. Raises ProvisioningProblem: E_ZONE_UNKNOWN."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ProvisioningProblem(Code.ZONE_UNKNOWN, zone=name) from error


def _check(facts: SiteFacts, site: Site) -> None:
    if not facts.is_tariff_known:
        raise ProvisioningProblem(Code.TARIFF_UNKNOWN, id=site.tariff_id)
    if facts.is_name_taken:
        raise ProvisioningProblem(Code.NAME_TAKEN, name=site.name)
    if facts.needs_billing:
        raise ProvisioningProblem(Code.FLEX_REQUIRED, organisation=site.organisation_id)
