"""What the codes on a photographed label say, for phones whose browser reads none, or that came by http.

A photo comes from anybody who has logged in: bytes and pixels are bounded before anything is decoded.
"""

import warnings
from concurrent.futures import Executor
from io import BytesIO

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from runtime.threads import run_in

PHOTO_BYTES_LIMIT = 12 << 20
"""A phone's photo, as it comes from the camera."""
PHOTO_PIXELS_LIMIT = 60_000_000
LONGEST_SIDE_PX = 2400
"""A label that fills a third of the picture keeps some 10 pixels for each module of its code."""
FORMATS = "QRCode,MicroQRCode,RMQRCode,DataMatrix,Code128,Code39"
"""What station labels carry: matrix codes, and the MAC or serial number as bars. Text, because objects of the
library that live as long as the program make it complain when it ends."""
KINDS = ("JPEG", "PNG", "WEBP")


class PhotoError(ValueError):
    """It is no JPEG, PNG or WebP picture, or has too many pixels."""


async def read_label_photo(photo: bytes, thread: Executor) -> tuple[str, ...]:
    """The texts of all codes on a photo, largest first, none twice. Raises PhotoError."""
    return await run_in(thread, lambda: codes_on(photo))


def codes_on(photo: bytes) -> tuple[str, ...]:
    """The same, in this thread: some 100 ms for a phone's photo. Raises PhotoError."""
    picture = _opened(photo)
    formats = zxingcpp.barcode_formats_from_str(FORMATS)
    found = sorted(zxingcpp.read_barcodes(picture, formats=formats), key=_size, reverse=True)
    return tuple(dict.fromkeys(each.text.strip() for each in found if each.text.strip()))


def _opened(photo: bytes) -> Image.Image:
    """Upright, in shades of grey, no larger than is of use."""
    try:
        picture = ImageOps.exif_transpose(opened_photo(photo, "L", LONGEST_SIDE_PX)).convert("L")
    except (OSError, SyntaxError) as error:
        raise PhotoError("no JPEG, PNG or WebP picture") from error
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    return picture


def opened_photo(photo: bytes, mode: str, side_px: int) -> Image.Image:
    """A photo whose pixels are bounded; a JPEG is decoded about as large as it is used. Raises PhotoError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(photo), formats=KINDS)
            if opened.width * opened.height > PHOTO_PIXELS_LIMIT:
                raise PhotoError(f"{opened.width} × {opened.height} pixels")
            opened.draft(mode, (side_px, side_px))
            return opened
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise PhotoError("no JPEG, PNG or WebP picture") from error


def _size(code: zxingcpp.Barcode) -> int:
    """How much of the picture it takes: the label that was meant is the nearest one."""
    corners = code.position
    wide = abs(corners.bottom_right.x - corners.top_left.x)
    high = abs(corners.bottom_right.y - corners.top_left.y)
    return int(wide * wide + high * high)
