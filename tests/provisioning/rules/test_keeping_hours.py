"""What work follows from a change of a station's availability, and when a site opens or closes next."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from charging.calendar import OpeningHours, Period
from ocppj.vocabulary import Availability, StationId
from provisioning.change_set import Changed
from provisioning.lifecycle import Lifecycle
from provisioning.records import Device, Site
from provisioning.rules.keeping_hours import (
    HOURS_EDGE,
    availability_work,
    edge_due,
    edges_moved,
    is_moved_by_edge,
)
from provisioning.rules.standpoint import Standpoint

MONTREAL = ZoneInfo("America/Montreal")
DAY = OpeningHours(MONTREAL, ((Period(time(8), time(21)),),) * 7)
CLOSED_AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)  # 7:00 there
OPENS_AT = datetime(2026, 1, 5, 13, 0, tzinfo=UTC)
OPEN, CLOSED = Availability.OPERATIVE, Availability.INOPERATIVE
SITE = Site("site", "Port", "America/Montreal", hours=DAY)
KEPT = Standpoint(
    Device(StationId("s1"), asserted=CLOSED), SITE, None, Lifecycle.ACTIVE, is_quiet=False, may_charge=True
)


def agreed(standpoint: Standpoint, asserted: Availability | None) -> Standpoint:
    """The same station, which agreed to something else."""
    return replace(standpoint, device=replace(standpoint.device, asserted=asserted))


@pytest.mark.parametrize(
    ("standpoint", "wanted"),
    [
        (KEPT, CLOSED),
        (replace(KEPT, site=None), OPEN),
        (replace(KEPT, state=Lifecycle.SUSPENDED), CLOSED),
        (replace(KEPT, is_quiet=True), None),
        (replace(KEPT, state=None), None),
        (replace(KEPT, state=Lifecycle.CONFIGURING), None),
        (replace(KEPT, state=Lifecycle.POWERED, site=None), CLOSED),
        (replace(KEPT, state=Lifecycle.POWERED, may_charge=False), None),
    ],
)
def test_what_a_station_must_be(standpoint: Standpoint, wanted: Availability | None) -> None:
    """Hours and suspensions; whoever is accepted without a place must not charge (R7)."""
    assert standpoint.wanted(CLOSED_AT) is wanted


def asks(before: Standpoint | None, after: Standpoint) -> bool:
    """Whether work follows."""
    return availability_work(before, after, CLOSED_AT) is not None


def test_work_follows_where_something_must_be_said() -> None:
    """Other hours, another site, the end of a test, an activation: whatever moved it."""
    always = replace(KEPT, site=replace(SITE, hours=None))
    assert asks(KEPT, always)
    assert asks(replace(KEPT, is_quiet=True, site=None), replace(KEPT, site=None))
    assert asks(None, agreed(KEPT, OPEN))
    request = availability_work(KEPT, always, CLOSED_AT)
    assert request is not None
    assert (request.subject, request.due_at, request.key) == ("s1", CLOSED_AT, "")


def test_no_work_follows_where_nothing_moved() -> None:
    """Nor where it agreed to what it should be: that is how the work ends."""
    pending = agreed(KEPT, OPEN)
    assert not asks(KEPT, KEPT)
    assert not asks(pending, pending)
    assert not asks(pending, KEPT)
    assert not asks(None, KEPT)


def test_work_follows_from_an_agreement_that_came_too_late() -> None:
    """It agreed to what it should have been before."""
    assert asks(agreed(KEPT, None), agreed(KEPT, OPEN))


def test_work_that_has_become_needless_is_replaced() -> None:
    """A station that is not connected was to close, and need not any more."""
    pending = agreed(KEPT, OPEN)
    assert asks(pending, replace(pending, site=None))


def test_an_edge_is_due_at_the_next_opening() -> None:
    """None where a site is always open, or has no hours."""
    edge = edge_due(SITE, CLOSED_AT)
    assert edge is not None
    assert (edge.kind, edge.subject, edge.due_at) == (HOURS_EDGE.name, "site", OPENS_AT)
    assert edge_due(replace(SITE, hours=None), CLOSED_AT) is None
    assert edge_due(replace(SITE, hours=OpeningHours(MONTREAL, None)), CLOSED_AT) is None


def test_new_hours_or_another_zone_move_the_edge() -> None:
    """Nothing else of a site does."""
    west = replace(SITE, hours=replace(DAY, zone=ZoneInfo("America/Vancouver")))
    changes = {
        "new": Changed(None, SITE),
        "zone": Changed(SITE, west),
        "name": Changed(SITE, replace(SITE, name="Baie")),
        "none": Changed(SITE, replace(SITE, hours=None)),
    }
    due = [each.due_at for each in edges_moved(changes, CLOSED_AT)]
    assert due == [OPENS_AT, OPENS_AT + timedelta(hours=3)]


def test_an_edge_matters_to_whoever_has_something_to_be_told() -> None:
    """Now, or a moment before it: then what waits has become needless."""
    assert is_moved_by_edge(KEPT, OPENS_AT, OPENS_AT)
    assert is_moved_by_edge(agreed(KEPT, OPEN), OPENS_AT, OPENS_AT)
    assert not is_moved_by_edge(replace(KEPT, is_quiet=True), OPENS_AT, OPENS_AT)
    assert not is_moved_by_edge(agreed(replace(KEPT, site=None), OPEN), OPENS_AT, OPENS_AT)
