"""What lists of stations are filtered, searched and put in order by, of what is known here: `OwnedStation`s.

They are kept with the central system, on the rows of stations, and written with the change that they follow
from; only those that are not as they were.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from access.principals import DEFAULT
from charging.mac import find_mac
from csms.domain.station_lists import OwnedStation
from ocppj.vocabulary import StationId
from provisioning.change_set import Changed, ChangeSet
from provisioning.gates.lifecycle_status import LifecycleStatus
from provisioning.known_facts import KnownFacts
from provisioning.lifecycle import IN_SERVICE
from provisioning.lifecycle_moves import Move
from provisioning.records import Device, Place, Site

T = TypeVar("T")


def owned_station(
    device: Device, lifecycle_status: LifecycleStatus, place: Place | None, site: Site | None
) -> OwnedStation:
    """Of one station."""
    labels = [mac.label for name in device.macs if (mac := find_mac(name))]
    names = [*labels, lifecycle_status.state.value]
    if place is not None and site is not None:
        names += [place.name, site.name]
    return OwnedStation(
        station_id=device.station_id,
        lifecycle=lifecycle_status.state.value,
        label=labels[0] if labels else None,
        site_id=site.site_id if site is not None else None,
        organisation_id=site.organisation_id if site is not None else DEFAULT,
        place_name=place.name if place is not None else None,
        words="\n".join(names).casefold(),
        in_the_way=len(lifecycle_status.in_the_way),
        who_clears=lifecycle_status.who_clears.value if lifecycle_status.who_clears else None,
        is_due_online=lifecycle_status.state in IN_SERVICE,
    )


def owned_stations(known: KnownFacts) -> Iterator[OwnedStation]:
    """All, as memory has them."""
    for station_id in known.devices:
        owned = _owned_now(known, station_id)
        if owned is not None:
            yield owned


def _owned_now(known: KnownFacts, station_id: StationId) -> OwnedStation | None:
    device, lifecycle_status = known.devices.get(station_id), known.lifecycle_status(station_id)
    if device is None or lifecycle_status is None:
        return None
    return owned_station(device, lifecycle_status, known.place_of(station_id), known.site_of(station_id))


def owned_after(known: KnownFacts, change: ChangeSet, moves: list[Move]) -> list[OwnedStation]:
    """Those that a change makes other than they were; memory is as it was before it."""
    lifecycle_statuses = {each.station_id: each.now for each in moves}
    found = []
    for station_id in dict.fromkeys((*lifecycle_statuses, *_renamed(known, change))):
        put = change.devices.get(station_id)
        device = put.after if put is not None else known.devices.get(station_id)
        lifecycle_status = lifecycle_statuses.get(station_id) or known.lifecycle_status(station_id)
        if device is None or lifecycle_status is None or station_id in change.gone:
            continue
        place = _after(device.place_id or "", change.places, known.places)
        site = _after(place.site_id, change.sites, known.sites) if place is not None else None
        owned = owned_station(device, lifecycle_status, place, site)
        if owned != _owned_now(known, station_id):
            found.append(owned)
    return found


def _after(key: str, changed: Mapping[str, Changed[T]], known: Mapping[str, T]) -> T | None:
    return changed[key].after if key in changed else known.get(key)


def _renamed(known: KnownFacts, change: ChangeSet) -> Iterator[StationId]:
    """The stations at places that go by another name, or on sites that do."""
    for place_id, place in change.places.items():
        there = known.station_at(place_id)
        if there is not None and place.before != place.after:
            yield there
    for site_id, site in change.sites.items():
        if site.before is not None and site.before.name != site.after.name:
            yield from known.stations_on(site_id)
