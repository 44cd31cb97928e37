"""A photo as a camera made it: smaller, upright, and what stood in it beside it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from console.label_photo import PhotoError
from console.run_photo import SIDE_PX, read_photo, smaller
from runtime.threads import inline

TAKEN: dict[int, str] = {
    ExifTags.Base.DateTimeOriginal: "2026:01:05 07:30:00",
    ExifTags.Base.OffsetTimeOriginal: "-05:00",
}
GPS: dict[int, object] = {
    ExifTags.GPS.GPSLatitudeRef: "N",
    ExifTags.GPS.GPSLatitude: (45.0, 30.0, 36.0),
    ExifTags.GPS.GPSLongitudeRef: "W",
    ExifTags.GPS.GPSLongitude: (73.0, 36.0, 0.0),
}


def jpeg(inside: dict[int, str], gps: dict[int, object] | None = None) -> bytes:
    """A photo with that in it, on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif).update(inside)
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    made = BytesIO()
    Image.new("RGB", (2400, 1200), "grey").save(made, "JPEG", exif=exif)
    return made.getvalue()


async def test_a_photo_is_made_smaller_and_its_claims_are_told() -> None:
    """Upright; nothing of the camera's own stays in it."""
    photo = await read_photo(jpeg(TAKEN, GPS), inline("labels"))
    picture = Image.open(BytesIO(photo.content))
    assert picture.height <= SIDE_PX
    assert picture.height > picture.width
    assert not picture.getexif()
    assert photo.taken_at == datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
    assert photo.latitude == pytest.approx(45.51)
    assert photo.longitude == pytest.approx(-73.6)
    claim = photo.claim("label")
    assert (claim.item, claim.size, len(claim.sha256)) == ("label", len(photo.content), 64)


@pytest.mark.parametrize(
    "inside",
    [
        {},
        {ExifTags.Base.DateTimeOriginal: "2026:01:05 07:30:00"},
        TAKEN | {ExifTags.Base.DateTimeOriginal: "x"},
    ],
)
def test_what_is_missing_or_has_no_zone_is_no_claim(inside: dict[int, str]) -> None:
    """A missing EXIF is normal."""
    photo = smaller(jpeg(inside, {ExifTags.GPS.GPSLatitude: (1.0,)}))
    assert (photo.taken_at, photo.latitude, photo.longitude) == (None, None, None)


def test_what_is_cut_short_is_no_photo() -> None:
    """Or anything else."""
    for content in (jpeg({})[:3000], b"GIF89a", b""):
        with pytest.raises(PhotoError):
            smaller(content)
