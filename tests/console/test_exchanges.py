"""Frames as lines, and each CALL with its answer."""

from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from console.exchanges import answer_time_ms, exchanges_of, frame_head, frame_style, grouped, payload_text

CALL = {
    "seq": 1,
    "epoch": 7,
    "message_id": "m1",
    "at": "2026-01-05T12:00:00.250000Z",
    "direction": "out",
    "kind": "call",
    "action": "Reset",
    "payload": {"type": "Soft"},
    "raw": "",
}
ANSWER = CALL | {
    "seq": 2,
    "at": "2026-01-05T12:00:00.262000Z",
    "direction": "in",
    "kind": "result",
    "payload": {},
}


def numbers(frames: Iterable[dict[str, Any]], seq: int) -> list[int]:
    """The frames that are shown with this one."""
    found = [[frame["seq"] for frame in each] for each in grouped(frames)]
    return next((each for each in found if seq in each), [])


def test_frames_are_told() -> None:
    """With time, direction, kind; indented over several lines; what nobody could read as it came."""
    assert frame_head(CALL) == "12:00:00.250 ← call"
    assert payload_text(CALL, is_pretty=False) == '{"type": "Soft"}'
    assert payload_text(CALL, is_pretty=True).count("\n") == 2
    broken = {**CALL, "kind": "unreadable", "action": None, "direction": "in", "raw": "<b>"}
    assert payload_text(broken, is_pretty=True) == "<b>"
    assert [frame_style(each) for each in (CALL, ANSWER, broken)] == ["out", "in", "fault"]


def test_a_call_and_its_answer_are_one_row() -> None:
    """With the action, how long it took, and both as they were sent; a fault in either marks it."""
    (row,) = exchanges_of([CALL, ANSWER])
    assert (row["title"], row["took_ms"], row["look"], row["is_call"]) == ("Reset", 12, "out", True)
    assert [each["head"] for each in row["frames"]] == ["12:00:00.250 ← call", "12:00:00.262 → result"]
    (row,) = exchanges_of([CALL, ANSWER | {"kind": "error"}])
    assert row["look"] == "fault"


def test_a_call_and_its_answer_are_shown_together() -> None:
    """Whichever of the two was picked, with the time between them."""
    kept = [CALL, ANSWER]
    assert numbers(kept, 1) == numbers(kept, 2) == [1, 2]
    assert answer_time_ms(grouped(kept)[0]) == 12
    assert answer_time_ms([CALL]) is None
    assert answer_time_ms([ANSWER]) is None


def test_both_sides_may_use_one_message_id() -> None:
    """Each side numbers its own CALLs (OCPP-J 1.6 §4.1.4); another connection begins anew."""
    theirs = CALL | {"seq": 3, "direction": "in", "action": "Heartbeat"}
    answered = ANSWER | {"seq": 4, "direction": "out", "action": "Heartbeat"}
    later = CALL | {"seq": 5, "epoch": 8}
    kept = [CALL, theirs, answered, ANSWER, later]
    assert numbers(kept, 1) == [1, 2]
    assert numbers(kept, 4) == [3, 4]
    assert numbers(kept, 5) == [5]


def test_stations_that_never_change_the_message_id_are_followed() -> None:
    """A new CALL begins a new exchange."""
    again = CALL | {"seq": 3}, ANSWER | {"seq": 4}
    kept = [CALL, ANSWER, *again]
    assert numbers(kept, 2) == [1, 2]
    assert numbers(kept, 3) == numbers(kept, 4) == [3, 4]


def test_what_nobody_could_read_stands_alone() -> None:
    """It has no message id; and what fell out of the log is gone."""
    broken = CALL | {"seq": 3, "kind": "unreadable", "message_id": None}
    kept = [broken, broken | {"seq": 4}]
    assert numbers(kept, 4) == [4]
    assert numbers(kept, 9) == []


def test_an_error_about_an_answer_belongs_to_its_call() -> None:
    """CALLRESULTERROR of OCPP 2.1: the side that asked could not read the answer."""
    complaint = CALL | {"seq": 3, "kind": "result_error"}
    assert numbers([CALL, ANSWER, complaint], 2) == [1, 2, 3]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["call", "result", "error", "send", "result_error", "unreadable"]),
            st.sampled_from(["in", "out"]),
            st.sampled_from(["a", "b"]),
        ),
        max_size=30,
    )
)
def test_every_frame_is_in_its_own_exchange(told: list[tuple[str, str, str]]) -> None:
    """Whatever stations send, what was picked is shown, in order, with at most one CALL."""
    kept = [
        CALL | {"seq": seq, "kind": kind, "direction": way, "message_id": name}
        for seq, (kind, way, name) in enumerate(told)
    ]
    for seq in range(len(told)):
        found = numbers(kept, seq)
        assert seq in found
        assert found == sorted(found)
        assert sum(told[each][0] in ("call", "send") for each in found) <= 1
