"""Photos of a run: what may be announced, how parts join, and what is no photo."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.blockers import Code
from provisioning.errors import ProvisioningProblem
from provisioning.products.files import Products
from provisioning.records import PhotoPart, RunPhoto
from provisioning.rules import photos
from provisioning.rules.photos import (
    PHOTO_BYTES,
    PhotoClaim,
    announced,
    certified_photos,
    fitting,
    kind_of,
    wanted_photos,
    whole,
)

AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
RB22 = Products.load().by_id["rivebleue-rb22"]
PICTURE = b"\xff\xd8\xff" + bytes(range(200))
CLAIM = PhotoClaim(item="label", sha256=hashlib.sha256(PICTURE).hexdigest(), size=len(PICTURE), taken_at=AT)
PHOTO = announced(CLAIM, RB22, (), AT, "sam")


def refused(code: Code, claim: PhotoClaim, there: tuple[RunPhoto, ...] = ()) -> str:
    """What is told of it."""
    with pytest.raises(ProvisioningProblem) as problem:
        announced(claim, RB22, there, AT, "sam")
    assert problem.value.code is code
    return problem.value.blocker.text.en


def test_the_label_is_always_wanted() -> None:
    """First, where the product does not name it."""
    assert [each.photo for each in wanted_photos(RB22)] == ["label", "breaker"]
    without = RB22.model_copy(update={"photos": RB22.photos[1:]})
    assert [each.photo for each in wanted_photos(without)] == ["label", "breaker"]


def test_a_photo_is_announced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Again, it goes on where it was; nothing else, too long or too much is announced."""
    assert (PHOTO.received, PHOTO.is_whole, PHOTO.taken_at, PHOTO.by) == (0, False, AT, "sam")
    half = replace(PHOTO, received=100)
    assert announced(CLAIM, RB22, (half,), AT, "lea") == half
    assert "wanted are: label, breaker" in refused(Code.PHOTO_UNKNOWN, replace(CLAIM, item="moon"))
    assert "more than 4 MiB" in refused(Code.PHOTO_REFUSED, replace(CLAIM, size=PHOTO_BYTES + 1))
    monkeypatch.setattr(photos, "PHOTOS_OF_RUN", 1)
    assert "photos already" in refused(Code.PHOTO_REFUSED, CLAIM, (replace(PHOTO, sha256="0" * 64),))


@given(st.lists(st.tuples(st.integers(0, 220), st.integers(0, 90)), max_size=12), st.integers(1, 60))
def test_parts_join_in_whatever_order_they_come(strays: list[tuple[int, int]], size: int) -> None:
    """What came already, what leaves a gap and what is beyond the end changes nothing."""
    photo, parts = PHOTO, []
    wanted = [(start, size) for start in range(0, len(PICTURE), size)]
    for start, length in [*strays, *wanted]:
        new = fitting(photo, start, PICTURE[start : start + length])
        if new:
            parts.append(PhotoPart(photo.received, new))
            photo = replace(photo, received=photo.received + len(new))
    assert photo.received == len(PICTURE)
    assert whole(photo, parts[::-1]) == ("image/jpeg", PICTURE)
    assert fitting(replace(photo, kind="image/jpeg"), 0, b"x") == b""


@pytest.mark.parametrize("content", [PICTURE[:-1], PICTURE[:-1] + b"x"])
def test_another_photo_than_was_announced_is_refused(content: bytes) -> None:
    """A byte less, or another byte."""
    with pytest.raises(ProvisioningProblem, match="not what was announced"):
        whole(PHOTO, [PhotoPart(0, content)])


def test_what_is_no_picture_is_refused() -> None:
    """By its content: a name says nothing."""
    content = b"#!/bin/sh"
    claim = replace(CLAIM, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    with pytest.raises(ProvisioningProblem, match="no JPEG"):
        whole(announced(claim, RB22, (), AT, "sam"), [PhotoPart(0, content)])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PICTURE, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nxx", "image/png"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"RIFF1234WAVEfmt ", None),
        (b"<svg", None),
    ],
)
def test_pictures_are_known_by_their_first_bytes(content: bytes, kind: str | None) -> None:
    """Three kinds."""
    assert kind_of(content) == kind


def test_a_certificate_names_the_files_of_what_is_whole() -> None:
    """Two of one item have two names; what is half there is not in it."""
    first = replace(PHOTO, kind="image/jpeg", received=PHOTO.size)
    second = replace(first, sha256="1" * 64, kind="image/png")
    named = certified_photos([first, replace(PHOTO, sha256="2" * 64), second])
    assert [each.name for each in named] == ["label.jpg", "label-2.png"]
    assert (named[0].sha256, named[0].bytes, named[0].item) == (first.sha256, len(PICTURE), "photo-label")
    assert named[0].taken_at == AT
