"""Frames as lines, and each CALL with its answer."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from console.exchanges import FrameHistory, answer_time_ms, frame_line, frame_style

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


def history(*frames: dict[str, Any]) -> FrameHistory:
    """A log of these."""
    kept = FrameHistory()
    for frame in frames:
        kept.add(frame)
    return kept


def numbers(kept: FrameHistory, seq: int) -> list[int]:
    """The frames that are shown with this one."""
    return [frame["seq"] for frame in kept.exchange(seq)]


def test_frames_are_lines() -> None:
    """With time, direction, kind and action; indented over several."""
    assert frame_line(CALL, is_pretty=False) == '12:00:00.250 ← call       Reset {"type": "Soft"}'
    assert frame_line(CALL, is_pretty=True).count("\n") == 3
    broken = {**CALL, "kind": "unreadable", "action": None, "direction": "in", "raw": "<b>"}
    assert frame_line(broken, is_pretty=True) == "12:00:00.250 → unreadable  <b>"
    assert [frame_style(each) for each in (CALL, ANSWER, broken)] == ["out", "in", "fault"]


def test_a_call_and_its_answer_are_shown_together() -> None:
    """Whichever of the two was picked, with the time between them."""
    kept = history(CALL, ANSWER)
    assert numbers(kept, 1) == numbers(kept, 2) == [1, 2]
    assert answer_time_ms(kept.exchange(2)) == 12
    assert answer_time_ms(history(CALL).exchange(1)) is None
    assert answer_time_ms(history(ANSWER).exchange(2)) is None


def test_both_sides_may_use_one_message_id() -> None:
    """Each side numbers its own CALLs (OCPP-J 1.6 §4.1.4); another connection begins anew."""
    theirs = CALL | {"seq": 3, "direction": "in", "action": "Heartbeat"}
    answered = ANSWER | {"seq": 4, "direction": "out", "action": "Heartbeat"}
    later = CALL | {"seq": 5, "epoch": 8}
    kept = history(CALL, theirs, answered, ANSWER, later)
    assert numbers(kept, 1) == [1, 2]
    assert numbers(kept, 4) == [3, 4]
    assert numbers(kept, 5) == [5]


def test_stations_that_never_change_the_message_id_are_followed() -> None:
    """A new CALL begins a new exchange."""
    again = CALL | {"seq": 3}, ANSWER | {"seq": 4}
    kept = history(CALL, ANSWER, *again)
    assert numbers(kept, 2) == [1, 2]
    assert numbers(kept, 3) == numbers(kept, 4) == [3, 4]


def test_what_nobody_could_read_stands_alone() -> None:
    """It has no message id; and what fell out of the log is gone."""
    broken = CALL | {"seq": 3, "kind": "unreadable", "message_id": None}
    kept = history(broken, broken | {"seq": 4})
    assert numbers(kept, 4) == [4]
    assert numbers(kept, 9) == []


def test_an_error_about_an_answer_belongs_to_its_call() -> None:
    """CALLRESULTERROR of OCPP 2.1: the side that asked could not read the answer."""
    complaint = CALL | {"seq": 3, "kind": "result_error"}
    assert numbers(history(CALL, ANSWER, complaint), 2) == [1, 2, 3]


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
    kept = history(
        *(
            CALL | {"seq": seq, "kind": kind, "direction": way, "message_id": name}
            for seq, (kind, way, name) in enumerate(told)
        )
    )
    for seq in range(len(told)):
        found = numbers(kept, seq)
        assert seq in found
        assert found == sorted(found)
        assert sum(told[each][0] in ("call", "send") for each in found) <= 1
