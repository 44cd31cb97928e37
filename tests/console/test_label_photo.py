"""A photographed label is read on the server; what is no picture is refused in a word."""

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from console.label_photo import PHOTO_PIXELS_LIMIT, PhotoError, codes_on, read_label_photo
from runtime.threads import inline

LABEL = "https://borne.example/install/claim?mac=0024B10000029F81&code=K7Q2-M4XD-9"
MATRICES = ["QRCode", "DataMatrix"]


def code_picture(text: str, kind: str, scale: int = 6) -> Image.Image:
    """A code as it stands on a label, with its quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    image: Any = barcode.to_image(scale=scale, add_quiet_zones=True)
    written: Any = memoryview(image)
    return Image.frombytes("L", (written.shape[1], written.shape[0]), written.tobytes())


def photo(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The file that a phone sends."""
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def on_a_wall(*codes: Image.Image, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """Codes beside each other on a grey picture."""
    wall, left = Image.new("L", size, 140), 80
    for code in codes:
        wall.paste(code, (left, 120))
        left += code.width + 120
    return wall


@pytest.mark.parametrize("kind", MATRICES)
@pytest.mark.parametrize("file", ["JPEG", "PNG", "WEBP"])
def test_a_code_on_a_photo_is_read(kind: str, file: str) -> None:
    assert codes_on(photo(on_a_wall(code_picture(LABEL, kind)), file)) == (LABEL,)


def test_a_photo_that_is_turned_and_a_little_blurred_is_read() -> None:
    turned = on_a_wall(code_picture(LABEL, MATRICES[0])).rotate(37, expand=True, fillcolor=140)
    assert codes_on(photo(turned.filter(ImageFilter.GaussianBlur(2)))) == (LABEL,)


def test_a_photo_held_upside_down_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert codes_on(photo(on_a_wall(code_picture(LABEL, MATRICES[1])), exif=exif)) == (LABEL,)


def test_the_largest_code_comes_first_and_none_twice() -> None:
    small, large = code_picture("0024B10000029F82", MATRICES[1], 3), code_picture(LABEL, MATRICES[0], 8)
    again = code_picture("0024B10000029F82", MATRICES[1], 3)
    assert codes_on(photo(on_a_wall(small, large, again))) == (LABEL, "0024B10000029F82")


def test_the_bars_of_a_serial_number_are_read() -> None:
    bars = code_picture("0024B10000029F81", "Code128", 3)
    assert codes_on(photo(on_a_wall(bars.resize((bars.width, 160))))) == ("0024B10000029F81",)


def test_a_large_photo_is_made_smaller_first() -> None:
    large = on_a_wall(code_picture(LABEL, MATRICES[0], 24), size=(6000, 4500))
    assert codes_on(photo(large)) == (LABEL,)


def test_a_photo_without_a_code_has_none() -> None:
    assert codes_on(photo(Image.new("RGB", (400, 300), "white"))) == ()


async def test_the_photo_is_read_in_the_thread_that_is_given() -> None:
    wall = on_a_wall(code_picture(LABEL, MATRICES[0]))
    assert await read_label_photo(photo(wall), inline("labels")) == (LABEL,)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(50),
    ],
)
def test_what_is_no_picture_is_refused(file: bytes) -> None:
    with pytest.raises(PhotoError):
        codes_on(file)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    side = int(PHOTO_PIXELS_LIMIT**0.5) + 1
    with pytest.raises(PhotoError, match="pixels"):
        codes_on(photo(Image.new("1", (side, side)), "PNG"))


def test_a_picture_that_ends_early_is_refused() -> None:
    whole = photo(on_a_wall(code_picture(LABEL, MATRICES[0])))
    with pytest.raises(PhotoError):
        codes_on(whole[: len(whole) // 3])


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\xff\xd8"])
)
def test_whatever_comes_is_read_or_refused(rest: bytes, begin: bytes) -> None:
    with suppress(PhotoError):
        codes_on(begin + rest)
