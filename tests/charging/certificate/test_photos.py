"""Photos held against the hashes that were signed."""

import pytest

from charging.certificate.document import CertifiedPhoto
from charging.certificate.photos import photo_hash, refused_photos
from charging.certificate.reasons import RefusalReason

A, B, OTHER = (photo_hash(each) for each in (b"a", b"b", b"other"))
TWO = (CertifiedPhoto("a.jpg", A, 1), CertifiedPhoto("b.jpg", B, 1))


@pytest.mark.parametrize(
    ("photos", "found", "wanted"),
    [
        (TWO, {"a.jpg": A, "b.jpg": B}, []),
        (TWO, {"a.jpg": A, "b.jpg": B, "more.jpg": OTHER}, []),
        (TWO, {"IMG_1.jpg": A, "b.jpg": B}, []),
        (TWO, {"a.jpg": A, "b.jpg": OTHER}, [RefusalReason.PHOTO_CHANGED]),
        (TWO, {"a.jpg": B, "b.jpg": A}, [RefusalReason.PHOTO_SWAPPED] * 2),
        (TWO, {"a.jpg": A}, [RefusalReason.PHOTO_MISSING]),
        (TWO, {}, [RefusalReason.PHOTO_MISSING] * 2),
        (TWO, {"a.jpg": OTHER, "b.jpg": OTHER}, [RefusalReason.PHOTOS_OF_ANOTHER_RUN]),
        (TWO, {"c.jpg": OTHER}, [RefusalReason.PHOTOS_OF_ANOTHER_RUN]),
        (TWO[:1], {"a.jpg": OTHER}, [RefusalReason.PHOTO_CHANGED]),
        (TWO[:1], {"c.jpg": OTHER}, [RefusalReason.PHOTOS_OF_ANOTHER_RUN]),
        ((), {"c.jpg": OTHER}, []),
        ((), {}, []),
    ],
)
def test_a_photo_is_known_by_its_bytes(
    photos: tuple[CertifiedPhoto, ...], found: dict[str, str], wanted: list[RefusalReason]
) -> None:
    """Renamed it is still itself, but no photo of the run passes for another one."""
    assert [each.reason for each in refused_photos(photos, found)] == wanted


def test_a_refusal_names_the_photo() -> None:
    """And the one that lies in its place."""
    (first, _) = refused_photos(TWO, {"a.jpg": B, "b.jpg": A})
    assert first.text("en") == "Under the name a.jpg there is another photo of the run, b.jpg."
