"""A photo as a camera made it, for browsers without script: made smaller, and what stood in it told apart."""

import hashlib
import re
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from PIL import ExifTags, ImageOps

from console.label_photo import PhotoError, opened_photo
from provisioning.rules.photos import PhotoClaim
from runtime.threads import run_in

SIDE_PX = 2000
QUALITY = 85
TRIPLE = 3
"""Degrees, minutes, seconds."""


@dataclass(frozen=True, slots=True)
class CameraPhoto:
    """What is sent on, and what is said of it."""

    content: bytes
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    def claim(self, item: str) -> PhotoClaim:
        """As a phone announces it."""
        digest = hashlib.sha256(self.content).hexdigest()
        return PhotoClaim(
            item=item,
            sha256=digest,
            size=len(self.content),
            taken_at=self.taken_at,
            latitude=self.latitude,
            longitude=self.longitude,
        )


async def read_photo(content: bytes, thread: Executor) -> CameraPhoto:
    """The photo, no larger than 2000 pixels. Raises PhotoError."""
    return await run_in(thread, lambda: smaller(content))


def smaller(content: bytes) -> CameraPhoto:
    """The same, in this thread: some 200 ms. Raises PhotoError."""
    picture = opened_photo(content, "RGB", SIDE_PX)
    exif = picture.getexif()
    inside, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError) as error:
        raise PhotoError("cut short") from error
    upright.thumbnail((SIDE_PX, SIDE_PX))
    made = BytesIO()
    upright.save(made, "JPEG", quality=QUALITY)
    time, zone = (
        str(inside.get(each, ""))
        for each in (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal)
    )
    return CameraPhoto(
        made.getvalue(),
        _instant(time, zone),
        _degrees(gps.get(ExifTags.GPS.GPSLatitude), is_below=gps.get(ExifTags.GPS.GPSLatitudeRef) == "S"),
        _degrees(gps.get(ExifTags.GPS.GPSLongitude), is_below=gps.get(ExifTags.GPS.GPSLongitudeRef) == "W"),
    )


def _instant(text: str, zone: str) -> datetime | None:
    """As Exif writes it; without a zone it is nobody's time, and no claim is made of it."""
    if not re.fullmatch(r"[+-]\d\d:\d\d", zone):
        return None
    try:
        return datetime.strptime(f"{text}{zone}", "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
    except ValueError:
        return None


def _degrees(parts: object, *, is_below: bool) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != TRIPLE:
        return None
    try:
        degrees, minutes, seconds = (float(each) for each in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if is_below else value
