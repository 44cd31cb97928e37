"""The chain of a run's frames: nothing can be taken out, put in, changed or exchanged."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.certificate.chain import FrameChain, frames_file, link, refused_frames
from charging.certificate.document import canonical
from charging.certificate.reasons import RefusalReason
from tests.support.certificates import certificate, frames_of, handed_over

WHOLE = handed_over()
SAID = WHOLE.signed.certificate


def reasons(text: bytes) -> list[RefusalReason]:
    """Why it is refused."""
    return [each.reason for each in refused_frames(SAID, text)]


def lines_of(text: bytes) -> list[bytes]:
    """With their ends."""
    return text.splitlines(keepends=True)


def rechained(lines: list[bytes]) -> bytes:
    """The same frames, numbered and chained anew, as a forger would."""
    start, *frames = (json.loads(each) for each in lines)
    chain = FrameChain(start["run"], start["station"])
    made = [chain.add(each["sender"], each["at"], each["us"], each["raw"]) for each in frames]
    return frames_file(chain.start, made)


def test_the_frames_of_the_run_are_taken() -> None:
    """As they were written."""
    assert reasons(WHOLE.frames) == []


@given(st.integers(1, 6))
def test_a_frame_left_out_is_missed(number: int) -> None:
    """Whichever it is; with the numbers as they were, put right, and with the whole chain made anew."""
    lines = lines_of(WHOLE.frames)
    del lines[number]
    is_last = number == 6
    assert reasons(b"".join(lines)) == [
        RefusalReason.FRAMES_MISSING if is_last else RefusalReason.FRAME_LEFT_OUT
    ]
    renumbered = [
        lines[0],
        *(canonical(json.loads(each) | {"n": n}) + b"\n" for n, each in enumerate(lines[1:], 1)),
    ]
    assert reasons(b"".join(renumbered)) == [
        RefusalReason.FRAMES_MISSING if is_last else RefusalReason.FRAME_CHANGED
    ]
    assert reasons(rechained(lines)) == [RefusalReason.FRAMES_MISSING]


@given(st.permutations(range(1, 7)))
def test_frames_in_another_order_are_refused(order: list[int]) -> None:
    """Also with the chain made anew."""
    lines = lines_of(WHOLE.frames)
    text = rechained([lines[0], *(lines[each] for each in order)])
    assert reasons(text) == ([] if order == sorted(order) else [RefusalReason.CHAIN_OF_OTHERS])


@given(st.integers(0, len(WHOLE.frames) - 1), st.integers(1, 255))
def test_any_byte_that_is_flipped_is_noticed(place: int, change: int) -> None:
    """Spaces and line ends too: a line has one spelling."""
    text = bytearray(WHOLE.frames)
    text[place] ^= change
    assert reasons(bytes(text)) != []


def test_a_frame_more_is_refused() -> None:
    """Put in at the end, chained rightly."""
    lines = lines_of(WHOLE.frames)
    assert reasons(rechained([*lines, lines[-1]])) == [RefusalReason.FRAMES_ADDED]


def test_a_changed_frame_is_refused() -> None:
    """Its text, its time, who sent it."""
    for key, value in (("raw", "[]"), ("at", "2026-11-24T13:30:09Z"), ("us", 7), ("sender", "csms")):
        lines = lines_of(WHOLE.frames)
        lines[3] = canonical(json.loads(lines[3]) | {key: value}) + b"\n"
        assert reasons(b"".join(lines)) == [RefusalReason.FRAME_CHANGED]
        assert reasons(rechained(lines)) == [RefusalReason.CHAIN_OF_OTHERS]


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        (handed_over(station="0011223344AA"), RefusalReason.FRAMES_OF_ANOTHER_STATION),
        (handed_over(run="run-2"), RefusalReason.FRAMES_OF_ANOTHER_RUN),
    ],
)
def test_the_frames_of_others_are_refused(other: object, wanted: RefusalReason) -> None:
    """Another station's, and another run's of the same station."""
    assert reasons(other.frames) == [wanted]  # type: ignore[attr-defined] # a HandedOver


def test_frames_of_others_under_our_name_are_refused() -> None:
    """The first link binds run and station: their hashes cannot follow it."""
    theirs = lines_of(handed_over(station="0011223344AA").frames)
    assert reasons(b"".join([lines_of(WHOLE.frames)[0], *theirs[1:]])) == [RefusalReason.FRAME_CHANGED]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: b"",
        lambda text: text[:-1],
        lambda text: b"{}\n",
        lambda text: text.replace(b'"n":2', b'"n": 2'),
        lambda text: text + b"[]\n",
        lambda text: b"\xff\n",
    ],
)
def test_what_cannot_be_read_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    """Not a frame, not the one spelling, cut short."""
    assert reasons(spoil(WHOLE.frames)) == [RefusalReason.FRAMES_UNREADABLE]


def test_a_link_hashes_all_that_it_says() -> None:
    """Nothing passes from one field into the next."""
    links = {
        link("a", "station", "t", 1, "x"),
        link("b", "station", "t", 1, "x"),
        link("a", "csms", "t", 1, "x"),
        link("a", "station", "u", 1, "x"),
        link("a", "station", "t", 2, "x"),
        link("a", "station", "t", 1, "y"),
        link("a", "station", 't",1', 1, "x"),
    }
    assert len(links) == 7


def test_a_run_without_frames_has_a_chain() -> None:
    """Nothing was said; the start stands alone."""
    chain = FrameChain("run-1", "02B016C3F7A0")
    assert refused_frames(certificate(chain.head, 0), frames_file(chain.start, [])) == []
    assert frames_of(chain, 1)[0].hash == chain.head
