"""Opening and ending a test window."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ocppj.vocabulary import Availability, IdToken, StationId
from provisioning.activation.desired import wanted_availability
from provisioning.errors import ProvisioningProblem
from provisioning.records import Device, TestWindow
from provisioning.rules.trying_out import LONGEST, WindowOpening, end_window, open_window

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOKEN = IdToken("TEST-1")
OPENING = WindowOpening(TOKEN, AT, "sam")
SEEN = Device(StationId("s1"), order_id="o1", first_seen_at=AT)


def opened(device: Device = SEEN, opening: WindowOpening = OPENING) -> TestWindow:
    """The window that the change stores."""
    window = open_window(device, opening).devices[device.station_id].after.test_window
    assert window is not None
    return window


def test_its_end_is_asked_for_in_the_change_that_opens_it() -> None:
    """So it comes whatever becomes of the process."""
    change = open_window(SEEN, OPENING)
    assert [(each.kind, each.due_at - AT) for each in change.work] == [
        ("test_begin", timedelta(0)),
        ("test_end", LONGEST),
    ]
    assert [(each.what, each.by) for each in change.acts] == [("test-opened", "sam")]


def test_it_lasts_at_most_a_quarter_of_an_hour() -> None:
    """Whoever asks for more gets that; the token alone does not hold it open."""
    assert opened().until == AT + LONGEST
    assert opened(opening=replace(OPENING, lasts=timedelta(hours=2))).until == AT + LONGEST
    assert opened(opening=replace(OPENING, lasts=timedelta(minutes=1))).until == AT + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("device", "told"),
    [
        (replace(SEEN, order_id=None), "nobody ordered"),
        (replace(SEEN, released_at=AT), "is in service"),
        (replace(SEEN, activated_at=AT), "is in service"),
        (replace(SEEN, first_seen_at=None), "never connected"),
        (None, "E_STATION_UNKNOWN"),
    ],
)
def test_only_a_station_that_is_not_in_service_yet_is_tried_out(device: Device | None, told: str) -> None:
    """The reason is told."""
    with pytest.raises(ProvisioningProblem, match=told):
        open_window(device, OPENING)


def test_it_ends_once() -> None:
    """By its time, or by hand with an act, which takes the place of the end at its time."""
    device = replace(SEEN, test_window=opened())
    by_time, by_hand = end_window(device, AT), end_window(device, AT, "ann")
    assert by_time.devices[SEEN.station_id].after.test_window == replace(opened(), ended_at=AT)
    assert (by_time.acts, by_time.work) == ([], [])
    assert [each.what for each in by_hand.acts] == ["test-ended"]
    assert [(each.kind, each.due_at) for each in by_hand.work] == [("test_end", AT)]
    over = by_time.devices[SEEN.station_id].after
    for known in (over, SEEN, None):
        assert not end_window(known, AT).devices


def test_a_window_holds_until_its_end_however_late_that_is_stored() -> None:
    """And no longer than it was open."""
    window, half = opened(), AT + timedelta(minutes=7)
    assert window.holds_at(AT)
    assert not window.holds_at(AT - timedelta(seconds=1))
    assert not window.holds_at(AT + LONGEST)
    assert not replace(window, ended_at=half).holds_at(half)
    assert replace(window, ended_at=AT + timedelta(hours=1)).holds_at(half)


def test_from_the_window_on_a_station_is_inoperative_until_it_is_active() -> None:
    """Operative for the test alone."""
    device = replace(SEEN, test_window=opened())
    over = replace(device, test_window=replace(opened(), ended_at=AT))
    assert wanted_availability(device, None, AT) is Availability.OPERATIVE
    assert wanted_availability(over, None, AT) is Availability.INOPERATIVE
    assert wanted_availability(replace(over, activated_at=AT), None, AT) is Availability.OPERATIVE
