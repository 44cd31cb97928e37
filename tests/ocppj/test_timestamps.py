"""Times on the wire: what stations really send is read, and nothing raises."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.timestamps import NO_ZONE, UNREADABLE, time_from_wire, time_to_wire

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "finding"),
    [
        ("2026-11-24T12:00:00Z", NOON, None),
        ("2026-11-24T12:00:00.000Z", NOON, None),
        ("2026-11-24T14:00:00+02:00", NOON, None),
        ("2026-11-24T14:00:00+02", NOON, None),  # quirk 56
        (" 2026-11-24T12:00:00.000000000Z ", NOON, None),
        ("2026-11-24T12:00:00", NOON, NO_ZONE),  # quirk 55
        ("222222017-10-27T12:00:00Z", None, UNREADABLE),
        ("2026-02-30T12:00:00Z", None, UNREADABLE),
        ("0001-01-01T00:00:00+14:00", None, UNREADABLE),
        ("", None, UNREADABLE),
        (None, None, None),
        (NOON, NOON, None),
        (NOON.replace(tzinfo=None), NOON, NO_ZONE),
        (NOON.astimezone(timezone(timedelta(hours=5))), NOON, None),
    ],
)
def test_times_of_the_field(text: str | None, expected: datetime | None, finding: str | None) -> None:
    """Each form seen in the field has one reading and, where it is odd, one finding."""
    assert time_from_wire(text) == (expected, finding)


@given(st.datetimes(timezones=st.just(UTC)))
def test_our_own_times_come_back(at: datetime) -> None:
    """To the millisecond."""
    back, finding = time_from_wire(time_to_wire(at))
    assert finding is None
    assert back is not None
    assert abs(at - back) < timedelta(milliseconds=1)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    """A clock never costs a billing message."""
    time_from_wire(text)


def test_we_send_three_digits_and_a_z() -> None:
    """Quirks 32 and 33: neither none nor six."""
    assert time_to_wire(NOON) == "2026-11-24T12:00:00.000Z"
