"""Times on the wire: what stations really send is read, and nothing raises."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj.codec import codec_for
from ocppj.findings import TIME_WITHOUT_ZONE, UNREADABLE_TIME
from ocppj.timestamps import deadline_from_wire, read_time, time_from_wire, time_to_wire
from ocppj.versions import OcppVersion

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "finding"),
    [
        ("2026-11-24T12:00:00Z", NOON, None),
        ("2026-11-24T12:00:00.000Z", NOON, None),
        ("2026-11-24T14:00:00+02:00", NOON, None),
        ("2026-11-24T14:00:00+02", NOON, None),  # quirk 56
        (" 2026-11-24T12:00:00.000000000Z ", NOON, None),
        ("2026-11-24t12:00:00z", NOON, None),
        ("2026-11-24T11:59:60Z", NOON, None),
        ("2026-11-24T13:59:60.000+02:00", NOON, None),
        ("2026-11-24T11:60:60Z", None, UNREADABLE_TIME),
        ("9999-12-31T23:59:60Z", None, UNREADABLE_TIME),
        ("2026-11-24T12:00:00", NOON, TIME_WITHOUT_ZONE),  # quirk 55
        ("222222017-10-27T12:00:00Z", None, UNREADABLE_TIME),
        ("2026-02-30T12:00:00Z", None, UNREADABLE_TIME),
        ("0001-01-01T00:00:00+14:00", None, UNREADABLE_TIME),
        ("", None, UNREADABLE_TIME),
        (None, None, None),
        (NOON, NOON, None),
        (NOON.replace(tzinfo=None), NOON, TIME_WITHOUT_ZONE),
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


@given(
    st.dates(date(1, 1, 2), date(9999, 12, 30)),
    st.integers(0, 86_400),
    st.sampled_from(["", ".5", ".50", ".500000000"]),
    st.integers(-1439, 1439),
    st.booleans(),
)
def test_what_strict_decoding_accepts_can_be_computed_with(
    day: date, second: int, fraction: str, offset_min: int, is_small: bool
) -> None:
    """Each time of RFC 3339, the leap second at the end of the day too."""
    hours, minutes = divmod(abs(offset_min), 60)
    zone = f"{'-' if offset_min < 0 else '+'}{hours:02}:{minutes:02}" if offset_min else "Z"
    clock = "23:59:60" if second == 86_400 else f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    text = f"{day}T{clock}{fraction}{zone}"
    text = text.lower() if is_small else text
    payload = json.dumps({"currentTime": text}).encode()
    codec_for(OcppVersion.V16).decode_response("Heartbeat", payload, lenient=False)
    at, finding = time_from_wire(text)
    midnight = datetime.combine(day, time(), UTC)
    half = timedelta(milliseconds=500) if fraction else timedelta()
    assert finding is None
    assert at == midnight + timedelta(seconds=second) + half - timedelta(minutes=offset_min)


@pytest.mark.held_before("the quicker way to write a time must write the same")
@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_has_three_digits_of_a_second_and_a_z(at: datetime) -> None:
    """Cut, not rounded: an answer is never of the future."""
    assert time_to_wire(at) == at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_what_is_odd_about_a_time_is_noted_once() -> None:
    """The codec may have said so before."""
    findings: list[str] = []
    for text in ("2026-11-24T12:00:00", "2026-11-24T12:00:00"):
        assert read_time(text, findings) == NOON
    assert read_time("2026-11-24T12:00:00Z", findings) == NOON
    assert findings == [TIME_WITHOUT_ZONE]
    assert read_time("soon", findings) is None
    assert findings == [TIME_WITHOUT_ZONE, UNREADABLE_TIME]


def test_a_deadline_that_cannot_be_read_has_passed() -> None:
    """Nothing holds for ever because of a wrong clock."""
    assert deadline_from_wire("2026-11-24T12:00:00Z") == NOON
    for text in ("soon", None):
        assert deadline_from_wire(text) == datetime(1970, 1, 1, tzinfo=UTC)
