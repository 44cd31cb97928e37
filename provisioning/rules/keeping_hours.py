"""What a station's availability must be, and what work follows from a change of it. Pure.

The work says nothing of what the station should be: that is looked up when it is done.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from provisioning.change_set import Changed
from provisioning.records import Site
from provisioning.rules.standpoint import Standpoint
from runtime.work.request import Lane, WorkKind, WorkRequest

AVAILABILITY = WorkKind("availability", Lane.CONFIGURATION)
"""A station is told what it should be. Its subject is the station."""
HOURS_EDGE = WorkKind("hours_edge", Lane.CONFIGURATION)
"""A site opens or closes. Its subject is the site."""
AFTER_BOOT = "boot"
"""The key of what is said though the station agreed to it before: it may have forgotten."""
A_MOMENT = timedelta(microseconds=1)


def availability_work(before: Standpoint | None, after: Standpoint, at: datetime) -> WorkRequest | None:
    """What follows for a station from a change: it has something to be told, or not any more."""
    was_wanted = before.wanted(at) if before is not None else None
    is_moved = was_wanted is not after.wanted(at)
    was_pending = before is not None and before.is_pending(at)
    has_agreed_otherwise = before is None or before.device.asserted is not after.device.asserted
    is_due = after.is_pending(at) and (is_moved or has_agreed_otherwise)
    is_needless = is_moved and was_pending  # it takes the place of what waits
    if not (is_due or is_needless):
        return None
    return AVAILABILITY.request(after.device.station_id, at, cause="changed")


def edge_due(site: Site, at: datetime) -> WorkRequest | None:
    """The next time that a site opens or closes, if it ever does."""
    edge = site.hours.next_edge(at) if site.hours is not None else None
    return HOURS_EDGE.request(site.site_id, at, due_at=edge) if edge is not None else None


def edges_moved(sites: Mapping[str, Changed[Site]], at: datetime) -> Iterator[WorkRequest]:
    """What follows from new hours, or from the same in another zone."""
    for site in sites.values():
        before = site.before.hours if site.before is not None else None
        if site.after.hours != before and (edge := edge_due(site.after, at)) is not None:
            yield edge


def is_moved_by_edge(standpoint: Standpoint, edge: datetime, now: datetime) -> bool:
    """Whether an edge matters to a station: it has something to be told, or had a moment before it."""
    return standpoint.is_pending(now) or standpoint.is_pending(edge - A_MOMENT)
